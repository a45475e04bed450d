"""The mail that offers another tariff to a client that gave notice."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, SERVICE, Kind, Variable
from balie.notifications.kinds.cancellations import ENDS
from balie.notifications.kinds.offers import CODE, FROM_DAY
from balie.notifications.wording import Wording

WINBACK_OFFER = Kind(
    "winback_offer",
    _("Offer to a client that gave notice"),
    _("the client"),
    (
        CLIENT,
        SERVICE,
        ENDS,
        Variable("tariff", _("name of the tariff that is offered"), "Basis Plus"),
        Variable(
            "price",
            _("what an average month would have cost, and did"),
            "€ 95,00",
            {
                "nl": "€ 95,00 per maand in plaats van € 120,00, gerekend over uw laatste 3 maanden, zonder btw",
                "de": "95,00 € im Monat statt 120,00 €, gerechnet nach Ihren letzten 3 Monaten, ohne USt",
                "en": "€95.00 a month instead of €120.00, going by your last 3 months, without VAT",
            },
        ),
        CODE,
        Variable(
            "link", _("the page with the offer; here the mail has its button"), f"{HOST}/stay/12-1772352000.q0Xb3nT8/"
        ),
        FROM_DAY,
        SENDER,
    ),
    ("code", "link"),
    {
        "nl": Wording(
            "Wij nemen graag voor u op, ook na {ends}",
            "Geachte heer, mevrouw,\n\n"
            "{client} heeft de dienst {service} opgezegd; de laatste dag is {ends}. Dat vinden wij jammer. We hebben"
            " bekeken hoe u de dienst gebruikt, en een tarief gevonden dat daar beter bij past.\n\n"
            "{link}\n\n"
            "Tarief: {tariff}\nPrijs: {price}\nVanaf: {from_day}\nUw code: {code}\n\n"
            "Op de pagina ziet u wat u nu betaalt en wat het wordt. Wilt u blijven, dan bevestigt u dat daar met één"
            " knop: uw opzegging vervalt dan en uw nummer blijft zoals het is. Met de code kan het ook telefonisch."
            " Doet u niets, dan blijft uw opzegging gelden. Hebt u vragen, dan kunt u deze mail beantwoorden.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Aanbod bekijken",
        ),
        "de": Wording(
            "Wir nehmen gern weiter für Sie ab, auch nach dem {ends}",
            "Guten Tag,\n\n"
            "{client} hat den Dienst {service} gekündigt; der letzte Tag ist der {ends}. Das bedauern wir. Wir haben"
            " uns angesehen, wie Sie den Dienst nutzen, und einen Tarif gefunden, der besser dazu passt.\n\n"
            "{link}\n\n"
            "Tarif: {tariff}\nPreis: {price}\nGültig ab: {from_day}\nIhr Code: {code}\n\n"
            "Auf der Seite sehen Sie, was Sie jetzt zahlen und was Sie dann zahlen. Wenn Sie bleiben möchten,"
            " bestätigen Sie das dort mit einem Knopf: Ihre Kündigung ist damit zurückgenommen, und Ihre Rufnummer"
            " bleibt, wie sie ist. Mit dem Code geht es auch am Telefon. Wenn Sie nichts tun, gilt Ihre Kündigung. Bei"
            " Fragen antworten Sie einfach auf diese Mail.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Angebot ansehen",
        ),
        "en": Wording(
            "We would like to go on answering for you after {ends}",
            "Dear Sir or Madam,\n\n"
            "{client} has cancelled the service {service}; its last day is {ends}. We are sorry about that. We have"
            " looked at how you use the service, and found a tariff that fits it better.\n\n"
            "{link}\n\n"
            "Tariff: {tariff}\nPrice: {price}\nFrom: {from_day}\nYour code: {code}\n\n"
            "The page shows what you pay now and what you would pay. If you want to stay, confirm it there with one"
            " button: your cancellation is then taken back, and your number stays as it is. With the code you can also"
            " do so on the telephone. If you do nothing, your cancellation stands. If you have questions, simply reply"
            " to this mail.\n\n"
            "Kind regards,\n{operator}",
            "See the offer",
        ),
    },
)
