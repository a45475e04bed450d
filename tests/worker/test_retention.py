"""What outlived its time is removed in the night, and no more; totals, keys and what was billed stay."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import LazySettings

from balie.accounts.opened import OPENED, TAKEN
from balie.calls.actions import import_calls
from balie.calls.legs import mark_of, unpacked
from balie.calls.models import BadLine, Call, ClientMonth, LegDay
from balie.cdr.channels import veiled
from balie.leases import actions as leases
from balie.messages.actions import ListFile, import_messages, queue_sms, send_again
from balie.messages.models import FakeSms, Message, Outgoing, SmsBadLine, SmsMonth, SmsSource, State
from balie.notes.actions import Said, correct_note, take_note
from balie.notes.models import Delivery, Draft, ExemptCaller, Note, NoteVersion
from balie.notifications.actions import send_again as send_mails_again
from balie.notifications.models import Mail
from balie.operator.actions import Author, change_operator
from balie.operator.models import LogEntry, Operator, Removal
from balie.operator.retention import ask_for_removals, gone_before
from balie.quality.counted import counts
from balie.quality.models import Finding
from balie.quality.words import explained
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.retention import TERMS, Kept, kept_from
from balie.statements.models import Closing, Statement
from balie.worker import retention
from balie.worker.recording import check_month
from balie.worker.turn import Turn
from tests import make
from tests.statements.made import AMSTERDAM, OCTOBER, STARTS, a_client, a_month, an_operator, close, kept, late_call

pytestmark = pytest.mark.django_db
EVE = datetime(2027, 2, 1, 12, tzinfo=UTC)  # three months after October ended
NIGHT = datetime(2027, 2, 2, 1, 30, tzinfo=UTC)  # 02:30 in Amsterdam
AUTHOR = Author("Eva", STARTS)
TEXT = "Vraagt om een offerte voor de badkamer"


def keep_for(months: int, *kinds: Kept) -> None:
    change_operator({"retention": dict.fromkeys(kinds, months)}, author=AUTHOR)


def nights_pass(now: datetime = NIGHT) -> dict[str, int]:
    """What a worker asks for the day before and does in this night: rows removed by kind."""

    class Then(Turn):
        def now(self) -> datetime:
            return now

    ask_for_removals(now=now - timedelta(hours=13))
    found = {}
    while row := leases.claim(retention.due(now), now=now, length=retention.LEASE):
        retention.remove(row, Then(row, retention.LEASE))
        row.refresh_from_db()
        assert (row.done, row.attempts) == (now, 0)
        found[row.kind] = row.removed if row.removed_at == now else 0
    return found


def numbers() -> dict[str, set[tuple[str, str]]]:
    """Caller and callee of all calls, by direction."""
    found: dict[str, set[tuple[str, str]]] = {}
    for direction, *both in Call.objects.values_list("direction", "caller", "callee"):
        found.setdefault(direction, set()).add(tuple(both))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 30), 24, date(2024, 11, 1)),
        (date(2026, 12, 1), 24, date(2024, 12, 1)),
        (date(2027, 1, 31), 3, date(2026, 10, 1)),
        (date(2027, 2, 1), 3, date(2026, 11, 1)),
        (date(2028, 2, 29), 120, date(2018, 2, 1)),
    ],
)
def test_whole_months_count_from_the_end_of_the_month(today: date, months: int, first: date) -> None:
    assert kept_from(today, months) == first


def test_nothing_is_removed_without_a_time() -> None:
    an_operator()
    a_month(a_client())
    before = numbers()
    assert nights_pass() == {}
    assert (numbers(), gone_before(*Kept), Removal.objects.count()) == (before, None, 0)


def test_numbers_go_and_calls_with_their_sums_stay() -> None:
    an_operator()
    client = a_client()
    a_month(client)
    make.call(client, start=datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), caller="+31600000001")
    make.call(client, start=datetime(2026, 10, 31, 23, 0, tzinfo=UTC), caller="+31600000002")  # November in Amsterdam
    make.call(None, start=STARTS, caller="+31600000003", callee="+31209999999")
    # As an earlier version folded it.
    make.call(client, start=STARTS, direction="outbound", caller="+31612345678", callee="+31612345678")
    sums, keys = list(ClientMonth.objects.values()), set(Call.objects.values_list("key", "start", "talk"))
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 14}
    assert numbers() == {
        "inbound": {("", "+31201234501"), ("+31600000002", "+31201234501"), ("", "+31209999999")},
        "forwarded": {("", "")},
        "outbound": {("201", ""), ("", "")},
    }
    assert (list(ClientMonth.objects.values()), set(Call.objects.values_list("key", "start", "talk"))) == (sums, keys)
    assert nights_pass(NIGHT + timedelta(days=1)) == {"numbers": 0}
    assert Removal.objects.get().removed == 14  # of the last night that found any


def test_old_file_brings_nothing_back() -> None:
    an_operator()
    client = a_client()
    make.number(client, "+31201234501")
    source = make.source(format="generic", options={"columns": {
        "start": "start", "direction": "direction", "caller": "caller", "callee": "callee", "talk": "talk",
        "key": "key"}}, trunks=[])  # fmt: skip
    file = (
        b"start,direction,caller,callee,talk,key\n"
        b"2026-10-05 09:00:00,inbound,0612345678,0201234501,60,k1\n"
        b"2026-10-05 09:10:00,inbound,0612345678,0201234501,xx,k2\n"
    )
    read = {"source": source, "name": "calls.csv", "data": file}
    assert import_calls(**read, now=STARTS).calls == 1  # type: ignore[arg-type]
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 2}
    again = import_calls(**read, now=NIGHT)  # type: ignore[arg-type]
    assert (again.calls, again.duplicates, again.rejected) == (0, 2, 0)
    assert (Call.objects.get().caller, BadLine.objects.get().text) == ("", "")


def test_statement_of_a_closed_month_stays_and_only_a_late_call_makes_a_revision() -> None:
    an_operator()
    first, second = a_client("1001"), a_client("1002")
    a_month(first)
    make.calls(second, 3, start=STARTS)
    assert close() == (2, 0)
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    assert close(NIGHT) == (0, 0)
    late_call(second, caller="+31687654321")
    assert close(NIGHT) == (0, 1)
    assert kept() == [("1001", 1, 12), ("1002", 1, 3), ("1002", 2, 4)]


def test_change_that_waits_for_a_revision_still_makes_it() -> None:
    an_operator()
    client = a_client()
    a_month(client)
    close()
    late_call(client)
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    assert close(NIGHT) == (0, 1)


def test_month_that_is_being_closed_waits_for_the_next_night() -> None:
    an_operator()
    a_month(a_client())
    busy = Closing.objects.create(month=202610, asked=NIGHT, lease_until=NIGHT + timedelta(minutes=1))
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 0}
    leases.give_back(busy)
    assert nights_pass(NIGHT + timedelta(days=1)) == {"numbers": 11}


def test_callers_that_need_no_note_keep_their_number_since_their_calls_would_count_as_missed() -> None:
    an_operator()
    client, agent = a_client(), make.agent()
    ExemptCaller.objects.create(client=client, number="+31201112233")
    make.call(client, start=STARTS, agent=agent, caller="+31201112233")
    make.call(client, start=STARTS, agent=agent)
    day = STARTS.date()
    before = counts(day, day)
    keep_for(3, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 1}
    assert counts(day, day) == before == {agent.pk: (1, 1, 0)}


@pytest.fixture
def notes() -> Note:
    """A corrected note of October with all that hangs on it, mailed and sent as SMS; and one of November."""
    an_operator(mailboxes={"call_note_copy": "quality@linde.example"}, sms_gateway={"kind": "fake"})
    client, agent = a_client(email="info@bakker.example"), make.agent()
    client.recipients.create(kind="sms", to="+31612345678")
    called = make.call(client, start=STARTS, agent=agent)
    said = Said(text=TEXT, caller="+31687654321", caller_name="De Vries", email="devries@", reason="offerte",
                promised="terugbellen", callback="+31687654321", outcome="callback")  # fmt: skip
    note = take_note(client=client, agent=agent, said=said, call=called, at=STARTS, author=AUTHOR)
    correct_note(note=note, said=Said(text=f"{TEXT} nu", email="devries@"), version=1, author=AUTHOR)
    november = datetime(2026, 11, 1, 9, tzinfo=UTC)
    make.call(client, start=november, agent=agent)
    take_note(client=client, agent=agent, said=Said(text=TEXT), at=november + timedelta(minutes=2),
              author=Author("Eva", november + timedelta(minutes=2)))  # fmt: skip
    Draft.objects.create(agent=agent, place="a", said={"text": TEXT}, at=STARTS)
    Mail.objects.update(sent=STARTS)
    Outgoing.objects.update(state=State.DELIVERED)
    check_month(OCTOBER, now=november + timedelta(days=2))
    return Note.objects.get(pk=note.pk)


def test_notes_say_nothing_any_more_and_stay(notes: Note) -> None:
    assert set(Finding.objects.filter(note=notes).values_list("code", flat=True)) == {"bad_email"}
    mails, texts = Mail.objects.filter(deliveries__note=notes), Outgoing.objects.filter(deliveries__note=notes)
    assert mails.filter(text__contains=TEXT).count() > 1
    assert texts.exclude(text="").exists()
    Mail.objects.filter(pk=mails.values_list("pk", flat=True)[0]).update(
        sent=None
    )  # without a mail server they wait for ever
    told = make.mail("findings", now=STARTS, sent=STARTS)
    keep_for(3, Kept.NOTES)
    assert nights_pass() == {"notes": 1}
    assert Mail.objects.get(pk=told.pk).text == ""
    assert not Mail.objects.filter(text="", sent=None, parked="").exists()
    held = Note.objects.get(pk=notes.pk)
    assert (held.text, held.caller, held.caller_name, held.email, held.reason, held.promised, held.callback) == (
        "",
    ) * 7
    assert (held.at, held.call_id, held.agent_id, held.version) == (notes.at, notes.call_id, notes.agent_id, 2)
    assert not NoteVersion.objects.exists()
    assert not Draft.objects.exists()
    assert set(mails.values_list("text", "html", "subject")) == {("", "", "")}
    assert set(texts.values_list("text", flat=True)) == {""}
    assert Delivery.objects.filter(note=held).count() >= 4
    [finding] = Finding.objects.filter(note=held)
    assert finding.closed is None  # how many were wrong in that month stays
    assert explained(finding) == "“…” cannot be an email address"
    assert Note.objects.exclude(text="").count() == 1
    assert nights_pass(NIGHT + timedelta(days=1)) == {"notes": 0}


def test_nothing_is_found_wrong_with_what_is_gone(notes: Note) -> None:
    keep_for(3, Kept.NOTES)
    nights_pass()
    check_month(OCTOBER, now=NIGHT)
    assert list(Finding.objects.values_list("code", flat=True)) == ["bad_email"]


def test_sms_keep_their_parts_and_a_list_is_known_again() -> None:
    an_operator(sms_gateway={"kind": "fake"})
    client = a_client()
    make.number(client, "+31201234501")
    listed = (
        b"date,from,to,text\n2026-10-05T09:00:00+02:00,+31201234501,+31612345678,Hallo\n"
        b"2026-10-05T09:00,+31201234501,+31612345678\n2026-10-05T10:00:00+02:00,+31201234501,+31612345679,Slot"
    )
    import_messages(source="gateway", file=ListFile("a.csv", listed), now=STARTS)
    assert bytes(SmsSource.objects.get(name="gateway").cut)
    queue_sms(client=client, to="+31687654321", text="Terugbellen", author=AUTHOR)
    own = Outgoing.objects.get()
    FakeSms.objects.create(key=own.mark, sender="", recipient=own.recipient, text=own.text)
    sums, bad = list(SmsMonth.objects.values()), SmsBadLine.objects.count()
    keep_for(3, Kept.SMS)
    assert nights_pass() == {"sms": 2 + bad}  # ours still waits
    assert not bytes(SmsSource.objects.get(name="gateway").cut)
    assert Outgoing.objects.get().text == "Terugbellen"
    Outgoing.objects.update(state=State.FAILED)
    assert nights_pass(NIGHT + timedelta(days=1)) == {"sms": 1}
    assert set(Message.objects.values_list("recipient", "text", "sender")) == {("", "", "+31201234501")}
    assert (list(SmsMonth.objects.values()), FakeSms.objects.count()) == (sums, 0)
    again = import_messages(source="gateway", file=ListFile("a.csv", listed), now=NIGHT)
    assert (again.messages, again.rejected) == (0, 0)
    with pytest.raises(Refused, match="removed"):
        send_again(sms=own.pk, author=AUTHOR)


def test_mails_lose_text_and_recipient_but_those_that_wait() -> None:
    an_operator(language="en")
    sent, failed, waits, later = (make.mail(now=now) for now in (STARTS, STARTS, STARTS, EVE))
    Mail.objects.filter(pk=sent.pk).update(sent=STARTS)
    Mail.objects.filter(pk=failed.pk).update(parked="550 no such user info@bakker.example", problem="550 info@")
    keep_for(3, Kept.MAILS)
    assert nights_pass() == {"mails": 2}
    assert list(Mail.objects.filter(text="", recipient="").order_by("pk")) == [sent, failed]
    gone = Mail.objects.get(pk=failed.pk)
    assert (gone.parked, gone.problem, gone.subject, gone.html) == ("Its text was removed after its time.", "", "", "")
    assert send_mails_again(Mail.objects.all(), author=AUTHOR) == 0
    assert {waits.pk, later.pk} == set(Mail.objects.exclude(text="").values_list("pk", flat=True))


def test_log_says_that_it_was_done_and_no_more_of_whom() -> None:
    an_operator()
    said = {"absence": 1, "before": None, "after": {"who": "Mevrouw De Vries", "say": "ziek", "ends": None}}
    LogEntry.objects.create(at=STARTS, who="Anna", deed="absence.entered", details=said)
    LogEntry.objects.create(at=STARTS, who="Eva", deed="sms.sent_again", details={"sms": 1, "to": "+31612345678"})
    LogEntry.objects.create(at=STARTS, who="Eva", deed="sms.opted_out", details={"number": "+31612345678"})
    keep_for(3, Kept.NOTES, Kept.SMS)
    nights_pass()
    found = dict(LogEntry.objects.exclude(deed="operator.changed").values_list("deed", "details"))
    assert found == {
        "absence.entered": {"absence": 1, "before": None, "after": {"who": "", "say": "", "ends": None}},
        "sms.sent_again": {"sms": 1, "to": ""},
        "sms.opted_out": {"number": "+31612345678"},  # who asks for no SMS stays known
    }


def test_who_opened_a_client_goes_and_the_rest_of_the_log_stays() -> None:
    an_operator()
    for deed in (OPENED, TAKEN, "tariff.changed"):
        LogEntry.objects.create(at=STARTS, who="Eva", deed=deed, about="client:1001")
    LogEntry.objects.create(at=EVE, who="Eva", deed=OPENED, about="client:1001")
    keep_for(6, Kept.OPENED)
    assert nights_pass() == {"opened": 0}
    assert nights_pass(datetime(2027, 5, 1, 1, tzinfo=UTC)) == {"opened": 1}
    left = LogEntry.objects.exclude(deed="operator.changed").values_list("deed", flat=True)
    assert sorted(left) == sorted([OPENED, TAKEN, "tariff.changed"])


def test_statements_go_with_their_files_and_do_not_come_back(settings: LazySettings) -> None:
    an_operator()
    a_month(a_client())
    close()
    path = Path(settings.FILES_URL) / Statement.objects.get().path
    keep_for(12, Kept.STATEMENTS)
    assert nights_pass(datetime(2027, 10, 31, 1, tzinfo=UTC)) == {"statements": 0}
    assert path.exists()
    assert nights_pass(datetime(2027, 11, 2, 1, tzinfo=UTC)) == {"statements": 1}
    assert not path.exists()
    assert kept() == []
    with pytest.raises(Refused, match="removed after their time"):
        close(datetime(2027, 11, 2, 9, tzinfo=UTC))


def test_a_time_that_was_too_short_can_be_set_longer_until_the_night() -> None:
    an_operator()
    a_month(a_client())
    before = numbers()
    keep_for(3, Kept.NUMBERS)
    ask_for_removals(now=EVE)
    assert not retention.due(EVE).exists()
    keep_for(24, Kept.NUMBERS)
    assert nights_pass() == {"numbers": 0}
    assert numbers() == before


def test_what_was_gone_stays_known_as_gone_when_the_time_is_set_longer() -> None:
    an_operator()
    a_month(a_client())
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    keep_for(24, Kept.NUMBERS)
    nights_pass(NIGHT + timedelta(days=1))
    assert gone_before(Kept.NUMBERS) == date(2026, 11, 1)


def test_every_kind_has_its_terms_and_its_remover() -> None:
    assert set(TERMS) == set(retention.REMOVERS) == set(Kept)


def test_page_can_say_before_what_a_time_would_remove(time_machine: Any) -> None:
    an_operator()
    a_month(a_client())
    assert [retention.would_remove(Kept.NUMBERS, months, now=EVE) for months in (3, 4)] == [11, 0]
    assert Operator.objects.get().retention == {}


def test_removal_at_once_says_what_it_did(time_machine: Any) -> None:
    time_machine.move_to(EVE, tick=False)
    an_operator()
    a_month(a_client())
    keep_for(3, Kept.NUMBERS)
    assert retention.remove_at_once(now=EVE) == {Kept.NUMBERS: 11}
    assert retention.remove_at_once(now=EVE) == {Kept.NUMBERS: 0}
    row = Removal.objects.get()
    leases.claim(Removal.objects.all(), now=EVE, length=retention.LEASE)
    with pytest.raises(Refused, match="worker"):
        retention.remove_at_once(now=EVE)
    assert Period.of(row.due, AMSTERDAM) == Period(2027, 2, AMSTERDAM)


def test_legs_stay_known_although_numbers_in_their_channels_are_gone() -> None:
    an_operator()
    make.number(a_client(), "+31201234501")
    make.agent("201", endpoint="PJSIP/201")
    line = (
        '"","0612345678","0201234501","from-trunk","","PJSIP/trunk-00000001","Local/0687650006@outside-00000001;1",'
        '"Dial","Local/0687650006@outside","2026-10-05 09:00:00","2026-10-05 09:00:05","2026-10-05 09:00:40",40,35,'
        '"ANSWERED","DOCUMENTATION","pbx-1.0","","","pbx-1.0",0\n'
    )
    other = line.replace("0687650006", "0687650007")
    read = {"source": make.source(), "name": "Master.csv"}
    assert import_calls(**read, data=line.encode(), now=STARTS).lines == 1  # type: ignore[arg-type]
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    [part] = LegDay.objects.all()
    assert (part.veiled, part.whole, part.count) == (True, False, 1)
    [name] = unpacked(part.legs)["dstchannel"].to_list()
    assert name.startswith("Local/") and name.endswith("@outside-00000001;1")
    assert "0687650006" not in name
    again = import_calls(**read, data=line.encode(), now=NIGHT)  # type: ignore[arg-type]
    assert (again.calls, again.duplicates, again.rejected) == (0, 1, 0)
    late = import_calls(**read, data=other.encode(), now=NIGHT)  # type: ignore[arg-type]
    assert (late.calls, late.rejected) == (0, 1)  # another leg of a call of long ago
    nights_pass(NIGHT + timedelta(days=1))
    assert LegDay.objects.get().veiled


def test_ends_and_refusals_that_hold_a_number_lose_it() -> None:
    an_operator()
    client, agent = a_client(), make.agent("206000")
    ends = ("DAHDI/i9/0622222204", "SIP/RG-0622222205", "PJSIP/201")
    unknown = [make.call(client, start=STARTS, endpoint=end) for end in ends]
    known = make.call(client, start=STARTS, endpoint="PJSIP/206000", agent=agent)
    source = make.source()
    source.imports.create(name="x.csv", started=STARTS, problem="it begins with '0633333302'")
    keep_for(3, Kept.NUMBERS)
    nights_pass()
    assert [Call.objects.get(pk=one.pk).endpoint for one in (*unknown, known)] == ["", "", "PJSIP/201", "PJSIP/206000"]
    [problem] = source.imports.values_list("problem", flat=True)
    assert problem and "0633333302" not in problem


@pytest.mark.parametrize("name", ["Local/FMGL-0622222202#@from-internal-00000001;1", "sip:+31622222202@pstn.example",
                                  "DAHDI/i1/0612345678-1", "Local/0687650006@outside-0000000a;2"])  # fmt: skip
def test_numbers_anywhere_in_a_channels_name_are_veiled_once_and_for_all(name: str) -> None:
    once = veiled(pl.Series([name, "PJSIP/trunk-00000001", "SIP/201-0000000a"], dtype=pl.String), mark_of)
    assert not re.search("[0-9]{6,}", re.sub("-[0-9a-f]{8}(;[12])?$", "", once[0]))
    assert once.to_list()[1:] == ["PJSIP/trunk-00000001", "SIP/201-0000000a"]
    assert veiled(once, mark_of).to_list() == once.to_list()
