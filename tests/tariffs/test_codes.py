"""A code that a person types: tolerant of how it is written, silent about what is wrong, locked after wrong tries."""

from datetime import date, timedelta
from typing import Any

import pytest

from balie.accounts.models import Client
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.tariffs.actions import code_entered, restore_code, take_back_use, use_code, withdraw_code
from balie.tariffs.actions.codes import MOST_PER_ADDRESS, MOST_PER_PERSON, MOST_PER_VISITOR, WITHIN
from balie.tariffs.models import CodeAttempt, CodeUse, Tariff
from balie.tariffs.queries import code_state, offers, tariff_typed, uses, uses_left
from tests import make

pytestmark = pytest.mark.django_db

CODE = "K7RA-2MXE-94UW"
USER = Author("bakker", make.NOW, 7)
TODAY = date(2026, 11, 23)


@pytest.fixture
def bakker() -> Client:
    make.operator()
    return make.client("1001")


def secret(code: str = CODE, **values: Any) -> Tariff:
    """A tariff that only its code opens."""
    made = make.tariff(code)
    Tariff.objects.filter(pk=made.pk).update(public=False, **values)
    return Tariff.objects.get(pk=made.pk)


def enter(code: str, client: Client | None, *, author: Author = USER, address: str = "192.0.2.1") -> Tariff:
    return code_entered(code=code, client=client, address=address, author=author)


