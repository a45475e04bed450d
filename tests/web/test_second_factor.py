"""The second factor: setting it up, asking for it, needing it, losing it; and the sessions of one's login."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.test import Client as Browser

from balie.accounts.actions import make_staff
from balie.accounts.factors import reset_factors
from balie.accounts.models import Role, User
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import LogEntry, Operator
from balie.rules.errors import Refused
from tests import make
from tests.make import PASSWORD
from tests.web.make_office import ZONE
from tests.web.make_portal import said

pytestmark = pytest.mark.django_db
EMAIL = "joris@example.com"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def joris(clock: time_machine.Traveller) -> User:
    """An administrator of an office that does not ask for a second factor."""
    make.operator(timezone=ZONE, second_factor=False)
    return make.user(EMAIL, role=Role.ADMINISTRATOR, name="Joris")


def logged_in(email: str = EMAIL, password: str = PASSWORD, **sent: Any) -> Browser:
    """Somebody who typed email and password; where a second factor is asked for, only half in."""
    browser = Browser(**sent)
    assert browser.post("/login/", {"email": email, "password": password}).status_code == 302
    return browser


def code(secret: str, clock: time_machine.Traveller) -> str:
    """What the app shows half a minute later: a code works once."""
    clock.shift(timedelta(seconds=30))
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def set_up(browser: Browser, clock: time_machine.Traveller) -> str:
    """Sets the app up; the secret it got."""
    page = browser.get("/me/app/")
    assert page.status_code == 200, page.headers
    secret = str(page.context["form"].secret)
    assert browser.post("/me/app/", {"code": code(secret, clock)})["Location"] == "/me/codes/"
    return secret


def inside(browser: Browser) -> bool:
    return browser.get("/clients/").status_code == 200


def test_the_app_is_set_up_by_a_picture_and_a_code(joris: User, clock: time_machine.Traveller) -> None:
    browser = logged_in()
    page = browser.get("/me/app/")
    link = urlsplit(page.context["totp_url"])
    assert (link.path, parse_qs(link.query)["issuer"]) == ("/joris%40example.com", ["Telefoonservice De Linde"])
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert browser.post("/me/app/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    set_up(browser, clock)
    codes = browser.get("/me/codes/").content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert LogEntry.objects.get().deed == "factor.added"


def test_whoever_has_a_second_factor_is_asked_for_it(joris: User, clock: time_machine.Traveller) -> None:
    secret = set_up(logged_in(), clock)
    browser = Browser()
    fields = {"email": EMAIL, "password": PASSWORD, "next": "/clients/?q=x"}
    assert browser.post("/login/", fields)["Location"] == "/login/second/"
    assert not inside(browser)
    wrong = browser.post("/login/second/", {"code": "123456"})
    assert "This code is not right" in wrong.content.decode() and not inside(browser)
    right = browser.post("/login/second/", {"code": code(secret, clock)})
    assert right["Location"] == "/clients/?q=x" and inside(browser)


def test_a_code_works_once(joris: User, clock: time_machine.Traveller) -> None:
    secret = set_up(logged_in(), clock)
    first, second, shown = logged_in(), logged_in(), code(secret, clock)
    first.post("/login/second/", {"code": shown})
    second.post("/login/second/", {"code": shown})
    assert (inside(first), inside(second)) == (True, False)


def test_a_recovery_code_logs_in_once(joris: User, clock: time_machine.Traveller) -> None:
    browser = logged_in()
    set_up(browser, clock)
    spare = browser.get("/me/codes/file/").content.decode().split()[0]
    first, second = logged_in(), logged_in()
    first.post("/login/second/", {"code": spare})
    second.post("/login/second/", {"code": spare})
    assert (inside(first), inside(second)) == (True, False)
    assert "9 left" in said(first.get("/me/").content.decode())


def test_guessing_codes_is_stopped_for_five_minutes(joris: User, clock: time_machine.Traveller) -> None:
    secret = set_up(logged_in(), clock)
    for number in range(5):
        logged_in().post("/login/second/", {"code": f"{number:06d}"})
    browser = logged_in()
    late = browser.post("/login/second/", {"code": code(secret, clock)})
    assert "Too many wrong codes" in late.content.decode() and not inside(browser)
    clock.shift(timedelta(minutes=5))
    assert browser.post("/login/second/", {"code": code(secret, clock)}).status_code == 302 and inside(browser)


def test_a_link_for_a_password_does_not_pass_the_second_factor_by(joris: User, clock: time_machine.Traveller) -> None:
    from balie.accounts.actions import password_path

    set_up(logged_in(), clock)
    browser, link = Browser(), password_path(User.objects.get())
    assert browser.post(link, {"password": "vier groene giraffen"})["Location"] == "/login/second/"
    assert not inside(browser)


def test_changing_factors_asks_first_whether_it_is_still_you(joris: User, clock: time_machine.Traveller) -> None:
    secret = set_up(logged_in(), clock)
    browser = logged_in()
    browser.post("/login/second/", {"code": code(secret, clock)})
    for address in ("/me/app/remove/", "/me/codes/", "/me/codes/new/", "/me/keys/add/", "/me/password/"):
        assert browser.get(address)["Location"] == f"/me/confirm/?next={quote(address, safe='')}", address
    assert browser.post("/me/confirm/?next=/me/app/remove/", {"password": "x"}).status_code == 200
    assert browser.post("/me/confirm/?next=https://evil.example/", {"password": PASSWORD})["Location"] == "/"
    assert browser.get("/me/app/remove/").status_code == 200
    clock.shift(timedelta(minutes=16))
    assert browser.get("/me/app/remove/").status_code == 302
    assert browser.post("/me/confirm/code/?next=/me/codes/", {"code": code(secret, clock)})["Location"] == "/me/codes/"


def test_the_app_is_removed_and_the_password_is_enough_again(joris: User, clock: time_machine.Traveller) -> None:
    browser = logged_in()
    set_up(browser, clock)
    assert browser.post("/me/app/remove/")["Location"] == "/me/"
    assert not Authenticator.objects.exists(), "the codes go with it"
    assert inside(logged_in())
    assert [entry.deed for entry in LogEntry.objects.order_by("pk")] == ["factor.added", "factor.removed"]


def test_staff_without_one_are_led_to_set_it_up_where_it_is_needed(joris: User, clock: time_machine.Traveller) -> None:
    Operator.objects.update(second_factor=True)
    browser = logged_in()
    assert browser.get("/clients/")["Location"] == "/me/"
    part = browser.get("/clients/?q=x", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, "/me/")
    assert "Set up a second factor first." in browser.get("/me/").content.decode()
    set_up(browser, clock)
    assert inside(browser)
    assert "this is your only one" in browser.get("/me/app/remove/").content.decode()
    browser.post("/me/app/remove/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_users_of_clients_need_none(joris: User) -> None:
    Operator.objects.update(second_factor=True)
    make.user("kees@bakker.example", role="", client=make.client("1001"), owner=True)
    assert logged_in("kees@bakker.example").get("/portal/").status_code == 200


def test_staff_need_one_from_the_moment_the_first_administrator_has(joris: User, clock: time_machine.Traveller) -> None:
    Operator.objects.update(second_factor=None)
    make.user("marit@example.com")
    marit = logged_in("marit@example.com")
    assert inside(marit)
    set_up(marit, clock)
    assert Operator.objects.get().second_factor is None
    browser = logged_in()
    assert inside(browser) and "from then on all staff need one" in browser.get("/").content.decode()
    set_up(browser, clock)
    assert (
        Operator.objects.get().second_factor is True and "all staff need one" not in browser.get("/").content.decode()
    )
    make.user("new@example.com")
    assert not inside(logged_in("new@example.com")) and inside(browser) and inside(marit)


def test_what_the_operator_said_about_it_stands(joris: User, clock: time_machine.Traveller) -> None:
    set_up(logged_in(), clock)
    assert Operator.objects.get().second_factor is False


def test_an_administrator_takes_a_lost_factor_away(joris: User, clock: time_machine.Traveller) -> None:
    marit = make.user("marit@example.com")
    lost = logged_in("marit@example.com")
    set_up(lost, clock)
    browser = logged_in()
    assert browser.get(f"/settings/login/{marit.pk}/reset/").status_code == 200 and Authenticator.objects.exists()
    assert inside(lost)
    browser.post(f"/settings/login/{marit.pk}/reset/")
    assert not inside(lost) and inside(browser)
    assert inside(logged_in("marit@example.com"))
    assert LogEntry.objects.latest("pk").deed == "factor.reset"


def test_nobody_takes_his_own_away_without_being_asked_again(joris: User, clock: time_machine.Traveller) -> None:
    browser = logged_in()
    secret = set_up(browser, clock)
    browser = logged_in()
    browser.post("/login/second/", {"code": code(secret, clock)})
    for ask in (browser.get, browser.post):
        assert ask(f"/settings/login/{joris.pk}/reset/")["Location"] == "/me/app/remove/"
    assert browser.post("/me/app/remove/")["Location"].startswith("/me/confirm/")
    assert Authenticator.objects.filter(type="totp").exists()
    with pytest.raises(Refused, match="your own login"):
        reset_factors(user=joris, author=Author("Joris", make.NOW, joris.pk))


def test_whoever_has_the_password_only_is_out_once_a_factor_is_set_up(
    joris: User, clock: time_machine.Traveller
) -> None:
    Operator.objects.update(second_factor=None)
    thief, browser = logged_in(), logged_in()
    assert inside(thief)
    set_up(browser, clock)
    assert (inside(thief), inside(browser)) == (False, True)
    assert thief.post("/me/app/remove/")["Location"].startswith("/login/")
    assert UserSession.objects.count() == 1


def test_a_session_without_a_factor_is_none_even_where_it_was_not_ended(
    joris: User, clock: time_machine.Traveller
) -> None:
    """Neither for staff, whatever the operator asks of them, nor for a client's user."""
    kees = make.user("kees@bakker.example", role="", client=make.client("1001"), owner=True)
    for user, address in ((joris, "/clients/"), (kees, "/portal/")):
        left = logged_in(user.email)
        assert left.get(address).status_code == 200
        Authenticator.objects.create(user=user, type="totp", data={})
        assert left.get(address)["Location"].startswith("/login/")
        assert left.get("/me/")["Location"].startswith("/login/")


