"""Numbers in the demo: the clients' lines as the dialplan knows them, and made-up people who call."""

from random import Random

from balie.demo.customers import Customer
from balie.demo.stories import Line


def line(customer: Customer) -> Line:
    """A client's number and what the dialplan notes: Amsterdam's says the number, Utrecht's only the account."""
    here = customer.pbx == "pbx-1"
    number = national(customer.line) if here else customer.line
    queue = {"team": "team", "turns": "turns", "one": ""}[customer.how]
    return Line(number, customer.number, f"c{customer.number}", told=here and customer.how != "one", queue=queue)


def national(number: str) -> str:
    """As it is dialled in the Netherlands."""
    if number.startswith("+31"):
        return "0" + number[3:]
    return number.replace("+", "00", 1)


def delivered(number: str, pbx: str) -> str:
    """An E.164 number as the carrier writes it: Amsterdam's in the national way, Utrecht's with a plus."""
    return number if pbx == "pbx-2" or not number.startswith("+31") else "0" + number[3:]


def number_of(person: Random, language: str) -> str:
    """A made-up person's telephone, E.164, in ranges that nobody has or that are kept for fiction."""
    chance, digits = person.random(), person.randrange(10_000)
    if chance < (0.45 if language == "de" else 0.02):
        return f"+49{person.choice(['3023125', '2214710', '8999998'])}{digits % 1000:03d}"
    if chance < (0.5 if language == "de" else 0.03 if language == "nl" else 0.3):
        return f"+447700900{digits % 1000:03d}"
    if chance < 0.72:
        return f"+316{person.choice(['1234', '8765'])}{digits:04d}"
    return f"+31{person.choice(['10', '20', '20', '20', '30', '70', '75'])}555{digits:04d}"
