"""A page of one setting about something outside the house, the switch or the SMS gateway: a form whose fields depend
on a kind, tried as it stands before it is stored, stored whole, taken back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from balie.accounts.models import Role
from balie.operator.models import LogEntry
from balie.operator.setting import ABOUT, DEED, can_be_taken_back, put_setting, take_back_setting
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.office.settings import typed
from balie.web.office.settings.refused import sentence
from balie.web.office.settings.typed import ChangedMeanwhile, State, Trouble
from balie.web.request import OfficeRequest, author
from balie.web.soon import TooSlow, within

SECONDS = 10
Value = Mapping[str, Any]


class Down(Exception):
    """What was tried does not work; in the reader's language, with what to do."""


@dataclass(frozen=True)
class Tried:
    """What came of a try, in a sentence."""

    text: str
    is_good: bool


@dataclass(frozen=True)
class OutsideSetting:
    """name: in the table; page, undo: names of addresses.

    state: the fields that stand for what is stored; value: what a form means, checked as in a world file, beside what
    is stored: raises Refused; look: tries a value, says what answers: raises Down; at_home: whether that needs our own
    database and nothing else; known: what the page shows besides; stored: what is done once it is stored.
    """

    name: str
    page: str
    undo: str
    template: str
    state: Callable[[Value], State]
    value: Callable[[OfficeRequest, State, Value], dict[str, Any]]
    look: Callable[[OfficeRequest, Value], str]
    at_home: Callable[[Value], bool]
    known: Callable[[OfficeRequest, State], dict[str, Any]]
    stored: Callable[[OfficeRequest], None] = lambda request: None

    def held(self, request: OfficeRequest) -> dict[str, Any]:
        found: dict[str, Any] = getattr(request.desk.operator, self.name) or {}
        return found

    def draw(
        self,
        request: OfficeRequest,
        *,
        form: State | None = None,
        was: State | None = None,
        trouble: Trouble | None = None,
        tried: Tried | None = None,
    ) -> HttpResponse:
        """The page; after a refusal or a try with what was given."""
        held = self.state(self.held(request))
        shown = form or held
        known: dict[str, Any] = {
            "form": {name.replace(".", "_"): value for name, value in shown.items()},
            "was": json.dumps(was or held),
            "problem": trouble,
            "tried": tried,
            "may": request.user.may(Role.ADMINISTRATOR),
            "changed": typed.last_change(about=ABOUT, names=(self.name,)),
        }
        status = trouble.status if trouble else 200
        return render(request, self.template, known | self.known(request, shown), status=status)

    def given(self, request: OfficeRequest) -> tuple[State, State, State]:
        """What the form says, what the page showed, what is stored."""
        held = self.state(self.held(request))
        was = typed.shown_before(request.POST.get("was", ""), held)
        return typed.given(request.POST, held), was, held

    def store(self, request: OfficeRequest) -> HttpResponse:
        form, was, held = self.given(request)
        seen = self.held(request)
        try:
            wanted = typed.brought_together(json.dumps(was), form, held)
            value = self.value(request, wanted, seen)
            entry = put_setting(self.name, value, seen=seen, author=author(request))
        except ChangedMeanwhile as changed:
            return self.draw(request, form=form, was=changed.was, trouble=Trouble.of(changed, status=409))
        except Refused as refusal:
            return self.draw(request, form=form, was=was, trouble=Trouble.of(refusal))
        if entry is None:
            notices.done(request, _("Nothing changed."))
        else:
            self.stored(request)
            undo = reverse(self.undo, args=[entry.pk]) if can_be_taken_back(entry) else ""
            notices.done(request, _("Saved."), undo)
        return redirect(self.page)

    def take_back(self, request: OfficeRequest, pk: int) -> HttpResponse:
        entry = get_object_or_404(LogEntry, pk=pk, deed=DEED, about=ABOUT)
        if take_back_setting(entry, self.name, author=author(request)):
            self.stored(request)
            notices.done(request, _("It is set as before."))
        else:
            notices.refused(request, _("That was changed again since; nothing was taken back."))
        return redirect(self.page)

    def try_it(self, request: OfficeRequest) -> HttpResponse:
        """Tries what the form says, at most ten seconds; nothing is stored."""
        form, was, _held = self.given(request)
        try:
            value = self.value(request, form, self.held(request))
        except Refused as refusal:
            return self.draw(request, form=form, was=was, trouble=Trouble.of(refusal))
        return self.draw(request, form=form, was=was, tried=self.tried(request, value))

    def tried(self, request: OfficeRequest, value: Value) -> Tried:
        try:
            if self.at_home(value):
                return Tried(sentence(self.look(request, value)), True)
            return Tried(sentence(within(SECONDS, lambda: self.look(request, value))), True)
        except Down as problem:
            return Tried(sentence(str(problem)), False)
        except TooSlow:
            return Tried(
                _("Nothing answered within ten seconds. Try again; if it stays so, ask whoever runs it."), False
            )


def kept_beside(held: Value, value: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The value, with what is stored of the same kind that no field is for."""
    if held.get("kind") != value.get("kind"):
        return value
    return {**{name: part for name, part in held.items() if name not in known}, **value}
