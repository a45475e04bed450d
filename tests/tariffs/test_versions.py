"""Which version of a tariff holds on a day, and what its titles are."""

from datetime import date

import pytest

from balie.rules.errors import Refused
from balie.tariffs.models import TariffVersion
from balie.tariffs.queries import tariff_by_code, title_in, version_on
from tests import make


@pytest.mark.django_db
def test_latest_version_that_has_begun_holds() -> None:
    tariff = make.tariff("BASIS")
    TariffVersion.objects.create(tariff=tariff, first_day=date(2027, 1, 1), vat_percent=21)
    begins = [version_on(tariff, day) for day in (date(1990, 1, 1), date(2026, 12, 31), date(2027, 1, 1))]
    assert [version and version.first_day for version in begins] == [None, None, date(2027, 1, 1)]
    TariffVersion.objects.filter(first_day=None).delete()
    assert version_on(tariff, date(2026, 12, 31)) is None
    assert tariff_by_code("BASIS") == tariff
    with pytest.raises(Refused, match='no tariff "PLUS"'):
        tariff_by_code("PLUS")


def test_title_falls_back_to_own_language_then_any_then_the_meter() -> None:
    titles = {"nl": "Basis", "en": "Basic"}
    assert title_in("en", titles, own="nl", otherwise="talk_time") == "Basic"
    assert title_in("de", titles, own="nl", otherwise="talk_time") == "Basis"
    assert title_in("de", {"en": "Basic"}, own="nl", otherwise="talk_time") == "Basic"
    assert title_in("de", {}, own="nl", otherwise="talk_time") == "talk_time"
