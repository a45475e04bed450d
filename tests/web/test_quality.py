"""Quality in the office and at the desk: findings listed and dismissed, checks set, notes drawn and reviewed."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from balie.accounts.models import Agent, Client
from balie.notes.models import Note
from balie.quality.actions import dismiss_findings
from balie.quality.looking import limits
from balie.quality.models import CheckedDay, Finding, RecordingSettings, Review
from balie.rules.recording import CODES
from tests import make
from tests.api.ask import program
from tests.web import make_desk
from tests.web.make_desk import NOW
from tests.web.make_portal import browser, page_of, said, user
from tests.web.make_quality import review
from tests.web.reading import body, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
HTMX = {"HX-Request": "true"}


def answered(browser: Browser, address: str, **given: Any) -> str:
    """The page that posting leads to, as a person reads it."""
    answer: Any = browser.post(address, given, follow=True)
    return said(answer.content.decode())


def several(bakker: Client, anna: Agent) -> dict[str, Finding]:
    """Of Anna and Bram, open, right and dismissed; the last one of October."""
    bram, kraan = make.agent("202", name="Bram"), make.client("2002", name="Kraan")
    note, other = make_desk.note(bakker, anna, call=make_desk.call(bakker, anna)), make_desk.note(kraan, bram)
    found = {
        "short": make_desk.finding(note),
        "copied": make_desk.finding(note, "copied_text"),
        "theirs": make_desk.finding(other),
        "right": make_desk.finding(other, "undelivered"),
        "dismissed": make_desk.finding(other, "two_notes"),
        "old": make_desk.finding(note, "late_note", minutes="41"),
    }
    Finding.objects.filter(pk=found["right"].pk).update(closed=NOW)
    Finding.objects.filter(pk=found["old"].pk).update(month=202610)
    dismiss_findings(numbers=[found["dismissed"].pk], reason="Twee gesprekken", author=make_desk.author("Marit"))
    return found


def shown(page: str) -> list[int]:
    return sorted(int(pk) for pk in re.findall(r'href="/notes/\d+/#finding-(\d+)"', page))


def test_findings_are_found_by_what_is_asked_for(marit: Browser, bakker: Client, anna: Agent) -> None:
    made = several(bakker, anna)
    asked = {
        "": ["short", "copied", "theirs"],
        "code=short_text": ["short", "theirs"],
        "agent=202": ["theirs"],
        "client=1001&order=-client": ["short", "copied"],
        "state=right": ["right"],
        "state=dismissed": ["dismissed"],
        "state=all&order=agent": ["short", "copied", "theirs", "right", "dismissed"],
        "month=2026-10": ["old"],
        "agent=nobody": ["short", "copied", "theirs"],
    }
    got = {query: shown(page_of(marit, f"/quality/?{query}")) for query in asked}
    assert got == {query: sorted(made[name].pk for name in names) for query, names in asked.items()}


def test_the_page_counts_by_kind_and_leads_to_note_and_call(marit: Browser, bakker: Client, anna: Agent) -> None:
    made = several(bakker, anna)
    page = page_of(marit, "/quality/")
    told = said(page)
    assert "Open 3 to be put right or dismissed Right meanwhile 1" in told
    assert "Dismissed 1" in told and "Open in other months 1 Oct (1)" in told
    assert "text too short 2 copied text 1" in told
    note = made["short"].note
    assert f'href="/notes/{note.pk}/#finding-' in page and f'href="/calls/{note.call_id}/"' in page
    assert "Nothing is wrong with the notes of August 2026." in said(page_of(marit, "/quality/?month=2026-08"))


def test_a_file_has_the_rows_of_the_filtered_page(marit: Browser, bakker: Client, anna: Agent) -> None:
    made = several(bakker, anna)
    (row,) = json.loads(body(marit.get("/quality/findings.json?state=dismissed")))
    assert (row["finding"], row["code"], row["state"]) == (made["dismissed"].pk, "two_notes", "dismissed")
    assert (row["client"], row["agent"], row["closed_by"], row["reason"]) == ("2002", "202", "Marit", "Twee gesprekken")
    lines = body(marit.get("/quality/findings.csv?order=code")).splitlines()
    assert [line.split(",")[1] for line in lines] == ["code", "copied_text", "short_text", "short_text"]
    assert (
        marit.get("/quality/findings.xlsx").getvalue()[:2] == b"PK"
        and marit.get("/quality/findings.pdf").status_code == 400
    )


def test_several_are_dismissed_at_once_and_opened_again(marit: Browser, bakker: Client, anna: Agent) -> None:
    made = several(bakker, anna)
    chosen = [made["short"].pk, made["theirs"].pk, made["right"].pk]
    for given, why in (({"finding": chosen}, "Say in a few words"), ({"reason": "Proef"}, "Mark the findings")):
        refused = marit.post("/quality/?code=short_text", given)
        assert refused.status_code == 422 and why in said(refused.content.decode())
    answer: Any = marit.post(
        "/quality/?code=short_text", {"finding": chosen, "reason": " Proef  gesprek "}, follow=True
    )
    page = answer.content.decode()
    assert "2 findings are dismissed." in said(page) and answer.redirect_chain[-1][0] == "/quality/?code=short_text"
    kept = Finding.objects.get(pk=made["theirs"].pk)
    assert (kept.dismissed, kept.reason, kept.closed_by) == (True, "Proef gesprek", "Marit")
    undo = re.findall(r'action="(/quality/findings/reopen/[^"]+)"', page)[0].replace("&amp;", "&")
    assert "2 findings are open again." in answered(marit, undo)
    assert Finding.objects.filter(pk__in=chosen, closed=None).count() == 2
    for address in (undo, "/quality/findings/reopen/?of=999999"):
        page = answered(marit, address)
        assert "not dismissed any more; nothing was changed." in page and "open again." not in page


def test_a_note_tells_what_became_of_each_finding(marit: Browser, bakker: Client, anna: Agent) -> None:
    made = several(bakker, anna)
    Finding.objects.filter(pk=made["short"].pk).update(told=NOW + timedelta(minutes=1))
    for deed, given in (("dismiss", {"reason": "Proef"}), ("reopen", {})):
        marit.post(f"/notes/findings/{made['short'].pk}/{deed}/", given)
    page = said(page_of(marit, f"/notes/{made['short'].note_id}/"))
    assert "found 11:42 dismissed by Marit 11:42: Proef opened again by Marit 11:42 mailed 11:43" in page
    assert "right since 11:42" in said(page_of(marit, f"/notes/{made['right'].note_id}/"))


def test_the_start_page_says_what_is_open(marit: Browser, bakker: Client, anna: Agent) -> None:
    assert "call notes" not in said(page_of(marit, "/"))
    several(bakker, anna)
    page = page_of(marit, "/")
    assert "4 findings in call notes are open. November 2026: 3, October 2026: 1" in said(page)
    assert 'href="/quality/?month=2026-11"' in page


def test_where_agents_are_looked_at_together_nobody_is_named(marit: Browser, bakker: Client, anna: Agent) -> None:
    made = several(bakker, anna)
    note = made["short"].note
    make_desk.finding(note, "other_agent", call="202", note="201")
    held, call = review(note), make_desk.call(bakker, anna, ago=90)
    Note.objects.filter(pk=note.pk).update(call=call, given=call.key)
    addresses = ("/quality/?state=all", f"/quality/reviews/{held.pk}/")
    assert all(f"/calls/{call.pk}/" in page_of(marit, address) for address in addresses)
    assert call.key in {row["call"] for row in json.loads(body(marit.get("/quality/findings.json")))}
    RecordingSettings.objects.update_or_create(id=1, defaults={"aggregated": True})
    for address in ("/quality/?state=all&agent=202&order=agent", "/quality/reviews/?agent=201"):
        page = page_of(marit, address)
        assert not re.search("Anna|Bram|>20[12]<|agent 20[12]", page), address
    assert len(shown(page_of(marit, "/quality/?state=all&agent=202"))) == 6
    assert not [address for address in addresses if "/calls/" + str(call.pk) in page_of(marit, address)]
    for file in ("/quality/findings.json", reverse("notes_file", args=["json"])):
        rows = json.loads(body(marit.get(file, {"agent": "202"})))
        assert {(row["agent"], row["call"]) for row in rows} == {("", "")}, file
    assert marit.post("/quality/reviews/draw/", {"agent": "201", "wanted": "1"}).status_code == 400


def test_every_check_is_explained_with_an_example(marit: Browser, joris: Browser) -> None:
    page = page_of(marit, "/quality/checks/")
    assert re.findall(r'id="check-(\w+)"', page) == list(CODES)
    assert not re.findall(r'id="finds-\w+">\s*<br>', page) and page.count("For example:") == len(CODES)
    assert "An administrator can change these settings." in said(page) and "Store the settings" not in page
    assert "2 to 500; usually 15" in said(page) and "Store the settings" in page_of(joris, "/quality/checks/")


def test_an_administrator_sets_checks_and_takes_it_back(joris: Browser) -> None:
    CheckedDay.objects.create(day=NOW.date(), asked=NOW, done=NOW)
    form = {f"{code}.on": "on" for code in CODES if code != "two_notes"}
    form |= {"short_text.parameter": "25", "late_note.parameter": "30", "tolerance": "60", "most_after": "10"}
    wrong = joris.post("/quality/checks/set/", {**form, "tolerance": "7.5"})
    assert wrong.status_code == 422 and "Give a whole number." in said(wrong.content.decode())
    assert 'value="25"' in wrong.content.decode() and limits().shortest == 15
    answer: Any = joris.post("/quality/checks/set/", {**form, "at_once": "on"}, follow=True)
    page = answer.content.decode()
    assert limits().off == {"two_notes"} and CheckedDay.objects.filter(done=None).count() == 1
    assert "text too short: 15 → 25 characters" in said(page) and "two notes for one call: off" in said(page)
    assert "1 day of this month is being looked at again" in said(page_of(joris, "/quality/"))
    undo = re.findall(r'action="(/quality/checks/\d+/undo/)"', page)[0]
    assert "The checks are set as before." in answered(joris, undo) and limits().off == frozenset()
    assert "Nothing changed." in answered(joris, "/quality/checks/set/", **{**form, "two_notes.on": "on",
                                          "short_text.parameter": "15", "at_once": "on"})  # fmt: skip


def test_notes_are_drawn_and_gone_through_one_after_the_other(marit: Browser, bakker: Client, anna: Agent) -> None:
    for _ in range(3):
        make_desk.note(bakker, anna, at=NOW - timedelta(hours=1))
    assert "Draw between 1 and 50 notes" in answered(marit, "/quality/reviews/draw/", month="2026-11", wanted="many")
    nobody = answered(marit, "/quality/reviews/draw/", month="2026-11", wanted="2", agent="999")
    assert "There is no agent" in nobody and not Review.objects.exists()
    page = answered(marit, "/quality/reviews/draw/", month="2026-11", wanted="2")
    assert "2 notes are drawn." in page and "2 wait" in page and make_desk.TEXT in page
    first, second = Review.objects.order_by("pk")
    assert marit.get(f"/quality/reviews/next/?after={first.pk}")["Location"] == f"/quality/reviews/{second.pk}/"
    refused = marit.post(f"/quality/reviews/{first.pk}/", {"comment": "Mooi", "known": first.at.isoformat()})
    assert refused.status_code == 422 and "Mooi" in refused.content.decode()
    done = answered(marit, f"/quality/reviews/{first.pk}/", score="4", comment="Mooi", known=first.at.isoformat())
    assert "has its review; the agent sees it." in done and "1 waits" in done
    assert "The note is put back." in answered(marit, f"/quality/reviews/{second.pk}/put-back/")
    page = said(page_of(marit, "/quality/reviews/"))
    assert "Notes looked at 1" in page and "Mean score 4.0" in page and "Anna de Wit 1 4.0" in page
    assert "read by the agent" in said(page_of(marit, f"/notes/{first.note_id}/"))
    assert "your words are kept here" in answered(marit, f"/quality/reviews/{first.pk}/undo/")
    assert "1 note is put back." in answered(marit, "/quality/reviews/put-back/?month=2026-11")


def test_somebody_faster_is_shown_beside_what_was_typed(marit: Browser, bakker: Client, anna: Agent) -> None:
    held = review(make_desk.note(bakker, anna), 2, by="Joris", comment="Slordig")
    answer = marit.post(f"/quality/reviews/{held.pk}/", {"score": "5", "comment": "Netjes", "known": "before"})
    page = said(answer.content.decode())
    assert answer.status_code == 422 and "Joris was faster" in page and "You wrote: “Netjes”" in page
    assert Review.objects.get().comment == "Slordig" and ">Slordig</textarea>" in answer.content.decode()


def test_one_note_is_reviewed_from_its_page(marit: Browser, bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna)
    assert "Review this note" in page_of(marit, f"/notes/{note.pk}/")
    assert "What do you think of it?" in answered(marit, f"/quality/notes/{note.pk}/review/")
    assert marit.post(f"/quality/notes/{note.pk}/review/")["Location"] == f"/quality/reviews/{Review.objects.get().pk}/"


def test_an_agent_reads_its_own_reviews_new_until_opened(desk: Browser, bakker: Client, anna: Agent) -> None:
    note, drawn = make_desk.note(bakker, anna), make_desk.note(bakker, anna)
    other = review(make_desk.note(bakker, make.agent("202", name="Bram")), 1, comment="Van Bram")
    held = review(note, 2, comment="Vraag naar het adres.")
    review(drawn, None, comment="Nog niet af")
    page = page_of(desk, "/desk/reviews/")
    told = said(page)
    assert "Vraag naar het adres." in told and "Poor" not in told and "poor new Marit" in told
    assert "Van Bram" not in told and "Nog niet af" not in told
    assert re.search(r"Reviews</span><b class=\"count still\"[^>]*><span[^>]*>new: </span>1</b>", page)
    assert "Vraag naar het adres." in page_of(desk, f"/desk/notes/{note.pk}/")
    assert "Nog niet af" not in page_of(desk, f"/desk/notes/{drawn.pk}/")
    assert Review.objects.get(pk=held.pk).seen is None  # opening alone changes nothing; the page asks by itself
    assert desk.post("/desk/reviews/seen/", {"review": [held.pk, other.pk]}, headers=HTMX).status_code == 204
    assert "count still" not in page_of(desk, "/desk/reviews/")
    assert Review.objects.get(pk=other.pk).seen is None


def test_a_client_never_gets_to_see_a_review(bakker: Client, anna: Agent) -> None:
    note = make_desk.note(bakker, anna, call=make_desk.call(bakker, anna))
    review(note, 1, comment="Slordig, moet beter")
    make_desk.finding(note, "copied_text")
    kees = browser(user(bakker, name="Kees", language="en"))
    pages = ["/portal/", "/portal/notes/", "/portal/calls/", f"/portal/notes/{note.pk}/"]
    files = ["/portal/notes.csv", "/portal/notes.json", "/portal/calls.json?month=2026-11"]
    for address in (*pages, *files):
        assert not re.search("Slordig|review|copied|same text", body(kees.get(address)), re.I), address
    listed = program("agent").get("/api/v1/notes?client=1001&month=2026-11").content.decode()
    assert str(note.pk) in listed and not re.search("Slordig|review|score", listed)
    for name in ("/quality/", "/quality/reviews/", f"/quality/reviews/{note.review.pk}/", "/desk/reviews/"):
        assert kees.get(name).status_code == 403, name


def test_pages_take_the_same_few_queries_however_much_there_is(
    marit: Browser, desk: Browser, bakker: Client, anna: Agent
) -> None:
    held = review(make_desk.note(bakker, anna))
    make_desk.finding(held.note)
    pages = {
        (marit, "/quality/"): 15,
        (marit, "/quality/checks/"): 8,
        (marit, "/quality/reviews/"): 13,
        (marit, f"/quality/reviews/{held.pk}/"): 9,
        (desk, "/desk/reviews/"): 9,
    }
    few = {address: queries(who, address) for who, address in pages}
    for number in range(12):
        agent = make.agent(f"5{number}")
        note = make_desk.note(make.client(f"30{number}"), agent, call=make_desk.call(bakker, agent))
        make_desk.finding(note, ("copied_text", "two_notes", "no_call")[number % 3])
        review(note)
        review(make_desk.note(bakker, anna))
        make_desk.finding(held.note, f"code_{number}")
    assert {address: queries(who, address) for who, address in pages} == few
    assert {address: few[address] for (_who, address), most in pages.items() if few[address] > most} == {}


def test_lists_of_the_desk_go_on_behind_the_first_page(desk: Browser, bakker: Client, anna: Agent) -> None:
    notes = [make_desk.note(bakker, anna) for _ in range(51)]
    Finding.objects.bulk_create(
        Finding(note=note, code="copied_text", client=bakker, agent=anna, month=202611, opened=NOW) for note in notes
    )
    first, second = page_of(desk, "/desk/mend/"), page_of(desk, "/desk/mend/?page=2")
    assert "1–50 of 51" in said(first) and 'rel="next" href="?page=2"' in first and "hx-target" not in pager(first)
    assert second.count("alert-row") == 1 and Note.objects.count() == 51
    assert "hx-target" not in pager(page_of(desk, "/desk/notes/"))


def pager(page: str) -> str:
    return page[page.index('class="pager"') :].partition("</nav>")[0]
