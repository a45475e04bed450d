"""Why a line of a bill is what it is, in the reader's language: the parts of balie.rules.why as rows to read.

Texts only. The same parts in English, for exports, are in balie.rules.why.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.billing.bill import BillLine
from balie.rules.tariff import Increment, Unit, Window
from balie.web import money, pricelist, written

Row = tuple[str, str]  # what it is about, and what is so


def quantity(value: int, unit: str) -> str:
    """A quantity as a line shows it: pieces, or minutes and seconds."""
    return written.count(value) if unit == "piece" else f"{value // 60}:{value % 60:02d}"


def told(value: int, unit: str) -> str:
    """The same within a sentence."""
    if unit == "piece":
        return written.count(value)
    return _("%(time)s min") % {"time": f"{value // 60}:{value % 60:02d}"}


def rows(line: BillLine, currency: str, texts: Sequence[str] = ()) -> list[Row]:
    """Each step from what was measured to the amount, in order; texts: what was written of what is booked."""
    because = line.because
    corrected = because.get("anew")
    found = [(_("What"), text) for text in texts]
    found += list(of(corrected if isinstance(corrected, Mapping) else because, line, currency))
    if line.correction_of:
        found.insert(0, (_("Corrects"), written.month(line.correction_of)))
        found += differences(because, currency)
    if not found and line.why:
        found.append((_("Reason"), line.why))
    return found


def differences(because: Mapping[str, Any], currency: str) -> Iterator[Row]:
    """Of a correction: what the month comes to now and what was billed."""
    names = (("due", _("Comes to now")), ("billed", _("Billed before")))
    for key, name in names:
        if key in because:
            yield name, money.money(Decimal(str(because[key])), currency)


def of(because: Mapping[str, Any], line: BillLine, currency: str) -> Iterator[Row]:
    if "tariff" in because:
        since = because.get("since")
        begin = pricelist.month_from(date.fromisoformat(since) if since else None)
        yield _("Tariff"), _("%(code)s, version from %(month)s") % {"code": because["tariff"], "month": begin}
    if "measured" in because:
        yield from measured(because["measured"], because, line)
    if "fee" in because:
        yield from fee(because["fee"], because)
    if "allowance" in because:
        yield from allowance(because["allowance"], line.unit)
    yield from priced(because, line, currency)
    yield from settled(because, line, currency)


def counted(text: str, n: int) -> str:
    return text % {"n": written.count(n)}


def pieces_of(seen: Mapping[str, Any], because: Mapping[str, Any]) -> int:
    """In how many parts messages were sent; bills frozen before that was kept say it as what was billed."""
    allowance = because.get("allowance") or {}
    return int(seen.get("parts", allowance.get("before", because.get("quantity", 0))))


def measured(seen: Mapping[str, Any], because: Mapping[str, Any], line: BillLine) -> Iterator[Row]:
    calls = seen["calls"]
    if line.meter == "sms":
        parts = [counted(ngettext("%(n)s message", "%(n)s messages", calls), calls)]
        pieces = pieces_of(seen, because)
        parts.append(counted(ngettext("%(n)s message part", "%(n)s message parts", pieces), pieces))
    else:
        parts = [counted(ngettext("%(n)s call", "%(n)s calls", calls), calls)]
    if seen.get("seconds"):
        parts.append(_("%(time)s together") % {"time": written.duration(seen["seconds"])})
    yield _("Measured"), ", ".join(parts)
    if seen.get("window"):
        yield _("Window"), pricelist.window(Window.read(seen["window"]))
    if seen.get("too_short"):
        said = {"n": written.count(seen["too_short"]), "least": seen["min_seconds"]}
        yield _("Not counted"), _("%(n)s shorter than %(least)s s") % said
    if seen.get("increment") and line.unit != "piece":
        before = because["allowance"]["before"] if "allowance" in because else because.get("quantity", line.quantity)
        how = pricelist.increment(Increment.read(seen["increment"]))
        yield _("Billed time"), _("%(how)s: %(time)s") % {"how": how, "time": told(before, line.unit)}


def fee(part: Mapping[str, Any], because: Mapping[str, Any]) -> Iterator[Row]:
    first, last = date.fromisoformat(part["first_day"]), date.fromisoformat(part["last_day"])
    yield _("For"), f"{written.day(first)} – {written.day(last)}"
    if part["days"] != part["of_days"]:
        yield _("Days"), _("%(days)s of %(all)s") % {"days": part["days"], "all": part["of_days"]}
    if "booked" in because:
        name = _("Active users") if because.get("active_users") else _("Booked")
        yield name, written.count(because["booked"])


def allowance(part: Mapping[str, Any], unit: str) -> Iterator[Row]:
    left = part["included"] - part["used"]
    said = {"used": told(part["used"], unit), "all": told(part["included"], unit), "left": told(left, unit)}
    text = _("%(used)s of %(all)s used, %(left)s left") % said
    yield _("Included"), text


def priced(because: Mapping[str, Any], line: BillLine, currency: str) -> Iterator[Row]:
    per = "" if line.unit == "piece" else " " + str(pricelist.UNITS[Unit(line.unit)])
    if because.get("steps"):
        parts = [
            f"{told(step['quantity'], line.unit)} × {money.price(step['price'], currency)}{per}"
            for step in because["steps"]
        ]
        yield _("Calculation"), " + ".join(parts)
    elif because.get("price") and because.get("reason") not in ("cost_limit", "minimum_revenue"):
        amount = told(because.get("quantity", line.quantity), line.unit)
        yield _("Calculation"), f"{amount} × {money.price(because['price'], currency)}{per}"


def settled(because: Mapping[str, Any], line: BillLine, currency: str) -> Iterator[Row]:
    def shown(key: str, part: Mapping[str, Any]) -> str:
        return money.money(Decimal(str(part[key])), currency)

    if part := because.get("settlement"):
        yield _("Should be"), shown("due", part)
        yield _("Billed before"), shown("billed", part)
    if part := because.get("cap"):
        if because.get("reason") == "cost_limit":
            text = _("the marked items come to %(sum)s, the limit is %(limit)s")
            yield _("Cost limit"), text % {"sum": shown("sum", part), "limit": shown("limit", part)}
        else:
            text = _("%(before)s fell under the limit of %(limit)s")
            yield _("Cost limit"), text % {"before": shown("before", part), "limit": shown("limit", part)}
    if part := because.get("lift"):
        text = _("the marked items come to %(sum)s and are lifted to %(minimum)s")
        yield _("Minimum revenue"), text % {"sum": shown("sum", part), "minimum": shown("minimum", part)}
