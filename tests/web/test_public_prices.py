"""Price lists for everybody: public ones, those a code opens, those of one client; in three languages."""

from datetime import date

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client, Role
from balie.contracts.models import Contract
from balie.operator.models import Operator
from balie.tariffs.actions.codes import MOST_PER_PERSON, MOST_PER_VISITOR
from balie.tariffs.models import CodeAttempt, Item, Tariff, TariffVersion
from tests import make
from tests.web import make_portal
from tests.web.make_portal import FEE, SECRET, page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
UNKNOWN = "This code opens no tariff."


@pytest.fixture
def house() -> tuple[Client, Client]:
    return make_portal.house()


@pytest.fixture
def stranger(house: tuple[Client, Client]) -> Browser:
    return Browser()


def status(browser: Browser, code: str) -> int:
    return browser.get(f"/prices/{code}/").status_code


def test_public_tariffs_are_listed_by_service(stranger: Browser) -> None:
    Tariff.objects.filter(pk=make.tariff("KORT", items=(FEE,)).pk).update(service="sms")
    make_portal.secret()
    page = said(page_of(stranger, "/prices/"))
    assert page.index("SMS") < page.index("KORT") < page.index("telephone") < page.index("BASIS") < page.index("PLUS")
    assert SECRET not in page and "Fee €39.00 a month" in page


def test_no_public_tariffs_says_what_to_do(stranger: Browser) -> None:
    Tariff.objects.update(public=False)
    assert "There are no prices for everyone now." in page_of(stranger, "/prices/")


def test_public_price_list_is_read_without_login_and_counts_no_tries(stranger: Browser) -> None:
    page = said(page_of(stranger, "/prices/BASIS/"))
    assert "Price list BASIS" in page and "Call €0.90 each" in page
    assert "Talk time €0.85 a minute 5 minutes included a month · by the second after 60 seconds" in page
    assert "Notice one month to the end of a month VAT 21%" in page
    assert not CodeAttempt.objects.exists()


@pytest.mark.parametrize(("language", "title", "word"), [("nl", "Basisbedrag", "€ 39,00"), ("en", "Fee", "€39.00")])
def test_language_of_the_link_is_spoken(stranger: Browser, language: str, title: str, word: str) -> None:
    answer = stranger.get(f"/prices/BASIS/?language={language}")
    page = answer.content.decode().replace("\u00a0", " ")
    assert answer["Content-Language"] == language and f'<html lang="{language}"' in page
    assert title in page and word in page
    assert f'href="/prices/?language={language}"' in page


def test_language_without_texts_falls_back_to_the_operators(stranger: Browser) -> None:
    page = page_of(stranger, "/prices/BASIS/", language="de").replace("\u00a0", " ")
    assert "Basisbedrag" in page and "39,00 €" in page
    assert 'lang="en"' not in page_of(stranger, "/prices/BASIS/", language="de").partition("<head>")[0]


def test_unknown_language_is_the_readers_own(stranger: Browser) -> None:
    assert "Fee" in page_of(stranger, "/prices/BASIS/", language="xx")


def test_code_opens_a_price_list_that_is_not_public(stranger: Browser) -> None:
    make_portal.secret()
    assert stranger.get("/prices/", {"code": " k7ra 2mxe 94uw "})["Location"] == "/prices/k7ra%202mxe%2094uw/"
    answer = stranger.get("/prices/k7ra%202mxe%2094uw/")
    assert answer.status_code == 200 and "€19.00" in answer.content.decode()
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert not CodeAttempt.objects.exists()


def test_what_is_wrong_with_a_code_is_not_told(house: tuple[Client, Client], stranger: Browser) -> None:
    make_portal.secret("WITHDRAWN", code_withdrawn=True)
    make_portal.secret("EXPIRED", code_expires=date(2026, 11, 22))
    make_portal.secret("BOUND", client=house[0])
    make_portal.secret("USED-UP", code_uses=0)
    Tariff.objects.filter(pk=make.tariff("SOON").pk).update(orderable_from=date(2026, 12, 1))
    pages = set()
    for code in ("NO-SUCH", "WITHDRAWN", "EXPIRED", "BOUND", "USED-UP", "SOON"):
        page = said(page_of(stranger, f"/prices/{code}/", status=404))
        assert UNKNOWN in page and "€" not in page
        pages.add(page.replace(code, ""))
    assert len(pages) == 1


