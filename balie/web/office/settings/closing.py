"""When a month closes by itself and whether clients get their statement by mail; what the watch goes by."""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from balie.calls.queries import closed_months
from balie.contracts.queries import clients_between
from balie.operator.models import Operator
from balie.statements.actions import closing_moment
from balie.statements.models import Closing
from balie.statements.reasons import before_all, price_missing, reasons_against
from balie.web import written
from balie.web.office.months import is_under_way
from balie.web.office.settings.page import Ask, Field, SettingsPage, addresses
from balie.web.request import Desk, OfficeRequest
from balie.world.changed import State

NAMES = ("close.day", "close.at", "close.mail_clients", "target_margin_percent", "offer_step", "margin_months")
PATIENCE = timedelta(minutes=5)


def known(request: OfficeRequest, fields: Mapping[str, Field]) -> dict[str, Any]:
    """What happens next, and what the settings are about."""
    desk = request.desk
    return {"next": coming(desk), "addresses": mailable(desk)}


def mailable(desk: Desk) -> dict[str, int]:
    """Of the clients of this month: how many there are, and how many have no address to mail to."""
    clients = clients_between(desk.this_month.first_day, desk.this_month.last_day)
    return {"all": clients.count(), "without": clients.filter(email="").count()}


def coming(desk: Desk) -> dict[str, Any]:
    """The next month to close: which, when, or why it waits."""
    over = desk.this_month.previous()
    closing = Closing.objects.filter(month=over.key).first()
    if over.key in closed_months() or before_all(over):
        return {"month": desk.this_month, "at": local(closing_moment(desk.this_month, desk.operator), desk)}
    at = closing_moment(over, desk.operator)
    if closing is not None:
        return {"month": over, "under_way": is_under_way(closing), "stuck": bool(closing.parked)}
    if at > desk.now:
        return {"month": over, "at": local(at, desk)}
    # A worker asks every minute or so. A missing price is found by pricing the month: only where it should be closed.
    reasons = list(reasons_against(over))
    if not reasons and desk.now > at + PATIENCE and (missing := price_missing(over)):
        reasons.append(missing)
    return {"month": over, "late": local(at, desk), "reasons": [str(one) for one in reasons]}


def local(moment: datetime, desk: Desk) -> datetime:
    return moment.astimezone(desk.local_now.tzinfo)


def asks(request: OfficeRequest, fresh: State) -> Iterator[Ask]:
    """A month that would close at once: its statements stay as they are made."""
    if not {"close.day", "close.at"} & set(fresh):
        return
    desk = request.desk
    over, operator = desk.this_month.previous(), with_moment(desk.operator, fresh)
    if closing_moment(over, operator) > desk.now or closing_moment(over, desk.operator) <= desk.now:
        return
    if over.key in closed_months() or Closing.objects.filter(month=over.key).exists() or before_all(over):
        return
    said = _("%(month)s then closes within a minute, if nothing speaks against it. A closed month stays closed.")
    key = f"closes={over} {operator.close_day} {operator.close_at}"
    yield Ask(key, said % {"month": capfirst(written.month(over))})


def with_moment(operator: Operator, fresh: State) -> Operator:
    """The operator as it would be with this day and time."""
    found = copy(operator)
    found.close_day = fresh.get("close.day", operator.close_day)
    if at := fresh.get("close.at"):
        found.close_at = datetime.strptime(at, "%H:%M").time()  # noqa: DTZ007 -- a time of day
    return found


PAGE = SettingsPage(
    names=NAMES, template="balie/settings/closing.html", view="closing_settings", put="put_closing",
    undo="undo_closing", known=known, asks=asks,
)  # fmt: skip


urlpatterns = addresses(PAGE, "closing")
