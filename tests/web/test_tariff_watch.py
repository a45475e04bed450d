"""What the watch goes by for a tariff, on its page: said, changed, taken back, refused beside its field."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from balie.tariffs.models import Tariff
from tests.web.make_tariffs import tariffs
from tests.web.reading import text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db


@pytest.fixture
def basis(office: None) -> Tariff:
    return tariffs()


def put(browser: Browser, tariff: Tariff, **given: str) -> Any:
    return browser.post(f"/tariffs/{tariff.pk}/watch/", given, follow=True)


def stored(tariff: Tariff) -> tuple[Any, ...]:
    return Tariff.objects.values_list("target_margin_percent", "margin_months", "offer_step").get(pk=tariff.pk)


def test_page_says_what_the_watch_goes_by(basis: Tariff, html: Html) -> None:
    page = html(f"/tariffs/{basis.pk}/")
    said = text(page)
    assert "Watch goes by what the operator says A margin below 20% over the last 3 months makes a task" in said
    assert "with an offer in steps of €5.00" in said and "Empty: 20%, as the operator" in said
    assert 'name="target_margin_percent" value="" inputmode="decimal"' in page and 'placeholder="20"' in page


def test_values_of_the_tariff_hold_at_once_and_can_be_taken_back(basis: Tariff, browser: Browser) -> None:
    answer = put(browser, basis, target_margin_percent="25,5", margin_months="1", offer_step="")
    assert stored(basis) == (Decimal("25.5"), 1, None)
    page = answer.content.decode()
    said = text(page)
    assert "Saved. The watch goes by it from its next look on." in said
    assert "goes by this tariff A margin below 25.5% in the last month makes a task" in said
    assert "What the watch goes by changed" in said
    undo = f"/tariffs/{basis.pk}/watch/?target_margin_percent=&amp;margin_months="
    assert undo in page
    browser.post(undo.replace("&amp;", "&"))
    assert stored(basis) == (None, None, None)


def test_taking_back_leaves_what_was_not_changed(basis: Tariff, browser: Browser) -> None:
    put(browser, basis, target_margin_percent="25", margin_months="6", offer_step="2.50")
    page = put(browser, basis, target_margin_percent="30", margin_months="6", offer_step="2.50").content.decode()
    undo = page.partition(f'action="/tariffs/{basis.pk}/watch/?')[2].partition('"')[0]
    assert undo == "target_margin_percent=25.000"
    browser.post(f"/tariffs/{basis.pk}/watch/?{undo}")
    assert stored(basis) == (Decimal(25), 6, Decimal("2.5"))


def test_same_values_again_say_nothing(basis: Tariff, browser: Browser) -> None:
    page = put(browser, basis, target_margin_percent="", margin_months="", offer_step="").content.decode()
    assert "Saved." not in page


def test_what_cannot_be_is_said_beside_its_field(basis: Tariff, browser: Browser) -> None:
    answer = put(browser, basis, target_margin_percent="20", margin_months="99", offer_step="5")
    page = answer.content.decode()
    assert answer.status_code == 422 and stored(basis) == (None, None, None)
    assert 'id="watch-problem" role="alert">This should be at most 60.' in page
    assert 'value="99"' in page and 'aria-describedby="margin_months-help watch-problem" aria-invalid="true"' in page
    assert "offer-problem" not in page
    page = put(browser, basis, target_margin_percent="20%", margin_months="", offer_step="").content.decode()
    assert "“20%” is no percentage; write it as 12.5, without a percent sign" in page
