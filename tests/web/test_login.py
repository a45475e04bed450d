"""Getting in: passwords, guessing, links that work once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.test import Client as Browser
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from balie.accounts.login import MOST_PER_ADDRESS, MOST_PER_EMAIL
from balie.accounts.models import LoginAttempt, User
from tests import make
from tests.make import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def user() -> User:
    make.operator()
    return make.user("marit@example.com")


def attempt(password: str, email: str = "marit@example.com", address: str = "192.0.2.1", next: str = "") -> int:
    fields = {"email": email, "password": password, "next": next}
    return Browser().post("/login/", fields, REMOTE_ADDR=address).status_code


def test_the_right_password_leads_to_where_one_wanted_to_go(user: User) -> None:
    fields = {"email": " Marit@Example.COM ", "password": PASSWORD, "next": "/clients/?q=bakker"}
    answer = Browser().post("/login/", fields)
    assert (answer.status_code, answer["Location"]) == (302, "/clients/?q=bakker")


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "http:evil.example", "javascript:x"])
def test_login_leads_to_no_other_server(user: User, elsewhere: str) -> None:
    fields = {"email": user.email, "password": PASSWORD, "next": elsewhere}
    assert Browser().post("/login/", fields)["Location"] == "/"


def test_a_wrong_password_says_the_same_as_an_unknown_email(user: User) -> None:
    wrong = Browser().post("/login/", {"email": user.email, "password": "x"}).content.decode()
    unknown = Browser().post("/login/", {"email": "nobody@example.com", "password": "x"}).content.decode()
    said = "Email address and password do not belong together."
    assert said in wrong and said in unknown


def test_guessing_one_password_is_stopped_for_a_quarter_of_an_hour(user: User, clock: time_machine.Traveller) -> None:
    assert [attempt("wrong") for _ in range(MOST_PER_EMAIL)] == [422] * MOST_PER_EMAIL
    assert attempt(PASSWORD) == 429
    assert attempt(PASSWORD, address="192.0.2.2") == 302, "others can still log in as this person"
    clock.shift(timedelta(minutes=16))
    assert attempt(PASSWORD) == 302


def test_guessing_many_emails_from_one_address_is_stopped(user: User, clock: time_machine.Traveller) -> None:
    for at in range(MOST_PER_ADDRESS):
        attempt("wrong", email=f"{at}@example.com")
    assert attempt(PASSWORD) == 429


def test_the_right_password_forgets_mistakes_before_it(user: User, clock: time_machine.Traveller) -> None:
    for _ in range(MOST_PER_EMAIL - 1):
        attempt("wrong")
    assert attempt(PASSWORD) == 302
    assert [attempt("wrong") for _ in range(MOST_PER_EMAIL)] == [422] * MOST_PER_EMAIL


def test_attempts_are_forgotten_after_a_day(user: User, clock: time_machine.Traveller) -> None:
    attempt("wrong")
    clock.shift(timedelta(days=2))
    attempt("wrong", email="other@example.com")
    assert [one.email for one in LoginAttempt.objects.all()] == ["other@example.com"]


def test_who_left_cannot_log_in(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert attempt(PASSWORD) == 422


def test_endless_input_does_no_harm(user: User) -> None:
    assert attempt("x" * 100_000, email="y" * 100_000) == 422


@pytest.mark.parametrize(
    ("said", "cookie", "language"), [("", "", "de"), ("en", "", "en"), ("", "nl", "nl"), ("fr", "", "en")]
)
def test_a_browser_that_says_no_language_gets_the_operators(user: User, said: str, cookie: str, language: str) -> None:
    make.operator(language="de")
    browser = Browser(headers={"accept-language": said})
    browser.cookies["django_language"] = cookie
    assert browser.get("/login/")["Content-Language"] == language


def test_before_there_is_an_operator_pages_are_english(db: None) -> None:
    assert Browser(headers={"accept-language": ""}).get("/login/")["Content-Language"] == "en"


def test_logging_out_closes_the_office(user: User) -> None:
    browser = Browser()
    browser.force_login(user)
    browser.post("/logout/")
    assert browser.get("/clients/").status_code == 302


def link(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/password/{uid}/{default_token_generator.make_token(user)}/"


def test_opening_the_link_changes_nothing(user: User) -> None:
    address = link(user)
    assert [Browser().get(address).status_code for _ in range(3)] == [200, 200, 200]
    assert attempt(PASSWORD) == 302


def test_the_link_sets_the_password_once_and_logs_in(user: User) -> None:
    address, browser = link(user), Browser()
    assert browser.post(address, {"password": "drie blauwe olifanten"})["Location"] == "/"
    assert browser.get("/clients/").status_code == 200
    assert (attempt("drie blauwe olifanten"), attempt(PASSWORD)) == (302, 422)
    assert Browser().post(address, {"password": "nog een wachtwoord"}).status_code == 410


def test_a_weak_password_is_refused_with_every_reason(user: User) -> None:
    answer = Browser().post(link(user), {"password": "password"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "too short" in page and "too common" in page


@pytest.mark.parametrize("uid", ["MQ", "AA", "____", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "4pi6", "LTE", "."])
def test_broken_links_say_that_they_do_not_work(user: User, uid: str) -> None:
    assert Browser().get(f"/password/{uid}/abc-def/").status_code == 410
