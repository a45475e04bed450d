"""A client with calls, prices and a user who looks at them; and another client of whom nobody else may see anything."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client as Browser

from balie.accounts.models import Client, User
from balie.billing.actions import freeze_bills
from balie.billing.queries import fresh_bills
from balie.calls.models import ClosedMonth
from balie.contracts.models import Booking, Contract
from balie.rules.call import CallType, Direction
from balie.rules.period import Period
from balie.statements.models import Statement
from balie.tariffs.models import Tariff
from tests import make
from tests.kept import built_once
from tests.web.make_office import count_sums
from tests.web.reading import text

Get = Callable[..., str]
ZONE = "Europe/Amsterdam"
OCTOBER, NOVEMBER = Period(2026, 10, ZONE), Period(2026, 11, ZONE)
TODAY = date(2026, 11, 23)
CLOSED = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)
FEE: dict[str, Any] = {"meter": "basic_fee", "price": "39.00", "title": {"nl": "Basisbedrag", "en": "Fee"}}
CALLS: dict[str, Any] = {"meter": "calls_accepted", "price": "0.90", "title": {"nl": "Gesprek", "en": "Call"}}
TALK: dict[str, Any] = {"meter": "talk_time", "unit": "minute", "price": "0.85", "increment": "60/1", "included": 5}
MODULE: dict[str, Any] = {"meter": "user_module", "price": "4.50", "title": {"nl": "Module", "en": "Module"}}
SECRET = "K7RA-2MXE-94UW"


def house() -> tuple[Client, Client]:
    """Bakker and Kraan: both at BASIS since January, with calls in October and November; October is closed."""
    fill()
    return Client.objects.get(number="1001"), Client.objects.get(number="1002")


@built_once
def fill() -> None:
    make.operator(timezone=ZONE)
    basis = make.tariff("BASIS", items=(FEE, CALLS, TALK, MODULE))
    make.tariff("PLUS", items=({**FEE, "price": "89.00"}, {**CALLS, "price": "0.10"}), description={"en": "For many"})
    bakker = client("1001", "Bakker", basis)
    kraan = client("1002", "Studio Kraan", basis)
    Booking.objects.create(contract=Contract.objects.get(client=bakker), meter="user_module", quantity=2)
    made = [*calls(bakker, 31), *calls(kraan, 77)]
    count_sums(made)
    freeze_bills(bills=fresh_bills(OCTOBER), now=CLOSED)
    ClosedMonth.objects.create(month=OCTOBER.key, at=CLOSED)
    for one in (bakker, kraan):
        for revision in (1, 2):
            kept = {"path": f"{one.number}-{revision}.pdf", "sha256": "ab" * 32, "content_sha256": "c" * 64}
            when = CLOSED + timedelta(days=revision)
            Statement.objects.create(
                client=one, month=OCTOBER.key, revision=revision, rows=3 + revision, pages=1, created=when, **kept
            )


def client(number: str, name: str, tariff: Tariff) -> Client:
    made = make.client(number, name=name, language="en")
    make.number(made, f"+3120123{number}", first=date(2026, 1, 1))
    make.contract(made, tariff=tariff)
    return made


def calls(of: Client, seed: int) -> list[Any]:
    """Eight calls in each month: five answered, one missed, one forwarded, one on behalf of the client."""
    made = []
    for month in (10, 11):
        start = datetime(2026, month, 5, 9, 0, tzinfo=UTC)
        who: dict[str, Any] = {"caller": f"+316123456{seed}", "callee": f"+3120123{of.number}"}
        made += [make.call(of, start=start + timedelta(days=day), talk=100 + seed * day, **who) for day in range(5)]
        made.append(make.call(of, start=start + timedelta(days=9), type=CallType.MISSED, talk=0, **who))
        forwarded: dict[str, Any] = {
            "direction": Direction.FORWARDED,
            "callee": f"+316876543{seed}",
            "caller": who["caller"],
        }
        outbound: dict[str, Any] = {
            "direction": Direction.OUTBOUND,
            "callee": f"+316999999{seed}",
            "caller": who["callee"],
        }
        made += [make.call(of, start=start + timedelta(days=10), **forwarded)]
        made += [make.call(of, start=start + timedelta(days=11), **outbound)]
    return made


def user(of: Client, email: str = "kees@bakker.example", **values: Any) -> User:
    return make.user(email, role="", client=of, **values)


def browser(who: User | None) -> Browser:
    found = Browser()
    if who:
        found.force_login(who)
    return found


def secret(code: str = SECRET, **values: Any) -> Tariff:
    """A tariff that only its code opens, cheaper than BASIS."""
    made = make.tariff(code, items=({**FEE, "price": "19.00"}, {**CALLS, "price": "0.50"}))
    Tariff.objects.filter(pk=made.pk).update(**{"public": False, **values})
    return Tariff.objects.get(pk=made.pk)


def page_of(browser: Browser, address: str, status: int = 200, **given: Any) -> str:
    """The page at an address; fails on any other status."""
    answer = browser.get(address, given)
    assert answer.status_code == status, (address, answer.status_code)
    return str(answer.content.decode())


def said(page: str) -> str:
    """What a person reads of it."""
    return text(page)
