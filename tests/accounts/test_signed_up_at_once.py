"""Two who sign up with one address in the same moment: one registration, and neither password counts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from balie.accounts import registration as actions
from balie.accounts.models import Registration
from balie.accounts.registration import SignUp
from balie.notifications.models import Mail
from tests import make
from tests.make import NOW

PASSWORDS = ("drie blauwe olifanten", "vier groene giraffen")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_signed_up_at_once_with_two_passwords_neither_counts() -> None:
    make.operator()
    together = Barrier(len(PASSWORDS))

    def sign_up(password: str) -> None:
        said = SignUp("Company", "Sanne", "sanne@x.example", password, "nl")
        together.wait()
        try:
            actions.sign_up(said=said, address=password, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(PASSWORDS)) as pool:
        list(pool.map(sign_up, PASSWORDS))
    kept = Registration.objects.get()
    assert (kept.password, Mail.objects.count()) == ("", 2)
