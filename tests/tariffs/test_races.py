"""Many at once: no guess escapes the count, and the last use of a code is taken once. On PostgreSQL, with threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.tariffs.actions import code_entered, use_code
from balie.tariffs.actions.codes import MOST_PER_PERSON
from balie.tariffs.models import CodeUse, Tariff
from tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def outcomes(deed: Callable[[int], object], times: int) -> list[str]:
    """What came of doing this so many times at once: done, or the code of the refusal."""

    def one(number: int) -> str:
        try:
            deed(number)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(times) as threads:
        return sorted(threads.map(one, range(times)))


def test_burst_of_guesses_is_counted() -> None:
    make.operator()
    author = Author("bakker", make.NOW, 7)

    def guess(number: int) -> None:
        code_entered(code=f"NO-{number}", client=None, address="192.0.2.1", author=author)

    found = outcomes(guess, 20)
    assert found.count("unknown_code") <= MOST_PER_PERSON
    assert set(found) <= {"unknown_code", "too_many_tries"}


def test_last_use_of_a_code_is_taken_once() -> None:
    make.operator()
    tariff = make.tariff("KEY")
    Tariff.objects.update(public=False, code_uses=3)
    clients = [make.client(str(1001 + number)) for number in range(12)]
    author = Author("eva", make.NOW)

    def use(number: int) -> None:
        use_code(tariff=tariff, client=clients[number], kind="order", about=f"order:{number}", author=author)

    assert outcomes(use, 12) == ["done"] * 3 + ["unknown_code"] * 9
    assert CodeUse.objects.count() == 3
