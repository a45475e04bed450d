"""Staff hear of phone systems that cannot be read and of those that are silent: each trouble once."""

from datetime import timedelta

import pytest

from balie.calls.letters import tell_troubles
from balie.calls.models import Source
from balie.notifications.models import Mail
from balie.worker.jobs import lane_called
from tests import make
from tests.calls.test_day import habit, local, looked

pytestmark = pytest.mark.django_db
BOXES = {"imports": "files@linde.example", "tasks": "office@linde.example"}
PROBLEM = "There is no such folder."


def told() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("recipient", "subject"))


def test_a_problem_is_told_once_a_day_to_the_address_for_imports() -> None:
    make.operator(language="en", mailboxes=BOXES, base_url="https://linde.example")
    source = looked(last_problem=PROBLEM)
    for hour in (9, 10):
        tell_troubles(now=local(hour))
    assert told() == [("files@linde.example", "pbx: files cannot be read")]
    mail = Mail.objects.get()
    assert PROBLEM in mail.text and f"https://linde.example/calls/sources/#source-{source.pk}" in mail.text
    tell_troubles(now=local(9) + timedelta(days=1))
    assert len(told()) == 2


def test_what_the_worker_tries_again_by_itself_is_not_told_yet() -> None:
    make.operator(language="en", mailboxes=BOXES)
    looked(last_problem=PROBLEM, attempts=3)
    tell_troubles(now=local(9))
    assert told() == []
    Source.objects.update(parked="given up", attempts=5)
    tell_troubles(now=local(9))
    assert told() == [("files@linde.example", "pbx: files cannot be read")]


def test_a_silence_is_told_once_to_the_address_for_tasks() -> None:
    make.operator(language="en", mailboxes=BOXES)
    source = looked(newest=local(9, 10), last_look=local(11), next_look=local(11, 15))
    habit(source)
    tell_troubles(now=local(11))
    Source.objects.update(last_look=local(12), next_look=local(12, 15))
    tell_troubles(now=local(12))
    assert told() == [("office@linde.example", "pbx has been silent since 23 November 2026 09:10")]
    assert "About 18 usually come in such a time." in Mail.objects.get().text


def test_nobody_is_told_while_all_is_well_or_no_address_is_set() -> None:
    operator = make.operator(language="en", mailboxes=BOXES)
    looked(newest=local(9), last_look=local(9), next_look=local(9, 15))
    tell_troubles(now=local(9))
    operator.mailboxes = {}
    operator.save()
    Source.objects.update(last_problem=PROBLEM)
    tell_troubles(now=local(9))
    assert told() == []


def test_the_worker_looks_for_troubles_by_itself() -> None:
    make.operator(language="en", mailboxes=BOXES)
    looked(last_problem=PROBLEM)
    for chore in lane_called("imports").chores:
        chore.run(local(9))
    assert told() == [("files@linde.example", "pbx: files cannot be read")]
