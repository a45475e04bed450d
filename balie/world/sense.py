"""What spans several keys of one object: ends before beginnings, minutes of calls that are counted. Pure."""

from balie.messages.gateways import GatewayDown, smpp_place
from balie.numbers.switches import ami, asterisk
from balie.rules.errors import Phrase
from balie.tariffs import checks
from balie.world.kinds import beginnings
from balie.world.shape import Rule, Said, bad, quoted

OF_ASTERISK = {
    "dial": (asterisk.TARGET, Phrase("one place as Dial() takes it: Local/agents@balie or PJSIP/201")),
    "test_from": (asterisk.CONTEXT, Phrase("a context of the dial plan: from-trunk")),
    "account_prefix": (asterisk.PREFIX, Phrase("letters and digits: c")),
    "fingerprint": (ami.FINGERPRINT, Phrase("the SHA-256 of a certificate: sha256: and 64 hexadecimal digits")),
}
NO_ENDPOINT = {
    "from": Phrase(
        'this says from when the agent has an endpoint; write "endpoint" beside it, such as "endpoint": "PJSIP/201", '
        'or leave "from" out'
    ),
    "to": Phrase(
        'this says until when the agent has an endpoint; write "endpoint" beside it, such as "endpoint": "PJSIP/201", '
        'or leave "to" out'
    ),
}
NEEDED = {
    "start": Phrase('the format "generic" needs a column for "start"'),
    "talk": Phrase('the format "generic" needs a column for "talk"'),
}
OF_GENERIC = ("columns", "separator", "quoting", "encoding", "date_format", "decimal", "directions")


def ends_after_begin(first: str, last: str) -> Rule:
    """The last day is not before the first."""

    def rule(said: Said) -> None:
        if said.get(first) and said.get(last) and said[last] < said[first]:
            text = Phrase("%(last)s is before %(first)s", last=said[last], first=said[first])
            raise bad(text, said.path(last))

    return rule


def url_of_kind(schemes: dict[str, tuple[str, ...]]) -> Rule:
    """A kind that is reached over the network has an address, with a scheme it understands."""

    def rule(said: Said) -> None:
        wanted = schemes.get(said["kind"], ())
        url = said.get("url")
        if wanted and not url:
            needs = Phrase('"%(kind)s" needs a "url", %(begins)s…', kind=said["kind"], begins=beginnings(wanted))
            raise bad(needs, said.path("url"))
        if url and wanted and url.partition("://")[0] not in wanted:
            other = Phrase('the "url" of "%(kind)s" begins with %(begins)s',
                           kind=said["kind"], begins=beginnings(wanted))  # fmt: skip
            raise bad(other, said.path("url"))

    return rule


def of_asterisk(said: Said) -> None:
    """What a dial plan can take; only with the kind it belongs to."""
    for option in (*OF_ASTERISK, "number_form"):
        if said.get(option) is not None and said["kind"] != "asterisk":
            raise bad(Phrase('this belongs to the kind "asterisk" only'), said.path(option))
    for option, (possible, wanted) in OF_ASTERISK.items():
        if said.get(option) is not None and not possible.fullmatch(said[option]):
            impossible = Phrase("%(text)s cannot be used here; it is %(wanted)s",
                                text=quoted(said[option]), wanted=wanted)  # fmt: skip
            raise bad(impossible, said.path(option))
    if said.get("fingerprint") and not str(said.get("url")).startswith("amis://"):
        nowhere = Phrase('a certificate is shown only where the "url" begins with amis://')
        raise bad(nowhere, said.path("fingerprint"))


def of_smpp(said: Said) -> None:
    """The address of an SMPP gateway says how it wants to be spoken to: what `balie doctor` would refuse is refused."""
    if said["kind"] != "smpp":
        return
    try:
        smpp_place.Place.parse(said)
    except GatewayDown as problem:
        raise bad(problem.why, said.path("url")) from None


def known_format(said: Said) -> None:
    """Options of the generic format only with it; it says where the start stands, how long, and whose call it is."""
    generic = said["format"] == "generic"
    for option in OF_GENERIC:
        if option in said and not generic:
            raise bad(Phrase('this belongs to the format "generic" only'), said.path(option))
    if not generic:
        return
    columns = said.get("columns")
    for needed, said_so in NEEDED.items():
        if columns is not None and needed not in columns:
            raise bad(said_so, columns.path(needed))
    if columns is not None and not {"callee", "client"} & set(columns):
        raise bad(Phrase('a column for "callee" or "client" must say whose call it is'), said.path("columns"))
    if said.get("quoting", '"') == said.get("separator", ","):
        raise bad(Phrase("this cannot be the separator too"), said.path("quoting"))


def own_period(said: Said) -> None:
    """Days need somebody they are about: a number's client, an agent's endpoint."""
    owner = "client" if "number" in said else "endpoint"
    for key, which in (("from", "from"), ("to", "until")):
        if not said.get(key) or said.get(owner):
            continue
        if owner == "endpoint":
            raise bad(NO_ENDPOINT[key], said.path(key))
        what = f'this says {which} when a client has the number; write "client" beside it, such as "client": "1001"'
        raise bad(f'{what}, or leave "{key}" out', said.path(key))


def usage_or_fee(said: Said) -> None:
    """Fees have a cycle, usage has units and windows; a fee in advance is not capped (rating.md 14)."""
    checks.check_item(said, said.where)
    said.setdefault("unit", checks.natural_unit(said["meter"]))


def whole_window(said: Said) -> None:
    """A window's hours, midnight filled in where only one end is given; the whole day without."""
    checks.whole_window(said, said.where)


def offered(said: Said) -> None:
    """A price for one client is not offered to everybody."""
    if said.get("client") and said.get("public"):
        raise bad(f"this tariff is for client {quoted(said['client'])} only; it cannot be public", said.path("public"))


def limited(said: Said) -> None:
    """A tolerance is one of a limit."""
    checks.check_limit(said, said.where)


def one_of_each_booking(said: Said) -> None:
    """A booking is known by its meter and its first day."""
    seen: dict[tuple[str, object], str] = {}
    for booking in said.get("booked", []):
        known = seen.setdefault((booking["meter"], booking.get("from")), booking.where)
        if known != booking.where:
            raise bad(f"this is booked at {known} already; say the quantity once", booking.where)
