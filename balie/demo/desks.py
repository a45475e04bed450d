"""What agents see and say for each client of the demo: words, hours, fields, recipients, callers without a note; and
who is away."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from balie.accounts.models import Agent, Client
from balie.demo.customers import CUSTOMERS, Customer
from balie.demo.lines import number_of
from balie.demo.noted import ASKED_EMAIL
from balie.demo.trades import TRADES
from balie.notes.actions import Away, put_absence, put_desk
from balie.notes.models import Absence
from balie.operator.actions import Author

MANAGER = "Marit de Boer"
COPIED = ("208", "211", "212")  # agents whose notes the operator wants to see: two are new
GREETINGS = {
    "nl": "Goedendag, {client}, u spreekt met {agent}. Waarmee kan ik u helpen?",
    "de": "Guten Tag, {client}, Sie sprechen mit {agent}. Was kann ich für Sie tun?",
    "en": "Good day, {client}, this is {agent} speaking. How can I help you?",
}
OWN_GREETINGS = {
    "1013": "Taxicentrale Amstelland, met {agent}. Waar mogen we u ophalen?",
    "1014": "Uitvaartzorg Linnaeus, met {agent}. Zegt u het maar.",
    "1016": "Huisartsenpraktijk De Pijp, met {agent}. Is het spoed?",
    "1011": "Loodgieter24, met {agent}. Loopt er nog water?",
}
# By the kind of hours: Monday to Friday, Saturday.
HOURS: dict[str, tuple[str, str]] = {
    "office": ("08:30–17:30", ""),
    "practice": ("08:00–12:30, 13:00–17:00", ""),
    "trades": ("07:30–17:00", ""),
    "shop": ("09:00–18:00", "10:00–17:00"),
    "lessons": ("09:00–20:00", "10:00–15:00"),
    "emergency": ("08:00–17:00", ""),
    "taxi": ("00:00–24:00", "00:00–24:00"),
    "grief": ("09:00–17:00", ""),
}
ALWAYS = ("taxi",)
REGIONS = {"de": "DE-NW"}
# Who gets notes beside the client's own address: name, address, when.
MORE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "1001": (("Planning", "planning@bakker-installatietechniek.example", "open"), ("Kees Bakker",
    "kees@bakker.example", "closed")),
    "1005": (("Dienstdoende arts", "dienst@dierenkliniek-amstelveld.example", "closed"),),
    "1011": (("Dienst", "dienst@loodgieter24.example", "always"),),
    "1014": (("Dienst", "dienst@uitvaartzorg-linnaeus.example", "closed"),),
    "1033": (("Dienst", "dienst@slotenmaker-domstad.example", "closed"),),
}  # fmt: skip
STANDARD = {"1001": ["caller_name"], "1002": ["caller_name"], "1026": ["caller_name"]}
# Whose calls need no note: place among the client's callers (0 calls most often), and why.
EXEMPT: dict[str, tuple[int, str]] = {
    "1001": (0, "Magazijn van de groothandel: meldt alleen leveringen"),
    "1005": (1, "Laboratorium, belt terug met de praktijk zelf"),
    "1008": (0, "Tandtechnisch laboratorium"),
    "1010": (0, "Meldkamer liftalarm: belt al naar de storingsdienst"),
    "1013": (0, "Chauffeur, eigen telefoon"),
    "1016": (2, "Apotheek om de hoek, eigen lijn"),
    "1027": (0, "Alarmzentrale, meldet nur Tests"),
}
# Who is away: from and until so many days after the demo is made (None: until further notice), who, what to say.
AWAY: tuple[tuple[str, float, float | None, str, str], ...] = (
    ("1001", -2, 3, "Kees Bakker", "De heer Bakker is tot en met maandag op de beurs; Ria neemt alles waar."),
    ("1004", 4, 9, "Sanne de Jong", "Bezichtigingen plant deze week de heer Prins zelf."),
    ("1008", -1, 1.4, "balie", "De balie is ziek; afspraken worden vanavond bevestigd."),
    ("1010", -6, None, "portaal", "Het bewonersportaal wordt vervangen: vraag om een e-mailadres voor de stukken."),
    ("1016", 6, 8, "dokter Van Rijn", "Dokter Van Rijn is op nascholing; dokter Post neemt waar."),
    ("1019", -20, -6, "werkplaats", "Werkplaats verbouwt: geen leenauto's."),
    ("1026", -1, 6, "Dr. Weber", "Herr Dr. Weber ist bis nächste Woche im Urlaub, Frau Dr. Kern vertritt ihn."),
    ("1030", 1, 3, "Julia Meyer", "Julia is travelling; the case desk takes over."),
)


def set_up_desks(now: datetime) -> None:
    """Everything agents need for all clients, as the manager entered it; copies go out of some agents' notes only."""
    Agent.objects.exclude(code__in=COPIED).update(copy_notes=False)
    author, clients = Author(MANAGER, now), {client.number: client for client in Client.objects.all()}
    for customer in CUSTOMERS:
        for part, value in parts(customer):
            put_desk(client=clients[customer.number], part=part, value=value, author=author)


def parts(customer: Customer) -> Iterator[tuple[str, object]]:
    trade = TRADES[customer.number]
    known = {"boss": trade.people[0], "second": trade.people[1]}
    yield (
        "words",
        {
            "greeting": OWN_GREETINGS.get(customer.number, GREETINGS[customer.language]),
            "in_hours": trade.in_hours.format_map(known),
            "out_of_hours": trade.out_of_hours.format_map(known),
            "questions": trade.questions.format_map(known),
            "region": REGIONS.get(customer.language, ""),
        },
    )
    week, saturday = HOURS[customer.hours]
    days = dict.fromkeys("01234", week) | {"5": saturday}
    yield "hours", days | (dict.fromkeys("67", week) if customer.hours in ALWAYS else {})
    asked = ["email"] if customer.number in ASKED_EMAIL else STANDARD.get(customer.number, [])
    required = [*asked, *(one.name for one in trade.fields if one.required)]
    yield "fields", {"extra": [one.name for one in trade.fields], "required": required}
    if more := MORE.get(customer.number):
        first = {"to": customer.mailbox, "name": customer.name, "when": "always"}
        yield "recipients", [first, *({"to": to, "name": name, "when": when} for name, to, when in more)]
    if customer.number in EXEMPT:
        place, why = EXEMPT[customer.number]
        yield "exempt", [{"number": frequent(customer, place), "why": why}]


def frequent(customer: Customer, place: int) -> str:
    """The number of one of those who call a client most often."""
    return number_of(Random(f"{customer.number} {place}"), customer.language)


def tell_absences(present: datetime, now: datetime) -> None:
    """Who is away just before or after the demo is made. Done once."""
    if Absence.objects.exists():
        return
    for number, begins, ends, who, say in AWAY:
        begin, end = (present + timedelta(days=days) if days is not None else None for days in (begins, ends))
        assert begin
        away = Away(who, say, begin.replace(minute=0, second=0), end and end.replace(minute=0, second=0))
        author = Author(MANAGER, min(now, begin - timedelta(hours=20)))
        put_absence(client=Client.objects.get(number=number), away=away, author=author)
