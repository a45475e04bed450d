"""Mails about SMS: a client wants to send more than its limit of the month."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, Kind, Variable
from balie.notifications.wording import Wording

SMS_LIMIT = Kind(
    "sms_limit",
    _("A client's limit of SMS is reached"),
    _("your address for tasks"),
    (
        CLIENT,
        Variable("number", _("the client's number"), "1001"),
        Variable("limit", _("how many SMS the client may send a month"), "200"),
        Variable(
            "month",
            _("the month"),
            "November 2026",
            {"nl": "november 2026", "de": "November 2026", "en": "November 2026"},
        ),
        Variable("link", _("the client's SMS; here the mail has its button"), f"{HOST}/clients/1001/sms/"),
        SENDER,
    ),
    ("client", "link"),
    {
        "nl": Wording(
            "Sms-grens van {client} bereikt",
            "{client} (klant {number}) heeft in {month} de grens van {limit} sms bereikt. Nieuwe sms worden tot het"
            " einde van de maand niet verstuurd, ook die van gespreksnotities niet; ze staan er wel, als"
            " tegengehouden.\n\n{link}\n\nVerhoog de grens als dat met de klant zo is afgesproken.\n\n{operator}",
            "Sms van de klant openen",
        ),
        "de": Wording(
            "SMS-Grenze von {client} erreicht",
            "{client} (Mandant {number}) hat im {month} die Grenze von {limit} SMS erreicht. Neue SMS werden bis zum"
            " Ende des Monats nicht versendet, auch die von Gesprächsnotizen nicht; sie sind als zurückgehalten"
            " verzeichnet.\n\n{link}\n\nErhöhen Sie die Grenze, wenn das mit dem Mandanten so vereinbart"
            " ist.\n\n{operator}",
            "SMS des Mandanten öffnen",
        ),
        "en": Wording(
            "SMS limit of {client} reached",
            "{client} (client {number}) has reached the limit of {limit} SMS in {month}. Until the end of the month"
            " no new SMS are sent, those of call notes included; they are kept as held back.\n\n{link}\n\n"
            "Raise the limit if that is agreed with the client.\n\n{operator}",
            "Open the client's SMS",
        ),
    },
)
KINDS = (SMS_LIMIT,)
