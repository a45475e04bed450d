"""Mails with an offer."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, SERVICE, Kind, Variable
from balie.notifications.wording import Wording

CODE = Variable("code", _("the code that accepts the offer"), "7K4M-9QXB")
FROM_DAY = Variable(
    "from_day",
    _("the day from which it counts"),
    "1-1-2027",
    {"nl": "1 januari 2027", "de": "1. Januar 2027", "en": "1 January 2027"},
)
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
        CODE,
        Variable(
            "link", _("the page with the offer; here the mail has its button"), f"{HOST}/offer/12-1772352000.q0Xb3nT8/"
        ),
        FROM_DAY,
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
