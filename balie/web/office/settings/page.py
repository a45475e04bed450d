"""What pages of the operator's own settings have in common: a form of settings by their paths (balie.world.changed),
what was refused beside its field, what is asked before it is stored, who changed what, and undo."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.models import Role
from balie.operator.models import LogEntry, Operator
from balie.operator.setting import ABOUT, DEED
from balie.rules.errors import Refused
from balie.web import notices, typed
from balie.web.access import administrator, office
from balie.web.office.settings.labels import LABELS, value_of
from balie.web.office.settings.refused import on_page
from balie.web.request import Desk, OfficeRequest, author
from balie.world import changed
from balie.world.changed import NotStored, SetMeanwhile, State

CHANGES_SHOWN = 8
WHOLE = ("answer_seconds", "quarantine_days", "low_stock", "margin_months", "close.day")
MONTHS = "retention."  # whole numbers, or nothing
DECIMALS = ("target_margin_percent", "offer_step")


@dataclass(frozen=True)
class Ask:
    """What storing would do that somebody should know first. key: of what is asked, so that a yes means that alone."""

    key: str
    text: str


@dataclass(frozen=True)
class Field:
    """One setting as a form shows it: `name` of the field, `value` in it, `problem` beside it."""

    name: str
    value: Any
    problem: str = ""

    @property
    def id(self) -> str:
        return self.name.replace(".", "-").replace("_", "-")

    @property
    def label(self) -> str:
        return str(LABELS[self.name])


@dataclass(frozen=True)
class SettingsPage:
    """A page of settings. view, put, undo: names of its addresses; known: what it shows besides; asks: what to ask
    first about settings that would change."""

    names: Sequence[str]
    template: str
    view: str
    put: str
    undo: str
    known: Callable[[OfficeRequest, Mapping[str, Field]], dict[str, Any]]
    asks: Callable[[OfficeRequest, State], Iterable[Ask]]
    given: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda form: form

    def draw(
        self,
        request: OfficeRequest,
        *,
        problem: NotStored | None = None,
        was: State | None = None,
        asks: Sequence[Ask] = (),
        status: int = 200,
    ) -> HttpResponse:
        """The page; after a refusal or a question with what was given. was: what the page showed that was sent."""
        held = changed.state(request.desk.operator, self.names)
        form = self.given(request.POST) if problem or asks else {}
        problems = {name: on_page(text) for name, text in problem.problems.items()} if problem else {}
        fields = {name: Field(name, form.get(name, shown(name, held[name])), problems.get(name, "")) for name in held}
        known: dict[str, Any] = {
            "fields": {field.id.replace("-", "_"): field for field in fields.values()},
            "problem": problem,
            "elsewhere": [text for name, text in problems.items() if name not in held],
            "was": json.dumps(was or held),
            "asks": asks,
            "confirms": key_of(asks),
            "may": request.user.may(Role.ADMINISTRATOR),
            "history": [(entry, list(changes_told(old, new, request.desk))) for entry, old, new in self.history()],
            "put": reverse(self.put),
            "here_at": reverse(self.view),
        }
        return render(request, self.template, known | self.known(request, fields), status=status)

    def history(self) -> list[tuple[LogEntry, State, State]]:
        return changed.changes(self.names, CHANGES_SHOWN)

    def store(self, request: OfficeRequest) -> HttpResponse:
        """Stores what the form changed; asks first where that does more than it seems."""
        was = said_before(request.POST.get("was", ""), self.names)
        try:
            wanted = checked(self.given(request.POST), self.names, was or {})
            asks = list(self.asks(request, fresh(request.desk.operator, wanted, was or {})))
            if asks and request.POST.get("confirmed") != key_of(asks):
                return self.draw(request, asks=asks, was=was)
            entry = changed.put(wanted, author=author(request), was=was)
        except SetMeanwhile as problem:
            return self.draw(request, problem=problem, was=problem.was, status=409)
        except NotStored as problem:
            return self.draw(request, problem=problem, was=was, status=422)
        except Refused as refusal:
            other = NotStored({refusal.where or "page": refusal.message})
            return self.draw(request, problem=other, was=was, status=422)
        return self.stored(request, entry)

    def stored(self, request: OfficeRequest, entry: LogEntry | None) -> HttpResponse:
        if entry is None:
            notices.done(request, _("Nothing changed."))
        else:
            # As it is now: that tells whether the way back needs a question.
            request.desk.__dict__.pop("operator", None)
            before, _after = changed.both(entry, self.names)
            way_back = "" if list(self.asks(request, before)) else reverse(self.undo, args=[entry.pk])
            notices.done(request, _("Saved."), way_back)
        return redirect(self.view)

    def take_back(self, request: OfficeRequest, pk: int) -> HttpResponse:
        """Takes one change back; what was set otherwise since stays, and what must be asked first is left."""
        entry = get_object_or_404(LogEntry, pk=pk, deed=DEED, about=ABOUT)
        before, _after = changed.both(entry, self.names)
        try:
            if list(self.asks(request, before)):
                notices.refused(request, _("Set it back on this page: it tells first what that does."))
            elif changed.take_back(entry, self.names, author=author(request)):
                notices.done(request, _("It is set as before."))
            else:
                notices.refused(request, _("That was changed again since; nothing was taken back."))
        except Refused as refusal:
            notices.refused(request, on_page(refusal.message))
        return redirect(self.view)


def addresses(page: SettingsPage, place: str) -> list[URLPattern]:
    """Where it is looked at, stored and taken back: managers read, administrators change."""

    @office
    def show(request: OfficeRequest) -> HttpResponse:
        return page.draw(request)

    @require_POST
    @administrator
    def put(request: OfficeRequest) -> HttpResponse:
        return page.store(request)

    @require_POST
    @administrator
    def undo(request: OfficeRequest, pk: int) -> HttpResponse:
        return page.take_back(request, pk)

    return [
        path(f"settings/{place}/", show, name=page.view),
        path(f"settings/{place}/set/", put, name=page.put),
        path(f"settings/{place}/undo/<int:pk>/", undo, name=page.undo),
    ]


def key_of(asks: Sequence[Ask]) -> str:
    return ";".join(ask.key for ask in asks)


def shown(name: str, value: Any) -> Any:
    """A setting as it stands in its field."""
    if name in DECIMALS:
        return typed.shown(two_places(value) if name == "offer_step" else value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(value) if isinstance(value, list) else str(value)


def two_places(value: str) -> str:
    """5 as 5.00, since it is an amount; 0.125 as it is."""
    return value if Decimal(value) != round(Decimal(value), 2) else f"{Decimal(value):.2f}"


def checked(form: Mapping[str, str], names: Iterable[str], was: State) -> State:
    """What the fields mean. Raises NotStored with all that cannot be."""
    wanted, problems = read(form, names)
    try:
        found = changed.checked(wanted, was)
    except NotStored as others:
        raise NotStored({**problems, **others.problems}) from None
    if problems:
        raise NotStored(problems)
    return found


def fresh(operator: Operator, wanted: State, was: State) -> State:
    """What storing this would change."""
    held = changed.state(operator, wanted)
    return {name: value for name, value in wanted.items() if value != held[name] and value != was.get(name)}


def read(form: Mapping[str, str], names: Iterable[str]) -> tuple[State, dict[str, str]]:
    """What the fields mean, and which numbers are none; a field that was not sent says nothing."""
    found: State = {}
    problems: dict[str, str] = {}
    for name in names:
        if name not in form:
            continue
        text = form[name].strip()
        if name.startswith(MONTHS) and not text:
            found[name] = text
        elif name in WHOLE or name.startswith(MONTHS):
            if text.isascii() and text.isdigit() and len(text) < 10:
                found[name] = int(text)
            else:
                problems[name] = _("Give a whole number.")
        elif name == "address":
            found[name] = [line.strip() for line in text.splitlines() if line.strip()]
        elif name == "close.mail_clients":
            found[name] = text == "yes"
        else:
            found[name] = typed.point(text) if name in DECIMALS else text
    return found, problems


def said_before(text: str, names: Sequence[str]) -> State | None:
    """What the page showed that was sent; None where it does not tell."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) and set(said) == set(names) and all(map(is_plain, said.values())) else None


def is_plain(value: Any) -> bool:
    lines = value if isinstance(value, list) else []
    return isinstance(value, str | bool | int | list) and all(isinstance(line, str) for line in lines)


def changes_told(before: State, after: State, desk: Desk) -> Iterable[str]:
    """What a change was: Time zone: Europe/Berlin → Europe/Amsterdam."""
    for name, value in after.items():
        yield f"{LABELS[name]}: {value_of(name, before[name], desk.operator)} → {value_of(name, value, desk.operator)}"
