"""A mail as a MIME message, and the operator's mail server that takes it. Knows no tables and writes none.

Every step waits a minute at most, all of them together four: a server that hangs, or sends a sign a minute, keeps no
worker. What a server does to us is `Undelivered`, in words and with whether another attempt could change it.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from threading import Event, Timer
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.operator.secrets import read_secret
from balie.rules.errors import Refused

STEP_SECONDS = 60.0
WHOLE_SECONDS = 240.0
NO_HOST = "localhost"
NO_ADDRESS = (ValueError, MessageError, IndexError)  # what the standard library says to an impossible address
READY = 220
NOT_LET_IN = range(530, 540)
PORTS = {"smtp": 587, "smtps": 465}
PLAIN = (
    (socket.gaierror, gettext_lazy("There is no mail server of that name")),
    (TimeoutError, gettext_lazy("The mail server did not answer in time")),
    (ssl.SSLCertVerificationError, gettext_lazy("The mail server's certificate cannot be trusted")),
    (ssl.SSLError, gettext_lazy("No encryption with this mail server")),
    (ConnectionRefusedError, gettext_lazy("Nothing answers at the mail server's address")),
    (smtplib.SMTPAuthenticationError, gettext_lazy("The mail server does not accept this user or password")),
    (smtplib.SMTPServerDisconnected, gettext_lazy("The mail server hung up")),
    (ConnectionError, gettext_lazy("The mail server hung up")),
    (smtplib.SMTPException, gettext_lazy("The mail server does not let us in")),
)


class Undelivered(Exception):
    """The server did not take a mail. `final`: it never will, whatever we do."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.final = final


@dataclass(frozen=True)
class Server:
    """Where mails go, of the operator's setting `mail`. `password`: where it lies; read when it is needed."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def parse(cls, setting: Mapping[str, Any]) -> "Server":
        """Raises Refused for what is no mail server."""
        url = str(setting.get("url") or "")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as problem:
            raise Refused("bad_url", _("%(url)s is no mail server.") % {"url": url}, "mail.url") from problem
        if parts.scheme not in PORTS or not parts.hostname:
            hint = _("%(url)s is no mail server; it looks like smtp://user@host:587.")
            raise Refused("bad_url", hint % {"url": url}, "mail.url")
        user = unquote(parts.username or "")
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, str(setting.get("password") or ""))

    @property
    def here(self) -> bool:
        """Whether it runs on this machine: nobody listens in between."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True)
class Letter:
    """What goes into one message."""

    message_id: str
    sender: Address
    recipient: str
    language: str
    subject: str
    text: str
    html: str
    written: datetime
    files: tuple[tuple[str, bytes], ...] = ()  # PDF files that go with it, by name


def sender(setting: Mapping[str, Any], *, name: str, base_url: str) -> Address:
    """Whom mails come from and go back to: `from`, else the server's user, else a name made up at the pages' host.

    name: beside the address, where `from` has none.
    """
    given, address = parseaddr(str(setting.get("from") or ""))
    user = unquote(urlsplit(str(setting.get("url") or "")).username or "")
    for found in (address, user, f"balie@{urlsplit(base_url).hostname or NO_HOST}"):
        with suppress(*NO_ADDRESS):
            return Address(given or name, addr_spec=in_ascii(found))
    return Address(name, addr_spec=f"balie@{NO_HOST}")


def message(letter: Letter) -> EmailMessage:
    """The same bytes at every attempt. Raises Undelivered for an address that cannot be one."""
    made = EmailMessage(SMTP)
    try:
        made["To"] = Address(addr_spec=in_ascii(letter.recipient))
    except NO_ADDRESS as problem:
        why = _("%(address)s is no address that mail servers take.") % {"address": letter.recipient}
        raise Undelivered(why, final=True) from problem
    made["From"] = letter.sender
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(letter.written)
    made["Message-ID"] = letter.message_id
    made["Auto-Submitted"] = "auto-generated"
    # Quoted-printable travels through every server, old ones too, whatever the length of a line.
    made.set_content(letter.text, cte="quoted-printable")
    made.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    boundary = f"=_{letter.message_id.strip('<>').partition('@')[0]}"
    if letter.files:
        made.set_boundary(f"{boundary}_text")
    for name, data in letter.files:
        made.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    made["Content-Language"] = letter.language  # now: before, it would have gone into the first part
    made.set_boundary(boundary)
    return made


def in_ascii(address: str) -> str:
    """The address with its domain as mail servers know it: info@bäcker.example is info@xn--bcker-gra.example.

    Raises ValueError where that is not possible; few servers take other letters before the @.
    """
    local, _at, domain = address.strip().rpartition("@")
    if not (local and domain and local.isascii()) or " " in domain:
        raise ValueError(address)
    return f"{local}@{domain.encode('idna').decode() if not domain.isascii() else domain}"


