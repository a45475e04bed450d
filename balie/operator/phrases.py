"""What rules and readers say to people, in another language than English; and the language of what staff find later."""

from collections.abc import Mapping

from django.utils.translation import gettext, override

from balie.operator.models import Operator
from balie.rules.errors import Phrase, Refused

AS_IT_IS: Mapping[str, str] = {}


def told(words: str, *, instead: Mapping[str, str] = AS_IT_IS) -> str:
    """A phrase in the active language, with the phrases within it. Other words are as they were said.

    instead: the texts of phrases that are said otherwise here, and how.
    """
    if not isinstance(words, Phrase):
        return words
    text = gettext(instead.get(words.text, words.text))
    values = {
        name: told(value, instead=instead) if isinstance(value, str) else value for name, value in words.values.items()
    }
    return text % values if values else text


def told_with_place(refusal: Refused) -> str:
    """What was refused, behind the place in a file or a path: as `str` has it, in the active language."""
    message = told(refusal.message)
    return f"{told(refusal.where)}: {message}" if refusal.where else message


def for_staff() -> override:
    """Within it the active language is the operator's: what is stored there for staff to read is one language."""
    return override(language_of_staff())


def language_of_staff() -> str:
    """The operator's; English before there is one."""
    operator = Operator.objects.first()
    return operator.language if operator else "en"
