"""One call of one telephone, with the verbs a script plays it by: ring, answer, hold, refer, hang up."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Self

from tests.telephony import sip
from tests.telephony.sound import Sound

if TYPE_CHECKING:
    from tests.telephony.phone import Phone

LIVE = ("new", "calling", "ringing", "up")


class Leg:
    """States: new, calling or ringing, up; then ended, cancelled, refused or failed."""

    def __init__(self, phone: Phone, call_id: str, name: str, user: str) -> None:
        self.phone, self.call_id, self.name, self.user = phone, call_id, name, user
        host, port = phone.address
        self.contact = f"sip:{user}@{host}:{port}"
        self.state, self.code = "new", 0
        self.tag, self.branch, self.cseq, self.first_cseq = f"{random.getrandbits(32):08x}", sip.branch(), 1, 0
        self.local = self.remote = self.remote_uri = ""
        self.asked: sip.Message | None = None
        self.sound = Sound(host, name, phone.voices.voice(name))
        with phone.watch.lock:
            phone.watch.legs.append(self)

    def sdp(self) -> str:
        return sip.sdp(self.phone.address[0], self.sound.port, self.cseq, held=self.sound.held)

    def hear_sdp(self, body: str) -> None:
        self.sound.media = sip.media(body) or self.sound.media

    def keys(self, digits: str) -> None:
        self.phone.note(f"{self.name} presses {digits}")
        self.sound.press(digits)

    # -- requests --
    def send(
        self, method: str, *headers: str, body: str = "", cseq: int | None = None, branch: str | None = None
    ) -> None:
        """Send a request: a new one, or, with `cseq`, one that belongs to the request of that number."""
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        host, port = self.phone.address
        lines = [
            f"{method} {self.remote_uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch={branch or sip.branch()}",
            f"From: {self.local}",
            f"To: {self.remote}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <{self.contact}>",
            "Max-Forwards: 70",
            *headers,
        ]
        self.phone.send(sip.written(lines, body))

    def start(self, number: str) -> None:
        self.state, self.first_cseq = "calling", self.cseq + 1
        self.remote_uri = sip.at_pbx(number, self.phone.pbx)
        self.local, self.remote = f"<{self.contact}>;tag={self.tag}", f"<{self.remote_uri}>"
        self.send("INVITE", body=self.sdp(), branch=self.branch)

    def hang_up(self) -> None:
        """End the call, give up calling or refuse to be called, whatever the state asks for."""
        if self.state == "up":
            self.phone.note(f"{self.name} hangs up")
            self.send("BYE")
            self.over("ended")
        elif self.state == "calling":
            self.phone.note(f"{self.name} gives up")
            self.send("CANCEL", cseq=self.first_cseq, branch=self.branch)
            self.wait("over")
        elif self.state == "ringing":
            self.refuse(480)

    def hold(self, on: bool = True) -> None:
        self.sound.held = on
        self.phone.note(f"{self.name} {'holds' if on else 'takes back'} the call")
        self.send("INVITE", body=self.sdp())

    def refer(self, number: str, other: Leg | None = None) -> None:
        """Blind transfer, or with `other` an attended transfer to the party of that leg."""
        to, how = sip.at_pbx(number, self.phone.pbx), "REFER"
        if other:
            theirs = sip.found(r"tag=([^;>\s]+)", other.remote)
            call = other.call_id.replace("@", "%40")
            to += f"?Replaces={call}%3Bto-tag%3D{theirs}%3Bfrom-tag%3D{other.tag}"
            how = "REFER with Replaces"
        self.phone.note(f"{self.name} transfers ({how}) to {number}")
        self.send("REFER", f"Refer-To: <{to}>", f"Referred-By: <sip:{self.user}@{self.phone.address[0]}>")

    # -- responses --
    def reply(self, request: sip.Message | None, status: str, body: str = "") -> None:
        if not request:
            raise RuntimeError(f"{self.name} was not called")
        self.phone.send(sip.response(request, status, tag=self.tag, contact=self.contact, body=body))

    def ring(self) -> Self:
        self.state = "ringing"
        self.phone.note(f"{self.name} rings")
        self.reply(self.asked, "180 Ringing")
        return self

    def answer(self) -> Self:
        if self.state != "ringing":
            raise RuntimeError(f"{self.name} cannot answer, it is {self.state}")
        self.phone.note(f"{self.name} answers")
        self.state = "up"
        self.reply(self.asked, "200 OK", self.sdp())
        return self

    def refuse(self, code: int = 486) -> None:
        self.phone.note(f"{self.name} is busy" if code == 486 else f"{self.name} refuses ({code})")
        self.reply(self.asked, f"{code} {'Busy Here' if code == 486 else 'Temporarily Unavailable'}")
        self.over("refused")

    # -- state --
    def over(self, state: str) -> None:
        self.state = state
        self.phone.voices.drop(self.sound)
        with self.phone.changed:
            self.phone.changed.notify_all()

    def wait(self, state: str, timeout: float = 20) -> Self:
        """Wait until the leg is "up" or "over" (anything that is no call any more); RuntimeError after `timeout` s."""

        def there() -> bool:
            return self.state == state if state == "up" else self.state not in LIVE

        with self.phone.changed:
            if not self.phone.changed.wait_for(there, timeout):
                raise RuntimeError(f"{self.name}: still {self.state} {self.code or None}, expected {state}")
        return self
