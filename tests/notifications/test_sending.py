"""Mails leave the outbox through a real mail server: what it gets, and what becomes of a mail it does not take."""

import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.leases import actions as leases
from balie.leases.models import FREE
from balie.notifications import post
from balie.notifications.models import Mail
from balie.notifications.post import Server
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop, Tally
from tests import make
from tests.notifications.mail_server import PASSWORD, USER, MailServer, mail_server
from tests.ports import free_port

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TO = "info@bakker.example"


def set_up(server: MailServer | None, **mail: Any) -> None:
    """The operator with this mail server."""
    given = {"url": server.url, "from": "De Linde <info@linde.example>"} if server else {}
    make.operator(mail={**given, **mail}, name="De Linde", language="en", base_url="https://linde.example")


def work() -> Tally:
    return Loop(lane_called("mails"), once=True).run()


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> None:
    time_machine.move_to(LATER, tick=True)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "STEP_SECONDS", 0.4)


def stored() -> Mail:
    return Mail.objects.get()


def test_mail_arrives_as_it_was_rendered_with_everything_a_mail_needs() -> None:
    with mail_server() as server:
        set_up(server)
        mail = make.mail(language="de")
        assert work() == Tally(done=1, failed=0)
    [taken] = server.taken
    message = taken.message
    assert (taken.sender, taken.recipients) == ("info@linde.example", [TO])
    assert {name: str(value) for name, value in message.items() if not name.startswith(("Content-Type", "X-"))} == {
        "To": TO,
        "From": "De Linde <info@linde.example>",
        "Subject": "Unser Angebot ab 1. Januar 2027",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID": mail.message_id,
        "Content-Language": "de",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    text, html = message.iter_parts()
    assert (message.get_content_type(), text.get_content_type(), html.get_content_type()) == (
        "multipart/alternative", "text/plain", "text/html",
    )  # fmt: skip
    assert [part.get_content().replace("\r\n", "\n") for part in (text, html)] == [mail.text, mail.html]
    assert taken.content.isascii() and max(map(len, taken.content.splitlines())) <= 78
    sent = stored()
    assert sent.sent is not None and timedelta(0) <= sent.sent - LATER < timedelta(seconds=30)
    assert (sent.lease_until, sent.attempts, sent.problem, sent.parked) == (FREE, 0, "", "")


def test_mail_that_was_sent_is_not_sent_again() -> None:
    with mail_server() as server:
        set_up(server)
        make.mail()
        work()
        assert work() == Tally()
    assert len(server.taken) == 1


def test_mails_wait_while_there_is_no_mail_server() -> None:
    set_up(None)
    make.mail()
    assert work() == Tally()
    assert (stored().sent, stored().attempts) == (None, 0)
    with mail_server() as server:
        set_up(server)
        work()
    assert len(server.taken) == 1


def test_every_mail_has_an_id_of_its_own_and_goes_to_its_recipient_alone() -> None:
    with mail_server() as server:
        set_up(server)
        mails = [make.mail(to=f"{name}@x.example") for name in ("a", "b", "c")]
        assert work() == Tally(done=3)
    assert sorted(server.ids) == sorted(mail.message_id for mail in mails)
    assert sorted(one.recipients for one in server.taken) == [["a@x.example"], ["b@x.example"], ["c@x.example"]]
    assert len({mail.message_id for mail in mails}) == 3


def test_starttls_is_used_where_it_is_offered_and_the_password_goes_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    with mail_server(starttls=True, auth=True) as server:
        set_up(server, url=f"smtp://{USER}@127.0.0.1:{server.port}", password="env:SMTP_PASSWORD")
        make.mail()
        work()
    assert server.logins == [(USER, PASSWORD)]
    assert [one.encrypted for one in server.taken] == [True]


def test_smtps_is_encrypted_from_the_start() -> None:
    with mail_server(smtps=True) as server:
        set_up(server)
        make.mail()
        work()
    assert len(server.taken) == 1


def test_server_elsewhere_must_have_a_certificate_one_can_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "here", False)
    with mail_server(starttls=True) as server:
        set_up(server)
        make.mail()
        work()
    assert server.taken == []
    assert stored().problem.startswith("The mail server's certificate cannot be trusted (")


