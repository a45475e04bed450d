"""A gateway reached by HTTP: one signed request an SMS, several at once. docs/sms.md says what it gets and may answer.

Taken: 2xx. Not taken: 4xx, later again: 429 and 503. A line that cannot be had, 401, 403 or being sent elsewhere: the
gateway is down. Whatever else comes once the request was written, or nothing: nobody knows.
"""

import json
import select
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from queue import Empty, LifoQueue
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from balie.messages.gateways import Accepted, GatewayDown, Outcome, Receipt, Rejected, Sms, Unknown
from balie.operator import outside
from balie.operator.outside import Answer, NoAnswer, host_of
from balie.rules.errors import Refused

STEP_SECONDS = 10.0
WHOLE_SECONDS = 20.0
AT_ONCE = 8
IDLE_SECONDS = 4.0  # many servers hang up after five
LATER = (429, 503)
NOT_LET_IN = (401, 403)
# Ours -> theirs, for a gateway that calls them otherwise (`fields` of the setting).
FIELDS = ("key", "from", "to", "text")


class Down(Exception):
    """What keeps every SMS from going, not this one only."""


@dataclass
class Http:
    """secret: where the key of signatures lies. fields: what the gateway calls ours."""

    url: str
    secret: str
    fields: Mapping[str, str]
    clock: Callable[[], float] = time.time  # what requests are dated by: the line outlives any one moment
    idle: LifoQueue[tuple[float, HTTPConnection]] = field(default_factory=LifoQueue)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Http":
        """Of the setting `sms_gateway`. Raises GatewayDown for an address to which nothing may be sent."""
        names = {name: str((settings.get("fields") or {}).get(name) or name) for name in FIELDS}
        made = cls(str(settings.get("url") or ""), str(settings.get("password") or ""), names)
        if not outside.is_address(made.url):
            why = _("%(url)s is no address of an SMS gateway; it looks like https://sms.example.nl/send.")
            raise GatewayDown(why % {"url": repr(made.url)})
        if outside.is_open(made.url):
            why = _("%(host)s is reached without encryption: use https://, or a private address as numbers.")
            raise GatewayDown(why % {"host": host_of(made.url)})
        return made

    def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome]:
        """As many at once as there are threads; the first that shows the gateway to be down is the last."""
        key, down, source = self.key(), "", iter(texts)
        speaks = get_language() or "en"
        with ThreadPoolExecutor(AT_ONCE) as crew:
            under_way: set[Future[Outcome]] = set()
            more = True
            while more or under_way:
                while more and len(under_way) < AT_ONCE:
                    sms = next(source, None)
                    if sms is None:
                        more = False
                        break
                    under_way.add(crew.submit(self.send, sms, key, speaks))
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED) if under_way else (set(), set())
                for each in done:
                    try:
                        outcome = each.result()
                    except Down as problem:
                        down, more = str(problem), False
                        continue
                    # A gateway that cannot keep up is not asked for more by this round.
                    more = more and not (isinstance(outcome, Rejected) and outcome.again)
                    yield outcome
        if down:
            raise GatewayDown(down)

    def send(self, sms: Sms, key: bytes, language: str) -> Outcome:
        """One SMS, in a thread of its own."""
        said = {"key": sms.key, "from": sms.sender, "to": sms.recipient, "text": sms.text}
        body = json.dumps({self.fields[name]: value for name, value in said.items()}, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Balie",
            **outside.signed(body, name=sms.key, at=int(self.clock()), key=key),
        }
        with override(language):
            try:
                line = self.line()
                answer = outside.asked(line, self.url, body, headers, whole=WHOLE_SECONDS)
            except NoAnswer as problem:
                if problem.written:
                    return Unknown(sms.key, problem.why)
                raise Down(problem.why) from problem
            self.idle.put((time.monotonic(), line))
            return judged(sms, answer, host_of(self.url))

    def line(self) -> HTTPConnection:
        """An open line: one that was used a moment ago and is still open, else a new one."""
        with suppress(Empty):
            while True:
                used, line = self.idle.get_nowait()
                if line.sock and time.monotonic() - used < IDLE_SECONDS and not readable(line):
                    return line
                line.close()
        return outside.opened(self.url, step=STEP_SECONDS)

    def key(self) -> bytes:
        if not self.secret:
            raise GatewayDown(_('The SMS gateway has no "password" in the settings.'))
        try:
            return outside.key_of(self.secret)
        except Refused as refused:
            raise GatewayDown(refused.message) from None

    def receipts(self) -> list[Receipt]:
        """They come by POST /api/v1/sms/receipts."""
        return []

    def confirm(self) -> None:
        """Nothing came by this line."""

    def stops(self) -> list[str]:
        return []

    def look(self) -> str:
        self.key()
        try:
            outside.opened(self.url, step=STEP_SECONDS).close()
        except NoAnswer as problem:
            raise GatewayDown(problem.why) from problem
        return _("%(host)s can be reached.") % {"host": host_of(self.url)}

    def close(self) -> None:
        with suppress(Empty):
            while True:
                self.idle.get_nowait()[1].close()


def readable(line: HTTPConnection) -> bool:
    """Whether something came that nobody asked for: the other side hung up."""
    return bool(line.sock and select.select([line.sock], [], [], 0)[0])


def judged(sms: Sms, answer: Answer, host: str) -> Outcome:
    """What an answer says. Raises Down where it says that of every SMS."""
    said = f"{host}: {answer.status} {answer.line}".rstrip()
    if 200 <= answer.status < 300:
        return Accepted(sms.key, ids_of(answer.body) or (sms.key,))
    if answer.status in LATER:
        return Rejected(sms.key, said, again=True)
    if answer.status in NOT_LET_IN or 300 <= answer.status < 400:
        raise Down(said)
    if 400 <= answer.status < 500:
        return Rejected(sms.key, said, again=False)
    return Unknown(sms.key, said)


def ids_of(body: bytes) -> tuple[str, ...]:
    """The ids of {"id": …} or {"ids": […]}; none where nothing like that was answered."""
    try:
        said = json.loads(body)
    except ValueError:
        return ()
    if not isinstance(said, dict):
        return ()
    many = said.get("ids")
    given = many if isinstance(many, list) else [said.get("id")]
    return tuple(str(one) for one in given if isinstance(one, str | int) and not isinstance(one, bool) and str(one))
