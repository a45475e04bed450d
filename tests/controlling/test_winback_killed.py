"""Win-back cases opened, offered and won by processes that are killed, or by several at once: each once."""

from tests.controlling.steps import Story
from tests.installation import Installation

BEGIN = """
from datetime import UTC, datetime
from balie.accounts.models import Client
from balie.contracts.actions import cancel_service
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.win_back import accept_win_back, send_win_back
from balie.controlling.winning import look_after
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.tariffs.models import Tariff
BY = Author("x", datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
"""
MAKE = """
from tests import make
client = make.client("1001")
make.contract(client, tariff=make.tariff("BIG", items=({"meter": "basic_fee", "price": "120.00"},)))
make.tariff("LIGHT", items=({"meter": "basic_fee", "price": "60.00"},))
cancel_service(client=client, service="telephone", author=BY)
"""
LOOK = "look_after(author=BY)"
SEND = """
words = Wording("Stay", "{link}\\n\\n{code}", "See it")
case, light = WinBack.objects.get(), Tariff.objects.get(code="LIGHT")
send_win_back(case=case, tariff=light, to=["a@x.example"], words=words, times=0, home="https://x.example", author=BY)
"""
ACCEPT = "accept_win_back(offer=WinBackOffer.objects.get(), how='link', author=BY)"
STEPS = [
    (LOOK, "win-back-before-commit", "no case", "open, 0 offers, cancelled"),
    (SEND, "win-back-offer-before-commit", "open, 0 offers, cancelled", "offered, 1 offers, cancelled"),
    (ACCEPT, "win-back-settled", "offered, 1 offers, cancelled", "won, 1 offers, stays at 2 contracts"),
]


def kept(installation: Installation) -> str:
    """How the one case stands, how many offers it has, whether the cancellation stands and what contracts there are."""

    def count(table: str, where: str = "1 = 1") -> int:
        return int(installation.rows(f"select count(*) from {table} where {where}")[0][0])

    opened, won = (count("operator_logentry", f"deed = 'win_back.{deed}'") for deed in ("opened", "won"))
    states = [row[0] for row in installation.rows("select state from controlling_winback")]
    if not states:
        assert opened == 0
        return "no case"
    offers, contracts = count("controlling_winbackoffer"), count("contracts_contract")
    assert len(states) == opened == 1
    assert count("notifications_mail", "kind = 'winback_offer'") == offers
    if count("contracts_cancellation", "withdrawn is null"):
        assert contracts == 1 and won == 0 and count("contracts_contract", '"end" is null') == 0
        return f"{states[0]}, {offers} offers, cancelled"
    assert won == 1 and count("contracts_contract", '"end" is null') == 1
    assert count("controlling_winbackoffer", "accepted is not null") == 1
    return f"{states[0]}, {offers} offers, stays at {contracts} contracts"


STORY = Story(BEGIN, MAKE, STEPS, kept)


def test_killed_in_the_middle_each_step_has_not_happened_and_happens_once_when_done_again(
    installation: Installation,
) -> None:
    STORY.killed_in_the_middle(installation)


def test_done_by_several_at_once_each_step_happens_once(installation: Installation) -> None:
    STORY.done_by_several(installation)
