"""Staff, their links to set a password, and tokens of programs."""

from datetime import timedelta

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.accounts.actions import make_staff, make_token, token_role
from balie.accounts.models import Token, User
from balie.accounts.queries import agent_by_code, client_by_number, clients, staff
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make
from tests.world.sample import AUTHOR

pytestmark = pytest.mark.django_db


def secret_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def test_new_staff_gets_a_link_that_is_good_once() -> None:
    link = make_staff(email=" Eva@Example.com ", role="administrator", author=AUTHOR)
    user = User.objects.get()
    assert (link.new, user.email, user.role, user.has_usable_password()) == (
        True,
        "eva@example.com",
        "administrator",
        False,
    )
    assert default_token_generator.check_token(user, secret_of(link.path))
    user.set_password("correct horse battery")
    user.save()
    assert not default_token_generator.check_token(user, secret_of(link.path))


def test_link_asked_again_kills_the_earlier_one_and_changes_the_role() -> None:
    first = make_staff(email="eva@example.com", role="agent", author=AUTHOR)
    second = make_staff(email="eva@example.com", role="manager", name="Eva", language="de", author=AUTHOR)
    user = User.objects.get()
    assert (second.new, user.role, user.name, user.language) == (False, "manager", "Eva", "de")
    assert not default_token_generator.check_token(user, secret_of(first.path))
    assert default_token_generator.check_token(user, secret_of(second.path))
    assert list(LogEntry.objects.order_by("pk").values_list("deed", flat=True)) == ["staff.made", "staff.changed"]


def test_new_link_leaves_a_password_that_is_set() -> None:
    user = make.user("eva@example.com")
    make_staff(email="eva@example.com", role="manager", author=AUTHOR)
    user.refresh_from_db()
    assert user.check_password(make.PASSWORD)


def test_staff_that_was_shut_out_comes_back() -> None:
    make.user("eva@example.com", is_active=False)
    make_staff(email="eva@example.com", role="manager", author=AUTHOR)
    assert User.objects.get().may("manager")


def test_staff_with_an_agents_address_is_that_agent() -> None:
    agent = make.agent("201", email="Anna@example.com")
    make_staff(email="anna@example.com", role="agent", author=AUTHOR)
    assert User.objects.get().agent == agent


@pytest.mark.parametrize(
    ("email", "role"), [("eva", "agent"), ("", "agent"), ("a@b@c", "agent"), ("e@example.com", "boss")]
)
def test_impossible_staff_is_refused(email: str, role: str) -> None:
    with pytest.raises(Refused):
        make_staff(email=email, role=role, author=AUTHOR)
    assert not User.objects.exists()


def test_clients_user_does_not_become_staff() -> None:
    make.user("eva@example.com", role="", client=make.client())
    with pytest.raises(Refused, match="a user of client 1001"):
        make_staff(email="eva@example.com", role="administrator", author=AUTHOR)
    assert list(staff()) == []


def test_token_opens_with_its_role_and_is_not_stored() -> None:
    made = make_token(name="wallboard", role="manager", author=AUTHOR)
    token = token_role(made.plaintext, now=make.NOW)
    assert token and (token.name, token.role, token.last_used) == ("wallboard", "manager", make.NOW)
    assert made.plaintext not in str(Token.objects.values_list())
    assert [token_role(other, now=make.NOW) for other in ("", made.plaintext[:-1], "balie_", "\ud800")] == [None] * 4


def test_token_made_again_kills_the_earlier_one() -> None:
    first = make_token(name="wallboard", role="manager", author=AUTHOR)
    second = make_token(name="wallboard", role="agent", author=AUTHOR)
    assert (first.replaced, second.replaced) == (False, True)
    assert token_role(first.plaintext, now=make.NOW) is None
    found = token_role(second.plaintext, now=make.NOW)
    assert found and found.role == "agent"


def test_use_of_a_token_is_written_down_once_a_minute() -> None:
    made = make_token(name="wallboard", role="manager", author=AUTHOR)
    token_role(made.plaintext, now=make.NOW)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        token_role(made.plaintext, now=make.NOW + timedelta(seconds=59))
    assert len(queries) == 1
    token_role(made.plaintext, now=make.NOW + timedelta(seconds=61))
    assert Token.objects.get().last_used == make.NOW + timedelta(seconds=61)


def test_token_needs_a_name_and_a_role() -> None:
    for name, role in (("  ", "agent"), ("x" * 101, "agent"), ("x", "")):
        with pytest.raises(Refused):
            make_token(name=name, role=role, author=AUTHOR)


def test_client_and_agent_are_found_or_refused_by_name() -> None:
    client, agent = make.client("1001"), make.agent("201")
    assert (client_by_number(" 1001"), agent_by_code("201")) == (client, agent)
    with pytest.raises(Refused, match='no client "1002"'):
        client_by_number("1002")
    with pytest.raises(Refused, match='no agent "999"'):
        agent_by_code("999")


def test_clients_are_searched_by_all_words() -> None:
    make.client("1001", name="Bakker Installaties")
    make.client("1002", name="Notariskantoor Van Dam", email="bakker@example.com")
    assert [client.number for client in clients("bakker")] == ["1001", "1002"]
    assert [client.number for client in clients("bakker DAM")] == ["1002"]
    assert [client.number for client in clients()] == ["1001", "1002"]