def test_whose_factor_changes_gets_a_mail(joris: User, clock: time_machine.Traveller) -> None:
    browser = logged_in()
    set_up(browser, clock)
    browser.post("/me/app/remove/")
    marit = make.user("marit@example.com", language="en")
    set_up(logged_in("marit@example.com"), clock)
    logged_in().post(f"/settings/login/{marit.pk}/reset/")
    told = list(Mail.objects.order_by("pk").values_list("kind", "recipient"))
    assert told == [(f"factor_{deed}", to) for to in (EMAIL, marit.email) for deed in ("added", "removed")]
    assert "On 23 November 2026 10:01 a second factor" in Mail.objects.latest("pk").text


def test_the_code_that_set_the_app_up_logs_nobody_in(joris: User, clock: time_machine.Traveller) -> None:
    browser = logged_in()
    secret = str(browser.get("/me/app/").context["form"].secret)
    shown = code(secret, clock)
    browser.post("/me/app/", {"code": shown})
    for wait, typed in ((0, shown), (31, f"{shown[:3]} {shown[3:]}")):
        clock.shift(timedelta(seconds=wait))
        second = logged_in()
        second.post("/login/second/", {"code": typed})
        assert not inside(second), f"{typed} after {wait} s"


def test_wrong_codes_keep_nobody_else_out(joris: User, clock: time_machine.Traveller) -> None:
    """Neither a colleague at the same address, nor the same person elsewhere."""
    make.user("marit@example.com")
    secret, hers = set_up(logged_in(), clock), set_up(logged_in("marit@example.com"), clock)
    guesses = logged_in("marit@example.com")
    for number in range(11):
        late = guesses.post("/login/second/", {"code": f"{number:06d}"})
    assert "Too many wrong codes." in late.content.decode()
    for email, known, address in ((EMAIL, secret, "127.0.0.1"), ("marit@example.com", hers, "192.0.2.7")):
        somebody = logged_in(email, REMOTE_ADDR=address)
        somebody.post("/login/second/", {"code": code(known, clock)})
        assert inside(somebody), email


