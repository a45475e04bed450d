"""What spans several keys of one object: ends before beginnings, minutes of calls that are counted. Pure."""

from balie.numbers.switches import ami, asterisk
from balie.tariffs import checks
from balie.world.shape import Rule, Said, bad, quoted

OF_ASTERISK = {
    "dial": (asterisk.TARGET, "one place as Dial() takes it: Local/agents@balie or PJSIP/201"),
    "test_from": (asterisk.CONTEXT, "a context of the dial plan: from-trunk"),
    "account_prefix": (asterisk.PREFIX, "letters and digits: c"),
    "fingerprint": (ami.FINGERPRINT, "the SHA-256 of a certificate: sha256: and 64 hexadecimal digits"),
}
OF_GENERIC = ("columns", "separator", "quoting", "encoding", "date_format", "decimal", "directions")


def ends_after_begin(first: str, last: str) -> Rule:
    """The last day is not before the first."""

    def rule(said: Said) -> None:
        if said.get(first) and said.get(last) and said[last] < said[first]:
            raise bad(f"{said[last]} is before {said[first]}", said.path(last))

    return rule


def url_of_kind(schemes: dict[str, tuple[str, ...]]) -> Rule:
    """A kind that is reached over the network has an address, with a scheme it understands."""

    def rule(said: Said) -> None:
        wanted = schemes.get(said["kind"], ())
        url = said.get("url")
        begins = " or ".join(f"{scheme}://" for scheme in wanted)
        if wanted and not url:
            raise bad(f'"{said["kind"]}" needs a "url", {begins}…', said.path("url"))
        if url and wanted and url.partition("://")[0] not in wanted:
            raise bad(f'the "url" of "{said["kind"]}" begins with {begins}', said.path("url"))

    return rule


def of_asterisk(said: Said) -> None:
    """What a dial plan can take; only with the kind it belongs to."""
    for option in (*OF_ASTERISK, "number_form"):
        if said.get(option) is not None and said["kind"] != "asterisk":
            raise bad('this belongs to the kind "asterisk" only', said.path(option))
    for option, (possible, wanted) in OF_ASTERISK.items():
        if said.get(option) is not None and not possible.fullmatch(said[option]):
            raise bad(f"{quoted(said[option])} cannot be used here; it is {wanted}", said.path(option))
    if said.get("fingerprint") and not str(said.get("url")).startswith("amis://"):
        raise bad('a certificate is shown only where the "url" begins with amis://', said.path("fingerprint"))


def known_format(said: Said) -> None:
    """Options of the generic format only with it; it says where the start stands, how long, and whose call it is."""
    generic = said["format"] == "generic"
    for option in OF_GENERIC:
        if option in said and not generic:
            raise bad('this belongs to the format "generic" only', said.path(option))
    if not generic:
        return
    columns = said.get("columns")
    for needed in ("start", "talk"):
        if columns is not None and needed not in columns:
            raise bad(f'the format "generic" needs a column for "{needed}"', columns.path(needed))
    if columns is not None and not {"callee", "client"} & set(columns):
        raise bad('a column for "callee" or "client" must say whose call it is', said.path("columns"))
    if said.get("quoting", '"') == said.get("separator", ","):
        raise bad("this cannot be the separator too", said.path("quoting"))


def own_period(said: Said) -> None:
    """Days need somebody they are about: a number's client, an agent's endpoint."""
    if "number" in said:
        owner, has, example = "client", "a client has the number", "1001"
    else:
        owner, has, example = "endpoint", "the agent has an endpoint", "PJSIP/201"
    for key, which in (("from", "from"), ("to", "until")):
        if said.get(key) and not said.get(owner):
            what = f'this says {which} when {has}; write "{owner}" beside it, such as "{owner}": "{example}"'
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
