"""A SIP telephone for tests: as much SIP as a carrier or a desk telephone needs to talk to Asterisk over loopback.

Scripts play it line by line (`call`, `incoming`, and the verbs of a leg); everything the other side starts (BYE,
CANCEL, NOTIFY, re-INVITE) is answered in the background. What the legs hear is the stopwatch (sound.py).
"""

import random
import re
import socket
import threading

from tests.telephony import sip
from tests.telephony.leg import Leg
from tests.telephony.sound import Voices
from tests.telephony.watch import Watch

# The last part of each telephone's address, and its port.
PLACES = {"carrier": (2, 15180), "201": (11, 15171), "202": (12, 15171), "203": (13, 15171)}


class Phone:
    """A telephone at an address of its own; `carrier` stands for all telephones outside."""

    def __init__(self, label: str, watch: Watch, voices: Voices, network: str = sip.NETWORK) -> None:
        self.label, self.watch, self.voices = label, watch, voices
        last, port = PLACES[label]
        self.address, self.pbx = (f"{network}.{last}", port), (f"{network}.1", sip.PORT)
        self.legs: dict[str, Leg] = {}
        self.inbox: list[Leg] = []
        self.changed = threading.Condition()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(self.address)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def note(self, text: str) -> None:
        self.watch.note(text)

    def send(self, text: str) -> None:
        self.socket.sendto(text.encode(), self.pbx)

    def call(self, number: str, user: str | None = None, name: str | None = None) -> Leg:
        """Call a number, as another user than the telephone's own if one is given."""
        user = user or self.label
        leg = Leg(self, f"{random.getrandbits(64):016x}", name or f"agent {user}", user)
        self.legs[leg.call_id] = leg
        self.note(f"{leg.name} calls {number}")
        leg.start(number)
        return leg

    def incoming(self, number: str | None = None, timeout: float = 10) -> Leg:
        """The next call that reaches this telephone (for the carrier: to that outside number).

        RuntimeError when none comes within `timeout` seconds.
        """

        def waiting() -> Leg | None:
            return next((leg for leg in self.inbox if number in (None, leg.user)), None)

        with self.changed:
            leg = self.changed.wait_for(waiting, timeout)
            if not leg:
                raise RuntimeError(f"no call reached {self.label} {number or ''}")
            self.inbox.remove(leg)
        return leg

    def _read(self) -> None:
        while packet := self.socket.recv(65535):
            data = packet.decode(errors="replace")
            try:
                self._message(sip.parse(data))
            except (LookupError, ValueError, OSError, RuntimeError) as error:  # a test telephone: say it and go on
                print(f"{self.label}: {error!r}\n{data[:300]}")
            with self.changed:
                self.changed.notify_all()
        self.socket.close()

    def close(self) -> None:
        """Ends it by a packet without content, which no telephone sends."""
        self.socket.sendto(b"", self.address)
        self.thread.join(5)
        for leg in self.legs.values():
            self.voices.drop(leg.sound)

    def _message(self, message: sip.Message) -> None:
        leg = self.legs.get(message["call-id"])
        if message.is_response():
            if leg:
                self._response(leg, int(message.first[1]), message)
        elif leg:
            self._request(leg, message.first[0], message)
        elif message.first[0] == "INVITE":
            self._called(message)
        elif message.first[0] != "ACK":
            contact = f"sip:{self.label}@{self.address[0]}:{self.address[1]}"
            status = "481 Call/Transaction Does Not Exist"
            self.send(sip.response(message, status, tag="none", contact=contact))

    def _response(self, leg: Leg, code: int, message: sip.Message) -> None:
        number, method = message["cseq"].split()
        if method == "REFER" and code >= 300:
            self.note(f"{leg.name}: transfer refused ({code})")
        if method != "INVITE" or code < 200:
            return
        first = int(number) == leg.first_cseq
        if first:
            leg.remote = message["to"]
        if code < 300:
            self._accepted(leg, int(number), message)
        else:
            leg.send("ACK", cseq=int(number), branch=leg.branch if first else None)
            if first and leg.state == "calling":
                leg.code = code
                self.note(f"{leg.name} gets {code}")
                leg.over("failed")

    def _accepted(self, leg: Leg, number: int, message: sip.Message) -> None:
        first = number == leg.first_cseq
        contact = re.search(r"<(sip:[^>]+)>", message.fields.get("contact", ""))
        if contact and first:
            leg.remote_uri = contact[1]
        leg.hear_sdp(message.body)
        leg.send("ACK", cseq=number)
        if first and leg.state == "calling":
            leg.state = "up"
            self.voices.add(leg.sound)
            self.note(f"{leg.name} is connected by the PBX")

    def _called(self, message: sip.Message) -> None:
        user, kind = self.label, "agent"
        if self.label == "carrier":
            asked = re.search(r"sip:([^@;>]+)@", message.first[1])
            user, kind = asked[1] if asked else user, "outside"
        leg = Leg(self, message["call-id"], f"{kind} {user}", user)
        leg.asked = message
        leg.remote, leg.local = message["from"], f"{message['to']};tag={leg.tag}"
        leg.remote_uri = sip.found(r"<(sip:[^>]+)>", message["contact"])
        leg.hear_sdp(message.body)
        self.legs[leg.call_id] = leg
        leg.reply(message, "100 Trying")
        with self.changed:
            self.inbox.append(leg)

    def _request(self, leg: Leg, method: str, message: sip.Message) -> None:
        if method == "INVITE":
            if leg.state == "up":
                leg.hear_sdp(message.body)
                leg.reply(message, "200 OK", leg.sdp())
        elif method == "ACK":
            if leg.state == "up" and leg.sound.socket.fileno() not in self.voices.sounds:
                self.voices.add(leg.sound)
        else:
            leg.reply(message, "200 OK")
            if method == "BYE" and leg.state == "up":
                self.note(f"{leg.name} is released by the PBX")
                leg.over("ended")
            elif method == "CANCEL" and leg.state in ("new", "ringing"):
                self._cancelled(leg)
            elif method == "NOTIFY" and re.match(r"SIP/2.0 2", message.body) and leg.state == "up":
                self.note(f"{leg.name} is told that the transfer is done")
                leg.hang_up()

    def _cancelled(self, leg: Leg) -> None:
        leg.reply(leg.asked, "487 Request Terminated")
        self.note(f"{leg.name} stops ringing")
        with self.changed:
            if leg in self.inbox:
                self.inbox.remove(leg)
        leg.over("cancelled")
