"""Each sentence of the small print about folding, and the bulk way held against the leg-by-leg way."""

from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.cdr import fold as fold_module
from balie.cdr.legs import PhoneSystem
from tests.cdr.legs import SYSTEM, folded, legs, line, told

SAMPLES = Path(__file__).parent.parent / "samples/asterisk"
ISDN = PhoneSystem("UTC", ("dahdi/I1",), "c")
TRUNK, TRUNK2, A201, A202 = "PJSIP/trunk-00000001", "PJSIP/trunk-00000002", "PJSIP/201-00000003", "PJSIP/202-00000004"


def test_no_answer_with_seconds_is_missed() -> None:
    found = folded(line(TRUNK, TRUNK2, answer=0, talk=2, says="NO ANSWER", data="PJSIP/0687654321@trunk,20"))
    assert told(found) == [("inbound", "missed", 0, "", "", 2, 0)]


def test_busy_then_another_agent_is_one_accepted_call() -> None:
    found = folded(line(TRUNK, A202, says="BUSY"), line(TRUNK, A201, at=1, answer=4, talk=60, sequence=1))
    assert told(found) == [("inbound", "accepted", 0, "", "PJSIP/201", 4, 60)]


def test_ring_all_is_one_accepted_call() -> None:
    found = folded(
        line(TRUNK, A202, end=5), line(TRUNK, A201, answer=5, talk=10), line(TRUNK, "PJSIP/203-00000009", end=5)
    )
    assert told(found) == [("inbound", "accepted", 0, "", "PJSIP/201", 5, 10)]


def test_overlapping_talk_counts_once() -> None:
    found = folded(line(TRUNK, A201, answer=0, talk=10), line(TRUNK, A202, at=5, answer=5, talk=10))
    assert told(found) == [("inbound", "accepted", 0, "", "PJSIP/201", 0, 15)]


def test_blind_transfer_outside_is_one_inbound_and_one_forwarded_call() -> None:
    found = folded(
        line(TRUNK, A201, answer=2, talk=10, dst="0687650006"),
        line(TRUNK, TRUNK2, at=12, answer=15, talk=30, dst="0687650006", data="PJSIP/0687650006@trunk,30", sequence=1),
    )
    assert told(found) == [
        ("inbound", "accepted", 0, "", "PJSIP/201", 2, 10),
        ("forwarded", "", 12, "0687650006", "PJSIP/201", 3, 30),
    ]
    assert found.calls["dst_dialled"].to_list() == [True, True]


def test_forward_by_dial_plan_is_forwarded_without_agent() -> None:
    found = folded(line(TRUNK, TRUNK2, answer=3, talk=40, data="PJSIP/0201234567@trunk,30"))
    assert told(found) == [("inbound", "forwarded", 0, "", "", 43, 0), ("forwarded", "", 0, "0201234567", "", 3, 40)]


def test_unanswered_forward_after_an_agent_leaves_only_the_accepted_call() -> None:
    found = folded(
        line(TRUNK, A201, answer=2, talk=10),
        line(TRUNK, TRUNK2, at=12, end=30, says="NO ANSWER", data="PJSIP/0687650006@trunk,30"),
    )
    assert told(found) == [("inbound", "accepted", 0, "", "PJSIP/201", 2, 10)]


def test_queue_with_local_member_counts_the_time_both_sides_are_answered() -> None:
    local = "Local/201@agents-00000001"
    found = folded(
        line(TRUNK, f"{local};1", answer=2, talk=6, app="Queue", data="agents,,,,30"),
        line(f"{local};2", A201, at=0, answer=2, talk=6, data="PJSIP/201", sequence=1),
    )
    assert told(found) == [("inbound", "accepted", 0, "", "PJSIP/201", 2, 6)]


def test_attended_transfer_over_local_counts_the_consultation_for_nobody() -> None:
    local = "Local/0687650006@from-internal-00000001"
    found = folded(
        line(TRUNK, A201, answer=1, talk=5),
        line(f"{local};2", TRUNK2, at=6, answer=8, talk=20, data="PJSIP/0687650006@trunk,30", sequence=3),
        line(TRUNK, f"{local};1", at=12, answer=12, talk=16, sequence=4),
    )
    assert told(found) == [
        ("inbound", "accepted", 0, "", "PJSIP/201", 1, 5),
        ("forwarded", "", 6, "0687650006", "PJSIP/201", 6, 16),
    ]


def test_consultation_under_a_linkedid_of_its_own_joins_by_its_channel() -> None:
    found = folded(
        line(TRUNK, A201, answer=1, talk=5),
        line(
            "PJSIP/201-00000007",
            TRUNK2,
            at=4,
            answer=6,
            talk=2,
            data="PJSIP/0687650006@trunk,30",
            call="pbx-1795420804.9",
        ),
        line(TRUNK, TRUNK2, at=8, answer=8, talk=12),
    )
    assert told(found) == [
        ("inbound", "accepted", 0, "", "PJSIP/201", 1, 5),
        ("forwarded", "", 4, "0687650006", "PJSIP/201", 4, 12),
    ]


