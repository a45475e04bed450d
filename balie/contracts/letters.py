"""The mails about orders and cancellations: to whom they go, and what their variables say."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.models import Client, User
from balie.contracts import links
from balie.contracts.models import Cancellation, CancellationRequest, Order
from balie.notifications.actions import queue_mail
from balie.notifications.models import Mail
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.written import long_day, moment, phone
from balie.rules.activation import Status
from balie.tariffs.queries import local_day, title_in, version_on
from balie.tariffs.words import service_name

RECEIPT = "cancel_request_receipt"
OF_STATUS = {status: f"order_{status}" for status in Status}


def recipients(client: Client, user: User | None) -> list[tuple[str, str]]:
    """Address and language: the client's own address first, then whoever asked, if that is another one of its own."""
    found = [(client.email, client.language)] if client.email else []
    if user and not user.role and user.email.lower() != client.email.lower():
        found.append((user.email, user.language))
    return found


def tell_status(order: Order, *, now: datetime) -> None:
    """Tells the client that its order is in this status, once for each status."""
    operator = the_operator()
    in_use = order.status == Status.ACTIVE and order.number is None
    kind = "order_in_use" if in_use else OF_STATUS[Status(order.status)]
    for address, language in recipients(order.client, order.user):
        queue_mail(
            kind=kind, to=address, language=language, values=said_of(order, operator, language),
            key=f"order:{order.pk}:{order.status}:{address.lower()}", about=f"client:{order.client.number}", now=now,
        )  # fmt: skip


def said_of(order: Order, operator: Operator, language: str) -> dict[str, str]:
    """The variables of a mail about an order, to its client."""
    with override(language):
        return {
            "client": order.client.name,
            "service": service_name(order.service),
            "order": order.reference,
            "number": phone(order.number.number, operator.country) if order.number else "",
            "link": links.order_page(order, operator),
        }


def tell_operator(order: Order, *, now: datetime) -> None:
    """Tells the operator's address for orders of a new one."""
    operator = the_operator()
    with override(operator.language):
        values = {**about_order(order, operator), "by": order.by, "tariff": tariff_said(order, operator, now)}
    to_mailbox("orders", "order_new", values, f"order:{order.pk}:new", order.client, now)


def tell_staff(order: Order, why: str, *, over: bool = False, now: datetime) -> None:
    """Tells the operator's address for tasks that an order waits, and why; again when it is given up."""
    operator = the_operator()
    with override(operator.language):
        values = {**about_order(order, operator), "problem": why}
    about = "over" if over else f"{(order.failing_since or now).isoformat()}"
    to_mailbox("tasks", "order_stuck", values, f"order:{order.pk}:stuck:{about}", order.client, now)


def no_number() -> str:
    """Why an order without a number waits, in the operator's language, and what to do."""
    with override(the_operator().language):
        return _("No number is free. Add numbers to the pool; the order goes on by itself.")


def about_order(order: Order, operator: Operator) -> dict[str, str]:
    """The variables of a mail about an order, to staff."""
    return {
        "client": order.client.name,
        "client_number": order.client.number,
        "service": service_name(order.service),
        "order": order.reference,
        "number": phone(order.number.number, operator.country) if order.number else "",
        "account": links.client_page(order.client.number, operator),
        "link": links.office_order_page(order, operator),
    }


def tariff_said(order: Order, operator: Operator, now: datetime) -> str:
    """The tariff as the operator calls it, with its code."""
    version = version_on(order.tariff, local_day(now))
    title = title_in(operator.language, version.title if version else {}, own=operator.language, otherwise="")
    return f"{title} ({order.tariff.code})" if title else order.tariff.code


def tell_cancelled(cancellation: Cancellation, *, now: datetime) -> None:
    """Tells the operator's address for cancellations, and confirms it to the client."""
    over = cancellation.ends < local_day(now)
    told(cancellation, "cancellation_new", "cancellation_over" if over else "cancellation_receipt", now)


def tell_cancellation_withdrawn(cancellation: Cancellation, *, now: datetime) -> None:
    """Tells both that a cancellation was taken back."""
    told(cancellation, "cancellation_taken_back", "cancellation_undone", now)


def told(cancellation: Cancellation, to_operator: str, to_client: str, now: datetime) -> None:
    operator, client = the_operator(), cancellation.client
    key = f"cancellation:{cancellation.pk}:{cancellation.ends}"
    with override(operator.language):
        values = {
            **of_cancellation(cancellation),
            "client_number": client.number,
            "by": cancellation.by,
            "account": links.client_page(client.number, operator),
            "link": links.client_page(client.number, operator) + "contracts/",
        }
    to_mailbox("cancellations", to_operator, values, f"{key}:{to_operator}", client, now)
    for address, language in recipients(client, cancellation.user):
        with override(language):
            said = {**of_cancellation(cancellation), "link": links.cancellation_page(cancellation, operator)}
        queue_mail(
            kind=to_client, to=address, language=language, values=said, key=f"{key}:{to_client}:{address.lower()}",
            about=f"client:{client.number}", now=now,
        )  # fmt: skip


