"""Mails about what waits for a decision by staff."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, Kind, Variable
from balie.notifications.wording import Wording

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