def refusal(code: str, client: Client | None, **values: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        enter(code, client, **values)
    return refused.value


@pytest.mark.parametrize(
    "typed",
    ["K7RA-2MXE-94UW", " k7ra 2mxe 94uw ", "K7RA2MXE94UW", "kira‑2nxe‑94vw", "K1RA.ZMXE.94UW", "Ｋ７RA-2MXE-94UW"],
)
def test_code_is_found_however_it_is_written(bakker: Client, typed: str) -> None:
    tariff = secret()
    assert enter(typed, bakker) == tariff


def test_code_of_the_operators_own_making_is_found_by_its_exact_signs_first(bakker: Client) -> None:
    first, second = secret("BASIS 1"), secret("BASIS L")
    assert tariff_typed("BASIS 1") == first and tariff_typed("BASIS L") == second
    assert tariff_typed("basis1") is None  # it could be either
    assert tariff_typed("") is None and tariff_typed("---") is None


def test_refusal_is_the_same_whatever_is_wrong(bakker: Client) -> None:
    other = make.client("1002")
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    secret("WITHDRAWN", code_withdrawn=True)
    secret("EXPIRED", code_expires=yesterday)
    secret("USED-UP", code_uses=0)
    secret("OTHERS", client=other)
    secret("TOO-LATE", orderable_until=yesterday)
    secret("TOO-EARLY", orderable_from=tomorrow)
    codes = ["NO-SUCH", "WITHDRAWN", "EXPIRED", "USED-UP", "OTHERS", "TOO-LATE", "TOO-EARLY"]
    found = [refusal(code, bakker, author=Author("x", make.NOW, at)) for at, code in enumerate(codes)]
    assert {(one.code, one.message, one.where) for one in found} == {
        ("unknown_code", "This code opens no tariff. Look at how it is written, or ask for a new one.", "code")
    }


def test_last_day_of_a_code_and_of_an_offer_counts(bakker: Client) -> None:
    tariff = secret(code_expires=TODAY, orderable_from=TODAY, orderable_until=TODAY)
    assert enter(CODE, bakker) == tariff


def test_own_code_of_a_client_opens_for_nobody_else(bakker: Client) -> None:
    tariff = secret(client=bakker)
    assert enter(CODE, bakker) == tariff
    assert refusal(CODE, None, author=Author("visitor", make.NOW)).code == "unknown_code"


def test_person_is_locked_out_after_five_wrong_codes(bakker: Client) -> None:
    secret()
    for _ in range(MOST_PER_PERSON):
        assert refusal("NO-SUCH", bakker).code == "unknown_code"
    assert refusal(CODE, bakker).code == "too_many_tries"
    assert CodeAttempt.objects.count() == MOST_PER_PERSON
    later = Author("bakker", make.NOW + WITHIN, 7)
    assert enter(CODE, bakker, author=later).code == CODE
    assert enter(CODE, make.client("1002"), author=Author("colleague", make.NOW, 8)).code == CODE


def test_right_code_buys_no_more_guesses(bakker: Client) -> None:
    secret()
    for _ in range(MOST_PER_PERSON):
        refusal("NO-SUCH", bakker)
        if CodeAttempt.objects.count() < MOST_PER_PERSON:
            enter(CODE, bakker)
    assert refusal(CODE, bakker).code == "too_many_tries"


def test_visitors_of_an_address_are_locked_out_after_ten_wrong_codes_and_nobody_else(bakker: Client) -> None:
    secret()
    visitor = Author("visitor", make.NOW)
    for _ in range(MOST_PER_VISITOR):
        assert refusal("NO-SUCH", None, author=visitor).code == "unknown_code"
    assert refusal(CODE, None, author=visitor).code == "too_many_tries"
    assert enter(CODE, bakker).code == CODE  # logged in, at the same address
    assert enter(CODE, None, author=visitor, address="192.0.2.2").code == CODE


def test_address_is_locked_out_whoever_tries(bakker: Client) -> None:
    for person in range(MOST_PER_ADDRESS):
        author = Author("x", make.NOW, person) if person % 4 else Author("visitor", make.NOW)
        assert refusal("NO-SUCH", bakker, author=author).code == "unknown_code"
    assert refusal("NO-SUCH", None, author=Author("visitor", make.NOW)).code == "too_many_tries"
    elsewhere = refusal("NO-SUCH", None, author=Author("visitor", make.NOW), address="192.0.2.2")
    assert elsewhere.code == "unknown_code"


def test_tries_are_forgotten_after_a_day(bakker: Client) -> None:
    refusal("NO-SUCH", bakker)
    refusal("NO-SUCH", bakker, author=Author("bakker", make.NOW + timedelta(days=1, seconds=1), 7))
    assert CodeAttempt.objects.count() == 1


def test_use_is_counted_once_for_one_thing_and_given_back(bakker: Client) -> None:
    tariff = secret(code_uses=1)
    about = "contract:1001/telephone/2026-12-01"
    use = use_code(tariff=tariff, client=bakker, kind="change", about=about, author=USER)
    assert use_code(tariff=tariff, client=bakker, kind="change", about=about, author=USER) == use
    assert (code_state(tariff, TODAY), uses_left(tariff)) == ("used_up", 0)
    assert enter(CODE, bakker) == tariff  # sent twice by the one who used it
    with pytest.raises(Refused):
        use_code(tariff=tariff, client=bakker, kind="change", about="contract:1001/sms/2026-12-01", author=USER)
    take_back_use(about=about, author=USER)
    assert (code_state(tariff, TODAY), uses_left(tariff)) == ("open", 1)
    assert [(row.who, row.undone) for row in uses(tariff)] == [("bakker", make.NOW)]


def test_public_tariff_needs_no_code_and_counts_none(bakker: Client) -> None:
    assert use_code(tariff=make.tariff("OPEN"), client=bakker, kind="order", about="order:1", author=USER) is None
    assert CodeUse.objects.count() == 0


def test_withdrawal_is_logged_and_taken_back(bakker: Client) -> None:
    tariff = secret()
    for _ in range(2):
        withdraw_code(tariff=tariff, author=USER)
    assert refusal(CODE, bakker).code == "unknown_code"
    restore_code(tariff=tariff, author=USER)
    assert enter(CODE, bakker) == tariff
    deeds = LogEntry.objects.order_by("pk").values_list("deed", "about")
    assert list(deeds) == [
        ("tariff.code_withdrawn", f"tariff:{CODE}"),
        ("tariff.code_restored", f"tariff:{CODE}"),
    ]


def test_offers_are_public_orderable_and_priced_on_the_day(bakker: Client) -> None:
    changes: dict[str, dict[str, Any]] = {
        "BASIS": {},
        "CLOSED": {"orderable_until": TODAY - timedelta(days=1)},
        "HIDDEN": {"public": False},
        "LATER": {"orderable_from": TODAY + timedelta(days=1)},
        "SMS": {"service": "sms"},
    }
    for code, values in changes.items():
        Tariff.objects.filter(pk=make.tariff(code).pk).update(**values)
    make.tariff("NOT-YET", first_day=date(2026, 12, 1))
    assert [tariff.code for tariff in offers("telephone", day=TODAY)] == ["BASIS"]
    assert [tariff.code for tariff in offers(day=TODAY)] == ["BASIS", "SMS"]
