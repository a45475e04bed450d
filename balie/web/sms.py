"""A client's SMS of a month, the same in office and portal: their filters, and the rows as a file."""

from typing import Any

from django.http import HttpResponseBase

from balie.accounts.models import Client
from balie.messages.queries import SmsFilter
from balie.statements.exports import file_name, sms_parts
from balie.statements.sms import SmsReport
from balie.web.downloads import sent
from balie.web.filters import NumberFilters
from balie.web.request import Desk


class SmsFilterForm(NumberFilters):
    """The filters above a list of SMS."""

    def wanted(self) -> SmsFilter:
        """What was asked for and could be read."""
        return SmsFilter(**self.read_inside())


def sms_file(client: Client, desk: Desk, query: Any, format: str) -> HttpResponseBase:
    """A part of the SMS says so in its name: nobody shall take it for the whole month."""
    period = desk.month(query.get("month", ""))
    wanted = SmsFilterForm(query, period).wanted()
    name = file_name(SmsReport(client, period, []), format)
    if wanted:
        name = name.replace("sms-", "sms-part-", 1)
    return sent(sms_parts(client, period, format, now=desk.now, wanted=wanted), name, format)
