"""Tariffs in the office: found, read, edited row by row, copied for a client, opened and closed by their code."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.billing.queries import preview
from balie.contracts.models import Contract
from balie.operator.actions import Author
from balie.rules.period import Period
from balie.tariffs.actions import use_code
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.web.typed import point
from tests import make
from tests.web.make_office import NOW, ZONE
from tests.web.make_tariffs import form, priced, tariffs

Html = Callable[..., str]
pytestmark = pytest.mark.django_db

OCTOBER = Period(2026, 10, ZONE)
DECEMBER = date(2026, 12, 1)
FEE = {"meter": "basic_fee", "price": "31,50", "cycle": "monthly", "title_en": "Basic fee", "in_advance": "1"}
CALL = {"meter": "calls_accepted", "price": "0.97"}
TALK = {"meter": "talk_time", "price": "0,91", "unit": "minute", "increment": "60/1"}
PART = {"hx-request": "true"}
MOST_QUERIES = 35  # of the editor, which prices its example twice: as it was, and as it would be


@pytest.fixture
def basis(office: None) -> Tariff:
    return tariffs()


def text(page: str) -> str:
    """The page as a person reads it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :] if "<main" in page else page).split())


def codes(page: str) -> list[str]:
    """The codes of the list in their order."""
    return re.findall(r'<td class="card-code"><span class="code-text">(.*?)<', page)


def keys(page: str) -> list[str]:
    """The rows of the editor in their order."""
    return re.findall(r'name="row" value="(\d+)"', page)


def editor(browser: Browser, tariff: Tariff, said: dict[str, Any], month: str = "2026-12", **headers: str) -> Any:
    return browser.post(f"/tariffs/{tariff.pk}/edit/{month}/", said, headers=headers)


def shown(browser: Browser, address: str) -> str:
    return str(browser.get(address).content.decode())


def prices(version: TariffVersion) -> list[tuple[str, str]]:
    return list(Item.objects.filter(version=version).values_list("meter", "price"))


@pytest.mark.parametrize(
    "address",
    ["/tariffs/", "/tariffs/new/", "/tariffs/{pk}/", "/tariffs/{pk}/edit/2026-12/", "/tariffs/{pk}/copy/"],
)
def test_page_takes_the_same_few_queries_however_many_tariffs_and_clients(
    basis: Tariff, browser: Browser, address: str
) -> None:
    few = queries_of(browser, address.format(pk=basis.pk))
    for number in range(3001, 3016):
        company = make.client(str(number))
        make.contract(company, tariff=basis)
        own = make.tariff(f"T-{number}", items=({"meter": "basic_fee", "price": "1.00"},))
        make.contract(company, tariff=own, service="sms")
        priced(own, first_day=DECEMBER)
    assert (queries_of(browser, address.format(pk=basis.pk)), few <= MOST_QUERIES) == (few, True)


def queries_of(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_list_says_for_whom_at_what_fee_for_how_many_and_what_comes(basis: Tariff, html: Html) -> None:
    priced(basis, first_day=date(2027, 1, 1))
    page = text(html("/tariffs/"))
    assert "BASIS everybody €29.00 12 – open from January 2027" in page
    assert "K7RA-2MXE whoever has the code €29.00 – 0 of 1 open –" in page
    assert "OWN-1001 Bakker Installaties €29.00 – – open –" in page
    assert "3 tariffs 12 –" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["BASIS", "K7RA-2MXE", "OWN-1001"]),
        ("order=-title", ["OWN-1001", "K7RA-2MXE", "BASIS"]),
        ("order=-clients", ["BASIS", "OWN-1001", "K7RA-2MXE"]),
        ("order=nonsense", ["BASIS", "K7RA-2MXE", "OWN-1001"]),
        ("q=k7ra2m", ["K7RA-2MXE"]),
        ("q=bakker", ["OWN-1001"]),
        ("for=hidden", ["K7RA-2MXE"]),
        ("for=client", ["OWN-1001"]),
        ("for=nonsense", ["BASIS", "K7RA-2MXE", "OWN-1001"]),
        ("state=withdrawn", []),
        ("state=open&for=public", ["BASIS"]),
    ],
)
def test_list_is_searched_sorted_and_filtered(basis: Tariff, html: Html, query: str, found: list[str]) -> None:
    assert codes(html(f"/tariffs/?{query}")) == found
    assert codes(html(f"/tariffs/?{query}", **PART)) == found