def test_click_to_call_is_outbound() -> None:
    local = "Local/201@from-internal-00000002"
    found = folded(
        line(f"{local};2", A201, answer=3, talk=30, data="PJSIP/201,20"),
        line(f"{local};1", TRUNK2, at=3, answer=6, talk=27, data="PJSIP/0687650006@trunk,30", sequence=1),
    )
    assert told(found) == [("outbound", "", 0, "0687650006", "PJSIP/201", 6, 27)]


def test_internal_call_is_counted_and_not_a_call() -> None:
    found = folded(line(A201, A202, answer=1, talk=5, data="PJSIP/202,20"))
    assert (told(found), found.internal.len()) == ([], 1)


def test_local_that_reaches_only_a_trunk_is_undecided() -> None:
    found = folded(line("Local/s@x-00000001;2", TRUNK2, answer=1, talk=5, data="PJSIP/0687650006@trunk"))
    assert list(found.undecided.values()) == ["begins inside the phone system and reaches no agent"]


def test_two_numbers_by_one_command_are_told_by_their_turn() -> None:
    data = "PJSIP/0687650001@trunk&PJSIP/0687650002@trunk,30"
    third = "PJSIP/trunk-00000005"
    found = folded(
        line(TRUNK, TRUNK2, end=9, says="NO ANSWER", data=data),
        line(TRUNK, third, answer=9, talk=4, data=data, sequence=1),
    )
    assert told(found)[1][3] == "0687650002"


def test_unanswered_outbound_call_is_kept_with_no_talk() -> None:
    found = folded(line(A201, TRUNK2, end=20, src="201", data="PJSIP/0687654321@trunk,30", mark="cust:1001"))
    assert told(found) == [("outbound", "", 0, "0687654321", "PJSIP/201", 20, 0)]
    assert found.calls["customer"].to_list() == ["1001"]


def test_caller_of_an_outbound_call_is_never_the_number_called() -> None:
    data = "PJSIP/0687654321@trunk,30"
    alone = folded(line(A201, TRUNK2, answer=1, talk=5, src="+31 6 87654321", data=data))
    assert alone.calls["caller"].to_list() == [""]
    with_prefix = folded(line(A201, TRUNK2, answer=1, talk=5, src="910010687654321", data=data))
    assert with_prefix.calls["caller"].to_list() == [""]
    own_number = folded(line(A201, TRUNK2, answer=1, talk=5, src="0201234501", data=data))
    assert own_number.calls["caller"].to_list() == ["0201234501"]


def test_caller_of_an_outbound_call_is_what_another_leg_names() -> None:
    first = line(A201, TRUNK2, end=3, src="0687650001", data="PJSIP/0687650001@trunk,30")
    second = line(A201, TRUNK, at=3, answer=5, talk=9, src="0687650001", data="PJSIP/0687650002@trunk,30", sequence=1)
    third = line(A201, "", at=14, src="201", app="Hangup", sequence=2)
    assert folded(first, second, third).calls.select("called", "caller").rows() == [("0687650002", "201")]
    assert folded(first, second).calls["caller"].to_list() == [""]


def test_caller_of_click_to_call_is_the_agent_in_every_recording() -> None:
    found = {}
    for name in ("local", "outside_first", "pjsip"):
        file = (SAMPLES / f"click_to_call_{name}.csv").read_text().splitlines()
        found[name] = folded(*file).calls["caller"].to_list()
    assert found == {"local": ["201"] * 4, "outside_first": ["201"], "pjsip": ["0201234501"] * 2}


def test_key_without_uniqueid_tells_no_channel_and_stays_the_same() -> None:
    local = "Local/0687650006@out-00000001"
    intricate = (line(f"{local};2", A201, talk=1), line(f"{local};1", TRUNK2, at=1, answer=1, talk=1))
    plain = (line("DAHDI/i1/0612345678-1", A201, answer=1, talk=1),)
    for lines, first in ((intricate, f"{local};2"), (plain, "DAHDI/i1/0612345678-1")):
        sixteen = [",".join(each.split(",")[:16]) for each in lines]
        key = sha256(f"{first}@2026-11-23T08:00:00".encode()).hexdigest()[:20]
        for some in (sixteen, sixteen[::-1]):
            found = folded(*some, system=PhoneSystem("UTC", ("PJSIP/trunk", "DAHDI/i1")))
            assert found.calls["key"].to_list() == [key]


