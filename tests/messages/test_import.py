"""Importing SMS: how the lines arrive never matters, each belongs to whom its number belonged to."""

import random
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.accounts.models import Client
from balie.calls.actions import mark_closed
from balie.calls.models import ChangedMonth
from balie.messages.actions import ListFile, SmsResult, import_messages
from balie.messages.models import Message, SmsBadLine, SmsImport, SmsMonth, SmsSource
from balie.rules.errors import Refused
from tests import make
from tests.messages.lists import HEADER, an_office, counted, reported, stored, sums, take, take_bytes
from tests.messages.made import an_sms, scripted, work

pytestmark = pytest.mark.django_db

MINUTES = st.integers(0, 5)
LINES = st.lists(
    st.builds(
        "2026-11-20 10:{:02d}:00,{},0612345678,{}".format,
        MINUTES,
        st.sampled_from(["0201234501", "+31201234502", "0301112233", "LINDE"]),
        st.sampled_from(["Hello", "", '"a, b"', "x" * 200]),
    ),
    max_size=14,
)


def counts(result: SmsResult) -> dict[str, int]:
    return {name: value for name, value in result.document(source="x").items() if name not in ("source", "seconds")}


def emptied() -> None:
    for model in (Message, SmsBadLine, SmsImport, SmsMonth, SmsSource):
        model.objects.all().delete()


def test_list_says_what_came_of_its_lines() -> None:
    an_office()
    lines = [
        "2026-11-20 10:00:00,0201234501,0612345678,Hello",
        "2026-11-20 10:00:00,0201234501,0612345678,Hello",
        f"2026-11-20 10:01:00,+31201234502,+4915112345678,{'x' * 161}",
        "2026-11-20 10:02:00,LINDE,0612345678,",
        "what is this",
        "what is this",
    ]
    expected = {"lines": 6, "messages": 4, "parts": 5, "duplicates": 1, "rejected": 1, "unassigned": 1}
    assert counts(take(lines)) == expected
    assert counts(take(lines)) == {**dict.fromkeys(expected, 0), "lines": 6, "duplicates": 6}
    assert sums() == counted() == {("1001", 202611): (2, 2), ("1002", 202611): (1, 2)}
    assert [line.text for line in SmsBadLine.objects.all()] == ["what is this"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, chance=st.randoms(use_true_random=False), cut_anywhere=st.booleans())
def test_list_read_twice_in_overlapping_halves_or_while_it_grows_brings_each_sms_once(
    lines: list[str], chance: random.Random, cut_anywhere: bool
) -> None:
    """In order of time, as gateways write: of one line there are as many as the list has that has it most often."""
    make.operator(timezone="Europe/Amsterdam")
    emptied()
    lines.sort()
    take(lines)
    whole = stored()
    take(lines)
    assert stored() == whole

    emptied()
    first, last = sorted(chance.randrange(len(lines) + 1) for _ in range(2))
    # The same SMS again and again in one second, some in one part and some in the other, cannot be told from one SMS
    # in both by anybody.
    while first and first < len(lines) and lines[first - 1] == lines[first]:
        first -= 1
    take(lines[:last])
    take(lines[first:])
    assert stored() == whole

    emptied()
    data = "".join(f"{line}\n" for line in [HEADER, *lines]).encode()
    ends = range(len(data)) if cut_anywhere else [at for at, sign in enumerate(data, start=1) if sign == 10]
    for end in sorted(chance.choice(ends) for _ in range(3)):
        if end > len(HEADER):
            take_bytes(data[:end])
    take_bytes(data)
    assert stored() == whole
    assert SmsBadLine.objects.count() == 0
    assert sums() == counted()


def test_line_cut_off_while_it_was_written_is_replaced_by_the_whole_one() -> None:
    an_office()
    begun = f"{HEADER}\n2026-11-20 10:00:00,0201234501,0612345678,Hel"
    assert take_bytes(begun.encode()).messages == 1
    assert take_bytes(f"{begun}lo{'!' * 160}\n".encode()).messages == 1
    assert [row[3][:5] for row in stored()] == ["Hello"]
    assert sums() == {("1001", 202611): (1, 2)}

    take_bytes(f"{HEADER}\n2026-11-21 10:00:00,02012".encode())
    assert SmsBadLine.objects.count() == 1
    take_bytes(f"{HEADER}\n2026-11-21 10:00:00,0201234501,0612345678,x\n".encode())
    assert (SmsBadLine.objects.count(), len(stored())) == (0, 2)


