"""Where mails of the operator's own go, by which server mails leave the house, and whether it takes them."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from balie.leases.queries import alive
from balie.notifications import post
from balie.notifications.models import Mail
from balie.notifications.queries import failed, waiting
from balie.notifications.trial import last_trial, try_server
from balie.operator.models import Operator
from balie.operator.secrets import read_secret
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import administrator
from balie.web.office.settings.page import Ask, Field, SettingsPage, addresses
from balie.web.request import OfficeRequest, author
from balie.world.changed import State
from balie.world.parts import MAILBOXES

# What comes to each mailbox, and what follows where there is none.
COMES = {
    "orders": gettext_lazy("Every new order, with a link to it."),
    "registrations": gettext_lazy("Every client that signed up by itself, with a link to it."),
    "cancellations": gettext_lazy("Every cancellation: client, service, last day and reason."),
    "incorrect_recording": gettext_lazy("What the checks found wrong in notes, at once or once a day."),
    "call_note_copy": gettext_lazy("A copy of every note sent to a client, to look over."),
    "tasks": gettext_lazy("Tasks to decide, months that do not close, silent phone systems, few free numbers."),
    "imports": gettext_lazy("Call files that cannot be read."),
}
LOG_IN = "mails"  # the lane of workers that sends them
SCHEMES = {
    "smtp": "STARTTLS (587)",
    "smtps": "TLS (465)",
}
PARTS = ("scheme", "host", "port", "user")
NAMES = (*(f"mailboxes.{box}" for box in MAILBOXES), "mail.url", "mail.from", "mail.password")


def with_url(form: Mapping[str, str]) -> Mapping[str, str]:
    """The form with the server's address made of its parts; an address typed whole into the first stays one."""
    if "mail.host" not in form:
        return form
    scheme, host, port, user = (form.get(f"mail.{part}", "").strip() for part in PARTS)
    if "://" in host or not (host or user or port):
        url = host
    else:
        url = f"{scheme}://{quote(user, safe='') + '@' if user else ''}{host}{f':{port}' if port else ''}"
    return {**{name: form[name] for name in form}, "mail.url": url}


def parts_of(url: str) -> dict[str, str]:
    """The fields of a server's address; one that is none stands whole in the first."""
    try:
        found = urlsplit(url)
        port = str(found.port or "")
    except ValueError:
        return {"scheme": "smtp", "host": url, "port": "", "user": ""}
    if found.scheme not in SCHEMES or not found.hostname:
        return {"scheme": "smtp", "host": url, "port": "", "user": ""}
    return {"scheme": found.scheme, "host": found.hostname, "port": port, "user": unquote(found.username or "")}


def known(request: OfficeRequest, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Mailboxes with what comes there, the server in its parts, and how the mails are doing."""
    desk = request.desk
    url = fields["mail.url"].value
    server = parts_of(url)
    if "mail.host" in request.POST:
        server |= {part: request.POST.get(f"mail.{part}", "") for part in PARTS}
    return {
        "boxes": [(fields[f"mailboxes.{box}"], COMES[box]) for box in MAILBOXES],
        "silent": [box for box in MAILBOXES if not desk.operator.mailboxes.get(box)],
        "server": server,
        "schemes": SCHEMES.items(),
        "has_server": bool(desk.operator.mail.get("url")),
        "sender": post.sender(desk.operator.mail, name="", base_url=desk.operator.base_url).addr_spec,
        "secret": secret_state(desk.operator),
        "outbox": {"waiting": waiting().count(), "failed": failed().count(), "last": last_sent()},
        "worker": alive(now=desk.now).filter(lane=LOG_IN).exists(),
        "trial": last_trial(),
    }


def last_sent() -> Mail | None:
    """The newest mail that was sent."""
    return Mail.objects.exclude(sent=None).order_by("-created", "-pk").first()


def secret_state(operator: Operator) -> str:
    """Why the password cannot be read; empty where it can, or where there is none."""
    try:
        read_secret(str(operator.mail.get("password") or ""))
    except Refused as refusal:
        return refusal.message
    return ""


def asks(request: OfficeRequest, fresh: State) -> Iterable[Ask]:
    return ()


PAGE = SettingsPage(
    names=NAMES, template="balie/settings/mail.html", view="mail_settings", put="put_mail", undo="undo_mail",
    known=known, asks=asks, given=with_url,
)  # fmt: skip


@require_POST
@administrator
def try_it(request: OfficeRequest) -> HttpResponse:
    """Sends a mail to whoever asks, now, by the server that is stored; says what it answered."""
    if not request.desk.operator.mail.get("url"):
        notices.refused(request, _("There is no mail server yet. Enter one and save it, then try it."))
        return redirect("mail_settings")
    tried = try_server(to=request.user.email, operator=request.desk.operator, author=author(request)).details
    if why := tried.get("why"):
        notices.refused(request, _("The test mail was not taken. %(why)s") % {"why": why})
    else:
        said = _("%(server)s took the test mail in %(time)s. It is on its way to %(address)s.")
        time = written.stopwatch(tried["seconds"])
        notices.done(request, said % {"server": tried["server"], "time": time, "address": tried["to"]})
    return redirect("mail_settings")


urlpatterns = [
    *addresses(PAGE, "mail"),
    path("settings/mail/try/", try_it, name="try_mail"),
]
