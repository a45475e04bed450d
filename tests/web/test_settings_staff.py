"""Staff: a change taken back, an agent who goes over from somebody who left, an invitation withdrawn as what it is."""

from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import User
from balie.accounts.staff import take_back_change
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make
from tests.web.make_portal import browser, page_of, said
from tests.web.reading import undo_of

pytestmark = pytest.mark.django_db
AT = "/settings/staff/"


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(base_url="https://linde.example.nl", language="nl")


def person(email: str = "bo@example.com", **values: Any) -> User:
    return make.user(email, **{"name": "Bo", **values})


def change(who: Browser, user: User, **typed: str) -> str:
    """The page after the form of a person was sent with these fields typed otherwise."""
    held = {"name": user.name, "role": user.role, "agent": user.agent.code if user.agent else ""}
    answer = who.post(f"{AT}{user.pk}/change/", {**held, **typed}, follow=True)
    user.refresh_from_db()
    return answer.content.decode()


def undo(who: Browser, user: User, page: str) -> str:
    """The page after the undo button of this one was pressed."""
    answer = who.post(undo_of(page), follow=True)
    user.refresh_from_db()
    return said(answer.content.decode())


def place(user: User) -> tuple[str, str, str]:
    return user.name, user.role, user.agent.code if user.agent else ""


def test_a_change_of_name_role_and_agent_is_taken_back_and_what_changed_since_stays(joris: Browser) -> None:
    bo = person(agent=make.agent("201", name="Anna"))
    make.agent("202", name="Anna")  # of the same name: told apart by the code
    changed = change(joris, bo, role="agent", agent="202")
    assert place(bo) == ("Bo", "agent", "202") and "Saved." in said(changed)
    named = change(joris, bo, name="Bo Kok")
    assert "It is set as before." in undo(joris, bo, changed)
    assert place(bo) == ("Bo Kok", "manager", "201")
    assert "It is set as before." in undo(joris, bo, named) and place(bo) == ("Bo", "manager", "201")
    page = said(page_of(joris, f"{AT}{bo.pk}/"))
    assert "Role: Manager → Agent" in page and "Role: Agent → Manager" in page
    assert "Undo" not in said(change(joris, bo)), "nothing changed"


def test_what_was_changed_again_since_is_not_taken_back(joris: Browser) -> None:
    bo = person()
    page = change(joris, bo, role="agent")
    change(joris, bo, role="administrator")
    assert "That was changed again since; nothing was taken back." in undo(joris, bo, page)
    assert bo.role == "administrator"
    User.objects.filter(pk=bo.pk).update(role="agent", client=make.client("1001"))
    assert "nothing was taken back" in undo(joris, bo, page) and bo.role == "agent", "a client’s by now"


def test_what_the_command_line_changed_and_other_entries_of_the_log_are_no_way_in(joris: Browser) -> None:
    bo = person()
    details = {"before": "agent", "after": "manager"}
    by_command, other = (
        LogEntry.objects.create(at=make.NOW, who="balie", deed=deed, about="staff:bo@example.com", details=details)
        for deed in ("staff.changed", "staff.removed")
    )
    page = said(joris.post(f"{AT}undo/{by_command.pk}/", follow=True).content.decode())
    assert "nothing was taken back" in page and joris.post(f"{AT}undo/{other.pk}/").status_code == 404
    bo.refresh_from_db()
    assert bo.role == "manager"


def test_nobody_gives_himself_less_by_undo(joris: Browser) -> None:
    bo = person()
    page = change(joris, bo, role="administrator")
    assert "Set it back on this page: it tells first what that does." in undo(browser(bo), bo, page)
    assert bo.role == "administrator"


def test_the_last_administrator_is_not_taken_back(joris: Browser) -> None:
    bo, own = person(), User.objects.get(email="joris@example.com")
    undo_by = undo_of(change(joris, bo, role="administrator"))
    User.objects.filter(pk=own.pk).update(is_active=False)
    entry = LogEntry.objects.get(pk=int(undo_by.rstrip("/").rpartition("/")[2]))
    with pytest.raises(Refused, match="Bo is the only administrator"):
        take_back_change(entry, author=Author("balie", make.NOW))
    bo.refresh_from_db()
    assert bo.role == "administrator"


