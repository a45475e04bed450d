"""Tariffs in the office: found, read, made, copied for a client, opened and closed by their code."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.billing.queries import preview
from balie.contracts.models import Contract
from balie.operator.actions import Author
from balie.rules.period import Period
from balie.tariffs.actions import use_code
from balie.tariffs.models import Tariff, TariffVersion
from tests import make
from tests.web.make_office import NOW, ZONE
from tests.web.make_tariffs import priced, prices, shown, tariffs
from tests.web.reading import queries, text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db

OCTOBER = Period(2026, 10, ZONE)
DECEMBER = date(2026, 12, 1)
PART = {"hx-request": "true"}
MOST_QUERIES = 35  # of the editor, which prices its example twice: as it was, and as it would be


@pytest.fixture
def basis(office: None) -> Tariff:
    return tariffs()


def codes(page: str) -> list[str]:
    """The codes of the list in their order."""
    return re.findall(r'<td class="card-code"><span class="code-text">(.*?)<', page)


@pytest.mark.parametrize(
    "address",
    ["/tariffs/", "/tariffs/new/", "/tariffs/{pk}/", "/tariffs/{pk}/edit/2026-12/", "/tariffs/{pk}/copy/"],
)
def test_page_takes_the_same_few_queries_however_many_tariffs_and_clients(
    basis: Tariff, browser: Browser, address: str
) -> None:
    few = queries(browser, address.format(pk=basis.pk))
    for number in range(3001, 3016):
        company = make.client(str(number))
        make.contract(company, tariff=basis)
        own = make.tariff(f"T-{number}", items=({"meter": "basic_fee", "price": "1.00"},))
        make.contract(company, tariff=own, service="sms")
        priced(own, first_day=DECEMBER)
    assert (queries(browser, address.format(pk=basis.pk)), few <= MOST_QUERIES) == (few, True)


def test_list_says_for_whom_at_what_fee_for_how_many_and_what_comes(basis: Tariff, html: Html) -> None:
    priced(basis, first_day=date(2027, 1, 1))
    page = text(html("/tariffs/"))
    assert "BASIS everybody €29.00 12 – – – open from January 2027" in page
    assert "K7RA-2MXE whoever has the code €29.00 – – – 0 of 1 open –" in page
    assert "OWN-1001 Bakker Installaties €29.00 – – – – open –" in page
    assert "3 tariffs 12 – – –" in page


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
    states: dict[str, dict[str, Any]] = {
        "used_up": {},
        "expired": {"code_expires": date(2026, 11, 22)},
        "withdrawn": {"code_withdrawn": True},
        "ended": {"orderable_until": date(2026, 11, 22)},
    }
    for state, values in states.items():
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
    marked = r'<a (?:class="[^"]*" )?href="([^"]*)" aria-current="true"'
    contract = Contract.objects.get(client__number="1001")
    assert re.findall(marked, html(f"/tariffs/{basis.pk}/")) == ["/tariffs/"]
    assert re.findall(marked, html(f"/contracts/{contract.pk}/tariff/")) == ["/clients/"]