def test_password_is_not_sent_in_the_clear_through_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "here", False)
    monkeypatch.setattr("smtplib.SMTP.has_extn", lambda line, name: name == "auth")
    with mail_server() as server:
        set_up(server, url=f"smtp://{USER}@127.0.0.1:{server.port}", password=PASSWORD)
        make.mail()
        work()
    assert (server.taken, server.logins) == ([], [])
    assert stored().problem.startswith("The mail server offers no encryption")


def test_wrong_password_is_tried_again_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(starttls=True, auth=True) as server:
        set_up(server, url=f"smtp://{USER}@127.0.0.1:{server.port}", password="not this one")
        make.mail()
        work()
    mail = stored()
    assert (mail.parked, mail.attempts) == ("", 1)
    assert mail.problem == (
        "The mail server does not accept this user or password: 535 5.7.8 Authentication credentials invalid"
    )
    assert "not this one" not in mail.problem


def test_password_that_is_not_there_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    set_up(None, url="smtp://balie@127.0.0.1:1", password="env:SMTP_PASSWORD")
    make.mail()
    work()
    assert stored().problem == "The environment variable SMTP_PASSWORD is not set; it should hold a secret."


def test_password_of_a_file_is_read_when_it_is_needed(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    with mail_server(starttls=True, auth=True) as server:
        set_up(server, url=f"smtp://{USER}@127.0.0.1:{server.port}", password=f"file:{secret}")
        make.mail()
        work()
        secret.write_text(f"{PASSWORD}\n")
        Mail.objects.update(due=LATER, lease_until=FREE)
        work()
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"to_recipient": {TO: "550 5.1.1 No such user"}},
            "The mail server refuses the recipient: 550 5.1.1 No such user",
        ),
        ({"to_sender": "553 Not yours"}, "The mail server refuses the sender: 553 Not yours"),
        ({"to_data": ["554 Spam"]}, "The mail server refuses the mail: 554 Spam"),
    ],
)
def test_mail_that_is_refused_for_good_is_parked_at_once(answers: dict[str, Any], said: str) -> None:
    with mail_server() as server:
        vars(server).update(answers)
        set_up(server)
        make.mail()
        assert work() == Tally(done=1, failed=0)
    mail = stored()
    assert (mail.parked, mail.problem, mail.sent, mail.lease_until) == (said, said, None, FREE)
    assert server.taken == []


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"to_recipient": {TO: "451 Later"}}, "The mail server refuses the recipient: 451 Later"),
        ({"to_sender": "530 Log in first"}, "The mail server refuses the sender: 530 Log in first"),
        ({"to_data": ["452 Full"]}, "The mail server refuses the mail: 452 Full"),
    ],
)
def test_mail_that_is_put_off_is_tried_again_later(answers: dict[str, Any], said: str) -> None:
    with mail_server() as server:
        vars(server).update(answers)
        set_up(server)
        make.mail()
        work()
        mail = stored()
        assert (mail.parked, mail.problem, mail.attempts) == ("", said, 1)
        assert timedelta(seconds=30) <= mail.due - LATER < timedelta(seconds=60)
        assert work() == Tally()
        server.to_recipient, server.to_sender = {}, ""
        Mail.objects.update(due=LATER, lease_until=FREE)
        work()
    assert (len(server.taken), stored().problem, stored().attempts) == (1, "", 0)


def test_mail_is_parked_after_five_attempts_with_the_last_reason() -> None:
    port = free_port()
    set_up(None, url=f"smtp://127.0.0.1:{port}")
    make.mail()
    waits = []
    for _ in range(5):
        Mail.objects.update(due=LATER, lease_until=FREE)
        begun = datetime.now(UTC)
        work()
        waits.append(round((stored().due - begun).total_seconds() / 30))
    assert waits[:4] == [1, 4, 16, 64]
    said = stored().parked
    assert said.startswith("Nothing answers at the mail server's address (")
    assert work() == Tally()


def test_reason_is_said_in_the_operators_language() -> None:
    with mail_server() as server:
        server.to_data = ["554 Spam"]
        set_up(server)
        make.operator(language="nl")
        make.mail(language="de")
        work()
    assert stored().parked == "De mailserver weigert de mail: 554 Spam"


