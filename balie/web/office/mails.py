"""The outbox: what waits, what was sent, what could not be and why; one mail as it was sent; sending again."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from balie.accounts.models import Role, User
from balie.accounts.queries import staff
from balie.leases.actions import MOST_ATTEMPTS
from balie.notifications.actions import send_again
from balie.notifications.mails import KINDS
from balie.notifications.models import Mail
from balie.notifications.queries import SEARCHED, STATES, counts, failed, outbox
from balie.web import errors, notices, written
from balie.web.access import office
from balie.web.frames import holds_frame, in_frame
from balie.web.office.alerts import Alert
from balie.web.paging import Pages
from balie.web.request import OfficeRequest, author, partly

PER_PAGE = 50
INTO_LOGINS = ("password_reset", "staff_invitation")
NAMES = {
    "waiting": gettext_lazy("Waiting"),
    "sent": gettext_lazy("Sent"),
    "failed": gettext_lazy("Not sent"),
}


@dataclass(frozen=True)
class Row:
    """One mail as the list shows it."""

    mail: Mail

    @property
    def kind(self) -> str:
        return kind_name(self.mail.kind)

    @property
    def state(self) -> str:
        return "sent" if self.mail.sent else "failed" if self.mail.parked else "waiting"

    @property
    def client(self) -> str:
        """The number of the client it is about; empty where it is about something else."""
        what, _colon, number = self.mail.about.partition(":")
        return number if what == "client" else ""

    @property
    def left(self) -> int:
        """How many attempts it has still before it is given up."""
        return max(0, MOST_ATTEMPTS - self.mail.attempts)


def kind_name(kind: str) -> str:
    return str(KINDS[kind].title) if kind in KINDS else kind


@office
def mails(request: OfficeRequest) -> HttpResponse:
    """Every mail, the newest first, narrowed down as asked."""
    query = request.GET
    state, kind = (query.get(name, "") for name in ("state", "kind"))
    state, kind = state if state in STATES else "", kind if kind in KINDS else ""
    searched = query.get("q", "").strip()[:80]
    found = outbox(state=state, kind=kind, search=searched).defer("text", "html")
    number = counts()
    every = sum(number.values())
    count = None if kind or searched else number[state] if state else every
    page = Pages(found, PER_PAGE, count=count).get_page(query.get("page"))
    known: dict[str, Any] = {
        "page": page,
        "rows": [Row(mail) for mail in page],
        "state": state,
        "kind": kind,
        "q": searched,
        "numbers": number,
        "all": every,
        "searched_most": SEARCHED if every > SEARCHED else 0,
        "states": [(name, text, number[name]) for name, text in NAMES.items()],
        "kinds": [(name, kind.title) for name, kind in KINDS.items()],
        "server": bool(request.desk.operator.mail.get("url")),
    }
    return render(request, "balie/mails/_rows.html" if partly(request) else "balie/mails/list.html", known)


@office
@holds_frame
def mail(request: OfficeRequest, pk: int) -> HttpResponse:
    """One mail: what became of it, and how it looks."""
    found = get_object_or_404(Mail, pk=pk)
    return render(request, "balie/mails/mail.html", {"row": Row(found), "sealed": is_sealed(found, request.user)})


@office
@in_frame
def html(request: OfficeRequest, pk: int) -> HttpResponse:
    """The mail's HTML and nothing around it, for the frame of the page above."""
    found = get_object_or_404(Mail, pk=pk)
    return errors.not_for_you(request) if is_sealed(found, request.user) else HttpResponse(found.html)


def is_sealed(mail: Mail, reader: User) -> bool:
    """Whether it holds a link into the login of staff: a manager who reads it could come in as an administrator."""
    if mail.kind not in INTO_LOGINS or reader.may(Role.ADMINISTRATOR):
        return False
    return staff().filter(email__iexact=mail.recipient).exclude(pk=reader.pk).exists()


@require_POST
@office
def again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Tries a mail again that was given up."""
    get_object_or_404(Mail, pk=pk)
    if send_again(Mail.objects.filter(pk=pk), author=author(request)):
        notices.done(request, _("The mail is tried again within a few seconds."))
    else:
        notices.refused(request, _("This mail was not given up; there is nothing to send again."))
    return redirect("mail", pk=pk)


@require_POST
@office
def all_again(request: OfficeRequest) -> HttpResponse:
    """Tries every mail again that was given up."""
    number = send_again(failed(), author=author(request))
    if number:
        said = ngettext("%(n)s mail is tried again.", "%(n)s mails are tried again.", number)
        notices.done(request, said % {"n": written.count(number)})
    else:
        notices.refused(request, _("No mail was given up; there is nothing to send again."))
    return redirect("mails")


def given_up() -> list[Alert]:
    """The row of the start page: mails that nobody tries any more."""
    number = failed().count()
    if not number:
        return []
    said = ngettext("%(n)s mail could not be sent.", "%(n)s mails could not be sent.", number)
    rest = _("The recipients know nothing of it. See why, then send again.")
    link = reverse("mails") + "?state=failed"
    return [Alert("bad", said % {"n": written.count(number)}, rest, link, _("See the mails"))]
