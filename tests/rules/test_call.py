"""What of the other party's number may leave the office."""

import pytest

from balie.rules.call import veil


@pytest.mark.parametrize(
    ("number", "whole", "last3", "hidden"),
    [
        ("+31612345678", "+31612345678", "+31612345xxx", "xxx"),
        ("201", "201", "xxx", "xxx"),
        ("anonymous", "anonymous", "anonymous", "xxx"),
        ("", "", "", "xxx"),
    ],
)
def test_number_is_shown_as_the_client_may_see_it(number: str, whole: str, last3: str, hidden: str) -> None:
    assert (veil(number, "none"), veil(number, "last3"), veil(number, "all")) == (whole, last3, hidden)
