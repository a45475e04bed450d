"""Closing a month: statements, revisions, late calls; when it happens by itself; two who close at the same time."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from balie.accounts.models import Client
from balie.calls.actions import correct_call, undo_correction
from balie.calls.models import ClosedMonth
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.statements import files as files_kept
from balie.statements.actions import ask_to_close, close_month
from balie.statements.models import Closing, Statement
from balie.statements.queries import statement_pdf
from balie.tariffs.models import TariffVersion
from tests import make
from tests.statements import tagged
from tests.statements.made import (
    LATER,
    NOW,
    OCTOBER,
    STARTS,
    a_client,
    a_month,
    an_operator,
    close,
    files,
    kept,
    late_call,
    sum_up,
)

pytestmark = pytest.mark.django_db


def test_every_client_with_a_contract_gets_a_statement_calls_or_not(settings: LazySettings) -> None:
    an_operator()
    make.calls(a_client("1001"), 3, start=STARTS)
    a_client("1002")
    make.calls(a_client("1003", contract=False), 2, start=STARTS)
    ended, begun = make.client("1004"), make.client("1005")
    make.contract(ended, start=date(2026, 1, 1), end=date(2026, 9, 30))
    make.contract(begun, start=date(2026, 11, 1))
    last_day, first_day = make.client("1006"), make.client("1007")
    make.contract(last_day, start=date(2026, 10, 31))
    make.contract(first_day, start=date(2026, 1, 1), end=date(2026, 10, 1))
    sum_up()
    assert close() == (4, 0)
    assert kept() == [("1001", 1, 3), ("1002", 1, 0), ("1006", 1, 0), ("1007", 1, 0)]
    assert files(settings) == [f"statements/2026-10/{number}-r1.pdf" for number in (1001, 1002, 1006, 1007)]


def test_closed_month_is_marked_logged_and_its_prices_frozen() -> None:
    an_operator()
    a_client()
    close()
    assert list(ClosedMonth.objects.values_list("month", "at")) == [(202610, NOW)]
    assert list(TariffVersion.objects.values_list("frozen", flat=True)) == [True]
    entry = LogEntry.objects.get(deed="month.closed")
    assert (entry.who, entry.about, entry.details) == ("Eva", "month:2026-10", {"statements": 1, "revisions": 0})
    closing = Closing.objects.get()
    assert (closing.month, closing.done, closing.clients, closing.clients_done) == (202610, NOW, 1, 1)


def test_kept_file_is_the_one_the_row_tells_of(settings: LazySettings) -> None:
    an_operator()
    client = a_client()
    a_month(client)
    close()
    row = Statement.objects.get()
    data = (Path(settings.FILES_URL) / row.path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == row.sha256
    assert (row.rows, row.pages, row.created) == (12, 1, NOW)
    assert statement_pdf(client, OCTOBER) == data
    assert len(tagged.tables(data)[1]) == 13


def test_closing_again_makes_nothing_new(settings: LazySettings) -> None:
    an_operator()
    a_month(a_client())
    close()
    before = (kept(), files(settings), Statement.objects.get().sha256)
    Client.objects.update(name="Renamed", hide_numbers="all", language="de")
    assert close(LATER) == (0, 0)
    assert (kept(), files(settings), Statement.objects.get().sha256) == before


def test_late_call_makes_a_revision_and_the_old_one_stays(settings: LazySettings) -> None:
    an_operator()
    client, other = a_client("1001"), a_client("1002")
    make.calls(client, 2, start=STARTS)
    make.calls(other, 1, start=STARTS)
    sum_up()
    close()
    first = statement_pdf(client, OCTOBER)
    late_call(client)
    assert close(LATER) == (0, 1)
    assert kept() == [("1001", 1, 2), ("1001", 2, 3), ("1002", 1, 1)]
    assert statement_pdf(client, OCTOBER, 1) == first
    newest = statement_pdf(client, OCTOBER)
    assert tagged.tables(newest)[1][3][6].split() == ["accepted", "added", "later"]
    assert "This revision replaces revision 1 of 3 November 2026" in tagged.text(newest)
    assert close(LATER + timedelta(days=1)) == (0, 0)


def test_correction_makes_a_revision_and_taking_it_back_before_closing_again_none() -> None:
    an_operator()
    client, other = a_client("1001"), a_client("1002")
    call, _ = make.calls(client, 2, start=STARTS)
    sum_up()
    close()
    correction = correct_call(call=call, reason="test call", author=Author("Eva", LATER), billable=False)
    undo_correction(correction=correction, author=Author("Eva", LATER))
    assert close(LATER) == (0, 0)
    call.refresh_from_db()
    correct_call(call=call, reason="wrong client", author=Author("Eva", LATER), client=other)
    assert close(LATER) == (0, 2)
    assert kept() == [("1001", 1, 2), ("1001", 2, 1), ("1002", 1, 0), ("1002", 2, 1)]


def test_client_without_a_contract_any_more_still_gets_its_revision() -> None:
    an_operator()
    client = a_client()
    close()
    client.contracts.update(end=date(2026, 10, 31))
    late_call(client)
    assert close(LATER) == (0, 1)


@pytest.mark.parametrize("now", [datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)])
def test_month_that_is_not_over_is_never_closed(now: datetime) -> None:
    an_operator()
    a_client()
    for deed in (lambda: close(now), lambda: ask_to_close(period=OCTOBER, by="Eva", now=now)):
        with pytest.raises(Refused, match="2026-10 is not over yet"):
            deed()
    assert (Statement.objects.count(), Closing.objects.count(), ClosedMonth.objects.count()) == (0, 0, 0)


def test_month_may_be_closed_from_its_last_moment_on_and_in_any_order() -> None:
    an_operator()
    a_client()
    assert close(datetime(2026, 10, 31, 23, 0, tzinfo=UTC)) == (1, 0)
    assert close(period=OCTOBER.previous().previous()) == (1, 0)
    assert set(ClosedMonth.objects.values_list("month", flat=True)) == {202610, 202608}


def test_statements_of_many_clients_are_printed_in_processes_and_all_kept(settings: LazySettings) -> None:
    an_operator()
    for place in range(30):
        make.calls(a_client(f"{1001 + place}"), 2, start=STARTS)
    sum_up()
    told: list[tuple[int, int]] = []
    made = close_month(period=OCTOBER, by="Eva", now=NOW, progress=lambda done, clients: told.append((done, clients)))
    assert (made.statements, len(files(settings))) == (30, 30)
    assert told == sorted(told)
    assert told[-1] == (30, 30)
    assert {row.pages for row in Statement.objects.all()} == {1}


@pytest.mark.parametrize(
    "number", ["1/../2", "Ä 1", "a" * 40, "..", "x.pdf", "CON", "1001a", "1001A", "🙂" * 40, "%2f", "/"]
)
def test_any_client_number_gets_a_file_of_its_own(number: str, settings: LazySettings) -> None:
    an_operator()
    for other in {number, "1/2", "1_2", "1001a", "1001A", "%41"}:
        a_client(other)
    close()
    names = files(settings)
    assert len({name.lower() for name in names}) == Statement.objects.count() == len(names)
    assert all(name.startswith("statements/2026-10/") and name.count("/") == 2 and len(name) <= 200 for name in names)
    assert statement_pdf(Client.objects.get(number=number), OCTOBER).startswith(b"%PDF")


def test_calls_that_come_while_the_month_is_closed_are_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    an_operator()
    client = a_client()
    make.calls(client, 1, start=STARTS)
    sum_up()
    publish = files_kept.publish

    def a_call_comes(path: str) -> None:
        publish(path)
        if client.calls.count() == 1:
            late_call(client, late=False)

    monkeypatch.setattr(files_kept, "publish", a_call_comes)
    assert close() == (1, 1)
    assert kept() == [("1001", 1, 1), ("1001", 2, 2)]


def test_file_that_was_changed_or_lost_is_refused(settings: LazySettings) -> None:
    an_operator()
    client = a_client()
    close()
    path = Path(settings.FILES_URL) / Statement.objects.get().path
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refused, match="is not the file that was kept"):
        statement_pdf(client, OCTOBER)
    path.unlink()
    with pytest.raises(Refused, match=r"1001-r1.pdf is gone from .* Restore it from a backup."):
        statement_pdf(client, OCTOBER)


def test_statement_that_does_not_exist_is_refused_in_words() -> None:
    an_operator()
    client, without = a_client("1001"), a_client("1002", contract=False)
    with pytest.raises(Refused, match="There is no statement of 2026-10 yet: the month is not closed"):
        statement_pdf(client, OCTOBER)
    close()
    with pytest.raises(Refused, match="There is no revision 2 of 1001's statement of 2026-10; there is 1"):
        statement_pdf(client, OCTOBER, 2)
    with pytest.raises(Refused, match="Client 1002 has no statement of 2026-10: it had no contract"):
        statement_pdf(without, OCTOBER)


def test_place_that_cannot_be_written_to_is_refused_and_the_month_stays_open(
    settings: LazySettings, tmp_path: Path
) -> None:
    an_operator()
    a_client()
    (tmp_path / "a file").write_text("")
    settings.FILES_URL = str(tmp_path / "a file")
    with pytest.raises(Refused, match=r"2026-10/1001-r1.pdf cannot be kept at .*: Not a directory"):
        close()
    assert (Statement.objects.count(), ClosedMonth.objects.count()) == (0, 0)
    settings.FILES_URL = str(tmp_path / "files")
    assert close() == (1, 0)


def test_files_may_be_kept_elsewhere(settings: LazySettings) -> None:
    settings.FILES_URL = "memory://balie-test"
    an_operator()
    client = a_client()
    close()
    assert statement_pdf(client, OCTOBER).startswith(b"%PDF")


def test_place_nobody_knows_is_refused(settings: LazySettings) -> None:
    settings.FILES_URL = "carrier-pigeon://loft"
    an_operator()
    a_client()
    with pytest.raises(Refused, match="Files cannot be kept at carrier-pigeon://loft"):
        close()


def test_drafts_of_a_killed_run_are_swept_away(settings: LazySettings) -> None:
    an_operator()
    a_client()
    folder = Path(settings.FILES_URL) / "statements/2026-10"
    folder.mkdir(parents=True)
    (folder / "4711-r1.pdf.part").write_bytes(b"half")
    close()
    assert files(settings) == ["statements/2026-10/1001-r1.pdf"]
