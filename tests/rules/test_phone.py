"""Numbers as they are typed: what is known without parsing says the same as parsing."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from balie.rules import phone

CODES = sorted(phone.COUNTRIES)


@settings(max_examples=60)
@given(st.sampled_from(CODES), st.from_regex(r"[0-9]{4,12}", fullmatch=True))
def test_a_number_of_usual_length_is_one_that_parsing_takes(code: str, rest: str) -> None:
    number = f"+{code}{rest}"
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