def hand_over(letter: Letter, server: Server, *, seconds: float = 0) -> bool:
    """Gives one mail to the server. Returns once it has taken it, whether nobody in between could read it.

    seconds: as of `connected`. Raises Undelivered, or Refused for the settings.
    """
    made = message(letter)
    with connected(server, seconds=seconds) as line:
        encrypted = isinstance(line.sock, ssl.SSLSocket)
        try:
            line.send_message(made, from_addr=letter.sender.addr_spec, to_addrs=[made["To"].addresses[0].addr_spec])
        except smtplib.SMTPRecipientsRefused as problem:
            code, answer = next(iter(problem.recipients.values()))
            raise refused(_("The mail server refuses the recipient"), code, answer) from problem
        except smtplib.SMTPSenderRefused as problem:
            raise refused(_("The mail server refuses the sender"), problem.smtp_code, problem.smtp_error) from problem
        except smtplib.SMTPResponseException as problem:
            raise refused(_("The mail server refuses the mail"), problem.smtp_code, problem.smtp_error) from problem
    return encrypted


def refused(what: str, code: int, answer: bytes | str) -> Undelivered:
    """What a server answered. From 500 on it means it, unless it only does not know us; below it says: later."""
    return Undelivered(f"{what}: {code} {one_line(answer)}", final=code >= 500 and code not in NOT_LET_IN)


@contextmanager
def connected(server: Server, *, seconds: float = 0) -> Iterator[smtplib.SMTP]:
    """A connection on which mails may be sent: encrypted where it can be, logged in where there is a password.

    seconds: how long to wait at every step, and twice that in all, for who has less patience than the worker.
    Raises Undelivered, never final, for what goes wrong outside; Refused for a secret that is not there.
    """
    password = read_secret(server.password) if server.password else ""
    context = trust(server)
    if server.scheme == "smtps":
        line: smtplib.SMTP = smtplib.SMTP_SSL(timeout=seconds or STEP_SECONDS, context=context)
    else:
        line = smtplib.SMTP(timeout=seconds or STEP_SECONDS)
    # The name the certificate must bear. smtplib takes it only where its constructor connects, and that would be before
    # anything could hang up on a server that drips; there is no public way to say it later.
    line._host = server.host  # type: ignore[attr-defined]  # not public, as said above
    late = Event()
    timer = Timer(2 * seconds or WHOLE_SECONDS, hang_up, [line, late])
    timer.daemon = True
    timer.start()
    try:
        greet(line, server, context)
        log_in(line, server, password)
        yield line
        with suppress(OSError):  # what was taken is taken, however it says goodbye
            line.quit()
    except OSError as problem:
        raise Undelivered(_("The mail server took too long.") if late.is_set() else words(problem)) from problem
    finally:
        timer.cancel()
        line.close()


def trust(server: Server) -> ssl.SSLContext:
    """A server elsewhere must prove that it is the one we mean; one on this machine may have made its own papers."""
    context = ssl.create_default_context()
    if server.here:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def greet(line: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    code, said = line.connect(server.host, server.port)
    if code != READY:
        raise smtplib.SMTPConnectError(code, said)
    line.ehlo_or_helo_if_needed()
    if server.scheme == "smtp" and line.has_extn("starttls"):
        line.starttls(context=context)
        line.ehlo()


def log_in(line: smtplib.SMTP, server: Server, password: str) -> None:
    """Shows user and password, if there are any and the server asks for them; not in the clear through a network."""
    if not (server.user and password and line.has_extn("auth")):
        return
    if not (isinstance(line.sock, ssl.SSLSocket) or server.here):
        why = _("The mail server offers no encryption, and a password is not sent without; use smtps:// or ask for it.")
        raise Undelivered(why)
    line.login(server.user, password)


def hang_up(line: smtplib.SMTP, late: Event) -> None:
    """Wakes whoever waits for this server, and says that it was us."""
    late.set()
    if line.sock:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)


def words(problem: OSError) -> str:
    """A problem with a server in one line that a manager can act on."""
    if isinstance(problem.__context__, TimeoutError):
        problem = problem.__context__  # smtplib calls a silent server one that hung up
    said = (str(text) for kind, text in PLAIN if isinstance(problem, kind))
    what = next(said, _("The mail server cannot be reached"))
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{what}: {problem.smtp_code} {one_line(problem.smtp_error)}"
    detail = one_line(str(problem))
    return f"{what} ({detail})." if detail else f"{what}."


def one_line(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]
