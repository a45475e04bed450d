"""What is wrong with a world file is said in one line with its path, and then nothing is stored."""

import json
from typing import Any

import pytest

from balie.rules.errors import Refused
from balie.world.reading import LARGEST, read
from tests.world.sample import load, refusal, sample

pytestmark = pytest.mark.django_db

CLIENT = {"number": "1001", "name": "Bakker"}
ITEM = {"meter": "talk_time", "price": "0.89"}
TARIFF = {"code": "X", "service": "telephone", "vat_percent": "21", "items": [ITEM]}
GENERIC = {"name": "g", "format": "generic", "columns": {"start": 0, "talk": 1, "callee": 2}}


def client(**values: Any) -> dict[str, Any]:
    return {"clients": [{**CLIENT, **values}]}


def contract(**values: Any) -> dict[str, Any]:
    tariffs = sample()["tariffs"]
    return client(contracts=[{"tariff": "BASIS", "start": "2026-01-01", **values}]) | {"tariffs": tariffs}


def item(**values: Any) -> dict[str, Any]:
    return {"tariffs": [{**TARIFF, "items": [{**ITEM, **values}]}]}


def tariff(**values: Any) -> dict[str, Any]:
    return {"tariffs": [{**TARIFF, **values}]}


def operator(**values: Any) -> dict[str, Any]:
    return {"operator": values}


def generic(**values: Any) -> dict[str, Any]:
    return {"phone_systems": [{**GENERIC, **values}]}


def files(**values: Any) -> dict[str, Any]:
    return {"phone_systems": [{"name": "a", "format": "asterisk", "files": values}]}


