"""Requests to a program of the operator's: signed as Standard Webhooks are, to an address that may be trusted, bounded.

Nothing is followed, and a program that hangs, or drips, keeps no worker. Knows no tables; who asks says in its own
words what went wrong.
"""

import base64
import binascii
import hashlib
import hmac
import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Event, Timer
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from balie.operator.secrets import read_secret
from balie.rules.errors import Refused

LONGEST = 64 * 1024
ENCODED = "whsec_"
OLDEST_SECONDS = 300  # a signed request that is older, or from later, is one that somebody repeats


class NoAnswer(Exception):
    """Nothing was answered, for this reason in one line. `written`: the request may have arrived all the same."""

    def __init__(self, why: str, *, written: bool) -> None:
        super().__init__(why)
        self.why = why
        self.written = written


@dataclass(frozen=True)
class Answer:
    """What the program said."""

    status: int
    location: str
    body: bytes

    @property
    def line(self) -> str:
        """The first line of what it said in words."""
        lines = self.body.decode("utf-8", "replace").splitlines()
        return next((" ".join(line.split())[:200] for line in lines if line.strip()), "")


def is_address(url: str) -> bool:
    """Whether a request can go there: http or https, a host, nothing hidden in it."""
    try:
        parts = urlsplit(url)
        _port, host = parts.port, parts.hostname or ""
    except ValueError:
        return False
    plain = parts.scheme in ("https", "http") and host and host.isascii() and not parts.username
    return bool(plain and url.isprintable() and " " not in url)


def is_open(url: str) -> bool:
    """Whether others could read along: http is for this machine and private addresses only, as numbers."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_near(parts.hostname or "")


def is_near(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return False


def key_of(reference: str) -> bytes:
    """The key of signatures: base64 behind whsec_, else the secret as it stands. Refused where there is none."""
    secret = read_secret(reference)
    if not secret.startswith(ENCODED):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(ENCODED), validate=True)
    except binascii.Error:
        raise Refused("bad_secret", _("The secret begins with whsec_, but no base64 follows."), "secret") from None


def signature(body: bytes, *, name: str, at: int, key: bytes) -> str:
    digest = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signed(body: bytes, *, name: str, at: int, key: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks. at: seconds since 1970."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(body, name=name, at=at, key=key),
    }


def is_signed(body: bytes, headers: Mapping[str, str], *, now: int, key: bytes) -> bool:
    """Whether a request that came was signed with this key, within five minutes. now: seconds since 1970."""
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (name and stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    right = signature(body, name=name, at=int(stamp), key=key).encode()
    given = headers.get("webhook-signature", "").split()
    same = [hmac.compare_digest(right, one.encode()) for one in given]
    return any(same) and abs(now - int(stamp)) <= OLDEST_SECONDS


def connection(url: str, *, step: float) -> http.client.HTTPConnection:
    """A line that is not open yet. step: seconds it waits at most at each step."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=step, context=context)
    return http.client.HTTPConnection(host, parts.port, timeout=step)


def opened(url: str, *, step: float) -> http.client.HTTPConnection:
    """A line that is open. Raises NoAnswer where it cannot be had."""
    line = connection(url, step=step)
    try:
        line.connect()
    except OSError as problem:
        line.close()
        raise NoAnswer(words(problem, url), written=False) from problem
    return line


def posted(url: str, body: bytes, headers: Mapping[str, str], *, step: float, whole: float) -> Answer:
    """Opens a line, sends the request and gives what was answered, redirects too. Raises NoAnswer where nothing was.

    step, whole: seconds that each step, and all of it, may take.
    """
    with closing(opened(url, step=step)) as line:
        return asked(line, url, body, headers, whole=whole)


def asked(
    line: http.client.HTTPConnection, url: str, body: bytes, headers: Mapping[str, str], *, whole: float
) -> Answer:
    """The same over a line that is open, which stays open where the program lets it."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    late = Event()
    timer = Timer(whole, hang_up, [line, late])
    timer.daemon = True
    timer.start()
    try:
        line.request("POST", path, body, dict(headers))
        with closing(line.getresponse()) as response:
            said = response.read(LONGEST)
            if not response.isclosed():
                line.close()  # longer than anybody reads
    except (OSError, http.client.HTTPException) as problem:
        line.close()
        raise NoAnswer(words(TimeoutError() if late.is_set() else problem, url), written=True) from problem
    finally:
        timer.cancel()
    if late.is_set():  # an answer cut off by us
        line.close()
        raise NoAnswer(words(TimeoutError(), url), written=True)
    return Answer(response.status, response.getheader("Location") or "", said)


def hang_up(line: http.client.HTTPConnection, late: Event) -> None:
    """Wakes whoever waits for this program, and says that it was us."""
    late.set()
    if line.sock:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)


def words(problem: Exception, url: str) -> str:
    """A problem on the way in one line."""
    host = host_of(url)
    if isinstance(problem, TimeoutError):
        return _("%(host)s did not answer in time.") % {"host": host}
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _("The certificate of %(host)s cannot be trusted.") % {"host": host}
    if isinstance(problem, http.client.HTTPException) and not isinstance(problem, OSError):
        return _("What answers at %(host)s does not speak HTTP.") % {"host": host}
    return _("%(host)s cannot be reached.") % {"host": host}


def host_of(url: str) -> str:
    return urlsplit(url).netloc