def test_a_manager_who_needs_a_second_factor_first_is_nobody_here(house: tuple[Client, Client]) -> None:
    make_portal.secret("BOUND", client=house[0])
    reader = make_portal.browser(make.user())
    assert reader.get("/prices/BOUND/").status_code == 200
    Operator.objects.update(second_factor=True)
    assert reader.get("/prices/BOUND/").status_code == 404


def test_bound_price_list_is_read_by_its_client_and_managers(house: tuple[Client, Client]) -> None:
    make_portal.secret("BOUND", client=house[0])
    own, other = make_portal.user(house[0]), make_portal.user(house[1], "eva@kraan.example")
    readers = {
        "stranger": None,
        "own": own,
        "other": other,
        "agent": make.user("agent@example.com", role=Role.AGENT),
        "manager": make.user(),
        "administrator": make.user("admin@example.com", role=Role.ADMINISTRATOR),
    }
    found = {name: status(make_portal.browser(user), "BOUND") for name, user in readers.items()}
    assert found == {"stranger": 404, "own": 200, "other": 404, "agent": 404, "manager": 200, "administrator": 200}


def test_client_reads_the_prices_of_its_contract_whatever_became_of_the_code(house: tuple[Client, Client]) -> None:
    tariff = make_portal.secret(code_withdrawn=True)
    reader = make_portal.browser(make_portal.user(house[0]))
    assert status(reader, SECRET) == 404
    Contract.objects.filter(client=house[0]).update(tariff=tariff)
    assert status(reader, SECRET) == 200


def test_public_tariff_of_the_past_is_read_and_says_so(stranger: Browser) -> None:
    Tariff.objects.filter(code="BASIS").update(orderable_until=date(2026, 11, 22))
    assert "This tariff cannot be ordered now." in page_of(stranger, "/prices/BASIS/")


def test_guessing_from_an_address_is_locked_out_and_public_lists_stay(stranger: Browser) -> None:
    make_portal.secret()
    assert {status(stranger, f"GUESS-{guess}") for guess in range(MOST_PER_VISITOR)} == {404}
    assert status(stranger, SECRET) == 429
    assert status(stranger, "BASIS") == 200


def test_guessing_by_a_person_is_locked_out_sooner(house: tuple[Client, Client]) -> None:
    make_portal.secret()
    reader = make_portal.browser(make_portal.user(house[0]))
    assert {status(reader, f"GUESS-{guess}") for guess in range(MOST_PER_PERSON)} == {404}
    assert status(reader, SECRET) == 429


def test_coming_prices_are_told(stranger: Browser) -> None:
    version = TariffVersion.objects.create(
        tariff=Tariff.objects.get(code="PLUS"), first_day=date(2027, 1, 1), vat_percent=21
    )
    Item.objects.create(version=version, position=0, **{**FEE, "price": "95.00"})
    page = said(page_of(stranger, "/prices/PLUS/"))
    assert "What changes on 01 Jan 2027" in page and "Fee €95.00 a month until then: €89.00 a month" in page


def test_client_asks_what_a_price_list_would_cost_it(house: tuple[Client, Client]) -> None:
    make_portal.secret()
    reader = make_portal.browser(make_portal.user(house[0]))
    contract = Contract.objects.get(client=house[0])
    page = page_of(reader, f"/prices/{SECRET}/")
    assert f'action="/portal/contract/{contract.pk}/tariff/code/"' in page
    assert "What would it cost me?" not in page_of(reader, "/prices/BASIS/")  # it has that one
    assert "What would it cost me?" not in page_of(Browser(), f"/prices/{SECRET}/")


@pytest.mark.parametrize("code", ["a/b", "%25", "<script>", "x" * 300, "…"])
def test_clumsy_codes_do_no_harm(stranger: Browser, code: str) -> None:
    assert status(stranger, code) == 404
    assert stranger.get("/prices/", {"code": code}).status_code == 302
