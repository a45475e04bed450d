"""Numbers, orders and notices for pages to show; and what the access tests ask of the pages about them."""

from datetime import date, datetime, timedelta
from typing import Any

from balie.accounts.models import Client
from balie.contracts.models import Cancellation, Contract, Order, OrderStep
from balie.numbers.models import Assignment, ManualRoute, Number
from balie.rules.activation import Status
from balie.tariffs.models import Tariff
from tests import make
from tests.web import make_office

NOW = make_office.NOW
TODAY, DAY = NOW.date(), timedelta(days=1)
# By name: what a manager's empty form, or press of a button, gets.
POST = {
    "add_numbers": 422,
    "keep_number_back": 422,
    "number_not_kept_back": 302,
    "end_rest_of_number": 302,
    "let_number_rest": 302,
    "give_number": 422,
    "remove_number": 302,  # refused: it was somebody's
    "take_back_giving": 302,
    "give_number_back": 422,
    "keep_number_on": 302,
    "try_order_again": 302,
    "withdraw_order": 302,
    "done_by_hand": 302,
    "order_service": 422,
    "cancel_service": 200,  # shows the last day; nothing ends
    "withdraw_cancellation": 302,
}
FILES = ("numbers_file", "orders_file", "cancellations_file")
PAGES = (
    *("numbers", "add_numbers", "number", "end_rest_of_number", "remove_number", *FILES),
    *("orders", "order_times", "order", "withdraw_order", "order_service"),
    *("cancellations", "cancel_service", "withdraw_cancellation"),
)
DEEDS = tuple(name for name in POST if name not in PAGES)
OF_NUMBER = tuple(name for name in (*PAGES, *DEEDS) if "number" in name and name not in ("numbers", "add_numbers"))
OF_ASSIGNMENT = ("take_back_giving", "give_number_back", "keep_number_on")


def kwargs(name: str) -> dict[str, dict[str, Any]]:
    """Arguments of the addresses of these pages; what they are about is made where it is not there (any more)."""
    found: dict[str, dict[str, Any]] = {key: {"format": "csv"} for key in FILES}
    found |= {"order_service": {"number": "1001"}}
    client = Client.objects.get(number="1001")
    if name in OF_ASSIGNMENT:
        found[name] = {"pk": resting(client).pk}
    elif name in OF_NUMBER and name not in FILES:
        found[name] = {"pk": resting(client).number_id}
    elif name in ("order", "try_order_again", "withdraw_order"):
        standing = Order.objects.filter(client=client, status=Status.CLAIMED).first()
        found[name] = {"pk": (standing or order(client)).pk}
    elif name == "cancel_service":
        found[name] = {"pk": Contract.objects.filter(client=client).earliest("start").pk}
    elif name == "withdraw_cancellation":
        found[name] = {"pk": (Cancellation.objects.filter(withdrawn=None).first() or notice(client)).pk}
    elif name == "done_by_hand":
        found[name] = {"pk": (ManualRoute.objects.first() or by_hand()).pk}
    return found


def resting(of: Client, number: str = "+31201239999") -> Assignment:
    """A number that was this client's until yesterday: made once."""
    standing = Assignment.objects.filter(number__number=number).first()
    if standing is None:
        make.number(of, number, first=date(2026, 1, 1), last=TODAY - DAY)
    return Assignment.objects.get(number__number=number)


def order(of: Client, number: str | None = "+31201238888", **values: Any) -> Order:
    """An order under way, placed now, with the step of its status; the number becomes the client's."""
    wanted = {
        "service": "telephone",
        "tariff": values.pop("tariff", None) or Tariff.objects.get(code="BASIS"),
        "number": Number.objects.get_or_create(number=number)[0] if number else None,
        "status": Status.CLAIMED if number else Status.WAITING,
        "placed": NOW,
        "due": NOW,
        "by": "Kees Bakker",
        **values,
    }
    made = Order.objects.create(client=of, **wanted)
    OrderStep.objects.create(order=made, status=made.status, at=made.placed)
    if made.number and not made.number.assignments.exists():
        Assignment.objects.create(number=made.number, client=of, first_day=made.placed.date())
    return made


def went(made: Order, *steps: tuple[Status, float]) -> Order:
    """The order reached these statuses, so many seconds after it was placed."""
    for status, seconds in steps:
        OrderStep.objects.create(order=made, status=status, at=made.placed + timedelta(seconds=seconds))
        made.status = status
    made.save(update_fields=["status"])
    return made


def notice(of: Client, *, ends: date = date(2026, 12, 31), at: datetime = NOW, **values: Any) -> Cancellation:
    """Notice of the telephone service, given now."""
    contract = Contract.objects.filter(client=of).latest("start")
    Contract.objects.filter(pk=contract.pk).update(end=ends)
    wanted = {"service": "telephone", "contract": contract, "received": at.date(), "by": "Kees Bakker", **values}
    return Cancellation.objects.create(client=of, ends=ends, at=at, **wanted)


def by_hand(number: str = "+31201237777", client: str = "1001", deed: str = "configure") -> ManualRoute:
    """Staff are asked to set a number up in the phone system."""
    said = {"name": "Bakker Installaties", "order": "2026-00001", "asked": NOW}
    return ManualRoute.objects.create(number=number, client=client, deed=deed, **said)