def test_who_has_no_administrators_rights_left_is_offered_no_undo(joris: Browser) -> None:
    person(role="administrator")
    own = User.objects.get(email="joris@example.com")
    assert "Undo" not in said(change(joris, own, role="manager", sure="1")) and own.role == "manager"


def test_an_agent_goes_over_from_somebody_who_left_which_is_said_before_and_taken_back(joris: Browser) -> None:
    anna = make.agent("201", name="Anna")
    old, new = person("old@example.com", name="Anna V.", role="agent", agent=anna), person(role="agent")
    assert "201 Anna" not in page_of(joris, f"{AT}{new.pk}/"), "she can still log in"
    User.objects.filter(pk=old.pk).update(is_active=False)
    page = said(page_of(joris, f"{AT}{new.pk}/"))
    assert "201 Anna · so far Anna V., who cannot log in any more" in page
    assert "loses the agent as soon as somebody else becomes it" in page
    changed = change(joris, new, agent="201")
    assert (place(new)[2], User.objects.get(pk=old.pk).agent) == ("201", None)
    assert "Agent: Anna → nothing" in said(page_of(joris, f"{AT}{old.pk}/")), "the history keeps who it was"
    assert "so far" not in said(page_of(joris, f"{AT}{new.pk}/"))
    assert "It is set as before." in undo(joris, new, changed)
    assert (new.agent, User.objects.get(pk=old.pk).agent) == (None, anna)


def test_an_undo_does_not_give_an_agent_back_to_who_is_another_by_now(joris: Browser) -> None:
    anna, bram = make.agent("201", name="Anna"), make.agent("202")
    old, new = person("old@example.com", agent=anna, is_active=False), person(role="agent")
    changed = change(joris, new, agent="201")
    User.objects.filter(pk=old.pk).update(agent=bram)
    assert "It is set as before." in undo(joris, new, changed)
    assert (new.agent, User.objects.get(pk=old.pk).agent) == (None, bram)


def test_an_undo_does_not_take_an_agent_from_who_has_it_by_now(joris: Browser) -> None:
    anna = make.agent("201", name="Anna")
    bo, cas = person(agent=anna), person("cas@example.com", name="Cas")
    changed = change(joris, bo, agent="")
    change(joris, cas, agent="201")
    assert "201 Anna is Cas already." in undo(joris, bo, changed)
    assert (bo.agent, place(cas)[2]) == (None, "201")


def test_the_successor_is_invited_as_the_agent(joris: Browser) -> None:
    old = person("old@example.com", agent=make.agent("201", name="Anna"), is_active=False)
    assert "201 Anna · so far Bo, who cannot log in any more" in said(page_of(joris, AT))
    joris.post(f"{AT}invite/", {"email": "eva@example.com", "name": "Eva", "role": "agent", "agent": "201"})
    held = dict(User.objects.exclude(agent=None).values_list("email", "agent__code"))
    assert held == {"eva@example.com": "201"}
    assert "Agent: Anna → nothing" in said(page_of(joris, f"{AT}{old.pk}/"))


def test_an_invitation_is_withdrawn_as_an_invitation(joris: Browser) -> None:
    joris.post(f"{AT}invite/", {"email": "eva@example.com", "name": "Eva", "role": "agent", "agent": ""})
    eva = User.objects.get(email="eva@example.com")
    page = said(page_of(joris, f"{AT}{eva.pk}/"))
    assert "Withdraw the invitation…" in page and "Take the login away" not in page
    page = said(page_of(joris, f"{AT}{eva.pk}/remove/"))
    assert "Withdraw the invitation of Eva?" in page
    assert "Take the login away" not in page and "logged in now" not in page
    answer = joris.post(f"{AT}{eva.pk}/remove/", follow=True)
    assert "The invitation of Eva is withdrawn." in said(answer.content.decode())
    assert "Eva is invited again. The link of before stays dead: make a new one." in undo(
        joris, eva, answer.content.decode()
    )
    assert eva.is_active


def test_managers_take_nothing_back(joris: Browser, marit: Browser) -> None:
    bo = person()
    page = change(joris, bo, role="administrator")
    assert marit.post(undo_of(page)).status_code == 403
    bo.refresh_from_db()
    assert bo.role == "administrator"
