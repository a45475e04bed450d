"""What a manager does with one number: keep it back, give it free, end its rest, give it to a client, remove it."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.queries import client_by_number
from balie.contracts.pipeline import orders_of
from balie.numbers import keep
from balie.numbers.models import Assignment, Number
from balie.numbers.stock import State, free_again, last_given_back, state_on
from balie.rules.activation import UNFINISHED
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.given import day_of
from balie.web.office.numbers.one import Trouble, number_page
from balie.web.request import OfficeRequest, author

Done = tuple[str, str]  # what the next page says, and the address that takes it back


def number_of(pk: int) -> Number:
    return get_object_or_404(Number, pk=pk)


def assignment_of(pk: int) -> Assignment:
    return get_object_or_404(Assignment.objects.select_related("number", "client"), pk=pk)


@require_POST
@office
def keep_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """It is not given out any more; the reason comes from the form, or from the button that takes "free" back."""
    one = number_of(pk)

    def deed() -> Done:
        reason = request.POST.get("reason") or request.GET.get("reason", "")
        keep.keep_back(number=one, reason=reason, author=author(request))
        return _("The number is kept back."), reverse("number_not_kept_back", args=[pk])

    return done(request, one, deed, form="keep")


@require_POST
@office
def give_free(request: OfficeRequest, pk: int) -> HttpResponse:
    """It may be given out again."""
    one = number_of(pk)

    def deed() -> Done:
        reason = keep.stop_keeping_back(number=one, author=author(request))
        again = f"{reverse('keep_number_back', args=[pk])}?{urlencode({'reason': reason})}" if reason else ""
        return _("The number is not kept back any more."), again

    return done(request, one, deed)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def end_rest(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shows whose the number was until lately; the button on that page gives it free at once."""
    one, desk = number_of(pk), request.desk
    if request.method != "POST":
        last = last_given_back(one, desk.today) if state_on(one, desk.today) == State.RESTING else None
        if last is None:
            return redirect("number", pk=pk)
        before = one.assignments.filter(last_day=last).select_related("client").first()
        known = {"one": one, "before": before, "again": free_again(last, desk.operator)}
        return render(request, "balie/numbers/end_rest.html", known)

    def deed() -> Done:
        keep.end_rest(number=one, day=desk.today, author=author(request))
        return _("The number can be given out at once."), reverse("let_number_rest", args=[pk])

    return done(request, one, deed)


@require_POST
@office
def let_rest(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes that back, as long as nobody was given it."""
    one = number_of(pk)

    def deed() -> Done:
        rests = state_on(one, request.desk.today) == State.RESTING  # pressed twice
        if rests or keep.let_rest(number=one, author=author(request)):
            return _("The number rests again."), ""
        raise Refused("too_late", _("The number was given out already; it cannot rest."), "number")

    return done(request, one, deed)


@require_POST
@office
def give(request: OfficeRequest, pk: int) -> HttpResponse:
    """It is a client's from a day on."""
    one, given = number_of(pk), request.POST

    def deed() -> Done:
        client = client_by_number(given.get("client", "").partition(" ")[0])
        first = day_of(given.get("first_day", ""), request.desk.today, "first_day")
        made = keep.give_to(number=one, client=client, first_day=first, author=author(request))
        said = _("The number is %(client)s's from %(day)s.") % {"client": client.name, "day": written.day(first)}
        return said, reverse("take_back_giving", args=[made.pk])

    return done(request, one, deed, form="give")


@require_POST
@office
def take_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes that back as if it had never been."""
    found = assignment_of(pk)

    def deed() -> Done:
        keep.take_back_giving(assignment=pk, author=author(request))
        return _("The assignment is taken back."), ""

    return done(request, found.number, deed)


@require_POST
@office
def end(request: OfficeRequest, pk: int) -> HttpResponse:
    """The client gives it back: it has it until a day."""
    found, today = assignment_of(pk), request.desk.today

    def deed() -> Done:
        if orders_of(found.number).filter(client=found.client, status__in=UNFINISHED).exists():
            raise Refused("order_under_way", _("An order for this number is under way; withdraw the order instead."))
        before = found.last_day
        last = day_of(request.POST.get("last_day", ""), today, "last_day")
        keep.give_back(assignment=pk, last_day=last, today=today, author=author(request))
        said = _("%(client)s has the number until %(day)s.") % {"client": found.client.name, "day": written.day(last)}
        query = f"?{urlencode({'before': before})}" if before else ""
        return said, reverse("keep_number_on", args=[pk]) + query

    return done(request, found.number, deed, form="end")


@require_POST
@office
def keep_on(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes that back: the client has it as long as it would have had it before."""
    found = assignment_of(pk)

    def deed() -> Done:
        text = request.GET.get("before", "")
        before = day_of(text, date.max, "before") if text else None
        keep.keep_on(assignment=pk, before=before, today=request.desk.today, author=author(request))
        return _("%(client)s keeps the number.") % {"client": found.client.name}, ""

    return done(request, found.number, deed)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shows what would be removed; the button on that page takes the number out of the pool."""
    one = number_of(pk)
    if request.method != "POST":
        return render(request, "balie/numbers/remove.html", {"one": one, "had": one.assignments.exists()})
    try:
        keep.remove_number(number=one, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
        return redirect("number", pk=pk)
    said = _("%(number)s is not in the pool any more.")
    notices.done(request, said % {"number": written.phone(one.number, request.desk.operator.country)})
    return redirect("numbers")


def done(request: OfficeRequest, one: Number, deed: Callable[[], Done], form: str = "") -> HttpResponse:
    """Does it and goes back to the number; what is refused is said there, in the form it came from if there is one."""
    try:
        text, undo = deed()
    except Refused as refusal:
        if form:
            return number_page(request, one, Trouble(form, refusal.message))
        notices.refused(request, refusal.message)
    else:
        notices.done(request, text, undo=undo)
    return redirect("number", pk=one.pk)
