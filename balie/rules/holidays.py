"""Public holidays of a region, as the library `holidays` names and knows them: NL, DE-NW. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

import holidays

from balie.rules.errors import Phrase, Refused


@cache
def states() -> Mapping[str, tuple[str, ...]]:
    """Every country with a calendar (two letters), and the names of its states."""
    known = holidays.list_supported_countries(include_aliases=True)
    return {country: tuple(names) for country, names in known.items() if len(country) == 2}


@cache
def state_names(country: str) -> Mapping[str, str]:
    """The states of a country with a calendar, as people there call them; where the library knows no name, its code."""
    if country not in states():
        return {}
    names = holidays.country_holidays(country).get_subdivision_aliases()
    return {code: next(iter(names.get(code, ())), code) for code in states()[country]}


def public_holidays(region: str, years: Iterable[int]) -> frozenset[date]:
    """The days off in these years. Refused for a region without a calendar."""
    return frozenset().union(*(of_year(region, year) for year in years))


@cache
def of_year(region: str, year: int) -> frozenset[date]:
    country, _, state = region.partition("-")
    if country not in states() or (state and state not in states()[country]):
        raise Refused("unknown_holidays", no_calendar(region), "operator.region")
    return frozenset(holidays.country_holidays(country, subdiv=state or None, years=year, expand=False))


def no_calendar(region: str) -> str:
    """What is said of a region without one."""
    return Phrase(
        'Nobody knows the public holidays of the region "%(region)s"; use windows without them.', region=region
    )
