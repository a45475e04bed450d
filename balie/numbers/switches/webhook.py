"""Any other phone system: a program of the operator's is told by a signed request, and says whether it did it.

Signed as Standard Webhooks are; docs/operate.md says what the program gets and may answer. Nothing is followed, and a
program that hangs, or drips, keeps no worker.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from balie.numbers.switches import Route, SwitchProblem
from balie.operator import outside
from balie.operator.outside import Answer, NoAnswer, host_of
from balie.rules.errors import Refused

STEP_SECONDS = 10.0
WHOLE_SECONDS = 20.0
PENDING = "pending"


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
        try:
            outside.opened(self.url, step=STEP_SECONDS).close()
        except NoAnswer as problem:
            raise SwitchProblem(problem.why) from problem
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
            **outside.signed(body, name=name_of(event, route), at=int(self.now.timestamp()), key=key_of(self.secret)),
        }
        try:
            answer = outside.posted(self.url, body, headers, step=STEP_SECONDS, whole=WHOLE_SECONDS)
        except NoAnswer as problem:
            raise SwitchProblem(problem.why) from problem
        judge(answer, self.url)


def check_address(url: str) -> None:
    """https to anywhere; http only where nobody is in between: this machine and private addresses, as numbers."""
    if not outside.is_address(url):
        why = _("%(url)s is no address for the phone system's program; it looks like https://pbx.example.nl/balie.")
        raise SwitchProblem(why % {"url": repr(url)})
    if outside.is_open(url):
        why = _("%(host)s is reached without encryption: use https://, or a private address as numbers.")
        raise SwitchProblem(why % {"host": urlsplit(url).hostname})


def name_of(event: str, route: Route) -> str:
    """The request's id: the same for the same event of the same order, so that a repeat can be told."""
    about = "\n".join((event, route.order, route.number, route.client))
    return f"msg_{hashlib.sha256(about.encode()).hexdigest()[:32]}"


def key_of(reference: str) -> bytes:
    """The key of signatures. Raises SwitchProblem where there is none."""
    if not reference:
        raise SwitchProblem(_('The phone system has no "secret" in the settings.'))
    try:
        return outside.key_of(reference)
    except Refused as refused:
        raise SwitchProblem(refused.message) from None


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
    raise SwitchProblem(f"{host}: {answer.status} {answer.line}".rstrip())


def is_pending(body: bytes) -> bool:
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("status") == PENDING
