"""The pages of signing up: for everybody, for the person behind the link, and for staff."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from balie.accounts.asked import MOST_PER_ADDRESS, MOST_PER_EMAIL
from balie.accounts.models import Client, Registration, User
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.terms import put_terms
from tests import make
from tests.web.make_portal import said

pytestmark = pytest.mark.django_db
SANNE = {
    "company": "Fietsen de Wit",
    "name": "Sanne de Wit",
    "email": "sanne@fietsendewit.example",
    "password": "drie blauwe olifanten",
    "language": "en",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    make.operator(mailboxes={"registrations": "new@delinde.example"}, base_url="https://testserver")
    with time_machine.travel(make.NOW, tick=False) as travel:
        yield travel


def post(browser: Browser, address: str = "/sign-up/?language=en", **changed: str) -> Any:
    return browser.post(address, {**SANNE, **changed})


def text(answer: Any) -> str:
    return said(answer.content.decode())


def link(kind: str = "registration_link") -> str:
    """The path of the link in the newest mail of a kind."""
    found = re.search(r"https://testserver(/\S+)", Mail.objects.filter(kind=kind).latest("pk").text)
    assert found
    return found[1]


def manager() -> Browser:
    browser = Browser()
    browser.force_login(make.user("marit@example.com", name="Marit"))
    return browser


def test_from_signing_up_to_the_clients_own_pages() -> None:
    browser = Browser()
    answer = post(browser, next="/portal/contract/", tariff="7K4M-9QXB")
    assert answer["Location"] == "/sent/?what=sign-up&language=en"
    assert "press the button" in text(browser.get(answer["Location"]))
    page = browser.get(link())
    assert "Activate Fietsen de Wit" in text(page) and not Client.objects.exists()
    done = browser.post(link())
    assert done["Location"] == "/portal/contract/"
    assert "Welcome. Fietsen de Wit is client 1001 now." in text(browser.get("/portal/contract/"))
    assert browser.session["ordered_tariff"] == "7K4M-9QXB"
    assert "Make a member" in text(browser.get("/portal/users/"))


def test_without_a_page_to_go_on_to_it_leads_to_the_portal() -> None:
    post(Browser())
    assert Browser().post(link())["Location"] == "/portal/"


@pytest.mark.parametrize("email", [SANNE["email"], "kees@bakker.example"])
def test_button_pressed_many_times_is_one_mail_and_no_error(email: str) -> None:
    """For a known address as for an unknown one, and its link goes on to work."""
    make.user("kees@bakker.example", role="", client=make.client("1001"))
    given = {"email": email, "csrfmiddlewaretoken": "of this page"}
    answers = {post(Browser(), **given)["Location"] for _press in range(MOST_PER_EMAIL + 2)}
    assert answers == {"/sent/?what=sign-up&language=en"} and Mail.objects.count() == 1
    post(Browser(), **{**given, "csrfmiddlewaretoken": "of another page"})
    assert Mail.objects.count() == 2


def test_sign_up_that_was_refused_can_be_sent_again_at_once(clock: time_machine.Traveller) -> None:
    for number in range(MOST_PER_ADDRESS):
        post(Browser(), email=f"{number}@x.example")
    token = {"csrfmiddlewaretoken": "of this page"}
    assert [post(Browser(), **token).status_code for _press in (1, 2)] == [429, 429]
    clock.shift(timedelta(minutes=61))
    assert post(Browser(), **token).status_code == 302


def test_activating_twice_with_one_form_leads_on_and_with_another_does_not() -> None:
    """A browser shows what the second press of a slow button brings, and forgets the cookie of the first."""
    post(Browser(), next="/portal/contract/")
    once, twice, other = Browser(), Browser(), Browser()
    form = {"csrfmiddlewaretoken": "of this page"}
    assert [browser.post(link(), form)["Location"] for browser in (once, twice)] == ["/portal/contract/"] * 2
    assert twice.get("/portal/users/").status_code == 200 and User.objects.count() == 1
    for given in ({"csrfmiddlewaretoken": "of another page"}, {}):
        assert other.post(link(), given).status_code == 410
    assert other.get("/portal/").status_code == 302


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address() -> None:
    make.user("kees@bakker.example", role="", client=make.client("1001"))
    unknown, known = post(Browser()), post(Browser(), email="Kees@bakker.example")
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert sorted(Mail.objects.values_list("kind", "recipient")) == [
        ("registration_known", "kees@bakker.example"),
        ("registration_link", "sanne@fietsendewit.example"),
    ]


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten() -> None:
    assert post(Browser(), website="https://spam.example").status_code == 302
    assert not Registration.objects.exists() and not Mail.objects.exists()


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() -> None:
    answer = post(Browser(), name="", email="sanne", password="kort")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [field for field in SANNE if f'id="{field}-problem"' in page] == ["name", "email", "password"]
    assert 'value="Fietsen de Wit"' in page and "kort" not in page


def test_terms_must_be_agreed_to_where_there_are_some() -> None:
    browser = Browser()
    assert "terms" not in text(browser.get("/sign-up/?language=en"))
    assert "There are no terms" in text(browser.get("/terms/?language=en"))
    put_terms(texts={"nl": "Wij nemen op.", "en": "We answer.\n\nAlways."}, author=Author("Joris", make.NOW))
    assert "I have read the terms (version 1)" in text(browser.get("/sign-up/?language=en"))
    assert "We answer. Always." in text(browser.get("/terms/?language=en"))
    assert "Wij nemen op." in text(browser.get("/terms/?language=de")), "the operator's own where there is no German"
    assert post(browser).status_code == 422
    assert post(browser, agreed="1").status_code == 302


def test_too_many_sign_ups_from_one_address_have_to_wait() -> None:
    browser = Browser()
    for number in range(MOST_PER_ADDRESS):
        assert post(browser, email=f"{number}@x.example").status_code == 302
    assert post(browser).status_code == 429
    assert browser.post("/password/forgotten/", {"email": "x@x.example"}).status_code == 302, "counted for itself"
    assert Browser(REMOTE_ADDR="192.0.2.8").post("/sign-up/", SANNE).status_code == 302


def test_a_link_that_is_too_old_sends_another_with_one_press(clock: time_machine.Traveller) -> None:
    post(Browser())
    first = link()
    clock.shift(timedelta(days=4))
    page = Browser().get(first)
    assert page.status_code == 410 and "Send me a new link" in text(page)
    assert Browser().post(first)["Location"] == "/sent/?what=link"
    assert link() != first and not Client.objects.exists()
    assert Browser().post(link())["Location"] == "/portal/"


def test_dead_and_used_links_say_what_to_do() -> None:
    post(Browser())
    first = link()
    assert Browser().post("/activate/again/", {"email": SANNE["email"]})["Location"] == "/sent/?what=link"
    assert "Only the link of the newest mail works." in text(Browser().get(f"{first}?language=en"))
    Browser().post(link())
    assert "activated already" in text(Browser().get(link()))
    assert (Browser().post(first).status_code, Browser().post(link()).status_code) == (410, 410)
    assert Client.objects.count() == 1


def test_pages_speak_the_language_of_the_link_or_of_who_signed_up() -> None:
    assert '<html lang="de"' in Browser().get("/sign-up/?language=de").content.decode()
    post(Browser(), language="nl")
    assert '<html lang="nl"' in Browser().get(link()).content.decode()
    assert '<html lang="de"' in Browser().get(f"{link()}?language=de").content.decode()
    assert Mail.objects.get().language == "nl"


def test_a_forgotten_password_is_set_anew_by_a_link() -> None:
    make.user("kees@bakker.example", role="", client=make.client("1001"))
    known, unknown = (
        Browser().post("/password/forgotten/", {"email": email}) for email in ("KEES@bakker.example", "x@x.example")
    )
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Mail.objects.get().kind == "password_reset"
    browser = Browser()
    assert browser.get(link("password_reset")).status_code == 200
    assert browser.post(link("password_reset"), {"password": "vier groene giraffen"}).status_code == 302
    assert User.objects.get().check_password("vier groene giraffen")
    assert Browser().get(link("password_reset")).status_code == 410


def test_the_operators_mail_opens_the_client_directly_after_the_login() -> None:
    post(Browser())
    Browser().post(link())
    make.user("marit@example.com")
    browser, deep = Browser(), link("registration_new")
    fields = {"email": "marit@example.com", "password": make.PASSWORD, "next": browser.get(deep).context["next"]}
    assert browser.post(deep, fields)["Location"] == "/clients/1001/"
    assert browser.get(deep)["Location"] == "/clients/1001/", "already logged in"


def test_staff_see_who_has_not_confirmed_and_find_them(clock: time_machine.Traveller) -> None:
    browser = manager()
    assert "Whoever signs up stands here" in text(browser.get("/registrations/"))
    post(Browser(), email="old@x.example", company="Oud BV")
    clock.shift(timedelta(days=4))
    post(Browser())
    page = text(browser.get("/registrations/"))
    assert page.index("Fietsen de Wit") < page.index("Oud BV")
    assert "4 days ago" in page and "too old" in page and "0 minutes ago" in page
    found = browser.get("/registrations/?q=oud+x.example", headers={"HX-Request": "true"}).content.decode()
    assert "Oud BV" in found and "Fietsen" not in found and "<html" not in found
    assert "No registration fits." in text(browser.get("/registrations/?q=nobody"))


def test_staff_send_the_link_again_with_one_press() -> None:
    browser = manager()
    post(Browser())
    first, pk = link(), Registration.objects.get().pk
    answer = browser.post(f"/registrations/{pk}/again/", follow=True)
    assert "A new link is on its way to sanne@fietsendewit.example" in text(answer)
    assert (Browser().get(first).status_code, Browser().get(link()).status_code) == (410, 200)


def test_staff_delete_a_registration_after_seeing_what_that_does() -> None:
    browser = manager()
    post(Browser())
    pk = Registration.objects.get().pk
    page = text(browser.get(f"/registrations/{pk}/delete/"))
    assert "this cannot be taken back" in page and Registration.objects.exists()
    assert "is deleted" in text(browser.post(f"/registrations/{pk}/delete/", follow=True))
    assert not Registration.objects.exists()
    assert browser.post(f"/registrations/{pk}/delete/").status_code == 404


def test_terms_are_changed_by_administrators() -> None:
    browser = Browser()
    browser.force_login(make.user("joris@example.com", role="administrator"))
    assert "None yet" in text(browser.get("/settings/terms/"))
    assert browser.post("/settings/terms/new/", {"nl": " ", "en": "We answer."}).status_code == 422
    for _ in range(2):
        page = text(browser.post("/settings/terms/new/", {"nl": "Wij nemen op."}, follow=True))
    assert "Nothing changed." in page and "Version 1 of 23 Nov 2026, by joris@example.com" in page
    browser.post("/settings/terms/new/", {"nl": "Wij nemen altijd op."})
    assert "Version 2" in text(browser.get("/settings/terms/"))