def test_guessing_one_logins_codes_from_many_addresses_ends(
    joris: User, clock: time_machine.Traveller, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"code_anywhere": "3/h/key"}
    secret = set_up(logged_in(), clock)
    for number in range(3):
        logged_in(REMOTE_ADDR=f"192.0.2.{number}").post("/login/second/", {"code": "000000"})
    late = logged_in().post("/login/second/", {"code": code(secret, clock)})
    assert "Wait an hour" in late.content.decode()
    clock.shift(timedelta(hours=1))
    browser = logged_in()
    browser.post("/login/second/", {"code": code(secret, clock)})
    assert inside(browser)


def test_a_new_password_by_a_link_ends_every_session(joris: User) -> None:
    lost, link = logged_in(), make_staff(email=EMAIL, role=Role.ADMINISTRATOR, author=Author("balie", make.NOW)).path
    assert inside(lost)
    browser = Browser()
    assert browser.post(link, {"password": "another lime tree"}).status_code == 302
    assert inside(browser) and not inside(lost)


def test_the_setting_is_an_administrators(joris: User) -> None:
    browser = logged_in()
    for chosen, value in (("first", None), ("no", False), ("yes", True)):
        browser.post("/settings/login/second-factor/", {"second_factor": chosen})
        assert Operator.objects.get().second_factor is value
    assert browser.get("/settings/login/")["Location"] == "/me/", "he has none himself"
    Operator.objects.update(second_factor=False)
    assert browser.post("/settings/login/second-factor/", {"second_factor": "maybe"}).status_code == 400


