"""A client's contract in the portal, and its change of tariff: by a public tariff, by a code, refused, taken back."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.billing.models import FrozenBill
from balie.billing.queries import preview
from balie.contracts.models import Booking, Contract
from balie.contracts.queries import contract_end, contracts_of
from balie.operator.models import LogEntry
from balie.tariffs.actions.codes import MOST_PER_PERSON
from balie.tariffs.models import CodeUse, Item, Tariff, TariffVersion
from balie.web import money
from tests import make
from tests.web import make_portal
from tests.web.make_portal import FEE, OCTOBER, SECRET, TODAY, page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
UNKNOWN = "This code opens no tariff. Look at how it is written, or ask for a new one."
AS_IT_WAS = [("BASIS", date(2026, 1, 1), None)]
CHANGED = [("BASIS", date(2026, 1, 1), date(2026, 11, 30)), ("PLUS", date(2026, 12, 1), None)]


@pytest.fixture
def house() -> tuple[Client, Client]:
    return make_portal.house()


@pytest.fixture
def browser(bakker: Client) -> Browser:
    return make_portal.browser(make_portal.user(bakker))


@pytest.fixture
def place(bakker: Client) -> str:
    """Where the contract's tariff is changed."""
    return f"/portal/contract/{Contract.objects.get(client=bakker).pk}/tariff/"


def terms(client: Client) -> list[tuple[str, date, date | None]]:
    return [(row.tariff.code, row.start, row.end) for row in contracts_of(client)]


def pk(code: str) -> int:
    return Tariff.objects.get(code=code).pk


def refusal(browser: Browser, place: str, code: str, status: int = 422) -> str:
    """What stands beside the field after a code was refused."""
    answer = browser.post(f"{place}code/", {"code": code})
    assert answer.status_code == status
    found = re.search(r'id="code-problem" role="alert">([^<]+)<', answer.content.decode())
    assert found
    return found.group(1)


def net(client: Client, code: str) -> str:
    return money.money(preview(client, OCTOBER, Tariff.objects.get(code=code)).net, "EUR")


def test_contract_says_tariff_notice_bookings_and_prices(browser: Browser, bakker: Client) -> None:
    page = said(page_of(browser, "/portal/contract/"))
    assert contract_end(Contract.objects.get(client=bakker), TODAY) == date(2026, 12, 31)
    assert "Tariff BASIS BASIS Notice one month to the end of a month" in page
    assert "Notice given today would end it on 31 Dec 2026" in page
    assert "2 × Module cancelled today it would end on 31 Dec 2026" in page
    assert "Fee €39.00 a month Call €0.90 each" in page


def test_contract_tells_what_a_coming_version_changes(browser: Browser) -> None:
    version = TariffVersion.objects.create(
        tariff_id=pk("BASIS"), first_day=date(2027, 1, 1), vat_percent=21, title={"en": "BASIS"}
    )
    Item.objects.create(version=version, position=0, **{**FEE, "price": "41.00"})
    page = said(page_of(browser, "/portal/contract/"))
    assert "What changes on 01 Jan 2027" in page and "Fee €41.00 a month until then: €39.00 a month" in page


def test_contracts_that_ended_are_listed_and_none_says_so(browser: Browser, bakker: Client) -> None:
    Contract.objects.filter(client=bakker).update(end=date(2026, 10, 31))
    page = said(page_of(browser, "/portal/contract/"))
    assert "You have no contract now." in page and "telephone , BASIS 01 Jan 2026 – 31 Oct 2026" in page


def test_public_tariffs_are_offered_with_last_months_price_under_each(
    browser: Browser, bakker: Client, place: str
) -> None:
    make.tariff("OVER", items=(FEE,))
    Tariff.objects.filter(code="OVER").update(orderable_until=date(2026, 11, 22))
    make_portal.secret()
    page = said(page_of(browser, place))
    assert f"BASIS your tariff now {net(bakker, 'BASIS')} PLUS For many {net(bakker, 'PLUS')}" in page
    assert "OVER" not in page and SECRET not in page


def test_offers_take_the_same_queries_however_many_calls_there_are(
    browser: Browser, bakker: Client, place: str
) -> None:
    with CaptureQueriesContext(connection) as few:
        page_of(browser, place)
    make.calls(bakker, 40, start=OCTOBER.begin)
    with CaptureQueriesContext(connection) as many:
        page_of(browser, place)
    assert len(many) == len(few) <= 30


def test_a_client_of_this_month_has_nothing_to_compare_with(browser: Browser, bakker: Client, place: str) -> None:
    Contract.objects.filter(client=bakker).update(start=date(2026, 11, 2))
    Booking.objects.all().delete()
    FrozenBill.objects.filter(client=bakker).delete()
    page = said(page_of(browser, place))
    assert "you had no contract in October 2026" in page
    assert "cannot be told" in page_of(browser, f"{place}{pk('PLUS')}/")


def test_change_shows_both_prices_and_the_day_before_it_is_made(browser: Browser, bakker: Client, place: str) -> None:
    page = said(page_of(browser, f"{place}{pk('PLUS')}/"))
    assert f"Now BASIS {net(bakker, 'BASIS')} New PLUS {net(bakker, 'PLUS')}" in page
    assert "Change to PLUS from 1 December 2026" in page
    assert terms(bakker) == AS_IT_WAS


