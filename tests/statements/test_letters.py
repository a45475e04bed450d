"""Statements by mail, where the operator wants that; and staff are told what keeps a month from closing by itself."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from balie.calls.models import Source
from balie.notifications.models import Mail
from balie.statements.actions import ask_when_due
from balie.statements.models import Statement
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop, Tally
from tests import make
from tests.notifications.mail_server import mail_server
from tests.statements.made import LATER, NOW, STARTS, a_client, an_operator, close, late_call, sum_up

pytestmark = pytest.mark.django_db
BOX = {"mailboxes": {"tasks": "office@linde.example"}}


def work() -> Tally:
    return Loop(lane_called("mails"), once=True).run()


def mails() -> list[tuple[str, str, str]]:
    return list(Mail.objects.order_by("pk").values_list("recipient", "subject", "file"))


def test_statement_goes_to_its_client_as_the_file_that_is_kept(settings: LazySettings, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=True)
    with mail_server() as server:
        an_operator(close_mail_clients=True, mail={"url": server.url, "from": "info@linde.example"})
        client = a_client("1001", name="Bakker", language="de", email="info@bakker.example")
        make.calls(client, 3, start=STARTS)
        sum_up()
        close()
        assert work() == Tally(done=1)
    [taken] = server.taken
    body, paper = taken.message.iter_parts()
    assert (taken.recipients, taken.message["Subject"]) == (
        ["info@bakker.example"], "Ihr Einzelverbindungsnachweis für Oktober 2026",
    )  # fmt: skip
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"]
    assert (paper.get_content_type(), paper.get_filename()) == ("application/pdf", "Nachweis-2026-10.pdf")
    assert paper.get_content() == Path(settings.FILES_URL, Statement.objects.get().path).read_bytes()


def test_mail_with_a_file_is_the_same_bytes_at_every_attempt(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=True)
    with mail_server() as server:
        an_operator(close_mail_clients=True, mail={"url": server.url, "from": "info@linde.example"})
        a_client(email="info@bakker.example")
        close()
        work()
        Mail.objects.update(sent=None)
        work()
    first, second = server.taken
    assert first.content == second.content


def test_every_client_with_an_address_gets_each_revision_once() -> None:
    an_operator(close_mail_clients=True)
    client = a_client("1001", email="info@bakker.example")
    a_client("1002")
    a_client("1003", email="info@fysio.example")
    close()
    close(LATER)
    wanted = [
        ("info@bakker.example", "Your statement for October 2026", "statements/2026-10/1001-r1.pdf"),
        ("info@fysio.example", "Your statement for October 2026", "statements/2026-10/1003-r1.pdf"),
    ]
    assert mails() == wanted
    late_call(client)
    assert close(LATER) == (0, 1)
    assert mails() == [*wanted, (*wanted[0][:2], "statements/2026-10/1001-r2.pdf")]
    assert "This statement replaces that of 3 November 2026." in Mail.objects.latest("pk").text


def test_no_statement_is_mailed_unless_the_operator_wants_it() -> None:
    an_operator()
    a_client(email="info@bakker.example")
    close()
    assert mails() == []


def test_damaged_statement_is_not_sent(settings: LazySettings, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=True)
    with mail_server() as server:
        mail = {"url": server.url, "from": "info@linde.example"}
        an_operator(close_mail_clients=True, language="en", mail=mail)
        a_client(email="info@bakker.example")
        close()
        Path(settings.FILES_URL, Statement.objects.get().path).write_bytes(b"%PDF-")
        work()
    assert (server.taken, "is not the file that was kept" in Mail.objects.get().problem) == ([], True)


def test_what_keeps_a_month_open_is_told_to_staff_once() -> None:
    an_operator(language="en", **BOX)
    a_client()
    source = make.source(newest=NOW)
    make.call(None, start=STARTS)
    assert ask_when_due(now=NOW) is None
    Source.objects.filter(pk=source.pk).update(newest=STARTS)
    assert ask_when_due(now=LATER) is None
    [mail] = Mail.objects.all()
    assert (mail.recipient, mail.subject) == ("office@linde.example", "October 2026 does not close by itself")
    assert "1 call of the month has no client." in mail.text
    assert "https://linde.example/months/2026-10/" in mail.text


def test_missing_price_is_told_to_staff() -> None:
    an_operator(language="en", **BOX)
    client = a_client()
    make.source(newest=NOW)
    make.calls(client, 1, start=STARTS)
    sum_up()
    client.contracts.get().tariff.versions.get().items.create(position=1, meter="calls_accepted")
    assert ask_when_due(now=NOW) is None
    assert "A price is missing" in Mail.objects.get().text


def test_nobody_is_told_of_a_month_that_closes_by_itself() -> None:
    an_operator(language="en", **BOX)
    make.calls(a_client(), 1, start=STARTS)
    make.source(newest=NOW)
    sum_up()
    assert ask_when_due(now=NOW)
    assert mails() == []