def test_another_persons_key_is_not_there(joris: User, clock: time_machine.Traveller) -> None:
    marit = make.user("marit@example.com")
    key = Authenticator.objects.create(user=marit, type="webauthn", data={"name": "Hers", "credential": {}})
    browser = logged_in()
    for deed in ("name", "remove"):
        assert browser.get(f"/me/keys/{key.pk}/{deed}/").status_code == 404
        assert browser.post(f"/me/keys/{key.pk}/{deed}/", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Hers"


def test_every_login_is_listed_and_ended_from_another(joris: User, clock: time_machine.Traveller) -> None:
    here = logged_in(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0"})
    clock.shift(timedelta(minutes=1))
    there = logged_in(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/605"}, REMOTE_ADDR="192.0.2.7")
    page = said(here.get("/me/").content.decode())
    assert "Safari, iPhone 192.0.2.7" in page and "Firefox, Linux here 127.0.0.1" in page
    row = UserSession.objects.get(ip="192.0.2.7")
    here.post(f"/me/sessions/{row.pk}/end/")
    assert (inside(here), inside(there)) == (True, False)
    others = [logged_in() for _ in range(2)]
    here.post("/me/sessions/end/")
    assert (inside(here), *(inside(one) for one in others)) == (True, False, False)


def test_another_persons_session_is_not_there(joris: User) -> None:
    make.user("marit@example.com")
    marit = logged_in("marit@example.com")
    row = UserSession.objects.get()
    assert logged_in().post(f"/me/sessions/{row.pk}/end/").status_code == 404
    assert inside(marit)


def test_a_new_password_logs_out_everywhere_else(joris: User) -> None:
    here, there = logged_in(), logged_in()
    assert here.post("/me/password/", {"password": "kort"}).status_code == 422
    assert here.post("/me/password/", {"password": "vier groene giraffen"})["Location"] == "/me/"
    assert (inside(here), inside(there)) == (True, False)
    assert inside(logged_in(password="vier groene giraffen"))


def test_nothing_of_allauth_is_reachable_but_what_is_ours(joris: User) -> None:
    for address in ("/accounts/", "/accounts/login/", "/accounts/signup/", "/_allauth/", "/me/trust/", "/me/keys/"):
        assert logged_in().get(address).status_code == 404, address