@pytest.mark.parametrize(
    ("world", "where"),
    [
        ({"klanten": []}, "klanten"),
        ({"clients": {}}, "clients"),
        ({"clients": ["1001"]}, "clients[0]"),
        ({"clients": [{"number": "1"}]}, "clients[0].name"),
        (client(number=1001), "clients[0].number"),
        (client(number="  "), "clients[0].number"),
        (client(number="1" * 41), "clients[0].number"),
        (client(name="a\0b"), "clients[0].name"),
        (client(name="a\nb"), "clients[0].name"),
        (client(name="\ud800"), "clients[0].name"),
        (client(name=None), "clients[0].name"),
        (client(naam="x"), "clients[0].naam"),
        (client(language="fr"), "clients[0].language"),
        (client(email="info@\nbakker.nl"), "clients[0].email"),
        (client(email="i" * 255), "clients[0].email"),
        (client(email=""), "clients[0].email"),
        (client(hide_numbers="some"), "clients[0].hide_numbers"),
        ({"clients": [CLIENT, CLIENT]}, "clients[1].number"),
        (contract(tariff="PLUS"), "clients[0].contracts[0].tariff"),
        (contract(start="2026-02-30"), "clients[0].contracts[0].start"),
        (contract(start="20260201"), "clients[0].contracts[0].start"),
        (contract(start="2026-1-1"), "clients[0].contracts[0].start"),
        (contract(start="٢٠٢٦-01-01"), "clients[0].contracts[0].start"),
        (contract(start=20260101), "clients[0].contracts[0].start"),
        (contract(end="9999-12-31"), "clients[0].contracts[0].end"),
        (contract(end="2025-12-31"), "clients[0].contracts[0].end"),
        (contract(service="sms"), "clients[0].contracts[0].tariff"),
        (contract(booked=[{"meter": "talk_time"}]), "clients[0].contracts[0].booked[0].meter"),
        (contract(booked=[{"meter": "user_module", "quantity": 1.5}]), "clients[0].contracts[0].booked[0].quantity"),
        (contract(booked=[{"meter": "user_module", "quantity": True}]), "clients[0].contracts[0].booked[0].quantity"),
        (contract(booked=[{"meter": "user_module"}] * 2), "clients[0].contracts[0].booked[1]"),
        (client(contracts=[{"start": "2026-01-01"}]), "clients[0].contracts[0]"),
        (operator(timezone="Europe/Nowhere"), "operator.timezone"),
        (operator(timezone="../../etc/passwd"), "operator.timezone"),
        (operator(region="XX"), "operator.region"),
        (operator(region="nl"), "operator.region"),
        (operator(region="DE-QQ"), "operator.region"),
        (operator(region="NL-NH"), "operator.region"),
        (operator(currency="EURO"), "operator.currency"),
        (operator(currency="NLG"), "operator.currency"),
        (operator(language="NL"), "operator.language"),
        (operator(costs={"agent_per_hour": 30}), "operator.costs.agent_per_hour"),
        (operator(costs={"agent_per_hour": 30.5}), "operator.costs.agent_per_hour"),
        (operator(costs={"agent_per_hour": "30,50"}), "operator.costs.agent_per_hour"),
        (operator(costs={"agent_per_hour": "-1"}), "operator.costs.agent_per_hour"),
        (operator(costs={"agent_per_hour": "1e9"}), "operator.costs.agent_per_hour"),
        (operator(costs={"agent_per_hour": "NaN"}), "operator.costs.agent_per_hour"),
        (operator(costs={"agent_per_hour": "٣"}), "operator.costs.agent_per_hour"),
        (operator(costs={"agent_per_hour": "9" * 11}), "operator.costs.agent_per_hour"),
        (operator(costs={"fax": "1.00"}), "operator.costs.fax"),
        (operator(target_margin_percent="100"), "operator.target_margin_percent"),
        (operator(offer_step="0.00"), "operator.offer_step"),
        (operator(margin_months=0), "operator.margin_months"),
        (operator(close={"day": 31}), "operator.close.day"),
        (operator(close={"at": "24:00"}), "operator.close.at"),
        (operator(base_url="linde.example.nl"), "operator.base_url"),
        (operator(base_url="https://"), "operator.base_url"),
        (operator(address="Lindelaan 1"), "operator.address"),
        (operator(mailboxes={"orders": "orders"}), "operator.mailboxes.orders"),
        (operator(mail={"url": "smtp://balie:geheim@host"}), "operator.mail.url"),
        (operator(mail={"url": "smtp://host:99999"}), "operator.mail.url"),
        (operator(mail={"url": "http://host"}), "operator.mail.url"),
        (operator(mail={"url": "smtp://host", "password": "env:NOT A NAME"}), "operator.mail.password"),
        (operator(mail={"password": "env:X"}), "operator.mail.url"),
        (operator(switch={"kind": "asterisk"}), "operator.switch.url"),
        (operator(switch={"kind": "webhook", "url": "ami://x"}), "operator.switch.url"),
        (operator(switch={"kind": "manual", "test_from": "from-trunk"}), "operator.switch.test_from"),
        (operator(switch={"kind": "asterisk", "url": "ami://x@y", "dial": "A/1&B/2"}), "operator.switch.dial"),
        (
            operator(switch={"kind": "asterisk", "url": "ami://x@y", "number_form": "e.164"}),
            "operator.switch.number_form",
        ),
        (
            operator(switch={"kind": "asterisk", "url": "ami://x@y", "fingerprint": "0" * 64}),
            "operator.switch.fingerprint",
        ),
        (operator(switch={"kind": "asterisk", "url": "amis://x@y", "fingerprint": "0"}), "operator.switch.fingerprint"),
        (operator(sms_gateway={"kind": "pigeon"}), "operator.sms_gateway.kind"),
        ({"phone_systems": [{"name": "a", "format": "avaya"}]}, "phone_systems[0].format"),
        ({"phone_systems": [{"name": "a", "format": "asterisk", "separator": ";"}]}, "phone_systems[0].separator"),
        ({"phone_systems": [{"name": "a", "format": "generic"}]}, "phone_systems[0].columns"),
        (generic(columns={"talk": 1, "callee": 2}), "phone_systems[0].columns.start"),
        (generic(columns={"start": 0, "talk": 1}), "phone_systems[0].columns"),
        (generic(columns={"start": -1, "talk": 1, "callee": 2}), "phone_systems[0].columns.start"),
        (generic(columns={"start": 0, "talk": 1, "callee": 2, "price": 3}), "phone_systems[0].columns.price"),
        (generic(separator=";;"), "phone_systems[0].separator"),
        (generic(separator='"'), "phone_systems[0].quoting"),
        (generic(encoding="utf-16"), "phone_systems[0].encoding"),
        (generic(encoding="rot13"), "phone_systems[0].encoding"),
        (generic(encoding="klingon"), "phone_systems[0].encoding"),
        (generic(date_format="%d-%m-%Y"), "phone_systems[0].date_format"),
        (generic(date_format="%999999999Y"), "phone_systems[0].date_format"),
        (generic(decimal=";"), "phone_systems[0].decimal"),
        (generic(directions={"IN": "in"}), "phone_systems[0].directions.IN"),
        (files(url="/var/log/Master.csv"), "phone_systems[0].files.url"),
        (files(url="file://var/log/Master.csv"), "phone_systems[0].files.url"),
        (files(url="gopher://host/x"), "phone_systems[0].files.url"),
        (files(url="sftp://a:b@host/x"), "phone_systems[0].files.url"),
        (files(url="file:///x", every_minutes=0), "phone_systems[0].files.every_minutes"),
        (files(at="05:30"), "phone_systems[0].files.url"),
        ({"agents": [{"code": "1", "name": "A"}, {"code": "1", "name": "B"}]}, "agents[1].code"),
        (
            {"agents": [{"code": "1", "endpoint": "a", "name": "A"}, {"code": "1", "endpoint": "b", "name": "B"}]},
            "agents[1].name",
        ),
        ({"agents": [{"code": "1", "endpoint": "a"}, {"code": "2", "endpoint": "a"}]}, "agents[1]"),
        ({"agents": [{"code": "1", "from": "2026-01-01"}]}, "agents[0].from"),
        ({"agents": [{"code": "1", "endpoint": "a", "from": "2026-02-01", "to": "2026-01-31"}]}, "agents[0].to"),
        ({"numbers": [{"number": "+31201234501", "client": "7"}]}, "numbers[0].client"),
        ({"numbers": [{"number": "+31201234501", "to": "2026-01-31"}]}, "numbers[0].to"),
        ({"numbers": [{"number": "abc"}]}, "numbers[0].number"),
        ({"numbers": [{"number": "0800-BELLEN"}]}, "numbers[0].number"),
        ({"numbers": [{"number": "+"}]}, "numbers[0].number"),
        ({"numbers": [{"number": "12"}]}, "numbers[0].number"),
        (tariff(**{"from": "2026-01-15"}), "tariffs[0].from"),
        (tariff(vat_percent=21), "tariffs[0].vat_percent"),
        (tariff(vat_percent="101"), "tariffs[0].vat_percent"),
        (tariff(notice="weekly"), "tariffs[0].notice"),
        (tariff(title="Basis"), "tariffs[0].title"),
        (tariff(title={"fr": "Base"}), "tariffs[0].title.fr"),
        (tariff(client="7"), "tariffs[0].client"),
        (tariff(cost_limit=None, tolerance_percent="20"), "tariffs[0].tolerance_percent"),
        ({"tariffs": [{"service": "telephone", "items": []}]}, "tariffs[0].vat_percent"),
        ({"tariffs": [TARIFF, TARIFF]}, "tariffs[1]"),
        ({"tariffs": [TARIFF, {**TARIFF, "from": "2027-01-01", "service": "sms"}]}, "tariffs[1].service"),
        (item(meter="talktime"), "tariffs[0].items[0].meter"),
        (item(price=0.89), "tariffs[0].items[0].price"),
        (item(unit="piece"), "tariffs[0].items[0].unit"),
        (item(increment="60"), "tariffs[0].items[0].increment"),
        (item(increment="60/0"), "tariffs[0].items[0].increment"),
        (item(cycle="weekly"), "tariffs[0].items[0].cycle"),
        (item(cycle="once"), "tariffs[0].items[0].cycle"),
        (item(in_advance=True), "tariffs[0].items[0].in_advance"),
        (item(meter="basic_fee", in_advance=True, cost_limit=True), "tariffs[0].items[0].cost_limit"),
        (item(meter="basic_fee", window={"days": "sat"}), "tariffs[0].items[0].window"),
        (item(included=-1), "tariffs[0].items[0].included"),
        (item(included="30"), "tariffs[0].items[0].included"),
        (item(steps=[{"price": "1"}, {"price": "2"}]), "tariffs[0].items[0].steps[0].up_to"),
        (item(steps=[{"up_to": 9, "price": "1"}, {"up_to": 9, "price": "2"}]), "tariffs[0].items[0].steps[1].up_to"),
        (item(window={"days": "weekend"}), "tariffs[0].items[0].window.days"),
        (item(window={"from": "8:00"}), "tariffs[0].items[0].window.from"),
        (item(window={"from": "08:00", "to": "08:00"}), "tariffs[0].items[0].window.to"),
        (item(window={"holidays": "never"}), "tariffs[0].items[0].window.holidays"),
    ],
)
def test_wrong_world_is_refused_at_its_path(world: dict[str, Any], where: str) -> None:
    found, message = refusal(world)
    assert found == where
    assert "\n" not in message
    assert len(message) < 400


