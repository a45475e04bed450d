"""Any other phone system: a program of the operator's is told by a signed request, and says whether it did it.

Signed as Standard Webhooks are; docs/operate.md says what the program gets and may answer. Nothing is followed, and a
program that hangs, or drips, keeps no worker.
"""

import base64
import binascii
import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from threading import Event, Timer
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from balie.numbers.switches import Route, SwitchProblem
from balie.operator.secrets import read_secret
from balie.rules.errors import Refused

STEP_SECONDS = 10.0
WHOLE_SECONDS = 20.0
LONGEST = 64 * 1024
PENDING = "pending"
ENCODED = "whsec_"


@dataclass(frozen=True)
class Answer:
    """What the program said."""

    status: int
    location: str
    body: bytes


@dataclass(frozen=True)
class Webhook:
    """secret: where it lies. now: what the requests are dated."""

    url: str
    secret: str
    now: datetime

    @classmethod
    def of(cls, settings: Mapping[str, Any], now: datetime) -> "Webhook":
        """Of the setting `switch`. Raises SwitchProblem for an address to which nothing may be sent."""
        made = cls(str(settings.get("url") or ""), str(settings.get("secret") or ""), now)
        check_address(made.url)
        return made

    def configure(self, route: Route) -> None:
        self.tell("number.configure", route)

    def prove(self, route: Route) -> None:
        self.tell("number.prove", route)

    def remove(self, route: Route) -> None:
        self.tell("number.remove", route)

    def look(self) -> str:
        """What is reached, in a line; nothing is sent. Raises SwitchProblem."""
        key_of(self.secret)
        with closing(connection(self.url)) as line:
            try:
                line.connect()
            except OSError as problem:
                raise SwitchProblem(words(problem, self.url)) from problem
        return _("%(host)s can be reached.") % {"host": host_of(self.url)}

    def tell(self, event: str, route: Route) -> None:
        """One event of one number. Returns once the program says that it is done."""
        said = {
            "event": event, "number": route.number, "client": route.client, "name": route.name, "order": route.order,
        }  # fmt: skip
        body = json.dumps(said, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Balie",
            **signed(body, name=name_of(event, route), at=int(self.now.timestamp()), key=key_of(self.secret)),
        }
        judge(posted(self.url, body, headers), self.url)


def check_address(url: str) -> None:
    """https to anywhere; http only where nobody is in between: this machine and private addresses, as numbers."""
    try:
        parts = urlsplit(url)
        _port, host = parts.port, parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    possible = (
        parts.scheme in ("https", "http") and host and host.isascii() and not parts.username and url.isprintable()
    )
    if not possible or " " in url:
        why = _("%(url)s is no address for the phone system's program; it looks like https://pbx.example.nl/balie.")
        raise SwitchProblem(why % {"url": repr(url)})
    if parts.scheme == "http" and not is_near(host):
        why = _("%(host)s is reached without encryption: use https://, or a private address as numbers.")
        raise SwitchProblem(why % {"host": host})


def is_near(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return False


def name_of(event: str, route: Route) -> str:
    """The request's id: the same for the same event of the same order, so that a repeat can be told."""
    about = "\n".join((event, route.order, route.number, route.client))
    return f"msg_{hashlib.sha256(about.encode()).hexdigest()[:32]}"


def key_of(reference: str) -> bytes:
    """The key: base64 behind whsec_, else the secret as it stands. Raises SwitchProblem where there is none."""
    if not reference:
        raise SwitchProblem(_('The phone system has no "secret" in the settings.'))
    try:
        secret = read_secret(reference)
        if not secret.startswith(ENCODED):
            return secret.encode()
        return base64.b64decode(secret.removeprefix(ENCODED), validate=True)
    except Refused as refused:
        raise SwitchProblem(refused.message) from None
    except binascii.Error:
        raise SwitchProblem(_("The secret of the phone system begins with whsec_, but no base64 follows.")) from None


def signed(body: bytes, *, name: str, at: int, key: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks. at: seconds since 1970."""
    signature = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=STEP_SECONDS, context=context)
    return http.client.HTTPConnection(host, parts.port, timeout=STEP_SECONDS)


def posted(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Sends the request and gives what was answered, redirects too. Raises SwitchProblem where nothing was."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    late = Event()
    with closing(connection(url)) as line:
        timer = Timer(WHOLE_SECONDS, hang_up, [line, late])
        timer.daemon = True
        timer.start()
        try:
            line.request("POST", path, body, dict(headers))
            response = line.getresponse()
            said = response.read(LONGEST)
        except (OSError, http.client.HTTPException) as problem:
            raise SwitchProblem(words(TimeoutError() if late.is_set() else problem, url)) from problem
        finally:
            timer.cancel()
        if late.is_set():  # an answer cut off by us
            raise SwitchProblem(words(TimeoutError(), url))
        return Answer(response.status, response.getheader("Location") or "", said)


def hang_up(line: http.client.HTTPConnection, late: Event) -> None:
    """Wakes whoever waits for this program, and says that it was us."""
    late.set()
    if line.sock:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)


def judge(answer: Answer, url: str) -> None:
    """2xx is done, 202 with {"status": "pending"} not yet, everything else a problem in the program's own words."""
    host = host_of(url)
    if answer.status == 202 and is_pending(answer.body):
        raise SwitchProblem(_("%(host)s is still at it.") % {"host": host})
    if 200 <= answer.status < 300:
        return
    if answer.location and 300 <= answer.status < 400:
        why = _("%(host)s sends elsewhere, which is not followed: enter %(address)s in the settings if that is right.")
        raise SwitchProblem(why % {"host": host, "address": repr(answer.location[:200])})
    lines = answer.body.decode("utf-8", "replace").splitlines()
    said = next((" ".join(line.split())[:200] for line in lines if line.strip()), "")
    raise SwitchProblem(f"{host}: {answer.status} {said}".rstrip())


def is_pending(body: bytes) -> bool:
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("status") == PENDING


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
