"""Mails about the end of a service: when notice is given, and when it is taken back."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, SERVICE, Kind, Variable
from balie.notifications.kinds.orders import ACCOUNT, CLIENT_NUMBER
from balie.notifications.wording import Wording

RECEIVED = Variable(
    "received",
    _("the day the notice was received"),
    "26-11-2026",
    {"nl": "26 november 2026", "de": "26. November 2026", "en": "26 November 2026"},
)
ENDS = Variable(
    "ends",
    _("the last day of the service"),
    "31-12-2026",
    {"nl": "31 december 2026", "de": "31. Dezember 2026", "en": "31 December 2026"},
)
REASON = Variable(
    "reason",
    _("the reason that was given; may be empty"),
    "",
    {"nl": "We stoppen met de zaak.", "de": "Wir geben den Betrieb auf.", "en": "We are closing the business."},
)
TO_CLIENT = (
    CLIENT,
    SERVICE,
    RECEIVED,
    ENDS,
    REASON,
    Variable("link", _("the receipt; here the mail has its button"), f"{HOST}/cancellation/9.q0Xb3nT8/"),
    SENDER,
)
TO_OPERATOR = (
    CLIENT,
    CLIENT_NUMBER,
    SERVICE,
    RECEIVED,
    ENDS,
    REASON,
    Variable("by", _("who gave notice"), "Kees Bakker"),
    ACCOUNT,
    Variable("link", _("the client's contracts; here the mail has its button"), f"{HOST}/clients/1001/contracts/"),
    SENDER,
)
CANCELLATION_NEW = Kind(
    "cancellation_new",
    _("A client gave notice"),
    _("your address for cancellations"),
    TO_OPERATOR,
    ("link", "account"),
    {
        "nl": Wording(
            "Opzegging: {client_number} {client}, {service} tot en met {ends}",
            "{client_number} {client} heeft de dienst {service} opgezegd.\n\n{link}\n\nOntvangen op: {received}\n"
            "Laatste dag: {ends}\nReden: {reason}\nOpgezegd door: {by}\nKlantaccount: {account}\n\n{operator}",
            "Contract openen",
        ),
        "de": Wording(
            "Kündigung: {client_number} {client}, {service} bis {ends}",
            "{client_number} {client} hat den Dienst {service} gekündigt.\n\n{link}\n\nEingegangen am: {received}\n"
            "Letzter Tag: {ends}\nGrund: {reason}\nGekündigt von: {by}\nMandantenkonto: {account}\n\n{operator}",
            "Vertrag öffnen",
        ),
        "en": Wording(
            "Cancellation: {client_number} {client}, {service} until {ends}",
            "{client_number} {client} has cancelled the service {service}.\n\n{link}\n\nReceived on: {received}\n"
            "Last day: {ends}\nReason: {reason}\nCancelled by: {by}\nClient's account: {account}\n\n{operator}",
            "Open the contract",
        ),
    },
)
CANCELLATION_RECEIPT = Kind(
    "cancellation_receipt",
    _("Receipt of a cancellation"),
    _("the client"),
    TO_CLIENT,
    ("ends", "received", "link"),
    {
        "nl": Wording(
            "Uw opzegging van {service} is ontvangen",
            "Geachte heer, mevrouw,\n\nwe hebben op {received} de opzegging van de dienst {service} voor {client}"
            " ontvangen. De laatste dag is {ends}; tot en met die dag blijven wij voor u opnemen.\n\n{link}\n\n"
            "Denk eraan het doorschakelen van uw telefoon daarna uit te zetten (##21#). Bent u van gedachten veranderd,"
            " dan kunt u de opzegging tot en met die dag intrekken op uw eigen pagina’s of door deze mail te"
            " beantwoorden.\n\nUw reden: {reason}\n\nMet vriendelijke groet,\n{operator}",
            "Ontvangstbewijs bekijken",
        ),
        "de": Wording(
            "Ihre Kündigung von {service} ist eingegangen",
            "Guten Tag,\n\nwir haben am {received} die Kündigung des Dienstes {service} für {client} erhalten. Der"
            " letzte"
            " Tag ist der {ends}; bis dahin nehmen wir weiter für Sie ab.\n\n{link}\n\n"
            "Bitte schalten Sie danach die Umleitung Ihres Telefons aus (##21#). Wenn Sie es sich anders überlegen,"
            " können Sie die Kündigung bis zu diesem Tag auf Ihren eigenen Seiten oder mit einer Antwort auf diese Mail"
            " zurücknehmen.\n\nIhr Grund: {reason}\n\nMit freundlichen Grüßen\n{operator}",
            "Bestätigung ansehen",
        ),
        "en": Wording(
            "We have received your cancellation of {service}",
            "Dear Sir or Madam,\n\nOn {received} we received the cancellation of the service {service} for {client}."
            " The"
            " last day is {ends}; until then we go on answering for you.\n\n{link}\n\n"
            "Please turn off the diversion of your telephone after that (##21#). If you change your mind, you can"
            " withdraw"
            " the cancellation until that day on your own pages or by replying to this mail.\n\n"
            "Your reason: {reason}\n\nKind regards,\n{operator}",
            "See the receipt",
        ),
    },
)
CANCELLATION_OVER = Kind(
    "cancellation_over",
    _("Receipt of a cancellation of which the last day is past"),
    _("the client"),
    TO_CLIENT,
    ("ends", "received", "link"),
    {
        "nl": Wording(
            "Uw opzegging van {service} is verwerkt",
            "Geachte heer, mevrouw,\n\nde opzegging van de dienst {service} voor {client}, ontvangen op {received}, is"
            " verwerkt. De laatste dag was {ends}.\n\n{link}\n\n"
            "Zet het doorschakelen van uw telefoon nu uit (##21#).\n\nUw reden: {reason}\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Ontvangstbewijs bekijken",
        ),
        "de": Wording(
            "Ihre Kündigung von {service} ist bearbeitet",
            "Guten Tag,\n\ndie Kündigung des Dienstes {service} für {client}, eingegangen am {received}, ist"
            " bearbeitet."
            " Der letzte Tag war der {ends}.\n\n{link}\n\n"
            "Bitte schalten Sie die Umleitung Ihres Telefons jetzt aus (##21#).\n\nIhr Grund: {reason}\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Bestätigung ansehen",
        ),
        "en": Wording(
            "Your cancellation of {service} is carried out",
            "Dear Sir or Madam,\n\nThe cancellation of the service {service} for {client}, received on {received}, is"
            " carried out. The last day was {ends}.\n\n{link}\n\n"
            "Please turn off the diversion of your telephone now (##21#).\n\nYour reason: {reason}\n\n"
            "Kind regards,\n{operator}",
            "See the receipt",
        ),
    },
)
CANCELLATION_TAKEN_BACK = Kind(
    "cancellation_taken_back",
    _("A client took its notice back"),
    _("your address for cancellations"),
    TO_OPERATOR,
    ("link", "account"),
    {
        "nl": Wording(
            "Opzegging ingetrokken: {client_number} {client}, {service}",
            "De opzegging van de dienst {service} door {client_number} {client} is ingetrokken; de dienst loopt door na"
            " {ends}.\n\n{link}\n\nOpzegging ontvangen op: {received}\nReden destijds: {reason}\nOpgezegd door: {by}\n"
            "Klantaccount: {account}\n\n{operator}",
            "Contract openen",
        ),
        "de": Wording(
            "Kündigung zurückgenommen: {client_number} {client}, {service}",
            "Die Kündigung des Dienstes {service} von {client_number} {client} ist zurückgenommen; der Dienst läuft"
            " nach"
            " dem {ends} weiter.\n\n{link}\n\nKündigung eingegangen am: {received}\nDamaliger Grund: {reason}\n"
            "Gekündigt von: {by}\nMandantenkonto: {account}\n\n{operator}",
            "Vertrag öffnen",
        ),
        "en": Wording(
            "Cancellation withdrawn: {client_number} {client}, {service}",
            "The cancellation of the service {service} by {client_number} {client} is withdrawn; the service goes on"
            " after"
            " {ends}.\n\n{link}\n\nCancellation received on: {received}\nReason then: {reason}\nCancelled by: {by}\n"
            "Client's account: {account}\n\n{operator}",
            "Open the contract",
        ),
    },
)
CANCELLATION_UNDONE = Kind(
    "cancellation_undone",
    _("A cancellation is taken back"),
    _("the client"),
    TO_CLIENT,
    ("service", "link"),
    {
        "nl": Wording(
            "Uw opzegging van {service} is ingetrokken",
            "Geachte heer, mevrouw,\n\nfijn dat u blijft. De opzegging van de dienst {service} voor {client},"
            " ontvangen op"
            " {received}, is ingetrokken: de dienst loopt door na {ends}, met hetzelfde nummer en dezelfde"
            " voorwaarden.\n\n{link}\n\nMet vriendelijke groet,\n{operator}",
            "Ontvangstbewijs bekijken",
        ),
        "de": Wording(
            "Ihre Kündigung von {service} ist zurückgenommen",
            "Guten Tag,\n\nschön, dass Sie bleiben. Die Kündigung des Dienstes {service} für {client}, eingegangen am"
            " {received}, ist zurückgenommen: Der Dienst läuft nach dem {ends} weiter, mit derselben Rufnummer und"
            " denselben Bedingungen.\n\n{link}\n\nMit freundlichen Grüßen\n{operator}",
            "Bestätigung ansehen",
        ),
        "en": Wording(
            "Your cancellation of {service} is withdrawn",
            "Dear Sir or Madam,\n\nWe are glad you are staying. The cancellation of the service {service} for {client},"
            " received on {received}, is withdrawn: the service goes on after {ends}, with the same number and the same"
            " terms.\n\n{link}\n\nKind regards,\n{operator}",
            "See the receipt",
        ),
    },
)
KINDS = (CANCELLATION_NEW, CANCELLATION_RECEIPT, CANCELLATION_OVER, CANCELLATION_TAKEN_BACK, CANCELLATION_UNDONE)
