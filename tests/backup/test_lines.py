"""Rows as lines: each kind of column, written alike by both databases, and read back as it was."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.accounts.models import Client
from balie.backup import lines, tables
from balie.calls.models import LegDay, Source
from balie.controlling.models import ForecastTrial
from balie.messages.models import Message, SmsSettings
from balie.operator.models import LogEntry, Operator
from tests import make

pytestmark = pytest.mark.django_db
TEXTS = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("\\\t\n\r'\"N"), max_size=40
)


def written(model: type[Model]) -> bytes:
    with connection.cursor() as cursor:
        fields = tables.described(model)
        return b"".join(lines.lines_of(cursor, model._meta.db_table, fields, key="id"))


def put_back(model: type[Model], data: bytes) -> None:
    """In the place of all rows there are."""
    columns = [(str(field.column), lines.kind_of(field)) for field in tables.described(model)]
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
        lines.put(cursor, model._meta.db_table, columns, data)


def test_every_column_of_every_table_is_of_a_known_kind() -> None:
    kinds = {lines.kind_of(field) for model in tables.models().values() for field in tables.described(model)}
    assert kinds <= set(lines.KINDS.values())


def test_every_table_is_kept_or_left_out_on_purpose() -> None:
    there = set(connection.introspection.table_names())
    assert there - set(tables.models()) == {*tables.NOT_KEPT, tables.CACHE, tables.MIGRATIONS}


def test_both_databases_write_the_same_line() -> None:
    moment = datetime(2026, 3, 29, 1, 0, 0, 120_000, tzinfo=UTC)
    ForecastTrial.objects.create(client=make.client(), month=202601, **forecast() | {"expected": 341.0})
    floats = [written(ForecastTrial).decode().split()[place_of(name)] for name in ("expected", "straight")]
    assert floats == ["341", "0.30000000000000004"]
    LogEntry.objects.create(id=7, at=moment, who="Ünal\t\\N\\", deed="a\nb\r", details={"a": ["☎", 1.5]})
    said = written(LogEntry).decode()
    sign = "☎" if connection.vendor == "postgresql" else r"\\u260e"
    assert said == f'7\t2026-03-29 01:00:00.120000\t\\N\tÜnal\\t\\\\N\\\\\ta\\nb\\r\t\t{{"a": ["{sign}", 1.5]}}\n'


def test_every_kind_comes_back_as_it_was() -> None:
    client, source = make.client(), make.source(look_at=time(5, 30), trunks=["a\tb", "☎"])
    make.operator(target_margin_percent=Decimal("20.50"), offer_step=Decimal("5.00"))
    LegDay.objects.create(source=source, day=date(2026, 2, 28), count=1, whole=True, legs=bytes(range(256)))
    LegDay.objects.create(source=source, day=date(2026, 3, 1), count=0, whole=False, legs=b"")
    ForecastTrial.objects.create(client=client, month=202601, **forecast())
    SmsSettings.objects.create(quiet_from=time(22), note_text={"nl": "Gebeld: é"})
    checked = (Operator, Source, LegDay, ForecastTrial, SmsSettings, Client)
    before = {model: list(model._default_manager.order_by("pk").values()) for model in checked}
    data = {model: written(model) for model in checked}
    for model in checked:
        assert data[model], model
    for model in (LegDay, ForecastTrial, SmsSettings, Operator):
        put_back(model, data[model])
        assert list(model._default_manager.order_by("pk").values()) == before[model]
        assert written(model) == data[model]
    assert SmsSettings.objects.get(note_text={"nl": "Gebeld: é"})


def place_of(name: str) -> int:
    return [str(field.column) for field in tables.described(ForecastTrial)].index(name)


def forecast() -> dict[str, float | int]:
    """Numbers that need all of their digits."""
    values: dict[str, float | int] = {}
    for field in ForecastTrial._meta.local_concrete_fields:
        kind = field.get_internal_type()
        if kind == "FloatField":
            values[field.name] = 0.1 + 0.2
        elif "Integer" in kind and field.name not in ("id", "month"):
            values[field.name] = 3
    return values


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    Message.objects.all().delete()
    source = make_sms_source()
    rows = [
        Message(source_id=source, key=str(place), sent_at=make.NOW, text=text, parts=1)
        for place, text in enumerate(texts)
    ]
    Message.objects.bulk_create(rows)
    put_back(Message, written(Message))
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == texts


def make_sms_source() -> int:
    model = apps.get_model("sms", "SmsSource")
    return int(model._default_manager.get_or_create(name="gateway")[0].pk)
