"""Public holidays come from the library that knows them."""

from datetime import date

import pytest

from balie.rules.errors import Refused
from balie.rules.holidays import public_holidays, states


def test_holidays_are_those_of_the_region() -> None:
    corpus_christi, kings_day, christmas = date(2026, 6, 4), date(2026, 4, 27), date(2026, 12, 25)
    found = {region: public_holidays(region, [2026]) for region in ("NL", "DE-NW", "DE-BE")}
    assert {region: corpus_christi in days for region, days in found.items()} == {
        "NL": False,
        "DE-NW": True,
        "DE-BE": False,
    }
    assert {region: kings_day in days for region, days in found.items()} == {"NL": True, "DE-NW": False, "DE-BE": False}
    assert all(christmas in days for days in found.values())


def test_holidays_are_asked_for_several_years() -> None:
    assert {day.year for day in public_holidays("NL", [2025, 2026])} == {2025, 2026}


def test_region_without_a_calendar_is_refused() -> None:
    for region in ("XX", "DE-QQ"):
        with pytest.raises(Refused) as refused:
            public_holidays(region, [2026])
        assert refused.value.where == "operator.region"


def test_states_are_named_as_in_a_world_file() -> None:
    assert "NW" in states()["DE"] and "9" in states()["AT"] and states()["LU"] == ()
    assert all(len(country) == 2 for country in states())
