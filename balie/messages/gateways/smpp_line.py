"""A line to an SMPP gateway (SMPP 3.4): bound to send, to hear or for both, kept alive, heard in whole PDUs.

The library writes and reads the PDUs; its own client is not used, since it waits for one answer at a time, acknowledges
what comes before anybody has stored it, and knows IPv4 only. A line that broke says so in `ended`, and what was heard
until then is still given out.
"""

import socket
import ssl
import struct
import time
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from smpplib import command, consts, smpp
from smpplib.client import SimpleSequenceGenerator

from balie.messages.gateways import GatewayDown
from balie.messages.gateways.smpp_place import BOTH, Place

HEAD = struct.Struct(">4I")
LONGEST = 64 * 1024  # octets of a PDU; the longest there can be are some thousand
ANSWER = 0x80000000
NACK, SUBMIT_ANSWER, DELIVER = 0x80000000, 0x80000004, 0x00000005
BIND_ANSWERS = {0x80000001, 0x80000002, 0x80000009}
UNBIND, UNBIND_ANSWER = 0x00000006, 0x80000006
ENQUIRE, ALERT = 0x00000015, 0x00000102
GOODBYE_SECONDS = 1.0
# The fixed fields of a submit_sm: the optional ones after them would be looked through one by one and all be empty.
FIXED = command.SubmitSM.params_order[: command.SubmitSM.params_order.index("short_message") + 1]
# The specification ends passwords after eight signs and names after fifteen; gateways do not, and the library cuts.
LONG = {name: command.Param(type=str, max=65) for name in ("system_id", "password")}
WRONG = {consts.SMPP_ESME_RBINDFAIL, consts.SMPP_ESME_RINVPASWD, consts.SMPP_ESME_RINVSYSID}
PLAIN = (
    (socket.gaierror, gettext_lazy("There is no SMS gateway of that name")),
    (TimeoutError, gettext_lazy("The SMS gateway did not answer in time")),
    (ConnectionRefusedError, gettext_lazy("Nothing answers at the SMS gateway's address")),
    (ssl.SSLCertVerificationError, gettext_lazy("The certificate of the SMS gateway cannot be trusted")),
    (ssl.SSLError, gettext_lazy("The SMS gateway hung up, or does not encrypt")),
    (ConnectionError, gettext_lazy("The SMS gateway hung up")),
)


class InUse(GatewayDown):
    """The gateway lets us in once only, and somebody is in."""


@dataclass(frozen=True)
class Pdu:
    command: int
    status: int
    sequence: int
    whole: bytes

    @property
    def name(self) -> str:
        """What an answer to bind or submit_sm begins with: the other side's name, or the id of what it took."""
        return self.whole[HEAD.size :].partition(b"\0")[0].decode("latin-1")


class Line:
    """A connection to one gateway. ended: why it is over; empty while it stands. heard_at: of the stopwatch."""

    def __init__(self, place: Place, connection: socket.socket) -> None:
        self.place, self.socket = place, connection
        self.numbers = SimpleSequenceGenerator()
        self.buffer = bytearray()
        self.early: list[Pdu] = []  # what came together with the answer to bind
        self.ended = ""
        self.heard_at = time.monotonic()
        self.tested_at: float | None = None  # since when the other side owes a sign of life

    def made(self, name: str, **fields: Any) -> tuple[int, bytes]:
        """A request and its number."""
        pdu = smpp.make_pdu(name, client=self.numbers, **fields)
        if name == "submit_sm":
            pdu.params_order = FIXED
        elif name.startswith("bind_"):
            pdu.params = pdu.params | LONG
        return pdu.sequence, pdu.generate()

    def ask(self, name: str, **fields: Any) -> int:
        sequence, data = self.made(name, **fields)
        self.write(data)
        return int(sequence)

    def answer(self, name: str, sequence: int, status: int = consts.SMPP_ESME_ROK) -> None:
        self.write(answer(name, sequence, status))

    def write(self, data: bytes) -> int:
        """Gives how many octets went; fewer than all: the line is over, and the rest surely did not go."""
        gone, view = 0, memoryview(data)
        try:
            self.socket.settimeout(self.place.timeout)
            while gone < len(data) and not self.ended:
                gone += self.socket.send(view[gone:])
        except OSError as problem:
            while self.fetch(0):  # what was answered before it broke
                pass
            self.end(words(problem, self.place))
        return gone

    def hear(self, seconds: float) -> list[Pdu]:
        """What came, waiting so long for the first octet; what is about the line itself is answered here."""
        early, self.early = self.early, []
        if not self.ended and not early:
            self.fetch(max(0.0, seconds))
        return early + [pdu for pdu in self.whole() if not self.tended(pdu)]

    def fetch(self, seconds: float) -> bool:
        """Whether anything came."""
        try:
            self.socket.settimeout(seconds)
            data = self.socket.recv(65536)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError as problem:
            self.end(words(problem, self.place))
            return False
        if not data:
            self.end(words(ConnectionResetError(), self.place))
            return False
        self.buffer += data
        self.heard_at, self.tested_at = time.monotonic(), None
        return True

    def whole(self) -> list[Pdu]:
        found = []
        while len(self.buffer) >= HEAD.size:
            length, kind, status, sequence = HEAD.unpack_from(self.buffer)
            if not HEAD.size <= length <= LONGEST:
                self.buffer.clear()
                self.end(_("What answers at the SMS gateway's address does not speak SMPP."))
            if len(self.buffer) < length:
                break
            found.append(Pdu(kind, status, sequence, bytes(self.buffer[:length])))
            del self.buffer[:length]
        return found

    def tended(self, pdu: Pdu) -> bool:
        """Whether it was about the line itself, or nothing we know."""
        if pdu.command in (NACK, SUBMIT_ANSWER, DELIVER) or pdu.command in BIND_ANSWERS:
            return False
        if pdu.command == ENQUIRE:
            self.answer("enquire_link_resp", pdu.sequence)
        elif pdu.command == UNBIND:
            self.answer("unbind_resp", pdu.sequence)
            self.end(_("The SMS gateway ended the line (%(place)s).") % {"place": self.place.written})
        elif pdu.command == UNBIND_ANSWER:
            self.end(words(ConnectionResetError(), self.place))
        elif not pdu.command & ANSWER and pdu.command != ALERT:
            self.answer("generic_nack", pdu.sequence, consts.SMPP_ESME_RINVCMDID)
        return True

    def test(self) -> None:
        """Asks for a sign of life, unless that was asked already."""
        if self.tested_at is None:
            self.tested_at = time.monotonic()
            self.ask("enquire_link")

    def keep(self) -> None:
        """Tests a line on which nothing was heard for a while; it is over when no sign of life comes of that."""
        now = time.monotonic()
        if self.tested_at is None and now - self.heard_at >= self.place.idle:
            self.test()
        elif self.tested_at is not None and now - self.tested_at >= self.place.step:
            self.end(words(TimeoutError(), self.place))

    def end(self, why: str) -> None:
        self.ended = self.ended or why

    def leave(self) -> None:
        """Says goodbye where there is somebody, and hangs up."""
        if not self.ended:
            self.ask("unbind")
            until = time.monotonic() + GOODBYE_SECONDS
            while not self.ended and (left := until - time.monotonic()) > 0:
                self.hear(left)
        self.end(words(ConnectionResetError(), self.place))
        self.socket.close()


