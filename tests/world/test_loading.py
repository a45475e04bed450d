"""A world file is loaded whole, twice without a trace, and changed where it changed."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from balie.accounts.models import Agent, AgentEndpoint, Client
from balie.calls.actions import mark_closed
from balie.calls.models import Call, ClientMonth, Source
from balie.contracts.actions import change_tariff
from balie.contracts.models import Booking, Contract
from balie.numbers.models import Assignment, Number
from balie.numbers.queries import assignments
from balie.operator.models import LogEntry
from balie.operator.queries import operator
from balie.tariffs.models import Item, Tariff, TariffVersion
from tests import make
from tests.world.sample import AUTHOR, changed, full, load, refusal, sample, tables

pytestmark = pytest.mark.django_db


def test_sample_world_is_stored_as_written() -> None:
    load(sample())
    settings = operator()
    assert (settings.name, settings.timezone, settings.region) == ("Telefoonservice De Linde", "Europe/Amsterdam", "NL")
    assert list(Client.objects.values_list("number", "language"))[3:5] == [("1004", "de"), ("1005", "en")]
    assert [row[0] for row in assignments()] == [f"+3120123450{n}" for n in (1, 2, 3, 4, 5, 7, 8)]
    assert Number.objects.count() == 8
    rows = AgentEndpoint.objects.order_by("endpoint").values_list("endpoint", "agent__code")
    assert list(rows) == [(f"PJSIP/{code}", str(code)) for code in (201, 202, 203)]
    assert list(Item.objects.values_list("meter", "price", "unit", "increment")) == [
        ("basic_fee", "39.00", "piece", "60/60"),
        ("calls_accepted", "0.95", "piece", "60/60"),
        ("talk_time", "0.89", "minute", "60/1"),
        ("forwarded_mobile", "0.24", "minute", "1/1"),
        ("calls_outbound", "1.50", "piece", "60/60"),
    ]
    source = Source.objects.get()
    assert (source.format, source.timezone, source.trunks, source.account_prefix) == (
        "asterisk",
        "UTC",
        ["PJSIP/trunk"],
        "c",
    )


@pytest.mark.parametrize("world", [sample, full])
def test_world_loaded_again_changes_no_row_and_logs_nothing(world: Any) -> None:
    load(world())
    before = tables()
    again = load(world())
    assert changed(again) == {}
    assert tables() == before


def test_every_part_counts_new_changed_and_unchanged() -> None:
    assert changed(load(sample())) == {
        "operator": (0, 1),
        "phone_systems": (1, 0),
        "agents": (3, 0),
        "endpoints": (3, 0),
        "clients": (7, 0),
        "tariffs": (1, 0),
        "contracts": (7, 0),
        "numbers": (8, 0),
        "assignments": (7, 0),
    }
    world = sample()
    world["clients"][0]["name"] = "Bakker & Zonen"
    world["clients"].append({"number": "1009", "name": "Nieuw"})
    loaded = load(world)
    assert changed(loaded) == {"clients": (1, 1)}
    assert loaded.document()["parts"]["clients"] == {"new": 1, "changed": 1, "unchanged": 6}


def test_change_is_logged_with_before_and_after() -> None:
    load(sample())
    LogEntry.objects.all().delete()
    world = sample()
    world["clients"][0]["name"] = "Bakker & Zonen"
    load(world)
    entries = list(LogEntry.objects.order_by("pk").values_list("deed", "about", "who"))
    assert entries == [
        ("client.changed", "client:1001", "tester"),
        ("world.loaded", "file:world.json", "tester"),
    ]
    assert LogEntry.objects.get(deed="client.changed").details == {
        "before": {"name": "Bakker Installaties"},
        "after": {"name": "Bakker & Zonen"},
    }


def test_full_world_fills_every_setting() -> None:
    load(full())
    settings = operator()
    assert (settings.close_day, settings.close_at, settings.close_mail_clients) == (3, time(6, 0), True)
    assert settings.target_margin_percent == Decimal("20")
    assert settings.mail["password"] == "env:SMTP_PASSWORD"
    assert settings.costs["sms"] == "0.060"
    pbx, hosted = Source.objects.order_by("-name")
    assert (pbx.look_at, pbx.look_every) == (time(5, 30), None)
    assert pbx.files == {
        "url": "sftp://balie@pbx.example.nl/var/log/asterisk/cdr-csv/Master*.csv",
        "key": "file:/etc/balie/id_ed25519",
        "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleEx",
    }
    assert hosted.options["columns"]["ring"] == 6
    assert (hosted.options["separator"], hosted.options["decimal"]) == (";", ",")
    assert list(Booking.objects.values_list("meter", "quantity", "first_day", "last_day", "text", "notice")) == [
        ("other_service", 3, date(2026, 10, 14), date(2026, 10, 14), "Brieven nagezonden", ""),
        ("user_module", 2, date(2026, 3, 1), None, "", "monthly"),
    ]
    timed = Item.objects.get(included=30)
    assert timed.window == {"days": "mon-fri", "from": "08:00", "to": "18:00", "holidays": "except"}
    assert Item.objects.get(vat_percent=21).steps == [{"up_to": 100, "price": "1.19"}, {"price": "0.99"}]


def test_secrets_stay_references_and_are_not_in_the_log() -> None:
    load(full())
    world = full()
    world["operator"]["mail"]["password"] = "hunter2hunter2"
    load(world)
    entry = LogEntry.objects.get(deed="operator.changed", details__before__mail__password="env:SMTP_PASSWORD")
    assert entry.details["after"]["mail"]["password"] == "••••"


def test_key_left_out_keeps_what_is_stored_and_null_clears() -> None:
    load(full())
    load({"operator": {"mailboxes": {"tasks": None}, "mail": {"url": "smtps://mail.example.nl", "password": None}}})
    settings = operator()
    assert "tasks" not in settings.mailboxes
    assert settings.mailboxes["orders"] == "orders@linde.example.nl"
    assert settings.mail == {"url": "smtps://mail.example.nl", "from": "info@linde.example.nl"}
    load({"operator": {"mail": None}})
    assert operator().mail == {}
    load({"clients": [{"number": "1001", "name": "Bakker Installaties"}]})
    assert Client.objects.get(number="1001").email == "info@bakker.example"
    load({"clients": [{"number": "1001", "name": "Bakker Installaties", "email": None}]})
    assert Client.objects.get(number="1001").email == ""


def test_clients_email_that_cannot_be_an_address_is_kept_and_found_on_its_notes() -> None:
    load({"clients": [{"number": "1001", "name": "Bakker Installaties", "email": " info@bakker "}]})
    assert Client.objects.get(number="1001").email == "info@bakker"


def test_contract_ended_since_stays_ended_until_null_clears_it() -> None:
    load(sample())
    Contract.objects.filter(client__number="1001").update(end=date(2026, 6, 30))
    load(sample())
    assert Contract.objects.get(client__number="1001").end == date(2026, 6, 30)
    world = sample()
    world["clients"][0]["contracts"][0]["end"] = None
    load(world)
    assert Contract.objects.get(client__number="1001").end is None


def test_end_before_a_closed_month_is_said() -> None:
    world = sample()
    load(world)
    for month in (202609, 202610):
        mark_closed(month=month, now=make.NOW)
    contract = world["clients"][0]["contracts"][0]
    contract["end"] = "2026-09-15"
    path = "clients[0].contracts[0]"
    assert load(world).notices == [
        f"{path}: 2026-09, 2026-10 are closed and stay as billed; credits follow where the tariff prorates"
    ]
    assert load(world).notices == []


def test_contract_changed_since_stays_changed() -> None:
    load(sample())
    Contract.objects.filter(client__number="1001").update(end=date(2026, 6, 30))
    client = Client.objects.get(number="1001")
    make.contract(client, start=date(2026, 7, 1), tariff=make.tariff("PLUS"))
    before = tables()
    load(sample())
    assert tables() == before


def test_contract_changed_since_stays_changed_where_the_file_says_open() -> None:
    world = sample()
    contract = world["clients"][0]["contracts"][0]
    contract |= {"end": None, "booked": [{"meter": "user_module", "quantity": 2, "from": "2026-03-01", "to": None}]}
    load(world)
    client, plus = Client.objects.get(number="1001"), make.tariff("PLUS")
    change_tariff(client=client, service="telephone", tariff=plus, author=AUTHOR)
    before = tables()
    load(world)
    assert tables() == before


def test_contract_changed_before_it_began_stays_changed() -> None:
    world = sample()
    world["clients"][0]["contracts"][0] = {"tariff": "BASIS", "start": "2026-12-15"}
    load(world)
    client, plus = Client.objects.get(number="1001"), make.tariff("PLUS")
    change_tariff(client=client, service="telephone", tariff=plus, author=AUTHOR)
    assert [row.tariff.code for row in Contract.objects.filter(client=client)] == ["PLUS"]
    before = tables()
    load(world)
    assert tables() == before


def test_number_claimed_since_is_not_set_free() -> None:
    load(sample())
    free = Number.objects.get(number="+31201234599")
    claimed = Assignment.objects.create(
        number=free, client=Client.objects.get(number="1003"), first_day=date(2026, 11, 2)
    )
    assert changed(load(sample())) == {}
    assert Assignment.objects.get(number=free) == claimed


def test_number_is_stored_as_e164_however_it_is_written() -> None:
    load(sample())
    world = {"numbers": [{"number": written} for written in ("020 123 45 77", "0031201234577", "+31 (0)20 1234577")]}
    assert changed(load(world)) == {"numbers": (1, 0)}
    load({"numbers": [{"number": "112"}]})
    assert Number.objects.order_by("-pk")[0].number == "112"


def test_number_moves_when_old_assignment_ends_and_new_begins() -> None:
    load(sample())
    move = [
        {"number": "+31201234501", "client": "1001", "from": "2026-01-01", "to": "2026-06-30"},
        {"number": "+31201234501", "client": "1002", "from": "2026-07-01"},
    ]
    assert changed(load({"numbers": move})) == {"assignments": (1, 1)}
    assert changed(load({"numbers": move})) == {}


def test_corrected_first_day_corrects_the_assignment() -> None:
    load(sample())
    load({"numbers": [{"number": "+31201234501", "client": "1001", "from": "2025-10-01"}]})
    row = Assignment.objects.get(number__number="+31201234501")
    assert (row.first_day, row.last_day) == (date(2025, 10, 1), None)


def test_stored_calls_follow_a_number_that_changed_hands() -> None:
    load(sample())
    bakker, van_dam = Client.objects.get(number="1001"), Client.objects.get(number="1002")
    call = make.call(bakker)
    make.call(bakker, callee="+31201234555")
    ClientMonth.objects.create(client=bakker, month=202611, direction="inbound", type="accepted", calls=2, talk=120)
    world = [
        {"number": "+31201234501", "client": "1001", "from": "2026-01-01", "to": "2026-10-31"},
        {"number": "+31201234501", "client": "1002", "from": "2026-11-01"},
    ]
    assert load({"numbers": world}).moved_calls == 1
    call.refresh_from_db()
    assert call.client == van_dam
    assert Call.objects.filter(client=bakker).count() == 1


def test_stored_calls_follow_an_endpoint_that_changed_hands() -> None:
    load(sample())
    anna, bram = Agent.objects.get(code="201"), Agent.objects.get(code="202")
    call = make.call(Client.objects.get(number="1001"), agent=anna, endpoint="PJSIP/201")
    agents = [
        {"code": "201", "endpoint": "PJSIP/201", "to": "2026-10-31"},
        {"code": "202", "endpoint": "PJSIP/201", "from": "2026-11-01"},
    ]
    assert load({"agents": agents}).moved_calls == 1
    call.refresh_from_db()
    assert call.agent == bram
    assert changed(load({"agents": agents})) == {}


def test_agents_that_swapped_telephones_are_corrected() -> None:
    load(sample())
    world = {"agents": [{"code": "201", "endpoint": "PJSIP/202"}, {"code": "202", "endpoint": "PJSIP/201"}]}
    assert changed(load(world)) == {"endpoints": (0, 2)}
    assert dict(AgentEndpoint.objects.values_list("endpoint", "agent__code")) == {
        "PJSIP/202": "201",
        "PJSIP/201": "202",
        "PJSIP/203": "203",
    }


def test_phone_system_with_files_is_looked_at_at_once_after_a_change_only() -> None:
    world = {
        "phone_systems": [{"name": "pbx", "format": "asterisk", "files": {"url": "file:///cdr/*.csv", "at": "05:30"}}]
    }
    load(world)
    Source.objects.update(next_look=None, last_look=make.NOW, parked="Five times no answer")
    load(world)
    assert Source.objects.get().parked == "Five times no answer"
    world["phone_systems"][0]["files"] = {"url": "file:///cdr/*.csv", "every_minutes": 5}
    load(world)
    source = Source.objects.get()
    assert (source.look_at, source.look_every, source.next_look) == (time(5, 30), 5, make.NOW)
    assert source.parked == ""
    load({"phone_systems": [{"name": "pbx", "format": "asterisk", "files": None}]})
    source = Source.objects.get()
    assert (source.files, source.look_at, source.look_every, source.next_look) == (None, None, None, None)


def test_new_phone_system_keeps_the_operators_time() -> None:
    load({"operator": {"timezone": "Europe/Berlin"}, "phone_systems": [{"name": "pbx", "format": "asterisk"}]})
    assert Source.objects.get().timezone == "Europe/Berlin"


def test_later_from_makes_a_version_and_same_from_changes_it() -> None:
    load(sample())
    world = sample()
    world["tariffs"][0]["items"][0]["price"] = "41.00"
    assert changed(load(world)) == {"tariffs": (0, 1)}
    world["tariffs"][0]["from"] = "2027-01-01"
    world["tariffs"][0]["items"][0]["price"] = "43.00"
    assert changed(load(world)) == {"tariffs": (1, 0)}
    prices = Item.objects.filter(meter="basic_fee").values_list("version__first_day", "price")
    assert list(prices) == [(date(2026, 1, 1), "41.00"), (date(2027, 1, 1), "43.00")]
    assert Item.objects.count() == 10


def test_version_a_closed_month_used_is_refused_but_may_be_loaded_unchanged() -> None:
    load(sample())
    TariffVersion.objects.update(frozen=True)
    assert changed(load(sample())) == {}
    world = sample()
    world["tariffs"][0]["items"][0]["price"] = "41.00"
    assert refusal(world)[0] == "tariffs[0]"
    world = sample()
    world["tariffs"][0]["public"] = False
    assert changed(load(world)) == {"tariffs": (0, 1)}


def test_new_version_may_not_reach_into_a_closed_month() -> None:
    load(sample())
    TariffVersion.objects.update(frozen=True)
    mark_closed(month=202610, now=make.NOW)
    world = sample()
    world["tariffs"][0] |= {"from": "2026-10-01"}
    assert refusal(world) == (
        "tariffs[0].from",
        '2026-10 is closed and used the version before; choose a later "from"',
    )
    world["tariffs"][0] |= {"from": "2026-11-01"}
    assert changed(load(world)) == {"tariffs": (1, 0)}


def test_tariff_without_code_gets_one_and_keeps_it() -> None:
    load(full())
    made = Tariff.objects.get(client__number="1002").code
    world = full()
    world["tariffs"][1]["items"][0]["price"] = "1.20"
    loaded = load(world)
    assert (changed(loaded), loaded.made_codes) == ({"tariffs": (0, 1)}, [])
    assert Tariff.objects.get(client__number="1002").code == made
    world["tariffs"].append({**world["tariffs"][1]})
    where, message = refusal(world)
    assert (where, message.split(";")[0]) == ("tariffs[2]", "this version stands at tariffs[1] already")
    world["tariffs"][2]["title"] = {"nl": "Ander maatwerk"}
    assert len(load(world).made_codes) == 1


def test_tariffs_of_one_file_without_code_are_told_apart() -> None:
    world = {"tariffs": [{"service": "sms", "vat_percent": "21", "items": []} for _ in range(2)]}
    assert refusal(world)[0] == "tariffs[1]"


def test_contract_takes_the_service_of_its_tariff() -> None:
    world = sample()
    del world["clients"][0]["contracts"][0]["service"]
    load(world)
    assert Contract.objects.get(client__number="1001").service == "telephone"


def test_empty_world_and_comments_say_nothing() -> None:
    assert load(b"{}").parts == {}
    assert (
        load(b'\xef\xbb\xbf{"_": 1, "_": [{"a": 1, "a": 2}], "operator": {"_x": NaN}}').parts["operator"].unchanged == 1
    )