def test_server_that_says_nothing_costs_a_step_and_an_attempt(impatient: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        set_up(None, url=f"smtp://127.0.0.1:{mute.getsockname()[1]}")
        make.mail()
        work()
    assert stored().problem == "The mail server did not answer in time (timed out)."


def test_server_that_hangs_after_the_mail_costs_a_step_and_an_attempt(impatient: None) -> None:
    with mail_server() as server:
        server.hang_after_data = True
        set_up(server)
        make.mail()
        work()
        assert not server.released.is_set(), "it hung on, and Balie did not"
    assert (stored().sent, stored().attempts) == (None, 1)


def test_server_that_says_a_letter_now_and_then_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "STEP_SECONDS", 10.0)
    monkeypatch.setattr(post, "WHOLE_SECONDS", 0.5)

    over = threading.Event()

    def drip() -> None:
        line, _ = slow.accept()
        with line, suppress(OSError):
            while not over.wait(0.05):
                line.sendall(b"2")

    with socket.create_server(("127.0.0.1", 0)) as slow:
        thread = threading.Thread(target=drip)
        thread.start()
        set_up(None, url=f"smtp://127.0.0.1:{slow.getsockname()[1]}")
        make.mail()
        try:
            work()
        finally:
            over.set()
            thread.join(15)
    assert (stored().problem, stored().attempts) == ("The mail server took too long.", 1)


@pytest.mark.parametrize(("where", "copies"), [("drop_in_data", 1), ("drop_after_data", 2)])
def test_mail_with_which_the_line_broke_is_sent_again_byte_for_byte(where: str, copies: int) -> None:
    with mail_server() as server:
        setattr(server, where, 1)
        set_up(server)
        mail = make.mail()
        work()
        assert (stored().sent, stored().attempts) == (None, 1)
        assert stored().problem.startswith("The mail server hung up")
        Mail.objects.update(due=LATER, lease_until=FREE)
        work()
    assert stored().sent is not None
    assert server.ids == [mail.message_id] * copies
    assert server.taken[0].content == server.taken[-1].content


@pytest.mark.parametrize(
    "address",
    ["nobody", "two words@x.example", "a@b@c.example", "x@", "a@x.example\nBcc: b@x.example", "jürgen@x.example"],
)
def test_address_that_cannot_be_one_is_parked_and_reaches_no_server(address: str) -> None:
    with mail_server() as server:
        set_up(server)
        make.mail(recipient=address)
        work()
    assert (server.taken, stored().parked) == ([], f"{address} is no address that mail servers take.")


def test_domain_with_umlauts_is_written_as_mail_servers_know_it() -> None:
    with mail_server() as server:
        set_up(server)
        make.mail(to="info@bäcker.example")
        work()
    assert server.taken[0].recipients == ["info@xn--bcker-gra.example"]


@pytest.mark.parametrize(
    ("mail", "sender"),
    [
        ({"from": "info@linde.example"}, ("De Linde", "info@linde.example")),
        ({"from": "Team <info@linde.example>"}, ("Team", "info@linde.example")),
        ({"url": "smtp://post%40x.example@127.0.0.1:{port}", "from": None}, ("De Linde", "post@x.example")),
        ({"url": "smtp://balie@127.0.0.1:{port}", "from": None}, ("De Linde", "balie@linde.example")),
    ],
)  # fmt: skip
def test_mails_come_from_the_operators_address(mail: dict[str, Any], sender: tuple[str, str]) -> None:
    with mail_server() as server:
        given = {name: value.format(port=server.port) if value else value for name, value in mail.items()}
        set_up(server, **given)
        make.mail()
        work()
    [address] = server.taken[0].message["From"].addresses
    assert (address.display_name, address.addr_spec) == sender
    assert server.taken[0].sender == sender[1]


def test_mail_that_another_worker_took_meanwhile_is_not_recorded(caplog: pytest.LogCaptureFixture) -> None:
    with mail_server() as server:
        set_up(server)
        make.mail()
        taken = leases.claim(Mail.objects.all(), now=LATER, length=timedelta(minutes=10))
        assert taken is not None
        Mail.objects.update(lease_until=LATER + timedelta(hours=1))
        from balie.worker import mails
        from balie.worker.turn import LeaseLost, Turn

        with pytest.raises(LeaseLost):
            mails.send(taken, Turn(taken, mails.LEASE))
    assert (len(server.taken), stored().sent) == (1, None)


def test_sending_a_mail_costs_few_queries_however_many_wait() -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            make.mail()
        with CaptureQueriesContext(connection) as asked:
            assert work().done == count
        return len(asked)

    with mail_server() as server:
        set_up(server)
        one, three, five = queries(1), queries(3), queries(5)
    assert five - three == three - one
    # Half of them are the two signs of life.
    assert (three - one) / 2 <= 13
