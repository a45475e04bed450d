"""The pages of win-back: list, one case, the mail with an offer, the client's answer behind its link."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.contracts.actions import cancel_service
from balie.contracts.models import Cancellation, Contract
from balie.controlling import links
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.win_backs import seen
from balie.controlling.winning import look_after
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.written import long_day
from balie.tariffs.models import Tariff
from tests import make
from tests.web import make_offers, make_win_backs
from tests.web.make_offers import client
from tests.web.make_office import NOW
from tests.web.reading import text

Html = Callable[..., str]
DAY = timedelta(days=1)


@pytest.fixture
def browser(db: None, monday: None) -> Browser:
    made = make_offers.office()
    make_win_backs.light()
    return made


@pytest.fixture
def case(browser: Browser) -> WinBack:
    """Bakker, at 39.00 a month, leaves on 31 December; Light would be 19.00."""
    return make_win_backs.leaving(client())


@pytest.fixture
def offer(case: WinBack) -> WinBackOffer:
    return make_win_backs.offered(case, Tariff.objects.get(code="LIGHT"))


@pytest.fixture
def link(offer: WinBackOffer) -> str:
    return f"/stay/{links.token(offer.pk, sent=NOW, of=links.WIN_BACK)}/"


def standing(case: WinBack) -> str:
    return seen(now=NOW, pk=case.pk)[0].standing


def mails() -> Any:
    return Mail.objects.filter(kind="winback_offer")


def test_list_says_who_leaves_when_and_what_would_keep_it(case: WinBack, html: Html) -> None:
    said = text(html("/winback/"))
    assert "Open cases 1 €468.00 a year at stake" in said
    assert "Bakker Installaties 1001 Telephone 31 Dec 2026 39 days left" in said
    assert "468.00 LIGHT 240.00 open" in said
    assert "Too dear 1" in said and "Month by month" in said


def test_list_without_anybody_says_so(browser: Browser, html: Html) -> None:
    assert "Nobody has given notice." in text(html("/winback/"))


def test_list_is_filtered_sorted_and_downloaded_alike(case: WinBack, browser: Browser, html: Html) -> None:
    make_win_backs.offered(make_win_backs.leaving(client("1002"), reason=""), Tariff.objects.get(code="LIGHT"))
    assert "No case fits these filters." in html("/winback/?state=won")
    one = json.loads(browser.get("/winback.json?state=offered").content)
    assert [(row["client"], row["state"], row["offered"], row["revenue_a_year"]) for row in one] == [
        ("1002", "offered", "LIGHT", "468.00")
    ]
    rows = json.loads(browser.get("/winback.json?order=-name").content)
    assert [row["client"] for row in rows] == ["1002", "1001"]
    assert [row["client"] for row in json.loads(browser.get("/winback.json?q=dear").content)] == ["1001"]
    part = browser.get("/winback/?order=calls", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Bakker" in part
    assert browser.get("/winback.docx").status_code == 400


def test_case_shows_usage_tariffs_and_the_next_step(case: WinBack, html: Html) -> None:
    said = text(html(f"/winback/{case.pk}/"))
    assert "notice of 23 Nov 2026 last day 31 Dec 2026" in said
    assert "With LIGHT the client would pay €240.00 less a year, and a margin of €228.00 would still be left." in said
    assert "Offer LIGHT…" in said and "Reason Too dear" in said
    assert "BASIS BASIS · the one it has 39.00" in said and "Light LIGHT · fits best 19.00 +240.00 228.00" in said
    assert "like Aug to October 2026, net" in said


def test_titles_and_prices_are_in_the_readers_language_and_the_mail_in_the_clients(
    case: WinBack, browser: Browser, html: Html
) -> None:
    Client.objects.update(language="de")
    page = html(f"/winback/{case.pk}/offer/?tariff=light")
    assert "What it offers Tariff Light Price €19.00 a month instead of €39.00" in text(page)
    assert "Leicht" in text(page.partition("What it offers")[0])


def test_start_page_client_and_history_lead_to_the_case(offer: WinBackOffer, html: Html, monday: Any) -> None:
    said = html("/")
    assert "1 client that gave notice may be kept." in said and f"/winback/{offer.case_id}/" in said
    assert f"/winback/{offer.case_id}/" in html("/clients/1001/")
    assert "Offer to stay sent: LIGHT, info@1001.example.com" in text(html("/clients/1001/contracts/"))


def test_mail_is_shown_filled_in_before_it_is_sent_and_then_goes_out(
    case: WinBack, browser: Browser, html: Html
) -> None:
    place = f"/winback/{case.pk}/offer/?tariff=light"
    page = html(place)
    assert 'value="info@1001.example.com"' in page and "{link}" in page
    price = "€19.00 a month instead of €39.00, going by your last 3 months, without VAT"
    assert f"Tariff: Light Price: {price} From: 1 December 2026 Your code: LIGHT" in text(page)
    assert not mails().exists()
    typed = {"to": "kees@bakker.example", "time": 1, "do": "send", "subject": "Stay", "button": "Look"}
    wrong = browser.post(place, {**typed, "body": "{link}"})
    assert wrong.status_code == 422 and "The code LIGHT must stand in the text" in wrong.content.decode()
    part = browser.post(place, {**typed, "do": "", "body": "{link}\n\n{code}"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode() and "LIGHT" in part.content.decode()
    for _twice in (1, 2):
        answer = browser.post(place, {**typed, "body": "{link}\n\n{code}"})
        assert answer["Location"] == f"/winback/{case.pk}/"
    assert (mails().count(), WinBackOffer.objects.get().tariff.code, standing(case)) == (1, "LIGHT", "offered")
    assert "LIGHT offered 11:42: kees@bakker.example" in text(html(f"/winback/{case.pk}/"))


@pytest.mark.parametrize(
    ("code", "said"), [("NONE", "This code opens no tariff."), ("BASIS", "has this tariff already")]
)
def test_code_that_keeps_nobody_is_refused_beside_its_field(
    case: WinBack, browser: Browser, code: str, said: str
) -> None:
    answer = browser.get(f"/winback/{case.pk}/offer/?tariff={code}")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="code-problem"' in page and said in page


def test_another_price_leads_to_the_mail_with_its_own_code(case: WinBack, browser: Browser) -> None:
    place = f"/winback/{case.pk}/price/"
    for amount, said in (
        ("x", "is not an amount"),
        ("1e1", "is not an amount"),
        ("-1", "is not an amount"),
        ("39,00", "That is what it costs now."),
    ):
        answer = browser.post(place, {"changes": "basic_fee", "amount": amount})
        assert answer.status_code == 422 and said in answer.content.decode()
    answer = browser.post(place, {"changes": "basic_fee", "amount": "29,50"}, follow=True)
    made = Tariff.objects.get(client=client())
    assert answer.redirect_chain == [(f"/winback/{case.pk}/offer/?tariff={made.code}", 302)]
    assert "€29.50 a month instead of €39.00" in text(answer.content.decode())


def test_yes_heard_by_staff_takes_the_cancellation_back(offer: WinBackOffer, browser: Browser, html: Html) -> None:
    browser.post(f"/winback/{offer.case_id}/accept/")
    said = text(html(f"/winback/{offer.case_id}/"))
    assert (
        "Bakker Installaties stays: the cancellation is taken back, and from 01 Dec 2026 it has the tariff LIGHT."
        in said
    )
    assert "won back" in said and "That keeps €228.00 a year." in said
    assert Cancellation.objects.get().withdrawn == NOW


def test_no_heard_by_staff_is_noted_and_can_be_followed_by_another(
    offer: WinBackOffer, browser: Browser, html: Html
) -> None:
    browser.post(f"/winback/{offer.case_id}/decline/", {"reason": "Moves abroad"})
    said = text(html(f"/winback/{offer.case_id}/"))
    assert "offer declined" in said and "Moves abroad" in said and "Offer something else" in said


def test_dismissed_case_can_be_opened_again_at_once(case: WinBack, browser: Browser, html: Html) -> None:
    place = f"/winback/{case.pk}/dismiss/"
    answer = browser.post(place, {"reason": " "})
    assert answer.status_code == 422 and "Say in a few words" in answer.content.decode()
    answer = browser.post(place, {"reason": "Closes down"}, follow=True)
    assert f'action="/winback/{case.pk}/reopen/"' in answer.content.decode() and standing(case) == "dismissed"
    assert "Dismissed on 23 Nov 2026 by Marit de Boer" in text(html(f"/winback/{case.pk}/"))
    browser.post(f"/winback/{case.pk}/reopen/")
    assert standing(case) == "open"


def test_pages_of_cases_that_are_over_offer_nothing(offer: WinBackOffer, browser: Browser, html: Html) -> None:
    WinBack.objects.update(state="lost", closed=NOW)
    said = text(html(f"/winback/{offer.case_id}/"))
    assert "The service has ended." in said and "Offer something else" not in said
    answer = browser.post(f"/winback/{offer.case_id}/accept/", follow=True)
    assert "The service has ended. It can be ordered anew." in answer.content.decode()


def test_client_sees_what_it_would_pay_and_that_it_stays(link: str) -> None:
    answer = Browser().get(link)
    said = text(answer.content.decode()).replace("\u00a0", " ")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert answer["X-Robots-Tag"] == "noindex"
    assert "Bakker Installaties" in said and "cancelled, last day 31 December 2026" in said
    assert "it would be €20.00 cheaper." in said
    goes_on = "the service goes on after 31 December 2026 without a break."
    assert f"Your cancellation is taken back: {goes_on}" in said


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(link: str, method: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        getattr(Browser(), method)(link)
    assert [one["sql"] for one in asked if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []
    assert Cancellation.objects.get().withdrawn is None


def test_button_keeps_the_client_and_says_what_happens_next(link: str, offer: WinBackOffer) -> None:
    guest = Browser()
    answer = guest.post(link, {"answer": "accept"}, follow=True)
    said = text(answer.content.decode()).replace("\u00a0", " ")
    assert answer.redirect_chain == [(link, 302)]
    assert "Thank you for staying" in said and "Light from 1 December 2026" in said
    offer.refresh_from_db()
    assert (offer.accepted_how, offer.accepted_by, standing(offer.case)) == ("link", "Bakker Installaties", "won")
    assert Contract.objects.get(tariff=offer.tariff).end is None
    assert guest.post(link, {"answer": "accept"}).status_code == 302


def test_link_of_an_accepted_offer_says_when_notice_was_given_again(link: str, offer: WinBackOffer) -> None:
    guest = Browser()
    guest.post(link, {"answer": "accept"})
    author = Author("Bakker", NOW)
    ends = cancel_service(client=offer.case.client, service="telephone", author=author).end
    page = guest.get(link)
    said = text(page.content.decode()).replace("\u00a0", " ")
    assert ends and page.status_code == 410 and "Since then notice was given" in said and long_day(ends) in said
    assert "Thank you for staying" not in said


def test_portal_says_that_the_offered_tariff_takes_the_cancellation_back(offer: WinBackOffer) -> None:
    owner = Browser()
    owner.force_login(make.user("kees@bakker.example", role="", client=client(), owner=True))
    contract, light = Contract.objects.get(client=client()), offer.tariff
    place = f"/portal/contract/{contract.pk}/tariff/{light.pk}/"
    assert "with it, your cancellation is taken back." in owner.get(place).content.decode()
    owner.post(f"{place}change/")
    assert (standing(offer.case), WinBackOffer.objects.get().accepted_how) == ("won", "code")


def test_member_cannot_keep_by_the_offered_tariff_what_only_owners_keep(offer: WinBackOffer) -> None:
    member = Browser()
    member.force_login(make.user("mia@bakker.example", role="", client=client()))
    place = f"/portal/contract/{Contract.objects.get(client=client()).pk}/tariff/{offer.tariff.pk}/"
    page = member.get(place).content.decode()
    assert "An owner among your colleagues can take it." in page and f"{place}change/" not in page
    assert member.post(f"{place}change/").status_code == 403
    assert (standing(offer.case), Cancellation.objects.get().withdrawn) == ("offered", None)


def test_no_thank_you_leaves_the_cancellation_and_can_be_thought_better_of(link: str, offer: WinBackOffer) -> None:
    guest = Browser()
    assert guest.post(link, {"answer": "perhaps"}).status_code == 422
    answer = guest.post(link, {"answer": "decline", "reason": "Too dear"}, follow=True)
    assert "Your service ends on" in answer.content.decode() and standing(offer.case) == "declined"
    guest.post(link, {"answer": "accept"})
    assert standing(offer.case) == "won"


def test_link_dies_with_the_service_and_with_the_offer(link: str, offer: WinBackOffer, time_machine: Any) -> None:
    WinBackOffer.objects.update(withdrawn=NOW)
    assert "newest mail" in Browser().get(link).content.decode()
    WinBackOffer.objects.update(withdrawn=None)
    ended = NOW + 39 * DAY
    time_machine.move_to(ended)
    for answer in (Browser().get(link), Browser().post(link, {"answer": "accept"})):
        assert answer.status_code == 410 and "The service has ended." in answer.content.decode()
    look_after(author=Author("worker", ended))
    assert seen(now=ended)[0].standing == "lost"
    assert Browser().get("/stay/nonsense/").status_code == 404
    other = links.token(offer.pk, sent=NOW)  # of an offer of the watch
    assert Browser().get(f"/stay/{other}/").status_code == 404


def test_pages_take_the_same_few_queries_however_many_cases_there_are(case: WinBack, browser: Browser) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    places = ("/winback/", "/", "/clients/1001/", f"/winback/{case.pk}/")
    browser.get("/clients/1001/")  # the first look of a day is remembered
    few = [asked(place) for place in places]
    for number in ("1002", "1003", "1004"):
        make_win_backs.offered(make_win_backs.leaving(client(number)), Tariff.objects.get(code="LIGHT"))
    more = [asked(place) for place in places]
    assert [after - before for before, after in zip(few, more, strict=True)] == [0, 0, 0, 0]
    assert few[0] <= 9 and few[3] <= 18
