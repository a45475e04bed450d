"""Another time of the service level: earlier calls count by it too, and an import that meets it begins anew."""

from pathlib import Path
from typing import Any

import pytest

from balie.calls.actions import import_calls
from balie.calls.fresh import fresh as whole
from balie.calls.models import Call, ChangedMonth, ClientMonth, Source, SourceHour
from balie.operator.models import Operator
from tests import make
from tests.world.sample import load, refusal, sample

pytestmark = pytest.mark.django_db


def read(samples: Path) -> None:
    data = (samples / "asterisk/Master.csv").read_bytes()
    import_calls(source=Source.objects.get(), name="Master.csv", data=data, now=make.NOW)


def quick() -> tuple[int, int]:
    """By the sums of clients and by those of hours."""
    of_clients, of_hours = (
        sum(row.quick for row in model._default_manager.all()) for model in (ClientMonth, SourceHour)
    )
    return of_clients, of_hours


def counted(seconds: int) -> tuple[int, int]:
    """The same, by the calls themselves."""
    found = Call.objects.filter(type="accepted", ring__lte=seconds)
    return found.exclude(client=None).count(), found.count()


def test_calls_that_came_before_count_by_it_too(samples: Path) -> None:
    load(sample())
    read(samples)
    assert counted(1) != counted(2)
    calls = sum(row.calls for row in SourceHour.objects.all())
    for seconds in (1, 2, 600, 1):
        load({"operator": {"answer_seconds": seconds}})
        assert quick() == counted(seconds)
    assert sum(row.calls for row in SourceHour.objects.all()) == calls and not ChangedMonth.objects.exists()


@pytest.mark.parametrize("wrong", [0, 601, "20", None, 1.5])
def test_times_that_cannot_be_are_refused(wrong: Any) -> None:
    assert refusal({"operator": {"answer_seconds": wrong}})[0] == "operator.answer_seconds"


def test_import_that_began_before_counts_by_it(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(sample())
    begun: list[int] = []

    def fresh(*given: Any) -> Any:
        """The first try has read the file when somebody changes the time."""
        if not begun:
            begun.append(1)
            Operator.objects.update(answer_seconds=1)
        return whole(*given)

    monkeypatch.setattr("balie.calls.actions.imports.fresh", fresh)
    read(samples)
    assert begun and quick() == counted(1)
