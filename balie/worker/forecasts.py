"""The job that works out how the running month will end, and what forecasts of the last months were worth."""

from datetime import datetime

from django.db.models import QuerySet

from balie.controlling import forecasting
from balie.controlling.forecasting import LEASE
from balie.controlling.models import ForecastMonth
from balie.worker.turn import Turn

__all__ = ["LEASE", "ask", "due", "work_out"]


def ask(now: datetime) -> list[int]:
    """Asks for the months whose calls or prices may have changed since they were worked out."""
    return forecasting.ask_for_forecasts(now=now)


def due(now: datetime) -> QuerySet[ForecastMonth]:
    """Months asked for and not worked out since."""
    return forecasting.forecasts_due()


def work_out(row: ForecastMonth, turn: Turn) -> None:
    forecasting.work_out(row, now=turn.now())
