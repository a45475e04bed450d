"""All SMS that we send, with what became of each; one of them; sending again, taking back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from balie.messages.actions import AGAIN, send_again, send_all_again, stop_sms, try_line_now
from balie.messages.models import OptOut, Outgoing, State
from balie.messages.outbox import line_problem, parts_of, problems, sms_counts, sms_outbox
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.office.alerts import Alert
from balie.web.request import Desk, OfficeRequest, author, partly

PER_PAGE = 50
# Name, sign and colour of each state.
STATES = {
    State.WAITING: (gettext_lazy("waiting"), "wait", ""),
    State.SENDING: (gettext_lazy("on its way"), "wait", ""),
    State.SENT: (gettext_lazy("sent"), "up", ""),
    State.DELIVERED: (gettext_lazy("delivered"), "good", "good"),
    State.FAILED: (gettext_lazy("failed"), "bad", "bad"),
    State.UNKNOWN: (gettext_lazy("unknown"), "warn", "warn"),
    State.WITHHELD: (gettext_lazy("held back"), "away", "warn"),
}
FATES = {
    "": gettext_lazy("no receipt yet"),
    "delivered": gettext_lazy("delivered"),
    "failed": gettext_lazy("not delivered"),
    "expired": gettext_lazy("not delivered in time"),
    "on_its_way": gettext_lazy("on its way"),
}


@dataclass(frozen=True)
class Row:
    """One SMS as pages show it."""

    sms: Outgoing

    @property
    def name(self) -> str:
        return str(STATES[State(self.sms.state)][0])

    @property
    def sign(self) -> str:
        return STATES[State(self.sms.state)][1]

    @property
    def colour(self) -> str:
        return STATES[State(self.sms.state)][2]

    @property
    def may_again(self) -> bool:
        return self.sms.state in AGAIN

    @property
    def note(self) -> str:
        """The note (id) it tells of; empty where it tells of none."""
        what, _colon, number = self.sms.about.partition(":")
        return number if what == "note" else ""


@office
def listed(request: OfficeRequest) -> HttpResponse:
    """Every SMS we send, the newest first, narrowed down as asked; above them what keeps them from going out."""
    query = request.GET
    state = query.get("state", "")
    state = state if state in State.values else ""
    searched = query.get("q", "").strip()[:80]
    page = Paginator(sms_outbox(state=state, search=searched), PER_PAGE).get_page(query.get("page"))
    number, lately = sms_counts(), sms_counts(problems(request.desk.now))
    known: dict[str, Any] = {
        "page": page,
        "rows": [Row(one) for one in page],
        "state": state,
        "q": searched,
        "numbers": number,
        "all": sum(number.values()),
        "states": [(one.value, STATES[one][0], number[one.value]) for one in State],
        "gateway": request.desk.operator.sms_gateway.get("kind"),
        "line": line_problem(),
        "failed": lately[State.FAILED],
        "doubtful": lately[State.UNKNOWN],
    }
    return render(request, f"balie/sms_out/{'_rows' if partly(request) else 'list'}.html", known)


@office
def one(request: OfficeRequest, pk: int) -> HttpResponse:
    """One SMS: what it says, what became of it and of each part."""
    return one_page(request, pk)


def one_page(request: OfficeRequest, pk: int, problem: str = "") -> HttpResponse:
    found = get_object_or_404(Outgoing.objects.select_related("client"), pk=pk)
    known = {
        "row": Row(found),
        "sms": found,
        "parts": [(part, FATES.get(part.fate, part.fate)) for part in parts_of(found)],
        "problem": problem,
        "opted_out": found.state in AGAIN and OptOut.objects.filter(number=found.recipient).exists(),
    }
    return render(request, "balie/sms_out/one.html", known, status=422 if problem else 200)


@require_POST
@office
def again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Sends an SMS again that failed, or of which nobody knows; or one after all that was held back."""
    return done(request, pk, send_again, promised)


@require_POST
@office
def all_again(request: OfficeRequest) -> HttpResponse:
    """Sends every SMS of the last seven days again that failed, or those of which nobody knows where the form says so:
    after a backup was restored there are many of them."""
    state = State.UNKNOWN if request.POST.get("state") == State.UNKNOWN else State.FAILED
    number, refused = send_all_again(state=state, author=author(request))
    if number:
        said = ngettext("%(n)s SMS is sent again.", "%(n)s SMS are sent again.", number)
        notices.done(request, said % {"n": written.count(number)})
    if refused or not number:
        said = ngettext(
            "%(n)s SMS is not sent again: the number opted out, or the client’s limit is reached.",
            "%(n)s SMS are not sent again: the number opted out, or the client’s limit is reached.",
            refused,
        )
        nothing = _("There is no such SMS of the last seven days; there is nothing to send again.")
        notices.refused(request, said % {"n": written.count(refused)} if refused else nothing)
    return redirect("sms_out")


@require_POST
@office
def stop(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes an SMS back that waits still."""
    undo = reverse("sms_again", args=[pk])
    return done(request, pk, stop_sms, lambda _sms, _desk: _("The SMS is taken back; it is not sent."), undo)


def done(
    request: OfficeRequest,
    pk: int,
    deed: Callable[..., Outgoing],
    said: Callable[[Outgoing, Desk], str],
    undo: str = "",
) -> HttpResponse:
    """Does it to the SMS, or shows its page with what stands against it."""
    get_object_or_404(Outgoing, pk=pk)
    try:
        sms = deed(sms=pk, author=author(request))
    except Refused as refusal:
        return one_page(request, pk, refusal.message)
    notices.done(request, said(sms, request.desk), undo=undo)
    return redirect("sms_one", pk=pk)


def promised(sms: Outgoing, desk: Desk) -> str:
    """When an SMS that waits goes out, in a sentence."""
    if sms.due > desk.now:
        when = written.moment(sms.due, desk.zone, desk.today)
        return _("The SMS is in the outbox; in quiet hours it waits, and goes out at %(when)s.") % {"when": when}
    if not desk.operator.sms_gateway.get("kind"):
        return _("The SMS is in the outbox and waits there: there is no SMS gateway.")
    if line_problem():
        return _("The SMS is in the outbox and goes out once the gateway can be reached.")
    return _("The SMS is in the outbox and goes out within a few seconds.")


@require_POST
@office
def try_line(request: OfficeRequest) -> HttpResponse:
    """Tries the gateway at once instead of waiting."""
    try_line_now(author=author(request))
    notices.done(request, _("The gateway is tried again within a few seconds."))
    return redirect("sms_out")


def undelivered(desk: Desk) -> list[Alert]:
    """The rows of the start page: SMS of which staff should decide, and a gateway that cannot be reached."""
    found, counts = [], sms_counts(problems(desk.now))
    number = sum(counts.values())
    if number:
        said = ngettext(
            "%(n)s SMS of the last seven days did not arrive, or nobody knows.",
            "%(n)s SMS of the last seven days did not arrive, or nobody knows.",
            number,
        )
        link = reverse("sms_out") + f"?state={State.FAILED if counts[State.FAILED] else State.UNKNOWN}"
        rest = _("See why, then send again.")
        found.append(Alert("bad", said % {"n": written.count(number)}, rest, link, _("See the SMS")))
    if line := line_problem():
        why = line.parked or line.problem
        found.append(Alert("bad", _("There is no line to the SMS gateway."), why, reverse("sms_out"), _("See the SMS")))
    return found