def test_refusal_of_a_secret_does_not_tell_it() -> None:
    for secret in (12345678, ["hunter2"], "hunter2\n", "env:hunter 2"):
        _, message = refusal(operator(mail={"url": "smtp://host", "password": secret}))
        assert "hunter" not in message and "1234" not in message


@pytest.mark.parametrize(
    ("world", "where", "message"),
    [
        (
            {"agents": [{"code": "201", "to": "2026-06-30"}]},
            "agents[0].to",
            'this says until when the agent has an endpoint; write "endpoint" beside it, such as "endpoint": '
            '"PJSIP/201", or leave "to" out',
        ),
        (
            {"numbers": [{"number": "020 123 45 01", "from": "2026-06-01"}]},
            "numbers[0].from",
            'this says from when a client has the number; write "client" beside it, such as "client": "1001", '
            'or leave "from" out',
        ),
    ],
)
def test_day_of_nobody_is_refused_with_what_to_write(world: dict[str, Any], where: str, message: str) -> None:
    load(sample())
    assert refusal(world) == (where, message)


@pytest.mark.parametrize(
    ("world", "where", "message"),
    [
        (operator(switch={"kind": "asterisk"}), "operator.switch.url",
         '"asterisk" needs a "url", ami:// or amis://…'),
        (generic(columns={"start": 0}), "phone_systems[0].columns.talk",
         'the format "generic" needs a column for "talk"'),
        (operator(mail={"url": "smtp://a:b@host"}), "operator.mail.url",
         'a password does not belong in an address; write it as "password": "env:NAME" or "file:PATH"'),
        (operator(target_margin_percent="12%"), "operator.target_margin_percent",
         '"12%" is no percentage; write it as "12.5", with at most three decimals'),
        (operator(target_margin_percent="1.2345"), "operator.target_margin_percent",
         '"1.2345" is no percentage; write it as "12.5", with at most three decimals'),
        (operator(target_margin_percent=12), "operator.target_margin_percent",
         'this should be a percentage in quotes, such as "12.5", not the number 12'),
        (tariff(vat_percent="21 %"), "tariffs[0].vat_percent",
         '"21 %" is no percentage; write it as "12.5", with at most three decimals'),
    ],
)  # fmt: skip
def test_a_file_is_told_its_keys_and_how_values_are_written(world: dict[str, Any], where: str, message: str) -> None:
    assert refusal(world) == (where, message)


