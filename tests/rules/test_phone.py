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
