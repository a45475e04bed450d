"""What the checks of a world file refuse, in the words of a page: its fields are called by their labels there, a file's
by their keys. Only what a page can come to; all else reads the same on both."""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext_noop

from balie.operator.phrases import told

ENDS = (".", "?", "!", "…")
NO_AMOUNT = gettext_noop("%(value)s is no amount; write it as 5.00")
# What a file is told: what a page says instead.
ON_PAGES: Mapping[str, str] = {
    '"%(kind)s" needs a "url", %(begins)s…': gettext_noop("enter the address; it begins with %(begins)s"),
    'the "url" of "%(kind)s" begins with %(begins)s': gettext_noop("this address begins with %(begins)s"),
    'a certificate is shown only where the "url" begins with amis://': gettext_noop(
        "a certificate is shown only where the address begins with amis://"
    ),
    'a password does not belong in an address; write it as "password": "env:NAME" or "file:PATH"': gettext_noop(
        "a password does not belong in an address; the field for it says where it lies: env:NAME or file:/path"
    ),
    'this is no secret; write where it lies: "env:NAME" or "file:/path"': gettext_noop(
        "this is no secret; write where it lies: env:NAME or file:/path"
    ),
    'the format "generic" needs a column for "start"': gettext_noop(
        "say which column is “Start”; without it no call can be read"
    ),
    'the format "generic" needs a column for "talk"': gettext_noop(
        "say which column is “Talk”; without it no call can be read"
    ),
    'a column for "callee" or "client" must say whose call it is': gettext_noop(
        "say which column is “Called number” or “Client”: one of the two tells whose call it is"
    ),
    'this says from when the agent has an endpoint; write "endpoint" beside it, such as "endpoint": "PJSIP/201", '
    'or leave "from" out': gettext_noop(
        "this says from when the agent has an endpoint; enter the endpoint beside it, or leave the day empty"
    ),
    'this says until when the agent has an endpoint; write "endpoint" beside it, such as "endpoint": "PJSIP/201", '
    'or leave "to" out': gettext_noop(
        "this says until when the agent has an endpoint; enter the endpoint beside it, or leave the day empty"
    ),
    'give the earlier a "to"': gettext_noop("give the earlier a last day"),
    'give the earlier a "to", the later a "from"': gettext_noop("give the earlier a last day, the later a first day"),
    '%(value)s is no amount; write it as "0.89"': NO_AMOUNT,
    '%(value)s is no amount; write it as "0.89", with a point and not a comma': NO_AMOUNT,
    '%(value)s is no percentage; write it as "12.5", with at most three decimals': gettext_noop(
        "%(value)s is no percentage; write it as 12.5, without a percent sign and with at most three decimals"
    ),
}


def on_page(words: str) -> str:
    """What was refused, as a sentence beside its field, in the reader's language."""
    return sentence(told(words, instead=ON_PAGES))


def sentence(text: str) -> str:
    """What was said of a value, as a sentence beside its field."""
    whole = text if "://" in text.partition(" ")[0] else str(capfirst(text))
    return whole if whole.endswith(ENDS) else f"{whole}."
