"""Names of people, as they go into mails to others: nothing that reads as an address of a web page."""

import re

from django.utils.translation import gettext as _

from balie.rules.errors import Refused

LONGEST_NAME = 80
# evil.example, www.evil.example, https://…; not J.P. nor St. Peter.
WEB_ADDRESS = re.compile(r"://|\bwww\.|\w{2,}\.\w{2,}", re.IGNORECASE)


def checked_name(text: str) -> str:
    """A person's name as it is stored; may be empty. Refused, at "name", for what is none."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
        raise Refused("long_name", too_long % {"most": LONGEST_NAME, "count": len(name)}, "name")
    if not name.isprintable() or WEB_ADDRESS.search(name):
        said = _("This reads as a web address. Write the name alone, with a space after a full stop.")
        raise Refused("bad_name", said, "name")
    return name
