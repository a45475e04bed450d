"""What a Dutch manager sees on a laptop: every column of a table, every tab; numbers and names are not torn in two."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.house import House
from tests.browser.house import watched as watched_by_us
from tests.browser.looks import LAPTOP, PHONE

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/clients/",
    "/clients/1001/",
    "/clients/1001/calls/?month={month}",
    "/clients/1001/history/",
    "/calls/?month={month}",
    "/calls/all/?month={month}",
    "/calls/unassigned/",
    "/calls/imports/",
    "/calls/sms/",
    "/mails/texts/",
    "/months/",
    "/numbers/",
    "/registrations/",
    "/settings/costs/",
)
CUT_OFF = """() => [...document.querySelectorAll('.sheet.scroll, .tabs')]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.className} ${one.scrollWidth} in ${one.clientWidth}: ${one.innerText.slice(0, 60)}`)"""
# Lines that something in the middle of a page takes, with the style of the pages.
LINES = """([html, wanted]) => {
    const place = document.createElement('div')
    place.style = 'position: absolute; inset: 0 auto auto 0; width: min(868px, 100vw); padding: 0 14px'
    place.innerHTML = html
    document.body.append(place)
    const one = place.querySelector(wanted), range = document.createRange()
    range.selectNodeContents(one)
    return new Set([...range.getClientRects()].map(box => box.top)).size
}"""


@pytest.fixture
def page(house: House, chrome: Browser, dutch_manager: Any) -> Iterator[Page]:
    with watched_by_us(chrome, house.url, storage_state=dutch_manager, locale="nl-NL", viewport=LAPTOP) as context:
        yield context.new_page()


@pytest.mark.parametrize("address", PAGES)
def test_no_column_and_no_tab_is_out_of_sight(house: House, page: Page, address: str) -> None:
    page.goto(house.url + address.format(month=house.month))
    assert page.evaluate(CUT_OFF) == []


def test_kinds_of_telephones_are_named_in_one_line(house: House, page: Page) -> None:
    page.goto(house.url)
    kinds = "<dl class=kinds><div><dt>Telefooncentrale, VoIP</dt><dd>Log in bij uw aanbieder</dd></div></dl>"
    assert page.evaluate(LINES, [kinds, "dt"]) == 1


def test_a_number_in_a_heading_stays_together_on_a_telephone(house: House, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(house.url)
    heading = "<h1>Ihre Rufnummer ist <span class=num>020 123 45 67</span></h1>"
    assert page.evaluate(LINES, [heading, ".num"]) == 1
    typed = f"<h1>Notiz zu <span class=num>{'wer weiß ' * 12}</span></h1>"
    assert page.evaluate(LINES, [typed, ".num"]) > 1, "what is no number may be longer than a line"
