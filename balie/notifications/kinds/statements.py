"""Mails about months that are over: a client's statement, and why a month does not close by itself."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, Kind, Variable
from balie.notifications.wording import Wording

MONTH = Variable(
    "month", _("the month"), "November 2026", {"nl": "november 2026", "de": "November 2026", "en": "November 2026"}
)
STATEMENT = Kind(
    "statement",
    _("Statement of a month"),
    _("the client's address"),
    (
        CLIENT,
        MONTH,
        Variable(
            "replaces",
            _("that it replaces an earlier one; empty for the first"),
            "",
            {
                "nl": "Dit bewijs vervangt dat van 3 december 2026.",
                "de": "Dieser Nachweis ersetzt den vom 3. Dezember 2026.",
                "en": "This statement replaces that of 3 December 2026.",
            },
        ),
        Variable(
            "link", _("the client's archive of documents; here the mail has its button"), f"{HOST}/portal/documents/"
        ),
        SENDER,
    ),
    ("month", "link"),
    {
        "nl": Wording(
            "Uw verbindingsbewijs van {month}",
            "Hierbij ontvangt u het verbindingsbewijs van {client} van {month}: alle gesprekken, als PDF in de"
            " bijlage.\n\n{replaces}\n\n{link}\n\nIn uw account vindt u ook die van eerdere maanden.\n\n{operator}",
            "Archief openen",
        ),
        "de": Wording(
            "Ihr Einzelverbindungsnachweis für {month}",
            "Hiermit erhalten Sie den Einzelverbindungsnachweis von {client} für {month}: alle Gespräche, als PDF im"
            " Anhang.\n\n{replaces}\n\n{link}\n\nIn Ihrem Konto finden Sie auch die früherer Monate.\n\n{operator}",
            "Archiv öffnen",
        ),
        "en": Wording(
            "Your statement for {month}",
            "Here is the statement of {client} for {month}: all calls, as a PDF attached to this mail.\n\n{replaces}"
            "\n\n{link}\n\nYour account has those of earlier months too.\n\n{operator}",
            "Open the archive",
        ),
    },
)
MONTH_WAITS = Kind(
    "month_waits",
    _("A month does not close by itself"),
    _("your address for tasks"),
    (
        MONTH,
        Variable(
            "reasons",
            _("what speaks against it, a line each"),
            "- 3 calls of the month have no client.",
            {
                "nl": "- 3 oproepen van de maand hebben geen klant.",
                "de": "- 3 Anrufe des Monats haben keinen Mandanten.",
                "en": "- 3 calls of the month have no client.",
            },
        ),
        Variable("link", _("the page of the month; here the mail has its button"), f"{HOST}/months/2026-11/"),
        SENDER,
    ),
    ("reasons", "link"),
    {
        "nl": Wording(
            "{month} wordt niet vanzelf afgesloten",
            "De maand {month} is nog niet afgesloten:\n\n{link}\n\n{reasons}\n\nIs dit opgelost, dan sluit de maand"
            " vanzelf. Je kunt hem ook nu al afsluiten.\n\n{operator}",
            "Maand openen",
        ),
        "de": Wording(
            "{month} wird nicht von selbst abgeschlossen",
            "Der Monat {month} ist noch nicht abgeschlossen:\n\n{link}\n\n{reasons}\n\nIst das behoben, wird der Monat"
            " von selbst abgeschlossen. Sie können ihn auch jetzt schon abschließen.\n\n{operator}",
            "Monat öffnen",
        ),
        "en": Wording(
            "{month} does not close by itself",
            "The month {month} is not closed yet:\n\n{link}\n\n{reasons}\n\nOnce that is mended, the month closes by"
            " itself. You can also close it now.\n\n{operator}",
            "Open the month",
        ),
    },
)
KINDS = (STATEMENT, MONTH_WAITS)
