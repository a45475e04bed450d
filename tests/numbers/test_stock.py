"""Where the numbers of the pool stand, what staff do with them, and the alarm that too few are free."""

from datetime import date, timedelta

import pytest

from balie.accounts.models import Client
from balie.notifications.models import Mail
from balie.numbers import alarm, keep
from balie.numbers.actions import claim_number
from balie.numbers.models import Number, StockAlarm
from balie.numbers.queries import free_numbers
from balie.numbers.stock import State, Stock, free_again, is_low, known, listed, states, stock
from balie.operator.actions import Author
from balie.operator.models import LogEntry, Operator
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db
TODAY, DAY = date(2026, 11, 23), timedelta(days=1)
MARIT = Author("Marit", make.NOW, 7)


@pytest.fixture
def bakker() -> Client:
    make.operator(low_stock=2, mailboxes={"tasks": "tasks@delinde.example"})
    return make.client("1001", name="Bakker")


def number(last: int) -> str:
    return f"+3120123450{last}"


def pool(client: Client) -> None:
    """One number in each state, and what looks like another: 1 assigned, 2 coming, 3 resting, 4 rested, 5 kept back,
    6 new.
    """
    make.number(client, number(1), first=date(2026, 1, 1))
    make.number(client, number(2), first=TODAY + 5 * DAY)
    make.number(client, number(3), last=TODAY - 90 * DAY)
    make.number(client, number(4), last=TODAY - 91 * DAY)
    make.number(number=number(5))
    Number.objects.filter(number=number(5)).update(kept_back="for the mayor")
    make.number(number=number(6))


def test_every_number_is_in_one_state_and_the_free_ones_are_those_given_out(bakker: Client) -> None:
    pool(bakker)
    found = dict(states(TODAY).values_list("number", "state"))
    kinds = [State.ASSIGNED, State.ASSIGNED, State.RESTING, State.FREE, State.KEPT_BACK, State.FREE]
    assert found == {number(at): state for at, state in enumerate(kinds, start=1)}
    counted = stock(TODAY, Operator.objects.get())
    assert counted == Stock(free=2, assigned=2, resting=1, kept_back=1, wanted=2) and counted.all == 6
    assert [row.number for row in free_numbers(TODAY)] == [number(4), number(6)]


def test_resting_number_is_free_again_on_the_day_that_is_said(bakker: Client) -> None:
    make.number(bakker, number(1), last=TODAY)
    day = free_again(TODAY, Operator.objects.get())
    assert day == TODAY + 91 * DAY
    assert not free_numbers(day - DAY).exists() and free_numbers(day).exists()


def test_list_is_searched_by_half_a_number_client_and_reason(bakker: Client) -> None:
    pool(bakker)

    def found(search: str, state: str = "") -> list[str]:
        return [row.number for row in listed(TODAY, search=search, state=state)]

    assert found("123 45 03") == [number(3)] and found("020 123 4506") == [number(6)]
    assert found("bakker") == [number(at) for at in (1, 2, 3, 4)] == found("1001")
    assert found("mayor") == [number(5)] and found("nobody") == []
    assert found("bakker", State.ASSIGNED) == [number(1), number(2)]


def test_list_is_sorted_by_each_column_both_ways(bakker: Client) -> None:
    pool(bakker)
    orders = {name: [row.number[-1] for row in listed(TODAY, order=name)] for name in ("number", "-number", "until")}
    assert orders == {"number": list("123456"), "-number": list("654321"), "until": list("431256")}


def test_kept_back_number_is_not_given_out_until_it_is_given_free(bakker: Client) -> None:
    made = make.number(number=number(1))
    with pytest.raises(Refused, match="Say why"):
        keep.keep_back(number=made, reason="  ", author=MARIT)
    keep.keep_back(number=made, reason="for the  mayor", author=MARIT)
    assert claim_number(client=bakker, day=TODAY) is None
    assert keep.stop_keeping_back(number=made, author=MARIT) == "for the mayor"
    assert claim_number(client=bakker, day=TODAY) == made
    assert [entry.deed for entry in LogEntry.objects.order_by("pk")] == ["number.kept_back", "number.not_kept_back"]


def test_rest_that_is_ended_gives_the_number_free_and_later_clients_make_it_rest_again(bakker: Client) -> None:
    made = make.number(bakker, number(1), last=TODAY - DAY)
    assert claim_number(client=bakker, day=TODAY) is None
    keep.end_rest(number=made, day=TODAY, author=MARIT)
    assert list(free_numbers(TODAY)) == [made]
    assert keep.let_rest(number=made, author=MARIT) and not free_numbers(TODAY).exists()
    keep.end_rest(number=made, day=TODAY, author=MARIT)
    assert claim_number(client=bakker, day=TODAY) == made
    assert not keep.let_rest(number=made, author=MARIT)
    with pytest.raises(Refused, match="does not rest"):
        keep.end_rest(number=made, day=TODAY, author=MARIT)
    given = made.assignments.get(last_day=None)
    keep.give_back(assignment=given.pk, last_day=TODAY, today=TODAY, author=MARIT)
    assert not free_numbers(TODAY + DAY).exists() and free_numbers(TODAY + 91 * DAY).exists()


