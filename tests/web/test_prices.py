"""Prices of many tariffs changed at once: seen before, done as one, taken back before they hold."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.billing.queries import preview
from balie.billing.repriced import repriced
from balie.rules.period import Period
from balie.tariffs.models import Item, PriceChange, Tariff, TariffVersion
from balie.tariffs.price_change import Adjustment, PriceRule, price_change_preview
from tests import make
from tests.web.make_office import ZONE
from tests.web.make_tariffs import ITEMS, priced, tariffs
from tests.web.reading import queries, text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db

ADDRESS = "/tariffs/prices/"
SHOW = f"{ADDRESS}?group=public&percent=3&month=2027-01&round_to=0.01&show=1"
JANUARY = date(2027, 1, 1)
OCTOBER = Period(2026, 10, ZONE)


@pytest.fixture
def basis(office: None) -> Tariff:
    return tariffs()


def rule(tariff: Tariff, first_day: date = JANUARY) -> PriceRule:
    return PriceRule((tariff.pk,), first_day, {"": Adjustment(percent=Decimal(3))})


def raised(tariff: Tariff) -> TariffVersion:
    """The version that the change would make."""
    version = price_change_preview(rule(tariff), closed=())[0].version
    assert version is not None
    return version


def change(browser: Browser, *tariffs: Tariff, **said: str) -> Any:
    wanted = {"tariff": [str(tariff.pk) for tariff in tariffs], "percent": "3", "month": "2027-01", **said}
    return browser.post(ADDRESS, wanted, follow=True)


def prices(tariff: Tariff) -> list[str]:
    return list(Item.objects.filter(version__tariff=tariff, version__first_day=JANUARY).values_list("price", flat=True))


def test_preview_shows_prices_before_and_after_and_stores_nothing(basis: Tariff, html: Html) -> None:
    page = text(html(SHOW))
    assert "Basic fee €29.00 €29.87 Accepted call €0.95 €0.98 Talk time €0.89 €0.92" in page
    assert "Tariffs with new prices 1" in page and "Change the prices of 1 tariff" in page
    assert TariffVersion.objects.filter(first_day=JANUARY).count() == 0


def test_effect_is_the_sum_of_what_the_preview_prices_for_each_client(basis: Tariff, html: Html) -> None:
    version = raised(basis)
    clients = list(Client.objects.filter(contracts__tariff=basis).order_by("number"))
    old = [preview(client, OCTOBER, basis).net for client in clients]
    new = [preview(client, OCTOBER, version).net for client in clients]
    found = repriced(OCTOBER, {basis.pk: version})
    assert [(one.client, one.old, one.new) for one in found.found] == list(zip(clients, old, new, strict=True))
    page = text(html(SHOW))
    assert (
        f"October 2026 as it was, net €{sum(old):,} With the new prices €{sum(new):,} +€{sum(new) - sum(old):,}" in page
    )
    most = max(range(len(clients)), key=lambda at: new[at] - old[at])
    assert text(html(SHOW)).index(f"Difference {clients[most].name.split(' & ')[0]}") > 0


def test_contract_that_used_what_has_no_price_is_named_as_not_counted(basis: Tariff, html: Html) -> None:
    priced(basis, items=({"meter": "basic_fee", "price": "29.00"}, {"meter": "talk_time"}))
    assert "12 contracts are not counted: an item they used has no price." in text(html(SHOW))


def test_effect_takes_the_same_few_queries_however_many_clients(basis: Tariff, browser: Browser) -> None:
    few = queries(browser, SHOW)
    for number in range(3001, 3016):
        make.contract(make.client(str(number)), tariff=basis)
        make.contract(make.client(f"9{number}"), tariff=make.tariff(f"T-{number}", items=ITEMS))
    assert (queries(browser, SHOW), few <= 32) == (few, True)


def test_change_is_made_once_and_taken_back_as_one(basis: Tariff, browser: Browser) -> None:
    own = Tariff.objects.get(code="OWN-1001")
    page = text(change(browser, basis, own).content.decode())
    assert "The new prices hold from 01 Jan 2027. Undo" in page
    assert "+3% from 01 Jan 2027 · 2 tariffs Marit de Boer, 11:42 Take back" in page
    assert [prices(tariff) for tariff in (basis, own)] == [["29.87", "0.98", "0.92"]] * 2
    change(browser, basis, own)
    made = PriceChange.objects.get()
    page = text(browser.post(f"{ADDRESS}{made.pk}/undo/", follow=True).content.decode())
    assert "The change of prices is taken back." in page and "taken back 11:42" in page
    assert TariffVersion.objects.filter(first_day=JANUARY).count() == 0


def test_change_that_holds_is_not_taken_back(basis: Tariff, browser: Browser) -> None:
    change(browser, basis)
    made = PriceChange.objects.get()
    PriceChange.objects.filter(pk=made.pk).update(first_day=date(2026, 11, 1))
    page = text(browser.post(f"{ADDRESS}{made.pk}/undo/", follow=True).content.decode())
    assert "These prices hold already; change them with a new version." in page
    assert "holds, so it cannot be taken back" in page
    assert prices(basis) == ["29.87", "0.98", "0.92"]


def test_amount_with_a_comma_and_one_kind_of_items_only(basis: Tariff, browser: Browser) -> None:
    page = text(change(browser, basis, percent="", amount="0,05", meter="talk_time").content.decode())
    assert prices(basis) == ["29.00", "0.95", "0.94"]
    assert "Talk time +€0.05 from 01 Jan 2027" in page


def test_prices_are_lowered_and_rounded_to_a_step(basis: Tariff, browser: Browser) -> None:
    change(browser, basis, percent="−10 %", round_to="0.05")
    assert prices(basis) == ["26.10", "0.85", "0.80"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"percent": ""}, "Say by how much prices change."),
        ({"percent": "much"}, "“much” is no number; write it as 3 or 2.5."),
        ({"percent": "3", "amount": "1"}, "Give a percentage or an amount, not both."),
        ({"percent": "NaN"}, "“NaN” is no number; write it as 3 or 2.5."),
        ({"percent": "-101"}, "Prices change by -100 to 1000 percent."),
        ({"round_to": "-1"}, "Prices are rounded to steps such as 0.01 or 0.05."),
        ({"meter": "nonsense"}, "“nonsense” is not known"),
        ({"month": "2026-13"}, "There is no month"),
    ],
)
def test_question_that_cannot_be_is_told_at_its_field(
    basis: Tariff, browser: Browser, said: dict[str, str], message: str
) -> None:
    answer = change(browser, basis, **said)
    assert answer.status_code == 422
    assert message in answer.content.decode().replace("&#x27;", "'")
    shown = browser.get(ADDRESS, {"tariff": str(basis.pk), "percent": "3", "month": "2027-01", "show": "1", **said})
    assert (shown.status_code, message in shown.content.decode().replace("&#x27;", "'")) == (200, True)


def test_nothing_chosen_is_told(basis: Tariff, browser: Browser) -> None:
    answer = browser.post(ADDRESS, {"percent": "3", "month": "2027-01"})
    assert answer.status_code == 422 and "Choose at least one tariff." in answer.content.decode()


def test_tariff_with_a_version_of_that_month_keeps_all_from_being_changed(basis: Tariff, browser: Browser) -> None:
    priced(basis, first_day=JANUARY)
    page = text(browser.get(SHOW).content.decode())
    assert "It has a version from that day already" in page and "Change the prices of" not in page
    assert change(browser, basis).status_code == 422
    assert PriceChange.objects.count() == 0


def test_step_too_fine_for_any_price_is_told(basis: Tariff, html: Html) -> None:
    page = text(html(f"{ADDRESS}?tariff={basis.pk}&percent=0.01&month=2027-01&round_to=0.01&show=1"))
    assert "No price would change." in page


def test_list_of_tariffs_names_coming_changes(basis: Tariff, browser: Browser) -> None:
    change(browser, basis)
    assert "New prices of several tariffs hold from 01 Jan 2027." in text(browser.get("/tariffs/").content.decode())


def test_closed_month_is_repriced_as_it_was_frozen(basis: Tariff) -> None:
    from balie.billing.models import FrozenBill, FrozenPart

    version, client = raised(basis), Client.objects.get(number="1001")
    expected = preview(client, OCTOBER, version).net
    bill = FrozenBill.objects.create(
        client=client, month=202610, currency="EUR", net=0, vat=0, gross=0, rates=[], created=make.NOW
    )
    terms: dict[str, Any] = {
        "start": "2026-01-01",
        "end": None,
        "first_start": "2026-01-01",
        "users": 0,
        "bookings": [],
    }
    contract = client.contracts.get()
    FrozenPart.objects.create(
        bill=bill, contract=contract, position=0, service="telephone", tariff="BASIS", net=0, lines=[], terms=terms
    )
    found = repriced(OCTOBER, {basis.pk: version}).found
    assert [(one.client, one.new) for one in found] == [(client, expected)]
