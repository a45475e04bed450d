"""Mails about signing up: the link that activates, what a known address is told, and the news for the operator."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, Kind, Variable
from balie.notifications.wording import Wording

NAME = Variable("name", _("name of the person"), "Sanne de Wit")
COMPANY = Variable("company", _("name of the company as it was typed"), "Fietsen de Wit")
UNTIL = Variable(
    "until",
    _("until when the link works"),
    "26-11-2026",
    {"nl": "26 november 2026, 11:42", "de": "26. November 2026, 11:42", "en": "26 November 2026, 11:42"},
)

REGISTRATION_LINK = Kind(
    "registration_link",
    _("Link to activate a registration"),
    _("whoever signed up"),
    (
        NAME,
        COMPANY,
        UNTIL,
        Variable("link", _("the page that activates; here the mail has its button"), f"{HOST}/activate/k3V9wQ7d/"),
        SENDER,
    ),
    ("link",),
    {
        "nl": Wording(
            "Bevestig uw aanmelding bij {operator}",
            "Beste {name},\n\n"
            "Fijn dat u {company} bij ons aanmeldt. Nog één stap: open de pagina en druk daar op de knop.\n\n"
            "{link}\n\n"
            "De link werkt tot {until}. Hebt u zich niet aangemeld, dan hoeft u niets te doen: zonder die knop gebeurt"
            " er niets.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Aanmelding bevestigen",
        ),
        "de": Wording(
            "Bestätigen Sie Ihre Registrierung bei {operator}",
            "Guten Tag {name},\n\n"
            "schön, dass Sie {company} bei uns registriert haben. Nur noch ein Schritt: Öffnen Sie die Seite und"
            " drücken Sie dort den Knopf.\n\n"
            "{link}\n\n"
            "Der Link gilt bis {until}. Haben Sie sich nicht registriert, brauchen Sie nichts zu tun: Ohne den Knopf"
            " geschieht nichts.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Registrierung bestätigen",
        ),
        "en": Wording(
            "Confirm your registration at {operator}",
            "Dear {name},\n\n"
            "Thank you for signing {company} up. One more step: open the page and press the button there.\n\n"
            "{link}\n\n"
            "The link works until {until}. If you did not sign up, you need do nothing: without that button nothing"
            " happens.\n\n"
            "Kind regards,\n{operator}",
            "Confirm the registration",
        ),
    },
)

REGISTRATION_KNOWN = Kind(
    "registration_known",
    _("Somebody signed up with an address that is known"),
    _("the user with that address"),
    (
        NAME,
        Variable("link", _("the login page; here the mail has its button"), f"{HOST}/login/"),
        Variable("forgotten", _("the page to ask for a new password"), f"{HOST}/password/forgotten/"),
        SENDER,
    ),
    ("link", "forgotten"),
    {
        "nl": Wording(
            "U hebt al toegang bij {operator}",
            "Beste {name},\n\n"
            "Zojuist is er een aanmelding gedaan met uw e-mailadres. Dat is hier al bekend, dus er is niets nieuws"
            " gemaakt: u kunt gewoon inloggen.\n\n"
            "{link}\n\n"
            "Wachtwoord vergeten? Kies een nieuw: {forgotten}\n\n"
            "Was u het niet, dan hoeft u niets te doen.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Inloggen",
        ),
        "de": Wording(
            "Sie haben bereits einen Zugang bei {operator}",
            "Guten Tag {name},\n\n"
            "gerade hat sich jemand mit Ihrer E-Mail-Adresse registriert. Sie ist hier schon bekannt, es wurde also"
            " nichts Neues angelegt: Sie können sich einfach anmelden.\n\n"
            "{link}\n\n"
            "Passwort vergessen? Wählen Sie ein neues: {forgotten}\n\n"
            "Waren Sie das nicht, brauchen Sie nichts zu tun.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Anmelden",
        ),
        "en": Wording(
            "You have a login at {operator} already",
            "Dear {name},\n\n"
            "Somebody has just signed up with your email address. It is known here already, so nothing new was made:"
            " you can simply log in.\n\n"
            "{link}\n\n"
            "Forgotten your password? Choose a new one: {forgotten}\n\n"
            "If it was not you, you need do nothing.\n\n"
            "Kind regards,\n{operator}",
            "Log in",
        ),
    },
)

REGISTRATION_NEW = Kind(
    "registration_new",
    _("A client signed up"),
    _("your address for registrations"),
    (
        CLIENT,
        Variable("number", _("number of the client"), "1042"),
        NAME,
        Variable("email", _("email address of the person"), "sanne@fietsendewit.example"),
        Variable("tariff", _("code of the tariff that is ordered; may be empty"), "7K4M-9QXB"),
        Variable(
            "link", _("the client in the office; here the mail has its button"), f"{HOST}/login/?next=/clients/1042/"
        ),
        SENDER,
    ),
    ("link",),
    {
        "nl": Wording(
            "Nieuwe klant: {number} {client}",
            "{client} heeft zich aangemeld en is nu klant {number}.\n\n"
            "{link}\n\n"
            "Naam: {name}\nE-mail: {email}\nTariefcode: {tariff}\n\n{operator}",
            "Klant openen",
        ),
        "de": Wording(
            "Neuer Mandant: {number} {client}",
            "{client} hat sich registriert und ist jetzt Mandant {number}.\n\n"
            "{link}\n\n"
            "Name: {name}\nE-Mail: {email}\nTarifcode: {tariff}\n\n{operator}",
            "Mandanten öffnen",
        ),
        "en": Wording(
            "New client: {number} {client}",
            "{client} has signed up and is client {number} now.\n\n"
            "{link}\n\n"
            "Name: {name}\nEmail: {email}\nTariff code: {tariff}\n\n{operator}",
            "Open the client",
        ),
    },
)
