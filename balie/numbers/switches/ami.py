"""Asterisk's manager interface (AMI), as much of it as Balie needs: log in, keep values in its database, hear events.

Every step waits some seconds at most and a whole conversation not much longer, whatever the other side does. What goes
wrong outside is a SwitchProblem. The secret is never sent, only shown to be known (MD5 challenge), and never logged.
With amis:// everything is encrypted, and nothing is said to a stranger.
"""

import hashlib
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.numbers.switches import SwitchProblem
from balie.operator.secrets import read_secret
from balie.rules.errors import Refused

PORTS = {"ami": 5038, "amis": 5039}
STEP_SECONDS = 5.0
WHOLE_SECONDS = 15.0
GREETING = b"Asterisk Call Manager/"
LONGEST = 1 << 20  # bytes that may be heard before a packet ends
ABSENT = "Database entry not found"
FINGERPRINT = re.compile(r"(?:sha256:)?((?:[0-9a-f]{2}:?){31}[0-9a-f]{2})", re.ASCII | re.IGNORECASE)
PLAIN = (
    (
        ssl.SSLCertVerificationError,
        gettext_lazy('Nobody this machine trusts vouches for the phone system\'s certificate: write its "fingerprint"'),
    ),
    (ssl.SSLEOFError, gettext_lazy("The phone system hung up")),
    (ssl.SSLZeroReturnError, gettext_lazy("The phone system hung up")),
    (ssl.SSLError, gettext_lazy("What answers at the phone system's address does not speak TLS as it should")),
    (socket.gaierror, gettext_lazy("There is no phone system of that name")),
    (TimeoutError, gettext_lazy("The phone system did not answer in time")),
    (ConnectionRefusedError, gettext_lazy("Nothing answers at the phone system's address")),
    (ConnectionError, gettext_lazy("The phone system hung up")),
)

Packet = Mapping[str, str]
Field = tuple[str, str]


@dataclass(frozen=True)
class Place:
    """Where the manager interface is and who we are there. secret: where it lies; read when it is needed.

    tls: encrypted; then fingerprint, SHA-256 in 64 hexadecimal digits, says which certificate it has. Without one it
    must be in the host's name, of an authority this machine trusts.
    """

    host: str
    port: int
    user: str
    secret: str
    tls: bool = False
    fingerprint: str = ""

    @classmethod
    def parse(cls, settings: Mapping[str, Any]) -> "Place":
        """Of the setting `switch`. Raises SwitchProblem for what is no address of an Asterisk."""
        url = str(settings.get("url") or "")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in PORTS or not parts.hostname or not parts.username:
            why = _("%(url)s is no address of an Asterisk; it looks like ami://balie@127.0.0.1:5038.")
            raise SwitchProblem(why % {"url": repr(url)})
        return cls(
            parts.hostname, port or PORTS[parts.scheme], unquote(parts.username), str(settings.get("secret") or ""),
            parts.scheme == "amis", fingerprint(settings),
        )  # fmt: skip


def fingerprint(settings: Mapping[str, Any]) -> str:
    """That of the setting, as digits only. Raises SwitchProblem for what is none."""
    said = str(settings.get("fingerprint") or "")
    found = FINGERPRINT.fullmatch(said)
    if said and not found:
        raise SwitchProblem(
            _('"fingerprint" of the phone system is no SHA-256 of a certificate: %(said)s.') % {"said": said}
        )
    return found[1].replace(":", "").lower() if found else ""


class Conversation:
    """A connection to one Asterisk. until: of the stopwatch `time.monotonic`, when it must be over."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self.line, self.until = line, until
        self.heard = b""
        self.events: list[Packet] = []
        self.asked = 0

    def act(self, action: str, *fields: Field) -> Packet:
        """Asks for something and gives the answer, whether Asterisk did it or not."""
        self.asked += 1
        mark = str(self.asked)
        lines = [f"{name}: {plain(value)}\r\n" for name, value in (("Action", action), ("ActionID", mark), *fields)]
        self.line.sendall("".join([*lines, "\r\n"]).encode())
        while True:
            packet = self.packet(self.until)
            if packet.get("ActionID") == mark and "Response" in packet:
                return packet
            self.events.append(packet)

    def done(self, action: str, *fields: Field) -> Packet:
        """`act`, and SwitchProblem where Asterisk did not do it."""
        answer = self.act(action, *fields)
        if answer["Response"] != "Success":
            raise SwitchProblem(refusal(action, answer))
        return answer

    def event(self, wanted: Packet, seconds: float) -> Packet | None:
        """The first event that says all this, heard already or within this time; None when there is none."""
        until = min(self.until, time.monotonic() + seconds)
        while True:
            for packet in self.events:
                if wanted.items() <= packet.items():
                    return packet
            try:
                self.events = [self.packet(until)]
            except TimeoutError:
                return None

    def put(self, family: str, key: str, value: str) -> None:
        """Keeps a value in Asterisk's database: at once, and after a restart too."""
        self.done("DBPut", ("Family", family), ("Key", key), ("Val", value))

    def get(self, family: str, key: str) -> str | None:
        """A value of Asterisk's database; None where there is none."""
        answer = self.act("DBGet", ("Family", family), ("Key", key))
        if answer["Response"] != "Success":
            if answer.get("Message", "").startswith(ABSENT):
                return None
            raise SwitchProblem(refusal("DBGet", answer))
        packet = self.event({"Event": "DBGetResponse", "ActionID": answer["ActionID"]}, STEP_SECONDS)
        if packet is None:
            raise TimeoutError
        return packet.get("Val", "")

    def drop(self, family: str, key: str) -> None:
        """Takes a value out of Asterisk's database, if it is there."""
        if self.get(family, key) is not None:
            self.done("DBDel", ("Family", family), ("Key", key))

    def packet(self, until: float) -> Packet:
        """The next answer or event, of a repeated name the first value. Raises OSError where none comes in time."""
        text = self.up_to(b"\r\n\r\n", until).decode("utf-8", "replace")
        found: dict[str, str] = {}
        for line in text.split("\r\n"):
            name, _colon, value = line.partition(":")
            found.setdefault(name.strip(), value.strip())
        return found

    def up_to(self, end: bytes, until: float) -> bytes:
        while (place := self.heard.find(end)) < 0:
            left = min(STEP_SECONDS, until - time.monotonic())
            if left <= 0:
                raise TimeoutError
            self.line.settimeout(left)
            data = self.line.recv(65536)
            if not data or len(self.heard) > LONGEST:
                raise ConnectionResetError
            self.heard += data
        said, self.heard = self.heard[:place], self.heard[place + len(end) :]
        return said