def test_change_to_a_public_tariff_is_made_and_taken_back(browser: Browser, bakker: Client, place: str) -> None:
    done = said(browser.post(f"{place}{pk('PLUS')}/change/", follow=True).content.decode())
    assert "Done. Your new tariff begins on 1 December 2026." in done
    assert "From 1 December 2026 you have the tariff PLUS. Until then you can take the change back." in done
    assert terms(bakker) == CHANGED
    assert LogEntry.objects.get(deed="contract.tariff_changed").who == "kees@bakker.example"
    undone = browser.post(f"{place}undo/", follow=True).content.decode()
    assert "The change is taken back. You keep your tariff." in undone
    assert terms(bakker) == AS_IT_WAS


def test_change_sent_twice_is_made_once(browser: Browser, bakker: Client, place: str) -> None:
    for _ in range(2):
        assert browser.post(f"{place}{pk('PLUS')}/change/").status_code == 302
    assert terms(bakker) == CHANGED


def test_change_that_began_is_not_taken_back(browser: Browser, bakker: Client, place: str, time_machine: Any) -> None:
    browser.post(f"{place}{pk('PLUS')}/change/")
    time_machine.move_to("2026-12-01T10:00:00Z")
    answer = browser.post(f"{place}undo/", follow=True).content.decode()
    assert "There is no change of tariff to take back any more." in answer
    assert terms(bakker) == CHANGED


def test_code_opens_its_tariff_and_the_change_uses_it(browser: Browser, bakker: Client, place: str) -> None:
    tariff = make_portal.secret(code_uses=1)
    assert browser.get(f"{place}{tariff.pk}/").status_code == 404  # nobody has entered its code here
    answer = browser.post(f"{place}code/", {"code": "k7ra 2mxe 94uw"}, follow=True)
    assert answer.redirect_chain == [(f"{place}{tariff.pk}/", 302)]
    assert f"New {SECRET} {net(bakker, SECRET)}" in said(answer.content.decode())
    assert "by your code" in page_of(browser, place)
    browser.post(f"{place}{tariff.pk}/change/")
    assert terms(bakker)[1:] == [(SECRET, date(2026, 12, 1), None)]
    assert CodeUse.objects.get().client == bakker


def test_code_entered_is_opened_for_that_login_alone(browser: Browser, bakker: Client, place: str) -> None:
    tariff = make_portal.secret()
    browser.post(f"{place}code/", {"code": SECRET})
    colleague = make_portal.browser(make_portal.user(bakker, "piet@bakker.example"))
    assert colleague.get(f"{place}{tariff.pk}/").status_code == 404
    assert colleague.post(f"{place}{tariff.pk}/change/").status_code == 404
    assert terms(bakker) == AS_IT_WAS


def test_code_withdrawn_after_it_was_entered_opens_nothing(browser: Browser, bakker: Client, place: str) -> None:
    tariff = make_portal.secret()
    browser.post(f"{place}code/", {"code": SECRET})
    Tariff.objects.filter(pk=tariff.pk).update(code_withdrawn=True)
    assert browser.post(f"{place}{tariff.pk}/change/").status_code == 404
    assert terms(bakker) == AS_IT_WAS


def test_what_is_wrong_with_a_code_is_not_told(browser: Browser, house: tuple[Client, Client], place: str) -> None:
    make_portal.secret("WITHDRAWN", code_withdrawn=True)
    make_portal.secret("EXPIRED", code_expires=date(2026, 11, 22))
    make_portal.secret("OTHERS", client=house[1])
    found = {refusal(browser, place, code) for code in ("NO-SUCH", "WITHDRAWN", "EXPIRED", "OTHERS")}
    assert found == {UNKNOWN}
    assert browser.get(f"{place}{pk('OTHERS')}/").status_code == 404


def test_codes_that_lead_nowhere_say_why(browser: Browser, place: str) -> None:
    Tariff.objects.filter(pk=make.tariff("SMS").pk).update(service="sms")
    assert refusal(browser, place, "") == "Type the code you were given."
    assert refusal(browser, place, "BASIS") == "This is the tariff you have already."
    assert refusal(browser, place, "SMS") == "This code belongs to a tariff of another service."


def test_tariff_made_for_this_client_is_opened_by_its_code(browser: Browser, bakker: Client, place: str) -> None:
    tariff = make_portal.secret(client=bakker)
    assert SECRET not in said(page_of(browser, place))
    answer = browser.post(f"{place}code/", {"code": SECRET})
    assert answer["Location"] == f"{place}{tariff.pk}/"


def test_guessing_is_locked_out_for_right_codes_too(browser: Browser, bakker: Client, place: str) -> None:
    make_portal.secret()
    for guess in range(MOST_PER_PERSON):
        assert refusal(browser, place, f"GUESS-{guess}") == UNKNOWN
    locked = "Too many wrong codes. Wait a quarter of an hour, then try again."
    assert refusal(browser, place, SECRET, status=429) == locked
    assert browser.post(f"{place}{pk('PLUS')}/change/").status_code == 302  # what needs no code goes on


def test_refused_change_says_why_on_the_page(browser: Browser, bakker: Client, place: str) -> None:
    Contract.objects.filter(client=bakker).update(end=date(2026, 11, 30))
    answer = browser.post(f"{place}{pk('PLUS')}/change/")
    assert answer.status_code == 422
    assert "There is no contract of this service that goes on next month." in answer.content.decode()


def test_deeds_are_done_by_posting_alone(browser: Browser, place: str) -> None:
    addresses = [f"{place}code/", f"{place}undo/", f"{place}{pk('PLUS')}/change/"]
    assert {browser.get(address).status_code for address in addresses} == {405}