def test_whole_line_that_begins_as_a_cut_one_leaves_it_alone_where_both_are_there() -> None:
    an_office()
    empty = f"{HEADER}\n2026-11-20 10:00:00,0201234501,0612345678,"
    assert take_bytes(f"{empty}\n2026-11-20 10:00:00,0201234501,0612345678,".encode()).messages == 2
    assert take_bytes(f"{empty}\n2026-11-20 10:00:00,0201234501,0612345678,Hello\n".encode()).messages == 1
    assert [row[3] for row in stored()] == ["", "Hello"]


def test_sms_belongs_to_who_had_the_number_on_that_day() -> None:
    one, other = an_office()
    make.number(None, "+31201234503")
    take(
        [
            "2026-11-09 23:59:59,+31201234502,0612345678,before",
            "2026-11-10 00:00:00,0201234502,0612345678,after",
            "2026-11-10 00:00:00,31201234501,0612345678,without a plus",
        ]
    )
    owners = dict(Message.objects.values_list("text", "client__number"))
    assert owners == {"before": None, "after": "1002", "without a plus": "1001"}
    assert [row["from"] for row in reported(one)] == ["+31201234501"]
    assert [(row["date"], row["time"]) for row in reported(other)] == [("2026-11-10", "00:00:00")]


def test_client_named_in_the_list_goes_before_the_number() -> None:
    an_office()
    lines = [
        "2026-11-20 10:00:00,0201234501,0612345678,2,1002",
        "2026-11-20 10:00:00,,0612345678,1,1002",
        "2026-11-20 10:00:00,0201234501,0612345678,1,9999",
        "2026-11-20 10:00:00,0201234501,0612345678,3,",
    ]
    result = take(lines, header="sent_at,from,to,parts,client")
    assert (result.parts, result.unassigned) == (7, 1)
    assert sums() == counted() == {("1002", 202611): (2, 3), ("1001", 202611): (1, 3)}


def test_counting_follows_the_operators_rule() -> None:
    an_office(sms_count="segments")
    texts = ["x" * 160, "x" * 161, "€" * 80, "€" * 81, "ë" * 70, "ë" * 71, "x" * 307]
    take([f"2026-11-20 10:00:{at:02d},0201234501,0612345678,{text}" for at, text in enumerate(texts)])
    assert [row.parts for row in Message.objects.order_by("sent_at")] == [1, 2, 1, 2, 1, 2, 3]


@pytest.mark.parametrize(
    ("written", "utc", "day"),
    [
        ("2026-10-25 02:30:00", "2026-10-25T00:30", 25),  # the doubled hour is read as the first
        ("2026-10-25 02:30:00+01:00", "2026-10-25T01:30", 25),
        ("2026-10-25 03:00:00", "2026-10-25T02:00", 25),
        ("2026-03-29 02:30:00", "2026-03-29T01:30", 29),  # skipped by the clock
        ("2026-03-29 03:00:00", "2026-03-29T01:00", 29),
        ("2026-10-31 23:30:00", "2026-10-31T22:30", 31),
        ("2026-10-31T22:30:00Z", "2026-10-31T22:30", 31),
        ("2026-10-31T23:30:00Z", "2026-10-31T23:30", 1),
    ],
)
def test_moments_are_right_on_the_nights_on_which_the_clock_jumps(written: str, utc: str, day: int) -> None:
    an_office()
    take([f"{written},0201234501,0612345678,x"])
    [message] = Message.objects.all()
    assert message.sent_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert [key for _, key in sums()] == [202600 + {25: 10, 31: 10, 29: 3, 1: 11}[day]]


