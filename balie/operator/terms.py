"""The terms that somebody who signs up agrees to: what they may be, a new version of them, which hold."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from balie.operator.actions import Author, write_log
from balie.operator.models import Terms
from balie.operator.queries import locked_operator
from balie.rules.errors import Refused

LANGUAGES = ("nl", "de", "en")
LONGEST = 100_000


def terms() -> Terms | None:
    """The terms that hold now; None where the operator has written none."""
    return Terms.objects.order_by("-version").first()


def text_in(language: str, found: Terms, *, own: str) -> str:
    """The text in a language; else in the operator's own, which is always there."""
    return str(found.texts.get(language) or found.texts.get(own) or next(iter(found.texts.values()), ""))


@transaction.atomic
def put_terms(*, texts: Mapping[str, str], author: Author) -> Terms:
    """A new version of the terms, in each language that has a text; the one there is where nothing differs.

    Refused, with `where` the language, without a text in the operator's own language and for one that is too long.
    """
    operator = locked_operator()
    said = {code: tidy(texts.get(code, "")) for code in LANGUAGES}
    if not said.get(operator.language):
        raise Refused("no_terms", _("Write them in your own language at least: who reads none other sees that."),
                      operator.language)  # fmt: skip
    for code, text in said.items():
        if len(text) > LONGEST:
            too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
            raise Refused("long_terms", too_long % {"most": LONGEST, "count": len(text)}, code)
    held = terms()
    written = {code: text for code, text in said.items() if text}
    if held and held.texts == written:
        return held
    made = Terms.objects.create(
        version=held.version + 1 if held else 1, texts=written, made=author.now, by=author.who[:200]
    )
    write_log(author=author, deed="terms.changed", about="operator", details={"version": made.version})
    return made


def tidy(text: str) -> str:
    """Without blanks at the ends of lines and signs nobody can see."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join("".join(sign for sign in line if sign.isprintable()).rstrip() for line in lines)
