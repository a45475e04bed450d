"""The users of a client: made owners, removed, let in again; one owner stays, and all of it is logged."""

from typing import Any

import pytest

from balie.accounts import members
from balie.accounts.actions import make_clients_user
from balie.accounts.models import Client, User
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakker() -> Client:
    make.operator(base_url="https://balie.example.nl")
    return make.client("1001", name="Bakker", language="de")


@pytest.fixture
def kees(bakker: Client) -> User:
    return make.user("kees@bakker.example", role="", client=bakker, owner=True, name="Kees")


def by(user: User) -> Author:
    return Author(str(user), NOW, user.pk)


def code_of(call: Any, **values: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(**values)
    return refused.value.code


def test_the_first_user_of_a_client_is_its_owner(bakker: Client) -> None:
    first = make_clients_user(email="kees@bakker.example", client=bakker, author=Author("x", NOW)).user
    second = make_clients_user(email="eva@bakker.example", client=bakker, author=Author("x", NOW)).user
    assert (first.owner, second.owner) == (True, False)


def test_the_last_owner_who_can_log_in_stays(bakker: Client, kees: User) -> None:
    eva = User.objects.create_user("eva@bakker.example", client=bakker, owner=True)  # without a password
    assert code_of(members.remove, user=kees, author=by(kees)) == "last_owner"
    assert code_of(members.set_owner, user=kees, owner=False, author=by(kees)) == "last_owner"
    eva.set_password(make.PASSWORD)
    eva.save()
    members.set_owner(user=kees, owner=False, author=by(kees))
    assert code_of(members.remove, user=eva, author=by(eva)) == "last_owner"


def test_a_removed_user_is_back_with_everything_as_it_was(bakker: Client, kees: User) -> None:
    eva = make.user("eva@bakker.example", role="", client=bakker)
    members.remove(user=eva, author=by(kees))
    members.remove(user=eva, author=by(kees))
    eva.refresh_from_db()
    assert not eva.is_active
    members.restore(user=eva, author=by(kees))
    members.restore(user=eva, author=by(kees))
    eva.refresh_from_db()
    assert eva.is_active and eva.check_password(make.PASSWORD)
    deeds = list(LogEntry.objects.order_by("pk").values_list("deed", "about"))
    assert deeds == [("clients_user.removed", "client:1001"), ("clients_user.restored", "client:1001")]


def test_an_owner_is_made_and_unmade_once(bakker: Client, kees: User) -> None:
    eva = make.user("eva@bakker.example", role="", client=bakker)
    for owner in (True, True, False, False):
        members.set_owner(user=eva, owner=owner, author=by(kees))
    deeds = list(LogEntry.objects.order_by("pk").values_list("deed", flat=True))
    assert deeds == ["clients_user.owner", "clients_user.member"]
