"""Tariffs edited one at a time: versions from a month on, until a closed month has used them; copies for one client."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.code import is_spelled
from balie.rules.errors import Refused
from balie.rules.tariff import Notice
from balie.tariffs.actions import (
    change_offer,
    copy_for_client,
    delete_version,
    draft_version,
    freeze_versions,
    make_tariff,
)
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.tariffs.queries import history, items_of, terms_by_tariff, terms_of, unsaved_version, versions_of
from tests import make

pytestmark = pytest.mark.django_db

AUTHOR = Author("eva", make.NOW)
FEE: dict[str, Any] = {"meter": "basic_fee", "price": "39.00", "in_advance": True}
TALK: dict[str, Any] = {"meter": "talk_time", "price": "0.89", "increment": "60/1", "included": "30"}
JANUARY = date(2027, 1, 1)


def made(**values: Any) -> Tariff:
    wanted = {"title": {"nl": "Basis"}, "vat_percent": "21", "cost_limit": "150", **values}
    return make_tariff(
        offer={"service": "telephone"}, first_day=None, version=wanted, items=[FEE, TALK], closed=(), author=AUTHOR
    )


def draft(tariff: Tariff, first_day: date | None = JANUARY, *, closed: tuple[int, ...] = (), **values: Any) -> Any:
    return draft_version(
        tariff=tariff, first_day=first_day, version=values, items=[FEE, {**TALK, "price": "0.99"}], closed=closed,
        author=AUTHOR,
    )  # fmt: skip


def prices(version: TariffVersion) -> list[str]:
    return [item.price for item in items_of(version)]


def test_new_tariff_gets_a_code_and_is_the_same_when_made_again() -> None:
    tariff = made()
    assert is_spelled(tariff.code) and made() == tariff
    assert TariffVersion.objects.count() == 1
    assert made(title={"nl": "Plus"}) != tariff


def test_new_tariff_refuses_a_code_that_is_taken() -> None:
    make.tariff("BASIS")
    with pytest.raises(Refused) as refusal:
        make_tariff(
            offer={"service": "telephone", "code": "BASIS"}, first_day=None, version={"vat_percent": "21"}, items=[],
            closed=(), author=AUTHOR,
        )  # fmt: skip
    assert (refusal.value.code, refusal.value.where) == ("code_taken", "code")


def test_draft_keeps_what_it_does_not_mention_and_is_changed_in_place() -> None:
    tariff = made()
    version = draft(tariff, title={"nl": "Basis 2027"})
    assert (version.cost_limit, version.title, prices(version)) == (150, {"nl": "Basis 2027"}, ["39.00", "0.99"])
    again = draft(tariff, prorate=True)
    assert again == version and (again.title, again.prorate) == ({"nl": "Basis 2027"}, True)
    assert [row.first_day for row in history(tariff)] == [JANUARY, None]
    assert [prices(row) for row in history(tariff)] == [["39.00", "0.99"], ["39.00", "0.89"]]


def test_draft_that_a_closed_month_used_stays_as_it_is() -> None:
    tariff = made()
    freeze_versions(tariffs=[tariff], day=date(2026, 10, 1))
    with pytest.raises(Refused, match="closed month has used"):
        draft(tariff, None)
    with pytest.raises(Refused) as refusal:
        draft(tariff, date(2026, 10, 1), closed=(202610,))
    assert (refusal.value.code, refusal.value.where) == ("frozen_version", "from")
    assert draft(tariff).first_day == JANUARY


def test_version_is_deleted_while_unused() -> None:
    tariff = made()
    version = draft(tariff)
    delete_version(version=version, author=AUTHOR)
    delete_version(version=version, author=AUTHOR)
    assert [row.first_day for row in history(tariff)] == [None]
    deeds = list(LogEntry.objects.order_by("pk").values_list("deed", flat=True))
    assert deeds == ["tariff.made", "tariff.version_made", "tariff.version_deleted"]
    with pytest.raises(Refused, match="only version"):
        delete_version(version=history(tariff)[0], author=AUTHOR)
    TariffVersion.objects.update(frozen=True)
    with pytest.raises(Refused, match="closed month has used"):
        delete_version(version=history(tariff)[0], author=AUTHOR)


@pytest.mark.parametrize(
    ("values", "items", "where"),
    [
        ({"vat_percent": "121"}, [], "vat_percent"),
        ({"vat_percent": "21%"}, [], "vat_percent"),
        ({"cost_limit": "100", "tolerance_percent": "20.5555"}, [], "tolerance_percent"),
        ({"cost_limit": "100", "tolerance_percent": "1001"}, [], "tolerance_percent"),
        ({"notice": "weekly"}, [], "notice"),
        ({"title": {"fr": "Base"}}, [], "title.fr"),
        ({"cost_limit": None, "tolerance_percent": "20"}, [], "tolerance_percent"),
        ({}, [FEE, {"meter": "talktime"}], "items[1].meter"),
        ({}, [{**TALK, "price": "0,89"}], "items[0].price"),
        ({}, [{**TALK, "unit": "piece"}], "items[0].unit"),
        ({}, [{**TALK, "increment": "60"}], "items[0].increment"),
        ({}, [{**FEE, "increment": "30/6"}], "items[0].increment"),
        ({}, [{**FEE, "included": 2}], "items[0].included"),
        ({}, [{**FEE, "cost_limit": True}], "items[0].cost_limit"),
        ({}, [{**FEE, "window": {"days": "mon-fri"}}], "items[0].window"),
        ({}, [{**FEE, "notice": "monthly"}], "items[0].notice"),
        ({}, [{**TALK, "included": "-1"}], "items[0].included"),
        ({}, [{**TALK, "steps": [{"price": "1"}, {"price": "2"}]}], "items[0].steps[0].up_to"),
        ({}, [{**TALK, "steps": [{"up_to": 9, "price": "x"}]}], "items[0].steps[0].price"),
        ({}, [{**TALK, "window": {"from": "8"}}], "items[0].window.from"),
        ({}, [{**TALK, "cycle": "yearly"}], "items[0].cycle"),
        ({}, [{**TALK, "colour": "red"}], "items[0].colour"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(values: Any, items: Any, where: str) -> None:
    tariff = make.tariff("BASIS")
    with pytest.raises(Refused) as refusal:
        draft_version(tariff=tariff, first_day=JANUARY, version=values, items=items, closed=(), author=AUTHOR)
    assert refusal.value.where == where
    with pytest.raises(Refused) as unsaved:
        unsaved_version(tariff, JANUARY, values, items)
    assert unsaved.value.where == where


def test_version_begins_on_the_first_of_a_month() -> None:
    with pytest.raises(Refused) as refusal:
        draft(make.tariff("BASIS"), date(2027, 1, 2))
    assert refusal.value.where == "from"


def test_offer_changes_and_is_logged() -> None:
    tariff = made()
    values = {"public": True, "code_uses": "3", "code_expires": date(2026, 12, 31)}
    for _ in range(2):
        change_offer(tariff=tariff, values=values, author=AUTHOR)
    tariff.refresh_from_db()
    assert (tariff.public, tariff.code_uses, tariff.code_expires) == (True, 3, date(2026, 12, 31))
    assert LogEntry.objects.filter(deed="tariff.changed").count() == 1
    with pytest.raises(Refused) as refusal:
        change_offer(tariff=tariff, author=AUTHOR,
                     values={"orderable_from": JANUARY, "orderable_until": date(2026, 12, 31)})  # fmt: skip
    assert refusal.value.where == "orderable_until"


def test_copy_is_one_clients_with_its_own_code_and_the_same_again() -> None:
    tariff, client = made(), make.client("1001")

    def copied(price: str) -> Tariff:
        return copy_for_client(
            tariff=tariff, client=client, first_day=JANUARY, values={"title": {"nl": "Voor Bakker"}},
            items=[FEE, {**TALK, "price": price}], author=AUTHOR,
        )  # fmt: skip

    own = copied("0.79")
    assert is_spelled(own.code) and (own.client, own.public) == (client, False)
    [version] = history(own)
    assert (version.first_day, version.cost_limit, prices(version)) == (JANUARY, Decimal(150), ["39.00", "0.79"])
    assert copied("0.79") == own
    other = copied("0.69")  # the first code may have been told: it keeps its price
    assert other.code != own.code and prices(history(own)[0]) == ["39.00", "0.79"]
    with pytest.raises(Refused):
        change_offer(tariff=own, values={"public": True}, author=AUTHOR)


def test_versions_become_terms_in_two_queries_for_any_number_of_tariffs() -> None:
    tariffs = [make.tariff(f"T{at}", items=({"meter": "sms", "price": "0.10"},)) for at in range(20)]
    TariffVersion.objects.create(tariff=tariffs[0], first_day=JANUARY, vat_percent=9, notice="yearly")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = terms_by_tariff()
    assert len(asked) == 2
    assert [version.first_day for version in found[tariffs[0].pk]] == [None, JANUARY]
    assert found[tariffs[0].pk][1].notice is Notice.YEARLY
    assert [(item.meter, item.price) for item in found[tariffs[7].pk][0].items] == [("sms", "0.10")]
    unsaved = unsaved_version(tariffs[1], JANUARY, {}, [TALK])
    assert [item.included for item in terms_of(unsaved).items] == [30]
    assert Item.objects.count() == 20


def test_freezing_takes_two_queries_and_the_version_of_that_day() -> None:
    tariffs = [make.tariff(f"T{at}") for at in range(5)]
    later = [TariffVersion.objects.create(tariff=one, first_day=date(2026, 11, 1), vat_percent=21) for one in tariffs]
    with CaptureQueriesContext(connection) as asked:
        freeze_versions(tariffs=tariffs, day=date(2026, 10, 31))
    assert len(asked) == 2
    assert set(TariffVersion.objects.filter(frozen=True).values_list("first_day", flat=True)) == {None}
    freeze_versions(tariffs=tariffs[:2], day=date(2026, 11, 1))
    assert [row.frozen for row in TariffVersion.objects.filter(pk__in=[row.pk for row in later]).order_by("pk")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert list(versions_of(tariffs[:1])) == [tariffs[0].pk]
