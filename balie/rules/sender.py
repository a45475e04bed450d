"""Whom an SMS comes from: a number, or a name of up to eleven letters and digits. Pure."""

import re

from balie.rules.phone import can_be_called, e164

LONGEST_NAME = 11
NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &.+-]{1,11}", re.ASCII)


def sender_of(text: str, region: str) -> str | None:
    """As gateways take it: E.164, or the name as it stands; None for what is neither. region: two letters."""
    said = " ".join(text.split())
    if NAME.fullmatch(said):
        return said
    number = e164(said, region)
    return number if number.startswith("+") and can_be_called(number, region) else None


def name_as_sender(name: str) -> str:
    """A company's name as far as it fits: De Linde B.V. is De Linde BV, Telefoonservice De Linde is De Linde."""
    signs = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign == " "))
    words, found = signs.split(), ""
    if len(words) > 1 and len(words[0]) > LONGEST_NAME:
        del words[0]  # what kind of company it is, as a rule
    for word in words:
        longer = f"{found} {word}".strip()
        if len(longer) > LONGEST_NAME:
            break
        found = longer
    found = found or "".join(words)[:LONGEST_NAME]
    return found if NAME.fullmatch(found) else "Balie"
