"""Mails about phone systems: their files cannot be read, or they have fallen silent."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import HOST, SENDER, Kind, Variable
from balie.notifications.wording import Wording

SOURCE = Variable("source", _("the phone system"), "pbx")
LINK = Variable("link", _("the page with the phone systems; here the mail has its button"), f"{HOST}/calls/sources/")
SOURCE_PROBLEM = Kind(
    "source_problem",
    _("A phone system's files cannot be read"),
    _("your address for imports"),
    (
        SOURCE,
        Variable(
            "problem",
            _("what is wrong, in words"),
            "Master.csv: line 1: This is no call file of an Asterisk.",
            {
                "nl": "Master.csv: regel 1: dit is geen oproepbestand van een Asterisk.",
                "de": "Master.csv: Zeile 1: Das ist keine Anrufdatei eines Asterisk.",
                "en": "Master.csv: line 1: This is no call file of an Asterisk.",
            },
        ),
        LINK,
        SENDER,
    ),
    ("problem", "link"),
    {
        "nl": Wording(
            "{source}: bestanden kunnen niet worden gelezen",
            "Bij telefooncentrale {source} gaat iets mis:\n\n{link}\n\n{problem}\n\nTot het is opgelost kunnen oproepen"
            " ontbreken in overzichten.\n\n{operator}",
            "Telefooncentrale openen",
        ),
        "de": Wording(
            "{source}: Dateien können nicht gelesen werden",
            "Bei der Telefonanlage {source} stimmt etwas nicht:\n\n{link}\n\n{problem}\n\nBis das behoben ist, können"
            " Anrufe in Berichten fehlen.\n\n{operator}",
            "Telefonanlage öffnen",
        ),
        "en": Wording(
            "{source}: files cannot be read",
            "Something is wrong with the phone system {source}:\n\n{link}\n\n{problem}\n\nUntil it is mended, calls may"
            " be missing from reports.\n\n{operator}",
            "Open the phone system",
        ),
    },
)
SOURCE_SILENT = Kind(
    "source_silent",
    _("A phone system has fallen silent"),
    _("your address for tasks"),
    (
        SOURCE,
        Variable(
            "since",
            _("when its last call came"),
            "23-11-2026 09:31",
            {"nl": "23 november 2026 09:31", "de": "23. November 2026 09:31", "en": "23 November 2026 09:31"},
        ),
        Variable("expected", _("how many calls usually come in such a time"), "42"),
        LINK,
        SENDER,
    ),
    ("since", "link"),
    {
        "nl": Wording(
            "{source} is stil sinds {since}",
            "Van telefooncentrale {source} is sinds {since} geen oproep meer binnengekomen. In zo'n tijd zijn het er"
            " anders ongeveer {expected}.\n\n{link}\n\nKijk of de centrale werkt en of zijn bestanden nog komen."
            "\n\n{operator}",
            "Telefooncentrale openen",
        ),
        "de": Wording(
            "{source} schweigt seit {since}",
            "Von der Telefonanlage {source} ist seit {since} kein Anruf mehr gekommen. In einer solchen Zeit sind es"
            " sonst etwa {expected}.\n\n{link}\n\nPrüfen Sie, ob die Anlage arbeitet und ihre Dateien noch ankommen."
            "\n\n{operator}",
            "Telefonanlage öffnen",
        ),
        "en": Wording(
            "{source} has been silent since {since}",
            "No call has come from the phone system {source} since {since}. About {expected} usually come in such a"
            " time.\n\n{link}\n\nSee whether it works and whether its files still arrive.\n\n{operator}",
            "Open the phone system",
        ),
    },
)
KINDS = (SOURCE_PROBLEM, SOURCE_SILENT)
