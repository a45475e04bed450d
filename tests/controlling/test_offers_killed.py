"""Offers sent, followed up and accepted by processes that are killed, or by several at once: each once."""

from tests.controlling.steps import Story
from tests.installation import Installation

BEGIN = """
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from balie.accounts.models import Client
from balie.controlling.models import Offer
from balie.controlling.offers import accept_offer, open_follow_ups, send_offer
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.tasks.models import Task
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""
MAKE = """
from tests import make
client = make.client("1001")
make.contract(client, tariff=make.tariff("FLAT", items=({"meter": "basic_fee", "price": "100.00"},)))
tariff = make.tariff("OFFER", items=({"meter": "basic_fee", "price": "315.00"},))
tariff.client, tariff.public = client, False
tariff.save()
task = Task.objects.create(
    client=client, service="telephone", kind="uneconomical", month=202610, opened=NOW, seen=NOW, figures={}
)
Offer.objects.create(task=task, tariff=tariff, changes="basic_fee", fee=Decimal(315), made=NOW)
"""
SEND = """
words = Wording("Offer", "{link}\\n\\n{code}", "See it")
to = ["a@example.com", "b@example.com"]
send_offer(offer=Offer.objects.get(), to=to, words=words, times=0, home="https://x.example", author=Author("x", NOW))
"""
FOLLOW = "open_follow_ups(now=NOW + timedelta(days=7))"
ACCEPT = "accept_offer(offer=Offer.objects.get(), how='link', author=Author('x', NOW))"
STEPS = [
    (SEND, "offer-before-commit", "0 mails, 1 open", "2 mails, 1 open"),
    (FOLLOW, "follow-up-before-commit", "2 mails, 1 open", "2 mails, 2 open"),
    (ACCEPT, "accept-before-commit", "2 mails, 2 open", "2 mails, accepted, 2 contracts"),
]


def kept(installation: Installation) -> str:
    """How many mails and open tasks there are, whether the offer is accepted and how many contracts there are."""

    def count(table: str, where: str = "1 = 1") -> int:
        return int(installation.rows(f"select count(*) from {table} where {where}")[0][0])

    mails, tasks = count("notifications_mail"), count("tasks_task", "closed is null")
    assert count("controlling_sending") == mails
    if not count("controlling_offer", "accepted is not null"):
        assert count("contracts_contract") == 1 and count("tariffs_codeuse") == 0
        return f"{mails} mails, {tasks} open"
    assert tasks == 0 and count("tariffs_codeuse") == 1 and count("tasks_task", "outcome = 'accepted'") == 2
    return f"{mails} mails, accepted, {count('contracts_contract')} contracts"


STORY = Story(BEGIN, MAKE, STEPS, kept)


def test_killed_in_the_middle_each_step_has_not_happened_and_happens_once_when_done_again(
    installation: Installation,
) -> None:
    STORY.killed_in_the_middle(installation)


def test_done_by_several_at_once_each_step_happens_once(installation: Installation) -> None:
    STORY.done_by_several(installation)