def test_both_readings_of_the_doubled_hour_are_two_sms() -> None:
    an_office()
    take([f"2026-10-25 02:30:00{offset},0201234501,0612345678,x" for offset in ("+02:00", "+01:00", "")])
    assert [row[0].hour for row in stored()] == [0, 0, 1]


def test_sms_of_a_closed_month_is_late_and_asks_for_a_correction() -> None:
    one, _ = an_office()
    mark_closed(month=202610, now=make.NOW)
    take(["2026-10-20 10:00:00,0201234501,0612345678,x", "2026-11-20 10:00:00,0201234501,0612345678,x"])
    assert list(Message.objects.order_by("sent_at").values_list("late", flat=True)) == [True, False]
    assert list(ChangedMonth.objects.values_list("client", "month")) == [(one.pk, 202610)]
    take(["2026-10-20 10:00:00,0201234502,0612345678,x"])
    assert ChangedMonth.objects.count() == 1  # of nobody


def test_what_is_no_list_stores_nothing_but_the_refusal() -> None:
    an_office()
    with pytest.raises(Refused):
        take_bytes(b"\0\1\2")
    assert SmsSource.objects.count() == 0
    take([])
    with pytest.raises(Refused):
        take_bytes(b"\0\1\2")
    assert [bool(one.problem) for one in SmsImport.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize("source", ["", "  ", "x" * 101, "a\nb"])
def test_source_needs_a_name(source: str) -> None:
    make.operator()
    with pytest.raises(Refused, match="Name the source"):
        take([], source=source)


def test_sources_know_nothing_of_each_other() -> None:
    an_office()
    line = "2026-11-20 10:00:00,0201234501,0612345678,x"
    assert [take([line], source=name).messages for name in ("a", "b", "a")] == [1, 1, 0]


def test_pushes_of_a_day_are_one_import() -> None:
    an_office()
    for second in range(3):
        data = f"{HEADER}\n2026-11-20 10:00:0{second},0201234501,0612345678,x\n".encode()
        import_messages(source="gateway", file=ListFile("pushed", data, gathers=True), now=make.NOW)
    assert list(SmsImport.objects.values_list("lines", "messages", "parts")) == [(3, 3, 3)]


def test_text_of_any_kind_comes_back_as_it_was() -> None:
    """Also what means something to the databases' own bulk formats."""
    an_office()
    texts = ["a\n\\.\nb", "\\N", "NULL", '"', "\t|", "=1+1", "é€😀", "\\", "'", "a\r\nb"]
    quoted = (text.replace('"', '""') for text in texts)
    take([f'2026-11-20 10:00:{at:02d},0201234501,0612345678,"{text}"' for at, text in enumerate(quoted)])
    assert list(Message.objects.order_by("sent_at").values_list("text", flat=True)) == texts


def test_number_that_a_client_had_only_later_is_not_its_number_before() -> None:
    an_office()
    make.number(make.client("1003"), "+31201234504", first=date(2026, 11, 20), last=date(2026, 11, 20))
    take([f"2026-11-{day} 12:00:00,0201234504,0612345678,x" for day in (19, 20, 21)])
    assert [row[5] for row in stored()] == [None, "1003", None]


def test_gateways_list_does_not_count_what_we_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    an_office(sms_gateway={"kind": "fake"})
    scripted(monkeypatch, parts=2)
    an_sms(Client.objects.get(number="1001"), "x" * 200, to="+31612345678")
    work()
    lines = [
        "2026-11-20 10:00:00,0201234501,31612345678,x,1-0",
        "2026-11-20 10:00:00,0201234501,0612345678,x,1-1",
        "2026-11-20 10:00:00,0201234501,0687654321,x,1-1",  # ids begin anew some day: of another SMS
        "2026-11-20 10:00:00,0201234501,0612345678,x,1-2",
        "2026-11-20 10:00:00,0201234501,0612345678,x,",
    ]
    header = "sent_at,from,to,text,message_id"
    assert counts(take(lines, header=header))["messages"] == 3
    assert counts(take(lines, header=header)) == {
        "lines": 5, "messages": 0, "parts": 0, "duplicates": 5, "rejected": 0, "unassigned": 0,
    }  # fmt: skip
    assert Message.objects.count() == 4
