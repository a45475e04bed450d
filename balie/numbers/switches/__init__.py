"""The phone systems that can be told which number is whose: one file each, behind the three verbs of `Switch`.

asterisk.py  over its manager interface (ami.py), into its own database, which survives a restart
webhook.py   any other system: signed requests to an address of the operator's
manual.py    nobody is told: a person does it and says so
fake.py      remembers in a table what it was told; for the demo, for tests, for who wants to try
chosen.py    the one the operator's settings name
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Route:
    """What a phone system must know of a number: whose calls those are.

    number: E.164 where it can be. client: the client's number, which comes back in the call data. name: the client's,
    for the agents' screens. order: what this is done for, the same in every attempt.
    """

    number: str
    client: str
    name: str
    order: str


class SwitchProblem(Exception):
    """The phone system did not do it, this time. `why`: one line for staff, without secrets.

    waits_for_staff: nothing is broken, a person has to do something first.
    """

    def __init__(self, why: str, *, waits_for_staff: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.waits_for_staff = waits_for_staff


class Switch(Protocol):
    """A phone system. Each verb may be repeated without harm, has a timeout, and raises SwitchProblem."""

    def configure(self, route: Route) -> None:
        """Calls to the number reach the agents as this client's from now on, also after the system was restarted."""

    def prove(self, route: Route) -> None:
        """Shows by a test, not by asking back what was stored, that a call to the number would come out right."""

    def remove(self, route: Route) -> None:
        """The number is nobody's any more. Removed already: nothing happens."""
