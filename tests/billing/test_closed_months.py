"""Closed months: frozen to the cent, corrected by name in a later month, through the commands."""

import json
from typing import Any

import pytest

from tests.inside import Inside
from tests.installation import Installation

ITEMS: list[dict[str, Any]] = [
    {"meter": "basic_fee", "price": "39.00", "title": {"en": "Basic fee"}},
    {"meter": "talk_time", "price": "0.60", "increment": "60/1", "included": 1},
]
HEADER = "start;direction;caller;callee;agent;talk;key\n"
Lines = list[tuple[str, int, str]]
Office = Inside | Installation


def world(**more: Any) -> dict[str, Any]:
    columns = {name: name for name in ("start", "direction", "caller", "callee", "agent", "talk", "key")}
    source = {"name": "pbx", "format": "generic", "timezone": "Europe/Amsterdam", "columns": columns}
    tariff = {"code": "T", "service": "telephone", "vat_percent": "21", "items": ITEMS, **more.pop("tariff", {})}
    contract = {"service": "telephone", "tariff": "T", "start": "2026-01-01", **more.pop("contract", {})}
    client = {"number": "1001", "name": "Bakker", "language": "en", "contracts": [contract]}
    return {
        "operator": {"name": "De Linde", "timezone": "Europe/Amsterdam", "region": "NL", "currency": "EUR"},
        "phone_systems": [{**source, "separator": ";", "date_format": "%Y-%m-%d %H:%M:%S"}],
        "agents": [{"code": "201", "name": "Anna"}],
        "clients": [client, {"number": "1002", "name": "Van Dam", "contracts": []}],
        "numbers": [{"number": "+31201234501", "client": "1001", "from": "2026-01-01"}],
        "tariffs": [tariff],
        **more,
    }


def load(balie: Office, said: dict[str, Any]) -> None:
    path = balie.home / "world.json"
    path.write_text(json.dumps(said))
    done = balie.run("load", path)
    assert done.code == 0, done.err


def calls(balie: Office, name: str, rows: Lines) -> None:
    """Accepted calls: start, talk, key."""
    lines = (f"{start};inbound;0612345678;0201234501;201;{talk};{key}\n" for start, talk, key in rows)
    path = balie.home / name
    path.write_text(HEADER + "".join(lines))
    assert balie.run("import", "calls", path, "--source", "pbx").code == 0


def price(balie: Office, month: str, client: str = "1001") -> dict[str, Any]:
    answer = balie.run("price", "--client", client, "--month", month, "--json")
    assert answer.code == 0, answer.out
    found: dict[str, Any] = answer.json
    return found


def close(balie: Office, month: str) -> None:
    assert balie.run("close", "--month", month).code == 0


def lines(bill: dict[str, Any]) -> list[tuple[str, int, str, str | None]]:
    """Meter, quantity, amount, month corrected of every line."""
    return [
        (line["meter"], line["quantity"], line["amount"], line.get("correction_of"))
        for contract in bill["contracts"]
        for line in contract["lines"]
    ]


def filled(office: Office) -> None:
    load(office, world())
    calls(office, "june.csv", [("2026-06-10 10:00:00", 90, "a"), ("2026-06-10 10:00:00", 61, "b")])


@pytest.fixture
def balie(inside: Inside) -> Inside:
    filled(inside)
    return inside


def test_month_is_priced_frozen_and_corrected_in_the_next_one(balie: Inside) -> None:
    before = price(balie, "2026-06")
    assert lines(before) == [("basic_fee", 1, "39.00", None), ("talk_time", 91, "0.91", None)]
    assert (before["net"], before["vat"], before["gross"]) == ("39.91", "8.38", "48.29")
    close(balie, "2026-06")
    assert price(balie, "2026-06") == before
    calls(balie, "late.csv", [("2026-06-30 23:59:59", 30, "late"), ("2026-07-01 00:00:00", 30, "next")])
    assert price(balie, "2026-06") == before
    july = [("basic_fee", 1, "39.00", None), ("talk_time", 0, "0.00", None), ("talk_time", 60, "0.60", "2026-06")]
    assert lines(price(balie, "2026-07")) == july
    assert lines(price(balie, "2026-08")) == [("basic_fee", 1, "39.00", None), ("talk_time", 0, "0.00", None)]
    close(balie, "2026-06")  # makes the revision, and changes no bill
    assert price(balie, "2026-06") == before
    close(balie, "2026-07")
    assert lines(price(balie, "2026-07")) == july
    assert lines(price(balie, "2026-08"))[1:] == [("talk_time", 0, "0.00", None)]
    calls(balie, "later.csv", [("2026-06-30 12:00:00", 60, "later")])
    assert lines(price(balie, "2026-08"))[2:] == [("talk_time", 60, "0.60", "2026-06")]


def test_correction_skips_closed_months_and_months_without_a_contract(balie: Inside) -> None:
    close(balie, "2026-06")
    close(balie, "2026-07")
    load(balie, world(contract={"end": "2026-07-31"}))
    calls(balie, "late.csv", [("2026-06-30 23:59:59", 30, "late")])
    alone = price(balie, "2026-08")
    assert lines(alone) == [("talk_time", 60, "0.60", "2026-06")]
    assert (alone["net"], alone["vat"], alone["gross"]) == ("0.60", "0.13", "0.73")
    everybody = balie.run("price", "--all", "--month", "2026-08", "--json").json
    assert [(bill["client"], bill["net"]) for bill in everybody] == [("1001", "0.60"), ("1002", "0.00")]


