"""Many SMS sent again at once: as one by one, in a few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from balie.accounts.models import Client
from balie.messages.actions import opt_out, send_again, send_all_again
from balie.messages.limits import LIMIT
from balie.messages.models import ClientSms, Outgoing, SmsSettings, State
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import LogEntry, Operator
from balie.rules.errors import Refused
from tests.messages.made import an_operator, an_sms

pytestmark = pytest.mark.django_db
FIELDS = ("text", "state", "reason", "began", "due", "resent", "mark")


def marit() -> Author:
    return Author("Marit", timezone.now())


def failed(client: Client, *texts: str, **values: object) -> list[Outgoing]:
    """SMS that the gateway refused, each a minute after the one before."""
    made: list[Outgoing] = []
    for text in texts:
        sms = an_sms(client, text)
        created = timezone.now() - timedelta(hours=1) + timedelta(minutes=len(made))
        known = {"state": State.FAILED, "reason": "no credit", "attempts": 1, "created": created, "due": created}
        Outgoing.objects.filter(pk=sms.pk).update(**{**known, **values})
        made.append(Outgoing.objects.get(pk=sms.pk))
    return made


def waiting() -> set[str]:
    return set(Outgoing.objects.filter(state=State.WAITING).values_list("text", flat=True))


def test_all_become_what_one_by_one_would() -> None:
    client, author = an_operator(), marit()
    SmsSettings.objects.create(pk=1, quiet_from="00:00", quiet_until="23:59")
    before = [*failed(client, "plain"), *failed(client, "urgent", urgent=True)]
    for sms in before:
        send_again(sms=sms.pk, author=author)
    singly = list(Outgoing.objects.order_by("text").values(*FIELDS))
    logged = list(LogEntry.objects.filter(deed="sms.sent_again").order_by("pk").values("who", "about", "details"))
    for sms in before:
        sms.save()
    LogEntry.objects.all().delete()
    assert send_all_again(state=State.FAILED, author=author) == (2, 0)
    together = list(Outgoing.objects.order_by("text").values(*FIELDS))
    assert {row["mark"] for row in together}.isdisjoint({sms.mark for sms in before}), "it failed: a new mark"
    assert [{**row, "mark": ""} for row in together] == [{**row, "mark": ""} for row in singly]
    assert list(LogEntry.objects.order_by("pk").values("who", "about", "details")) == logged


def test_what_may_have_arrived_keeps_its_mark() -> None:
    (sms,) = failed(an_operator(), "a", state=State.UNKNOWN)
    assert send_all_again(state=State.UNKNOWN, author=marit()) == (1, 0)
    assert Outgoing.objects.get().mark == sms.mark


def test_limit_lets_the_first_ones_through_and_staff_hear_once() -> None:
    client = an_operator()
    Operator.objects.update(mailboxes={"tasks": "tasks@x.example"})
    failed(client, "a", "b", "c", "d")
    failed(client, "taken before", accepted=timezone.now())  # stands among the messages; here none counted it
    ClientSms.objects.create(client=client, limit=2)
    assert send_all_again(state=State.FAILED, author=marit()) == (3, 2)
    assert waiting() == {"a", "b", "taken before"}
    assert Mail.objects.filter(kind=LIMIT).count() == 1
    with pytest.raises(Refused):
        send_again(sms=Outgoing.objects.get(text="c").pk, author=marit())


def test_numbers_that_opted_out_and_words_that_are_gone_are_left() -> None:
    client = an_operator()
    failed(client, "a", recipient="+31687654321")
    failed(client, "b", recipient="12")
    failed(client, "c")
    (gone,) = failed(client, "d")
    Outgoing.objects.filter(pk=gone.pk).update(text="")
    opt_out(number="+31687654321", author=marit())
    assert send_all_again(state=State.FAILED, author=marit()) == (1, 2)
    assert waiting() == {"c"}


def test_many_take_as_few_queries_as_one() -> None:
    client, other = an_operator(), Client.objects.create(number="2002", name="Other")
    SmsSettings.objects.create(pk=1, limit=1000)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            send_all_again(state=State.FAILED, author=marit())
        return len(asked)

    failed(client, "one")
    few = queries()
    failed(client, *(f"text {n}" for n in range(20)))
    failed(other, *(f"more {n}" for n in range(20)))
    assert queries() == few
    assert len(waiting()) == 41
