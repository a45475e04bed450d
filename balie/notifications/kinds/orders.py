"""Mails about an order: one for each status to the client, and those to the operator."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, SERVICE, Kind, Variable
from balie.notifications.wording import Wording

ORDER = Variable("order", _("the order number"), "2026-00017")
NUMBER = Variable(
    "number",
    _("the telephone number; empty while there is none"),
    "020 123 45 67",
    {"nl": "020 123 45 67", "de": "030 123456", "en": "020 123 45 67"},
)
ACCOUNT = Variable("account", _("the client's account in the office"), f"{HOST}/clients/1001/")
CLIENT_NUMBER = Variable("client_number", _("number of the client"), "1001")
TO_CLIENT = (
    CLIENT,
    SERVICE,
    ORDER,
    NUMBER,
    Variable("link", _("the page of the order; here the mail has its button"), f"{HOST}/order/17.q0Xb3nT8/"),
    SENDER,
)
OF_STAFF = (
    CLIENT,
    CLIENT_NUMBER,
    SERVICE,
    ORDER,
    NUMBER,
    ACCOUNT,
    Variable("link", _("the page of the order; here the mail has its button"), f"{HOST}/orders/17/"),
)
HELLO = {"nl": "Geachte heer, mevrouw,", "de": "Guten Tag,", "en": "Dear Sir or Madam,"}
BYE = {
    "nl": "Met vriendelijke groet,\n{operator}",
    "de": "Mit freundlichen Grüßen\n{operator}",
    "en": "Kind regards,\n{operator}",
}
BUTTON = {"nl": "Bestelling bekijken", "de": "Bestellung ansehen", "en": "See the order"}


def to_client(
    status: str, title: str | Promise, said: Mapping[str, tuple[str, str]], *, buttons: Mapping[str, str] = BUTTON
) -> Kind:
    """The mail of one status. said: by language the subject and the words between greeting and farewell."""
    standard = {
        language: Wording(subject, f"{HELLO[language]}\n\n{body}\n\n{BYE[language]}", buttons[language])
        for language, (subject, body) in said.items()
    }
    return Kind(f"order_{status}", title, _("the client"), TO_CLIENT, ("link",), standard)


ORDER_WAITING = to_client(
    "waiting",
    _("Order: it waits"),
    {
        "nl": (
            "Uw bestelling {order}: een ogenblik geduld",
            "dank voor uw bestelling van de dienst {service} voor {client}. We kunnen die niet direct afronden, maar u"
            " hoeft niets te doen: we gaan vanzelf verder en mailen u zodra uw nummer klaar is. U betaalt pas vanaf die"
            " dag.\n\n{link}\n\nUw nummer: {number}",
        ),
        "de": (
            "Ihre Bestellung {order}: einen Moment Geduld",
            "vielen Dank für Ihre Bestellung des Dienstes {service} für {client}. Wir können sie nicht sofort"
            " abschließen, Sie müssen aber nichts tun: Es geht von selbst weiter, und wir schreiben Ihnen, sobald Ihre"
            " Rufnummer bereit ist. Sie zahlen erst ab diesem Tag.\n\n{link}\n\nIhre Rufnummer: {number}",
        ),
        "en": (
            "Your order {order}: one moment please",
            "Thank you for ordering the service {service} for {client}. We cannot finish it at once, but there is"
            " nothing"
            " you need to do: it goes on by itself, and we write to you as soon as your number is ready. You pay from"
            " that day only.\n\n{link}\n\nYour number: {number}",
        ),
    },
)
ORDER_CLAIMED = to_client(
    "claimed",
    _("Order: a number is reserved"),
    {
        "nl": (
            "Uw bestelling {order} is binnen",
            "dank voor uw bestelling van de dienst {service} voor {client}. Dit nummer is voor u gereserveerd:"
            " {number}\n\n{link}\n\nWe zetten het nu klaar en testen het. Schakel uw telefoon nog niet door; u"
            " krijgt een"
            " mail zodra dat kan.",
        ),
        "de": (
            "Ihre Bestellung {order} ist eingegangen",
            "vielen Dank für Ihre Bestellung des Dienstes {service} für {client}. Diese Rufnummer ist für Sie"
            " reserviert: {number}\n\n{link}\n\nWir richten sie jetzt ein und testen sie. Leiten Sie Ihr Telefon bitte"
            " noch nicht um; Sie bekommen eine Mail, sobald es so weit ist.",
        ),
        "en": (
            "Your order {order} has arrived",
            "Thank you for ordering the service {service} for {client}. This number is reserved for you:"
            " {number}\n\n{link}\n\nWe are setting it up and testing it now. Please do not divert your telephone"
            " yet; we"
            " write to you as soon as you can.",
        ),
    },
)
ORDER_CONFIGURED = to_client(
    "configured",
    _("Order: the number is set up"),
    {
        "nl": (
            "Uw bestelling {order}: uw nummer wordt getest",
            "het nummer {number} is ingesteld in onze telefooncentrale. We testen nu of oproepen goed aankomen.\n\n"
            "{link}\n\nU hoeft niets te doen; schakel nog niet door.",
        ),
        "de": (
            "Ihre Bestellung {order}: Ihre Rufnummer wird getestet",
            "die Rufnummer {number} ist in unserer Telefonanlage eingerichtet. Wir testen jetzt, ob Anrufe richtig"
            " ankommen.\n\n{link}\n\nSie müssen nichts tun; leiten Sie bitte noch nicht um.",
        ),
        "en": (
            "Your order {order}: your number is being tested",
            "The number {number} is set up in our telephone system. We are now testing that calls arrive.\n\n"
            "{link}\n\nThere is nothing you need to do; please do not divert yet.",
        ),
    },
)
ORDER_READY = to_client(
    "ready",
    _("Order: the number is ready"),
    {
        "nl": (
            "Uw nummer is klaar: {number}",
            "vanaf nu nemen wij op in naam van {client}. Schakel uw telefoon door naar:\n\n{number}\n\n{link}\n\n"
            "Op de pagina staan de codes om door te schakelen, voor mobiel en vast, en een QR-code. Bijvoorbeeld altijd"
            " doorschakelen met een mobiele telefoon: toets **21*, dan dit nummer, dan #, en druk op bellen. Met ##21#"
            " zet u het weer uit.",
        ),
        "de": (
            "Ihre Rufnummer ist bereit: {number}",
            "ab jetzt melden wir uns im Namen von {client}. Leiten Sie Ihr Telefon um auf:\n\n{number}\n\n{link}\n\n"
            "Auf der Seite stehen die Codes zum Umleiten, für Mobilfunk und Festnetz, und ein QR-Code. Zum Beispiel"
            " immer"
            " umleiten mit einem Mobiltelefon: **21* wählen, dann diese Rufnummer, dann #, und die Anruftaste drücken."
            " Mit ##21# schalten Sie es wieder aus.",
        ),
        "en": (
            "Your number is ready: {number}",
            "From now on we answer in the name of {client}. Divert your telephone to:\n\n{number}\n\n{link}\n\n"
            "The page has the codes to divert, for mobile and fixed lines, and a QR code. To always divert a mobile"
            " telephone, for example: dial **21*, then this number, then #, and press call. ##21# turns it off again.",
        ),
    },
    buttons={"nl": "Doorschakelen: zo werkt het", "de": "So leiten Sie um", "en": "How to divert"},
)
ORDER_ACTIVE = to_client(
    "active",
    _("Order: the first call has come"),
    {
        "nl": (
            "Uw eerste oproep is binnengekomen",
            "het werkt: de eerste oproep op {number} is bij ons aangekomen. De dienst {service} voor {client} is in"
            " gebruik.\n\n{link}\n\nOp uw eigen pagina’s ziet u elke oproep en wat deze maand kost.",
        ),
        "de": (
            "Ihr erster Anruf ist angekommen",
            "es funktioniert: Der erste Anruf auf {number} ist bei uns angekommen. Der Dienst {service} für {client}"
            " ist"
            " in Betrieb.\n\n{link}\n\nAuf Ihren eigenen Seiten sehen Sie jeden Anruf und was dieser Monat kostet.",
        ),
        "en": (
            "Your first call has arrived",
            "It works: the first call to {number} has reached us. The service {service} for {client} is in use.\n\n"
            "{link}\n\nYour own pages show every call and what this month costs.",
        ),
    },
)
ORDER_IN_USE = to_client(
    "in_use",
    _("Order: a service without a number is in use"),
    {
        "nl": (
            "Uw bestelling {order}: {service} is in gebruik",
            "dank voor uw bestelling. De dienst {service} voor {client} is vanaf nu in gebruik.\n\n{link}\n\nOp uw"
            " eigen"
            " pagina’s ziet u wat er gebruikt is en wat deze maand kost.",
        ),
        "de": (
            "Ihre Bestellung {order}: {service} ist in Betrieb",
            "vielen Dank für Ihre Bestellung. Der Dienst {service} für {client} ist ab jetzt in"
            " Betrieb.\n\n{link}\n\nAuf"
            " Ihren eigenen Seiten sehen Sie, was genutzt wurde und was dieser Monat kostet.",
        ),
        "en": (
            "Your order {order}: {service} is in use",
            "Thank you for your order. The service {service} for {client} is in use from now on.\n\n{link}\n\nYour own"
            " pages show what was used and what this month costs.",
        ),
    },
)
ORDER_WITHDRAWN = to_client(
    "withdrawn",
    _("Order: taken back"),
    {
        "nl": (
            "Uw bestelling {order} is ingetrokken",
            "de bestelling van de dienst {service} voor {client} is ingetrokken. Er worden geen kosten berekend.\n\n"
            "{link}\n\nHebt u uw telefoon al doorgeschakeld naar {number}, zet dat dan uit met ##21#.",
        ),
        "de": (
            "Ihre Bestellung {order} ist zurückgezogen",
            "die Bestellung des Dienstes {service} für {client} ist zurückgezogen. Es wird nichts berechnet.\n\n"
            "{link}\n\nFalls Sie Ihr Telefon schon auf {number} umgeleitet haben, schalten Sie das mit ##21# aus.",
        ),
        "en": (
            "Your order {order} is withdrawn",
            "The order of the service {service} for {client} is withdrawn. Nothing is charged.\n\n"
            "{link}\n\nIf you have diverted your telephone to {number} already, turn that off with ##21#.",
        ),
    },
)
ORDER_NEW = Kind(
    "order_new",
    _("A new order"),
    _("your address for orders"),
    (
        *OF_STAFF,
        Variable("tariff", _("the tariff with its code"), "Basis (BASIS)"),
        Variable("by", _("who ordered"), "Kees Bakker"),
        SENDER,
    ),
    ("link", "account"),
    {
        "nl": Wording(
            "Bestelling {order}: {client_number} {client}, {service}",
            "{client_number} {client} heeft de dienst {service} besteld.\n\n{link}\n\nTarief: {tariff}\nNummer:"
            " {number}\n"
            "Besteld door: {by}\nKlantaccount: {account}\n\n{operator}",
            "Bestelling openen",
        ),
        "de": Wording(
            "Bestellung {order}: {client_number} {client}, {service}",
            "{client_number} {client} hat den Dienst {service} bestellt.\n\n{link}\n\nTarif: {tariff}\nRufnummer:"
            " {number}\n"
            "Bestellt von: {by}\nMandantenkonto: {account}\n\n{operator}",
            "Bestellung öffnen",
        ),
        "en": Wording(
            "Order {order}: {client_number} {client}, {service}",
            "{client_number} {client} has ordered the service {service}.\n\n{link}\n\nTariff: {tariff}\nNumber:"
            " {number}\n"
            "Ordered by: {by}\nClient's account: {account}\n\n{operator}",
            "Open the order",
        ),
    },
)
ORDER_STUCK = Kind(
    "order_stuck",
    _("An order waits"),
    _("your address for tasks"),
    (
        *OF_STAFF,
        Variable(
            "problem",
            _("why, and what to do"),
            "No number is free.",
            {
                "nl": "Er is geen nummer vrij. Voeg nummers toe aan de voorraad; de bestelling gaat dan vanzelf"
                " verder.",
                "de": "Keine Rufnummer ist frei. Nehmen Sie Rufnummern auf; die Bestellung geht dann von selbst"
                " weiter.",
                "en": "No number is free. Add numbers to the pool; the order goes on by itself.",
            },
        ),
        SENDER,
    ),
    ("link", "problem"),
    {
        "nl": Wording(
            "Bestelling {order} wacht: {client_number} {client}",
            "De bestelling van de dienst {service} door {client_number} {client} kan niet"
            " verder.\n\n{link}\n\n{problem}\n\n"
            "Nummer: {number}\nKlantaccount: {account}\n\n{operator}",
            "Bestelling openen",
        ),
        "de": Wording(
            "Bestellung {order} wartet: {client_number} {client}",
            "Die Bestellung des Dienstes {service} von {client_number} {client} kommt nicht"
            " weiter.\n\n{link}\n\n{problem}\n\n"
            "Rufnummer: {number}\nMandantenkonto: {account}\n\n{operator}",
            "Bestellung öffnen",
        ),
        "en": Wording(
            "Order {order} waits: {client_number} {client}",
            "The order of the service {service} by {client_number} {client} cannot go on.\n\n{link}\n\n{problem}\n\n"
            "Number: {number}\nClient's account: {account}\n\n{operator}",
            "Open the order",
        ),
    },
)
KINDS = (
    ORDER_WAITING,
    ORDER_CLAIMED,
    ORDER_CONFIGURED,
    ORDER_READY,
    ORDER_ACTIVE,
    ORDER_IN_USE,
    ORDER_WITHDRAWN,
    ORDER_NEW,
    ORDER_STUCK,
)
