"""The address of a page where a client answers an offer without a login: signed, for so many days.

The signature is an HMAC over the offer's id and the end: nobody guesses one, so wrong ones need not be counted as typed
codes are. What became of the offer meanwhile is not in the link; whoever opens the page asks.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from balie.rules.errors import Refused

OPEN_FOR = timedelta(days=60)  # after it was sent
OFFER, WIN_BACK = "balie.controlling.offer", "balie.controlling.win_back"  # what a link is of


@dataclass(frozen=True)
class Link:
    """What a link says: which offer (id), and until when it opens its page."""

    offer: int
    ends: datetime


def token(offer: int, *, sent: datetime, of: str = OFFER) -> str:
    """The signed part of the address, of an offer sent at a moment. of: OFFER or WIN_BACK."""
    return signer(of).sign(f"{offer}-{int((sent + OPEN_FOR).timestamp())}")


def read(token: str, *, of: str = OFFER) -> Link:
    """What a token says, whether its time is over or not. Refused for what we did not sign."""
    try:
        offer, _dash, ends = signer(of).unsign(token).partition("-")
    except BadSignature:
        raise Refused("no_such_link", _("This link is not complete. Copy all of it from the mail."), "link") from None
    return Link(int(offer), datetime.fromtimestamp(int(ends), UTC))


def signer(of: str) -> Signer:
    return Signer(salt=of, sep=".")