def test_number_of_two_clients_on_one_day_is_refused() -> None:
    load(sample())
    world = {"numbers": [{"number": "020 123 45 01", "client": "1002", "from": "2026-06-01"}]}
    assert refusal(world) == (
        "numbers[0]",
        "the number +31201234501 would belong to clients 1001 and 1002 on one day from 2026-06-01; "
        'give the earlier assignment a "to"',
    )
    same_day = [
        {"number": "020 123 45 01", "client": "1001", "from": "2026-01-01", "to": "2026-06-01"},
        {"number": "020 123 45 01", "client": "1002", "from": "2026-06-01"},
    ]
    assert refusal({"numbers": same_day})[0] == "numbers[1]"


def test_service_twice_on_one_day_is_refused() -> None:
    world = sample()
    world["clients"][1]["contracts"].append({"service": "telephone", "tariff": "BASIS", "start": "2026-07-01"})
    assert refusal(world)[0] == "clients[1].contracts[1]"
    world["clients"][1]["contracts"][0]["end"] = "2026-06-30"
    load(world)


def test_usage_billed_by_two_contracts_on_one_day_is_refused() -> None:
    world = sample()
    fee = {"meter": "basic_fee", "price": "5.00"}
    world["tariffs"].append({"code": "SMS", "service": "sms", "vat_percent": "21", "items": [fee]})
    world["clients"][0]["contracts"].append({"tariff": "SMS", "start": "2026-01-01"})
    load(world)  # a fee in each is no harm
    world["tariffs"][1]["items"].append({"meter": "calls_outbound", "price": "0.10"})
    where, message = refusal(world)
    assert (where, "calls_outbound" in message) == ("clients[0].contracts[1]", True)
    only_tariff = {"tariffs": [world["tariffs"][1]]}
    assert refusal(only_tariff)[0] == "tariffs[0]"
    world["tariffs"][1] |= {"from": "2027-01-01"}
    world["clients"][0]["contracts"][0]["end"] = "2026-12-31"
    load(world)  # the meter comes when the other contract is over


