"""Rows for tests of reports: calls with the sums kept beside them, and one report with all that can stand in a row."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import LazySettings

from balie.accounts.models import Client
from balie.calls import store
from balie.calls.models import AgentDay, Call, ClientMonth, SourceHour
from balie.operator.models import Operator
from balie.rules.call import CallType, Direction
from balie.rules.period import Period
from balie.statements.actions import close_month
from balie.statements.models import Statement
from tests import make

AMSTERDAM = "Europe/Amsterdam"
OCTOBER = Period(2026, 10, AMSTERDAM)
NOW = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
STARTS = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def an_operator(**values: Any) -> Operator:
    known = {"mail": {"from": "info@linde.example"}, "base_url": "https://linde.example", "region": "NL"}
    return make.operator(**{**known, **values})


def a_client(number: str = "1001", *, contract: bool = True, **values: Any) -> Client:
    """A client with a contract since January, English unless told otherwise."""
    client = make.client(number, **{"language": "en", **values})
    if contract:
        make.contract(client, start=date(2026, 1, 1))
    return client


def sum_up() -> None:
    """Makes the sums kept beside the calls as importing would have left them."""
    for model in (ClientMonth, AgentDay, SourceHour):
        model.objects.all().delete()
    operator = Operator.objects.get()
    store.count(store.framed(Call.objects.all(), operator.timezone).drop("pk"), 1, operator)


def a_month(client: Client) -> list[Call]:
    """Calls of every type, a corrected and a late one, one without agent, one whose caller is unknown."""
    agent = make.agent("201", name="Anna de Wit")
    begin = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
    inbound: list[dict[str, Any]] = [
        {"agent": agent, "talk": 125},
        {"type": CallType.MISSED, "talk": 0, "caller": "+4930123456"},
        {"type": CallType.FORWARDED, "talk": 0},
        {"agent": agent, "talk": 3909, "caller": ""},
        {"agent": agent, "talk": 20, "billable": False},
        {"agent": agent, "talk": 40, "late": True, "caller": "+31201112233"},
    ]
    others: list[dict[str, Any]] = [
        {"direction": Direction.FORWARDED, "type": type, "talk": 60, "callee": "+31687654321"}
        for type in (CallType.FORWARDED_FIXED, CallType.FORWARDED_MOBILE, CallType.FORWARDED_OTHER)
    ] + [
        {"direction": Direction.OUTBOUND, "type": type, "talk": 30, "caller": "201", "callee": "+491701234567"}
        for type in (CallType.OUTBOUND_FIXED, CallType.OUTBOUND_MOBILE, CallType.OUTBOUND_OTHER)
    ]
    made = [
        make.call(client, start=begin + timedelta(hours=7 * place), **values)
        for place, values in enumerate([*inbound, *others])
    ]
    sum_up()
    return made


def close(now: datetime = NOW, period: Period = OCTOBER) -> tuple[int, int]:
    made = close_month(period=period, by="Eva", now=now)
    return made.statements, made.revisions


def kept() -> list[tuple[str, int, int]]:
    """Client, revision and rows of every statement."""
    rows = Statement.objects.order_by("client__number", "revision")
    return list(rows.values_list("client__number", "revision", "rows"))


def files(settings: LazySettings) -> list[str]:
    folder = Path(settings.FILES_URL)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def late_call(client: Client, **values: Any) -> Call:
    """A call that came after its month was closed, with its sums, as importing leaves it."""
    call = make.call(client, start=STARTS + timedelta(days=1), **{"late": True, **values})
    sum_up()
    return call
