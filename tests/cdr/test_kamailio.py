"""Kamailio's cdrs.csv and acc.csv. Expected calls are worked out by hand from tests/samples/formats."""

import pytest

from balie.rules.errors import Refused
from tests.cdr.formats import folded, read, sample, told

SRC, AT = "0612345678", "@127.0.0.2"
CDRS, ACC = sample("cdrs.csv").decode(), sample("acc.csv").decode()


def test_conversations() -> None:
    assert told(folded("kamailio", CDRS)) == [
        (f"seven{AT}", "inbound", "accepted", "25 00:59:50", SRC, "", "201", 0, 30, "0201234501", ""),
        (f"one{AT}", "inbound", "accepted", "23 08:00:00", SRC, "", "201", 0, 65, "0201234501", ""),
        (f"missed{AT}", "inbound", "missed", "23 08:05:00", SRC, "", "", 0, 0, "0201234502", ""),
        (f"two{AT}", "outbound", "", "23 08:10:00", "201", "0687654321", "201", 0, 33, "", ""),
        (f"four{AT}", "inbound", "accepted", "23 08:15:00", SRC, "", "202", 0, 40, "0201234502", ""),
        (f"five{AT}", "inbound", "forwarded", "23 08:20:00", SRC, "", "", 60, 0, "0201234503", ""),
        (f"five{AT}/1", "forwarded", "", "23 08:20:00", SRC, "0687650006", "", 0, 60, "", ""),
    ]


def test_transactions() -> None:
    assert told(folded("kamailio", ACC)) == [
        (f"one{AT}", "inbound", "accepted", "23 08:00:06", SRC, "", "201", 0, 59, "", ""),
        (f"four{AT}", "inbound", "accepted", "23 08:15:02", SRC, "", "202", 8, 30, "", ""),
        (f"eight{AT}", "inbound", "missed", "23 08:33:20", SRC, "", "", 0, 0, "0201234502", ""),
        (f"eleven{AT}", "outbound", "", "23 08:40:00", "201", "0687654321", "201", 0, 90, "", ""),
    ]


@pytest.mark.parametrize("files", [(CDRS, ACC), (ACC, CDRS)])
def test_both_of_the_same_calls_are_each_call_once_from_its_answer_to_its_end(files: tuple[str, str]) -> None:
    assert told(folded("kamailio", *files)) == [
        (f"seven{AT}", "inbound", "accepted", "25 00:59:50", SRC, "", "201", 0, 30, "0201234501", ""),
        (f"one{AT}", "inbound", "accepted", "23 08:00:00", SRC, "", "201", 6, 59, "0201234501", ""),
        (f"missed{AT}", "inbound", "missed", "23 08:05:00", SRC, "", "", 0, 0, "0201234502", ""),
        (f"two{AT}", "outbound", "", "23 08:10:00", "201", "0687654321", "201", 0, 33, "", ""),
        (f"four{AT}", "inbound", "accepted", "23 08:15:00", SRC, "", "202", 10, 30, "0201234502", ""),
        (f"five{AT}", "inbound", "forwarded", "23 08:20:00", SRC, "", "", 60, 0, "0201234503", ""),
        (f"five{AT}/1", "forwarded", "", "23 08:20:00", SRC, "0687650006", "", 0, 60, "", ""),
        (f"eight{AT}", "inbound", "missed", "23 08:33:20", SRC, "", "", 0, 0, "0201234502", ""),
        (f"eleven{AT}", "outbound", "", "23 08:40:00", "201", "0687654321", "201", 0, 90, "", ""),
    ]


def test_files_of_a_real_kamailio() -> None:
    said = ("1-26022@127.0.0.2", "inbound", "accepted", "23 07:38:56", SRC, "", "204", 0, 2, "0201234601", "")
    assert told(folded("kamailio", sample("kamailio/cdrs.csv"), sample("kamailio/acc.csv"))) == [said]
    # Without the end nobody knows how long it was.
    assert [call[7:10] for call in told(folded("kamailio", sample("kamailio/acc.csv")))] == [(0, 0, "")]


def test_what_is_left() -> None:
    cdrs, acc = read("kamailio", CDRS), read("kamailio", ACC)
    assert (cdrs.lines, cdrs.unread, [bad.line for bad in cdrs.bad]) == (8, 1, [7])
    # A REGISTER is no call; a BYE whose INVITE never came stays inside.
    assert (acc.lines, acc.unread, [bad.reason for bad in acc.bad]) == (9, 0, ["sip_code 'ok' is no SIP status"])
    bye = ACC.splitlines(keepends=True)[0] + ACC.splitlines(keepends=True)[2]
    assert (told(folded("kamailio", bye)), len(folded("kamailio", bye).internal)) == ([], 1)


def test_columns_stand_in_the_modules_order_where_no_line_names_them() -> None:
    for text in (CDRS, ACC):
        assert told(folded("kamailio", text.split("\n", 1)[1])) == told(folded("kamailio", text))


def test_conversation_over_the_night_in_which_the_clock_goes_ahead() -> None:
    line = "1,2026-03-29 01:59:50,2026-03-29 03:00:20,,0612345678,0201234501,201@127.0.0.14,night\n"
    assert [call[3:9] for call in told(folded("kamailio", CDRS.split("\n")[0] + "\n" + line))] == [
        ("29 00:59:50", SRC, "", "201", 0, 30)
    ]


def test_column_of_ones_own_names_the_client_of_an_outbound_call() -> None:
    text = "id,start_time,end_time,duration,caller,did,dest,callid,account\n" + CDRS.splitlines()[2] + ",c1001\n"
    assert [call[1:2] + call[10:] for call in told(folded("kamailio", text))] == [("outbound", "1001")]


def test_long_identity_is_known_by_a_digest() -> None:
    line = CDRS.split("\n")[1].replace("one", "1" * 200)
    assert len(told(folded("kamailio", line + "\n"))[0][0]) == 24


def test_other_files_are_refused() -> None:
    with pytest.raises(Refused, match=r"This is no call file such as cdrs\.csv, acc\.csv \(Kamailio\); it begins with"):
        read("kamailio", "root:x:0:0\n" * 30)
    with pytest.raises(Refused, match="no column 'start_time'"):
        read("kamailio", "id,caller,dest,callid\n")
