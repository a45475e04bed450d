"""Where an SMPP gateway is and how it wants to be spoken to: the setting `sms_gateway`, docs/smpp.md explains it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from balie.messages.gateways import GatewayDown
from balie.operator.secrets import read_secret
from balie.rules.errors import Refused

PORT = 2775
STEP_SECONDS = 10.0
HEX, DEC = "hex", "dec"
# What the address may ask for after its question mark: a number from, to, and what holds otherwise.
NUMBERS = {
    "per_second": (0.1, 10_000, 0), "window": (1, 1_000, 10), "lines": (1, 2, 1), "timeout": (0.1, 60, 30),
    "idle": (0.1, 600, 30),
}  # fmt: skip
WHOLE = ("window", "lines")
BOTH, SENDS, HEARS = "transceiver", "transmitter", "receiver"
WORDS = ("ids", "zone", "tls", "system_type")
PLAIN = re.compile(r"[!-~]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """password: where it lies; read when it is needed. per_second: 0 where nothing limits us. window: requests without
    an answer at a time. timeout: seconds an answer may take. idle: seconds of silence after which the line is tested.
    ids: how answers write ids where receipts write them the other way (hex, dec), else empty. zone: of receipts' times;
    None: not known, so they are not read. lines: 1 for sending and receipts, 2: one for each.
    """

    host: str
    port: int
    user: str
    password: str
    per_second: float = 0
    window: int = 10
    timeout: float = 30
    idle: float = 30
    ids: str = ""
    zone: ZoneInfo | None = None
    tls: bool = False
    system_type: str = ""
    lines: int = 1

    @classmethod
    def parse(cls, settings: Mapping[str, Any]) -> "Place":
        """Of the setting `sms_gateway`. Raises GatewayDown for what is no address of an SMPP gateway."""
        url = str(settings.get("url") or "")
        try:
            parts = urlsplit(url)
            port, asked = parts.port, parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError:
            parts, port, asked = urlsplit(""), None, []
        user = unquote(parts.username or "")
        if parts.scheme != "smpp" or not parts.hostname or not PLAIN.fullmatch(user) or parts.path not in ("", "/"):
            why = _("%(url)s is no address of an SMPP gateway; it looks like smpp://balie@smsc.example.nl:2775.")
            raise GatewayDown(why % {"url": repr(url)})
        said = dict(asked)
        if len(said) < len(asked):
            raise cannot("url", url)
        password = str(settings.get("password") or "")
        return cls(parts.hostname, port or PORT, user, password, **numbers(said), **words(said))

    @property
    def written(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def ways(self) -> tuple[str, ...]:
        """How its lines are bound: the one that sends first, the one that hears last."""
        return (BOTH,) if self.lines == 1 else (SENDS, HEARS)

    @property
    def step(self) -> float:
        """Seconds for opening a line, and for a sign of life, before which nothing is sent."""
        return min(self.timeout, STEP_SECONDS)

    def secret(self) -> str:
        """The password itself. Raises GatewayDown where there is none, and for one that does not go over the line."""
        if not self.password:
            raise GatewayDown(_('The SMS gateway has no "password" in the settings.'))
        try:
            secret = read_secret(self.password)
        except Refused as refused:
            raise GatewayDown(refused.message) from None
        if not PLAIN.fullmatch(secret):
            raise GatewayDown(_("The password of the SMS gateway holds signs that SMPP cannot carry, or more than 64."))
        return secret


def numbers(said: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (least, most, usual) in NUMBERS.items():
        try:
            value = float(said[name]) if name in said else float(usual)
        except ValueError:
            raise cannot(name, said[name]) from None
        if name in said and not least <= value <= most:
            raise cannot(name, said[name])
        if name in WHOLE and value != int(value):
            raise cannot(name, said[name])
        found[name] = int(value) if name in WHOLE else value
    return found


def words(said: Mapping[str, str]) -> dict[str, Any]:
    for name in said.keys() - NUMBERS.keys() - set(WORDS):
        raise cannot(name, said[name])
    checks = (
        ("ids", said.get("ids", "") in ("", HEX, DEC)),
        ("tls", said.get("tls", "") in ("", "yes", "no")),
        ("system_type", re.fullmatch(r"[!-~]{0,12}", said.get("system_type", ""), re.ASCII) is not None),
    )
    for name, possible in checks:
        if not possible:
            raise cannot(name, said[name])
    try:
        zone = ZoneInfo(said["zone"]) if said.get("zone") else None
    except (KeyError, ValueError, OSError):  # no such zone, or a name that would leave their folder
        raise cannot("zone", said["zone"]) from None
    return {
        "ids": said.get("ids", ""), "zone": zone, "tls": said.get("tls") == "yes",
        "system_type": said.get("system_type", ""),
    }  # fmt: skip


def cannot(name: str, value: str) -> GatewayDown:
    return GatewayDown(_('"%(name)s" of the SMS gateway cannot be %(value)s.') % {"name": name, "value": repr(value)})