def test_each_state_of_a_tariff_is_told_and_can_be_filtered(basis: Tariff, html: Html) -> None:
    hidden = Tariff.objects.get(code="K7RA-2MXE")
    use_code(tariff=hidden, client=Client.objects.get(number="1002"), kind="change", about="x", author=Author("x", NOW))
    for state, values in {
        "used_up": {},
        "expired": {"code_expires": date(2026, 11, 22)},
        "withdrawn": {"code_withdrawn": True},
        "ended": {"orderable_until": date(2026, 11, 22)},
    }.items():
        Tariff.objects.filter(pk=hidden.pk).update(**values)
        assert codes(html(f"/tariffs/?state={state}")) == ["K7RA-2MXE"]
    Tariff.objects.filter(pk=basis.pk).update(orderable_from=date(2026, 11, 24))
    assert codes(html("/tariffs/?state=not_yet")) == ["BASIS"]


def test_empty_lists_say_what_to_do(office: None, html: Html) -> None:
    assert "No tariff fits these filters. Show all tariffs" in text(html("/tariffs/?q=zzz"))
    Contract.objects.all().delete()
    Tariff.objects.all().delete()
    assert "There are no tariffs yet. A client needs one to be billed. Make the first tariff" in text(html("/tariffs/"))


def test_page_reads_as_a_client_reads_it_and_tells_what_each_version_changed(basis: Tariff, html: Html) -> None:
    priced(basis, first_day=DECEMBER, items=({"meter": "basic_fee", "price": "31.50", "title": {"en": "Basic fee"}},))
    page = text(html(f"/tariffs/{basis.pk}/"))
    assert "Basic fee €29.00 a month Accepted call €0.95 each Talk time by the second after 60 seconds €0.89" in page
    assert "From December 2026 coming Edit Basic fee €29.00 a month → €31.50 a month" in page
    assert "Accepted call €0.95 each → removed" in page
    assert "From December 2026 on the prices from the beginning hold again. 3 changes are lost, 12 clients have" in page
    assert "Billed by no item, so free: SMS, Handling time" in page
    assert f'href="/prices/{basis.code}/"' in html(f"/tariffs/{basis.pk}/")
    later = TariffVersion.objects.get(tariff=basis, first_day=DECEMBER)
    assert "Price list from December 2026 what holds now" in text(html(f"/tariffs/{basis.pk}/?version={later.pk}"))


def test_month_chosen_leads_to_the_editor(basis: Tariff, browser: Browser) -> None:
    answer = browser.get(f"/tariffs/{basis.pk}/?from=2027-01")
    assert (answer.status_code, answer["Location"]) == (302, f"/tariffs/{basis.pk}/edit/2027-01/")
    assert browser.get(f"/tariffs/{basis.pk}/?from=2031-01").status_code == 400


def test_example_is_last_month_as_it_was_and_as_the_preview_prices_it(basis: Tariff, html: Html) -> None:
    own = Tariff.objects.get(code="OWN-1001")
    priced(own, items=({"meter": "basic_fee", "price": "100.00"}, {"meter": "talk_time", "price": "0.50"}))
    client = Client.objects.get(number="1001")
    then, other = (preview(client, OCTOBER, tariff).net for tariff in (basis, own))
    sign = "+" if other > then else "−"
    page = text(html(f"/tariffs/{own.pk}/?client=1001+Bakker"))
    said = f"October 2026, net as it was: €{then:,} → with these prices: €{other:,} {sign}€{abs(other - then):,}"
    assert said in page and then != other
    assert "No client has this number. Choose one from the list." in text(html(f"/tariffs/{own.pk}/?client=9"))


