"""The legs of both sides, and which way a call went. Lines and objects as FreeSWITCH writes them."""

from itertools import permutations

import pytest

from tests.cdr.formats import Told, folded, told
from tests.cdr.legs_csv import line
from tests.cdr.legs_json import ANNA, BRAM, CALLER, OUT, leg, profile, uuid

SRC, DID, MOBILE, OWN = "0612345678", "0201234501", "0687654321", "0201234509"


def calls(*lines: str) -> list[Told]:
    """What the lines give in one file, and must give in whatever order and files they come."""
    found = told(folded("freeswitch", "".join(lines)))
    for order in list(permutations(lines))[1:24]:
        assert told(folded("freeswitch", *order)) == found
    return found


RUNG = [
    line(2, SRC, "201", "00:01", "00:20", cause="ORIGINATOR_CANCEL"),
    line(3, SRC, "202", "00:01", "00:11", cause="NO_ANSWER"),
    line(4, SRC, "203", "00:01", "00:01", cause="USER_BUSY"),
]
MISSED = [(uuid(1), "inbound", "missed", "23 08:00:00", SRC, "", "", 20, 0, DID, "")]


@pytest.mark.parametrize("context", ["public", "default"])
def test_telephones_that_rang_are_no_missed_calls(context: str) -> None:
    caller = line(1, SRC, DID, "00:00", "00:20", context=context, cause="ORIGINATOR_CANCEL")
    assert calls(caller, *RUNG) == MISSED
    assert calls(caller, *(rung.replace('"default"', f'"{context}"') for rung in RUNG)) == MISSED
    withheld = [each.replace(SRC, "anonymous") for each in (caller, *RUNG)]
    assert [call[:3] for call in calls(*withheld)] == [MISSED[0][:3]]


def test_telephones_that_rang_beside_the_one_that_was_taken_up() -> None:
    caller = line(1, SRC, DID, "00:00", "01:10", answer="00:10", named=5, context="public")
    taken = line(5, SRC, "204", "00:01", "01:10", answer="00:10")
    lost = line(2, SRC, "201", "00:01", "00:10", cause="LOSE_RACE")
    busy = line(4, SRC, "203", "00:01", "00:01", cause="USER_BUSY")
    assert calls(caller, taken, lost, busy) == [
        (uuid(1), "inbound", "accepted", "23 08:00:00", SRC, "", "204", 10, 60, DID, "")
    ]


def test_leg_that_others_were_faster_than_is_no_call_before_its_caller_comes() -> None:
    result = folded("freeswitch", line(2, SRC, "201", "00:01", "00:10", cause="LOSE_RACE"))
    assert (told(result), len(result.internal)) == ([], 1)


def test_calls_put_through_to_an_extension_before_it_rang() -> None:
    """As in the configuration that FreeSWITCH brings: the caller's leg has the extension, and so has the one called."""
    caller = line(1, SRC, "201", "00:00", "00:50", answer="00:31")
    rung = line(2, SRC, "201", "00:00", "00:30", cause="NO_ANSWER")
    assert [call[1:3] + call[7:9] for call in calls(caller, rung)] == [("inbound", "missed", 50, 0)]


def test_agent_before_a_transfer_is_of_the_same_call() -> None:
    caller = line(1, SRC, DID, "00:00", "02:00", answer="00:05", named=3, context="public")
    agent = line(2, SRC, "201", "00:01", "00:35", answer="00:05")
    out = line(3, SRC, MOBILE, "00:36", "02:00", answer="01:00")
    assert calls(caller, agent, out) == [
        (uuid(1), "inbound", "accepted", "23 08:00:00", SRC, "", "201", 5, 30, DID, ""),
        (f"{uuid(1)}/1", "forwarded", "", "23 08:00:00", SRC, MOBILE, "201", 60, 60, "", ""),
    ]


def test_two_calls_of_one_number_at_one_time_are_two() -> None:
    """A company shows one number for all; who shows none is many. No missed call may be lost in another."""
    for src in (SRC, "anonymous"):
        longer = line(1, src, DID, "00:00", "05:00", answer="00:05", named=2, context="public")
        other = line(3, src, "0201234502", "01:00", "01:20", context="public", cause="ORIGINATOR_CANCEL")
        assert [call[2] for call in calls(longer, other)] == ["accepted", "missed"]
        put_through = line(1, src, "201", "00:00", "05:00", answer="00:05", named=2)
        given_up = line(3, src, "201", "01:00", "01:20", cause="ORIGINATOR_CANCEL")
        assert [call[2] for call in calls(put_through, given_up)] == ["accepted", "missed"]
    queue = [line(at, "anonymous", "5000", f"0{at}:00", f"0{9 - at}:00", answer=f"0{at}:01", context="public")
             for at in (1, 2)]  # fmt: skip
    assert [call[2] for call in calls(*queue)] == ["missed", "missed"]


