"""The users of a client on the portal and in the office: the same deeds, each for whom they are."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as Browser

from balie.accounts.models import Client, User
from balie.notifications.models import Mail
from balie.operator.models import LogEntry
from tests import make
from tests.web.make_portal import browser, page_of, said, user

pytestmark = pytest.mark.django_db
EVA = {"email": "eva@bakker.example", "name": "Eva", "owner": "0"}


@pytest.fixture(autouse=True)
def bakker() -> Client:
    make.operator()
    return make.client("1001", name="Bakker", language="en")


@pytest.fixture
def kees(bakker: Client) -> User:
    return user(bakker, owner=True, name="Kees")


@pytest.fixture(params=["portal", "office"])
def where(request: pytest.FixtureRequest, kees: User) -> tuple[Browser, Callable[[str], str]]:
    """Somebody who may, and the address of each deed: an owner in the portal, a manager in the office."""
    if request.param == "portal":
        return browser(kees), lambda deed: f"/portal/users/{deed}"
    return browser(make.user("marit@example.com", name="Marit")), lambda deed: f"/clients/1001/users/{deed}"


Where = tuple[Browser, Callable[[str], str]]


def test_a_colleague_is_invited_and_gets_in_by_the_link(where: Where) -> None:
    somebody, at = where
    answer = somebody.post(at("invite/"), EVA, follow=True)
    page = said(answer.content.decode())
    assert "An invitation is on its way to eva@bakker.example." in page and "Eva invited eva@bakker.example" in page
    path = "/password/" + Mail.objects.get().text.partition("/password/")[2].split()[0]
    eva = Browser()
    assert eva.get(path).status_code == 200 and not User.objects.get(email=EVA["email"]).has_usable_password()
    eva.post(path, {"password": "vier groene giraffen"})
    assert eva.get("/portal/").status_code == 200
    assert "This page is for owners" in page_of(eva, "/portal/users/", 403)


def test_what_is_wrong_with_an_invitation_stands_beside_the_form(where: Where) -> None:
    somebody, at = where
    make.user("taken@example.com", role="", client=make.client("1002"))
    for email, reason in (("x", "is no email address"), ("taken@example.com", "login already"), ("", "no email")):
        answer = somebody.post(at("invite/"), {**EVA, "email": email})
        assert answer.status_code == 422 and reason in said(answer.content.decode()), email
    assert 'value="Eva"' in answer.content.decode()


def test_a_user_is_removed_and_the_removal_taken_back(where: Where, bakker: Client) -> None:
    somebody, at = where
    eva = user(bakker, "eva@bakker.example")
    theirs = browser(eva)
    answer = somebody.post(at(f"{eva.pk}/remove/"), follow=True)
    assert f'action="{at(f"{eva.pk}/restore/")}"' in answer.content.decode(), "undo"
    assert theirs.get("/portal/").status_code == 302, "logged out at once"
    assert "1 removed user" in said(answer.content.decode())
    somebody.post(at(f"{eva.pk}/restore/"))
    assert browser(User.objects.get(pk=eva.pk)).get("/portal/").status_code == 200


def test_the_only_owner_stays(where: Where, kees: User) -> None:
    somebody, at = where
    for deed in ("remove/", "owner/"):
        page = said(somebody.post(at(f"{kees.pk}/{deed}"), {"owner": "0"}, follow=True).content.decode())
        assert "Kees is the only owner." in page
    kees.refresh_from_db()
    assert kees.is_active and kees.owner


def test_members_become_owners_and_the_log_says_who_did_it(where: Where, bakker: Client) -> None:
    somebody, at = where
    eva = user(bakker, "eva@bakker.example")
    somebody.post(at(f"{eva.pk}/owner/"), {"owner": "1"})
    assert browser(eva).get("/portal/users/").status_code == 200
    entry = LogEntry.objects.get()
    assert (entry.deed, entry.about, entry.who) == ("clients_user.owner", "client:1001", str(somebody_of(somebody)))


def somebody_of(one: Browser) -> User:
    return User.objects.get(pk=one.session["_auth_user_id"])


def test_an_invitation_is_sent_again(where: Where) -> None:
    somebody, at = where
    somebody.post(at("invite/"), EVA)
    eva = User.objects.get(email=EVA["email"])
    somebody.post(at(f"{eva.pk}/invite/"))
    first, second = (mail.text.partition("/password/")[2].split()[0] for mail in Mail.objects.order_by("pk"))
    assert [Browser().get(f"/password/{path}").status_code for path in (first, second)] == [410, 200]


def test_users_of_another_client_are_not_there(where: Where) -> None:
    somebody, at = where
    other = make.user("other@example.com", role="", client=make.client("1002"), owner=True)
    for deed in ("invite/", "owner/", "remove/", "restore/"):
        assert somebody.post(at(f"{other.pk}/{deed}"), {"owner": "0"}).status_code == 404, deed
    assert "other@example.com" not in page_of(somebody, at(""))


def test_members_may_not_change_who_may(bakker: Client, kees: User) -> None:
    member = browser(user(bakker, "eva@bakker.example"))
    for deed in ("invite/", f"{kees.pk}/owner/", f"{kees.pk}/remove/", f"{kees.pk}/restore/"):
        assert member.post(f"/portal/users/{deed}", EVA).status_code == 403, deed
    assert "/portal/users/" not in page_of(member, "/portal/documents/")
    assert "/portal/users/" in page_of(browser(kees), "/portal/documents/")


def test_staff_take_a_lost_second_factor_away_from_a_clients_user(bakker: Client, kees: User) -> None:
    Authenticator.objects.create(user=kees, type="totp", data={})
    manager = browser(make.user("marit@example.com"))
    link = f"/settings/login/{kees.pk}/reset/"
    assert link in page_of(manager, "/clients/1001/users/") and link not in page_of(browser(kees), "/portal/users/")
    assert "Bakker" in page_of(manager, link) and Authenticator.objects.exists()
    assert manager.post(link)["Location"] == "/clients/1001/users/"
    assert not Authenticator.objects.exists()
    assert LogEntry.objects.get().about == "client:1001"
    assert browser(kees).post(link).status_code == 403


def test_an_owner_who_removes_himself_is_at_the_door(bakker: Client, kees: User) -> None:
    user(bakker, "eva@bakker.example", owner=True)
    own = browser(kees)
    assert own.post(f"/portal/users/{kees.pk}/owner/", {"owner": "0"})["Location"] == "/portal/"
    User.objects.filter(pk=kees.pk).update(owner=True)
    assert own.post(f"/portal/users/{kees.pk}/remove/")["Location"] == "/login/"
    assert own.get("/portal/").status_code == 302


def test_a_client_without_users_says_what_to_do() -> None:
    page = said(page_of(browser(make.user()), "/clients/1001/users/"))
    assert "Nobody can log in for this client yet." in page
