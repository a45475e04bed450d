"""The operator's own words for a kind of mail: what they may be, storing them, going back to the standard ones."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from balie.notifications.kind import Kind
from balie.notifications.models import MailText
from balie.notifications.queries import own_text, words_of
from balie.notifications.wording import VARIABLE, Wording, clean, misplaced, missing, one_line, unknown
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.rules.errors import Refused

LONGEST_LINE, LONGEST_BODY = 200, 10_000
CHANGED, STANDARD = "mail_text.changed", "mail_text.standard"


@transaction.atomic
def change_text(*, kind: Kind, language: str, words: Wording, author: Author) -> bool:
    """Stores the operator's own words and logs what they were. False where they stand so already.

    Words like the standard ones are no own ones. Refused, with `where` the field, for what no mail can be made of.
    """
    words = tidy(words)
    check(kind, words)
    own = own_text(kind=kind.name, language=language)
    standard = kind.standard[language]
    before = words_of(own) if own else standard
    if words == before:
        return False
    if words == standard:
        return back_to_standard(kind=kind, language=language, author=author) is not None
    said = {"subject": words.subject, "body": words.body, "button": words.button}
    stamp = {"changed": author.now, "changed_by": author.who}
    MailText.objects.update_or_create(kind=kind.name, language=language, defaults={**said, **stamp})
    log(kind, language, CHANGED, before, words, author)
    return True


@transaction.atomic
def back_to_standard(*, kind: Kind, language: str, author: Author) -> LogEntry | None:
    """Forgets the operator's own words; the entry of the log keeps them. None where there are none."""
    own = own_text(kind=kind.name, language=language)
    if own is None:
        return None
    own.delete()
    return log(kind, language, STANDARD, words_of(own), kind.standard[language], author)


@transaction.atomic
def take_back_standard(*, kind: Kind, language: str, entry: int, author: Author) -> None:
    """The own words again that going back to the standard ones forgot. Refused where others were written since."""
    found = LogEntry.objects.filter(pk=entry, deed=STANDARD, about=place(kind, language)).first()
    if found is None or own_text(kind=kind.name, language=language):
        raise Refused("text_changed", _("These words were changed since; what was there before is in the log."), "")
    change_text(kind=kind, language=language, words=Wording(**found.details["before"]), author=author)


def tidy(words: Wording) -> Wording:
    """Without blanks at the ends of lines, and with one line where one belongs."""
    body = "\n".join(line.rstrip() for line in clean(words.body).strip().splitlines())
    return Wording(one_line(words.subject), body, one_line(words.button))


def check(kind: Kind, words: Wording) -> None:
    """Refused, with the first reason, for what no mail can be made of."""
    for where, message in problems(kind, words):
        raise Refused("bad_text", message, where)


def problems(kind: Kind, words: Wording) -> Iterator[tuple[str, str]]:
    """Field and reason of everything that is wrong."""
    for where, text, most in (
        ("subject", words.subject, LONGEST_LINE),
        ("body", words.body, LONGEST_BODY),
        ("button", words.button, LONGEST_LINE),
    ):
        if not text and (where != "button" or kind.link):
            yield where, _("This is empty.")
        if len(text) > most:
            too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
            yield where, too_long % {"most": most, "count": len(text)}
        for name in unknown(Wording(text, "", ""), kind.names):
            yield where, not_known(f"{{{name}}}", kind)
        if set("{}") & set(VARIABLE.sub("", text)):
            yield where, _("A brace stands alone here; a variable has one before its name and one behind it.")
    for name in missing(words, kind.needed):
        yield "body", _("%(variable)s is missing; without it this mail is of no use.") % {"variable": f"{{{name}}}"}
    if misplaced(words, kind.link):
        yield (
            "body",
            _("%(variable)s stands once, in a paragraph of its own: there the mail has its button.")
            % {"variable": f"{{{kind.link}}}"},
        )


def not_known(name: str, kind: Kind) -> str:
    known = ", ".join(f"{{{one}}}" for one in kind.names)
    return _("There is no variable %(name)s here; you can use %(known)s.") % {"name": name, "known": known}


def place(kind: Kind, language: str) -> str:
    return f"mail_text:{kind.name}.{language}"


def log(kind: Kind, language: str, deed: str, before: Wording, after: Wording, author: Author) -> LogEntry:
    """Who changed which words; returns the entry."""
    return write_log(
        author=author,
        deed=deed,
        about=place(kind, language),
        details={"before": vars(before), "after": vars(after)},
    )
