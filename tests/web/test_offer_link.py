"""The page behind the link in an offer's mail: what the client reads there, and its yes or no, without a login."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from balie.accounts.models import Client
from balie.contracts.models import Contract
from balie.controlling import links
from balie.controlling.models import Offer
from balie.notifications.models import Mail
from balie.operator.models import Operator
from balie.tariffs.models import Tariff
from balie.tasks.models import Task
from tests import make
from tests.web import make_offers
from tests.web.make_offers import CODE, client, offer, send
from tests.web.make_office import NOW
from tests.web.reading import text

DAY = timedelta(days=1)


@pytest.fixture
def browser(db: None, monday: None) -> Browser:
    return make_offers.office()


@pytest.fixture
def task(browser: Browser) -> Task:
    return make_offers.bakkers_task()


@pytest.fixture
def link(browser: Browser, task: Task) -> str:
    """The address in the mail."""
    send(browser, task)
    sent = Mail.objects.get().text
    return str(sent[sent.index("http://testserver") :].split()[0]).removeprefix("http://testserver")


@pytest.fixture
def guest() -> Browser:
    return Browser()


def page_of(guest: Browser, link: str, status: int = 200) -> str:
    answer = guest.get(link)
    assert answer.status_code == status
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")
    return text(answer.content.decode())


def test_client_sees_what_it_pays_and_would_pay_and_from_when(guest: Browser, link: str) -> None:
    said = page_of(guest, link)
    assert "Our offer for Bakker Installaties" in said and "Telefoonservice De Linde" in said
    assert "what October 2026 would have cost, without VAT Now BASIS €" in said
    assert "it would be €50.00 dearer." in said
    assert "From 1 December 2026 Basic Plus €" in said
    assert "€89.00 a month until then: €39.00 a month" in said
    assert "You can take the change back until 1 December 2026." in said


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(guest: Browser, link: str, method: str) -> None:
    before = list(Contract.objects.values()), list(Offer.objects.values()), list(Task.objects.values())
    with CaptureQueriesContext(connection) as asked:
        getattr(guest, method)(link)
    assert (list(Contract.objects.values()), list(Offer.objects.values()), list(Task.objects.values())) == before
    assert [one["sql"] for one in asked if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []


def test_button_accepts_and_the_page_says_what_happens_next(guest: Browser, link: str) -> None:
    answer = guest.post(link, {"answer": "accept"}, follow=True)
    said = text(answer.content.decode())
    assert answer.redirect_chain == [(link, 302)]
    assert "Thank you, it is arranged" in said and "Basic Plus from 1 December 2026" in said
    assert "Until 1 December 2026 everything is billed as before." in said
    contract = Contract.objects.get(tariff__code=CODE)
    assert (contract.client, contract.start) == (client(), date(2026, 12, 1))
    assert (offer().accepted_how, offer().accepted_by) == ("link", "Bakker Installaties")
    assert guest.post(link, {"answer": "accept"}).status_code == 302
    assert Contract.objects.filter(client=client()).count() == 2


def test_no_thank_you_is_noted_and_can_be_thought_better_of(guest: Browser, link: str) -> None:
    answer = guest.post(link, {"answer": "decline", "reason": " Too  dear "}, follow=True)
    assert "You told us on 23 Nov 2026 that you do not want this offer." in text(answer.content.decode())
    assert (offer().declined_by, offer().decline_reason) == ("Bakker Installaties", "Too dear")
    assert Contract.objects.filter(client=client()).count() == 1
    guest.post(link, {"answer": "accept"})
    assert offer().accepted == NOW


@pytest.mark.parametrize(
    ("language", "now"), [("nl", "Nu BASIS € 39,00"), ("de", "Jetzt BASIS 39,00 €"), ("en", "Now BASIS €39.00")]
)
def test_page_speaks_the_clients_language(guest: Browser, link: str, language: str, now: str) -> None:
    Client.objects.update(language=language)
    answer = guest.get(link, headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}"' in answer.content.decode() and now in text(answer.content.decode())
    assert guest.get(f"{link}?language=en")["Content-Language"] == "en"


def test_language_that_was_chosen_stays_after_the_answer(guest: Browser, link: str) -> None:
    answer = guest.post(f"{link}?language=de", {"answer": "decline"})
    assert answer["Location"] == f"{link}?language=de"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"withdrawn": NOW}, "Another offer has taken the place of this one. Use the newest mail, or ask for it."),
        ("code", "This offer is not valid any more. Ask for a new one."),
        ("ends", "There is no contract of this service that goes on next month."),
    ],
)
def test_dead_offer_says_so_and_is_not_accepted(guest: Browser, link: str, change: Any, said: str) -> None:
    Operator.objects.update(mail={"from": "De Linde <info@linde.example>"})
    if change == "code":
        Tariff.objects.filter(code=CODE).update(code_withdrawn=True)
    elif change == "ends":
        Contract.objects.filter(client=client()).update(end="2026-11-30")
    else:
        Offer.objects.update(**change)
    page = page_of(guest, link, 410)
    assert said in page and "Write to info@linde.example" in page and "€" not in page
    assert guest.post(link, {"answer": "accept"}).status_code == 410
    assert not Contract.objects.filter(tariff__code=CODE).exists()


def test_link_ends_after_sixty_days(guest: Browser, link: str, time_machine: Any) -> None:
    time_machine.move_to(NOW + 60 * DAY - timedelta(seconds=1), tick=False)
    page_of(guest, link)
    time_machine.move_to(NOW + 60 * DAY, tick=False)
    assert "This offer could be accepted until 22 January 2027. Ask us for a new one." in page_of(guest, link, 410)
    assert guest.post(link, {"answer": "accept"}).status_code == 410
    assert offer().accepted is None


def test_link_that_is_not_whole_says_so(guest: Browser, link: str) -> None:
    assert "This link is not complete." in page_of(guest, link[:-3] + "/", 404)
    other = links.token(offer().pk + 1, sent=NOW)
    assert "does not exist any more" in page_of(guest, f"/offer/{other}/", 404)


def test_form_from_elsewhere_does_not_answer(link: str) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(link, {"answer": "accept"}).status_code == 403
    assert offer().accepted is None


def test_staff_that_opens_the_link_accepts_as_staff(browser: Browser, link: str) -> None:
    browser.post(link, {"answer": "accept"})
    assert (offer().accepted_how, offer().accepted_by) == ("staff", "Marit de Boer")


def test_code_typed_in_the_portal_accepts_the_offer_and_undo_takes_that_back(browser: Browser, task: Task) -> None:
    own = Browser()
    own.force_login(make.user("kees@bakker.example", role="", client=client()))
    contract = Contract.objects.get(client=client())
    own.post(reverse("portal_tariff_code", args=[contract.pk]), {"code": CODE})
    own.post(reverse("portal_tariff_change", args=[contract.pk, offer().tariff_id]))
    assert (offer().accepted_how, offer().accepted_by, offer().task.outcome) == (
        "code",
        "kees@bakker.example",
        "accepted",
    )
    own.post(reverse("portal_tariff_undo", args=[contract.pk]))
    assert (offer().accepted, offer().task.closed) == (None, None)
