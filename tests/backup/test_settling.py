"""What rows are told after a restore."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from balie.backup.settling import Held, free_leases, hold_back
from balie.calls.models import Source
from balie.leases.models import FREE
from balie.messages.models import Outgoing, State
from balie.notifications.actions import send_again
from balie.notifications.models import Mail
from balie.notifications.queries import failed
from balie.operator.actions import Author
from tests import make

pytestmark = pytest.mark.django_db
MADE = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def sms(state: str) -> Outgoing:
    client = make.client(state)
    return Outgoing.objects.create(
        mark=state, client=client, sender="Linde", recipient="+31612345678", text="t", parts=1, by="Eva",
        created=make.NOW, due=make.NOW, state=state,
    )  # fmt: skip


def test_waiting_mails_and_sms_are_held_back_until_staff_send_them() -> None:
    make.operator(language="en")
    sent, waits, given_up = make.mail(), make.mail(to="b@x.example"), make.mail(to="c@x.example")
    Mail.objects.filter(pk=sent.pk).update(sent=MADE)
    Mail.objects.filter(pk=given_up.pk).update(parked="refused")
    for state in State:
        sms(state)
    assert hold_back(made=MADE) == Held(mails=1, sms=2)
    why = "Restored from the backup of 26 November 2026 03:00: it may have been sent since."
    assert {mail.pk: mail.parked for mail in Mail.objects.all()} == {sent.pk: "", waits.pk: why, given_up.pk: "refused"}
    held = Outgoing.objects.filter(reason=why)
    assert sorted(held.values_list("mark", "state")) == [("sending", "unknown"), ("waiting", "unknown")]
    assert send_again(failed().filter(pk=waits.pk), author=Author("Eva", timezone.now())) == 1
    assert Mail.objects.get(pk=waits.pk).parked == ""


def test_held_rows_are_free_and_given_up_ones_stay_given_up() -> None:
    make.source("held", lease_until=timezone.now(), attempts=5)
    make.source("given up", lease_until=FREE, attempts=5, parked="no such folder")
    free_leases()
    found = dict(Source.objects.values_list("name", "attempts"))
    assert (found, Source.objects.exclude(lease_until=FREE).count()) == ({"held": 0, "given up": 5}, 0)
    assert Source.objects.get(name="given up").parked == "no such folder"
