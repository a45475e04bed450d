"""Mails about getting in: a new password, an invitation by a colleague."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, Kind, Variable
from balie.notifications.wording import Wording

NAME = Variable("name", _("name of the person, or the email address"), "Sanne de Wit")
PASSWORD_LINK = f"{HOST}/password/MTI/cyl5mw-6f0c3b/"
INVITATION_LINK = f"{HOST}/invitation/k3V9wQ7d/"
WHO = Variable("who", _("name of whoever invites"), "Kees Bakker")

PASSWORD_RESET = Kind(
    "password_reset",
    _("Link for a new password"),
    _("whoever asked for it on the login page"),
    (
        NAME,
        Variable("link", _("the page that sets the password, once; here the mail has its button"), PASSWORD_LINK),
        SENDER,
    ),
    ("link",),
    {
        "nl": Wording(
            "Een nieuw wachtwoord kiezen",
            "Beste {name},\n\n"
            "Er is een nieuw wachtwoord aangevraagd voor uw toegang bij {operator}.\n\n"
            "{link}\n\n"
            "De link werkt één keer en is drie dagen geldig. Hebt u er niet om gevraagd, dan hoeft u niets te doen: uw"
            " wachtwoord blijft zoals het is.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Wachtwoord kiezen",
        ),
        "de": Wording(
            "Ein neues Passwort wählen",
            "Guten Tag {name},\n\n"
            "für Ihren Zugang bei {operator} wurde ein neues Passwort angefordert.\n\n"
            "{link}\n\n"
            "Der Link funktioniert einmal und gilt drei Tage. Haben Sie ihn nicht angefordert, brauchen Sie nichts zu"
            " tun: Ihr Passwort bleibt, wie es ist.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Passwort wählen",
        ),
        "en": Wording(
            "Choose a new password",
            "Dear {name},\n\n"
            "Somebody asked for a new password for your login at {operator}.\n\n"
            "{link}\n\n"
            "The link works once, within three days. If it was not you, you need do nothing: your password stays as it"
            " is.\n\n"
            "Kind regards,\n{operator}",
            "Choose a password",
        ),
    },
)

INVITATION = Kind(
    "invitation",
    _("Invitation of a colleague"),
    _("the user who is invited"),
    (
        NAME,
        WHO,
        CLIENT,
        Variable("link", _("the page that sets the password, once; here the mail has its button"), INVITATION_LINK),
        SENDER,
    ),
    ("link",),
    {
        "nl": Wording(
            "Uitnodiging: de pagina’s van {client}",
            "Beste {name},\n\n"
            "{who} nodigt u uit voor de pagina’s van {client} bij {operator}. Daar ziet u oproepen, kosten en"
            " documenten.\n\n"
            "{link}\n\n"
            "Met de knop kiest u een wachtwoord; daarna bent u ingelogd. De link werkt één keer en is drie dagen"
            " geldig. Is hij verlopen, vraag dan {who} om een nieuwe.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Wachtwoord kiezen",
        ),
        "de": Wording(
            "Einladung: die Seiten von {client}",
            "Guten Tag {name},\n\n"
            "{who} lädt Sie zu den Seiten von {client} bei {operator} ein. Dort sehen Sie Anrufe, Kosten und"
            " Dokumente.\n\n"
            "{link}\n\n"
            "Mit dem Knopf wählen Sie ein Passwort; danach sind Sie angemeldet. Der Link funktioniert einmal und gilt"
            " drei Tage. Ist er abgelaufen, bitten Sie {who} um einen neuen.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Passwort wählen",
        ),
        "en": Wording(
            "Invitation: the pages of {client}",
            "Dear {name},\n\n"
            "{who} invites you to the pages of {client} at {operator}. They show calls, costs and documents.\n\n"
            "{link}\n\n"
            "The button lets you choose a password and logs you in. The link works once, within three days. If it has"
            " run out, ask {who} for a new one.\n\n"
            "Kind regards,\n{operator}",
            "Choose a password",
        ),
    },
)

INVITATION_KNOWN = Kind(
    "invitation_known",
    _("Invitation of somebody who has a login already"),
    _("the user whose address it is"),
    (NAME, WHO, CLIENT, Variable("link", _("the login page; here the mail has its button"), f"{HOST}/login/"), SENDER),
    ("link",),
    {
        "nl": Wording(
            "Uitnodiging voor {client}: u hebt al een inlog",
            "Beste {name},\n\n"
            "{who} wilde u uitnodigen voor de pagina’s van {client} bij {operator}. Dat kan niet met dit e-mailadres:"
            " u logt er al mee in bij ons, en één adres hoort bij één bedrijf. Aan uw eigen inlog verandert niets.\n\n"
            "{link}\n\n"
            "Wilt u de uitnodiging aannemen, vraag {who} dan om een uitnodiging naar een ander adres. Kent u de"
            " afzender niet, dan hoeft u niets te doen; wij hebben niet verteld dat u bij ons inlogt.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Inloggen",
        ),
        "de": Wording(
            "Einladung zu {client}: Sie haben schon einen Zugang",
            "Guten Tag {name},\n\n"
            "{who} wollte Sie zu den Seiten von {client} bei {operator} einladen. Mit dieser E-Mail-Adresse geht das"
            " nicht: Sie melden sich damit schon bei uns an, und eine Adresse gehört zu einem Unternehmen. An Ihrem"
            " Zugang ändert sich nichts.\n\n"
            "{link}\n\n"
            "Möchten Sie die Einladung annehmen, bitten Sie {who} um eine an eine andere Adresse. Kennen Sie den"
            " Absender nicht, brauchen Sie nichts zu tun; wir haben nicht verraten, dass Sie bei uns einen Zugang"
            " haben.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Anmelden",
        ),
        "en": Wording(
            "Invitation to {client}: you have a login already",
            "Dear {name},\n\n"
            "{who} wanted to invite you to the pages of {client} at {operator}. That cannot be done with this address:"
            " you log in with it already, and an address belongs to one company. Your own login stays as it is.\n\n"
            "{link}\n\n"
            "If you want to accept, ask {who} for an invitation to another address. If you do not know the sender, you"
            " need do nothing; we did not tell that you have a login here.\n\n"
            "Kind regards,\n{operator}",
            "Log in",
        ),
    },
)
