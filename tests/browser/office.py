"""What the house of the browser tests has in it: a world file, and files of calls as an Asterisk writes them."""

from datetime import datetime, timedelta
from typing import Any

from tests.clock import where_it_is_noon

ZONE = where_it_is_noon()
# What the old one wrote ends within last month: so that month never closes by itself while tests are at its calls.
PBX, OLD_PBX = "pbx", "old pbx"
UNKNOWN = "+31201239999"
NAMES = ("Bakker Installaties", "Notariskantoor Van Dam", "Wolff & Zn. Dakdekkers")
# Each leaves in a way of its own: by the public page, in the portal, and by an offer it cannot refuse.
LEAVING = {"1004": "Bloemen Roos", "1005": "Fietsen Vos", "1006": "Schilder Groen"}
CODE = "K7RA-2MXE-94UW"
ANNA = "anna@example.com"


def first_of_last_month(now: datetime) -> datetime:
    """The first moment of the month before, UTC; a safe distance from both edges comes with the calls."""
    return (now.replace(day=1) - timedelta(days=1)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def world(month: datetime) -> dict[str, Any]:
    """An operator with six clients, one number each, an agent and a phone system."""
    start = (month - timedelta(days=60)).strftime("%Y-%m-%d")
    contract = {"service": "telephone", "tariff": "BASIS", "start": start}
    clients = {**{str(number): name for number, name in enumerate(NAMES, start=1001)}, **LEAVING}
    boxes = ("orders", "registrations", "cancellations", "tasks")
    return {
        "operator": {
            "name": "Telefoonservice De Linde",
            "timezone": ZONE,
            "close": {"day": 28, "at": "23:59"},
            "mailboxes": {box: f"{box}@delinde.example" for box in boxes},
        },
        "phone_systems": [phone_system(OLD_PBX), phone_system(PBX)],
        "agents": [{"code": "201", "name": "Anna de Wit", "endpoint": "PJSIP/201", "email": ANNA}],
        "tariffs": [
            tariff("BASIS", "Basis", "39.00"),
            tariff("LICHT", "Licht", "19.00"),
            {**tariff(CODE, "Op maat", "15.00"), "public": False},
        ],
        "clients": [
            {"number": number, "name": name, "email": f"info@{number}.example", "contracts": [contract]}
            for number, name in clients.items()
        ],
        "numbers": [{"number": f"+3120123{number}", "client": number, "from": start, "to": None} for number in clients],
    }


def phone_system(name: str) -> dict[str, Any]:
    return {"name": name, "format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"], "account_prefix": "c"}


def tariff(code: str, title: str, fee: str) -> dict[str, Any]:
    """A public tariff with a monthly fee, to be cancelled with a month's notice."""
    item = {"meter": "basic_fee", "title": {"nl": "Basisbedrag"}, "price": fee, "cycle": "monthly"}
    return {
        "code": code,
        "service": "telephone",
        "title": {"nl": title},
        "public": True,
        "notice": "monthly",
        "vat_percent": "21",
        "items": [item],
    }


def month_of_calls(month: datetime) -> str:
    """Sixty calls of that month: accepted and missed, some to a number that nobody has, one line nobody can read."""
    lines = []
    for at in range(60):
        start = month + timedelta(days=2 + at % 20, hours=8 + at % 9, minutes=at)
        called = UNKNOWN if at % 10 == 9 else f"+3120123{1001 + at % 3}"
        talk = 0 if at % 7 == 6 else 30 + at
        lines.append(line(start, called, talk, at))
    return "".join(lines) + '"this","is","no","call"\n'


def calls_just_now(now: datetime) -> str:
    """Five calls of the last half an hour, for three clients; all are Anna's, and wait for a note."""
    starts = [now - timedelta(minutes=6 * (at + 1)) for at in range(5)]
    return "".join(line(start, f"+3120123{1001 + at % 3}", 60, 60 + at) for at, start in enumerate(starts))


def call_just_now(now: datetime) -> str:
    """One more such call."""
    return line(now - timedelta(minutes=2), "+31201231001", 60, 70)


def line(start: datetime, called: str, talk: int, at: int) -> str:
    """A line as Asterisk writes it (cdr_csv, 18 columns)."""
    answer = start + timedelta(seconds=6)
    end = answer + timedelta(seconds=talk)
    unique = f"{start.timestamp():.0f}.{at}"
    said = "ANSWERED" if talk else "NO ANSWER"
    fields = ["", f"06123456{at:02d}", called, "in", f'""" <06123456{at:02d}>"', "PJSIP/trunk-0000%04x" % (2 * at)]
    fields += ["PJSIP/201-0000%04x" % (2 * at + 1), "Dial", "PJSIP/201"]
    times = [start, answer if talk else None, end]
    fields += [f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "" for moment in times]
    row = [f'"{field.strip(chr(34))}"' for field in fields] + [str(talk + 6), str(talk)]
    return ",".join([*row, f'"{said}"', '"DOCUMENTATION"', f'"{unique}"', '""']) + "\n"
