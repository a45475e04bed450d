"""Two managers at the same page: what one stored while the other typed stays, and nobody's words are lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, Client
from balie.quality.looking import limits
from balie.quality.models import RecordingSettings, Review
from tests.web import make_desk
from tests.web.make_portal import page_of, said
from tests.web.make_quality import review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


def test_a_review_of_a_note_put_back_meanwhile_keeps_its_words_and_can_be_stored(
    joris: Browser, bakker: Client
) -> None:
    note = make_desk.note(bakker, Agent.objects.get(code="201"))
    held = review(note, score=None)
    where, page = f"/quality/reviews/{held.pk}/", page_of(joris, f"/quality/reviews/{held.pk}/")
    typed = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("known", "note")}
    typed |= {"score": "4", "comment": "Vriendelijk en volledig."}
    held.delete()
    answer = joris.post(where, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "This note was put back meanwhile." in said(page)
    assert "Vriendelijk en volledig.</textarea>" in page and not Review.objects.exists()
    assert joris.post(where, {**typed, "again": "1"}).status_code == 302
    assert Review.objects.values_list("note", "score", "comment").get() == (note.pk, 4, "Vriendelijk en volledig.")


def test_a_number_written_otherwise_is_no_difference_of_two_corrections(joris: Browser, bakker: Client) -> None:
    note = make_desk.note(bakker, Agent.objects.get(code="201"), callback="+31612345678")
    where = f"/notes/{note.pk}/correct/"
    typed = {"client": "1001", "caller": "06 12345678", "callback": "0612345678", "caller_name": "Mevr. Smit",
             "outcome": "message", "version": "1"}  # fmt: skip
    assert joris.post(where, {**typed, "text": "Wil een offerte voor de dakgoot."}).status_code == 302
    answer = joris.post(where, {**typed, "text": "Wil een afspraak voor de dakgoot."})
    found = answer.context["correction"].differences
    assert (answer.status_code, [label for label, _old, _new in found]) == (409, ["Note"])


def put(manager: Browser, part: str, page: str, **typed: str) -> Any:
    at = page.index(f"/desk/{part}/")
    was = unescape(re.findall(r'name="was" value="([^"]*)"', page[at:])[0])
    return manager.post(f"/clients/1001/desk/{part}/", {**typed, "was": was})


def test_words_stored_from_an_older_page_leave_what_others_stored_since(joris: Browser, bakker: Client) -> None:
    page = page_of(joris, "/clients/1001/desk/")
    desk = bakker.desk
    shown = {name: getattr(desk, name) for name in ("greeting", "in_hours", "out_of_hours", "questions", "region")}
    assert put(joris, "words", page, **{**shown, "greeting": "Met Bakker."}).status_code == 302
    assert put(joris, "words", page, **{**shown, "questions": "Open?\r\nJa."}).status_code == 302
    desk.refresh_from_db()
    assert (desk.greeting, desk.questions) == ("Met Bakker.", "Open?\nJa.")
    answer = put(joris, "words", page, **{**shown, "greeting": "Hallo, Bakker."})
    again = answer.content.decode()
    assert answer.status_code == 409 and "it says now: “Met Bakker.”" in said(again) and "Hallo, Bakker." in again
    assert put(joris, "words", again, **{**shown, "greeting": "Hallo, Bakker."}).status_code == 302
    desk.refresh_from_db()
    assert (desk.greeting, desk.questions) == ("Hallo, Bakker.", "Open?\nJa.")


def test_lists_and_hours_of_an_older_page_do_not_undo_others(joris: Browser, bakker: Client) -> None:
    page = page_of(joris, "/clients/1001/desk/")
    days = {f"hours-{day}": "09:00–17:30" for day in range(5)}
    put(joris, "hours", page, **{**days, "hours-0": "8-12"})
    assert put(joris, "hours", page, **{**days, "hours-5": "10-12"}).status_code == 302
    found = page_of(joris, "/clients/1001/desk/")
    assert 'value="08:00–12:00"' in found and 'value="10:00–12:00"' in found
    assert put(joris, "recipients", page, to="a@bakker.example", when="always", kind="mail").status_code == 302
    answer = put(joris, "recipients", page, to="b@bakker.example", when="always", kind="mail")
    assert answer.status_code == 409 and "it says now: “a@bakker.example”" in said(answer.content.decode())
    assert "b@bakker.example" in answer.content.decode()


def test_checks_stored_from_an_older_page_leave_what_others_set_since(joris: Browser) -> None:
    page = page_of(joris, "/quality/checks/")
    fields = re.findall(r'<input class="form-c[^>]*>', page)
    shown = {re.findall(r'name="([^"]+)"', one)[0]: (re.findall(r'value="([^"]*)"', one) or ["on"])[0]
             for one in fields if 'type="checkbox"' not in one or " checked" in one}  # fmt: skip
    shown["was"] = unescape(re.findall(r'name="was" value="([^"]*)"', page)[0])
    off = {name: value for name, value in shown.items() if name != "short_text.on"}
    assert joris.post("/quality/checks/set/", off).status_code == 302
    assert joris.post("/quality/checks/set/", {**shown, "tolerance": "45"}).status_code == 302
    assert (limits().off, RecordingSettings.objects.get().tolerance) == (frozenset({"short_text"}), 45)
    answer = joris.post("/quality/checks/set/", {**shown, "tolerance": "30"})
    again = answer.content.decode()
    assert answer.status_code == 422 and "Somebody else changed this meanwhile." in said(again)
    was = unescape(re.findall(r'name="was" value="([^"]*)"', again)[0])
    assert joris.post("/quality/checks/set/", {**shown, "tolerance": "30", "was": was}).status_code == 302
    assert (limits().off, RecordingSettings.objects.get().tolerance) == (frozenset({"short_text"}), 30)
