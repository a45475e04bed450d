"""Months as people write them."""

import pytest

from balie.rules.errors import Refused
from balie.rules.period import Period


@pytest.mark.parametrize("text", ["1970-01", "2026-11", "2999-12"])
def test_month_is_read_as_it_is_written(text: str) -> None:
    month = Period.parse(text, "Europe/Amsterdam")
    assert (str(month), month.begin < month.end) == (text, True)


@pytest.mark.parametrize("text", ["1969-12", "3000-01", "9999-12", "0000-01", "2026-13", "2026-00"])
def test_month_of_no_calendar_anybody_uses_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Period.parse(text)
    message = f"There is no month {text!r}; write it as YYYY-MM, for instance 2026-11."
    assert (refused.value.code, refused.value.message, refused.value.where) == ("bad_month", message, "month")
