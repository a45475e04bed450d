"""What scenarios are played on: the server, the telephones, and the words the scenarios are written in."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.telephony.leg import Leg
from tests.telephony.phone import Phone
from tests.telephony.server import Server
from tests.telephony.sound import Voices
from tests.telephony.watch import Watch


class Stage:
    """A server, the carrier and the agents 201, 202 and 203. Times are seconds."""

    def __init__(self, server: Server) -> None:
        self.server, self.watch = server, Watch()
        self.voices = Voices(self.watch)
        self.phones: dict[str, Phone] = {}

    def phone(self, label: str) -> Phone:
        """A telephone, made when first used: before that its address is free for SIPp."""
        if label not in self.phones:
            self.phones[label] = Phone(label, self.watch, self.voices, self.server.network)
        return self.phones[label]

    def close(self) -> None:
        """Puts all telephones away."""
        self.voices.closed.set()
        for phone in self.phones.values():
            phone.close()

    @property
    def carrier(self) -> Phone:
        return self.phone("carrier")

    @property
    def a1(self) -> Phone:
        return self.phone("201")

    @property
    def a2(self) -> Phone:
        return self.phone("202")

    @property
    def a3(self) -> Phone:
        return self.phone("203")

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def caller(self, user: str, number: str) -> Leg:
        """Somebody outside calls a number of the service."""
        return self.carrier.call(number, user=user, name=f"caller {user}")

    def pick(self, phone: Phone, after: float, number: str | None = None) -> Leg:
        """A telephone rings for a while, then is answered."""
        leg = phone.incoming(number).ring()
        self.wait(after)
        return leg.answer()

    def outside(self, number: str, after: float) -> Leg:
        return self.pick(self.carrier, after, number)

    def talk(self, user: str, number: str, phone: Phone, seconds: float) -> tuple[Leg, Leg]:
        """A caller and the agent who answers after 1 s, once they have talked for a while."""
        call = self.caller(user, number)
        agent = self.pick(phone, 1)
        self.wait(seconds)
        return call, agent

    def atxfer(self, start: str, number: str) -> None:
        """Attended transfer by the PBX, for the newest channel of `start` (as in PJSIP/201)."""
        self.watch.note(f"AMI Atxfer: the PBX presses *2 and {number} for {start}")
        channel = max(name for name in self.server.manager.channels() if name.startswith(start + "-"))
        self.server.manager.act(Action="Atxfer", Channel=channel, Exten=number, Context="from-internal")

    def originate(self, **fields: str) -> None:
        """Click to call: the PBX calls Channel, and Exten when that has answered."""
        self.watch.note("AMI Originate: " + ", ".join(f"{name} {value}" for name, value in fields.items()))
        rest = {"Async": "true", "Timeout": "8000", "Context": "from-internal", "Priority": "1"}
        self.server.manager.act(Action="Originate", **rest, **fields)


@dataclass(frozen=True)
class Scenario:
    """A kind of call and how it is played; `play` gets the number of the run, from 0."""

    name: str
    text: str
    runs: int
    play: Callable[[Stage, int], None]


def scenario(text: str, runs: int) -> Callable[[Callable[[Stage, int], None]], Scenario]:
    """Make a scenario of a function, named as the function is."""
    return lambda function: Scenario(function.__name__, text, runs, function)