def test_example_says_what_keeps_it_from_being_told(basis: Tariff, html: Html) -> None:
    own = Tariff.objects.get(code="OWN-1001")
    priced(own, items=({"meter": "talk_time", "title": {"en": "Talking"}},))
    assert "“Talking” has no price, and it was used; 0.00 makes it free." in text(
        html(f"/tariffs/{own.pk}/?client=1001")
    )
    night = {"meter": "talk_time", "price": "1", "window": {"from": "22:00", "to": "23:00"}}
    priced(own, items=(night,))
    said = "“Talk time” was used at hours that no item has a price for."
    assert said in text(html(f"/tariffs/{own.pk}/?client=1001"))
    make.client("4001", name="Nobody yet")
    said = "Nobody yet had no contract for this service in October 2026."
    assert said in text(html(f"/tariffs/{own.pk}/?client=4001"))


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


def test_new_tariff_gets_a_code_and_leads_to_its_editor(basis: Tariff, browser: Browser) -> None:
    said = {"title_en": "Plus", "month": "2026-12", "vat_percent": "21", "notice": "yearly", "service": "telephone"}
    answer = browser.post("/tariffs/new/", said)
    made = Tariff.objects.latest("pk")
    assert answer["Location"] == f"/tariffs/{made.pk}/edit/2026-12/" and made.code
    assert (made.public, made.versions.get().notice, made.versions.get().first_day) == (False, "yearly", DECEMBER)
    page = shown(browser, answer["Location"])
    assert "No items yet, so nothing is billed." in page


@pytest.mark.parametrize(
    ("said", "where"),
    [({"vat_percent": "21"}, "title-problem"), ({"title_en": "Plus", "vat_percent": "x"}, "vat-problem")],
)
def test_new_tariff_that_cannot_be_is_told_at_its_field(
    basis: Tariff, browser: Browser, said: dict[str, str], where: str
) -> None:
    answer = browser.post("/tariffs/new/", {"month": "2026-12", **said})
    assert (answer.status_code, f'id="{where}" role="alert"' in answer.content.decode()) == (422, True)
    assert Tariff.objects.count() == 3


def test_copy_for_a_client_takes_one_step_and_leads_to_its_prices(basis: Tariff, browser: Browser) -> None:
    answer = browser.post(f"/tariffs/{basis.pk}/copy/", {"client": "1002 Notariskantoor Van Dam"})
    made = Tariff.objects.latest("pk")
    assert answer["Location"] == f"/tariffs/{made.pk}/edit/2026-11/?client=1002"
    assert made.client and (made.client.number, made.public) == ("1002", False)
    version = made.versions.get()
    assert version.title["en"] == "BASIS Notariskantoor Van Dam"
    assert prices(version) == prices(basis.versions.get())


