"""Numbers as they are typed: what is known without parsing says the same as parsing."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from balie.rules import phone

CODES = sorted(phone.COUNTRIES)


@st.composite
def as_long_as_usual(draw: st.DrawFn) -> str:
    """A country's code and as many digits as its lines or mobiles have."""
    code = draw(st.sampled_from(CODES))
    _prefix, lengths = phone.usual(phone.COUNTRIES[code])
    digits = draw(st.sampled_from(sorted(lengths)))
    return f"+{code}{draw(st.integers(0, 10**digits - 1)):0{digits}d}"


@settings(max_examples=60)
@given(as_long_as_usual())
def test_a_number_of_usual_length_is_one_that_parsing_takes(number: str) -> None:
    assume(phone.PLAIN.fullmatch(number) and phone.has_usual_length(number[1:]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(phone, "has_usual_length", lambda digits: False)
        assert phone.can_be_called(number, "NL")


@pytest.mark.parametrize(
    ("digits", "usual"), [("31612345678", True), ("31201234567", True), ("310612345678", False), ("3161234567", False)]
)
def test_a_national_prefix_or_a_digit_too_few_is_left_to_parsing(digits: str, usual: bool) -> None:
    assert phone.has_usual_length(digits) is usual


def test_no_code_begins_with_another() -> None:
    assert not [(one, other) for one in CODES for other in CODES if one != other and other.startswith(one)]


@pytest.mark.parametrize(
    ("number", "region"),
    [
        *[(number, "NL") for number in ("0000000000", "000000000000", "0600000000", "0-0-0-0-0-0-0-0-0-0")],
        *[(number, "NL") for number in ("+3200000000", "+31600000000")],
        *[(number, "DE") for number in ("0000000", "0000000000")],
        ("0000000000", "BE"),
        *[(number, "NL") for number in ("+312055502", "020 5550 2", "0612345", "06123456", "020123456")],
    ],
)
def test_nothing_but_zeros_or_too_few_digits_is_no_number(number: str, region: str) -> None:
    assert not phone.can_be_called(number, region)


@pytest.mark.parametrize(
    ("numbers", "region"),
    [
        ("0612345678 +31612345678 020-1234567 0201000000 0800-1234 08000000 0900-1234 0882345678 14020 140318", "NL"),
        ("0970123456 +32471234567 +32471000000 +4930123456 +49301000000", "NL"),
        ("030123456 0301234567 015112345678 08001234567 09001123456 01805123456 03212345678 116117", "DE"),
        ("0471234567 021234567 0800/12345 090012345 078151234", "BE"),
    ],
)
def test_numbers_that_are_given_out_or_look_like_it_can_be_called(numbers: str, region: str) -> None:
    assert [number for number in numbers.split() if not phone.can_be_called(number, region)] == []
