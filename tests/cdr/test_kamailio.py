"""Kamailio's cdrs.csv and acc.csv. Expected calls are worked out by hand from tests/samples/formats."""

import pytest

from balie.rules.errors import Refused
from tests.cdr.formats import Told, folded, read, sample, told

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


BOTH = "id,start_time,end_time,duration,caller,did,dest,callid"


def of_line(names: str, *values: str) -> list[Told]:
    text = f"{BOTH}{names}\n" + "".join(f"{value}\n" for value in values)
    return [call[1:3] + call[4:7] + call[8:10] for call in told(folded("kamailio", text))]


def test_outbound_call_that_shows_a_number_of_the_operators() -> None:
    shown = "1,2026-11-23 09:00:00,2026-11-23 09:01:05,65.0,0201234509,,0687654321@gw.example,own"
    out = ("outbound", "", "0201234509", "0687654321")
    assert of_line(",account", f"{shown},c1001") == [(*out, "", 65, "")]
    assert of_line(",auth_user", f"{shown},201") == [(*out, "201", 65, "")]
    assert of_line(",direction", f"{shown},outbound") == [(*out, "", 65, "")]
    # Where nothing tells it is taken for one that came in, that nobody took up: nothing is billed.
    assert of_line("", shown) == [("inbound", "missed", "0201234509", "", "", 0, "0687654321")]


def test_what_the_line_says_goes_before_what_numbers_look_like() -> None:
    line = "1,2026-11-23 09:00:00,2026-11-23 09:01:05,65.0,1407,0201234501,201@127.0.0.14,short,inbound"
    assert of_line(",direction", line) == [("inbound", "accepted", "1407", "", "201", 65, "0201234501")]
    # What came in and was sent on is no call out, whoever's account it has.
    sent_on = "1,2026-11-23 09:00:00,2026-11-23 09:01:05,65.0,0612345678,0201234501,0687650006@gw,on,c1001"
    assert [call[:2] for call in of_line(",account", sent_on)] == [("inbound", "forwarded"), ("forwarded", "")]


def test_number_called_in_another_form_is_not_sent_on() -> None:
    line = "1,2026-11-23 09:00:00,2026-11-23 09:00:00,0.000,0612345678,+31201234501,0201234501@gw,same"
    assert of_line("", line) == [("inbound", "missed", SRC, "", "", 0, "0201234501")]
    # 0201234500 and 02012345 are two.
    other = "1,2026-11-23 09:00:00,2026-11-23 09:01:00,60.0,0612345678,0201234500,02012345@gw,other"
    assert [call[:2] for call in of_line("", other)] == [("inbound", "forwarded"), ("forwarded", "")]


def test_number_called_as_kamailios_own_configuration_names_it() -> None:
    text = ACC.replace("src_ip", "dst_ouser").replace("201,127.0.0.2\n", "201,0201234501\n")
    assert told(folded("kamailio", text))[0][9] == "0201234501"


NAMED = "id,method,from_tag,to_tag,callid,sip_code,sip_reason,time,src_user,dst_user"


@pytest.mark.parametrize(
    ("answered", "ended"),
    [
        ("2026-11-23 09:00:06.900", "2026-11-23 09:01:05.100"),
        ("2026-11-23T09:00:06.900000", "2026-11-23T09:01:05.100000"),
        ("1795420806.900", "1795420865.100"),
    ],
)
def test_times_with_fractions_of_a_second(answered: str, ended: str) -> None:
    text = (
        f"{NAMED}\n1,INVITE,f,t,hires,200,OK,{answered},0612345678,201\n2,BYE,f,t,hires,200,OK,{ended},0612345678,201\n"
    )
    expected = [("hires", "inbound", "accepted", "23 08:00:06", SRC, "", "201", 1, 58, "", "")]
    assert told(folded("kamailio", text)) == expected  # 58.2 seconds
    assert told(folded("kamailio", text.replace(",time,", ",time_hires,"))) == expected
    line = f"1,{answered},{ended},,0612345678,0201234501,201@127.0.0.14,hires"
    assert [call[5] for call in of_line("", line)] == [58]
    assert [call[5] for call in of_line("", line.replace(",,", ",58.200,"))] == [58]


def test_seconds_since_1970_settle_the_hour_that_comes_twice() -> None:
    for moment, said in (("1792888200", "25 00:30:00"), ("1792891800.5", "25 01:30:00")):
        line = f"1,{moment},,30.0,0612345678,0201234501,201@127.0.0.14,night"
        assert [call[3] for call in told(folded("kamailio", f"{BOTH}\n{line}\n"))] == [said]


def test_time_that_is_none_says_so() -> None:
    text = f"{NAMED}\n1,INVITE,f,t,bad,200,OK,2026-11-23 09:00:06.x,0612345678,201\n"
    assert [bad.reason for bad in read("kamailio", text).bad] == [
        "time '2026-11-23 09:00:06.x' is no time such as 2026-11-23 09:29:34"
    ]


def test_long_identity_is_known_by_a_digest() -> None:
    line = CDRS.split("\n")[1].replace("one", "1" * 200)
    assert len(told(folded("kamailio", line + "\n"))[0][0]) == 24


def test_other_files_are_refused() -> None:
    with pytest.raises(Refused, match=r"This is no call file such as cdrs\.csv, acc\.csv \(Kamailio\); it begins with"):
        read("kamailio", "root:x:0:0\n" * 30)
    with pytest.raises(Refused, match="no column 'start_time'"):
        read("kamailio", "id,caller,dest,callid\n")
