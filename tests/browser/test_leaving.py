"""Clients give notice, regret it, change their tariff and are won back: in a browser, in Dutch, by pages and mails.

Each has a client of its own in the house. How one comes is in test_order.py.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.house import House, logged_in, watched
from tests.browser.looks import problems_here
from tests.browser.office import CODE, LEAVING, NAMES, ZONE

pytestmark = pytest.mark.browser
TELEPHONE: ViewportSize = {"width": 390, "height": 780}
OWNER, COLLEAGUE = "vera@1005.example", "piet@1005.example"


@pytest.fixture
def guest(house: House, chrome: Browser) -> Iterator[Page]:
    """Somebody with a telephone and no login."""
    with watched(chrome, house.url, locale="nl-NL", viewport=TELEPHONE) as context:
        yield context.new_page()


@pytest.fixture
def manager(house: House, chrome: Browser, dutch_manager: Any) -> Iterator[Page]:
    with watched(chrome, house.url, storage_state=dutch_manager, locale="nl-NL") as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def owners_login(house: House, chrome: Browser, dutch_manager: Any) -> Any:
    """The office invites the first user of a client; the link in the mail lets it in."""
    context = chrome.new_context(storage_state=dutch_manager, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{house.url}/clients/1005/users/")
    invite(page, OWNER, "Vera Vos", role="Eigenaar")
    context.close()
    return logged_in(chrome, house.link("invitation", OWNER, "invitation"))


@pytest.fixture
def owner(house: House, chrome: Browser, owners_login: Any) -> Iterator[Page]:
    with watched(chrome, house.url, storage_state=owners_login, locale="nl-NL", viewport=TELEPHONE) as context:
        yield context.new_page()


def invite(page: Page, email: str, name: str, *, role: str) -> None:
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Naam", exact=True).fill(name)
    page.get_by_role("radio", name=role).check()
    press(page, "Uitnodiging versturen")
    expect(page.get_by_role("status")).to_contain_text(email)


def notice(page: Page, name: str, number: str, email: str) -> None:
    """Fills the public form in, up to the page that asks whether it is right."""
    page.get_by_label("Uw naam, of die van uw bedrijf").fill(name)
    page.get_by_label("Klantnummer of telefoonnummer").fill(number)
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("textbox", name="Reden").fill("Wij houden ermee op.")
    press(page, "Verder")
    headed(page, "Klopt dit?")


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def headed(page: Page, text: str) -> None:
    """The page's own heading is this one."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def rows(house: House, table: str, client: str) -> list[tuple[Any, ...]]:
    return house.installation.rows(
        f"SELECT ends, withdrawn FROM {table} WHERE client_id = "
        f"(SELECT id FROM accounts_client WHERE number = '{client}')"
    )


def today() -> date:
    return datetime.now(ZoneInfo(ZONE)).date()


def first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_day() -> date:
    """A month's notice to the end of a month, given today."""
    return first_of_next_month(first_of_next_month(today())) - timedelta(days=1)


def in_words(day: date) -> str:
    return format_date(day, "d MMMM y", locale="nl")


def test_guest_cancels_without_a_login_and_confirms_by_mail(house: House, guest: Page) -> None:
    address = "info@1004.example"
    guest.goto(f"{house.url}/prices/")
    guest.get_by_role("link", name="Contract opzeggen").click()
    assert problems_here(guest) == []
    notice(guest, LEAVING["1004"], "1004", address)
    expect(guest.locator("main")).to_contain_text("Wij houden ermee op.")
    press(guest, "Nu opzeggen")
    headed(guest, "Uw opzegging is ontvangen")
    assert problems_here(guest) == []
    reference = re.search(r"R-\d+", guest.locator("main").inner_text())
    assert reference and reference[0] in house.mail("cancel_request_receipt", address)
    assert rows(house, "contracts_cancellation", "1004") == []

    guest.goto(house.link("cancel_request_confirm", address, "cancel/confirm"))
    headed(guest, "Opzegging bevestigen")
    expect(guest.locator("main")).to_contain_text(f"Uw laatste dag zou {in_words(last_day())} zijn")
    assert problems_here(guest) == []
    press(guest, "Nu opzeggen")
    headed(guest, f"Uw laatste dag is {in_words(last_day())}")
    assert problems_here(guest) == []
    assert in_words(last_day()) in house.mail("cancellation_receipt", address)
    assert LEAVING["1004"] in house.mail("cancellation_new", "cancellations@delinde.example")
    assert [(str(ends), taken_back) for ends, taken_back in rows(house, "contracts_cancellation", "1004")] == [
        (str(last_day()), None)
    ]


def test_notice_from_an_unknown_address_waits_for_staff(house: House, guest: Page, manager: Page) -> None:
    guest.goto(f"{house.url}/cancel/")
    notice(guest, "Vera Vos", "1002", "vera@elders.example")
    press(guest, "Nu opzeggen")
    headed(guest, "Uw opzegging is ontvangen")
    manager.goto(f"{house.url}/cancellations/requests/")
    manager.get_by_role("link", name="Vera Vos").click()
    manager.get_by_role("link", name=NAMES[1]).first.click()
    expect(manager.locator("main")).to_contain_text(in_words(last_day()))
    assert problems_here(manager) == []
    manager.get_by_label("Waarom niet").fill("Dit adres kennen wij niet.")
    press(manager, "Afwijzen en melden waarom")
    assert "Dit adres kennen wij niet." in house.mail("cancel_request_rejected", "vera@elders.example")
    assert rows(house, "contracts_cancellation", "1002") == []