def of_cancellation(cancellation: Cancellation) -> dict[str, str]:
    return {
        "client": cancellation.client.name,
        "service": service_name(cancellation.service),
        "received": long_day(cancellation.received),
        "ends": long_day(cancellation.ends),
        "reason": cancellation.reason,
    }


def to_mailbox(box: str, kind: str, values: Mapping[str, str], key: str, client: Client, now: datetime) -> None:
    """A mail to one of the operator's own addresses; none where that is not set."""
    operator = the_operator()
    queue_mail(
        kind=kind, to=operator.mailboxes.get(box) or "", language=operator.language, values=values, key=key,
        about=f"client:{client.number}", now=now,
    )  # fmt: skip


def of_request(request: CancellationRequest, language: str) -> dict[str, str]:
    """What was typed, and when it came, in a language."""
    with override(language):
        local = request.received.astimezone(ZoneInfo(the_operator().timezone))
        return {
            "name": request.name,
            "request": request.reference,
            "received": moment(local),
            "service": service_name(request.service),
            "sort": sort_of(request),
            "wanted": long_day(request.wanted) if request.wanted else _("as soon as possible"),
            "reason": request.reason,
            "identified": request.identified,
        }


def sort_of(request: CancellationRequest) -> str:
    """Ordinary or extraordinary, in the active language."""
    return _("extraordinary cancellation, for good cause") if request.extraordinary else _("ordinary cancellation")


def tell_received(request: CancellationRequest, *, now: datetime) -> None:
    """The receipt, to the address that was typed."""
    values = of_request(request, request.language)
    to_sender(request, RECEIPT, values, now)


def has_receipt(request: CancellationRequest) -> bool:
    """Whether a receipt was mailed: none is where the mailbox had enough of them within the hour."""
    return Mail.objects.filter(key=f"cancellation_request:{request.pk}:{RECEIPT}").exists()


def to_sender(request: CancellationRequest, kind: str, values: Mapping[str, str], now: datetime) -> None:
    """A mail to who sent a request, with the link to its receipt."""
    queue_mail(
        kind=kind, to=request.email, language=request.language, key=f"cancellation_request:{request.pk}:{kind}",
        values={**values, "link": links.request_page(request, the_operator())}, now=now,
        about=f"cancellation_request:{request.pk}",
    )  # fmt: skip


def ask_to_confirm(request: CancellationRequest, ends: date, *, now: datetime) -> None:
    """The link that carries it out, to the typed address, which is one that the client gave us before."""
    assert request.client
    said = of_request(request, request.language)
    with override(request.language):
        values = {
            "client": request.client.name,
            "service": said["service"],
            "received": said["received"],
            "ends": long_day(ends),
            "link": links.confirm_page(request, the_operator()),
        }
    queue_mail(
        kind="cancel_request_confirm", to=request.email, language=request.language, values=values,
        key=f"cancellation_request:{request.pk}:confirm", about=f"client:{request.client.number}", now=now,
    )  # fmt: skip


def tell_of_request(request: CancellationRequest, *, now: datetime) -> None:
    """Tells the operator's address for cancellations."""
    operator = the_operator()
    with override(operator.language):
        if request.client is None:
            match = _("No client has exactly this number and this address.")
        elif request.link_sent:
            match = _("%(client)s; a link to confirm it is on its way to the client.") % {"client": request.client}
        else:
            match = _("%(client)s; please look at it, the client cannot confirm it alone.") % {"client": request.client}
    values = {
        **of_request(request, operator.language),
        "email": request.email,
        "match": match,
        "link": links.office_request_page(request, operator),
    }
    queue_mail(
        kind="cancel_request_new", to=operator.mailboxes.get("cancellations") or "", language=operator.language,
        values=values, key=f"cancellation_request:{request.pk}:new", about=f"cancellation_request:{request.pk}",
        now=now,
    )  # fmt: skip


def tell_accepted(request: CancellationRequest, *, now: datetime) -> None:
    """Tells who sent it when the service ends, unless the receipt of the cancellation went to the same address."""
    cancellation = request.cancellation
    if cancellation is None or request.client is None:
        return
    if request.email.lower() in {address.lower() for address, _language in recipients(request.client, None)}:
        return
    to_sender(request, "cancel_request_accepted", answered(request, ends=cancellation.ends), now)


def tell_rejected(request: CancellationRequest, *, now: datetime) -> None:
    """Tells who sent it why it is not carried out."""
    to_sender(request, "cancel_request_rejected", {**answered(request), "answer": request.answer}, now)


def answered(request: CancellationRequest, *, ends: date | None = None) -> dict[str, str]:
    said = of_request(request, request.language)
    found = {name: said[name] for name in ("name", "request", "received", "service")}
    with override(request.language):
        return {**found, "ends": long_day(ends)} if ends else found
