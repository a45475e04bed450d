"""Our company: each setting saved, refused beside its field, asked about where it does more, and taken back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client, Role
from balie.calls.actions import mark_closed
from balie.calls.models import Call, ChangedMonth, ClientMonth, ClosedMonth, Source, SourceHour
from balie.operator.models import LogEntry, Operator
from balie.web.office.settings import operator as page
from tests import make
from tests.web.make_office import NOW
from tests.web.make_portal import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
PAGE, PUT = "/settings/operator/", "/settings/operator/set/"


@pytest.fixture
def boss(office: None) -> Browser:
    """An administrator's browser."""
    found = Browser()
    found.force_login(make.user("admin@example.com", role=Role.ADMINISTRATOR, name="Joris"))
    return found


def shown(browser: Browser) -> str:
    """What the page remembers of what it showed."""
    found = re.search(r'name="was" value="([^"]*)"', browser.get(PAGE).content.decode())
    assert found
    return unescape(found[1])


def post(boss: Browser, **given: str) -> Any:
    return boss.post(PUT, {"was": shown(boss), **given})


def held() -> Operator:
    return Operator.objects.get()


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("name", "  Telefoonservice De Eik ", "Telefoonservice De Eik"),
        ("address", "Eikenlaan 2\r\n\r\n 2000 BB Haarlem ", ["Eikenlaan 2", "2000 BB Haarlem"]),
        ("address", "", []),
        ("region", "DE-NW", "DE-NW"),
        ("region", "germany, bayern", "DE-BY"),
        ("language", "de", "de"),
        ("base_url", "http://testserver/", "http://testserver"),
        ("sms_count", "segments", "segments"),
        ("quarantine_days", "0", 0),
        ("low_stock", "25", 25),
        ("answer_seconds", "30", 30),
    ],
)
def test_each_setting_is_saved_logged_and_taken_back(boss: Browser, name: str, given: str, kept: Any) -> None:
    Operator.objects.update(address=["Lindelaan 1"], base_url="http://localhost", sms_count="per_160")
    before = getattr(held(), name)
    assert post(boss, **{name: given}).status_code == 302
    assert getattr(held(), name) == kept
    entry = LogEntry.objects.get(deed="operator.changed")
    assert (entry.who, entry.details) == ("Joris", {"before": {name: before}, "after": {name: kept}})
    assert "Joris, 11:42" in said(boss.get(PAGE).content.decode())
    boss.post(f"/settings/operator/undo/{entry.pk}/")
    assert getattr(held(), name) == before


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("name", " ", "This is empty."),
        ("name", "x" * 201, "This text is too long: 201 signs where 200 fit."),
        ("address", "\n".join("123456789"), "At most 8 fit here; there are 9."),
        ("timezone", "Amsterdam", 'There is no time zone "Amsterdam"; write it as Europe/Amsterdam.'),
        ("region", "XX", 'There is no country "XX"; write it as NL or DE-NW.'),
        ("region", "NL-NW", 'NL has no state "NW"; known are'),
        ("currency", "EUX", 'There is no currency "EUX"; write it as EUR.'),
        ("language", "fr", '"fr" is not known; known are nl, de, en.'),
        ("base_url", "testserver", '"testserver" is no address for this; it begins with https:// or http://.'),
        ("base_url", f"https://{'x' * 300}", "This text is too long: 308 signs where 300 fit."),
        ("answer_seconds", "0", "This should be a whole number from 1 to 600, not 0."),
        ("answer_seconds", "twenty", "Give a whole number."),
        ("sms_count", "words", '"words" is not known; known are per_160, segments.'),
        ("quarantine_days", "-1", "Give a whole number."),
        ("quarantine_days", "3651", "This should be a whole number from 0 to 3650, not 3651."),
        ("low_stock", "30001", "This should be a whole number from 0 to 30000, not 30001."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(boss: Browser, name: str, given: str, why: str) -> None:
    ClosedMonth.objects.all().delete()
    answer = post(boss, **{name: given, "low_stock" if name != "low_stock" else "quarantine_days": "11"})
    html = answer.content.decode()
    assert answer.status_code == 422 and LogEntry.objects.count() == 0
    assert next(field.problem for field in answer.context["fields"].values() if field.problem).startswith(why)
    assert html.count('class="problem" id=') + html.count('<p class="problem" role="alert">') == 1
    assert 'value="11"' in html  # what else was given is still there


def test_all_that_cannot_be_is_said_at_once(boss: Browser) -> None:
    fields = post(boss, name="", currency="x", region="NL", low_stock="many").context["fields"]
    assert [name for name, field in fields.items() if field.problem] == ["name", "currency", "low_stock"]


def test_managers_read_and_do_not_change(browser: Browser) -> None:
    html = browser.get(PAGE).content.decode()
    assert "An administrator can change these settings." in said(html)
    assert '<fieldset class="settings-form" disabled>' in html and ">Save<" not in html
    assert browser.post(PUT, {"name": "Mine"}).status_code == 403
    assert held().name == "Telefoonservice De Linde"


def test_second_of_two_is_told_instead_of_overwriting(boss: Browser) -> None:
    was = shown(boss)
    boss.post(PUT, {"was": was, "name": "De Eik", "low_stock": "7"})
    fields = {"was": was, "low_stock": "7", "quarantine_days": "60", "name": "Telefoonservice De Linde"}
    assert boss.post(PUT, fields).status_code == 302
    assert (held().name, held().low_stock, held().quarantine_days) == ("De Eik", 7, 60)
    answer = boss.post(PUT, {"was": was, "name": "De Beuk"})
    html = answer.content.decode()
    assert answer.status_code == 409 and 'value="De Beuk"' in html
    assert "Somebody else changed this meanwhile." in answer.context["fields"]["name"].problem
    again = unescape(re.findall(r'name="was" value="([^"]*)"', html)[0])
    assert boss.post(PUT, {"was": again, "name": "De Beuk"}).status_code == 302
    assert held().name == "De Beuk"


def test_nothing_changed_is_said_and_not_logged(boss: Browser) -> None:
    answer = boss.post(PUT, {"was": shown(boss), "name": held().name}, follow=True)
    assert "Nothing changed." in said(answer.content.decode()) and LogEntry.objects.count() == 0


def test_time_zone_is_asked_about_with_its_figures_and_moves_the_calls(boss: Browser) -> None:
    ClosedMonth.objects.all().delete()
    Call.objects.filter(client=None).delete()
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam, in London still October
    call = {"key": "late", "direction": "inbound", "type": "accepted", "ring": 3, "callee": "+31201231001"}
    client, source = Client.objects.get(number="1001"), Source.objects.earliest("pk")
    Call.objects.create(source=source, client=client, start=late, **call)
    count = Call.objects.count()
    answer = post(boss, timezone="Europe/London")
    asked = said(answer.content.decode())
    assert answer.status_code == 200 and held().timezone == "Europe/Amsterdam"
    assert f"{count:,} calls are sorted into days and hours anew, by the clock of Europe/London." in asked
    assert "1 of them then belongs to another month." in asked
    confirmed = answer.context["confirms"]
    # A yes is one to that time zone alone.
    assert post(boss, timezone="Europe/Lisbon", confirmed=confirmed).status_code == 200
    assert post(boss, timezone="Europe/London", confirmed=confirmed).status_code == 302
    assert held().timezone == "Europe/London"
    hours = SourceHour.objects.filter(day="2026-10-31", hour=23, type="accepted")
    assert [row.calls for row in hours] == [1]
    assert sum(row.calls for row in ClientMonth.objects.all()) == count


def test_time_zone_stays_once_a_month_is_closed(boss: Browser) -> None:
    mark_closed(month=202610, now=NOW)
    html = boss.get(PAGE).content.decode()
    assert "Months are closed by the days of this zone, so it stays." in said(html) and 'name="timezone"' not in html
    answer = post(boss, timezone="Europe/London")
    why = "Months are closed by the days of Europe/Amsterdam; the time zone stays."
    assert (answer.status_code, answer.context["fields"]["timezone"].problem) == (422, why)


def test_more_calls_than_a_page_can_count_are_left_to_the_command(
    boss: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ClosedMonth.objects.all().delete()
    monkeypatch.setattr(page, "MOST_CALLS", 10)
    for name, given in (("timezone", "Europe/London"), ("answer_seconds", "40")):
        answer = post(boss, **{name: given})
        assert answer.status_code == 422
        assert "Load a world file with it: balie load." in answer.context["fields"][name].problem


def test_earlier_calls_count_by_the_new_time_of_the_service_level(boss: Browser) -> None:
    for seconds in (30, 10):
        assert post(boss, answer_seconds=str(seconds)).status_code == 302
        quick = Call.objects.filter(type="accepted", ring__lte=seconds)
        known = ClientMonth.objects.filter(client__isnull=False)
        assert sum(row.quick for row in known) == quick.filter(client__isnull=False).count()
        assert sum(row.quick for row in SourceHour.objects.all()) == quick.count()
    assert not ChangedMonth.objects.exists()  # closed months are as they were


def test_currency_is_asked_about_where_there_are_prices(boss: Browser) -> None:
    answer = post(boss, currency="CHF")
    text = said(answer.content.decode())
    assert answer.status_code == 200 and "becomes CHF39.00. Closed months keep EUR." in text.replace("\u00a0", "")
    assert post(boss, currency="CHF", confirmed="currency=CHF").status_code == 302
    assert held().currency == "CHF"


def test_address_that_shuts_out_who_sets_it_is_asked_about(boss: Browser, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Operator.objects.update(base_url="http://testserver")
    answer = post(boss, base_url="https://balie.example.nl")
    text = said(answer.content.decode())
    asked = (
        "You have this page open at testserver. Balie will answer there no longer, only at https://balie.example.nl."
    )
    assert answer.status_code == 200 and asked in text and held().base_url == "http://testserver"
    assert post(boss, base_url="", confirmed=answer.context["confirms"]).status_code == 200
    given = {"was": shown(boss), "base_url": "https://balie.example.nl", "confirmed": answer.context["confirms"]}
    stored = boss.post(PUT, given).content.decode()
    assert held().base_url == "https://balie.example.nl" and boss.get(PAGE).status_code == 421
    assert "From now on it is at its new address." in stored
    assert 'href="https://balie.example.nl/settings/operator/"' in stored


def test_other_address_than_the_one_used_is_told(boss: Browser) -> None:
    Operator.objects.update(base_url="https://balie.example.nl")
    assert "You have these pages open at http://testserver, which is another address." in said(
        boss.get(PAGE, headers={"host": "testserver"}).content.decode()
    )
    Operator.objects.update(base_url="http://testserver")
    assert "another address" not in said(boss.get(PAGE).content.decode())


def test_what_must_be_asked_first_is_not_taken_back_by_a_button(boss: Browser) -> None:
    post(boss, currency="CHF", confirmed="currency=CHF")
    entry = LogEntry.objects.get(deed="operator.changed")
    answer = boss.post(f"/settings/operator/undo/{entry.pk}/", follow=True)
    assert "it tells first what that does" in said(answer.content.decode()) and held().currency == "CHF"


def test_what_was_changed_again_since_is_not_taken_back(boss: Browser) -> None:
    post(boss, low_stock="7")
    entry = LogEntry.objects.get(deed="operator.changed")
    post(boss, low_stock="8")
    answer = boss.post(f"/settings/operator/undo/{entry.pk}/", follow=True)
    assert "changed again since" in said(answer.content.decode()) and held().low_stock == 8


def test_letterhead_is_drawn_with_what_is_typed(browser: Browser) -> None:
    stored = browser.get("/settings/operator/letterhead.svg")
    typed = browser.get("/settings/operator/letterhead.svg", {"name": "De Eik", "address": "Eikenlaan 2"})
    assert stored["Content-Type"] == "image/svg+xml" and stored.content.startswith(b"<svg")
    assert stored.content != typed.content and held().name == "Telefoonservice De Linde"
    part = browser.get(PAGE, {"name": "De Eik", "address": "A\nB"}, headers={"hx-request": "true"}).content.decode()
    assert "letterhead.svg?name=De+Eik&amp;address=A%0AB" in part and "<h1>" not in part


def test_page_asks_few_questions(browser: Browser, django_assert_max_num_queries: Callable[..., Any]) -> None:
    browser.get(PAGE)
    with django_assert_max_num_queries(16):
        browser.get(PAGE)


def test_regions_carry_names_in_the_readers_language(boss: Browser) -> None:
    html = boss.get(PAGE).content.decode()
    assert '<option value="DE-NW">Germany, Nordrhein-Westfalen</option>' in html
    assert '<option value="NL">Netherlands</option>' in html
