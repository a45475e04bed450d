"""What a manager does about calls, and taking it back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from balie.calls.models import Call, CallCorrection, Import, Source, Upload
from balie.calls.queries import unassigned
from balie.leases.models import FREE
from balie.numbers.models import Assignment
from balie.operator.models import LogEntry
from balie.worker.jobs import lane_called
from balie.worker.loop import run_all_once
from balie.worker.process import Stop
from tests import make
from tests.web import make_office
from tests.web.reading import undo_of

Html = Callable[..., str]
pytestmark = pytest.mark.django_db


def test_assigning_gives_all_calls_of_a_number_and_can_be_taken_back(browser: Browser) -> None:
    given = {"number": "+31201231099", "client": "1003"}
    page = browser.post("/calls/unassigned/assign/", given, follow=True).content.decode()
    assert "8 calls belong to Studio Kraan now." in page
    assert unassigned().count() == 6
    again = browser.post(undo_of(page), follow=True).content.decode()
    assert "8 calls are without a client again." in again
    assert (unassigned().count(), Assignment.objects.filter(number__number="+31201231099").count()) == (14, 0)


def test_the_log_knows_the_user_of_each_deed_by_id(browser: Browser) -> None:
    """By name alone, two people of one name could not be told apart."""
    given = {"number": "+31201231099", "client": "1003"}
    browser.post(undo_of(browser.post("/calls/unassigned/assign/", given, follow=True).content.decode()))
    call = Call.objects.filter(client__number="1001").latest("start")
    wrong = {"not_billable": "1", "reason": "A test"}
    browser.post(undo_of(browser.post(f"/calls/{call.pk}/correct/", wrong, follow=True).content.decode()))
    deeds = ["call.corrected", "call.correction_undone", "calls.assigned", "calls.assignment_undone"]
    entries = LogEntry.objects.filter(deed__in=deeds).order_by("deed")
    assert list(entries.values_list("deed", "user_id")) == [
        (deed, int(browser.session["_auth_user_id"])) for deed in deeds
    ]


def test_assigning_to_nobody_says_so_and_changes_nothing(browser: Browser) -> None:
    number = "+31201231099"
    for given in ({}, {"number": number}, {"number": number, "client": "nobody"}, {"client": "1001"}):
        assert browser.post("/calls/unassigned/assign/", given).status_code == 422, given
    assert unassigned().count() == 14


def test_the_former_holder_of_a_number_is_suggested(html: Html) -> None:
    client = make.client("3001", name="Oude Houder")
    make.number(client, "+31881234567", first=None, last=make_office.NOW.date().replace(month=6, day=30))
    page = html("/calls/unassigned/")
    assert "Oude Houder" in page and "had this number until 30 Jun 2026" in page


def test_the_client_of_the_numbers_around_is_suggested(html: Html) -> None:
    client = make.client("3002", name="Blok Eigenaar")
    make.number(client, "+31881234501")
    assert "has the numbers around it" in html("/calls/unassigned/")


def test_the_client_of_most_callers_is_suggested(html: Html) -> None:
    client, source = make.client("3003", name="Zelfde Bellers"), Source.objects.get(name="pbx-1")
    for caller in ("+31201110001", "+31201110002"):
        make.call(client, source=source, start=make_office.NOW, caller=caller)
        make.call(None, source=source, start=make_office.NOW, caller=caller, callee="+31501112233")
    page = html("/calls/unassigned/")
    assert "Zelfde Bellers" in page and "2 of the 2 callers rang this client too" in page


def test_a_call_without_number_is_suggested_to_whom_its_agent_served(browser: Browser, html: Html) -> None:
    served = Call.objects.filter(client__number="1004", type="accepted").latest("start")
    shared: dict[str, Any] = {"source": served.source, "agent": served.agent, "direction": "outbound"}
    call = make.call(None, start=served.start + timedelta(minutes=2), **shared)
    late = make.call(None, start=served.start + timedelta(days=40), **shared)
    page = html("/calls/unassigned/")
    assert page.count("the agent had just served this client") == 1
    given = {"client": "1004", "reason": "The record names no client", "from": "unassigned"}
    answer = browser.post(f"/calls/{call.pk}/correct/", given)
    assert answer["Location"] == "/calls/unassigned/"
    page = html("/calls/unassigned/")
    assert f"/calls/{call.pk}/correct/" not in page and f"/calls/{late.pk}/correct/" in page


def test_a_correction_is_logged_shown_and_taken_back(browser: Browser) -> None:
    call = Call.objects.filter(client__number="1001", direction="inbound").latest("start")
    given = {"client": "1002", "reason": "Wrong number"}
    page = browser.post(f"/calls/{call.pk}/correct/", given, follow=True).content.decode()
    call.refresh_from_db()
    assert call.client and call.client.number == "1002"
    assert "Wrong number" in page and "given to Notariskantoor Van Dam" in page and "Marit de Boer" in page
    browser.post(undo_of(page), follow=True)
    call.refresh_from_db()
    assert call.client and call.client.number == "1001"
    twice = browser.post(f"/calls/corrections/{CallCorrection.objects.get().pk}/undo/", follow=True).content.decode()
    assert "taken back already" in twice


def test_a_correction_without_reason_is_asked_for_one(browser: Browser) -> None:
    call = Call.objects.filter(client__number="1001").latest("start")
    answer = browser.post(f"/calls/{call.pk}/correct/", {"not_billable": "1", "reason": "  "})
    assert (answer.status_code, "Say why" in answer.content.decode()) == (422, True)


def test_a_call_of_a_closed_month_says_what_correcting_it_does(html: Html) -> None:
    call = Call.objects.filter(client__number="1001", start__lt="2026-09-20T00:00Z").latest("start")
    assert "September 2026 is closed." in html(f"/calls/{call.pk}/")


LINE = (
    '"","0612345678","+31201231001","trunk","""x"" <0612345678>","PJSIP/trunk-00000001","PJSIP/201-00000002",'
    '"Dial","PJSIP/201","2026-11-23 08:00:00","2026-11-23 08:00:04","2026-11-23 08:01:00",60,56,"ANSWERED",'
    '"DOCUMENTATION","1795420800.1","","","1795420800.1",1\n'
)


