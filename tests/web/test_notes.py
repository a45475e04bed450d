"""Notes in the office and in the portal: lists, files, one note; what is wrong with it, and who may see that."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, Client
from balie.messages.actions import queue_sms
from balie.messages.models import Outgoing, State
from balie.notes.actions import Said, correct_note
from balie.notes.models import Delivery, Note
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.quality.actions import check_days
from balie.quality.complaints import complain
from balie.quality.models import Finding, Review
from balie.quality.words import explained
from tests import make
from tests.web import make_desk
from tests.web.make_desk import NOW, TEXT
from tests.web.make_portal import browser, page_of, said, user
from tests.web.reading import body, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def kees(bakker: Client) -> Browser:
    return browser(user(bakker, name="Kees", language="en"))


def listed(page: str) -> list[str]:
    return re.findall(r'href="/notes/(\d+)/"', page)


def test_notes_are_found_by_what_is_asked_for(marit: Browser, bakker: Client, anna: Agent) -> None:
    kraan, bram = make.client("2002", name="Kraan"), make.agent("202", name="Bram")
    one = make_desk.note(bakker, anna, reason="Offerte")
    two = make_desk.note(kraan, bram, text="Kraan lekt al de hele dag.", caller="+31307654321", urgency="urgent")
    make_desk.finding(two)
    old = make_desk.note(bakker, anna, at=NOW - timedelta(days=3), outcome="callback", callback="020-555 12 34")
    asked = {
        "q=0205551234": [old],
        "q=020 555 1234": [old],
        "": [one, two, old],
        "q=offerte": [one, old],
        "q=0307654": [two],
        "client=2002": [two],
        "agent=202": [two],
        "state=wrong": [two],
        "state=code:short_text": [two],
        "state=code:late_note": [],
        "state=urgent": [two],
        "until=2026-11-20": [old],
        "since=2026-11-23&order=-client": [two, one],
        "month=2026-10": [],
    }
    got = {query: sorted(map(int, listed(page_of(marit, f"/notes/?{query}")))) for query in asked}
    assert got == {query: sorted(note.pk for note in notes) for query, notes in asked.items()}


def test_a_file_has_the_rows_of_the_filtered_page(marit: Browser, bakker: Client, anna: Agent) -> None:
    call = make_desk.call(bakker, anna)
    make_desk.note(bakker, anna, call=call, reason="=1+1", fields={"Kenteken": "AB-1"})
    make_desk.note(make.client("2002"), anna)
    (row,) = json.loads(body(marit.get("/notes.json?client=1001")))
    assert (row["call"], row["agent"], row["date"], row["time"]) == (call.key, "201", "2026-11-23", "11:42:00")
    assert row["caller"] == "+31612345678" and row["fields"] == "Kenteken: AB-1"
    lines = body(marit.get("/notes.csv?client=1001")).splitlines()
    assert len(lines) == 2 and "'=1+1" in lines[1]
    assert marit.get("/notes.xlsx").getvalue()[:2] == b"PK"
    assert marit.get("/notes.exe").status_code == 400


def test_one_note_says_what_became_of_it(marit: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna, call=make_desk.call(bakker, anna))
    page = said(page_of(marit, f"/notes/{note.pk}/"))
    assert TEXT in page and "info@bakker.example version 1 on its way" in page and "Read by the client not yet" in page
    Mail.objects.update(sent=NOW)
    assert "info@bakker.example version 1 · 11:42 sent" in said(page_of(marit, f"/notes/{note.pk}/"))


def test_a_manager_corrects_and_sees_what_it_said_before(marit: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    typed = {
        "text": "Vraagt een offerte voor de schuur.",
        "caller_name": "Mevr. Smits",
        "version": "1",
        "client": "1001",
    }
    answer: Any = marit.post(f"/notes/{note.pk}/correct/", {**typed, "caller": "0612345678"}, follow=True)
    page = said(answer.content.decode())
    assert "Version 1, until 11:42; corrected by Marit Name Mevr. Smit Mevr. Smits" in page and "version 2" in page


@pytest.mark.parametrize(
    ("more", "why"),
    [({}, "Load it anew."), ({"version": "x"}, "Load it anew."),
     ({"version": "1", "call": "999"}, "one of the calls"), ({"version": "1", "call": "x"}, "one of the calls")],
)  # fmt: skip
def test_a_correction_of_who_knows_what_is_refused(
    marit: Browser, bakker: Client, anna: Agent, more: dict[str, str], why: str
) -> None:
    note = make_desk.note(bakker, anna)
    answer = marit.post(f"/notes/{note.pk}/correct/", {"text": "Iets anders.", "client": "1001", **more})
    page = answer.content.decode()
    assert answer.status_code == 422 and why in said(page) and "Iets anders." in page
    note.refresh_from_db()
    assert (note.version, note.text) == (1, TEXT)


def test_a_finding_is_dismissed_with_a_reason_and_opened_again(marit: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna, text="kort")
    found = make_desk.finding(note)
    answer = marit.post(f"/notes/findings/{found.pk}/dismiss/", {"reason": " "})
    assert answer.status_code == 422 and "Say in a few words why this is right." in said(answer.content.decode())
    page = said(
        marit.post(f"/notes/findings/{found.pk}/dismiss/", {"reason": "test call"}, follow=True).content.decode()
    )
    assert "dismissed by Marit 11:42: test call" in page
    for address in (f"/notes/findings/{found.pk}/dismiss/", "/quality/"):
        again: Any = marit.post(address, {"reason": "once more", "finding": found.pk}, follow=True)
        told = said(again.content.decode())
        assert ("closed already" in told, "finding:" in told) == (True, False), address
    marit.post(f"/notes/findings/{found.pk}/reopen/")
    found.refresh_from_db()
    assert found.closed is None


def test_a_client_sees_its_notes_and_nothing_the_office_thinks(
    marit: Browser, kees: Browser, bakker: Client, anna: Agent
) -> None:
    note = make_desk.note(bakker, anna, reason="Offerte")
    make_desk.finding(note, "copied_text")
    Review.objects.create(note=note, score=2, comment="Slordig geschreven", by="Marit", at=NOW)
    theirs = make_desk.note(make.client("2002"), anna, text="Van een ander, en lang genoeg.")
    for address in ("/portal/notes/", f"/portal/notes/{note.pk}/", "/portal/notes.csv", "/portal/notes.json"):
        page = body(kees.get(address))
        assert "offerte" in page and "Van een ander" not in page, address
        assert not re.search("Slordig|copied|same text|score|finding", page), address
    assert kees.get(f"/portal/notes/{theirs.pk}/").status_code == 404
    for deed in ("read", "wrong"):
        assert kees.post(f"/portal/notes/{theirs.pk}/{deed}/", {"said": "x"}).status_code == 404


def test_opening_a_note_changes_nothing_and_the_mark_does(kees: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    page_of(kees, f"/portal/notes/{note.pk}/")
    assert Note.objects.get().read is None and "1 not read yet" in said(page_of(kees, "/portal/notes/"))
    assert kees.post(f"/portal/notes/{note.pk}/read/", headers=HTMX).status_code == 204
    assert Note.objects.get().read == NOW and "1 not read yet" not in said(page_of(kees, "/portal/notes/"))
    answer = kees.post(f"/portal/notes/{note.pk}/read/", {"unread": "1"})
    assert answer.headers["location"] == "/portal/notes/?month=2026-11" and Note.objects.get().read is None
    kees.post("/portal/notes/read/")
    assert Note.objects.get().read == NOW


def test_what_came_after_the_page_was_opened_is_not_marked_read_with_all(
    kees: Browser, bakker: Client, anna: Agent, time_machine: Any
) -> None:
    seen, corrected = (make_desk.note(bakker, anna, text=f"Notitie {at} over de dakgoot") for at in (1, 2))
    until = re.findall('name="until" value="([^"]+)"', page_of(kees, "/portal/notes/"))[0]
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    late = make_desk.note(bakker, anna, at=NOW - timedelta(hours=1))  # a program handed it in later
    Note.objects.filter(pk=late.pk).update(received=NOW + timedelta(minutes=1))
    by = Author("Anna de Wit", NOW + timedelta(minutes=1))
    correct_note(note=corrected, said=Said(text="Iets anders over de dakgoot"), version=1, author=by)
    answer = kees.post("/portal/notes/read/", {"until": until}, follow=True)
    assert "1 note is marked as read." in said(answer.content.decode())
    assert list(Note.objects.exclude(read=None)) == [seen]
    for unreadable in ("", "gisteren", "2026-11-23T10:42:00"):
        assert kees.post("/portal/notes/read/", {"until": unreadable}).status_code == 302
    assert not Note.objects.filter(read=None).exists()


def test_hidden_digits_are_hidden_in_notes_too(kees: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    Client.objects.filter(pk=bakker.pk).update(hide_numbers="last3")
    for address in ("/portal/notes/", f"/portal/notes/{note.pk}/", "/portal/notes.json"):
        assert "345678" not in re.sub(r"\s", "", body(kees.get(address))), address
    assert json.loads(body(kees.get("/portal/notes.json")))[0]["caller"] == "+31612345xxx"
    assert json.loads(body(kees.get("/portal/notes.json?q=345678"))) == []


def test_a_required_field_is_called_as_the_form_calls_it(bakker: Client, anna: Agent) -> None:
    found = make_desk.finding(make_desk.note(bakker, anna), "missing_field", field="caller_name")
    assert explained(found) == "the field “Name” is empty, and the client requires it"
    found.figures = {"field": "Kenteken"}
    assert explained(found) == "the field “Kenteken” is empty, and the client requires it"
    found.figures = {"field": "caller_name", "fields": ["caller_name", "Kenteken", "text"]}
    assert explained(found) == "the fields “Name”, “Kenteken”, “Note” are empty, and the client requires them"


def test_notes_whose_sms_was_lost_are_among_those_not_delivered(marit: Browser, bakker: Client, anna: Agent) -> None:
    lost, sent = (make_desk.note(bakker, anna, caller_name=name) for name in ("Verloren", "Verstuurd"))
    for note, state in ((lost, State.FAILED), (sent, State.SENT)):
        sms = queue_sms(client=bakker, to="+31612345678", text="Hoi", key=str(note.pk), author=Author("Anna", NOW))
        Outgoing.objects.filter(pk=sms.pk).update(state=state)
        Delivery.objects.create(note=note, version=1, kind="sms", to="+31612345678", sms=sms)
    page = said(page_of(marit, "/notes/?state=failed"))
    assert "Verloren" in page and "Verstuurd" not in page


def test_a_client_says_that_a_note_is_wrong(marit: Browser, kees: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    where = f"/portal/notes/{note.pk}/wrong/"
    assert kees.post(where, {"said": " "}).status_code == 422
    assert "Thank you." in said(kees.post(where, {"said": "Zij heet Smits."}, follow=True).content.decode())
    kees.post(where, {"said": "En zij belde om tien uur."})
    found = Finding.objects.get()
    assert explained(found) == "the client says: “Zij heet Smits. / En zij belde om tien uur.”"
    check_days(first=NOW.date(), last=NOW.date(), now=NOW)
    assert Finding.objects.get(code="client_wrong").closed is None
    assert "The client says: “Zij heet Smits." in said(page_of(marit, f"/notes/{note.pk}/"))
    assert "“Zij heet Smits.” We look at it." in said(page_of(kees, f"/portal/notes/{note.pk}/"))
    marit.post(f"/notes/findings/{found.pk}/dismiss/", {"reason": "verbeterd, geheim"})
    page = said(page_of(kees, f"/portal/notes/{note.pk}/"))
    assert "We have looked at it." in page and "geheim" not in page


def test_a_note_that_was_another_clients_says_nothing_of_that_one(kees: Browser, bakker: Client, anna: Agent) -> None:
    other = make.client("2002", name="Smits")
    note = make_desk.note(other, anna, text="Wachtwoord van Smits is geheim")
    complain(note=note, text="Niet voor ons", author=Author("Piet Smits", NOW))
    for version, text in enumerate(("Vraagt om een offerte", "Vraagt om twee offertes"), start=1):
        by = Author("Anna", NOW)
        correct_note(note=note, said=Said(text=text), version=version, client=bakker, author=by)
    kees.post(f"/portal/notes/{note.pk}/wrong/", {"said": "Het waren er drie."})
    page = page_of(kees, f"/portal/notes/{note.pk}/")
    assert "geheim" not in page and "Piet Smits" not in page and "Niet voor ons" not in page
    assert "Vraagt om een offerte" in page and "“Het waren er drie.”" in page


def test_a_corrected_note_is_new_for_the_client_again(kees: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    kees.post(f"/portal/notes/{note.pk}/read/")
    assert TEXT not in page_of(kees, "/portal/notes/?state=new")
    correct_note(note=note, said=Said(text="Vraagt om twee offertes"), version=1, author=Author("Anna", NOW))
    assert "Vraagt om twee offertes" in page_of(kees, "/portal/notes/?state=new")


def test_a_client_sees_what_a_correction_changed(kees: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna, outcome="callback", callback="020 555 1234", caller="+31612345678")
    for version, caller in enumerate(("+31612345678", "+31687654321"), start=1):
        words = Said(TEXT, "callback", callback="020 555 4321", caller=caller, caller_name="Mevr. Smit")
        correct_note(note=note, said=words, version=version, author=Author("Anna", NOW))
    page = said(page_of(kees, f"/portal/notes/{note.pk}/"))
    before = "What it said before until 11:42 Number +31612345678 until 11:42 Call back on 020 555 1234"
    assert before in page
    Client.objects.filter(pk=bakker.pk).update(hide_numbers="last3")
    page = said(page_of(kees, f"/portal/notes/{note.pk}/"))
    assert "Call back on 020 555 1234" in page and "345678" not in page.replace(" ", "")


def test_unread_notes_of_another_month_are_found(kees: Browser, bakker: Client, anna: Agent) -> None:
    make_desk.note(bakker, anna, at=NOW - timedelta(days=40))
    page = page_of(kees, "/portal/notes/")
    assert "1 not read yet" in said(page) and "No notes in November 2026" in said(page)
    link = re.findall('href="([^"]+state=new)"', page)[0].replace("&amp;", "&")
    assert "offerte" in said(page_of(kees, f"/portal/notes/{link}"))


def test_a_client_tells_who_is_away(kees: Browser, bakker: Client) -> None:
    kees.post("/portal/exceptions/enter/", {"who": "Kees", "say": "is er morgen weer", "ends": "2026-11-24T08:00"})
    assert "Kees : is er morgen weer now, until 24 Nov 08:00" in said(page_of(kees, "/portal/exceptions/"))
    held = bakker.absences.get()
    answer: Any = kees.post(f"/portal/exceptions/{held.pk}/remove/", follow=True)
    undo = re.findall(r'action="(/portal/exceptions/\d+/undo/)"', answer.content.decode())[0]
    kees.post(undo)
    assert bakker.absences.get().who == "Kees"
    theirs = make_desk.absence(make.client("2002"))
    assert kees.post(f"/portal/exceptions/{theirs.pk}/remove/").status_code == 404


def test_an_exception_of_next_summer_can_be_seen_changed_and_ended(
    kees: Browser, marit: Browser, desk: Browser, bakker: Client
) -> None:
    summer = {"who": "De zaak", "say": "is met vakantie", "begins": "2027-07-19", "ends": "2027-08-01"}
    kees.post("/portal/exceptions/enter/", summer)
    pages = page_of(kees, "/portal/exceptions/"), page_of(marit, "/clients/1001/desk/")
    for page in pages:
        assert "De zaak : is met vakantie" in said(page), said(page)
        assert f"exceptions/{bakker.absences.get().pk}/remove/" in page
    assert "is met vakantie" not in page_of(desk, "/desk/?client=1001")  # nobody says this yet


def test_lists_take_the_same_few_queries_however_much_there_is(
    marit: Browser, kees: Browser, bakker: Client, anna: Agent
) -> None:
    first = make_desk.note(bakker, anna)
    pages = {(marit, "/notes/"): 11, (kees, "/portal/notes/"): 9, (marit, f"/notes/{first.pk}/"): 12}
    few = {address: queries(who, address) for who, address in pages}
    for number in range(12):
        company = make.client(f"30{number}")
        make_desk.finding(make_desk.note(company, make.agent(f"5{number}"), call=make_desk.call(company, anna)))
        make_desk.note(bakker, anna)
        make_desk.finding(first, f"code_{number}")
    assert {address: queries(who, address) for who, address in pages} == few
    assert {address: few[address] for (_who, address), most in pages.items() if few[address] > most} == {}


@pytest.mark.parametrize("asked", [{"since": "0001-01-01"}, {"until": "9999-12-31"}])
def test_days_at_the_ends_of_the_calendar_mean_those_of_the_month(
    marit: Browser, kees: Browser, bakker: Client, anna: Agent, asked: dict[str, str]
) -> None:
    make_desk.note(bakker, anna, caller_name="Smits")
    for who, address in ((marit, "/notes/"), (kees, "/portal/notes/")):
        answer: Any = who.get(address, asked)
        assert "Smits" in answer.content.decode()
        assert TEXT in body(who.get(f"{address.rstrip('/')}.csv", asked))


def test_files_of_notes_can_be_read_by_programs(kees: Browser, bakker: Client, anna: Agent) -> None:
    make_desk.note(bakker, anna)
    assert json.loads(body(kees.get("/portal/notes.json")))[0]["text"] == TEXT


def test_a_long_file_is_sent_while_it_is_read_and_nothing_is_left_out(
    marit: Browser, bakker: Client, anna: Agent
) -> None:
    make_desk.note(bakker, anna, call=make_desk.call(bakker, anna))
    assert queries(marit, "/notes.csv") == (few := queries(marit, "/notes.csv"))
    known = {"client": bakker, "agent": anna, "at": NOW, "received": NOW, "by": "Anna"}
    Note.objects.bulk_create(Note(**known, text=f"Bericht {n}") for n in range(4500))
    assert queries(marit, "/notes.csv") == few
    parts = list(marit.get("/notes.csv"))
    assert len(parts) == 4 and all(part.endswith(b"\r\n") for part in parts if part)
    lines = b"".join(parts).decode().splitlines()
    assert len(lines) == 4502 and len({line.partition(",")[0] for line in lines}) == 4502
    rows = json.loads(body(marit.get("/notes.json")))
    assert [str(row["note"]) for row in rows] == [line.partition(",")[0] for line in lines[1:]]
    assert rows[0]["text"] == "Bericht 4499"


def test_a_file_without_notes_has_its_header(marit: Browser) -> None:
    assert (
        body(marit.get("/notes.csv")).startswith("note,date,time,client,") and body(marit.get("/notes.json")) == "[]\n"
    )


def test_a_sheet_of_too_many_notes_says_what_to_do(
    marit: Browser, bakker: Client, anna: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balie.statements.exports.book.MOST_ROWS", 1)
    make_desk.note(bakker, anna)
    assert marit.get("/notes.xlsx").getvalue()[:2] == b"PK"
    make_desk.note(bakker, anna)
    answer: Any = marit.get("/notes.xlsx")
    assert answer.status_code == 400
    assert "An Excel sheet holds 1 rows at most; here are 2. Take CSV, or ask for fewer." in answer.content.decode()
