"""Signing up: what is kept, which link works, what the button makes, and that nobody learns who is known."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from balie.accounts import registration as actions
from balie.accounts.actions import make_staff
from balie.accounts.asked import MOST_PER_ADDRESS, MOST_PER_EMAIL
from balie.accounts.models import Client, MailAsked, Registration, User
from balie.accounts.registration import OPEN_FOR, SignUp
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.operator.terms import put_terms
from balie.rules.errors import Refused
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
SANNE = SignUp("Fietsen de Wit", "Sanne de Wit", "sanne@fietsendewit.example", "drie blauwe olifanten", "nl")
MARIT = Author("Marit", NOW, 7)


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(mailboxes={"registrations": "new@delinde.example"}, base_url="https://balie.example.nl")


def sign_up(said: SignUp = SANNE, *, address: str = "192.0.2.1", now: Any = NOW) -> str:
    """The secret part of the link in the mail; "" where no mail with one was sent."""
    before = set(Mail.objects.values_list("pk", flat=True))
    actions.sign_up(said=said, address=address, now=now)
    return key_of(Mail.objects.exclude(pk__in=before).first())


def key_of(mail: Mail | None) -> str:
    return mail.text.partition("/activate/")[2].partition("/")[0] if mail else ""


def refusal(call: Any, **values: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(**values)
    return refused.value


def test_sign_up_keeps_a_registration_and_queues_its_link() -> None:
    key = sign_up(replace(SANNE, email=" Sanne@FietsenDeWit.example ", tariff="7K4M-9QXB", next="/order/?x=1"))
    kept = Registration.objects.get()
    assert (kept.company, kept.email, kept.tariff, kept.next, kept.sent, kept.activated) == (
        "Fietsen de Wit",
        "sanne@fietsendewit.example",
        "7K4M-9QXB",
        "/order/?x=1",
        NOW,
        None,
    )
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient, mail.language, mail.sent) == ("registration_link", kept.email, "nl", None)
    assert actions.registration_of(key) == kept and key not in kept.digest
    assert (Client.objects.count(), User.objects.count()) == (0, 0)


def test_the_button_makes_a_client_with_the_next_number_and_its_owner() -> None:
    make.client("1041")
    make.client("0099")
    make.client("A-7000")
    key = sign_up(replace(SANNE, language="de", tariff="7K4M-9QXB", next="/order/"))
    done = actions.activate(key=key, now=NOW + timedelta(hours=1))
    user = User.objects.get()
    assert (done.next, done.tariff, user.client, user.owner, user.role) == (
        "/order/",
        "7K4M-9QXB",
        done.client,
        True,
        "",
    )
    assert (done.client.number, done.client.name, done.client.language, done.client.email) == (
        "1042",
        "Fietsen de Wit",
        "de",
        "sanne@fietsendewit.example",
    )
    assert user.check_password("drie blauwe olifanten") and user.name == "Sanne de Wit"
    assert Registration.objects.get().password == "", "it is the user's now"
    assert LogEntry.objects.get(deed="client.registered").about == "client:1042"


def test_the_first_client_of_all_has_number_1001() -> None:
    assert actions.activate(key=sign_up(), now=NOW).client.number == "1001"


def test_a_number_taken_in_the_same_moment_is_left_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    make.client("1001")
    monkeypatch.setattr(actions, "next_number", lambda: 1001)
    assert actions.activate(key=sign_up(), now=NOW).client.number == "1002"


def test_operator_is_told_of_the_new_client_with_a_link_that_opens_it_after_login() -> None:
    actions.activate(key=sign_up(replace(SANNE, tariff="7K4M-9QXB")), now=NOW)
    mail = Mail.objects.get(kind="registration_new")
    assert (mail.recipient, mail.about) == ("new@delinde.example", "client:1001")
    assert "https://balie.example.nl/login/?next=/clients/1001/" in mail.text and "7K4M-9QXB" in mail.text


def test_without_a_mailbox_for_registrations_nobody_is_told() -> None:
    make.operator(mailboxes={})
    actions.activate(key=sign_up(), now=NOW)
    assert not Mail.objects.filter(kind="registration_new").exists()


def test_a_link_activates_once() -> None:
    key = sign_up()
    actions.activate(key=key, now=NOW)
    assert refusal(actions.activate, key=key, now=NOW).code == "activated"
    assert (Client.objects.count(), User.objects.count()) == (1, 1)


def test_a_link_is_too_old_after_three_days() -> None:
    key = sign_up()
    assert refusal(actions.activate, key=key, now=NOW + OPEN_FOR + timedelta(seconds=1)).code == "link_over"
    assert actions.activate(key=key, now=NOW + OPEN_FOR).client.number == "1001"


@pytest.mark.parametrize("key", ["", "nothing", "x" * 5000, "\x00"])
def test_made_up_links_open_nothing(key: str) -> None:
    sign_up()
    assert refusal(actions.activate, key=key, now=NOW).code == "unknown_link"


def test_a_link_sent_again_by_staff_kills_the_one_before() -> None:
    first = sign_up()
    actions.send_again(registration=Registration.objects.get(), author=MARIT)
    second = key_of(Mail.objects.latest("pk"))
    assert refusal(actions.activate, key=first, now=NOW).code == "unknown_link"
    assert actions.activate(key=second, now=NOW).user.owner
    assert LogEntry.objects.filter(deed="registration.sent_again", who="Marit").count() == 1
    assert Mail.objects.values("message_id").distinct().count() == Mail.objects.count()


def test_the_person_gets_another_link_by_the_address() -> None:
    first = sign_up()
    actions.ask_for_link(email=SANNE.email.upper(), address="192.0.2.9", now=NOW + timedelta(days=5))
    second = key_of(Mail.objects.latest("pk"))
    assert second not in ("", first)
    assert actions.activate(key=second, now=NOW + timedelta(days=6)).client.number == "1001"


def test_asking_for_a_link_of_an_unknown_address_sends_nothing() -> None:
    actions.ask_for_link(email="nobody@x.example", address="192.0.2.9", now=NOW)
    assert Mail.objects.count() == 0


def test_a_known_address_gets_a_mail_with_the_ways_in_and_no_registration() -> None:
    make.user(SANNE.email, name="Sanne")
    sign_up()
    mail = Mail.objects.get()
    assert (mail.kind, mail.language, Registration.objects.count()) == ("registration_known", "en", 0)
    assert "/login/" in mail.text and "/password/forgotten/" in mail.text


def test_signing_up_again_keeps_what_was_typed_last() -> None:
    first = sign_up()
    second = sign_up(replace(SANNE, company="Fietsen de Wit BV"))
    assert Registration.objects.get().company == "Fietsen de Wit BV"
    assert refusal(actions.activate, key=first, now=NOW).code == "unknown_link"
    assert actions.activate(key=second, now=NOW).user.check_password(SANNE.password)


def test_two_different_passwords_count_for_nothing_and_one_is_chosen_behind_the_link() -> None:
    sign_up(replace(SANNE, password="wat een ander verzon"))
    key = sign_up()
    assert refusal(actions.activate, key=key, now=NOW).where == "password"
    assert refusal(actions.activate, key=key, password="kort", now=NOW).where == "password"
    user = actions.activate(key=key, password="vier groene giraffen", now=NOW).user
    assert [user.check_password(text) for text in ("vier groene giraffen", SANNE.password, "wat een ander verzon")] == [
        True,
        False,
        False,
    ]


def test_who_got_a_login_meanwhile_is_told_to_use_it() -> None:
    key = sign_up()
    make.user(SANNE.email, role="", client=make.client("1001"))
    assert refusal(actions.activate, key=key, now=NOW).code == "email_taken"


def test_who_was_removed_from_a_client_may_begin_anew() -> None:
    old = make.user(SANNE.email, role="", client=make.client("1001"), is_active=False)
    done = actions.activate(key=sign_up(), now=NOW)
    assert (done.user.pk, done.client.number, done.user.is_active) == (old.pk, "1002", True)
    assert User.objects.get().check_password(SANNE.password)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"company": "  "}, "company"),
        ({"company": "x" * 201}, "company"),
        ({"name": ""}, "name"),
        ({"email": "sanne"}, "email"),
        ({"password": "kort"}, "password"),
        ({"password": "sanne@fietsendewit.example"}, "password"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_field(change: dict[str, Any], where: str) -> None:
    assert refusal(actions.sign_up, said=replace(SANNE, **change), address="x", now=NOW).where == where
    assert (Registration.objects.count(), Mail.objects.count(), MailAsked.objects.count()) == (0, 0, 0)


def test_terms_are_agreed_to_with_version_and_time() -> None:
    put_terms(texts={"nl": "Oude"}, author=MARIT)
    version = put_terms(texts={"nl": "Nieuwe"}, author=MARIT).version
    assert refusal(actions.sign_up, said=SANNE, address="x", now=NOW).where == "agreed"
    assert refusal(actions.sign_up, said=replace(SANNE, agreed=1), address="x", now=NOW).where == "agreed"
    sign_up(replace(SANNE, agreed=version))
    assert (Registration.objects.get().terms, Registration.objects.get().agreed) == (2, NOW)


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "order", "/x" * 200, "/\n"]
)
def test_only_a_path_of_our_own_is_kept_to_go_on_to(path: str) -> None:
    sign_up(replace(SANNE, next=path))
    assert Registration.objects.get().next == ""


def test_a_mailbox_gets_three_mails_an_hour_of_a_kind_and_the_page_says_so() -> None:
    """Whether there is a login or not; and one kind uses up nothing of another."""
    make.user("kees@bakker.example", role="", client=make.client("1001"))
    for email in (SANNE.email, "kees@bakker.example"):
        said = replace(SANNE, email=email)
        for _ in range(MOST_PER_EMAIL):
            sign_up(said)
        assert refusal(actions.sign_up, said=said, address="192.0.2.1", now=NOW).code == "too_many_tries"
        assert Mail.objects.filter(recipient=email).count() == MOST_PER_EMAIL
        actions.ask_for_link(email=email, address="192.0.2.1", now=NOW)
        assert Mail.objects.filter(recipient=email).count() == MOST_PER_EMAIL + 1
    Mail.objects.all().delete()
    sign_up(now=NOW + timedelta(minutes=61))
    assert Mail.objects.count() == 1


def test_an_address_longer_than_the_table_is_none() -> None:
    long = f"sanne@{'x' * 62}.{'x' * 62}.{'x' * 62}.{'x' * 62}.example"
    assert refusal(actions.sign_up, said=replace(SANNE, email=long), address="192.0.2.1", now=NOW).where == "email"
    assert refusal(make_staff, email=long, role="manager", author=MARIT).code == "bad_email"


def test_one_address_asks_for_so_many_mails_an_hour() -> None:
    for number in range(MOST_PER_ADDRESS):
        sign_up(replace(SANNE, email=f"{number}@x.example"))
    assert refusal(actions.sign_up, said=SANNE, address="192.0.2.1", now=NOW).code == "too_many_tries"
    assert sign_up(address="192.0.2.2") != ""


def test_deleting_kills_the_link_and_is_logged() -> None:
    key = sign_up()
    registration = Registration.objects.get()
    actions.delete_registration(registration=registration, author=MARIT)
    actions.delete_registration(registration=registration, author=MARIT)
    assert refusal(actions.activate, key=key, now=NOW).code == "unknown_link"
    assert LogEntry.objects.get(deed="registration.deleted").details == {"company": "Fietsen de Wit"}


def test_what_is_activated_is_neither_deleted_nor_sent_again() -> None:
    actions.activate(key=sign_up(), now=NOW)
    registration = Registration.objects.get()
    assert refusal(actions.delete_registration, registration=registration, author=MARIT).code == "activated"
    assert refusal(actions.send_again, registration=registration, author=MARIT).code == "activated"


def test_what_nobody_confirmed_is_forgotten_after_thirty_days() -> None:
    sign_up(replace(SANNE, email="old@x.example"))
    sign_up(replace(SANNE, email="helped@x.example"))
    actions.activate(key=sign_up(replace(SANNE, email="done@x.example")), now=NOW)
    later = NOW + timedelta(days=30, seconds=1)
    sign_up(replace(SANNE, email="new@x.example"), now=later)
    helped = Registration.objects.get(email="helped@x.example")
    actions.send_again(registration=helped, author=Author("Marit", later - timedelta(days=1)))
    assert actions.forget_unconfirmed(now=later) == 1
    assert set(Registration.objects.values_list("email", flat=True)) == {
        "helped@x.example",
        "done@x.example",
        "new@x.example",
    }
    assert actions.forget_unconfirmed(now=later + timedelta(days=3)) == 1, "a link that was sent keeps its three days"