def test_owner_cancels_sees_the_last_day_first_and_withdraws(house: House, owner: Page) -> None:
    owner.goto(f"{house.url}/portal/services/")
    day = f"{last_day():%d-%m-%Y}"
    expect(owner.locator("main")).to_contain_text(f"vandaag opgezegd eindigt het op {day}")
    owner.get_by_role("link", name="Dienst opzeggen").click()
    expect(owner.get_by_role("heading", name=f"Uw laatste dag zou {in_words(last_day())} zijn")).to_be_visible()
    assert problems_here(owner) == []
    owner.get_by_label("Wilt u ons vertellen waarom?").fill("Te duur")
    press(owner, "Nu opzeggen")
    expect(owner.get_by_role("status")).to_contain_text(f"Opgezegd. De laatste dag is {in_words(last_day())}")
    expect(owner.locator(".service")).to_contain_text(f"eindigt op {day}")
    assert problems_here(owner) == []
    assert in_words(last_day()) in house.mail("cancellation_receipt", "info@1005.example")
    press(owner, "Opzegging intrekken")
    expect(owner.get_by_role("status")).to_contain_text("De opzegging is ingetrokken.")
    expect(owner.locator(".service")).to_contain_text("in gebruik")
    assert house.mail("cancellation_undone", "info@1005.example")


def test_owner_changes_tariff_by_a_code_and_takes_it_back(house: House, owner: Page) -> None:
    begin = in_words(first_of_next_month(today()))
    owner.goto(f"{house.url}/portal/contract/")
    owner.get_by_role("link", name="Van tarief wisselen").click()
    expect(owner.locator(".offers")).to_contain_text("Licht")
    expect(owner.locator(".offers")).not_to_contain_text("Op maat")
    owner.get_by_label("De code die u van ons kreeg").fill(CODE.lower().replace("-", " "))
    press(owner, "Tarief tonen")
    headed(owner, "Wisselen naar Op maat")
    expect(owner.locator(".two-prices .new")).to_contain_text("€ 15,00")
    assert problems_here(owner) == []
    press(owner, f"Per {begin} wisselen naar Op maat")
    expect(owner.get_by_role("status")).to_contain_text(f"Uw nieuwe tarief begint op {begin}.")
    expect(owner.locator("main")).to_contain_text("Op maat")
    owner.get_by_role("button", name="Terugdraaien").click()
    expect(owner.get_by_role("status")).to_contain_text("U houdt uw tarief.")


def test_owner_changes_its_data_and_lets_a_colleague_in(house: House, owner: Page, chrome: Browser) -> None:
    owner.goto(f"{house.url}/portal/details/")
    owner.get_by_label("Bedrijf", exact=True).fill("Fietsen Vos en dochter")
    press(owner, "Opslaan")
    expect(owner.get_by_role("status")).to_be_visible()
    expect(owner.get_by_label("Bedrijf", exact=True)).to_have_value("Fietsen Vos en dochter")
    owner.goto(f"{house.url}/portal/users/")
    invite(owner, COLLEAGUE, "Piet Vos", role="Lid")
    assert problems_here(owner) == []
    state = logged_in(chrome, house.link("invitation", COLLEAGUE, "invitation"))
    with watched(chrome, house.url, storage_state=state, locale="nl-NL", viewport=TELEPHONE) as context:
        colleague = context.new_page()
        colleague.goto(f"{house.url}/portal/services/")
        expect(colleague.locator("main")).to_contain_text("Fietsen Vos en dochter")
        expect(colleague.get_by_role("link", name="Dienst opzeggen")).to_have_count(0)


def test_guest_opens_a_price_list_by_its_code(house: House, guest: Page) -> None:
    guest.goto(f"{house.url}/prices/")
    expect(guest.locator("main")).not_to_contain_text("Op maat")
    guest.get_by_label("De code die u van ons kreeg").fill("K7RA-2MXE-94UX")
    press(guest, "Prijzen tonen")
    expect(guest.get_by_role("alert")).to_be_visible()
    guest.get_by_label("De code die u van ons kreeg").fill(CODE.lower())
    press(guest, "Prijzen tonen")
    headed(guest, "Op maat")
    expect(guest.locator("main")).to_contain_text("15,00")
    assert problems_here(guest) == []


def test_client_that_gave_notice_is_won_back_by_an_offer(house: House, manager: Page, guest: Page) -> None:
    name, address = LEAVING["1006"], "info@1006.example"
    manager.goto(f"{house.url}/winback/")
    manager.get_by_role("link", name=name).click()
    manager.get_by_role("link", name="LICHT aanbieden").click()
    headed(manager, f"Aanbod aan {name}")
    assert problems_here(manager) == []
    press(manager, "Aanbod verzenden")
    expect(manager.get_by_role("status")).to_contain_text(name)

    guest.goto(house.link("winback_offer", address, "stay"))
    headed(guest, "Wij blijven graag voor u opnemen")
    expect(guest.locator(".two-prices .new")).to_contain_text("€ 19,00")
    assert problems_here(guest) == []
    press(guest, "Blijven, met Licht")
    headed(guest, "Fijn dat u blijft")
    assert problems_here(guest) == []

    manager.goto(f"{house.url}/winback/?q=Schilder")
    expect(manager.locator(".win-backs tbody")).to_contain_text("herwonnen")
    expect(manager.locator(".win-backs tbody")).to_contain_text("240,00")
    won = manager.locator(".figure", has_text="Herwonnen, 12 maanden")
    expect(won.locator("b")).to_have_text("1")  # whoever withdrew by itself was won by nobody
    manager.get_by_role("link", name=name).click()
    expect(manager.get_by_role("heading", level=1)).to_contain_text(name)
    assert problems_here(manager) == []
    ((_ends, taken_back),) = rows(house, "contracts_cancellation", "1006")
    assert taken_back
