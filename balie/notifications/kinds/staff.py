"""Mails to people who work for the operator, about getting in."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import SENDER, Kind, Variable
from balie.notifications.kinds.login import NAME, PASSWORD_LINK
from balie.notifications.wording import Wording

STAFF_INVITATION = Kind(
    "staff_invitation",
    _("Invitation of staff"),
    _("whoever is invited to work with Balie"),
    (
        NAME,
        Variable("who", _("name of whoever invites"), "Joris de Linde"),
        Variable("link", _("the page that sets the password, once; here the mail has its button"), PASSWORD_LINK),
        SENDER,
    ),
    ("link",),
    {
        "nl": Wording(
            "Je toegang tot {operator}",
            "Beste {name},\n\n"
            "{who} heeft voor jou een toegang gemaakt tot de pagina’s waarmee {operator} werkt.\n\n"
            "{link}\n\n"
            "Met de knop kies je een wachtwoord; daarna ben je ingelogd. De link werkt één keer en is drie dagen"
            " geldig. Is hij verlopen, vraag dan {who} om een nieuwe. Geef hem aan niemand door.\n\n"
            "Groet,\n{operator}",
            "Wachtwoord kiezen",
        ),
        "de": Wording(
            "Ihr Zugang zu {operator}",
            "Guten Tag {name},\n\n"
            "{who} hat für Sie einen Zugang zu den Seiten angelegt, mit denen {operator} arbeitet.\n\n"
            "{link}\n\n"
            "Mit dem Knopf wählen Sie ein Passwort; danach sind Sie angemeldet. Der Link funktioniert einmal und gilt"
            " drei Tage. Ist er abgelaufen, bitten Sie {who} um einen neuen. Geben Sie ihn an niemanden weiter.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Passwort wählen",
        ),
        "en": Wording(
            "Your login at {operator}",
            "Dear {name},\n\n"
            "{who} has made a login for you to the pages that {operator} works with.\n\n"
            "{link}\n\n"
            "The button lets you choose a password and logs you in. The link works once, within three days. If it has"
            " run out, ask {who} for a new one. Pass it on to nobody.\n\n"
            "Kind regards,\n{operator}",
            "Choose a password",
        ),
    },
)
