"""What a price list may say: the one place for world files and for the editor of the pages. Nothing is stored here.

Every refusal says where it belongs, as a path below `where`: items[2].price, items[2].steps[0].up_to, cost_limit. A
world file has checked types before (balie/world/shape.py) and calls the single checks; the editor's values, texts as
they were typed, go through `checked_values` and `checked_items`.
"""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from balie.rules.errors import Refused
from balie.rules.meter import BOOKED, FEES, TIMES, Meter
from balie.rules.tariff import WEEKDAYS, Cycle, HolidayRule, Notice, Unit

LANGUAGES = ("nl", "de", "en")
AMOUNT = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
PERCENTAGE = re.compile(r"\d{1,8}(?:\.\d{1,3})?", re.ASCII)
INCREMENT = re.compile(r"([1-9]\d{0,4})/([1-9]\d{0,4})", re.ASCII)
CLOCK = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
LARGEST = 2_147_483_647
MOST_ITEMS, MOST_STEPS = 500, 100
LONGEST_TITLE, LONGEST_DESCRIPTION = 200, 2000
PRICE_PLACES = 6
WATCH = ("target_margin_percent", "margin_months", "offer_step")  # of the tariff itself; empty: the operator's
MOST_MONTHS = 60  # that the watch looks back on
# As rating.md has them: what an item holds that says nothing of it.
ITEM_DEFAULTS: dict[str, Any] = {
    "title": {},
    "price": "",
    "cycle": "monthly",
    "in_advance": False,
    "increment": "60/60",
    "included": 0,
    "min_seconds": 0,
    "steps": [],
    "window": None,
    "cost_limit": False,
    "minimum_revenue": False,
    "vat_percent": None,
    "notice": "",
}


def at(where: str, key: str) -> str:
    """The path of a key below a path."""
    return f"{where}.{key}" if where else key


def bad(message: str, where: str) -> Refused:
    return Refused("bad_value", message, where)


def checked_items(items: Sequence[Mapping[str, Any]], where: str = "") -> list[dict[str, Any]]:
    """The whole price list with every column filled; refused at the path of the first thing that cannot be."""
    if len(items) > MOST_ITEMS:
        raise bad(_("A tariff has at most %(most)s items.") % {"most": MOST_ITEMS}, at(where, "items"))
    return [checked_item(item, at(where, f"items[{position}]")) for position, item in enumerate(items)]


def checked_item(said: Mapping[str, Any], where: str) -> dict[str, Any]:
    """One item with every column filled: unit by its meter, defaults as in a world file."""
    meter = word(said.get("meter"), Meter, at(where, "meter"))
    item: dict[str, Any] = {**ITEM_DEFAULTS, **{key: value for key, value in said.items() if value is not None}}
    if unknown := set(item) - set(ITEM_DEFAULTS) - {"meter", "unit"}:
        raise bad(_("There is no such value of an item."), at(where, min(unknown)))
    item["title"] = texts(item["title"], at(where, "title"), LONGEST_TITLE)
    item["price"] = price(item["price"], at(where, "price")) if item["price"] != "" else ""
    item["cycle"] = word(item["cycle"], Cycle, at(where, "cycle"))
    item["increment"] = increment(item["increment"], at(where, "increment"))
    for key in ("included", "min_seconds"):
        item[key] = whole(item[key], 0, at(where, key))
    for key in ("in_advance", "cost_limit", "minimum_revenue"):
        item[key] = bool(item[key])
    item["steps"] = [
        checked_step(step, at(where, f"steps[{number}]")) for number, step in enumerate(item["steps"] or [])
    ]
    item["window"] = checked_window(item["window"], at(where, "window")) if item["window"] else None
    if item["vat_percent"] is not None:
        item["vat_percent"] = percentage(item["vat_percent"], at(where, "vat_percent"), most="100")
    if "unit" in item:
        item["unit"] = word(item["unit"], Unit, at(where, "unit"))
    check_item({**item, "meter": meter}, where, default_increment=ITEM_DEFAULTS["increment"])
    item.setdefault("unit", natural_unit(meter))
    return {**item, "meter": meter}


def natural_unit(meter: str) -> str:
    """What a meter counts unless told otherwise."""
    return "minute" if meter in TIMES else "piece"


def check_item(item: Mapping[str, Any], where: str, *, default_increment: str = "60/60") -> None:
    """What spans several values of an item: fees have a cycle, usage has units and windows (rating 14)."""
    meter = item["meter"]
    check_fee(item, where, default_increment) if meter in FEES else check_usage(item, where)
    if item.get("in_advance") and item.get("cost_limit"):
        raise bad(
            _("A fee in advance cannot count to the cost limit: it is for another month than its bill."),
            at(where, "cost_limit"),
        )
    if "unit" in item and (item["unit"] in ("minute", "second")) != (meter in TIMES):
        wanted = _("by the minute or by the second") if meter in TIMES else _("by the piece")
        raise bad(_("%(meter)s is counted %(how)s.") % {"meter": meter, "how": wanted}, at(where, "unit"))
    if item.get("notice") and meter not in BOOKED:
        raise bad(_("Only what is booked has a notice of its own."), at(where, "notice"))
    check_steps(item.get("steps") or [], where)


