"""Mails that tell a person what happened to the second factor of his login: nobody changes it unseen."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import HOST, SENDER, Kind, Variable
from balie.notifications.kinds.login import NAME
from balie.notifications.wording import Wording

AT = Variable(
    "at",
    _("when it happened"),
    "26-11-2026",
    {"nl": "26 november 2026 11:42", "de": "26. November 2026 11:42", "en": "26 November 2026 11:42"},
)
VARIABLES = (
    NAME,
    AT,
    Variable("link", _("the page about the login; here the mail has its button"), f"{HOST}/me/"),
    SENDER,
)

FACTOR_ADDED = Kind(
    "factor_added",
    _("A second factor was set up"),
    _("the person whose login it is"),
    VARIABLES,
    ("link",),
    {
        "nl": Wording(
            "Tweede factor ingesteld",
            "Beste {name},\n\n"
            "Op {at} is voor uw toegang bij {operator} een tweede factor ingesteld: een app met codes of een"
            " sleutel.\n\n"
            "{link}\n\n"
            "Was u dat niet, neem dan meteen contact met ons op: iemand kent dan uw wachtwoord.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Mijn inlog bekijken",
        ),
        "de": Wording(
            "Zweiter Faktor eingerichtet",
            "Guten Tag {name},\n\n"
            "am {at} wurde für Ihren Zugang bei {operator} ein zweiter Faktor eingerichtet: eine App mit Codes oder"
            " ein Schlüssel.\n\n"
            "{link}\n\n"
            "Waren Sie das nicht, melden Sie sich bitte sofort bei uns: Dann kennt jemand Ihr Passwort.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Meine Anmeldung ansehen",
        ),
        "en": Wording(
            "A second factor was set up for your login",
            "Dear {name},\n\n"
            "On {at} a second factor was set up for your login at {operator}: an app with codes, or a key.\n\n"
            "{link}\n\n"
            "If it was not you, tell us at once: somebody knows your password.\n\n"
            "Kind regards,\n{operator}",
            "Look at my login",
        ),
    },
)

FACTOR_REMOVED = Kind(
    "factor_removed",
    _("A second factor was removed"),
    _("the person whose login it is"),
    VARIABLES,
    ("link",),
    {
        "nl": Wording(
            "Tweede factor verwijderd",
            "Beste {name},\n\n"
            "Op {at} is een tweede factor, een app met codes of een sleutel, van uw toegang bij"
            " {operator} verwijderd.\n\n"
            "{link}\n\n"
            "Hebt u dat niet gedaan en er ook niet om gevraagd, neem dan meteen contact met ons op.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Mijn inlog bekijken",
        ),
        "de": Wording(
            "Zweiter Faktor entfernt",
            "Guten Tag {name},\n\n"
            "am {at} wurde ein zweiter Faktor, eine App mit Codes oder ein Schlüssel, von Ihrem Zugang"
            " bei {operator} entfernt.\n\n"
            "{link}\n\n"
            "Haben Sie das nicht getan und auch nicht darum gebeten, melden Sie sich bitte sofort bei uns.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Meine Anmeldung ansehen",
        ),
        "en": Wording(
            "A second factor of your login was removed",
            "Dear {name},\n\n"
            "On {at} a second factor of your login at {operator}, an app with codes or a key, was removed.\n\n"
            "{link}\n\n"
            "If you did not do it and did not ask for it, tell us at once.\n\n"
            "Kind regards,\n{operator}",
            "Look at my login",
        ),
    },
)
