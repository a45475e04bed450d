"""The users of a client on the portal and in the office: the same deeds, each for whom they are."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as Browser

from balie.accounts.models import Client, Invitation, User
from balie.contracts.models import Booking
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


def link() -> str:
    """The path of the invitation in the latest mail."""
    return "/invitation/" + Mail.objects.latest("pk").text.partition("/invitation/")[2].split()[0]


def test_a_colleague_is_invited_and_gets_in_by_the_link(where: Where) -> None:
    somebody, at = where
    answer = somebody.post(at("invite/"), EVA, follow=True)
    page = said(answer.content.decode())
    assert "An invitation is on its way to eva@bakker.example." in page and "Eva invited eva@bakker.example" in page
    eva = Browser()
    assert eva.get(link()).status_code == 200 and not User.objects.filter(email=EVA["email"]).exists()
    assert eva.post(link(), {"password": "kort"}).status_code == 422
    assert eva.post(link(), {"password": "vier groene giraffen"})["Location"] == "/portal/"
    assert eva.get("/portal/").status_code == 200
    again = page_of(eva, link(), 410)
    assert "This invitation is accepted already" in again and "To my pages" in again
    assert "This page is for owners" in page_of(eva, "/portal/users/", 403)


def test_an_accepted_invitation_leads_to_the_login(where: Where) -> None:
    somebody, at = where
    somebody.post(at("invite/"), EVA)
    Browser().post(link(), {"password": "vier groene giraffen"})
    again = page_of(Browser(), link(), 410)
    assert "This invitation is accepted already" in again and "This link does not work any more" not in again
    assert 'href="/login/"' in again and 'href="/password/forgotten/"' in again
    pressed = Browser().post(link(), {"password": "vijf rode eenden"})
    assert pressed.status_code == 410 and "is accepted already" in pressed.content.decode()
    assert "This link does not work any more" in page_of(Browser(), "/invitation/x/", 410)


def test_what_is_wrong_with_an_invitation_stands_beside_the_form(where: Where) -> None:
    somebody, at = where
    for email in ("x", "", f"eva@{'x' * 62}.{'x' * 62}.{'x' * 62}.{'x' * 62}.example"):  # the last has 267 characters
        answer = somebody.post(at("invite/"), {**EVA, "email": email})
        assert answer.status_code == 422 and "is no email address" in said(answer.content.decode()), email
    answer = somebody.post(at("invite/"), {**EVA, "name": "http://evil.example/"})
    assert answer.status_code == 422 and "reads as a web address" in said(answer.content.decode())
    assert 'value="eva@bakker.example"' in answer.content.decode()


def test_an_address_known_elsewhere_is_answered_as_any_other(where: Where) -> None:
    somebody, at = where
    make.user("taken@example.com", role="", client=make.client("1002"))
    answers = [
        somebody.post(at("invite/"), {**EVA, "email": email}, follow=True).content.decode().replace(email, "EMAIL")
        for email in ("free@example.com", "taken@example.com")
    ]
    pages = [said(answer).partition("An invitation is on its way to EMAIL.") for answer in answers]
    assert all(found for _before, found, _after in pages)
    assert [page.count("EMAIL") for page in answers] == [answers[0].count("EMAIL")] * 2


def test_the_owners_limit_is_told(kees: User) -> None:
    own = browser(kees)
    for name in ("Eva", "Eva B.", "Eva Bos"):
        assert own.post("/portal/users/invite/", {**EVA, "name": name}).status_code == 302
    answer = own.post("/portal/users/invite/", EVA)
    assert answer.status_code == 429 and "Several invitations went to this address" in answer.content.decode()


def test_what_a_user_costs_is_told_where_the_contract_has_it(kees: User, bakker: Client) -> None:
    own = browser(kees)
    assert "by the contract; an invitation" not in page_of(own, "/portal/users/")
    tariff = make.tariff("MODULES", items=({"meter": "user_module", "price": "4.50"},))
    contract = make.contract(bakker, tariff=tariff)
    page = said(page_of(own, "/portal/users/"))
    assert "Users who can log in cost €4.50 each a month by the contract" in page
    Booking.objects.create(contract=contract, meter="user_module", quantity=2)
    assert "by the contract; an invitation" not in page_of(own, "/portal/users/")


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


def test_an_invitation_is_sent_again_and_withdrawn(where: Where) -> None:
    somebody, at = where
    somebody.post(at("invite/"), EVA)
    first, invited = link(), f"invited/{Invitation.objects.get().pk}"
    somebody.post(at(f"{invited}/again/"))
    assert [Browser().get(path).status_code for path in (first, link())] == [410, 200]
    somebody.post(at(f"{invited}/withdraw/"))
    assert Browser().get(link()).status_code == 410
    page = page_of(somebody, at(""))
    assert "is withdrawn" in page and "have not accepted yet" not in page


def test_users_of_another_client_are_not_there(where: Where) -> None:
    somebody, at = where
    other = make.user("other@example.com", role="", client=make.client("1002"), owner=True)
    for deed in ("owner/", "remove/", "restore/"):
        assert somebody.post(at(f"{other.pk}/{deed}"), {"owner": "0"}).status_code == 404, deed
    theirs = make.invitation(Client.objects.get(number="1002"))
    for deed in ("again/", "withdraw/"):
        assert somebody.post(at(f"invited/{theirs.pk}/{deed}")).status_code == 404, deed
    assert "other@example.com" not in page_of(somebody, at(""))


def test_members_may_not_change_who_may(bakker: Client, kees: User) -> None:
    member = browser(user(bakker, "eva@bakker.example"))
    for deed in ("invite/", f"{kees.pk}/owner/", f"{kees.pk}/remove/", f"{kees.pk}/restore/"):
        assert member.post(f"/portal/users/{deed}", EVA).status_code == 403, deed
    assert "/portal/users/" not in page_of(member, "/portal/documents/")
    assert "/portal/users/" in page_of(browser(kees), "/portal/documents/")


def test_members_read_what_an_owner_decides(bakker: Client, kees: User) -> None:
    contract = make.contract(bakker)
    member = browser(user(bakker, "eva@bakker.example"))
    assert "A service is cancelled" in page_of(member, f"/portal/services/{contract.pk}/cancel/", 403)
    answer = member.post("/portal/details/", {"name": "Mine"})
    assert answer.status_code == 403 and "data is changed by an owner" in answer.content.decode()
    assert "Who may see your company" in page_of(member, "/portal/users/", 403)


def test_staff_take_a_lost_second_factor_away_from_a_clients_user(bakker: Client, kees: User) -> None:
    own = page_of(browser(kees), "/portal/users/")
    Authenticator.objects.create(user=kees, type="totp", data={})
    manager = browser(make.user("marit@example.com"))
    link = f"/settings/login/{kees.pk}/reset/"
    assert link in page_of(manager, "/clients/1001/users/") and "/reset/" not in own
    assert "Bakker" in page_of(manager, link) and Authenticator.objects.exists()
    assert manager.post(link)["Location"] == "/clients/1001/users/"
    assert not Authenticator.objects.exists()
    assert LogEntry.objects.get(deed="factor.reset").about == "client:1001"
    assert browser(User.objects.get(pk=kees.pk)).post(link).status_code == 403


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
