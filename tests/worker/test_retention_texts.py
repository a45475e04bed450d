"""What notes, SMS and mails said is removed after its time, with all that repeats it; they themselves stay."""

from datetime import UTC, datetime, timedelta

import pytest

from balie.messages.actions import ListFile, import_messages, queue_sms, send_again
from balie.messages.models import FakeSms, Message, Outgoing, SmsBadLine, SmsMonth, SmsSource, State
from balie.notes.actions import Said, correct_note, take_note
from balie.notes.models import Delivery, Draft, Note, NoteVersion
from balie.notifications.actions import send_again as send_mails_again
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.quality.models import Finding
from balie.quality.words import explained
from balie.rules.errors import Refused
from balie.rules.retention import Kept
from balie.worker.recording import check_month
from tests import make
from tests.statements.made import OCTOBER, STARTS, a_client, an_operator
from tests.worker.nights import AUTHOR, EVE, NIGHT, keep_for, nights_pass

pytestmark = pytest.mark.django_db
TEXT = "Vraagt om een offerte voor de badkamer"


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
