"""SMS before they are sent: once an event, from whom, not in quiet hours, not beyond a limit, not to who wants none."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from balie.messages.actions import opt_in, opt_out, put_client_sms, put_sms_settings, send_again, send_sms
from balie.messages.models import OptOut, Outgoing, SmsSettings
from balie.notes.actions import Said, correct_note, put_desk, take_note
from balie.notes.models import Delivery
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.rules.quiet import quiet_until
from balie.rules.sender import name_as_sender, sender_of
from tests import make
from tests.messages.made import TO, an_operator, an_sms, counted, scripted, states, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MARIT = Author("Marit", NOW)
ZONE = "Europe/Amsterdam"


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return time_machine


def settings(**values: Any) -> SmsSettings:
    wanted = {"sender": "", "quiet": (None, None), "limit": None, "texts": {}, **values}
    return put_sms_settings(**wanted, author=MARIT)


def test_same_key_is_the_same_sms() -> None:
    client = an_operator()
    assert an_sms(client, "a", key="k").pk == an_sms(client, "b", key="k").pk
    assert states() == {"a": "waiting"}


@pytest.mark.parametrize(
    ("operators", "clients", "sender"),
    [("", "", "De Linde"), ("Linde", "", "Linde"), ("Linde", "Bakker", "Bakker"),
     ("", "0201234501", "+31201234501")],
)  # fmt: skip
def test_sender_is_the_clients_else_the_operators(operators: str, clients: str, sender: str) -> None:
    client = an_operator()
    settings(sender=operators)
    put_client_sms(client=client, sender=clients, limit=None, text="", author=MARIT)
    assert an_sms(client).sender == sender


@pytest.mark.parametrize(
    ("text", "sender"),
    [("De Linde", "De Linde"), ("abcdefghijk", "abcdefghijk"), ("abcdefghijkl", None), ("06 12345678", "+31612345678"),
     ("123", None), ("Bäcker", None), ("", None)],
)  # fmt: skip
def test_sender_is_a_number_or_a_short_name(text: str, sender: str | None) -> None:
    assert sender_of(text, "NL") == sender


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("De Linde B.V.", "De Linde BV"),
        ("Telefoonservice De Linde", "De Linde"),
        ("Telefoonservice", "Telefoonser"),
        ("Ü", "Balie"),
        ("", "Balie"),
    ],
)
def test_operators_name_as_far_as_it_fits(name: str, sender: str) -> None:
    assert name_as_sender(name) == sender


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "begins", "ends", "until"),
    [
        ("2026-11-26T20:59", 22, 8, None),  # 21:59
        ("2026-11-26T21:00", 22, 8, "2026-11-27T07:00"),
        ("2026-11-27T06:59", 22, 8, "2026-11-27T07:00"),
        ("2026-11-27T07:00", 22, 8, None),
        ("2026-11-26T11:30", 12, 14, "2026-11-26T13:00"),
        ("2026-11-26T13:00", 12, 14, None),
        ("2026-11-26T13:00", 8, 8, None),
        # Clocks go forward on 29 March: the night is an hour shorter; 02:30 is not there.
        ("2026-03-28T21:00", 22, 8, "2026-03-29T06:00"),
        # They go back on 25 October: the night is an hour longer.
        ("2026-10-24T20:00", 22, 8, "2026-10-25T07:00"),
        # An end at 02:00 on that night comes at one o'clock UTC's hour first.
        ("2026-10-24T23:30", 22, 2, "2026-10-25T00:00"),
        ("2026-10-25T00:30", 22, 2, None),
    ],
)
def test_quiet_hours_by_local_clocks(moment: str, begins: int, ends: int, until: str | None) -> None:
    found = quiet_until(at(moment), begins=time(begins), ends=time(ends), zone=ZONE)
    assert found == (at(until) if until else None)


def test_end_of_quiet_hours_that_comes_twice_is_the_first() -> None:
    night = at("2026-10-25T01:10")  # 02:10 for the second time
    assert quiet_until(night, begins=time(22), ends=time(2, 30), zone=ZONE) is None
    assert quiet_until(at("2026-10-25T00:10"), begins=time(22), ends=time(2, 30), zone=ZONE) == at("2026-10-25T00:30")


def test_sms_wait_in_quiet_hours_and_urgent_ones_do_not(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    settings(quiet=(time(22), time(8)))
    clock.move_to(at("2026-11-26T22:00"), tick=False)
    quiet, _urgent = an_sms(client, "a"), an_sms(client, "b", urgent=True)
    work()
    assert (gateway.texts, quiet.due) == (["b"], at("2026-11-27T07:00"))
    clock.move_to(at("2026-11-27T07:00"), tick=False)
    work()
    assert gateway.texts == ["b", "a"]


def test_what_was_due_before_the_quiet_hours_waits_too(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch, down=True)
    settings(quiet=(time(22), time(8)))
    an_sms(client, "a")
    work()
    gateway.down = False
    clock.move_to(at("2026-11-26T22:00"), tick=False)
    work()
    assert gateway.texts == []


def test_number_on_the_list_gets_nothing_until_it_is_taken_off() -> None:
    client = an_operator()
    for _ in range(2):
        opt_out(number="06 12345678", why="asked", author=MARIT)
    held = an_sms(client, "a")
    assert (held.state, held.reason) == ("withheld", "This number asked for no more SMS.")
    assert (opt_in(number=TO, author=MARIT), opt_in(number=TO, author=MARIT)) == (True, False)
    assert an_sms(client, "b").state == "waiting"
    assert list(LogEntry.objects.order_by("pk").values_list("deed", flat=True)) == ["sms.opted_out", "sms.opted_in"]
    assert OptOut.objects.count() == 0


@pytest.mark.parametrize("to", ["", "12", "nobody", "+3161234"])
def test_number_that_cannot_be_one_is_kept_and_held_back(to: str) -> None:
    assert an_sms(an_operator(), to=to).state == "withheld"


@pytest.mark.parametrize(
    ("to", "text", "where"), [("nobody", "Hello", "to"), (TO, "  ", "text"), (TO, "x" * 1531, "text")]
)
def test_what_somebody_wrote_and_cannot_be_is_refused(to: str, text: str, where: str) -> None:
    with pytest.raises(Refused) as refused:
        send_sms(client=an_operator(), to=to, text=text, author=MARIT)
    assert refused.value.where == where
    assert not Outgoing.objects.exists()


def test_limit_of_a_month_holds_back_and_tells_staff_once(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    client = an_operator(mailboxes={"tasks": "tasks@linde.example"})
    scripted(monkeypatch)
    settings(limit=3)
    an_sms(client, "x" * 161)
    work()
    an_sms(client, "b")
    for text in ("c", "d"):
        an_sms(client, text)
    assert list(states().values()) == ["sent", "waiting", "withheld", "withheld"]
    assert Outgoing.objects.get(text="c").reason == "The limit of 3 SMS a month is reached."
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient, "November 2026" in mail.text) == ("sms_limit", "tasks@linde.example", True)
    assert an_sms(make.client("1002"), "of another").state == "waiting"
    put_client_sms(client=client, sender="", limit=10, text="", author=MARIT)
    assert an_sms(client, "e").state == "waiting"
    put_client_sms(client=client, sender="", limit=0, text="", author=MARIT)
    assert an_sms(client, "f").state == "withheld"
    work()
    clock.move_to(at("2026-12-01T09:00"), tick=False)
    put_client_sms(client=client, sender="", limit=1, text="", author=MARIT)
    assert an_sms(client, "g").state == "waiting"


@pytest.mark.parametrize(
    ("values", "where"),
    [({"sender": "much too long a name"}, "sender"), ({"quiet": (time(22), None)}, "quiet_until"),
     ({"limit": -1}, "limit"), ({"texts": {"nl": "{nobody}"}}, "nl"), ({"texts": {"de": "x" * 1001}}, "de")],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_where_they_stand(values: dict[str, Any], where: str) -> None:
    an_operator()
    with pytest.raises(Refused) as refused:
        settings(**values)
    assert refused.value.where == where
    assert not SmsSettings.objects.exists()


def test_changed_settings_are_logged_and_the_same_again_is_no_change() -> None:
    an_operator()
    for _ in range(2):
        settings(sender="Linde", quiet=(time(22), time(8)), limit=5)
    entry = LogEntry.objects.get()
    assert (entry.deed, entry.details) == (
        "sms.settings",
        {"sender": ["", "Linde"], "quiet_from": [None, "22:00"], "quiet_until": [None, "08:00"], "limit": [None, 5]},
    )


def noted(client: Any, **said: Any) -> Any:
    words = {"text": "Lekkage in de keuken.", "caller": "0687654321", "caller_name": "Jansen", "reason": "Lekkage"}
    agent = make.agent("201")
    return take_note(client=client, agent=agent, said=Said(**{**words, **said}), author=Author("Anna", NOW))


def with_telephone(client: Any, when: str = "always") -> None:
    row = {"kind": "sms", "to": "06 12345678", "name": "Piet", "when": when}
    put_desk(client=client, part="recipients", value=[row], author=MARIT)


def test_note_goes_out_as_a_short_sms_once_a_version() -> None:
    client = an_operator()
    client.language = "en"
    client.save()
    with_telephone(client)
    note = noted(client, outcome="callback", callback="0687654321", urgency="urgent")
    sms = Outgoing.objects.get()
    assert (sms.recipient, sms.urgent, sms.about, sms.by) == (TO, True, f"note:{note.pk}", "Anna")
    assert sms.text == (
        "URGENT Call 10:00: Jansen 06 87 65 43 21\nLekkage\nLekkage in de keuken.\nplease call back: 06 87 65 43 21"
    )
    delivery = Delivery.objects.get(kind="sms")
    assert (delivery.sms, delivery.mail) == (sms, None)
    correct_note(note=note, said=Said(text="Verholpen."), version=1, author=Author("Anna", NOW))
    assert Outgoing.objects.count() == 2


def test_note_hides_the_caller_in_its_sms_as_the_client_wants() -> None:
    client = an_operator()
    client.hide_numbers = "all"
    client.save()
    with_telephone(client)
    noted(client)
    assert "4321" not in Outgoing.objects.get().text


def test_notes_sms_says_what_the_template_says_and_no_more_than_three_parts() -> None:
    client = an_operator()
    with_telephone(client)
    put_client_sms(client=client, sender="", limit=None, text="{client}: {text} {promised}", author=MARIT)
    noted(client, text="x" * 2000)
    sms = Outgoing.objects.get()
    assert sms.text.startswith("Client 1001: xxx") and sms.text.endswith("x...")
    assert len(sms.text) == 459


def test_telephone_gets_notes_only_in_its_hours() -> None:
    client = an_operator()
    put_desk(client=client, part="hours", value={"3": "09:00-17:00"}, author=MARIT)  # a Thursday
    with_telephone(client, "closed")
    noted(client)
    assert not Outgoing.objects.exists()


def test_recipients_telephone_must_be_one() -> None:
    client = an_operator()
    row = {"kind": "sms", "to": "info@x.example", "name": "", "when": "always"}
    with pytest.raises(Refused) as refused:
        put_desk(client=client, part="recipients", value=[row], author=MARIT)
    assert refused.value.where == "to-0"


def test_held_back_sms_is_sent_after_all_once_nothing_stands_against_it(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch)
    settings(limit=0)
    held = an_sms(client, "a")
    with pytest.raises(Refused) as refused:
        send_again(sms=held.pk, author=MARIT)
    assert refused.value.message == "The limit of 0 SMS a month is reached."
    settings(limit=1)
    assert send_again(sms=held.pk, author=MARIT).state == "waiting"
    work()
    assert (gateway.texts, counted()) == (["a"], (1, 1, 1))


def test_sms_that_failed_is_not_sent_again_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    client = an_operator()
    scripted(monkeypatch, answers={"a": "no", "c": "unknown"})
    settings(limit=2)
    failed = an_sms(client, "a")
    work()  # now it counts no more
    _taken, doubted = an_sms(client, "b"), an_sms(client, "c")
    work()
    with pytest.raises(Refused):
        send_again(sms=failed.pk, author=MARIT)
    assert send_again(sms=doubted.pk, author=MARIT).state == "waiting"


def test_what_waits_from_last_month_counts_towards_the_limit_of_this_one(clock: Any) -> None:
    client = an_operator()
    settings(quiet=(time(22), time(8)), limit=1)
    clock.move_to(at("2026-11-30T22:30"), tick=False)
    an_sms(client, "a")
    clock.move_to(at("2026-11-30T23:30"), tick=False)  # December by local clocks
    assert an_sms(client, "b").state == "withheld"


def test_changed_quiet_hours_hold_for_what_waits_for_their_end(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    client = an_operator()
    gateway = scripted(monkeypatch, answers={"tried": "again"})
    an_sms(client, "tried")
    work()
    tried = Outgoing.objects.get().due
    settings(quiet=(time(10), time(18)))
    an_sms(client, "a")
    settings(quiet=(time(10), time(12)))
    assert Outgoing.objects.get(text="a").due == at("2026-11-26T11:00")
    settings()
    assert Outgoing.objects.get(text="tried").due == tried
    work()
    assert gateway.texts == ["tried", "a"]
