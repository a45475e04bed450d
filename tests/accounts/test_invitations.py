"""Invitations: nobody's login until they are accepted, in nobody's way, few enough, and telling nothing."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from balie.accounts import invitations
from balie.accounts import registration as registrations
from balie.accounts.models import Client, Invitation, Registration, User
from balie.accounts.names import checked_name
from balie.accounts.queries import can_log_in
from balie.accounts.registration import SignUp
from balie.billing.terms import users_of
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EVA = "eva@bakker.example"


@pytest.fixture
def bakker() -> Client:
    make.operator(base_url="https://balie.example.nl")
    return make.client("1001", name="Bakker", language="de")


@pytest.fixture
def kees(bakker: Client) -> User:
    return make.user("kees@bakker.example", role="", client=bakker, owner=True, name="Kees")


def by(user: User, at: Any = NOW) -> Author:
    return Author(str(user), at, user.pk)


def invite(client: Client, author: Author, email: str = EVA, **values: Any) -> Invitation:
    return invitations.invite(client=client, email=email, author=author, **{"name": "Eva", "owner": False, **values})


def key_of(mail: Mail | None = None) -> str:
    return (mail or Mail.objects.latest("pk")).text.partition("/invitation/")[2].split("/")[0]


def accept(key: str, at: Any = NOW) -> User:
    return invitations.accept(key=key, password=make.PASSWORD, now=at)


def code_of(call: Any, **values: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(**values)
    return refused.value.code


def test_an_invitation_is_a_mail_in_the_clients_language_and_no_user(bakker: Client, kees: User) -> None:
    invite(bakker, by(kees))
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient, mail.language, mail.about) == ("invitation", EVA, "de", "client:1001")
    assert "Kees lädt Sie" in mail.text
    assert not User.objects.filter(email=EVA).exists()
    assert LogEntry.objects.get().details == {"email": EVA}


def test_accepted_it_is_a_user_and_gone(bakker: Client, kees: User) -> None:
    invite(bakker, by(kees))
    eva = accept(key_of())
    assert (eva.client, eva.owner, eva.name, eva.language, eva.check_password(make.PASSWORD)) == (
        bakker, False, "Eva", "de", True,
    )  # fmt: skip
    assert not Invitation.objects.exists() and code_of(accept, key=key_of()) == "unknown_link"
    assert LogEntry.objects.latest("pk").deed == "clients_user.joined"


def test_only_who_accepted_is_billed(bakker: Client, kees: User) -> None:
    contract = make.contract(bakker)
    invite(bakker, by(kees))
    User.objects.create_user("left@bakker.example", client=bakker)  # without a password
    assert users_of([contract]) == {bakker.pk: 1}
    accept(key_of())
    assert users_of([contract]) == {bakker.pk: 2}


def test_staff_invite_in_the_operators_name_and_the_first_is_an_owner(bakker: Client) -> None:
    marit = by(make.user("marit@example.com", name="Marit"))
    first, second = invite(bakker, marit), invite(bakker, marit, "jan@bakker.example")
    assert "Telefoonservice De Linde lädt Sie" in Mail.objects.earliest("pk").text
    assert (first.owner, second.owner) == (True, False)


def test_sent_again_or_withdrawn_the_link_before_is_dead(bakker: Client, kees: User) -> None:
    made = invite(bakker, by(kees))
    first = key_of()
    invitations.invite_again(invitation=made, author=by(kees))
    second = key_of()
    assert code_of(accept, key=first) == "unknown_link"
    for _twice in range(2):
        invitations.withdraw_invitation(invitation=made, author=by(kees))
    assert code_of(accept, key=second) == "unknown_link"
    assert code_of(invitations.invite_again, invitation=made, author=by(kees)) == "no_invitation"
    assert list(LogEntry.objects.order_by("pk").values_list("deed", flat=True)) == [
        "clients_user.made", "clients_user.invited_again", "clients_user.withdrawn",
    ]  # fmt: skip


def test_a_link_is_over_after_three_days_and_forgotten_after_thirty(bakker: Client, kees: User) -> None:
    invite(bakker, by(kees))
    assert code_of(accept, key=key_of(), at=NOW + 3 * DAY + timedelta(seconds=1)) == "unknown_link"
    assert invitations.forget_unanswered(now=NOW + 30 * DAY) == 0
    assert invitations.forget_unanswered(now=NOW + 31 * DAY) == 1


def test_an_invitation_does_not_stand_in_the_way_of_signing_up(bakker: Client, kees: User) -> None:
    invite(bakker, by(kees))
    link = key_of()
    said = SignUp("Eva BV", "Eva", EVA, make.PASSWORD, "nl")
    registrations.sign_up(said=said, address="192.0.2.1", now=NOW)
    mail = Mail.objects.latest("pk")
    assert mail.kind == "registration_link"
    done = registrations.activate(key=mail.text.partition("/activate/")[2].split("/")[0], now=NOW)
    assert done.user.client == done.client != bakker
    assert code_of(accept, key=link) == "email_taken", "the login stays its own"


def test_several_clients_invite_one_address_and_the_first_accepted_counts(bakker: Client, kees: User) -> None:
    jansen = make.client("1002")
    invite(bakker, by(kees))
    invite(jansen, by(make.user("jan@jansen.example", role="", client=jansen, owner=True)))
    first, second = (key_of(mail) for mail in Mail.objects.order_by("pk"))
    assert accept(second).client == jansen
    assert code_of(accept, key=first) == "email_taken"


@pytest.mark.parametrize("known", [EVA, "other@example.com", "marit@example.com"])
def test_inviting_a_known_address_looks_the_same_and_its_owner_is_told(bakker: Client, kees: User, known: str) -> None:
    make.user("other@example.com", role="", client=make.client("1002"), language="nl")
    make.user("marit@example.com", language="nl")
    made = invite(bakker, by(kees), known.upper())
    mail = Mail.objects.get()
    assert (made.email, list(bakker.invitations.all()), mail.recipient) == (known, [made], known)
    assert mail.kind == ("invitation" if known == EVA else "invitation_known")
    assert ("/invitation/" in mail.text) is (known == EVA)


def test_who_was_removed_elsewhere_begins_anew(bakker: Client, kees: User) -> None:
    make.user(EVA, role="", client=make.client("1002"), is_active=False, owner=True)
    invite(bakker, by(kees))
    eva = accept(key_of())
    assert (eva.client, eva.owner, can_log_in().filter(pk=eva.pk).exists()) == (bakker, False, True)


@pytest.mark.parametrize(("email", "code"), [("kees@bakker.example", "is_user"), ("x", "bad_email")])
def test_who_cannot_be_invited_is_refused(bakker: Client, kees: User, email: str, code: str) -> None:
    assert code_of(invite, client=bakker, author=by(kees), email=email) == code
    assert not Mail.objects.exists() and not Invitation.objects.exists()


def test_button_pressed_twice_is_one_mail_whose_link_works(bakker: Client, kees: User) -> None:
    made = invite(bakker, by(kees))
    key = key_of()
    for _press in range(3):
        assert invite(bakker, by(kees), EVA.upper()) == made
    assert Mail.objects.count() == 1 and accept(key).email == EVA
    invite(bakker, by(kees), "mia@bakker.example")
    invite(bakker, by(kees, NOW + timedelta(seconds=20)), "mia@bakker.example")
    assert Mail.objects.count() == 3


def test_a_client_invites_ten_times_a_day_and_one_address_three_times(bakker: Client, kees: User) -> None:
    made = invite(bakker, by(kees))
    for _again in range(2):
        invitations.invite_again(invitation=made, author=by(kees))
    assert code_of(invitations.invite_again, invitation=made, author=by(kees)) == "too_many_tries"
    jansen = make.client("1002")
    other = by(make.user("jan@jansen.example", role="", client=jansen, owner=True))
    assert code_of(invite, client=jansen, author=other) == "too_many_tries", "of whatever client"
    for number in range(7):
        invite(bakker, by(kees), f"{number}@bakker.example")
    assert code_of(invite, client=bakker, author=by(kees), email="late@bakker.example") == "too_many_tries"
    invite(bakker, by(make.user("marit@example.com")), "late@bakker.example")
    invite(bakker, by(kees, NOW + DAY), "next@bakker.example")


def test_users_invited_before_there_were_invitations_become_such(bakker: Client, kees: User) -> None:
    User.objects.create_user(EVA, client=bakker, name="Eva", owner=True, language="de")
    migration = import_module("balie.accounts.migrations.0010_invited_users_become_invitations")
    migration.turn_into_invitations(apps, None)
    made = bakker.invitations.get()
    assert (made.email, made.name, made.owner, made.language) == (EVA, "Eva", True, "de")
    assert list(bakker.users.all()) == [kees]
    invitations.invite_again(invitation=made, author=by(kees))
    assert accept(key_of()).client == bakker


@pytest.mark.parametrize("name", ["J.P. de Vries-O'Brien", "St. Peter", "", "Zoë Ångström", "Dr. Ö. Łukasz"])
def test_names_of_people_stay_as_they_are(name: str) -> None:
    assert checked_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name", ["You won! http://evil.example/", "evil.example", "WWW.evil", "Eva\u202eave", "Eva\x07", "e" * 81]
)
def test_what_reads_as_a_link_is_no_name(bakker: Client, kees: User, name: str) -> None:
    assert code_of(invite, client=bakker, author=by(kees), name=name) in ("bad_name", "long_name")
    said = SignUp("Eva BV", name, EVA, make.PASSWORD, "nl")
    assert code_of(registrations.sign_up, said=said, address="192.0.2.1", now=NOW) == "bad_sign_up"
    assert not Registration.objects.exists() and not Mail.objects.exists()


def test_a_company_is_named_as_its_page_but_is_no_link() -> None:
    make.operator()
    for company, fine in (("Boeken.example", True), ("https://evil.example", False), ("Evil\x07", False)):
        said = SignUp(company, "Eva", EVA, make.PASSWORD, "nl")
        assert (not dict(registrations.problems(said))) is fine, company
