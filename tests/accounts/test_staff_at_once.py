"""Two administrators who shut each other out in the same moment: one of them stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from balie.accounts import members
from balie.accounts.models import Role, User
from balie.accounts.staff import Place, change_staff
from balie.operator.actions import Author
from balie.rules.errors import Refused
from tests import make
from tests.make import NOW

Deed = Callable[[User, User], object]


def remove(other: User, by: User) -> object:
    return members.remove(user=other, author=Author(str(by), NOW, by.pk))


def lower(other: User, by: User) -> object:
    said, was = Place("", Role.MANAGER, ""), Place("", Role.ADMINISTRATOR, "")
    return change_staff(user=other, said=said, was=was, author=Author(str(by), NOW, by.pk))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", [remove, lower])
def test_the_last_administrator_stays_when_two_go_at_once(deed: Deed) -> None:
    make.operator()
    first, second = (make.user(f"{name}@example.com", role=Role.ADMINISTRATOR) for name in ("eva", "bo"))
    together = Barrier(2)

    def go(other: User, by: User) -> str:
        together.wait()
        try:
            deed(other, by)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(go, (first, second), (second, first)))
    assert sorted(codes) == ["", "last_administrator"]
    assert User.objects.filter(is_active=True, role=Role.ADMINISTRATOR).count() == 1
