"""Who works here: inviting, roles, the agent somebody is, leaving; the last administrator stays."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.asked import ask_for_password
from balie.accounts.models import User
from balie.notifications.models import Mail
from balie.operator.models import LogEntry, Operator
from tests import make
from tests.web.make_portal import browser, page_of, said
from tests.web.reading import queries, undo_of

pytestmark = pytest.mark.django_db
AT = "/settings/staff/"
EVA = {"email": "Eva@Example.com", "name": "Eva", "role": "manager", "agent": ""}


@pytest.fixture(autouse=True)
def operator() -> Operator:
    return make.operator(base_url="https://linde.example.nl", language="nl")


@pytest.fixture
def server(operator: Operator) -> None:
    Operator.objects.update(mail={"url": "smtp://mail.example.com:587", "from": "info@linde.example.nl"})


def person(email: str = "bo@example.com", **values: Any) -> User:
    return make.user(email, **{"name": "Bo", **values})


def link_in(text: str) -> str:
    found = re.search(r"https://linde\.example\.nl(/password/[^\s\"<]+)", text)
    assert found
    return found[1]


def change(who: Browser, user: User, **typed: str) -> Any:
    """Sends the form of a person as his page shows it, with these fields typed otherwise."""
    page = page_of(who, f"{AT}{user.pk}/")
    shown = json.loads(unescape(re.findall(r'name="was" value="([^"]*)"', page)[0]))
    return who.post(f"{AT}{user.pk}/change/", {**shown, "was": json.dumps(shown), **typed})


def test_somebody_is_invited_by_mail_and_comes_in_by_the_link(joris: Browser, server: None) -> None:
    answer = joris.post(f"{AT}invite/", EVA, follow=True)
    page = said(answer.content.decode())
    assert "An invitation is on its way to eva@example.com." in page and "have not chosen a password yet" in page
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient, mail.about) == ("staff_invitation", "eva@example.com", "staff:eva@example.com")
    assert "Joris" in mail.text and link_in(mail.text) not in answer.content.decode()
    eva = Browser()
    assert eva.post(link_in(mail.text), {"password": "vier groene giraffen"}).status_code == 302
    assert eva.get("/clients/").status_code == 200 and eva.get(f"{AT}invite/").status_code == 405
    assert LogEntry.objects.filter(deed="staff.made", who="Joris", about="staff:eva@example.com").count() == 1
    assert Browser().get(link_in(mail.text)).status_code == 410


def test_without_a_mail_server_the_link_is_shown_once(joris: Browser) -> None:
    answer = joris.post(f"{AT}invite/", EVA)
    assert (answer.status_code, Mail.objects.count()) == (200, 0)
    assert "no-store" in answer["Cache-Control"]
    link = link_in(answer.content.decode())
    assert link not in page_of(joris, AT) and link not in str(list(LogEntry.objects.values_list("details")))
    assert "Choose a password" in page_of(Browser(), link)


def test_sent_again_the_link_before_is_dead(joris: Browser) -> None:
    first = link_in(joris.post(f"{AT}invite/", EVA).content.decode())
    eva = User.objects.get(email="eva@example.com")
    second = link_in(joris.post(f"{AT}{eva.pk}/link/").content.decode())
    assert [Browser().get(link).status_code for link in (first, second)] == [410, 200]
    Browser().post(second, {"password": "vier groene giraffen"})
    page = said(joris.post(f"{AT}{eva.pk}/link/", follow=True).content.decode())
    assert "Eva has chosen a password already" in page


@pytest.mark.parametrize(
    ("typed", "where", "reason"),
    [
        ({"email": "eva"}, "email", "is no email address"),
        ({"email": "bo@example.com"}, "email", "Bo (bo@example.com) works here already"),
        ({"email": "BO@Example.com"}, "email", "Bo (bo@example.com) works here already"),
        ({"email": "left@example.com"}, "email", "Bo (left@example.com) worked here before"),
        ({"email": "kees@bakker.example"}, "email", "is a user of client 1001"),
        ({"name": "www.evil.example"}, "name", "reads as a web address"),
        ({"role": "owner"}, "role", "There is no role"),
        ({"role": ""}, "role", "There is no role"),
        ({"agent": "999"}, "agent", "That agent is not there any more"),
        ({"agent": "201"}, "agent", "201 Anna is Bo already"),
    ],
)
def test_who_cannot_be_invited_is_told_beside_the_form(
    joris: Browser, typed: dict[str, str], where: str, reason: str
) -> None:
    person(agent=make.agent("201", name="Anna"))
    person("left@example.com", is_active=False)
    make.user("kees@bakker.example", role="", client=make.client("1001"))
    count = User.objects.count()
    answer = joris.post(f"{AT}invite/", EVA | typed)
    page = answer.content.decode()
    assert (answer.status_code, answer.context["problem"].where, reason in said(page)) == (422, where, True)
    assert f'value="{(EVA | typed)["email"]}"' in page and User.objects.count() == count


def test_invited_with_an_agents_address_or_with_his_code_somebody_is_that_agent(joris: Browser) -> None:
    anna, bram = make.agent("201", email="eva@example.com"), make.agent("202")
    joris.post(f"{AT}invite/", EVA)
    joris.post(f"{AT}invite/", {**EVA, "email": "bram@example.com", "agent": "202"})
    found = dict(User.objects.exclude(agent=None).values_list("email", "agent"))
    assert found == {"eva@example.com": anna.pk, "bram@example.com": bram.pk}


def test_role_and_agent_are_changed_and_logged(joris: Browser) -> None:
    bo, anna = person(), make.agent("201", name="Anna")
    theirs = browser(bo)
    assert theirs.get("/clients/").status_code == 200
    assert change(joris, bo, role="agent", agent="201")["Location"] == AT
    bo.refresh_from_db()
    assert (bo.role, bo.agent) == ("agent", anna) and theirs.get("/clients/").status_code == 403
    assert LogEntry.objects.get(deed="staff.changed").details == {
        "before": {"role": "manager", "agent": None},
        "after": {"role": "agent", "agent": "Anna"},
        "user": bo.pk,
        "was": {"name": "Bo", "role": "manager", "agent": ""},
        "is": {"name": "Bo", "role": "agent", "agent": "201"},
        "loser": None,
    }
    page = said(page_of(joris, f"{AT}{bo.pk}/"))
    assert "Role: Manager → Agent" in page and "Agent: nothing → Anna" in page and "Joris," in page
    assert "Nothing changed." in said(change(joris, bo).client.get(AT).content.decode())


def test_an_agent_is_one_persons_login(joris: Browser) -> None:
    person(agent=make.agent("201", name="Anna"))
    cas = person("cas@example.com", name="Cas")
    assert "201 Anna" not in page_of(joris, f"{AT}{cas.pk}/")
    answer = change(joris, cas, agent="201")
    assert answer.status_code == 422 and "201 Anna is Bo already." in said(answer.content.decode())
    assert "agent-problem" not in answer.content.decode() and User.objects.get(pk=cas.pk).agent is None


def test_what_another_administrator_changed_meanwhile_stays(joris: Browser) -> None:
    bo = person()
    was = {"name": "Bo", "role": "manager", "agent": ""}
    sent = {**was, "was": json.dumps(was)}
    assert joris.post(f"{AT}{bo.pk}/change/", {**sent, "role": "agent"}).status_code == 302
    assert joris.post(f"{AT}{bo.pk}/change/", {**sent, "name": "Bo Kok"}).status_code == 302
    bo.refresh_from_db()
    assert (bo.name, bo.role) == ("Bo Kok", "agent")
    answer = joris.post(f"{AT}{bo.pk}/change/", {**sent, "role": "administrator"})
    again = answer.content.decode()
    assert answer.status_code == 409 and "Somebody else changed this meanwhile" in said(again)
    assert 'value="administrator" id="role-administrator" checked' in again
    was_now = unescape(re.findall(r'name="was" value="([^"]*)"', again)[0])
    answer = joris.post(f"{AT}{bo.pk}/change/", {**sent, "name": "Bo Kok", "role": "administrator", "was": was_now})
    assert answer.status_code == 302 and User.objects.get(pk=bo.pk).role == "administrator"


def test_who_leaves_is_logged_out_everywhere_and_can_be_let_in_again(joris: Browser) -> None:
    bo = person()
    one, other = Browser(), Browser()
    for theirs in (one, other):
        theirs.post("/login/", {"email": bo.email, "password": make.PASSWORD})
    assert "the login ends at once" in said(page_of(joris, f"{AT}{bo.pk}/remove/"))
    assert one.get("/clients/").status_code == other.get("/clients/").status_code == 200
    answer = joris.post(f"{AT}{bo.pk}/remove/", follow=True)
    assert "Bo cannot log in any more." in said(answer.content.decode())
    assert [theirs.get("/clients/").status_code for theirs in (one, other)] == [302, 302]
    joris.post(undo_of(answer.content.decode()))
    bo.refresh_from_db()
    assert bo.is_active and bo.check_password(make.PASSWORD)
    assert one.get("/clients/").status_code == 302, "what was logged in then stays logged out"
    deeds = list(LogEntry.objects.order_by("pk").values_list("deed", "about"))
    assert deeds == [("staff.removed", "staff:bo@example.com"), ("staff.restored", "staff:bo@example.com")]


def test_a_link_of_somebody_who_left_opens_nothing(joris: Browser) -> None:
    link = link_in(joris.post(f"{AT}invite/", EVA).content.decode())
    eva = User.objects.get(email="eva@example.com")
    joris.post(f"{AT}{eva.pk}/remove/")
    assert Browser().get(link).status_code == 410
    page = said(joris.post(f"{AT}{eva.pk}/link/", follow=True).content.decode())
    assert "Eva cannot log in any more. Let this person in again first." in page
    joris.post(f"{AT}{eva.pk}/restore/")
    assert Browser().get(link).status_code == 410, "nor after that was taken back"
    assert Browser().get(link_in(joris.post(f"{AT}{eva.pk}/link/").content.decode())).status_code == 200


def test_the_last_administrator_who_can_log_in_stays(joris: Browser) -> None:
    own = User.objects.get(email="joris@example.com")
    joris.post(f"{AT}invite/", {**EVA, "role": "administrator"})  # she has no password yet
    page = said(joris.post(f"{AT}{own.pk}/remove/", follow=True).content.decode())
    assert "Joris is the only administrator." in page
    answer = change(joris, own, role="manager", sure="1")
    assert answer.status_code == 422 and "Joris is the only administrator." in said(answer.content.decode())
    own.refresh_from_db()
    assert (own.role, own.is_active) == ("administrator", True)


def test_nobody_gives_himself_less_without_being_told(joris: Browser) -> None:
    person(role="administrator")
    own = User.objects.get(email="joris@example.com")
    answer = change(joris, own, role="manager")
    page = answer.content.decode()
    assert answer.status_code == 200 and "no longer change them" in said(page)
    own.refresh_from_db()
    assert own.role == "administrator"
    fields = dict(re.findall(r'type="hidden" name="(was|sure|name|role|agent)" value="([^"]*)"', page))
    answer = joris.post(f"{AT}{own.pk}/change/", {name: unescape(value) for name, value in fields.items()})
    own.refresh_from_db()
    assert (answer["Location"], own.role) == ("/", "manager")
    assert joris.post(f"{AT}invite/", EVA).status_code == 403


def test_an_administrator_who_takes_his_own_login_away_is_at_the_door(joris: Browser) -> None:
    person(role="administrator")
    own = User.objects.get(email="joris@example.com")
    assert "This is you" in page_of(joris, f"{AT}{own.pk}/remove/")
    assert joris.post(f"{AT}{own.pk}/remove/")["Location"] == "/login/"
    assert joris.get(AT).status_code == 302


def test_managers_read_and_change_nothing(marit: Browser) -> None:
    bo = person(role="administrator")
    page = page_of(marit, AT)
    assert "An administrator can change who works here." in page and "bo@example.com" in page
    assert "<form" not in page.partition('class="me staff"')[2] and f"{AT}{bo.pk}/" not in page
    own = User.objects.get(email="marit@example.com")
    for deed in ("invite/", f"{own.pk}/change/", f"{bo.pk}/remove/", f"{bo.pk}/restore/", f"{bo.pk}/link/"):
        assert marit.post(f"{AT}{deed}", {**EVA, "role": "administrator"}).status_code == 403, deed
    assert set(User.objects.values_list("email", "role", "is_active")) == {
        ("marit@example.com", "manager", True),
        ("bo@example.com", "administrator", True),
    }


def test_a_clients_user_is_not_among_staff(joris: Browser) -> None:
    kees = make.user("kees@bakker.example", role="", client=make.client("1001"), owner=True)
    assert "kees@bakker.example" not in page_of(joris, AT)
    assert joris.get(f"{AT}{kees.pk}/").status_code == 404
    typed = {"name": "", "role": "administrator", "agent": ""}
    for deed in ("change/", "remove/", "restore/", "link/"):
        assert joris.post(f"{AT}{kees.pk}/{deed}", typed).status_code == 404, deed
    kees.refresh_from_db()
    assert (kees.role, kees.is_active) == ("", True)


def test_the_list_takes_as_many_queries_for_many_as_for_few(joris: Browser) -> None:
    before = queries(joris, AT)
    for number in range(12):
        person(f"p{number}@example.com", agent=make.agent(f"3{number:02}"), is_active=number % 3 > 0)
    assert queries(joris, AT) == before


def test_a_manager_does_not_read_the_link_into_an_administrators_login(
    joris: Browser, marit: Browser, server: None
) -> None:
    joris.post(f"{AT}invite/", {**EVA, "role": "administrator"})
    for email in ("joris@example.com", "marit@example.com"):
        ask_for_password(email=email, address="a", now=make.NOW)
    for mail in Mail.objects.exclude(recipient="marit@example.com"):
        page = page_of(marit, f"/mails/{mail.pk}/")
        assert "opens a login of staff" in page and "/password/" not in page
        assert marit.get(f"/mails/{mail.pk}/html/").status_code == 403
        assert link_in(joris.get(f"/mails/{mail.pk}/html/").content.decode()) in page_of(joris, f"/mails/{mail.pk}/")
    own = Mail.objects.get(recipient="marit@example.com")
    assert link_in(page_of(marit, f"/mails/{own.pk}/")) and marit.get(f"/mails/{own.pk}/html/").status_code == 200


def test_a_clients_reset_waits_in_the_outbox_for_whoever_helps(marit: Browser) -> None:
    make.user("kees@bakker.example", role="", client=make.client("1001"))
    ask_for_password(email="kees@bakker.example", address="a", now=make.NOW)
    assert link_in(page_of(marit, f"/mails/{Mail.objects.get().pk}/"))