def given(browser: Browser, source: str, name: str, data: bytes) -> tuple[int, str]:
    """The answer to a file given by hand: status and page."""
    file = SimpleUploadedFile(name, data)
    answer = browser.post("/calls/imports/by-hand/", {"source": source, "file": file}, follow=True)
    return answer.status_code, answer.content.decode()


def test_a_file_given_by_hand_is_read_by_the_worker(browser: Browser) -> None:
    _, page = given(browser, "pbx-1", "Master.csv", LINE.encode() + b"nonsense\n")
    assert "1 file is being read." in page and "Nothing runs in the background" in page
    assert "HX-Refresh" not in browser.get("/calls/imports/waiting/").headers
    run_all_once([lane_called("imports")], Stop())
    done = browser.get("/calls/imports/waiting/")
    assert done.headers["HX-Refresh"] == "true"
    read = Import.objects.latest("pk")
    assert (read.name, read.lines, read.calls, read.rejected) == ("Master.csv", 2, 1, 1)


def test_a_file_that_is_none_stands_among_the_imports_with_a_sentence(browser: Browser) -> None:
    given(browser, "pbx-1", "photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40)
    run_all_once([lane_called("imports")], Stop())
    read = Import.objects.latest("pk")
    assert (read.name, read.problem != "", Upload.objects.count()) == ("photo.jpg", True, 0)
    assert given(browser, "nobody", "x.csv", b"x\n")[0] == 422


def test_a_file_given_by_hand_is_taken_back_until_it_is_read(browser: Browser) -> None:
    given(browser, "pbx-1", "Master.csv", LINE.encode())
    upload = Upload.objects.get()
    Upload.objects.update(lease_until=datetime(2100, 1, 1, tzinfo=UTC))
    page = browser.post(f"/calls/imports/waiting/{upload.pk}/drop/", follow=True).content.decode()
    assert "It is being read already;" in page and Upload.objects.exists()
    Upload.objects.update(lease_until=FREE)
    page = browser.post(f"/calls/imports/waiting/{upload.pk}/drop/", follow=True).content.decode()
    assert "Master.csv is not read." in page and not Upload.objects.exists()


def test_looking_now_makes_the_source_due(browser: Browser) -> None:
    source = Source.objects.get(name="pbx-1")
    browser.post(f"/calls/sources/{source.pk}/look/")
    source.refresh_from_db()
    assert source.next_look is not None and source.next_look <= make_office.NOW
