"""The alarm that too few numbers are free: raised once, told once, and over once there are enough again."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import override

from balie.leases.faults import fault
from balie.notifications.actions import queue_mail
from balie.numbers.models import StockAlarm
from balie.numbers.stock import is_low, stock
from balie.operator.models import Operator
from balie.operator.queries import locked_operator, pages
from balie.operator.queries import operator as the_operator

LOW, FINE = "stock_low", "stock_fine"


def standing() -> StockAlarm | None:
    """The alarm that is raised now."""
    return StockAlarm.objects.filter(closed=None).first()


def look(*, now: datetime) -> bool:
    """Raises the alarm, or ends it, where that has changed; whether it did. Looked at by several at once: once."""
    operator = the_operator()
    if is_low(local_day(operator, now), operator) == bool(standing()):
        return False
    return change(now=now)


@transaction.atomic
def change(*, now: datetime) -> bool:
    """The same with the operator's row held, so that one alarm is open at most."""
    operator = locked_operator()
    held, counted = standing(), stock(local_day(operator, now), operator)
    if counted.low == bool(held):
        return False
    if held is None:
        made = StockAlarm.objects.create(opened=now, free=counted.free, wanted=operator.low_stock)
        tell(LOW, made, counted.free, operator, now)
    else:
        StockAlarm.objects.filter(pk=held.pk).update(closed=now)
        tell(FINE, held, counted.free, operator, now)
    fault("stock-told")
    return True


def tell(kind: str, alarm: StockAlarm, free: int, operator: Operator, now: datetime) -> None:
    """The mail to the operator's address for tasks, one an event; none where that is not set."""
    with override(operator.language):
        values = {"free": str(free), "wanted": str(alarm.wanted), "link": f"{pages(operator)}/numbers/"}
    queue_mail(
        kind=kind, to=operator.mailboxes.get("tasks") or "", language=operator.language, values=values,
        key=f"stock:{alarm.pk}:{kind}", about="numbers", now=now,
    )  # fmt: skip


def local_day(operator: Operator, now: datetime) -> date:
    """The day it is for the operator."""
    return now.astimezone(ZoneInfo(operator.timezone)).date()
