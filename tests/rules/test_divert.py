"""What is dialled to divert a telephone: in the national form, as networks know it."""

import pytest

from balie.rules.divert import OFF, divert_to, telephone_link

NETHERLANDS, GERMANY = "+31201234501", "+4930123456"


@pytest.mark.parametrize(
    ("number", "region", "dialled"),
    [
        (NETHERLANDS, "NL", "0201234501"),
        (GERMANY, "DE", "030123456"),
        (GERMANY, "NL", "004930123456"),
        ("short", "NL", "short"),
    ],
)
def test_numbers_are_dialled_as_at_home(number: str, region: str, dialled: str) -> None:
    assert divert_to(number, region).dialled == dialled


def test_codes_are_those_of_mobile_and_fixed_networks() -> None:
    codes = divert_to(NETHERLANDS, "NL")
    assert (codes.always, codes.busy, codes.no_reply) == ("**21*0201234501#", "**67*0201234501#", "**61*0201234501#")
    assert (codes.fixed_line, codes.fixed_line_busy, codes.fixed_line_no_reply) == (
        "*21*0201234501#",
        "*67*0201234501#",
        "*61*0201234501#",
    )


def test_links_write_the_hash_so_that_telephones_dial_it() -> None:
    assert telephone_link("**21*0201234501#") == "tel:**21*0201234501%23"
    assert telephone_link(OFF) == "tel:%23%2321%23"
