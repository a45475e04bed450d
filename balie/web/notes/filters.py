"""The filters above a list of notes, and what they mean; the office has some more of them than the portal."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Count, Exists, Expression, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Contains
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.notes.models import Delivery, Note, Urgency
from balie.quality.models import Finding
from balie.quality.words import NAMES
from balie.rules.call import Privacy
from balie.rules.period import Period, day_begin
from balie.web.filters import DAY, MonthFilters
from balie.web.notes.shown import OUTCOMES, SMS_STATES

SMS_FAILED = [state for state, said in SMS_STATES.items() if said == "failed"]
SEARCHED = ("text", "reason", "caller_name", "promised", "email")


class OwnNotes(MonthFilters):
    """The filters of the portal."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Only"), required=False)
    since = forms.DateField(label=gettext_lazy("From day"), required=False)
    until = forms.DateField(label=gettext_lazy("To day"), required=False)

    def __init__(self, data: Any, period: Period) -> None:
        super().__init__(data, period)
        self.offer("outcome", [("", _("All outcomes")), *((str(one), label) for one, label in OUTCOMES.items())])
        self.offer("state", [("", _("All notes")), *self.states()])
        typed = {"class": "form-control", "autocomplete": "off", "size": "18", "type": "search"}
        self.fields["q"].widget.attrs.update(typed)

    def states(self) -> list[tuple[str, Any]]:
        return [("new", _("not read yet")), ("urgent", _("urgent")), ("corrected", _("corrected"))]


class AllNotes(OwnNotes):
    """The filters of the office."""

    client = forms.CharField(label=gettext_lazy("Client number"), required=False, max_length=40)
    agent = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)

    field_order = ("q", "client", "agent", "state", "outcome", "since", "until")

    def __init__(self, data: Any, period: Period, *, apart: bool = True) -> None:
        """apart: agents may be told apart; the list says how many findings a note has."""
        super().__init__(data, period)
        if apart:
            self.offer_agents()
        else:
            del self.fields["agent"]

    def states(self) -> list[tuple[str, Any]]:
        found = [("wrong", _("with something wrong")), ("failed", _("not delivered")), ("urgent", _("urgent"))]
        found += [("corrected", _("corrected"))]
        return [*found, *((f"code:{code}", str(name)) for code, name in NAMES.items())]


def of_month(notes: QuerySet[Note], period: Period) -> QuerySet[Note]:
    return notes.filter(at__gte=period.begin, at__lt=period.end).select_related("client", "agent", "call")


def narrowed(notes: QuerySet[Note], wanted: dict[str, Any], zone: str, privacy: str = Privacy.NONE) -> QuerySet[Note]:
    """Those asked for. privacy: hidden digits of callers cannot be searched for."""
    if text := wanted.get("q"):
        notes = notes.filter(holding(text, privacy))
    for name, lookup in (("client", "client__number"), ("agent", "agent__code"), ("outcome", "outcome")):
        if name in wanted:
            notes = notes.filter(**{lookup: wanted[name]})
    if since := wanted.get("since"):
        notes = notes.filter(at__gte=day_begin(since, zone))
    if until := wanted.get("until"):
        notes = notes.filter(at__lt=day_begin(until + DAY, zone))
    return in_state(notes, str(wanted.get("state", "")))


def holding(text: str, privacy: str) -> Q:
    """Notes with these words, or with these digits in the caller's number."""
    words = Q()
    for name in SEARCHED:
        words |= Q(**{f"{name}__icontains": text})
    digits = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
    if len(digits) >= 3 and privacy == Privacy.NONE and not any(sign.isalpha() for sign in text):
        words |= Q(caller__contains=digits) | Q(Contains(unspaced("callback"), digits))
    return words


def unspaced(column: str) -> Expression | F:
    """A number as it was typed, without what people put between its digits."""
    found: Expression | F = F(column)
    for sign in " -/.()":
        found = Replace(found, Value(sign))
    return found


def in_state(notes: QuerySet[Note], state: str) -> QuerySet[Note]:
    open_ones = Finding.objects.filter(note=OuterRef("pk"), closed=None)
    if state == "wrong":
        return notes.filter(Exists(open_ones))
    if state.startswith("code:"):
        return notes.filter(Exists(open_ones.filter(code=state.removeprefix("code:"))))
    if state == "failed":
        given_up = Q(sms__state__in=SMS_FAILED) | Q(mail__isnull=False, mail__sent=None) & ~Q(mail__parked="")
        lost = Delivery.objects.filter(given_up, note=OuterRef("pk"), version=OuterRef("version"), copy=False)
        return notes.filter(Exists(lost))
    if state == "urgent":
        return notes.filter(urgency=Urgency.URGENT)
    if state == "corrected":
        return notes.filter(version__gt=1)
    return notes.filter(read=None) if state == "new" else notes


def wrong_of(notes: Iterable[Note]) -> dict[int, int]:
    """How many findings each of these notes (by id) has open. One query, of these notes alone."""
    rows = Finding.objects.filter(note__in=[note.pk for note in notes], closed=None).order_by()
    return dict(rows.values_list("note").annotate(found=Count("pk")))