@contextmanager
def connected(place: Place, *, events: str = "off") -> Iterator[Conversation]:
    """A conversation after the login. events: which kinds are wanted, as AMI names them.

    Raises SwitchProblem for all that goes wrong outside, and for a secret that is not there.
    """
    secret = secret_of(place)
    try:
        with (
            socket.create_connection((place.host, place.port), timeout=STEP_SECONDS) as plain_line,
            secured(plain_line, place) as line,
        ):
            talk = Conversation(line, time.monotonic() + WHOLE_SECONDS)
            log_in(talk, place.user, secret, events)
            yield talk
            with suppress(OSError):
                line.sendall(b"Action: Logoff\r\n\r\n")
    except OSError as problem:
        raise SwitchProblem(words(problem, place)) from problem


def secured(line: socket.socket, place: Place) -> socket.socket:
    """The line, encrypted where that is wanted. Raises SwitchProblem for another certificate than the one known."""
    if not place.tls:
        return line
    context = ssl.create_default_context()
    if place.fingerprint:  # known by itself: whoever signed it, and for which name
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    safe = context.wrap_socket(line, server_hostname=place.host)
    seen = hashlib.sha256(safe.getpeercert(binary_form=True) or b"").hexdigest()
    if place.fingerprint and seen != place.fingerprint:
        safe.close()
        why = _("The phone system at %(host)s has another certificate than the one known: its fingerprint is %(seen)s.")
        raise SwitchProblem(why % {"host": place.host, "seen": seen})
    return safe


def secret_of(place: Place) -> str:
    if not place.secret:
        raise SwitchProblem(_('The phone system has no "secret" in the settings.'))
    try:
        return read_secret(place.secret)
    except Refused as refused:
        raise SwitchProblem(refused.message) from None


def log_in(talk: Conversation, user: str, secret: str, events: str) -> None:
    """Shows that we know the secret without saying it."""
    if not talk.up_to(b"\r\n", talk.until).startswith(GREETING):
        raise SwitchProblem(_("What answers at the phone system's address is no manager interface of an Asterisk."))
    challenge = talk.done("Challenge", ("AuthType", "MD5")).get("Challenge", "")
    key = hashlib.md5((challenge + secret).encode(), usedforsecurity=False).hexdigest()
    fields = (("AuthType", "MD5"), ("Username", user), ("Key", key), ("Events", events))
    if talk.act("Login", *fields)["Response"] != "Success":
        why = _("The phone system does not let %(user)s in: see user, secret and addresses permitted in manager.conf.")
        raise SwitchProblem(why % {"user": user})


def plain(value: str) -> str:
    """The value, in which nothing can end a line: it would be an action of its own."""
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
        raise SwitchProblem(_("A value for the phone system holds a line break or another sign that ends a line."))
    return value


def not_permitted(answer: Packet) -> bool:
    return answer.get("Message", "").startswith("Permission denied")


def refusal(action: str, answer: Packet) -> str:
    """What Asterisk said to an action it did not do."""
    said = answer.get("Message", "")[:200]
    if not_permitted(answer):
        why = _("The phone system does not permit %(action)s: its account needs the rights of manager_balie.conf.")
        return why % {"action": action}
    return _("The phone system did not do %(action)s: %(said)s.") % {"action": action, "said": said.rstrip(".") or "?"}


def words(problem: OSError, place: Place) -> str:
    """A problem on the way in one line, with the address."""
    what = next((str(text) for kind, text in PLAIN if isinstance(problem, kind)), "")
    what = what or _("The phone system cannot be reached")
    return f"{what} ({place.host}:{place.port})."
