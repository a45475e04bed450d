"""What a view of ours gets: Django's request, with the things every page needs already looked up."""

from contextlib import suppress
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from balie.accounts.models import User
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.operator.phrases import told
from balie.operator.queries import operator
from balie.operator.retention import removed_before
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.retention import Kept

EARLIEST_YEAR = 1990  # nobody has older connection data


class Desk:
    """The operator, the time and the place of one request; `request.desk`, looked up once when first asked for."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @cached_property
    def operator(self) -> Operator:
        return operator()

    @cached_property
    def gone(self) -> dict[Kept, date]:
        """Before which local day what was removed after its time. One query, once somebody misses something."""
        return removed_before()

    @property
    def house(self) -> str:
        """Whose pages these are: the operator's name, ours before there is one."""
        with suppress(Refused):
            return self.operator.name
        return "Balie"

    @property
    def zone(self) -> str:
        return self.operator.timezone

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.zone))

    @property
    def today(self) -> date:
        return self.local_now.date()

    @property
    def this_month(self) -> Period:
        return Period.of(self.now, self.zone)

    def month(self, text: str) -> Period:
        """The month written in an address, or the running one where none is. Refused for anything else."""
        found = parsed(text, self.zone) if text else self.this_month
        if not EARLIEST_YEAR <= found.year <= self.today.year + 1:
            raise Refused("bad_month", _("There is nothing to show of %(month)s.") % {"month": text}, "month")
        return found


def parsed(text: str, zone: str) -> Period:
    """The month written in an address. Refused, in the reader's language, for anything else."""
    try:
        return Period.parse(text, zone)
    except Refused as refusal:
        raise Refused(refusal.code, told(refusal.message), refusal.where) from None


class OfficeRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    desk: Desk
    htmx: HtmxDetails


def typed(request: HttpRequest) -> OfficeRequest:
    """The same request, as what our middleware made of it."""
    return cast(OfficeRequest, request)


def partly(request: OfficeRequest) -> bool:
    """Whether htmx asked for a part of this page; going back in the browser asks for the whole one."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def author(request: OfficeRequest) -> Author:
    """Who does what this request asks for, for the log."""
    return Author(str(request.user), request.desk.now, request.user.pk)
