"""Which channels are trunks, which numbers a Dial command called at them, and when two numbers are one."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.cdr.channels import AGENT, LOCAL, NONE, TRUNK, endpoints, kinds
from balie.cdr.dialled import number_at
from balie.cdr.telephone import same_number as same_column
from balie.rules.call import same_number


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        ("PJSIP/trunk-0000000a", TRUNK),
        ("pjsip/TRUNK-0000000a", TRUNK),
        ("PJSIP/trunk2-0000000a", AGENT),
        ("PJSIP/201-0000000a", AGENT),
        ("DAHDI/i1-2", TRUNK),
        ("DAHDI/i1/0612345678-1", TRUNK),
        ("dahdi/I1/+49-30-1234-1", TRUNK),
        ("DAHDI/i2/0612345678-1", AGENT),
        ("DAHDI/i12-1", AGENT),
        ("SIP/carrier/0612345678-0000000a", TRUNK),
        ("IAX2/other-12345", TRUNK),
        ("Local/DAHDI@i1-0000000a;1", LOCAL),
        ("", NONE),
    ],
)
def test_channel_of_a_declared_trunk_is_that_trunk(channel: str, kind: int) -> None:
    found = kinds(endpoints(pl.Series([channel])), ("PJSIP/trunk", "DAHDI/i1", "SIP/carrier", "IAX2/other"))
    assert found.to_list() == [kind]


@pytest.mark.parametrize(
    ("command", "peer", "number"),
    [
        ("PJSIP/0687650006@trunk,30", "PJSIP/trunk", "0687650006"),
        ("PJSIP/trunk/sip:0687650006@10.0.0.1:5060,30", "PJSIP/trunk", "0687650006"),
        ("SIP/trunk/0687650006", "SIP/trunk", "0687650006"),
        ("SIP/trunk/0687650006/10.0.0.1", "SIP/trunk", "0687650006"),
        ("SIP/trunk/0687650006", "SIP/trunk/0687650006", "0687650006"),
        ("IAX2/balie:secret@trunk/0687650006@out", "IAX2/trunk", "0687650006"),
        ("DAHDI/g1/0687650006", "DAHDI/i1/0687650006", "0687650006"),
        ("DAHDI/r1/0687650006,,T", "DAHDI/i1", "0687650006"),
        ("DAHDI/G1/0687650006/options", "DAHDI/1", "0687650006"),
        ("DAHDI/g1/0687650001&DAHDI/g2/0687650002", "DAHDI/i2/0687650002", "0687650002"),
        ("DAHDI/i2/0687650001&DAHDI/i1/0687650001", "DAHDI/i1/0687650001", "0687650001"),
        ("SIP/201&DAHDI/g1/0687650001", "DAHDI/i1/0687650001", "0687650001"),
        ("PJSIP/201,15", "DAHDI/i1", ""),
    ],
)
def test_number_called_is_that_of_the_entry_for_the_endpoint(command: str, peer: str, number: str) -> None:
    assert number_at(command, peer) == number


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+31687650290", "0687650290", True),
        ("910010687650290", "+31687650290", True),
        ("sip:+31687650290@10.0.0.1:5060", "0687650290", True),
        ("03012345", "+493012345", True),
        ("anonymous", "anonymous", True),
        ("201", "+31201234201", False),
        ("112", "91001112", False),
        ("", "+31687650290", False),
        ("+31201234501", "+31687650290", False),
    ],
)
def test_two_ways_of_writing_are_one_number(one: str, other: str, same: bool) -> None:
    assert (same_number(one, other), same_number(other, one)) == (same, same)


written = st.text("0123456789+@a ", max_size=14)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(written, written), min_size=1, max_size=20))
def test_columns_of_numbers_compare_as_numbers_do(pairs: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(pairs, schema={"one": pl.String, "other": pl.String}, orient="row")
    found = frame.select(same_column("one", "other")).to_series().to_list()
    assert found == [same_number(one, other) for one, other in pairs]
