"""The demo operator's price list, in the format of a world file."""

from typing import Any

Document = dict[str, Any]

PRINS = "PRINS-7Q4K"


def item(meter: str, price: str | None, nl: str, de: str, en: str, **more: Any) -> Document:
    priced = {} if price is None else {"price": price}
    return {"title": {"nl": nl, "de": de, "en": en}, "meter": meter, **priced, **more}


def basic_fee(price: str, **more: Any) -> Document:
    return item("basic_fee", price, "Basisvergoeding", "Grundgebühr", "Basic fee", in_advance=True, **more)


def accepted(price: str, **more: Any) -> Document:
    return item("calls_accepted", price, "Aangenomen gesprek", "Angenommenes Gespräch", "Accepted call", **more)


def talk(price: str | None, **more: Any) -> Document:
    more = {"increment": "60/1", **more}
    return item("talk_time", price, "Gesprekstijd", "Gesprächszeit", "Talk time", **more)


def by_second(meter: str, price: str, nl: str, de: str, en: str) -> Document:
    return item(meter, price, nl, de, en, increment="1/1")


def connections() -> list[Document]:
    """What every tariff says of calls to outside numbers."""
    return [
        by_second("forwarded_fixed", "0.06", "Doorgeschakeld, vast", "Weiterleitung, Festnetz", "Forwarded, fixed"),
        by_second("forwarded_mobile", "0.19", "Doorgeschakeld, mobiel", "Weiterleitung, Mobil", "Forwarded, mobile"),
        by_second("forwarded_other", "0.45", "Doorgeschakeld, overig", "Weiterleitung, sonstige", "Forwarded, other"),
        item("calls_outbound", "1.25", "Gesprek in opdracht", "Gespräch im Auftrag", "Call on your behalf"),
        by_second("outbound_mobile", "0.19", "In opdracht, mobiel", "Im Auftrag, Mobil", "On your behalf, mobile"),
        by_second("outbound_other", "0.45", "In opdracht, overig", "Im Auftrag, sonstige", "On your behalf, other"),
        item("sms", "0.14", "Sms", "SMS", "SMS"),
        item("user_module", "6.50", "Gebruikersmodule", "Benutzermodul", "User module"),
    ]


def tariff(code: str, titles: tuple[str, str, str], since: str, items: list[Document], **more: Any) -> Document:
    """A tariff of the telephone service from a day on; titles in Dutch, German and English."""
    common = {"service": "telephone", "from": since, "vat_percent": "21", "notice": "monthly", "public": True}
    title = dict(zip(("nl", "de", "en"), titles, strict=True))
    return {"code": code, "title": title, **common, **more, "items": [*items, *connections()]}


def basic(since: str, fee: str, call: str, minute: str) -> Document:
    return tariff("BASIS", ("Basis", "Basis", "Basic"), since, [basic_fee(fee), accepted(call), talk(minute)])


def business(since: str) -> Document:
    """Forty calls included, talk in steps, a minimum."""
    steps = [{"up_to": 300, "price": "0.82"}, {"price": "0.68"}]
    items = [basic_fee("69.00"), accepted("0.75", included=40), talk(None, steps=steps, minimum_revenue=True)]
    return tariff("ZAKELIJK", ("Zakelijk", "Geschäft", "Business"), since, items, minimum_revenue="60.00")


def practice(since: str) -> Document:
    """Usage up to a limit."""
    items = [basic_fee("119.00"), accepted("0.45", cost_limit=True), talk("0.79", included=120, cost_limit=True)]
    limit = {"cost_limit": "250.00", "tolerance_percent": "20"}
    return tariff("PRAKTIJK", ("Praktijk", "Praxis", "Practice"), since, items, **limit)


def day_and_night(since: str) -> Document:
    """Dearer in the evening, at night and at weekends."""
    day = {"days": "mon-fri", "from": "08:00", "to": "18:00"}
    evening, weekend = {"days": "mon-fri", "from": "18:00", "to": "08:00"}, {"days": "sat-sun"}
    talks = [talk("0.84", window=day), talk("1.24", window=evening), talk("1.24", window=weekend)]
    titles = ("Dag en nacht", "Tag und Nacht", "Day and night")
    return tariff("DAGNACHT", titles, since, [basic_fee("99.00"), accepted("0.60"), *talks], notice="yearly")


def flat(since: str) -> Document:
    titles = ("Vast tarief", "Pauschale", "Flat rate")
    return tariff("VAST", titles, since, [basic_fee("395.00")], prorate=True)


def individual(since: str) -> Document:
    """Agreed with one client."""
    titles = ("Afspraak Makelaardij Prins", "Vereinbarung Makelaardij Prins", "Agreed with Makelaardij Prins")
    items = [basic_fee("45.00"), accepted("0.70"), talk("0.82")]
    return tariff(PRINS, titles, since, items, public=False, client="1004")


def tariffs(year: int) -> list[Document]:
    """The price list as it stands in a year; the basic tariff was raised on its first of January."""
    begun = f"{year - 4}-01-01"
    return [
        basic(begun, "27.50", "0.90", "0.85"),
        basic(f"{year}-01-01", "29.00", "0.95", "0.89"),
        *(made(begun) for made in (business, practice, day_and_night, flat, individual)),
    ]