def test_copy_without_a_client_is_told_at_its_field(basis: Tariff, browser: Browser) -> None:
    answer = browser.post(f"/tariffs/{basis.pk}/copy/", {"client": "nobody", "title_en": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="Mine"' in page
    assert 'id="client-problem" role="alert">Choose the client by its number, for instance 1001.' in page


def test_code_is_withdrawn_and_opened_again_by_the_undo(basis: Tariff, browser: Browser) -> None:
    address = f"/tariffs/{basis.pk}/code/"
    page = browser.post(address, {"do": "withdraw"}, follow=True).content.decode()
    assert Tariff.objects.get(pk=basis.pk).code_withdrawn and "code withdrawn" in text(page)
    assert f'action="{address}?do=restore"' in page
    browser.post(f"{address}?do=restore")
    assert not Tariff.objects.get(pk=basis.pk).code_withdrawn


def test_offer_is_bounded_by_days_and_uses(basis: Tariff, browser: Browser) -> None:
    said = {"do": "offer", "orderable_until": "2027-06-30", "code_expires": "2027-01-31", "code_uses": "3"}
    page = text(browser.post(f"/tariffs/{basis.pk}/code/", said, follow=True).content.decode())
    assert "0 of 3 times, 3 left" in page and "until 30 Jun 2027" in page
    found = Tariff.objects.get(pk=basis.pk)
    assert (found.public, found.code_expires, found.code_uses) == (False, date(2027, 1, 31), 3)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"do": "offer", "code_uses": "many"}, "This should be a whole number from 1 on."),
        ({"do": "offer", "orderable_from": "soon"}, "“soon” is not a day."),
        (
            {"do": "offer", "orderable_from": "2027-02-01", "orderable_until": "2027-01-01"},
            "The last day is before the",
        ),
        ({}, "Nothing was chosen, so nothing was changed."),
    ],
)
def test_offer_that_cannot_be_keeps_what_was_typed(
    basis: Tariff, browser: Browser, said: dict[str, str], message: str
) -> None:
    answer = browser.post(f"/tariffs/{basis.pk}/code/", said)
    page = answer.content.decode()
    assert (answer.status_code, message in page) == (422, True)
    assert all(f'value="{value}"' in page for value in said.values())
    assert Tariff.objects.get(pk=basis.pk).public


def test_coming_version_is_deleted_and_one_a_closed_month_used_is_not(basis: Tariff, browser: Browser) -> None:
    later = priced(basis, first_day=DECEMBER)
    assert f'action="/tariffs/versions/{later.pk}/delete/"' in shown(browser, f"/tariffs/{basis.pk}/")
    TariffVersion.objects.filter(pk=later.pk).update(frozen=True)
    answer = browser.post(f"/tariffs/versions/{later.pk}/delete/")
    assert answer.status_code == 422 and "A closed month has used this version; it stays." in answer.content.decode()
    TariffVersion.objects.filter(pk=later.pk).update(frozen=False)
    assert browser.post(f"/tariffs/versions/{later.pk}/delete/")["Location"] == f"/tariffs/{basis.pk}/"
    assert not TariffVersion.objects.filter(pk=later.pk).exists()
    only = browser.post(f"/tariffs/versions/{basis.versions.get().pk}/delete/")
    assert only.status_code == 422 and "only version; change it instead." in only.content.decode()


def test_uses_of_a_code_are_told_with_those_taken_back(basis: Tariff, html: Html) -> None:
    hidden = Tariff.objects.get(code="K7RA-2MXE")
    client = Client.objects.get(number="1002")
    used = use_code(tariff=hidden, client=client, kind="change", about="contract:1002/x", author=Author("Eva", NOW))
    page = text(html(f"/tariffs/{hidden.pk}/"))
    assert "1 of 1 times, 0 left" in page and "code used up" in page
    assert "Notariskantoor Van Dam for a change of tariff Eva, 11:42" in page
    assert used is not None
    used.undone = NOW
    used.save()
    page = text(html(f"/tariffs/{hidden.pk}/"))
    assert "taken back 11:42, not counted" in page and "0 of 1 times, 1 left" in page


def test_menu_marks_tariffs_and_counts_contracts_to_the_clients(basis: Tariff, html: Html) -> None:
    marked = r'<a href="([^"]*)" aria-current="true"'
    contract = Contract.objects.get(client__number="1001")
    assert re.findall(marked, html(f"/tariffs/{basis.pk}/")) == ["/tariffs/"]
    assert re.findall(marked, html(f"/contracts/{contract.pk}/tariff/")) == ["/clients/"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0,89", "0.89"), ("0.89", "0.89"), (" 12 ", "12"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"),
        ("1.234.567,8", "1234567.8"), ("1,2,3", "1,2,3"), ("", ""), ("1.23,4", "1.23,4"),
    ],
)  # fmt: skip
def test_amount_is_read_with_comma_or_point(typed: str, read: str) -> None:
    assert point(typed) == read