def test_two_calls_of_one_number_are_two_where_the_line_says_that_both_came_in() -> None:
    told_so = ("inbound", "")
    longer = line(1, SRC, "201", "00:00", "05:00", answer="00:05", named=2, more=told_so)
    other = line(3, SRC, "201", "01:00", "01:20", cause="NO_ANSWER", more=told_so)
    assert [call[2] for call in calls(longer, other)] == ["accepted", "missed"]


def test_attempt_to_forward_is_no_call() -> None:
    caller = line(1, SRC, DID, "00:00", "00:40", context="public", cause="NO_ANSWER")
    tried = line(2, SRC, MOBILE, "00:10", "00:40", cause="NO_ANSWER")
    assert [call[:3] + call[9:10] for call in calls(caller, tried)] == [(uuid(1), "inbound", "missed", DID)]


def test_outbound_call_nobody_took_up_is_one() -> None:
    """Nothing names the leg that was called; it may show a number of the operator's."""
    agent = line(1, "201", MOBILE, "00:00", "00:25", cause="ORIGINATOR_CANCEL", account="c1001")
    expected = [(uuid(1), "outbound", "", "23 08:00:00", "201", MOBILE, "201", 25, 0, "", "1001")]
    assert calls(agent) == expected
    for shown in ("201", OWN):
        assert calls(agent, line(2, shown, MOBILE, "00:01", "00:25", cause="ORIGINATOR_CANCEL")) == expected


def test_outbound_call_that_a_machine_answered_is_no_talk() -> None:
    announcement = line(1, "201", MOBILE, "00:00", "00:25", answer="00:01")
    assert [call[1:3] + call[8:9] for call in calls(announcement)] == [("outbound", "", 0)]


def test_columns_behind_the_template_say_which_legs_were_called_and_by_which() -> None:
    both = ("anonymous", SRC)
    caller = line(1, both[1], DID, "00:00", "00:20", context="public", more=("inbound", ""))
    # Another number shown, another time: what the line says goes before all that could be guessed.
    rung = line(2, both[0], "201", "00:01", "00:30", more=("outbound", uuid(1)))
    away = line(3, both[0], MOBILE, "00:01", "00:30", more=("outbound", uuid(1)))
    assert [call[:3] for call in calls(caller, rung, away)] == [(uuid(1), "inbound", "missed")]
    lonely = folded("freeswitch", rung + away)
    assert (told(lonely), len(lonely.internal)) == ([], 1)


def test_outbound_call_that_shows_a_number_of_the_operators() -> None:
    """The account is the extension's, as in the configuration that FreeSWITCH brings."""
    agent = line(1, OWN, MOBILE, "00:00", "00:41", answer="00:08", named=2, account="201")
    out = line(2, OWN, MOBILE, "00:01", "00:41", answer="00:08")
    expected = [(uuid(1), "outbound", "", "23 08:00:00", OWN, MOBILE, "201", 8, 33, "", "")]
    assert (calls(agent), calls(agent, out)) == (expected, expected)
    # Where every account may be a client's, or a call came in from outside, it says nothing of the kind.
    assert told(folded("freeswitch", agent, prefix=""))[0][1] == "inbound"
    assert calls(agent.replace('"default"', '"public"'))[0][1] == "inbound"
    # Nor where somebody inside took it up.
    inside = line(2, OWN, "202", "00:01", "00:41", answer="00:08")
    assert [call[1:3] + call[6:7] for call in calls(agent, inside)] == [("inbound", "accepted", "202")]


def test_outbound_call_that_nothing_tells_from_an_inbound_one_is_taken_for_that_and_nobodys() -> None:
    """It is for the number called, which no client has: it stands with the calls of nobody, and is not billed."""
    call = line(1, OWN, MOBILE, "00:00", "00:41", answer="00:08", named=2)
    assert calls(call) == [(uuid(1), "inbound", "accepted", "23 08:00:00", OWN, "", "", 8, 33, MOBILE, "")]


