"""The desk: the agent's calls without a note, a note sent, kept, corrected; what is said for the client."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, Client
from balie.notes.models import Draft, Note
from balie.notifications.models import Mail
from balie.operator.models import Operator
from balie.quality.models import CheckSetting, Finding
from balie.rules.call import Direction
from tests import make
from tests.web import make_desk
from tests.web.make_desk import CALLER, DID, TEXT
from tests.web.make_portal import page_of, said
from tests.web.reading import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
HTMX = {"HX-Request": "true"}
NOTE = {"text": TEXT, "caller": "06 12 34 56 78", "caller_name": "Mevr. Smit", "outcome": "message", "key": "desk-1"}


def at(call: Any) -> str:
    return f"call={call.source_id}:{call.key}"


def test_an_agent_arrives_at_the_desk(desk: Browser) -> None:
    assert desk.get("/")["Location"] == "/desk/"
    assert "Every call has its note." in said(page_of(desk, "/desk/"))


def test_the_first_call_without_a_note_is_open(desk: Browser, bakker: Client, anna: Agent) -> None:
    make_desk.call(bakker, anna, ago=50)
    latest = make_desk.call(bakker, anna, ago=5, talk=161)
    page = page_of(desk, "/desk/")
    words = said(page)
    assert "Without a note 2 calls" in words and "06 12 34 56 78 · 11:37 · 2:41" in words
    assert "for 48 minutes already" in words
    assert f'action="/desk/send/?call={latest.source_id}%3A{latest.key}&amp;client=1001"' in page


def test_calls_of_others_exempt_ones_and_noted_ones_are_not_in_the_list(
    desk: Browser, bakker: Client, anna: Agent
) -> None:
    bakker.exempt_callers.create(number="+31201111111")
    make_desk.call(bakker, make.agent("202"))
    make_desk.call(bakker, anna, caller="+31201111111")
    make_desk.call(bakker, anna, ago=60 * 24 * 5)
    make_desk.call(bakker, anna, direction=Direction.FORWARDED, type="forwarded_mobile")
    make_desk.note(bakker, anna, call=make_desk.call(bakker, anna))
    assert "Without a note none" in said(page_of(desk, "/desk/"))


def test_a_call_whose_note_came_first_is_not_in_the_list(desk: Browser, bakker: Client, anna: Agent) -> None:
    make_desk.note(bakker, anna)
    make_desk.call(bakker, anna, ago=3)
    assert "Without a note none" in said(page_of(desk, "/desk/"))


def test_the_list_answers_only_when_it_says_something_else(desk: Browser, bakker: Client, anna: Agent) -> None:
    mark = re.findall(r"mark=(\w+)", page_of(desk, "/desk/"))[0]
    assert desk.get(f"/desk/calls/?mark={mark}", headers=HTMX).status_code == 204
    make_desk.call(bakker, anna)
    assert "Bakker Installaties" in desk.get(f"/desk/calls/?mark={mark}", headers=HTMX).content.decode()


def test_a_note_is_sent_and_the_next_call_is_open(desk: Browser, bakker: Client, anna: Agent) -> None:
    older, latest = make_desk.call(bakker, anna, ago=20, caller="+31307654321"), make_desk.call(bakker, anna)
    answer: Any = desk.post(f"/desk/send/?{at(latest)}", {**NOTE, "own:Kenteken": "AB-123-C"}, follow=True)
    note = Note.objects.get()
    assert (note.call, note.agent, note.client, note.text, note.caller) == (latest, anna, bakker, TEXT, CALLER)
    assert (
        note.fields == {"Kenteken": "AB-123-C"}
        and Mail.objects.get(kind="call_note").recipient == "info@bakker.example"
    )
    page = answer.content.decode()
    assert "The note for Bakker Installaties is on its way." in said(page)
    assert f"{older.source_id}%3A{older.key}" in re.findall(r'action="/desk/send/\?([^"]+)', page)[0]


def test_a_note_sent_twice_is_one(desk: Browser, bakker: Client, anna: Agent) -> None:
    call = make_desk.call(bakker, anna)
    for _ in range(2):
        desk.post(f"/desk/send/?{at(call)}", NOTE)
    assert (Note.objects.count(), Mail.objects.filter(kind="call_note").count()) == (1, 1)


def test_htmx_is_led_on_by_the_whole_page(desk: Browser, bakker: Client, anna: Agent) -> None:
    answer = desk.post(f"/desk/send/?{at(make_desk.call(bakker, anna))}", NOTE, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/desk/?sent={Note.objects.get().pk}")


def test_what_looks_wrong_is_asked_about_once(desk: Browser, bakker: Client, anna: Agent) -> None:
    bakker.desk.required = ["Kenteken"]
    bakker.desk.save()
    where = f"/desk/send/?{at(make_desk.call(bakker, anna, caller=''))}"
    typed = {**NOTE, "text": "ok", "caller": "", "outcome": "callback", "email": "x"}
    answer = desk.post(where, typed)
    page = said(answer.content.decode())
    for doubt in (
        "That is hardly anything",
        "Which number shall be called back?",
        "cannot be an email",
        "to know this",
    ):
        assert doubt in page, doubt
    assert answer.status_code == 422 and not Note.objects.exists() and 'value="desk-1"' in answer.content.decode()
    assert desk.post(where, {**typed, "anyway": "1"}).status_code == 302
    assert Note.objects.get().text == "ok"


@pytest.mark.parametrize(
    ("code", "typed", "doubt"),
    [
        ("empty_text", {"text": ""}, "Write down what the caller wanted."),
        ("short_text", {"text": "ok"}, "That is hardly anything"),
        ("callback_number", {"caller": "", "outcome": "callback"}, "Which number shall be called back?"),
        ("bad_email", {"email": "x"}, "cannot be an email"),
        ("missing_field", {}, "to know this"),
    ],
)
def test_what_no_check_looks_at_any_more_is_not_asked_about(
    desk: Browser, bakker: Client, code: str, typed: dict[str, str], doubt: str
) -> None:
    if code == "missing_field":
        bakker.desk.required = ["Kenteken"]
        bakker.desk.save()
    asked = desk.post("/desk/send/?client=1001", {**NOTE, **typed})
    assert asked.status_code == 422 and doubt in said(asked.content.decode())
    CheckSetting.objects.create(code=code, on=False)
    assert desk.post("/desk/send/?client=1001", {**NOTE, **typed}).status_code == 302


def test_who_wants_to_be_called_back_means_the_number_he_calls_from(desk: Browser, bakker: Client, anna: Agent) -> None:
    desk.post(f"/desk/send/?{at(make_desk.call(bakker, anna))}", {**NOTE, "outcome": "callback"})
    assert Note.objects.get().callback.replace(" ", "") == "0612345678"


def test_words_too_long_to_store_are_refused_and_stay(desk: Browser, bakker: Client, anna: Agent) -> None:
    answer = desk.post(f"/desk/send/?{at(make_desk.call(bakker, anna))}", {**NOTE, "reason": "x" * 300})
    page = answer.content.decode()
    assert answer.status_code == 422 and "x" * 300 in page and "This cannot be stored yet." in page


def test_a_telephone_that_rings_opens_its_client_and_the_note_comes_first(
    desk: Browser, bakker: Client, anna: Agent
) -> None:
    make_desk.note(bakker, anna, at=make_desk.NOW - timedelta(days=1))
    answer: Any = desk.get(f"/desk?did={DID}&caller=0612345678", follow=True)
    page = said(answer.content.decode())
    assert (
        "Note for Bakker Installaties" in page
        and "is calling" in page
        and 'value="Mevr. Smit"' in (answer.content.decode())
    )
    desk.post(f"/desk/send/?did=%2B31201231001&caller={CALLER.replace('+', '%2B')}", NOTE)
    note = Note.objects.latest("pk")
    assert (note.client, note.call, note.given) == (bakker, None, "")


def test_a_number_nobody_has_asks_for_the_client(desk: Browser, bakker: Client) -> None:
    page = page_of(desk, "/desk/?did=%2B31881234567&caller=%2B31612345678")
    assert "Nobody has the number 088 123 4567 today." in said(page)
    found = desk.get("/desk/clients/?q=bakk&did=%2B31881234567&caller=%2B31612345678").content.decode()
    assert "/desk/?did=%2B31881234567&amp;caller=%2B31612345678&amp;client=1001" in found


@pytest.mark.parametrize("searched", ["bakker", "1001", "020 123 1001"])
def test_a_client_is_found_for_a_note_without_a_call(desk: Browser, searched: str) -> None:
    make.client("2002", name="Studio Kraan")
    page = desk.get("/desk/clients/", {"q": searched}, headers=HTMX).content.decode()
    assert re.findall(r"client=(\d+)", page) == ["1001"]


def test_what_is_typed_is_kept_and_stands_there_again(desk: Browser, bakker: Client, anna: Agent) -> None:
    where = at(make_desk.call(bakker, anna))
    kept = desk.post(f"/desk/keep/?{where}", {**NOTE, "text": "Half a sen"}, headers=HTMX)
    assert "kept at 11:42:00" in kept.content.decode()
    page = page_of(desk, f"/desk/?{where}")
    assert "Half a sen</textarea>" in page and 'value="desk-1"' in page and "begun" in said(page)
    desk.post(f"/desk/send/?{where}", NOTE)
    assert not Draft.objects.exists()
    # One that was still under way when the note was sent:
    desk.post(f"/desk/keep/?{where}", {**NOTE, "text": "Half a sentence"}, headers=HTMX)
    assert not Draft.objects.exists()


def test_a_draft_without_a_call_is_found_again_and_thrown_away(desk: Browser) -> None:
    desk.post("/desk/keep/?client=1001", {"text": "Belde over iets", "key": "desk-2"}, headers=HTMX)
    page = page_of(desk, "/desk/")
    assert "Begun and not sent Bakker Installaties 11:42 · Belde over iets" in said(page)
    assert "Belde over iets</textarea>" in page_of(desk, "/desk/?client=1001")
    assert desk.post(f"/desk/drafts/{Draft.objects.get().pk}/drop/").status_code == 302
    assert not Draft.objects.exists()


def test_the_right_says_what_holds_at_this_hour(desk: Browser, bakker: Client, time_machine: Any) -> None:
    make_desk.absence(bakker, ends=make_desk.NOW + timedelta(hours=3))
    make_desk.recipient(bakker, name="Tim", when="open")
    page = said(page_of(desk, "/desk/?client=1001"))
    assert "Goedemorgen, Bakker Installaties, u spreekt met Anna." in page and "open until 17:30" in page
    assert "Vraag naar het adres." in page and "De heer Bakker until 14:42: is op vakantie" in page
    assert "goes to tim@bakker.example" in page and "Voorrijkosten? € 39." in page
    time_machine.move_to(make_desk.NOW + timedelta(hours=9), tick=False)
    evening = said(page_of(desk, "/desk/?client=1001"))
    assert "closed until 24 Nov 09:00" in evening and "Alleen spoed doorverbinden." in evening
    assert "De heer Bakker" not in evening and "goes to info@bakker.example" in evening


def test_the_desk_says_that_a_note_goes_by_sms(desk: Browser, bakker: Client) -> None:
    Client.objects.filter(pk=bakker.pk).update(email="")
    bakker.recipients.all().delete()
    bakker.recipients.create(kind="sms", to="+31612345678")
    assert "goes to nobody" in page_of(desk, f"/desk/?client={bakker.number}")
    Operator.objects.update(sms_gateway={"kind": "fake"})
    assert "goes to +31612345678" in page_of(desk, f"/desk/?client={bakker.number}")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_own_notes_of_a_day_at_the_end_of_the_calendar(desk: Browser, day: str) -> None:
    assert desk.get("/desk/notes/", {"day": day}).status_code == 200


def test_a_caller_is_known_from_earlier(desk: Browser, bakker: Client, anna: Agent) -> None:
    earlier = make_desk.call(bakker, make.agent("202", name="Bram Kok"), ago=60 * 24)
    make_desk.note(bakker, anna, call=earlier, at=earlier.start + timedelta(minutes=4), reason="Offerte")
    other = make.client("2002", name="Kraan")
    make_desk.note(other, anna, text="Iets van een ander")
    page = said(page_of(desk, f"/desk/?{at(make_desk.call(bakker, anna))}"))
    assert "22 Nov 11:46 · Anna de Wit Offerte Vraagt een offerte" in page and "rang 22 Nov 11:42 · Bram Kok" in page
    assert "Iets van een ander" not in page


def test_an_exception_entered_at_the_desk_can_be_taken_back(desk: Browser, bakker: Client) -> None:
    typed = {"who": "De winkel", "say": "is dicht vandaag", "ends": "2026-11-23T18:00"}
    answer = desk.post("/desk/exceptions/enter/?client=1001", typed, headers=HTMX).content.decode()
    assert "De winkel until 18:00:" in " ".join(re.sub(r"<[^>]+>", " ", answer).split())
    undo = re.findall(r'action="(/desk/exceptions/\d+/undo/[^"]*)"', answer)[0]
    desk.post(undo, headers=HTMX)
    assert not bakker.absences.exists()
    refused = desk.post("/desk/exceptions/enter/?client=1001", {"who": "", "say": "x"}, headers=HTMX).content.decode()
    assert "Say who is away" in refused


@pytest.mark.parametrize("begins", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_exception_of_no_century_anybody_lives_in_is_refused(desk: Browser, begins: str) -> None:
    typed = {"who": "Tim", "say": "is weg", "begins": begins}
    assert "is no day with a time" in desk.post("/desk/exceptions/enter/?client=1001", typed).content.decode()


def test_an_own_note_is_corrected_and_sent_again(desk: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    assert "Mevr. Smit" in said(page_of(desk, "/desk/notes/"))
    answer: Any = desk.post(
        f"/desk/notes/{note.pk}/",
        {**NOTE, "text": "Vraagt een offerte voor de goot.", "version": "1", "client": "1001"},
        follow=True,
    )
    assert "corrected and sent again" in said(answer.content.decode())
    note.refresh_from_db()
    assert (note.version, note.text) == (2, "Vraagt een offerte voor de goot.")
    subjects = Mail.objects.filter(kind="call_note").order_by("pk").values_list("subject", flat=True)
    assert len(subjects) == 2 and "[" in subjects[1]


def test_of_two_browsers_the_second_is_told_and_loses_nothing(desk: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    typed = {**NOTE, "version": "1", "client": "1001"}
    desk.post(f"/desk/notes/{note.pk}/", {**typed, "text": "Wat de eerste heeft geschreven."})
    answer = desk.post(f"/desk/notes/{note.pk}/", {**typed, "text": "Wat de tweede heeft geschreven."})
    page = answer.content.decode()
    assert answer.status_code == 409 and "corrected this note while you were at it" in said(page)
    assert "Wat de tweede heeft geschreven.</textarea>" in page and "Wat de eerste heeft geschreven." in said(page)
    assert 'name="version" value="2"' in page
    desk.post(f"/desk/notes/{note.pk}/", {**typed, "version": "2", "text": "Wat de tweede heeft geschreven."})
    note.refresh_from_db()
    assert (note.version, note.text) == (3, "Wat de tweede heeft geschreven.")
    kept = [version.said["text"] for version in note.versions.order_by("version")]
    assert kept == [TEXT, "Wat de eerste heeft geschreven."]


def test_a_note_gets_another_client_and_call(desk: Browser, bakker: Client, anna: Agent) -> None:
    kraan = make.client("2002", name="Kraan", email="info@kraan.example")
    note, call = make_desk.note(bakker, anna), make_desk.call(kraan, anna)
    typed = {**NOTE, "version": "1", "client": "2002", "call": str(call.pk)}
    assert desk.post(f"/desk/notes/{note.pk}/", {**typed, "client": "none"}).status_code == 422
    desk.post(f"/desk/notes/{note.pk}/", typed)
    note.refresh_from_db()
    assert (note.client, note.call, note.given) == (kraan, call, call.key)


def test_a_call_that_was_named_by_mistake_is_taken_off_the_note(desk: Browser, bakker: Client, anna: Agent) -> None:
    note, call = make_desk.note(bakker, anna), make_desk.call(bakker, anna)
    address, named = f"/desk/notes/{note.pk}/", {**NOTE, "client": "1001", "call": str(call.pk)}
    desk.post(address, {**named, "version": "1"})
    assert '<option value="">matched by itself</option>' in page_of(desk, address)
    desk.post(address, {**named, "version": "2", "call": ""})
    note.refresh_from_db()
    assert (note.call, note.given, note.version) == (None, "", 3)
    Note.objects.filter(pk=note.pk).update(call=call)  # found by itself
    assert '<option value="">' not in page_of(desk, address)
    desk.post(address, {**named, "version": "3", "call": ""})
    note.refresh_from_db()
    assert (note.call, note.version) == (call, 3), "there was nothing to take off"


def test_a_note_written_late_can_still_be_given_its_call(desk: Browser, bakker: Client, anna: Agent) -> None:
    call = make_desk.call(bakker, anna, ago=60 * 24 * 2)
    others = [make_desk.call(make.client(f"30{number}"), anna, ago=number + 1) for number in range(3)]
    note = make_desk.note(bakker, anna)
    offered = re.findall(r'<option value="(\d+)"', page_of(desk, f"/desk/notes/{note.pk}/"))
    assert offered == [str(one.pk) for one in (call, *others)]


def test_what_is_wrong_leads_to_the_note_that_mends_it(desk: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna, text="kort")
    make_desk.finding(note)
    make_desk.finding(make_desk.note(bakker, make.agent("202")), "copied_text")
    make_desk.call(bakker, anna, ago=60 * 24 * 10)
    page = page_of(desk, "/desk/mend/")
    assert "The text has only 4 characters" in said(page) and f'href="/desk/notes/{note.pk}/"' in page
    assert "The same text as" not in said(page) and "13 Nov 11:42" in said(page)


def test_nothing_of_others_is_there_for_an_agent(desk: Browser, bakker: Client) -> None:
    bram = make.agent("202", name="Bram Kok")
    theirs = make_desk.note(bakker, bram)
    call = make_desk.call(bakker, bram)
    for address in (f"/desk/notes/{theirs.pk}/", f"/notes/{theirs.pk}/", "/notes/", "/clients/1001/desk/", "/calls/"):
        assert desk.get(address).status_code in (403, 404), address
    assert "This call is not yours" in said(page_of(desk, f"/desk/?{at(call)}"))
    assert desk.post(f"/desk/send/?{at(call)}", NOTE).status_code == 404
    assert Note.objects.count() == 1 and Finding.objects.count() == 0


def test_no_money_is_at_the_desk(desk: Browser, bakker: Client, anna: Agent) -> None:
    make.contract(bakker)
    make_desk.call(bakker, anna)
    bakker.desk.questions = ""
    bakker.desk.save()
    for address in ("/desk/", "/desk/notes/", "/desk/mend/", "/desk/clients/?q=bakker"):
        page = page_of(desk, address)[2500:]
        assert not re.search(r"€|BASIS|tariff|/contracts/|/bill/|/controlling/", page), address


def test_the_pages_take_the_same_few_queries_however_much_there_is(desk: Browser, bakker: Client, anna: Agent) -> None:
    limits = {"/desk/": 22, "/desk/calls/": 11, "/desk/notes/": 9, "/desk/mend/": 10, "/desk/clients/?q=bakker": 6}
    make_desk.note(bakker, anna)
    make_desk.call(bakker, anna, ago=90)
    desk.get("/desk/")  # the first look of a day is remembered
    few = {address: queries(desk, address) for address in limits}
    for number in range(20):
        company = make.client(f"30{number}", name=f"Bakker {number}")
        make_desk.call(company, anna, ago=number + 100)
        make_desk.finding(make_desk.note(company, anna, call=make_desk.call(company, anna)))
        make_desk.recipient(bakker, f"{number}@bakker.example")
        make_desk.absence(bakker)
        said = {"client": f"30{number}"}
        Draft.objects.create(agent=anna, place=f"client:30{number}:", said=said, at=make_desk.NOW)
    many = {address: queries(desk, address) for address in limits}
    assert {address: (few[address], n) for address, n in many.items() if n > limits[address]} == {}
    assert {address: n for address, n in many.items() if n > few[address] + 2} == {}
