"""The desk used twice at once: the same form with other words, a call that has its note, two windows at one note."""

import re

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, Client, User
from balie.calls.models import Call
from balie.notes.models import Draft, Note
from balie.notifications.models import Mail
from tests import make
from tests.web import make_desk
from tests.web.make_desk import TEXT
from tests.web.make_portal import page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
NOTE = {"text": TEXT, "caller": "06 12 34 56 78", "caller_name": "Mevr. Smit", "outcome": "message", "key": "desk-1"}
OTHER = {**NOTE, "text": "Wil nu toch liever morgen langskomen."}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def call(house: tuple[Client, Agent, User]) -> Call:
    return make_desk.call(house[0], house[1])


def hidden(page: str, name: str) -> str:
    return str(re.findall(f'name="{name}" value="([^"]*)"', page)[0])


def test_other_words_with_the_same_key_are_told_and_sent_as_a_second_note(desk: Browser) -> None:
    where = "/desk/send/?client=1001"
    desk.post(where, NOTE)
    answer = desk.post(where, OTHER)
    page = answer.content.decode()
    assert answer.status_code == 422 and OTHER["text"] in page
    assert "This form was sent before, with other words." in said(page)
    assert f'href="/desk/notes/{Note.objects.get().pk}/"' in page and 'name="second"' in page
    key = hidden(page, "key")
    assert key != "desk-1"
    assert desk.post(where, {**OTHER, "key": key, "second": "1"}).status_code == 302
    assert sorted(Note.objects.values_list("text", flat=True)) == sorted([TEXT, OTHER["text"]])


def test_the_same_words_again_are_the_note_there_is_even_once_it_was_corrected(desk: Browser) -> None:
    where = "/desk/send/?client=1001"
    desk.post(where, NOTE)
    note = Note.objects.get()
    desk.post(f"/desk/notes/{note.pk}/", {**OTHER, "version": "1", "client": "1001"})
    note.refresh_from_db()
    assert note.text == OTHER["text"]
    assert [desk.post(where, words)["Location"] for words in (NOTE, OTHER)] == [f"/desk/?sent={note.pk}"] * 2


def test_a_call_that_has_its_note_asks_before_it_gets_a_second(desk: Browser, call: Call) -> None:
    where = f"/desk/send/?call={call.source_id}:{call.key}"
    desk.post(where, NOTE)
    answer = desk.post(where, {**OTHER, "key": "desk-2"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "This call has a note already." in said(page) and OTHER["text"] in page
    assert f'href="/desk/notes/{Note.objects.get().pk}/"' in page and hidden(page, "key") == "desk-2"
    assert Mail.objects.filter(kind="call_note").count() == 1
    desk.post(where, {**OTHER, "key": "desk-2", "second": "1"})
    assert (Note.objects.filter(call=call).count(), Mail.objects.filter(kind="call_note").count()) == (2, 2)


def test_the_second_note_is_asked_about_what_looks_wrong_and_once_only(desk: Browser, call: Call) -> None:
    where = f"/desk/send/?call={call.source_id}:{call.key}"
    desk.post(where, NOTE)
    short = {**NOTE, "text": "ok", "key": "desk-2"}
    page = desk.post(where, {**short, "anyway": "1"}).content.decode()
    assert "This call has a note already." in said(page) and hidden(page, "anyway") == "1"
    page = desk.post(where, {**short, "second": "1"}).content.decode()
    assert "That is hardly anything" in said(page) and hidden(page, "second") == "1"
    assert desk.post(where, {**short, "second": "1", "anyway": "1"}).status_code == 302


def test_words_for_one_client_do_not_go_to_another_that_has_the_call_meanwhile(desk: Browser, call: Call) -> None:
    opened = page_of(desk, f"/desk/?call={call.source_id}:{call.key}")
    where = re.findall(r'action="(/desk/send/[^"]+)"', opened)[0].replace("&amp;", "&")
    kraan = make.client("2002", name="Kraan", email="info@kraan.example")
    Call.objects.filter(pk=call.pk).update(client=kraan)
    for headers, status in ((HTMX, 200), ({}, 422)):
        answer = desk.post(where, NOTE, headers=headers)
        page = answer.content.decode()
        assert (answer.status_code, Note.objects.count(), Mail.objects.count()) == (status, 0, 0)
        assert "one of Kraan by now, not of Bakker Installaties any more" in said(page) and TEXT in page
        assert "goes to info@kraan.example" in said(page) and 'id="told"' in page
    again = re.findall(r'action="(/desk/send/[^"]+)"', page)[0].replace("&amp;", "&")
    assert desk.post(again, NOTE).status_code == 302
    assert Note.objects.get().client == kraan and Mail.objects.get(kind="call_note").recipient == "info@kraan.example"


def test_words_that_arrived_before_the_call_was_moved_are_not_asked_about(desk: Browser, call: Call) -> None:
    where = f"/desk/send/?call={call.source_id}:{call.key}&client=1001"
    desk.post(where, NOTE)
    note = Note.objects.get()
    Call.objects.filter(pk=call.pk).update(client=make.client("2002", name="Kraan", email="info@kraan.example"))
    assert desk.post(where, NOTE)["Location"] == f"/desk/?sent={note.pk}"  # its answer was lost: sent once more
    page = desk.post(where, OTHER).content.decode()
    assert "one of Kraan by now" in said(page) and hidden(page, "key") != NOTE["key"]
    again = re.findall(r'action="(/desk/send/[^"]+)"', page)[0].replace("&amp;", "&")
    desk.post(again, {**OTHER, "key": hidden(page, "key"), "second": "1"})
    assert sorted(Note.objects.values_list("client__number", "text")) == [("1001", TEXT), ("2002", OTHER["text"])]


def test_an_older_window_does_not_overwrite_what_another_one_keeps(desk: Browser, call: Call) -> None:
    at = f"call={call.source_id}:{call.key}"
    first, second = ({"window": hidden(page, "window"), "based_on": hidden(page, "based_on")} for page in (
        page_of(desk, f"/desk/?{at}"), page_of(desk, f"/desk/?{at}")
    ))  # fmt: skip

    def keep(window: dict[str, str], text: str) -> str:
        return desk.post(f"/desk/keep/?{at}", {**window, "text": text, "key": "k"}, headers=HTMX).content.decode()

    assert "kept at" in keep(first, "One") and "kept at" in keep(first, "One and more")
    for text in ("Two", ""):  # an empty one takes nothing away either
        assert "Another window is writing this note" in keep(second, text)
    assert Draft.objects.get().said["text"] == "One and more"
    third = page_of(desk, f"/desk/?{at}")
    assert "kept at" in keep({"window": hidden(third, "window"), "based_on": hidden(third, "based_on")}, "One, goes on")
    assert "Another window" in keep(first, "One and more words")
    assert Draft.objects.get().said["text"] == "One, goes on"


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", ""])
def test_a_draft_that_names_no_version_does_not_shut_the_note(desk: Browser, version: str) -> None:
    desk.post("/desk/send/?client=1001", NOTE)
    note = Note.objects.get()
    desk.post(f"/desk/keep/?note={note.pk}", {"text": "Toch anders", "version": version})
    page = page_of(desk, f"/desk/notes/{note.pk}/")
    assert "Toch anders" in page and hidden(page, "version") == "1"
