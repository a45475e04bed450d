"""The tab "Desk" of a client: each part is stored, refused at its field, logged and put back."""

from datetime import time
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.notes.actions.settings import without
from balie.notes.models import OpenHours
from balie.operator.models import LogEntry
from tests import make
from tests.web.make_portal import page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
DESK = "/clients/1001/desk/"


def put(marit: Browser, part: str, **typed: Any) -> Any:
    return marit.post(f"{DESK}{part}/", typed, follow=True)


def test_the_words_agents_say_are_stored_and_put_back(marit: Browser, bakker: Client) -> None:
    answer = put(marit, "words", greeting="Goedendag, {client}.", in_hours="Kort houden.", region="DE-NW")
    assert "What agents say: stored." in said(answer.content.decode())
    bakker.desk.refresh_from_db()
    assert (bakker.desk.greeting, bakker.desk.in_hours, bakker.desk.region) == (
        "Goedendag, {client}.", "Kort houden.", "DE-NW",
    )  # fmt: skip
    assert bakker.desk.extra == ["Kenteken"]
    entry = LogEntry.objects.get(deed="desk.changed")
    assert entry.details["before"]["in_hours"] == "Vraag naar het adres." and entry.who == "Marit"
    marit.post(f"{DESK}back/{entry.pk}/")
    bakker.desk.refresh_from_db()
    assert bakker.desk.in_hours == "Vraag naar het adres."


