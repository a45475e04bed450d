"""Mails about notice that somebody gave without a login: the receipt, the link to confirm it, and what staff decide."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, SERVICE, Kind, Variable
from balie.notifications.kinds.cancellations import ENDS
from balie.notifications.wording import Wording

NAME = Variable("name", _("name as it was typed"), "Kees Bakker")
REFERENCE = Variable("request", _("the number of the request"), "R-00017")
MOMENT = Variable(
    "received",
    _("day and time at which it was received"),
    "26-11-2026 11:42",
    {"nl": "26 november 2026 11:42", "de": "26. November 2026 11:42", "en": "26 November 2026 11:42"},
)
SORT = Variable(
    "sort",
    _("ordinary, or extraordinary (for good cause)"),
    "ordinary",
    {"nl": "gewone opzegging", "de": "ordentliche Kündigung", "en": "ordinary cancellation"},
)
WANTED = Variable(
    "wanted",
    _("the last day that is wished"),
    "as soon as possible",
    {"nl": "zo spoedig mogelijk", "de": "zum nächstmöglichen Zeitpunkt", "en": "as soon as possible"},
)
REASON = Variable("reason", _("the reason that was given; may be empty"), "")
IDENTIFIED = Variable("identified", _("client number or telephone number as it was typed"), "1001")
LINK = Variable("link", _("the receipt; here the mail has its button"), f"{HOST}/cancel/received/17.q0Xb3nT8/")
BUTTON = {"nl": "Ontvangstbewijs bekijken", "de": "Bestätigung ansehen", "en": "See the receipt"}
AS_TYPED = (NAME, REFERENCE, MOMENT, SERVICE, SORT, WANTED, REASON, IDENTIFIED)

CANCEL_REQUEST_RECEIPT = Kind(
    "cancel_request_receipt",
    _("Receipt of a cancellation without a login"),
    _("whoever cancelled, at the address that was typed"),
    (*AS_TYPED, LINK, SENDER),
    ("received", "request", "link"),
    {
        "nl": Wording(
            "Uw opzegging is ontvangen op {received}",
            "Geachte heer, mevrouw,\n\n"
            "op {received} hebben we via onze website deze opzegging ontvangen:\n\n"
            "Dienst: {service}\nNaam: {name}\nKlant- of telefoonnummer: {identified}\nSoort: {sort}\n"
            "Gewenste laatste dag: {wanted}\nReden: {reason}\nKenmerk: {request}\n\n"
            "{link}\n\n"
            "We zoeken het contract erbij en schrijven u de laatste dag. De dag van ontvangst telt, niet de dag waarop"
            " wij antwoorden. Hebt u deze opzegging niet gedaan? Beantwoord dan deze mail.\n\n"
            "Met vriendelijke groet,\n{operator}",
            BUTTON["nl"],
        ),
        "de": Wording(
            "Ihre Kündigung ist am {received} eingegangen",
            "Guten Tag,\n\n"
            "am {received} ist über unsere Website diese Kündigung eingegangen:\n\n"
            "Dienst: {service}\nName: {name}\nKunden- oder Rufnummer: {identified}\nArt: {sort}\n"
            "Gewünschter letzter Tag: {wanted}\nGrund: {reason}\nZeichen: {request}\n\n"
            "{link}\n\n"
            "Wir suchen den Vertrag heraus und schreiben Ihnen, wann er endet. Es zählt der Tag des Eingangs, nicht"
            " der Tag unserer Antwort. Sie haben nicht gekündigt? Dann antworten Sie bitte auf diese Mail.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            BUTTON["de"],
        ),
        "en": Wording(
            "Your cancellation was received on {received}",
            "Dear Sir or Madam,\n\n"
            "On {received} we received this cancellation through our website:\n\n"
            "Service: {service}\nName: {name}\nClient or telephone number: {identified}\nKind: {sort}\n"
            "Last day wished: {wanted}\nReason: {reason}\nReference: {request}\n\n"
            "{link}\n\n"
            "We look the contract up and write to you when it ends. The day of receipt counts, not the day of our"
            " answer. You did not cancel? Then please reply to this mail.\n\n"
            "Kind regards,\n{operator}",
            BUTTON["en"],
        ),
    },
)

CANCEL_REQUEST_CONFIRM = Kind(
    "cancel_request_confirm",
    _("Link to confirm a cancellation"),
    _("the client, at an address of its own"),
    (
        CLIENT,
        SERVICE,
        MOMENT,
        ENDS,
        Variable("link", _("the page that confirms; here the mail has its button"), f"{HOST}/cancel/confirm/17.Zk3d/"),
        SENDER,
    ),
    ("link", "ends"),
    {
        "nl": Wording(
            "Bevestig uw opzegging van {service}",
            "Geachte heer, mevrouw,\n\n"
            "op {received} is via onze website de dienst {service} van {client} opgezegd. Met de knop op deze pagina"
            " wordt de opzegging meteen verwerkt; de laatste dag is dan {ends}.\n\n"
            "{link}\n\n"
            "Doet u niets, dan kijken onze medewerkers ernaar; de dag van ontvangst blijft tellen. Hebt u niet"
            " opgezegd? Druk dan niet op de knop en beantwoord deze mail.\n\n"
            "Met vriendelijke groet,\n{operator}",
            "Opzegging bevestigen",
        ),
        "de": Wording(
            "Bestätigen Sie Ihre Kündigung von {service}",
            "Guten Tag,\n\n"
            "am {received} wurde über unsere Website der Dienst {service} von {client} gekündigt. Mit der Schaltfläche"
            " auf dieser Seite wird die Kündigung sofort ausgeführt; der letzte Tag ist dann der {ends}.\n\n"
            "{link}\n\n"
            "Wenn Sie nichts tun, sehen unsere Mitarbeiter sie an; der Tag des Eingangs zählt weiter. Sie haben nicht"
            " gekündigt? Dann drücken Sie nicht auf die Schaltfläche und antworten Sie auf diese Mail.\n\n"
            "Mit freundlichen Grüßen\n{operator}",
            "Kündigung bestätigen",
        ),
        "en": Wording(
            "Confirm your cancellation of {service}",
            "Dear Sir or Madam,\n\n"
            "On {received} the service {service} of {client} was cancelled through our website. The button on this"
            " page carries the cancellation out at once; the last day is {ends} then.\n\n"
            "{link}\n\n"
            "If you do nothing, our staff will look at it; the day of receipt goes on counting. You did not cancel?"
            " Then do not press the button, and reply to this mail.\n\n"
            "Kind regards,\n{operator}",
            "Confirm the cancellation",
        ),
    },
)

CANCEL_REQUEST_NEW = Kind(
    "cancel_request_new",
    _("Somebody cancelled without a login"),
    _("your address for cancellations"),
    (
        *AS_TYPED,
        Variable("email", _("email address as it was typed"), "kees@bakker.example"),
        Variable(
            "match",
            _("whose contract it may be, and whether a link to confirm it was mailed"),
            "1001 Bakker Installaties",
        ),
        Variable("link", _("the request in the office; here the mail has its button"), f"{HOST}/cancellations/"),
        SENDER,
    ),
    ("link",),
    {
        "nl": Wording(
            "Opzegging zonder inloggen: {name}, {service}",
            "Via de website is opgezegd door {name}.\n\n{link}\n\nKenmerk: {request}\nOntvangen: {received}\n"
            "Dienst: {service}\nKlant- of telefoonnummer: {identified}\nE-mail: {email}\nSoort: {sort}\n"
            "Gewenste laatste dag: {wanted}\nReden: {reason}\n\n{match}\n\n{operator}",
            "Verzoek openen",
        ),
        "de": Wording(
            "Kündigung ohne Login: {name}, {service}",
            "Über die Website hat {name} gekündigt.\n\n{link}\n\nZeichen: {request}\nEingegangen: {received}\n"
            "Dienst: {service}\nKunden- oder Rufnummer: {identified}\nE-Mail: {email}\nArt: {sort}\n"
            "Gewünschter letzter Tag: {wanted}\nGrund: {reason}\n\n{match}\n\n{operator}",
            "Anliegen öffnen",
        ),
        "en": Wording(
            "Cancellation without a login: {name}, {service}",
            "{name} cancelled through the website.\n\n{link}\n\nReference: {request}\nReceived: {received}\n"
            "Service: {service}\nClient or telephone number: {identified}\nEmail: {email}\nKind: {sort}\n"
            "Last day wished: {wanted}\nReason: {reason}\n\n{match}\n\n{operator}",
            "Open the request",
        ),
    },
)

CANCEL_REQUEST_ACCEPTED = Kind(
    "cancel_request_accepted",
    _("A cancellation without a login is accepted"),
    _("whoever cancelled, at the address that was typed"),
    (NAME, REFERENCE, MOMENT, SERVICE, ENDS, LINK, SENDER),
    ("ends", "link"),
    {
        "nl": Wording(
            "Uw opzegging is verwerkt: laatste dag {ends}",
            "Geachte heer, mevrouw,\n\n"
            "uw opzegging van de dienst {service}, ontvangen op {received} (kenmerk {request}), is verwerkt. De laatste"
            " dag is {ends}; tot en met die dag blijven wij voor u opnemen.\n\n"
            "Denk eraan het doorschakelen van uw telefoon daarna uit te zetten (##21#).\n\n"
            "{link}\n\nMet vriendelijke groet,\n{operator}",
            BUTTON["nl"],
        ),
        "de": Wording(
            "Ihre Kündigung ist ausgeführt: letzter Tag {ends}",
            "Guten Tag,\n\n"
            "Ihre Kündigung des Dienstes {service}, eingegangen am {received} (Zeichen {request}), ist ausgeführt. Der"
            " letzte Tag ist der {ends}; bis dahin nehmen wir weiter für Sie ab.\n\n"
            "Bitte schalten Sie danach die Umleitung Ihres Telefons aus (##21#).\n\n"
            "{link}\n\nMit freundlichen Grüßen\n{operator}",
            BUTTON["de"],
        ),
        "en": Wording(
            "Your cancellation is carried out: last day {ends}",
            "Dear Sir or Madam,\n\n"
            "Your cancellation of the service {service}, received on {received} (reference {request}), is carried out."
            " The last day is {ends}; until then we go on answering for you.\n\n"
            "Please turn off the diversion of your telephone after that (##21#).\n\n"
            "{link}\n\nKind regards,\n{operator}",
            BUTTON["en"],
        ),
    },
)

CANCEL_REQUEST_REJECTED = Kind(
    "cancel_request_rejected",
    _("A cancellation without a login is rejected"),
    _("whoever cancelled, at the address that was typed"),
    (
        NAME,
        REFERENCE,
        MOMENT,
        SERVICE,
        Variable(
            "answer",
            _("why, as it was typed in the office"),
            "We find no contract with this number.",
            {
                "nl": "We vinden geen contract met dit nummer.",
                "de": "Wir finden keinen Vertrag mit dieser Nummer.",
                "en": "We find no contract with this number.",
            },
        ),
        LINK,
        SENDER,
    ),
    ("answer", "link"),
    {
        "nl": Wording(
            "Uw opzegging {request} kunnen we niet verwerken",
            "Geachte heer, mevrouw,\n\n"
            "uw opzegging van de dienst {service}, ontvangen op {received} (kenmerk {request}), kunnen we zo niet"
            " verwerken:\n\n{answer}\n\n"
            "Beantwoord deze mail, dan lossen we het samen op. De dag waarop u ons schreef, raakt u niet kwijt.\n\n"
            "{link}\n\nMet vriendelijke groet,\n{operator}",
            BUTTON["nl"],
        ),
        "de": Wording(
            "Ihre Kündigung {request} können wir nicht ausführen",
            "Guten Tag,\n\n"
            "Ihre Kündigung des Dienstes {service}, eingegangen am {received} (Zeichen {request}), können wir so nicht"
            " ausführen:\n\n{answer}\n\n"
            "Bitte antworten Sie auf diese Mail, dann klären wir es gemeinsam. Der Tag, an dem Sie uns geschrieben"
            " haben, geht Ihnen nicht verloren.\n\n"
            "{link}\n\nMit freundlichen Grüßen\n{operator}",
            BUTTON["de"],
        ),
        "en": Wording(
            "We cannot carry out your cancellation {request}",
            "Dear Sir or Madam,\n\n"
            "Your cancellation of the service {service}, received on {received} (reference {request}), cannot be"
            " carried out like this:\n\n{answer}\n\n"
            "Please reply to this mail, and we will sort it out together. The day on which you wrote to us is not"
            " lost.\n\n"
            "{link}\n\nKind regards,\n{operator}",
            BUTTON["en"],
        ),
    },
)
KINDS = (
    CANCEL_REQUEST_RECEIPT,
    CANCEL_REQUEST_CONFIRM,
    CANCEL_REQUEST_NEW,
    CANCEL_REQUEST_ACCEPTED,
    CANCEL_REQUEST_REJECTED,
)