def test_tariff_of_another_client_is_refused() -> None:
    world = sample()
    world["tariffs"][0] |= {"public": False, "client": "1001"}
    assert refusal(world)[0] == "clients[1].contracts[0].tariff"
    load(sample())
    only = {"tariffs": [{**sample()["tariffs"][0], "public": False, "client": "1001"}]}
    assert refusal(only)[0] == "tariffs[0].client"


def test_service_of_a_tariff_is_for_good() -> None:
    load(sample())
    assert refusal({"tariffs": [{**sample()["tariffs"][0], "service": "sms"}]})[0] == "tariffs[0].service"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this file is empty; the smallest world file is {}"),
        (b"\xff\xfe{\0}\0", "this is not UTF-8 (byte 0); save it as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is not UTF-8 (byte 0); save it as UTF-8"),
        (b'{"clients": [}', "this is not JSON: line 1, column 14: Expecting value"),
        (b'{"clients": []', "this is not JSON: line 1, column 15: Expecting ',' delimiter"),
        (b"[" * 200_000, "this is nested deeper than any world file"),
        (b"[]", "this should be an object, {\u2026}, not a list"),
        (b"NaN", "this should be an object, {\u2026}, not NaN"),
        (b"7" * 10_000, "this should be an object, {\u2026}, not the number 777777777777777\u2026"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_object_in_json_is_refused_by_the_files_name(data: bytes, message: str) -> None:
    assert refusal(data) == ("world.json", message)


def test_key_twice_is_refused_at_its_path() -> None:
    assert refusal(b'{"clients": [{"number": "1", "name": "a", "name": "b"}]}')[0] == "clients[0].name"


def test_strange_key_is_shown_on_one_line() -> None:
    long = "x" * 5000
    where, message = refusal({"operator": {f"a\n\0{long}": 1}})
    assert where.startswith('operator["a\\n\\u0000xxx') and len(where) < 100
    assert "\n" not in message


def test_file_larger_than_any_world_is_refused() -> None:
    with pytest.raises(Refused, match="larger than 100 MB"):
        read(b" " * (LARGEST + 1), name="world.json")


def test_deep_object_where_a_text_belongs_is_refused() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = {"a": [deep]}
    assert refusal(json.dumps({"operator": {"name": deep}}).encode())[0] == "operator.name"
