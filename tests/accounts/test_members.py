"""The users of a client: invited, made owners, removed, let in again; one owner stays, and all of it is logged."""

from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator

from balie.accounts import members
from balie.accounts.actions import make_clients_user
from balie.accounts.models import Client, User
from balie.notifications.models import Mail
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


def invite(client: Client, author: Author, email: str = "eva@bakker.example", **values: Any) -> User:
    return members.invite(client=client, email=email, author=author, **{"name": "Eva", "owner": False, **values})


def token_of(mail: Mail) -> str:
    return mail.text.partition("/password/")[2].split("/")[1]


def code_of(call: Any, **values: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(**values)
    return refused.value.code


def test_an_invitation_is_a_mail_in_the_clients_language_with_a_link_for_a_password(bakker: Client, kees: User) -> None:
    eva = invite(bakker, by(kees))
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient, mail.language, mail.about) == ("invitation", eva.email, "de", "client:1001")
    assert "Kees lädt Sie" in mail.text
    assert default_token_generator.check_token(eva, token_of(mail))
    assert (eva.client, eva.owner, members.is_invited(eva)) == (bakker, False, True)
    assert LogEntry.objects.get().details == {"email": "eva@bakker.example"}


def test_staff_invite_in_the_operators_name(bakker: Client) -> None:
    invite(bakker, by(make.user("marit@example.com", name="Marit")))
    assert "Telefoonservice De Linde lädt Sie" in Mail.objects.get().text


def test_the_first_user_of_a_client_is_its_owner(bakker: Client) -> None:
    first = make_clients_user(email="kees@bakker.example", client=bakker, author=Author("x", NOW)).user
    second = make_clients_user(email="eva@bakker.example", client=bakker, author=Author("x", NOW)).user
    assert (first.owner, second.owner) == (True, False)


def test_an_invitation_sent_again_kills_the_link_before(bakker: Client, kees: User) -> None:
    eva = invite(bakker, by(kees))
    first = token_of(Mail.objects.get())
    members.invite_again(user=eva, author=by(kees))
    eva.refresh_from_db()
    second = token_of(Mail.objects.latest("pk"))
    assert (default_token_generator.check_token(eva, first), default_token_generator.check_token(eva, second)) == (
        False,
        True,
    )
    assert code_of(members.invite_again, user=kees, author=by(kees)) == "is_user"


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("kees@bakker.example", "is_user"),
        ("other@example.com", "email_taken"),
        ("marit@example.com", "email_taken"),
        ("x", "bad_email"),
    ],
)
def test_who_cannot_be_invited_is_refused(bakker: Client, kees: User, email: str, code: str) -> None:
    make.user("other@example.com", role="", client=make.client("1002"))
    make.user("marit@example.com")
    assert code_of(invite, client=bakker, author=by(kees), email=email) == code
    assert Mail.objects.count() == 0


def test_the_last_owner_who_can_log_in_stays(bakker: Client, kees: User) -> None:
    eva = invite(bakker, by(kees), owner=True)
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


def test_who_was_removed_elsewhere_can_be_invited_and_needs_a_new_password(bakker: Client, kees: User) -> None:
    make.user("eva@bakker.example", role="", client=make.client("1002"), is_active=False, owner=True)
    eva = invite(bakker, by(kees))
    assert (eva.client, eva.owner, members.is_invited(eva), eva.is_active) == (bakker, False, True, True)
