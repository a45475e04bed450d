"""The demo's world file: Telefoonservice De Linde in Amsterdam with its clients, agents, phone systems and tariffs.

All dates hang on the first day of the demo's first month, so that the demo is never old.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from balie.demo.customers import CUSTOMERS, Customer, day_of
from balie.demo.prices import tariffs

Document = dict[str, Any]

NAME = "Telefoonservice De Linde"
ZONE = "Europe/Amsterdam"
PBX_ZONES = {"pbx-1": "UTC", "pbx-2": ZONE}
TRUNKS = {"pbx-1": "PJSIP/trunk", "pbx-2": "PJSIP/carrier"}
# Code, name, extension, and the part of the shared desk's time: until or since the 16th of the second month.
AGENTS: tuple[tuple[str, str, str, str], ...] = (
    ("201", "Anna Visser", "201", ""),
    ("202", "Bram de Groot", "202", ""),
    ("203", "Charlotte Peeters", "203", ""),
    ("204", "Daan Hendriks", "204", ""),
    ("205", "Eline Vermeulen", "205", ""),
    ("206", "Jens Hoffmann", "206", ""),
    ("207", "Fatima el Idrissi", "207", ""),
    ("208", "Wout Claes", "208", ""),
    ("209", "Sofie Mertens", "209", "until"),
    ("210", "Katrin Vogel", "210", "until"),
    ("211", "Noor Bakker", "209", "since"),
    ("212", "Ruben Meijer", "210", "since"),
)
HANDED_OVER = (1, 16)
OLD_NUMBER = "+31205550925"  # was Dakdekkersbedrijf Smit's until the end of the third month; people still dial it
OLD_NUMBER_UNTIL = (2, 31)
NOBODYS_NUMBER = "+31205550977"  # the carrier delivers it, nobody knows why
FOUND_NUMBER = "+31205550940"  # Fietsparadijs's second number, which the manager has found out
FREE_NUMBERS = tuple(f"+31205550{n}" for n in range(101, 107)) + tuple(f"+31305550{n}" for n in range(101, 104))


def world(first: date, files: Path) -> Document:
    """The whole world file. `first`: first day of the first month; `files`: where the phone systems put theirs."""
    return {
        "operator": operator(),
        "phone_systems": phone_systems(files),
        "agents": agents(first),
        "tariffs": tariffs(first.year),
        "clients": [client(customer, first) for customer in CUSTOMERS],
        "numbers": numbers(first),
    }


def operator() -> Document:
    boxes = ("orders", "registrations", "cancellations", "incorrect_recording", "call_note_copy", "tasks", "imports")
    return {
        "name": NAME,
        "timezone": ZONE,
        "region": "NL",
        "currency": "EUR",
        "language": "nl",
        "address": ["Lindelaan 1", "1000 AA Amsterdam"],
        "mailboxes": {box: f"{box.replace('_', '-')}@delinde.example" for box in boxes},
        "costs": {
            "agent_per_hour": "31.50",
            "forwarded_fixed": "0.010",
            "forwarded_mobile": "0.035",
            "forwarded_other": "0.110",
            "outbound_fixed": "0.010",
            "outbound_mobile": "0.035",
            "outbound_other": "0.110",
            "sms": "0.062",
        },
        "target_margin_percent": "22",
        "offer_step": "5.00",
        "margin_months": 3,
        "close": {"day": 3, "at": "06:00", "mail_clients": False},
        "second_factor": False,
        "switch": {"kind": "fake"},
        "sms_gateway": {"kind": "fake"},
        "low_stock": 5,
        "retention": {"numbers": 24, "notes": 24, "sms": 24, "mails": 12, "opened": 24, "statements": 120},
    }


def phone_systems(files: Path) -> list[Document]:
    looks: dict[str, Document] = {"pbx-1": {"every_minutes": 15}, "pbx-2": {"at": "05:30"}}
    return [
        {
            "name": name,
            "format": "asterisk",
            "timezone": PBX_ZONES[name],
            "trunks": [TRUNKS[name]],
            "account_prefix": "c",
            "files": {"url": (files / name / "Master.csv").as_uri(), **look},
        }
        for name, look in looks.items()
    ]


def agents(first: date) -> list[Document]:
    handed_over = day_of(first, HANDED_OVER)
    times = {
        "": {},
        "until": {"to": (handed_over - timedelta(days=1)).isoformat()},
        "since": {"from": handed_over.isoformat()},
    }
    return [
        {
            "code": code,
            "name": name,
            "email": f"{name.split()[0].lower()}@delinde.example",
            "endpoint": f"PJSIP/{extension}",
            **times[part],
        }
        for code, name, extension, part in AGENTS
    ]


def agent_at(extension: str, day: date, first: date) -> tuple[str, str]:
    """Code and name of the agent who sits at this telephone on a day."""
    part = "since" if day >= day_of(first, HANDED_OVER) else "until"
    return next((code, name) for code, name, ext, when in AGENTS if ext == extension and when in ("", part))


def start_of(customer: Customer, first: date) -> date:
    """The first day of its contract."""
    if customer.begins:
        return day_of(first, customer.begins)
    place = int(customer.number)
    return date(first.year - 1 - place % 4, place * 5 % 12 + 1, 1)


def client(customer: Customer, first: date) -> Document:
    contract: Document = {
        "service": "telephone",
        "tariff": customer.tariff,
        "start": start_of(customer, first).isoformat(),
    }
    if customer.ends:
        contract["end"] = day_of(first, customer.ends).isoformat()
    if customer.number in ("1009", "1010", "1026"):
        contract["booked"] = [{"meter": "user_module", "quantity": 2, "from": first.isoformat()}]
    return {
        "number": customer.number,
        "name": customer.name,
        "language": customer.language,
        "email": customer.mailbox,
        "hide_numbers": customer.hide,
        "contracts": [contract],
    }


def numbers(first: date) -> list[Document]:
    """Every client's number for its time, an old one, and the free ones."""
    found = []
    for customer in CUSTOMERS:
        number = {
            "number": customer.line,
            "client": customer.number,
            "from": start_of(customer, first).isoformat(),
        }
        if customer.ends:
            number["to"] = day_of(first, customer.ends).isoformat()
        found.append(number)
    smit = next(customer for customer in CUSTOMERS if customer.number == "1025")
    until = day_of(first, OLD_NUMBER_UNTIL).isoformat()
    old = {"number": OLD_NUMBER, "client": "1025", "from": start_of(smit, first).isoformat(), "to": until}
    return [*found, old, *({"number": number} for number in FREE_NUMBERS)]