def test_json_of_telephones_that_rang() -> None:
    by = profile(1, CALLER, SRC, DID)
    caller = leg(1, CALLER, SRC, DID, start="09:00:00", end="09:00:20", hangup_cause="ORIGINATOR_CANCEL")
    rung = [leg(2, ANNA, SRC, "201", start="09:00:01", end="09:00:20", by=by),
            # Without the call flow's word for it variables say by whom it was called, or for whom a queue called it.
            leg(3, BRAM, SRC, "202", start="09:00:01", end="09:00:20", direction="outbound", originator=uuid(1)),
            leg(4, OUT, SRC, MOBILE, start="09:00:01", end="09:00:20", direction="outbound", call_uuid=uuid(4),
                cc_member_session_uuid=uuid(1))]  # fmt: skip
    assert calls(caller, *rung) == MISSED


def test_json_of_one_that_others_were_faster_than() -> None:
    """Two took it up; one was connected."""
    by = profile(1, CALLER, SRC, DID)
    caller = leg(1, CALLER, SRC, DID, start="09:00:00", answer="09:00:07", bridge="09:00:07", end="09:01:00", bridged=3,
                 called=[profile(3, BRAM, SRC, "202")])  # fmt: skip
    slow = leg(2, ANNA, SRC, "201", start="09:00:01", answer="09:00:05", end="09:00:08", by=by,
               hangup_cause="LOSE_RACE")  # fmt: skip
    fast = leg(3, BRAM, SRC, "202", start="09:00:01", answer="09:00:07", end="09:01:00", by=by, bridged=1)
    assert calls(caller, slow, fast) == [
        (uuid(1), "inbound", "accepted", "23 08:00:00", SRC, "", "202", 7, 53, DID, "")
    ]


def test_json_of_an_agent_who_shows_a_number_of_the_operators() -> None:
    chan = f"sofia/internal/{OWN}@10.0.0.5"
    agent = leg(1, chan, OWN, MOBILE, start="09:10:00", answer="09:10:08", bridge="09:10:08", end="09:10:41", bridged=2,
                called=[profile(2, OUT, OWN, MOBILE)], sip_auth_username="201")  # fmt: skip
    out = leg(2, OUT, OWN, MOBILE, start="09:10:01", answer="09:10:08", end="09:10:41", bridged=1,
              by=profile(1, chan, OWN, MOBILE))  # fmt: skip
    expected = [(uuid(1), "outbound", "", "23 08:10:00", OWN, MOBILE, "201", 8, 33, "", "")]
    assert (calls(agent), calls(agent, out)) == (expected, expected)
    # A carrier that logs in by a name calls from outside all the same.
    assert told(folded("freeswitch", agent.replace('"201"', '"carrier"')))[0][1] == "inbound"


def test_json_of_a_caller_whose_carrier_shows_a_word() -> None:
    chan = "sofia/trunk/asterisk@192.0.2.1"
    by = profile(1, chan, "asterisk", DID, context="public")
    caller = leg(1, chan, "asterisk", DID, start="09:00:00", answer="09:00:06", end="09:00:36")
    caller = caller.replace('"context": "default"', '"context": "public"')
    taken = leg(2, ANNA, "asterisk", "201", start="09:00:01", answer="09:00:06", end="09:00:36", by=by, bridged=1)
    assert [call[:3] + call[6:10] for call in calls(caller, taken)] == [
        (uuid(1), "inbound", "accepted", "201", 6, 30, DID)
    ]


def test_json_of_click_to_call_that_begins_outside() -> None:
    outside = leg(1, OUT, MOBILE, MOBILE, start="09:10:00", answer="09:10:08", bridge="09:10:10", end="09:10:43",
                  bridged=2, called=[profile(2, ANNA, MOBILE, "201")], direction="outbound")  # fmt: skip
    agent = leg(2, ANNA, MOBILE, "201", start="09:10:08", answer="09:10:10", end="09:10:43", bridged=1,
                by=profile(1, OUT, MOBILE, MOBILE))  # fmt: skip
    expected = [(uuid(1), "outbound", "", "23 08:10:00", "", MOBILE, "201", 10, 33, "", "")]
    assert (calls(outside), calls(outside, agent)) == (expected, expected)


def test_json_of_a_call_out_that_the_switch_made_for_nobody_is_kept_with_its_reason() -> None:
    played = leg(1, OUT, MOBILE, MOBILE, start="09:10:00", answer="09:10:08", end="09:10:43", direction="outbound")
    result = folded("freeswitch", played)
    assert (told(result), list(result.undecided.values())) == (
        [], ["begins inside the phone system and reaches no agent"]
    )  # fmt: skip