def test_hours_have_several_spans_and_holidays(marit: Browser, bakker: Client) -> None:
    typed = {"hours-0": "13:30-17.30, 9–12:30", "hours-5": "22:00–24:00", "hours-7": "10:00–12:00"}
    put(marit, "hours", **typed)
    rows = list(OpenHours.objects.filter(client=bakker).values_list("day", "begins", "ends"))
    assert rows == [
        (0, time(9), time(12, 30)),
        (0, time(13, 30), time(17, 30)),
        (5, time(22), time(0)),
        (7, time(10), time(12)),
    ]
    assert 'value="09:00–12:30, 13:30–17:30"' in page_of(marit, DESK)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("nine to five", "are no hours"), ("25:00–26:00", "no time 25:00"), ("17:00–09:00", "ends before it begins"),
     ("9:00–12:00, 11:00–13:00", "overlap")],
)  # fmt: skip
def test_what_are_no_hours_is_refused_and_stays(marit: Browser, bakker: Client, typed: str, why: str) -> None:
    answer = put(marit, "hours", **{"hours-1": typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and why in said(page) and f'value="{typed}"' in page
    assert OpenHours.objects.filter(client=bakker).count() == 5


def test_fields_of_its_own_may_be_required(marit: Browser, bakker: Client) -> None:
    put(marit, "fields", extra=["Kenteken", "Polis", "", ""], asked=["1"], required=["caller_name"])
    bakker.desk.refresh_from_db()
    assert (bakker.desk.extra, bakker.desk.required) == (["Kenteken", "Polis"], ["caller_name", "Polis"])
    answer = put(marit, "fields", extra=["text"])
    assert answer.status_code == 422 and "already" in said(answer.content.decode())


def test_recipients_are_stored_by_row(marit: Browser, bakker: Client) -> None:
    rows = {"to": ["tim@bakker.example", "kees@bakker.example", ""], "name": ["Tim", "", ""]}
    put(marit, "recipients", **rows, when=["open", "always", "always"], kind=["mail"] * 3)
    assert list(bakker.recipients.values_list("to", "name", "when")) == [
        ("tim@bakker.example", "Tim", "open"),
        ("kees@bakker.example", "", "always"),
    ]
    answer = put(marit, "recipients", to=["nowhere"], name=["x"], when=["always"], kind=["mail"])
    assert answer.status_code == 422 and "“nowhere” cannot be an email address." in said(answer.content.decode())
    assert bakker.recipients.count() == 2


def test_exempt_callers_are_stored_as_calls_have_them(marit: Browser, bakker: Client) -> None:
    put(marit, "exempt", number=["06 12 34 56 78", ""], why=["own van", ""])
    assert list(bakker.exempt_callers.values_list("number", "why")) == [("+31612345678", "own van")]


def test_what_others_changed_since_stays_when_a_change_is_put_back(marit: Browser, bakker: Client) -> None:
    put(marit, "exempt", number=["0612345678"], why=["own van"])
    first = LogEntry.objects.get(deed="desk.changed")
    put(marit, "exempt", number=["0612345678", "0687654321"], why=["own van", "fax"])
    marit.post(f"{DESK}back/{first.pk}/")
    assert list(bakker.exempt_callers.values_list("number", "why")) == [("+31687654321", "fax")]


PEN, TEA = {"number": "1", "why": "pen"}, {"number": "2", "why": "tea"}


@pytest.mark.parametrize(
    ("before", "after", "now", "left"),
    [
        ([], [PEN], [PEN], []),
        ([], [PEN], [PEN | {"why": "ink"}, TEA], [TEA]),
        ([PEN], [], [TEA], [TEA, PEN]),
        ([PEN], [PEN | {"why": "ink"}], [PEN | {"why": "red"}, TEA], [PEN, TEA]),
        ([{"to": "a"}], [{"to": "b"}], [{"to": "b"}, {"to": "c"}], [{"to": "c"}, {"to": "a"}]),
        ({"0": "9-17"}, {"0": "9-18", "1": "9"}, {"0": "9-18", "1": "9", "6": "10"}, {"0": "9-17", "6": "10"}),
        ({"0": "9-17"}, {}, {"6": "10-12"}, {"6": "10-12", "0": "9-17"}),
        ({"extra": ["a"]}, {"extra": ["a", "b"]}, {"extra": ["a", "b", "c"]}, {"extra": ["a", "c"]}),
        ({"a": "Hi", "b": ""}, {"a": "Ho", "b": ""}, {"a": "He", "b": "NL"}, {"a": "Hi", "b": "NL"}),
    ],
)  # fmt: skip
def test_a_change_is_taken_out_of_what_stands_now(before: object, after: object, now: object, left: object) -> None:
    assert without(before, after, now) == left


def test_storing_the_same_again_is_no_change(marit: Browser, bakker: Client) -> None:
    for _ in range(2):
        answer = put(marit, "exempt", number=["0612345678"], why=[""])
    assert "Nothing was changed." in said(answer.content.decode())
    assert LogEntry.objects.filter(deed="desk.changed").count() == 1


def test_a_part_there_is_not_is_not_there(marit: Browser) -> None:
    assert marit.post(f"{DESK}secrets/").status_code == 404


def test_the_entry_of_another_client_puts_nothing_back(marit: Browser, bakker: Client) -> None:
    make.client("2002")
    put(marit, "exempt", number=["0612345678"], why=[""])
    entry = LogEntry.objects.get(deed="desk.changed")
    assert marit.post(f"/clients/2002/desk/back/{entry.pk}/").status_code == 404
    assert bakker.exempt_callers.count() == 1


def test_exceptions_are_entered_changed_and_taken_away(marit: Browser, bakker: Client) -> None:
    typed = {"who": "De heer Bakker", "say": "is op vakantie", "ends": "2026-11-25"}
    page = said(marit.post(f"{DESK}exceptions/", typed, follow=True).content.decode())
    assert "now, until 25 Nov 23:59" in page
    held = bakker.absences.get()
    marit.post(f"{DESK}exceptions/{held.pk}/", {**typed, "say": "is ziek"})
    held.refresh_from_db()
    assert held.say == "is ziek"
    marit.post(f"{DESK}exceptions/{held.pk}/remove/")
    assert not bakker.absences.exists()
    entries = LogEntry.objects.filter(deed__startswith="absence.").order_by("-pk")
    for entry in entries[:2]:
        marit.post(f"/exceptions/{entry.pk}/undo/")
    assert bakker.absences.get().say == "is op vakantie"


def test_an_exception_that_ends_before_it_begins_is_refused(marit: Browser, bakker: Client) -> None:
    typed = {"who": "x", "say": "y", "begins": "2026-11-25T10:00", "ends": "2026-11-24T10:00"}
    answer = marit.post(f"{DESK}exceptions/", typed)
    assert answer.status_code == 422 and "This ends before it begins." in said(answer.content.decode())
    assert marit.post(f"{DESK}exceptions/", {**typed, "ends": "soon"}).status_code == 422
    assert not bakker.absences.exists()
