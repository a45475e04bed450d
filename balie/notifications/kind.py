"""What a kind of mail is: its variables, explained, and its standard text in each language.

A text is paragraphs with an empty line between them; `{link}` in a paragraph of its own is the mail's button. Values
are text, written in the recipient's language by whoever queues the mail; `operator` is filled in by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from balie.notifications.wording import Wording

LANGUAGES = ("nl", "de", "en")
OPERATOR = "operator"
Words = str | Promise


@dataclass(frozen=True)
class Variable:
    """What a text may say: its name in braces, what it is, and how it looks (where it differs: by language)."""

    name: str
    meaning: Words
    example: str
    examples: Mapping[str, str] = field(default_factory=dict)

    def example_in(self, language: str) -> str:
        return self.examples.get(language, self.example)


@dataclass(frozen=True)
class Kind:
    """One kind of mail. `needed`: variables no wording may leave out; `link`: the one that is the button's."""

    name: str
    title: Words
    to: Words
    variables: tuple[Variable, ...]
    needed: tuple[str, ...]
    standard: Mapping[str, Wording]
    link: str = "link"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(variable.name for variable in self.variables)


HOST = "https://balie.example.nl"
CLIENT = Variable("client", _("name of the client"), "Bakker Installaties")
SERVICE = Variable(
    "service",
    _("the service"),
    "telephone",
    {"nl": "telefoonservice", "de": "Telefonservice", "en": "telephone service"},
)
SENDER = Variable(OPERATOR, _("your own name, as in the settings"), "Telefoonservice De Linde")