def test_later_version_never_changes_a_past_month(balie: Inside) -> None:
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    close(balie, "2026-06")
    before = {month: price(balie, month) for month in months[:8]}
    dearer = [{**item, "price": "99.00"} for item in ITEMS]
    tariffs = [world()["tariffs"][0], {**world()["tariffs"][0], "from": "2026-09-01", "items": dearer}]
    load(balie, world(tariffs=tariffs))
    assert {month: price(balie, month) for month in months[:8]} == before
    assert lines(price(balie, "2026-09"))[0] == ("basic_fee", 1, "99.00", None)
    refused = balie.run("load", balie.home / "world.json")
    assert refused.code == 0
    changed = world(tariff={"items": dearer})
    (balie.home / "world.json").write_text(json.dumps(changed))
    assert balie.run("load", balie.home / "world.json").code == 1


def test_contract_made_for_a_closed_month_is_billed_for_it_on_the_next_open_one(balie: Inside) -> None:
    once = {"meter": "basic_fee", "price": "100.00", "cycle": "once"}
    ahead = {"meter": "basic_fee", "price": "39.00", "in_advance": True}
    items = [ahead, {**ahead, "price": "7.00", "in_advance": False}, once, {"meter": "calls_accepted", "price": "1.00"}]
    tariff = {"code": "N", "service": "telephone", "vat_percent": "21", "items": items}
    close(balie, "2026-06")
    new = {"number": "2001", "name": "New", "contracts": [{"tariff": "N", "start": "2026-06-10"}]}
    number = {"number": "+31201234601", "client": "2001", "from": "2026-06-10"}
    load(balie, {"tariffs": [tariff], "clients": [new], "numbers": [number]})
    path = balie.home / "new.csv"
    path.write_text(HEADER + "2026-06-15 10:00:00;inbound;0612345678;0201234601;201;60;new\n")
    assert balie.run("import", "calls", path, "--source", "pbx").code == 0
    assert lines(price(balie, "2026-06", "2001")) == []
    own = [("basic_fee", 1, "39.00", None), ("basic_fee", 1, "7.00", None), ("calls_accepted", 0, "0.00", None)]
    made_up_for = [
        ("basic_fee", 2, "78.00", "2026-06"),
        ("basic_fee", 1, "7.00", "2026-06"),
        ("basic_fee", 1, "100.00", "2026-06"),
        ("calls_accepted", 1, "1.00", "2026-06"),
    ]
    assert lines(price(balie, "2026-07", "2001")) == own + made_up_for
    assert lines(price(balie, "2026-08", "2001")) == own
    close(balie, "2026-07")
    assert lines(price(balie, "2026-07", "2001")) == own + made_up_for
    assert lines(price(balie, "2026-08", "2001")) == own


def test_tariff_changed_back_into_a_closed_month_bills_its_service_once(balie: Inside) -> None:
    close(balie, "2026-06")
    dearer = {"code": "U", "service": "telephone", "vat_percent": "21", "items": [{**ITEMS[0], "price": "59.00"}]}
    contracts = [
        {"service": "telephone", "tariff": "T", "start": "2026-01-01", "end": "2026-05-31"},
        {"service": "telephone", "tariff": "U", "start": "2026-06-01"},
    ]
    load(balie, {"tariffs": [dearer], "clients": [{"number": "1001", "name": "Bakker", "contracts": contracts}]})
    assert lines(price(balie, "2026-07")) == [("basic_fee", 1, "59.00", None)]


def test_missing_price_refuses_price_and_close_and_changes_nothing(balie: Inside) -> None:
    load(balie, world(tariff={"items": [{"meter": "talk_time"}]}))
    for command in (("price", "--client", "1001"), ("price", "--all"), ("close",)):
        refused = balie.run(*command, "--month", "2026-06", "--json")
        assert refused.code == 1
        error = refused.json["error"]
        assert error["code"] == "no_price"
        assert "1001" in error["message"] and "T" in error["message"] and "talk_time" in error["message"]
    assert balie.rows("SELECT count(*) FROM statements_statement") == [(0,)]
    assert balie.rows("SELECT count(*) FROM calls_closedmonth") == [(0,)]
    assert lines(price(balie, "2026-05")) == [] or price(balie, "2026-05")["net"] == "0.00"


@pytest.mark.parametrize("fault", ["closing-frozen", "closing-marked", "closing-drafted", "closing-kept"])
def test_closing_killed_freezes_each_bill_once(installation: Installation, fault: str) -> None:
    balie = installation
    filled(balie)
    expected = price(balie, "2026-06")
    killed = balie.run("close", "--month", "2026-06", BALIE_FAULT=f"{fault}:1")
    assert killed.code != 0
    assert balie.rows("SELECT count(*) FROM billing_frozenbill") == [(0,)]
    close(balie, "2026-06")
    close(balie, "2026-06")
    assert balie.rows("SELECT count(*) FROM billing_frozenbill") == [(1,)]
    assert price(balie, "2026-06") == expected


def test_every_format_has_the_same_lines(balie: Inside) -> None:
    import csv
    import io

    bill = price(balie, "2026-06")
    out = balie.run("price", "--client", "1001", "--month", "2026-06", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    told = [line for contract in bill["contracts"] for line in contract["lines"]]
    names = ("item", "meter", "unit", "price", "amount", "why", "vat_percent", "for")
    assert [[row[name] for name in names] for row in rows] == [[line[name] for name in names] for line in told]
    assert [int(row["quantity"]) for row in rows] == [line["quantity"] for line in told]
    assert balie.run("price", "--all", "--month", "2026-06", "--json").json[0] == bill