def check_fee(item: Mapping[str, Any], where: str, default_increment: str) -> None:
    meter = item["meter"]
    said = {key: item.get(key) for key in ("window", "min_seconds")}
    said["increment"] = item.get("increment", default_increment) != default_increment
    for key, value in said.items():
        if value:
            raise bad(_("%(meter)s is a fee; this is about calls and messages.") % {"meter": meter}, at(where, key))
    if meter == Meter.BASIC_FEE and item.get("included"):
        raise bad(_("Nothing of a basic fee can be included; lower its price."), at(where, "included"))


def check_usage(item: Mapping[str, Any], where: str) -> None:
    meter = item["meter"]
    if (item.get("cycle") or "monthly") != "monthly":
        raise bad(_("%(meter)s is usage, which is billed every month.") % {"meter": meter}, at(where, "cycle"))
    if item.get("in_advance"):
        message = _("%(meter)s is usage, which cannot be billed in advance.") % {"meter": meter}
        raise bad(message, at(where, "in_advance"))


def check_steps(steps: Sequence[Mapping[str, Any]], where: str) -> None:
    """Steps rise; only the last may be open."""
    if len(steps) > MOST_STEPS:
        raise bad(_("An item has at most %(most)s steps.") % {"most": MOST_STEPS}, at(where, "steps"))
    last = 0
    for number, step in enumerate(steps):
        path, end = at(where, f"steps[{number}].up_to"), step.get("up_to")
        if end is None and number < len(steps) - 1:
            raise bad(_("Only the last step goes on without an end."), path)
        if end is not None and end <= last:
            raise bad(_("Steps rise: %(end)s is not more than %(last)s.") % {"end": end, "last": last}, path)
        last = end or last


def checked_step(said: Mapping[str, Any], where: str) -> dict[str, Any]:
    step = {"price": price(said.get("price", ""), at(where, "price"))}
    end = said.get("up_to")
    return step if end is None else {"up_to": whole(end, 1, at(where, "up_to")), **step}


def checked_window(said: Mapping[str, Any], where: str) -> dict[str, Any] | None:
    """A window as the tables keep it; None for one that leaves everything open."""
    window: dict[str, Any] = {}
    if said.get("days"):
        window["days"] = days_of_week(said["days"], at(where, "days"))
    for key in ("from", "to"):
        if said.get(key):
            window[key] = hour(said[key], at(where, key))
    if said.get("holidays"):
        window["holidays"] = word(said["holidays"], HolidayRule, at(where, "holidays"))
    whole_window(window, where)
    return None if window in ({}, {"holidays": "any"}) else window


def whole_window(window: MutableMapping[str, Any], where: str) -> None:
    """A window's hours, midnight filled in where only one end is given; the whole day without."""
    begin, end = window.pop("from", None), window.pop("to", None)
    begin, end = begin or ("00:00" if end else None), end or ("00:00" if begin else None)
    if begin and begin == end and begin != "00:00":
        message = _("A window from %(begin)s to %(end)s is empty; leave both out for the whole day.")
        raise bad(message % {"begin": begin, "end": end}, at(where, "to"))
    if begin and begin != end:
        window["from"], window["to"] = begin, end
    if window and window.get("holidays", "any") == "any":
        window["holidays"] = "any"


