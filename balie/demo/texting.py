"""SMS of the demo: lists of a gateway, one a month, with what some clients had sent to their own customers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from balie.demo.customers import CUSTOMERS, Customer
from balie.demo.files import days_between
from balie.demo.holidays import is_holiday
from balie.demo.lines import number_of
from balie.demo.operator import ZONE
from balie.demo.people import Words
from balie.messages.actions import import_messages
from balie.messages.actions.imports import ListFile
from balie.rules.period import Period

GATEWAY = "sms-provider"
# Client, SMS on an ordinary working day, and what they say.
SENDS: tuple[tuple[str, float, str], ...] = (
    ("1003", 5, "Herinnering: u heeft {day} om {time} een afspraak bij Fysiotherapie Vondelpark. Verhinderd? Bel ons"
        " 24 uur van tevoren."),
    ("1008", 7, "Uw afspraak bij Tandartspraktijk Oosterpark is {day} om {time}. Tot dan!"),
    ("1011", 4, "Loodgieter24: onze monteur is onderweg naar {street} en is er over ongeveer {number} minuten."),
    ("1013", 22, "Taxi {ref} is onderweg, aankomst rond {time}. Taxicentrale Amstelland"),
    ("1019", 3, "Uw {car} is klaar, u kunt hem ophalen tot 18:00 uur. Autobedrijf Kuipers"),
    ("1026", 2, "Erinnerung: Ihr Termin in der Kanzlei Weber & Partner ist am {day} um {time} Uhr. Bitte bringen Sie"
        " Ihre Unterlagen mit."),
    ("1001", 3, "Bakker Installatietechniek: de monteur komt {day} tussen {time} en een uur later. Vragen? Bel ons"
        " gerust, wij staan voor u klaar van 7:30 tot 17:00 uur op werkdagen."),
)  # fmt: skip
EVERY_DAY = ("1011", "1013")
HEAD = "sent_at,from,to,text\n"


def texts_of(period: Period, until: datetime) -> bytes:
    """The gateway's list of a month, as far as it was sent by then; empty where nothing was."""
    lines = [
        line for day in days_between(period.first_day, period.last_day + timedelta(days=1)) for line in of_day(day)
    ]
    sent = [line for at, line in sorted(lines) if at < until]
    return (HEAD + "".join(sent)).encode() if sent else b""


def of_day(day: date) -> Iterator[tuple[datetime, str]]:
    lot = Random(f"sms {day.isoformat()}")
    for number, mean, text in SENDS:
        customer = next(one for one in CUSTOMERS if one.number == number)
        quiet = number not in EVERY_DAY and (day.weekday() > 4 or is_holiday(day))
        for _ in range(0 if quiet else lot.randrange(int(mean * 0.5), int(mean * 1.5) + 1)):
            yield of_customer(customer, text, day, lot)


def of_customer(customer: Customer, text: str, day: date, lot: Random) -> tuple[datetime, str]:
    at = datetime(
        day.year, day.month, day.day, lot.randrange(8, 18), lot.randrange(60), lot.randrange(60), tzinfo=ZoneInfo(ZONE)
    )
    person = number_of(Random(f"{customer.number} sms {lot.randrange(400)}"), customer.language)
    words = text.format_map(Words(lot, customer.language))
    return at, f'{at.isoformat(sep=" ")},{customer.line},{person},"{words}"\n'


def take_in(period: Period, present: datetime, now: datetime) -> None:
    """Imports the gateway's list of a month as it is by now."""
    if data := texts_of(period, min(present, now)):
        import_messages(source=GATEWAY, file=ListFile(f"sms-{period}.csv", data), now=now)
