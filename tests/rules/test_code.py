"""Codes of tariffs."""

from hypothesis import given
from hypothesis import strategies as st

from balie.rules.code import SECRET, SIGNS, is_spelled, spelled

values = st.lists(st.integers(0, len(SIGNS) - 1), min_size=SECRET, max_size=SECRET)


def test_code_is_three_groups_of_four() -> None:
    assert spelled([0] * SECRET) == "2222-2222-2222"
    assert spelled(list(range(SECRET))) == "2345-6789-ACER"


@given(values)
def test_spelled_code_is_known_as_one(secret: list[int]) -> None:
    assert is_spelled(spelled(secret))


@given(values, st.integers(0, 13), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(secret: list[int], at: int, sign: str) -> None:
    code = spelled(secret)
    if code[at] not in ("-", sign):
        assert not is_spelled(code[:at] + sign + code[at + 1 :])


@given(values, st.integers(0, 11), st.integers(0, 11))
def test_two_swapped_signs_are_noticed(secret: list[int], one: int, other: int) -> None:
    signs = list(spelled(secret).replace("-", ""))
    if signs[one] != signs[other]:
        signs[one], signs[other] = signs[other], signs[one]
        text = "".join(signs)
        assert not is_spelled("-".join((text[:4], text[4:8], text[8:])))


def test_codes_of_people_are_not_taken_for_made_ones() -> None:
    assert [code for code in ("BASIS", "2222-2222", "222222222222", "2222-2222-2223", "") if is_spelled(code)] == []
