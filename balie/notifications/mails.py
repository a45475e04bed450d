"""The kinds of mails there are. One more is one more entry here: its variables and its standard text in each language.

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


CLIENT_OFFER = Kind(
    "client_offer",
    _("Offer to a client"),
    _("the client"),
    (
        CLIENT,
        SERVICE,
        Variable("tariff", _("name of the tariff that is offered"), "Basis Plus"),
        Variable(
            "fee",
            _("its price"),
            "€ 45,00",
            {"nl": "€ 45,00 per maand", "de": "45,00 € im Monat", "en": "€45.00 a month"},
        ),
        Variable("code", _("the code that accepts the offer"), "7K4M-9QXB"),
        Variable(
            "link", _("the page with the offer; here the mail has its button"), f"{HOST}/offer/12-1772352000.q0Xb3nT8/"
        ),
        Variable(
            "from_day",
            _("the day from which it counts"),
            "1-1-2027",
            {"nl": "1 januari 2027", "de": "1. Januar 2027", "en": "1 January 2027"},
        ),
        SENDER,
    ),
    ("code", "link"),
    {
        "nl": Wording(
            "Ons aanbod vanaf {from_day}",
            "Geachte heer, mevrouw,\n\n"
            "We hebben bekeken hoe {client} de dienst {service} gebruikt, en een tarief gemaakt dat daarbij past.\n\n"
            "{link}\n\n"
            "Tarief: {tariff}\nPrijs: {fee}\nVanaf: {from_day}\nUw code: {code}\n\n"
            "Op de pagina ziet u wat u nu betaalt en wat het wordt. Gaat u akkoord, dan bevestigt u dat daar met één"
            " knop; met de code kan het ook op uw eigen pagina’s of telefonisch. Tot die tijd verandert er niets."
            " Hebt u vragen, dan kunt u deze mail beantwoorden.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Aanbod bekijken",
        ),
        "de": Wording(
            "Unser Angebot ab {from_day}",
            "Guten Tag,\n\n"
            "wir haben uns angesehen, wie {client} den Dienst {service} nutzt, und einen Tarif erstellt, der dazu"
            " passt.\n\n"
            "{link}\n\n"
            "Tarif: {tariff}\nPreis: {fee}\nGültig ab: {from_day}\nIhr Code: {code}\n\n"
            "Auf der Seite sehen Sie, was Sie jetzt zahlen und was Sie dann zahlen. Wenn Sie einverstanden sind,"
            " bestätigen Sie dort mit einem Knopf; mit dem Code geht es auch auf Ihren eigenen Seiten oder am Telefon."
            " Bis dahin ändert sich nichts. Bei Fragen antworten Sie einfach auf diese Mail.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Angebot ansehen",
        ),
        "en": Wording(
            "Our offer from {from_day}",
            "Dear Sir or Madam,\n\n"
            "We have looked at how {client} uses the service {service}, and made a tariff that fits.\n\n"
            "{link}\n\n"
            "Tariff: {tariff}\nPrice: {fee}\nFrom: {from_day}\nYour code: {code}\n\n"
            "The page shows what you pay now and what you would pay. If you agree, confirm it there with one button;"
            " with the code you can also do so on your own pages or on the telephone. Nothing changes until then."
            " If you have questions, simply reply to this mail.\n\n"
            "Kind regards,\n{operator}",
            "See the offer",
        ),
    },
)

DIGEST = Kind(
    "digest",
    _("Digest for managers"),
    _("managers"),
    (
        Variable(
            "day",
            _("the day it is about"),
            "23-11-2026",
            {"nl": "23 november 2026", "de": "23. November 2026", "en": "23 November 2026"},
        ),
        Variable("count", _("how many matters are open"), "3"),
        Variable(
            "matters",
            _("the matters, a line each"),
            "- 1001 Bakker Installaties: cost limit",
            {
                "nl": "- 1001 Bakker Installaties: kostengrens overschreden\n- 1014 Jansen Advies: niet rendabel",
                "de": "- 1001 Bakker Installaties: Kostengrenze überschritten\n- 1014 Jansen Advies: nicht rentabel",
                "en": "- 1001 Bakker Installaties: over the cost limit\n- 1014 Jansen Advies: does not pay",
            },
        ),
        Variable(
            "solved",
            _("what is solved since the last digest, a line each; may be empty"),
            "- solved: 1007 De Vries, cost limit",
            {
                "nl": "- opgelost: 1007 De Vries, kostengrens overschreden",
                "de": "- gelöst: 1007 De Vries, Kostengrenze überschritten",
                "en": "- solved: 1007 De Vries, over the cost limit",
            },
        ),
        Variable("link", _("the page with the tasks; here the mail has its button"), f"{HOST}/tasks/"),
        SENDER,
    ),
    ("matters", "link"),
    {
        "nl": Wording(
            "Wat er op je wacht op {day}: {count}",
            "Goedemorgen,\n\nZoveel wacht op een besluit: {count}\n\n{link}\n\n{matters}\n\n{solved}\n\n{operator}",
            "Taken openen",
        ),
        "de": Wording(
            "Was am {day} auf Sie wartet: {count}",
            "Guten Morgen,\n\nso viel wartet auf eine Entscheidung: {count}\n\n"
            "{link}\n\n{matters}\n\n{solved}\n\n{operator}",
            "Aufgaben öffnen",
        ),
        "en": Wording(
            "What waits for you on {day}: {count}",
            "Good morning,\n\nThis many wait for a decision: {count}\n\n{link}\n\n{matters}\n\n{solved}\n\n{operator}",
            "Open the tasks",
        ),
    },
)

TASK_OPENED = Kind(
    "task_opened",
    _("A task was opened"),
    _("your address for tasks"),
    (
        CLIENT,
        Variable("number", _("number of the client"), "1001"),
        Variable(
            "matter",
            _("what the task is about, in a few words"),
            "cost limit",
            {"nl": "kostengrens overschreden", "de": "Kostengrenze überschritten", "en": "over the cost limit"},
        ),
        Variable(
            "figures",
            _("its figures in a sentence; may be empty"),
            "",
            {
                "nl": "Verbruik € 112,40 bij een grens van € 100,00.",
                "de": "Verbrauch 112,40 € bei einer Grenze von 100,00 €.",
                "en": "Usage €112.40 with a limit of €100.00.",
            },
        ),
        Variable("link", _("the page with the task; here the mail has its button"), f"{HOST}/tasks/#task-17"),
        SENDER,
    ),
    ("link",),
    {
        "nl": Wording(
            "Taak: {number} {client}, {matter}",
            "Er is een nieuwe taak voor {number} {client}: {matter}.\n\n{link}\n\n{figures}\n\n{operator}",
            "Taak openen",
        ),
        "de": Wording(
            "Aufgabe: {number} {client}, {matter}",
            "Es gibt eine neue Aufgabe zu {number} {client}: {matter}.\n\n{link}\n\n{figures}\n\n{operator}",
            "Aufgabe öffnen",
        ),
        "en": Wording(
            "Task: {number} {client}, {matter}",
            "There is a new task about {number} {client}: {matter}.\n\n{link}\n\n{figures}\n\n{operator}",
            "Open the task",
        ),
    },
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (CLIENT_OFFER, DIGEST, TASK_OPENED)}
