"""What becomes of offers by itself: those accepted by a way that told nobody, and those that nobody answers."""

from datetime import datetime

from balie.controlling.offers import open_follow_ups, settle_offers
from balie.operator.actions import Author


def settle(now: datetime) -> int:
    """Marks offers whose tariff a client has by now, or has not any more."""
    return settle_offers(author=Author("worker", now))


def follow_up(now: datetime) -> int:
    """A task for each offer that was sent seven days ago and not answered."""
    return open_follow_ups(now=now)