def test_channel_that_carries_a_number_is_its_trunk() -> None:
    incoming, outgoing = "DAHDI/i1/0612345678-1", "DAHDI/i1/0687650006-2"
    found = folded(
        line(incoming, A201, answer=2, talk=10),
        line(incoming, outgoing, at=12, answer=15, talk=30, data="DAHDI/g1/0687650006,30", sequence=1),
        line(A202, "DAHDI/i1-3", at=60, answer=61, talk=5, data="DAHDI/G1/0687650007", call="pbx-1795420860.5"),
        system=ISDN,
    )
    assert told(found) == [
        ("inbound", "accepted", 0, "", "PJSIP/201", 2, 10),
        ("forwarded", "", 12, "0687650006", "PJSIP/201", 3, 30),
        ("outbound", "", 60, "0687650007", "PJSIP/202", 1, 5),
    ]


def test_numbers_of_a_group_of_lines_are_told_by_the_channel_that_carries_them() -> None:
    data = "DAHDI/g1/0687650001&DAHDI/g1/0687650002,30"
    found = folded(
        line("DAHDI/i1/0612345678-1", "DAHDI/i1/0687650001-2", end=9, says="NO ANSWER", data=data),
        line("DAHDI/i1/0612345678-1", "DAHDI/i1/0687650002-3", answer=9, talk=4, data=data, sequence=1),
        system=ISDN,
    )
    assert told(found)[1][3] == "0687650002"


def test_numbers_of_a_group_of_lines_are_told_by_their_turn_where_lines_carry_none() -> None:
    data = "DAHDI/g1/0687650001&DAHDI/g1/0687650002,30"
    found = folded(
        line(TRUNK, "DAHDI/1-1", end=9, says="NO ANSWER", data=data),
        line(TRUNK, "DAHDI/2-1", answer=9, talk=4, data=data, sequence=1),
        system=PhoneSystem("UTC", ("PJSIP/trunk", "DAHDI/1", "DAHDI/2"), "c"),
    )
    assert told(found)[1][3] == "0687650002"


def test_agent_in_userfield_goes_before_the_endpoint() -> None:
    found = folded(line(TRUNK, A201, answer=1, talk=5, mark="did:0201234501;agent:207"))
    assert found.calls.select("agent_code", "did").row(0) == ("207", "0201234501")


PEERS = st.sampled_from(["", A201, A202, TRUNK2, "PJSIP/trunk-00000006"])


def test_outbound_call_answered_twice_in_one_second_went_to_what_the_earlier_leg_dialled() -> None:
    """However long each of the two was connected, folded in bulk or leg by leg."""
    call = [
        line("PJSIP/205-00000100", "PJSIP/trunk-00000020", at=1, answer=4, talk=0, data="PJSIP/0687650000@trunk,30"),
        line("PJSIP/205-00000100", "PJSIP/trunk-00000060", at=0, answer=4, talk=1, data="PJSIP/0687650001@trunk,30"),
    ]
    frame = legs(*call)
    assert fold_module.fold(frame, SYSTEM).calls["called"].to_list() == ["0687650001"]
    slow = fold_module.fold_intricate(fold_module.with_kinds(frame, SYSTEM).sort("start"))
    assert slow.calls["called"].to_list() == ["0687650001"]


@st.composite
def plain_groups(draw: st.DrawFn) -> list[str]:
    """Legs of up to four calls, all leaving the caller's own channel: what the bulk way folds."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        caller = draw(st.sampled_from(["PJSIP/trunk-0000010", "PJSIP/205-0000010"])) + str(number)
        for sequence in range(draw(st.integers(1, 4))):
            peer = draw(PEERS)
            at = draw(st.integers(0, 30))
            answer = draw(st.one_of(st.none(), st.integers(at, at + 5)))
            lines.append(
                line(
                    caller,
                    f"{peer}{number}" if peer else "",
                    at=at,
                    answer=answer,
                    talk=draw(st.integers(0, 20)),
                    says=draw(st.sampled_from(["", "", "NO ANSWER", "BUSY"])),
                    data=f"PJSIP/068765000{sequence}@trunk,30" if "trunk" in peer else "PJSIP/201",
                    call=f"pbx-17954208{number}0.{number}",
                    mark=draw(st.sampled_from(["", "agent:7", "did:0201234501"])),
                    sequence=sequence,
                    src=draw(st.sampled_from(["0612345678", "201", "", "0687650000", "910010687650001"])),
                )
            )
    return lines


@settings(max_examples=300, deadline=None)
@given(plain_groups())
def test_bulk_folding_is_the_same_as_leg_by_leg(lines: list[str]) -> None:
    frame = legs(*lines)
    quick = fold_module.fold(frame, SYSTEM)
    every = fold_module.mark_plain

    def none_plain(legs: pl.DataFrame, firsts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        return tuple(part.with_columns(pl.lit(False).alias("plain")) for part in every(legs, firsts))  # type: ignore[return-value]

    with patch.object(fold_module, "mark_plain", none_plain):
        slow = fold_module.fold(frame, SYSTEM)
    assert quick.calls.rows() == slow.calls.rows()
    assert sorted(quick.internal) == sorted(slow.internal)
