"""`balie change` as an administrator uses it."""

import json
from pathlib import Path

from tests.inside import Inside

FEE = {"meter": "basic_fee", "price": "39.00"}
TARIFF = {"service": "telephone", "vat_percent": "21", "items": [FEE]}
WORLD = {
    "tariffs": [
        {**TARIFF, "code": "BASIS", "public": True},
        {**TARIFF, "code": "PLUS", "public": True},
        {**TARIFF, "code": "KEY", "code_uses": 1},
        {**TARIFF, "code": "OTHERS", "client": "1002"},
    ],
    "clients": [
        {"number": "1001", "name": "Bakker", "contracts": [{"tariff": "BASIS", "start": "2026-01-01"}]},
        {"number": "1002", "name": "Van Dam"},
    ],
}


def change(code: str, service: str = "telephone") -> list[str]:
    return ["change", "--client", "1001", "--service", service, "--tariff", code]


def test_change_says_what_stands_however_often_it_is_asked(inside: Inside, tmp_path: Path) -> None:
    world = tmp_path / "world.json"
    world.write_text(json.dumps(WORLD))
    assert inside.run("load", world).code == 0
    first = inside.run(*change("KEY"), "--json")
    assert first.code == 0, first
    again = inside.run(*change("key"), "--json")
    assert again.json == first.json
    assert list(first.json) == ["contract", "tariff", "from"]
    assert first.json["tariff"] == "KEY" and first.json["from"].endswith("-01")
    rows = inside.rows("select id, start from contracts_contract order by start")
    assert [str(row[1]) for row in rows] == ["2026-01-01", first.json["from"]]
    assert rows[1][0] == first.json["contract"]
    # The file that was loaded before says nothing of it: it stays.
    assert inside.run("load", world, "--json").json["parts"]["contracts"]["changed"] == 0
    assert inside.run(*change("PLUS"), "--json").json["tariff"] == "PLUS"


def test_code_that_is_not_for_this_client_is_refused_like_an_unknown_one(inside: Inside, tmp_path: Path) -> None:
    world = tmp_path / "world.json"
    world.write_text(json.dumps(WORLD))
    assert inside.run("load", world).code == 0
    answers = [inside.run(*change(code)) for code in ("OTHERS", "NO-SUCH")]
    assert answers[0].code == 1 and answers[0] == answers[1]
    assert answers[0].err == (
        "balie: tariff: This code opens no tariff. Look at how it is written, or ask for a new one.\n"
    )
    asked = inside.run(*change("PLUS", "sms"), "--json")
    assert (asked.code, asked.json["error"]["code"]) == (1, "no_contract")
