"""Registrations that nobody confirmed are forgotten by themselves."""

from datetime import datetime

from balie.accounts.invitations import forget_unanswered
from balie.accounts.registration import forget_unconfirmed


def forget(now: datetime) -> int:
    """Deletes those whose time is over. Returns how many there were."""
    return forget_unconfirmed(now=now) + forget_unanswered(now=now)
