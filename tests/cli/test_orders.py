"""`balie order` and `balie cancel` as scripts use them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.inside import Inside

FEE = {"meter": "basic_fee", "price": "39.00"}
TARIFF = {"service": "telephone", "vat_percent": "21", "notice": "monthly", "items": [FEE]}
WORLD: dict[str, Any] = {
    "operator": {"name": "De Linde", "switch": {"kind": "fake"}},
    "tariffs": [
        {**TARIFF, "code": "BASIS", "public": True},
        {**TARIFF, "code": "PLUS", "public": True},
        {**TARIFF, "code": "OTHERS", "client": "1002"},
    ],
    "clients": [
        {"number": "1001", "name": "Bakker", "email": "info@bakker.example"},
        {"number": "1002", "name": "Van Dam"},
    ],
    "numbers": [{"number": "+31201234501"}],
}


@pytest.fixture
def office(inside: Inside, tmp_path: Path) -> Inside:
    (tmp_path / "world.json").write_text(json.dumps(WORLD))
    assert inside.run("load", tmp_path / "world.json").code == 0
    return inside


def order(office: Inside, code: str = "BASIS", client: str = "1001", *more: str) -> Any:
    return office.run("order", "--client", client, "--tariff", code, "--json", *more)


def test_order_is_claimed_then_ready_and_returned_instead_of_a_second(office: Inside, tmp_path: Path) -> None:
    first = order(office)
    assert first.code == 0, first
    assert list(first.json) == ["order", "status", "number", "history"]
    assert (first.json["status"], first.json["number"]) == ("claimed", "+31201234501")
    office.run("work", "--once")
    ready = order(office, "PLUS").json
    assert (ready["order"], ready["status"]) == (first.json["order"], "ready")
    assert [step["status"] for step in ready["history"]] == ["claimed", "configured", "ready"]
    again = office.run("load", tmp_path / "world.json", "--json").json
    assert all(counts["changed"] == counts["new"] == 0 for counts in again["parts"].values())


def test_order_waits_for_a_number_and_gets_one_that_is_loaded(office: Inside, tmp_path: Path) -> None:
    order(office)
    waits = order(office, "BASIS", "1002").json
    assert (waits["status"], waits["number"]) == ("waiting", None)
    office.run("work", "--once")
    (tmp_path / "more.json").write_text(json.dumps({"numbers": [{"number": "+31201234502"}]}))
    office.run("load", tmp_path / "more.json")
    office.run("work", "--once")
    done = order(office, "BASIS", "1002").json
    assert (done["status"], done["number"]) == ("ready", "+31201234502")


def test_refusals_are_one_line_and_say_where(office: Inside) -> None:
    unknown, others = order(office, "NO-SUCH"), order(office, "OTHERS")
    assert unknown.code == others.code == 1 and unknown.json == others.json
    assert unknown.json["error"]["code"] == "unknown_code"
    who = order(office, "BASIS", "1001", "--by", "nobody@example.com")
    assert (who.code, who.json["error"]["where"]) == (1, "by")
    assert order(office, "BASIS", "9999").json["error"]["code"] == "unknown_client"
    bad = office.run("cancel", "--client", "1001", "--service", "telephone", "--on", "yesterday")
    assert (bad.code, bad.err) == (1, 'balie: on: "yesterday" is no day; write it like 2026-11-20.\n')
    empty = office.run("cancel", "--client", "1001", "--service", "telephone", "--on", "", "--json")
    assert (empty.code, empty.json["error"]["code"]) == (1, "bad_day")
    none = office.run("cancel", "--client", "1001", "--service", "telephone", "--json")
    assert (none.code, none.json["error"]["code"]) == (1, "no_contract")


def test_cancel_prints_the_end_however_often_it_is_asked(office: Inside) -> None:
    order(office)
    cancel = ("cancel", "--client", "1001", "--service", "telephone", "--json")
    first, again = office.run(*cancel).json, office.run(*cancel).json
    assert first == again and list(first) == ["contract", "ends"]
    assert first["contract"] == office.rows("select id from contracts_contract")[0][0]
    refused = order(office.__class__(office.home), "BASIS")
    assert refused.json["status"] == "claimed"


def test_world_file_loaded_again_leaves_a_notice_and_its_number(office: Inside, tmp_path: Path) -> None:
    day = {"from": "2026-01-01", "to": None}
    contract = {"service": "telephone", "tariff": "BASIS", "start": "2026-01-01", "end": None}
    world = {
        "clients": [{"number": "1001", "name": "Bakker", "contracts": [contract]}],
        "numbers": [{"number": "+31201234501", "client": "1001", **day}],
    }
    (tmp_path / "said.json").write_text(json.dumps(world))
    assert office.run("load", tmp_path / "said.json").code == 0
    cancelled = office.run("cancel", "--client", "1001", "--service", "telephone", "--json").json
    again = office.run("load", tmp_path / "said.json", "--json").json
    assert all(counts["changed"] == counts["new"] == 0 for counts in again["parts"].values())
    assert office.run("cancel", "--client", "1001", "--service", "telephone", "--json").json == cancelled
    ends = office.rows("select last_day from numbers_assignment")
    assert [str(row[0]) for row in ends] == [cancelled["ends"]]
