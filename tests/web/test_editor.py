"""The editor of a version: rows added, moved, copied and taken away, wrong ones told beside them, all saved as one."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.billing.queries import preview
from balie.rules.period import Period
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.web.typed import point
from tests.web.make_office import ZONE
from tests.web.make_tariffs import form, prices, shown, tariffs
from tests.web.reading import text

pytestmark = pytest.mark.django_db

OCTOBER = Period(2026, 10, ZONE)
DECEMBER = date(2026, 12, 1)
FEE = {"meter": "basic_fee", "price": "31,50", "cycle": "monthly", "title_en": "Basic fee", "in_advance": "1"}
CALL = {"meter": "calls_accepted", "price": "0.97"}
TALK = {"meter": "talk_time", "price": "0,91", "unit": "minute", "increment": "60/1"}
PART = {"hx-request": "true"}


@pytest.fixture
def basis(office: None) -> Tariff:
    return tariffs()


def keys(page: str) -> list[str]:
    """The rows of the editor in their order."""
    return re.findall(r'name="row" value="(\d+)"', page)


def editor(browser: Browser, tariff: Tariff, said: dict[str, Any], month: str = "2026-12", **headers: str) -> Any:
    return browser.post(f"/tariffs/{tariff.pk}/edit/{month}/", said, headers=headers)


@pytest.mark.parametrize(
    ("deed", "order"),
    [
        ("add", ["1", "2", "3", "4"]),
        ("up-2", ["2", "1", "3"]),
        ("up-1", ["1", "2", "3"]),
        ("down-2", ["1", "3", "2"]),
        ("down-3", ["1", "2", "3"]),
        ("copy-1", ["1", "4", "2", "3"]),
        ("remove-2", ["1", "2", "3"]),
        ("nonsense-9", ["1", "2", "3"]),
    ],
)
def test_buttons_move_rows_about_with_and_without_htmx(
    basis: Tariff, browser: Browser, deed: str, order: list[str]
) -> None:
    said = {**form(FEE, CALL, TALK), "do": deed}
    whole, part = editor(browser, basis, said), editor(browser, basis, said, **PART)
    assert (keys(whole.content.decode()), keys(part.content.decode())) == (order, order)
    assert "<html" in whole.content.decode() and part.content.decode().startswith("<form")
    assert TariffVersion.objects.filter(tariff=basis).count() == 1


def test_what_was_typed_stays_wherever_its_row_goes(basis: Tariff, browser: Browser) -> None:
    copied = editor(browser, basis, {**form(FEE, CALL, TALK), "do": "copy-1"}).content.decode()
    assert re.findall(r'name="(\d)-price" value="(.*?)"', copied) == [
        ("1", "31,50"), ("4", "31,50"), ("2", "0.97"), ("3", "0,91"),
    ]  # fmt: skip


def test_removed_row_is_kept_again_until_it_is_saved(basis: Tariff, browser: Browser) -> None:
    removed = editor(browser, basis, {**form(FEE, CALL), "do": "remove-2"}).content.decode()
    assert "Accepted calls 0.97 is removed when you save" in text(removed)
    kept = editor(browser, basis, {**form(FEE, {**CALL, "removed": "1"}), "do": "keep-2"}).content.decode()
    assert 'name="2-price" value="0.97"' in kept and "is removed" not in kept
    editor(browser, basis, {**form(FEE, {**CALL, "removed": "1"}), "do": "save"})
    assert prices(TariffVersion.objects.get(tariff=basis, first_day=DECEMBER)) == [("basic_fee", "31.50")]


def test_saving_makes_a_version_with_comma_or_point_and_leaves_the_one_before(basis: Tariff, browser: Browser) -> None:
    windowed = {**TALK, "from": "18:00", "to": "08:00", "day": "mon", "holidays": "except", "steps": "300: 0,82; 0.68"}
    said = form(FEE, CALL, {**windowed, "price": ""}, cost_limit="1.250,00", description_en="For small firms")
    answer = editor(browser, basis, {**said, "do": "save"})
    assert (answer.status_code, answer["Location"]) == (302, f"/tariffs/{basis.pk}/")
    made = TariffVersion.objects.get(tariff=basis, first_day=DECEMBER)
    assert prices(made) == [("basic_fee", "31.50"), ("calls_accepted", "0.97"), ("talk_time", "")]
    last = made.items.get(meter="talk_time")
    assert last.steps == [{"up_to": 300, "price": "0.82"}, {"price": "0.68"}]
    assert last.window == {"days": "mon", "from": "18:00", "to": "08:00", "holidays": "except"}
    assert (made.cost_limit, made.description) == (Decimal(1250), {"en": "For small firms"})
    assert prices(TariffVersion.objects.get(tariff=basis, first_day=None))[0] == ("basic_fee", "29.00")


def test_tariff_of_many_items_is_one_form(basis: Tariff, browser: Browser) -> None:
    empty = {"title_nl": "", "title_de": "", "steps": "", "included": "0", "min_seconds": "0", "from": "", "to": ""}
    answer = editor(browser, basis, {**form(*[{**TALK, **empty}] * 150), "do": "save"})
    assert answer.status_code == 302
    assert TariffVersion.objects.get(tariff=basis, first_day=DECEMBER).items.count() == 150


def test_saving_by_htmx_leads_to_the_tariff(basis: Tariff, browser: Browser) -> None:
    answer = editor(browser, basis, {**form(FEE), "do": "save"}, **PART)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/tariffs/{basis.pk}/")


def test_opening_and_saving_changes_nothing(basis: Tariff, browser: Browser) -> None:
    page = shown(browser, f"/tariffs/{basis.pk}/edit/beginning/")
    assert keys(page) == ["1", "2", "3"]
    said = dict(re.findall(r'name="(\d-(?:price|increment|included|title_\w\w))"[^>]*? value="(.*?)"', page))
    said |= {f"{key}-meter": meter for key, (meter, _) in enumerate(prices(basis.versions.get()), start=1)}
    before = list(Item.objects.filter(version__tariff=basis).values_list("meter", "price", "title", "increment"))
    answer = editor(browser, basis, {**form(), **said, "row": keys(page), "do": "save"}, month="beginning")
    assert answer.status_code == 302
    found = Item.objects.filter(version__tariff=basis)
    assert list(found.values_list("meter", "price", "title", "increment")) == before


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({**CALL, "price": "one"}, "price", "“one” is no amount"),
        ({**TALK, "increment": "6"}, "increment", "“6” is no increment"),
        ({**TALK, "steps": "300: 1; 200: 2"}, "steps", "Steps rise: 200 is not more than 300."),
        ({**TALK, "from": "25:00"}, "window", "“25:00” is no time of day"),
        ({**CALL, "included": "-1"}, "included", "This should be a whole number from 0 on."),
        ({**CALL, "vat_percent": "21%"}, "vat_percent", "“21%” is no percentage; write it as 12.5, without a percent"),
        ({**CALL, "vat_percent": "101"}, "vat_percent", "This should be at most 100."),
    ],
)
def test_error_stands_beside_its_row_and_at_its_field(
    basis: Tariff, browser: Browser, row: dict[str, str], field: str, message: str
) -> None:
    answer = editor(browser, basis, {**form(FEE, {**CALL, "removed": "1"}, row), "do": "save"})
    page = answer.content.decode()
    wrong = page[page.index('<li class="item wrong">') :]
    assert (answer.status_code, wrong.count('aria-describedby="i3-problem"')) == (422, 1)
    assert re.search(rf'id="i3-problem">{re.escape(message)}', wrong.replace("&#x27;", "'"))
    assert ('<details class="item-more" open>' in wrong) == (field not in ("price", "increment"))
    assert TariffVersion.objects.filter(tariff=basis).count() == 1


def test_wrong_condition_is_told_at_its_field(basis: Tariff, browser: Browser) -> None:
    page = editor(browser, basis, {**form(FEE, tolerance_percent="20"), "do": "save"}).content.decode()
    assert '<p class="problem" id="tolerance-problem">A tolerance needs a cost limit.</p>' in page


def test_example_of_the_editor_follows_what_is_typed(basis: Tariff, browser: Browser) -> None:
    page = text(editor(browser, basis, {**form({**FEE, "price": "59,00"}, CALL), "example": "1001"}).content.decode())
    draft = basis.versions.get()
    draft.draft_items = [  # type: ignore[attr-defined]
        Item(version=draft, position=0, meter="basic_fee", price="59.00", in_advance=True),
        Item(version=draft, position=1, meter="calls_accepted", price="0.97"),
    ]
    assert f"€{preview(Client.objects.get(number='1001'), OCTOBER, draft).net:,}" in page
    assert TariffVersion.objects.filter(tariff=basis).count() == 1


def test_version_of_a_closed_month_is_shown_but_not_saved(basis: Tariff, browser: Browser) -> None:
    TariffVersion.objects.filter(tariff=basis).update(frozen=True)
    page = shown(browser, f"/tariffs/{basis.pk}/edit/beginning/")
    assert "A closed month has used these prices, so they stay." in page and 'value="save"' not in page
    answer = editor(browser, basis, {**form(FEE), "do": "save"}, month="beginning")
    assert answer.status_code == 422 and "Let the new ones begin in a later month." in answer.content.decode()


@pytest.mark.parametrize("month", ["2026-13", "2031-01", "never"])
def test_editor_of_an_impossible_month_is_refused(basis: Tariff, browser: Browser, month: str) -> None:
    assert browser.get(f"/tariffs/{basis.pk}/edit/{month}/").status_code == 400


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0,89", "0.89"), ("0.89", "0.89"), (" 12 ", "12"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"),
        ("1.234.567,8", "1234567.8"), ("1,2,3", "1,2,3"), ("", ""), ("1.23,4", "1.23,4"),
    ],
)  # fmt: skip
def test_amount_is_read_with_comma_or_point(typed: str, read: str) -> None:
    assert point(typed) == read
