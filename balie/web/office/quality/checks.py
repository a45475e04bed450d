"""How recording is watched: every check explained, on or off, with its parameter; how findings are told; changes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.models import Role
from balie.operator.models import LogEntry
from balie.quality import setting
from balie.quality.setting import PARAMETERS, SWITCHES, TIMES
from balie.quality.words import check_name
from balie.rules.errors import Refused
from balie.rules.recording import CODES
from balie.web import notices
from balie.web.access import administrator, office
from balie.web.office.quality.said import EXAMPLES, FINDS, SETTINGS, UNITS
from balie.web.request import OfficeRequest, author


@dataclass(frozen=True)
class Row:
    """One check as the page shows it; usual, least, most: of its parameter, None where it has none."""

    code: str
    on: bool
    value: str
    usual: int | None = None
    least: int | None = None
    most: int | None = None

    @property
    def name(self) -> str:
        return check_name(self.code)

    @property
    def finds(self) -> str:
        return str(FINDS.get(self.code, ""))

    @property
    def example(self) -> str:
        return str(EXAMPLES.get(self.code, ""))

    @property
    def unit(self) -> str:
        return str(UNITS.get(self.code, ""))


@office
def checks(request: OfficeRequest) -> HttpResponse:
    """All checks and settings; an administrator can change them."""
    return page(request)


def page(request: OfficeRequest, problem: Refused | None = None, was: setting.State | None = None) -> HttpResponse:
    """After a refusal with what was given. was: what the page showed that was sent; else what is set now."""
    held, given = setting.state(), request.POST if problem else {}
    known: dict[str, Any] = {
        "rows": list(rows(held, given)),
        "times": {name: given.get(name, held[name]) for name in TIMES},
        "bounds": TIMES,
        "switches": {name: name in given if problem else held[name] for name in SWITCHES},
        "history": [(entry, list(told(entry))) for entry in setting.changes()],
        "may": request.user.may(Role.ADMINISTRATOR),
        "address": request.desk.operator.mailboxes.get("incorrect_recording", ""),
        "problem": problem,
        "was": json.dumps(was or held),
        "clash": setting_name(problem.where) if isinstance(problem, setting.SetMeanwhile) else "",
    }
    return render(request, "balie/quality/checks.html", known, status=422 if problem else 200)


def setting_name(where: str) -> str:
    code, _dot, part = where.partition(".")
    return check_name(code) if part else str(SETTINGS.get(where, where))


def rows(held: setting.State, given: Mapping[str, str]) -> Iterator[Row]:
    for code in CODES:
        on = f"{code}.on" in given if given else held[f"{code}.on"]
        if code not in PARAMETERS:
            yield Row(code, on, "")
            continue
        name = f"{code}.parameter"
        yield Row(code, on, str(given.get(name, held[name])), *PARAMETERS[code])


@require_POST
@administrator
def put(request: OfficeRequest) -> HttpResponse:
    """Stores what the page changed, and says what is looked at again."""
    was = shown(request.POST.get("was", ""))
    try:
        entry = setting.change(given(request.POST), author=author(request), was=was)
    except setting.SetMeanwhile as changed:
        return page(request, changed, changed.was)
    except Refused as refusal:
        return page(request, refusal, was)
    if entry is None:
        notices.done(request, _("Nothing changed."))
    else:
        said = _("Stored. The notes of the last two months are looked at again where it matters.")
        notices.done(request, said, reverse("undo_checks", args=[entry.pk]))
    return redirect("checks")


def shown(text: str) -> setting.State | None:
    """What the page showed that was sent; None where it does not tell."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    known = isinstance(said, dict) and said.keys() == setting.state().keys()
    return said if known and all(type(value) in (bool, int) for value in said.values()) else None


def given(form: Mapping[str, str]) -> setting.State:
    """What the form says: what is not marked in it is off. Refused for a number that is none."""
    found: setting.State = {f"{code}.on": f"{code}.on" in form for code in CODES}
    found |= {name: name in form for name in SWITCHES}
    for name in (*TIMES, *(f"{code}.parameter" for code in PARAMETERS)):
        text = form.get(name, "").strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise Refused("no_number", _("Give a whole number."), name)
        found[name] = int(text)
    return found


@require_POST
@administrator
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes one change back; what was set otherwise since stays."""
    entry = get_object_or_404(LogEntry, pk=pk, deed=setting.DEED, about=setting.ABOUT)
    if setting.take_back(entry, author=author(request)):
        notices.done(request, _("The checks are set as before."))
    else:
        notices.refused(request, _("That was changed again since; nothing was taken back."))
    return redirect("checks")


def told(entry: LogEntry) -> Iterator[str]:
    """What a change was: text too short: 15 → 20 characters."""
    before, after = entry.details["before"], entry.details["after"]
    for name, value in after.items():
        code, _dot, part = name.partition(".")
        label = setting_name(name)
        if isinstance(value, bool):
            now = _("on") if value else _("off")  # not within the braces: texts there are not found for translation
            yield f"{label}: {now}"
        else:
            yield f"{label}: {before[name]} → {value} {UNITS.get(code, '') if part else ''}".rstrip()