def checked_values(said: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """What stands in a version beside its items, only what is mentioned, as the tables hold it."""
    values = dict(said)
    for key, longest in (("title", LONGEST_TITLE), ("description", LONGEST_DESCRIPTION)):
        if key in values:
            values[key] = texts(values[key], at(where, key), longest, lines=key == "description")
    if "notice" in values:
        values["notice"] = word(values["notice"], Notice, at(where, "notice"))
    if "vat_percent" in values:
        values["vat_percent"] = percentage(values["vat_percent"], at(where, "vat_percent"), most="100")
    for key in ("minimum_revenue", "cost_limit", "tolerance_percent"):
        if key in values and values[key] in (None, ""):
            values[key] = None
        elif key == "tolerance_percent" and key in values:
            values[key] = percentage(values[key], at(where, key), most="1000")
        elif key in values:
            values[key] = number(values[key], at(where, key))
    check_limit(values, where)
    return values


def check_limit(values: Mapping[str, Any], where: str) -> None:
    """A tolerance is one of a limit."""
    if values.get("tolerance_percent") is not None and "cost_limit" in values and values["cost_limit"] is None:
        raise bad(_("A tolerance needs a cost limit."), at(where, "tolerance_percent"))


def checked_watch(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the watch goes by for a tariff, of WATCH what is mentioned; empty: as the operator says."""
    given = {name: value for name, value in said.items() if value not in (None, "")}
    values: dict[str, Any] = dict.fromkeys(said)
    if (name := "target_margin_percent") in given:
        values[name] = percentage(given[name], name, most="99")
    if (name := "margin_months") in given:
        values[name] = whole(given[name], 1, name, most=MOST_MONTHS)
    if (name := "offer_step") in given:
        values[name] = number(given[name], name)
        if not values[name]:
            raise bad(_("This should be more than 0."), name)
    return values


def price(value: Any, where: str) -> str:
    """A price exactly as it is written: 0.89, at most 10 digits and 6 decimals."""
    return amount(value, where, PRICE_PLACES)


def amount(value: Any, where: str, places: int = 4, digits: int = 10) -> str:
    text = str(value).strip()
    found = AMOUNT.fullmatch(text)
    if not found:
        hint = _(", with a point and not a comma") if "," in text and "." not in text else ""
        raise bad(_("“%(text)s” is no amount; write it as 0.89%(hint)s.") % {"text": text[:40], "hint": hint}, where)
    if len(found[1].lstrip("0")) > digits or len(found[1]) > 2 * digits or len(found[2] or "") > places:
        message = _("An amount has at most %(digits)s digits before the point and %(places)s behind it.")
        raise bad(message % {"digits": digits, "places": places}, where)
    return text


def number(value: Any, where: str) -> Decimal:
    """An amount that is calculated with."""
    return Decimal(amount(as_typed(value), where))


def percentage(value: Any, where: str, *, most: str) -> Decimal:
    """A percentage that is calculated with."""
    text = as_typed(value)
    if not PERCENTAGE.fullmatch(text):
        said = _(
            "“%(text)s” is no percentage; write it as 12.5, without a percent sign and with at most three decimals."
        )
        raise bad(said % {"text": text[:40]}, where)
    if Decimal(text) > Decimal(most):
        raise bad(_("This should be at most %(most)s.") % {"most": most}, where)
    return Decimal(text)


def as_typed(value: Any) -> str:
    """A number as it is typed."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value).strip()


def increment(value: Any, where: str) -> str:
    """Seconds that are billed at least and then each time: 60/1."""
    text = str(value).strip()
    if not INCREMENT.fullmatch(text):
        raise bad(_("“%(text)s” is no increment; write it as 60/60 or 60/1, in seconds.") % {"text": text[:20]}, where)
    return text


def days_of_week(value: Any, where: str) -> str:
    """Weekdays: mon-fri, sat or mon,wed,fri."""
    text = "".join(str(value).lower().split())
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
            raise bad(_("“%(text)s” are no weekdays; write them as mon-fri or sat,sun.") % {"text": text[:60]}, where)
    return text


def hour(value: Any, where: str) -> str:
    """A time of day where a window begins or ends, HH:MM; 24:00 is the midnight after."""
    text = str(value).strip()
    found = CLOCK.fullmatch(text)
    if text == "24:00":
        return "00:00"
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise bad(_("“%(text)s” is no time of day; write it as 18:00.") % {"text": text[:40]}, where)
    return text


def whole(value: Any, least: int, where: str, *, most: int = LARGEST) -> int:
    """A whole number, also typed as text; an empty text is nothing."""
    text = str(value).strip() or "0"
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or not least <= int(text) <= LARGEST:
        raise bad(_("This should be a whole number from %(least)s on.") % {"least": least}, where)
    if int(text) > most:
        raise bad(_("This should be at most %(most)s.") % {"most": most}, where)
    return int(text)


def word(value: Any, words: Any, where: str) -> str:
    """One of the words of an enumeration."""
    known = [str(one) for one in words]
    if value not in known:
        text = {"text": str(value)[:40], "known": ", ".join(known)}
        raise bad(_("“%(text)s” is not known; known are %(known)s.") % text, where)
    return str(value)


def texts(value: Any, where: str, longest: int, *, lines: bool = False) -> dict[str, str]:
    """Texts by language, without the empty ones."""
    found: dict[str, str] = {}
    for language, text in dict(value or {}).items():
        if language not in LANGUAGES:
            raise bad(_("Texts are kept in nl, de and en."), at(where, str(language)[:10]))
        plain = str(text or "").replace("\r\n", "\n").strip()
        if UNPRINTABLE.search(plain.replace("\n", " ") if lines else plain):
            raise bad(_("Signs that cannot be printed stand in this text."), at(where, language))
        if len(plain) > longest:
            raise bad(_("This text is longer than %(most)s signs.") % {"most": longest}, at(where, language))
        if plain:
            found[language] = plain
    return found