def bound(place: Place, way: str) -> Line:
    """A line ready for what it is bound for. way: of the place's. Raises GatewayDown."""
    secret = place.secret()
    try:
        connection = socket.create_connection((place.host, place.port), timeout=place.step)
    except OSError as problem:
        raise GatewayDown(words(problem, place)) from problem
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if place.tls:
            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=place.host)
        line = Line(place, connection)
        bind(line, way, secret)
    except OSError as problem:
        connection.close()
        raise GatewayDown(words(problem, place)) from problem
    except BaseException:
        connection.close()
        raise
    return line


def bind(line: Line, way: str, secret: str) -> None:
    place = line.place
    asked = line.ask(f"bind_{way}", system_id=place.user, password=secret, system_type=place.system_type)
    until = time.monotonic() + place.step
    left = place.step
    while not line.ended and left > 0:
        left = until - time.monotonic()  # none of it where we stood still: what came meanwhile is heard all the same
        heard = line.hear(left)
        for number, pdu in enumerate(heard):
            if pdu.command in BIND_ANSWERS | {NACK} and pdu.sequence in (asked, 0):
                line.early = heard[number + 1 :]
                return judge(pdu, place, way)
    raise GatewayDown(line.ended or words(TimeoutError(), place))


def judge(pdu: Pdu, place: Place, way: str) -> None:
    """Raises GatewayDown for an answer that does not let us in."""
    if pdu.command in BIND_ANSWERS and pdu.status == consts.SMPP_ESME_ROK:
        return
    about = {"user": place.user, "place": place.written, "said": said(pdu.status)}
    if pdu.status == consts.SMPP_ESME_RALYBND:
        raise InUse(_("The SMS gateway lets %(user)s in once only, and that is in use (%(place)s).") % about)
    if pdu.status in WRONG:
        raise GatewayDown(
            _("The SMS gateway does not let %(user)s in: name or password is wrong, or more is needed (%(place)s).")
            % about
        )
    if way == BOTH and pdu.status == consts.SMPP_ESME_RINVCMDID:
        raise GatewayDown(
            _("The SMS gateway knows no line for sending and receipts in one, %(said)s: ask for 2 lines (%(place)s).")
            % about
        )
    raise GatewayDown(_("The SMS gateway does not let %(user)s in: %(said)s (%(place)s).") % about)


def answer(name: str, sequence: int, status: int = consts.SMPP_ESME_ROK) -> bytes:
    pdu = smpp.make_pdu(name, status=status, sequence=sequence)
    pdu.status, pdu.sequence = status, sequence
    return bytes(pdu.generate())


def said(status: int) -> str:
    """The gateway's code, with the specification's words where it has some."""
    known = consts.DESCRIPTIONS.get(status, "")
    return f"0x{status:02X} {known}".strip()


def words(problem: OSError, place: Place) -> str:
    """A problem on the way in one line, with the address."""
    what = next((str(text) for kind, text in PLAIN if isinstance(problem, kind)), "")
    what = what or _("The SMS gateway cannot be reached")
    return f"{what} ({place.written})."
