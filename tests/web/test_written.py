"""How figures and days are written, in three languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from balie.rules.period import Period
from balie.web import money, written

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("language", "short", "long", "short_month"),
    [
        ("nl", "23\u201111", "maandag 23 november 2026", "nov"),
        ("de", "23.11.", "Montag, 23. November 2026", "Nov"),
        ("en", "23 Nov", "Monday 23 November 2026", "Nov"),
    ],
)
def test_days_are_written_as_the_reader_does(language: str, short: str, long: str, short_month: str) -> None:
    with translation.override(language):
        said = written.short_day(DAY), written.long_day(DAY), written.month_short(Period(2026, 11))
    assert said == (short, long, short_month)


def test_short_months_have_three_letters() -> None:
    for language in ("nl", "de", "en"):
        with translation.override(language):
            assert {len(written.month_short(Period(2026, month))) for month in range(1, 13)} == {3}, language


def test_a_moment_of_today_is_its_hour() -> None:
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    said = [written.moment(at, "Europe/Amsterdam", day) for day in (date(2026, 11, 24), DAY, date(2027, 1, 1))]
    assert said == ["00:30", "24 Nov 00:30", "24 Nov 2026 00:30"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (31, "31 s"),
        (59.6, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3900, "1 hour 5 min"),
        (7260, "2 hours 1 min"),
        (3600, "1 hour"),
        (75_620, "21 hours"),
    ],
)
def test_durations_in_sentences(seconds: float, said: str) -> None:
    assert written.spoken(seconds) == said


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.914, "91%"), (0.9999, "99%"), (1, "100%")]
)
def test_a_share_is_whole_only_when_it_is(share: float, said: str) -> None:
    assert written.percent(share) == said


@pytest.mark.parametrize(("share", "said"), [(0.094, "+9%"), (-0.04, "−4%"), (0.0, "±0%"), (0.001, "±0%")])
def test_a_change_has_its_sign(share: float, said: str) -> None:
    assert written.change(share) == said


def test_percentages_follow_the_language() -> None:
    for language in ("de", "nl"):
        with translation.override(language):
            assert written.percent(0.5) == "50\u00a0%" and written.change(-0.04) == "−4\u00a0%"
            assert (written.percent(0.5), written.share_tenths(0.018)) == (money.percent(Decimal(50)), "1,8\u00a0%")


@pytest.mark.parametrize(("octets", "said"), [(1, "1 byte"), (812, "812 bytes"), (14_400, "14 kB"), (3e6, "3 MB")])
def test_sizes(octets: int, said: str) -> None:
    assert written.size(int(octets)) == said
