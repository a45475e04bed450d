"""Many who activate in the same moment get a number each."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from balie.accounts import registration as actions
from balie.accounts.models import Client, Registration, User
from balie.accounts.registration import SignUp
from balie.notifications.models import Mail
from tests import make
from tests.make import NOW

MANY = 12


def activate(key: str) -> str:
    try:
        return actions.activate(key=key, now=NOW).client.number
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_activated_at_once_each_has_its_own_number() -> None:
    make.operator()
    for at in range(MANY):
        said = SignUp(f"Company {at}", "Sanne", f"{at}@x.example", "drie blauwe olifanten", "nl")
        actions.sign_up(said=said, address=str(at), now=NOW)
    keys = [mail.text.partition("/activate/")[2].partition("/")[0] for mail in Mail.objects.all()]
    with ThreadPoolExecutor(MANY) as pool:
        numbers = sorted(pool.map(activate, keys))
    assert numbers == [str(1001 + at) for at in range(MANY)]
    assert (Client.objects.count(), User.objects.filter(owner=True).count()) == (MANY, MANY)
    assert Registration.objects.filter(activated=None).count() == 0