def test_number_is_given_to_a_client_and_taken_back_with_undo_of_both(bakker: Client) -> None:
    made = make.number(number=number(1))
    given = keep.give_to(number=made, client=bakker, first_day=TODAY, author=MARIT)
    assert keep.made_by_staff([given]) == {given.pk}
    with pytest.raises(Refused, match="assigned to"):
        keep.give_to(number=made, client=bakker, first_day=TODAY, author=MARIT)
    with pytest.raises(Refused, match="Give a day from"):
        keep.give_back(assignment=given.pk, last_day=TODAY - DAY, today=TODAY, author=MARIT)
    assert keep.give_back(assignment=given.pk, last_day=TODAY + DAY, today=TODAY, author=MARIT).last_day == TODAY + DAY
    keep.keep_on(assignment=given.pk, before=None, today=TODAY, author=MARIT)
    given.refresh_from_db()
    assert given.last_day is None
    keep.take_back_giving(assignment=given.pk, author=MARIT)
    assert list(free_numbers(TODAY)) == [made]
    with pytest.raises(Refused, match="taken back already"):
        keep.take_back_giving(assignment=given.pk, author=MARIT)


def test_number_is_not_kept_longer_than_until_its_next_client(bakker: Client) -> None:
    made = make.number(bakker, number(1), last=TODAY + DAY)
    make.number(make.client("1002"), number(1), first=TODAY + 5 * DAY)
    first = made.assignments.get(last_day=TODAY + DAY)
    with pytest.raises(Refused, match="another client"):
        keep.give_back(assignment=first.pk, last_day=TODAY + 5 * DAY, today=TODAY, author=MARIT)
    with pytest.raises(Refused, match="another client"):
        keep.keep_on(assignment=first.pk, before=None, today=TODAY, author=MARIT)
    assert keep.give_back(assignment=first.pk, last_day=TODAY + 4 * DAY, today=TODAY, author=MARIT).last_day


def test_what_an_order_or_a_world_file_gave_is_not_taken_back_as_if_it_had_never_been(bakker: Client) -> None:
    made = make.number(bakker, number(1), first=TODAY)
    with pytest.raises(Refused):
        keep.take_back_giving(assignment=made.assignments.get().pk, author=MARIT)


def test_only_a_number_that_was_nobodys_is_removed(bakker: Client) -> None:
    keep.remove_number(number=make.number(number=number(1)), author=MARIT)
    with pytest.raises(Refused, match="was a client's"):
        keep.remove_number(number=make.number(bakker, number(2), last=date(2020, 1, 1)), author=MARIT)
    assert [row.number for row in Number.objects.all()] == [number(2)]


def test_added_numbers_are_new_or_known_and_logged_as_ranges(bakker: Client) -> None:
    make.number(number=number(3))
    wanted = [number(at) for at in range(1, 6)]
    assert known(wanted) == {number(3)}
    counts = keep.add_numbers(numbers=wanted, author=MARIT)
    assert (counts.new, counts.unchanged, Number.objects.count()) == (4, 1, 5)
    assert LogEntry.objects.get().details == {"new": 4, "numbers": [f"{number(1)}..{number(5)}"]}
    keep.add_numbers(numbers=wanted, author=MARIT)
    assert LogEntry.objects.count() == 1


def test_low_stock_is_told_once_and_so_is_its_end(bakker: Client) -> None:
    assert not alarm.look(now=make.NOW)  # a pool that nobody uses
    make.number(number=number(1))
    assert alarm.look(now=make.NOW) and not alarm.look(now=make.NOW)
    assert (StockAlarm.objects.get().free, StockAlarm.objects.get().closed) == (1, None)
    make.number(number=number(2))
    later = make.NOW + timedelta(hours=1)
    assert alarm.look(now=later) and not alarm.look(now=later)
    assert StockAlarm.objects.get().closed == later
    subjects = list(Mail.objects.order_by("pk").values_list("kind", "recipient", "subject"))
    to = "tasks@delinde.example"
    assert subjects == [
        ("stock_low", to, "Te weinig vrije nummers: 1"),
        ("stock_fine", to, "Weer genoeg vrije nummers: 2"),
    ]


def test_stock_is_never_low_where_the_operator_wants_no_alarm(bakker: Client) -> None:
    make.number(number=number(1))
    operator = make.operator(low_stock=0)
    assert not is_low(TODAY, operator) and not stock(TODAY, operator).low
    assert not alarm.look(now=make.NOW)
