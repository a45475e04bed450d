"""Who did what to a client, and who of staff only opened it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.details import Details, change_details
from balie.accounts.models import Client, Role, User
from balie.calls.actions.correct import correct_call
from balie.calls.models import CallCorrection
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from tests import make
from tests.web import make_office
from tests.web.reading import queries, text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def opened(number: str = "1001") -> list[str]:
    found = LogEntry.objects.filter(deed="client.opened", about=f"client:{number}")
    return list(found.order_by("pk").values_list("who", flat=True))


def test_who_opens_a_client_is_remembered_once_a_day(browser: Browser, html: Html, time_machine: Any) -> None:
    for page in ("", "calls/", "bill/", "contracts/"):
        html(f"/clients/1001/{page}")
    marit = User.objects.get(email="marit@example.com")
    assert opened() == [str(marit)]
    assert browser.get("/clients/none/").status_code == 404 and not opened("none")
    time_machine.move_to(make_office.NOW + DAY, tick=False)
    browser.force_login(marit)
    html("/clients/1001/")
    assert len(opened()) == 2
    page = text(html("/clients/1001/history/?what=opened"))
    assert page.count("Opened ") == 2 and "Who opened this client" in page


def test_an_agent_who_opens_a_client_at_the_desk_is_remembered_too(office: None) -> None:
    agent = make.agent("207", name="Anna")
    anna = make.user("anna@example.com", role=Role.AGENT, name="Anna", agent=agent)
    desk = Browser()
    desk.force_login(anna)
    assert desk.get("/desk/?client=1001").status_code == 200 and desk.get("/desk/?client=1001").status_code == 200
    assert opened() == ["Anna"]


def test_history_tells_what_was_changed_from_what_to_what(browser: Browser, html: Html) -> None:
    assert "Nothing was changed about this client yet." in html("/clients/1002/history/")
    client = Client.objects.get(number="1002")
    said = Details(name="Van Dam", email="van@dam.example", language="de", hide_numbers="all")
    before = client.name
    change_details(client=client, said=said, author=Author("Marit", make_office.NOW))
    page = text(html("/clients/1002/history/"))
    assert f"Client’s data changed: name: {before} → Van Dam, email: " in page
    assert "→ van@dam.example, language: Dutch → German, numbers of callers: " in page and "Marit, 11:42" in page
    assert "Opened" not in page, "who only looked stands apart"


def test_history_of_desk_exceptions_and_sms_reads_as_people_write(browser: Browser, html: Html) -> None:
    from balie.notes.actions.absences import Away, put_absence

    client, by = Client.objects.get(number="1001"), Author("Marit", make_office.NOW)
    away = Away(who="Kees", say="On holiday.", begins=make_office.NOW, ends=make_office.NOW + DAY)
    put_absence(client=client, away=away, author=by)
    write_log(author=by, deed="sms.sent_again", about="client:1001", details={"to": "+31612345678"})
    page = text(html("/clients/1001/history/"))
    assert "SMS sent again: 06 12 34 56 78" in page and "Exception entered: Kees Marit" in page
    assert "{" not in page


def test_a_corrected_call_stands_in_the_history_of_both_clients(browser: Browser, html: Html) -> None:
    call = Client.objects.get(number="1001").calls.filter(direction="inbound").latest("start")
    address = f"/calls/{call.pk}/"
    browser.post(f"{address}correct/", {"client": "1002", "reason": "Asked for Van Dam"})
    for number in ("1001", "1002"):
        page = html(f"/clients/{number}/history/")
        assert "Call corrected: call from" in text(page) and "“Asked for Van Dam” Marit de Boer" in text(page), number
        assert f"Bakker Installaties → {Client.objects.get(number='1002').name}" in text(page), number
        for link in (address, "/clients/1001/", "/clients/1002/"):
            assert f'href="{link}"' in page.partition('class="events')[2], (number, link)
    assert "Call corrected" not in html("/clients/1003/history/")


def test_a_call_that_goes_on_to_a_third_client_is_told_to_the_second(browser: Browser, html: Html) -> None:
    call = Client.objects.get(number="1001").calls.filter(direction="inbound").latest("start")
    browser.post(f"/calls/{call.pk}/correct/", {"client": "1002", "reason": "First"})
    browser.post(f"/calls/{call.pk}/correct/", {"client": "1003", "reason": "Second"})
    for number in ("1001", "1002", "1003"):
        page = text(html(f"/clients/{number}/history/"))
        assert ("“First”" in page, "“Second”" in page) == (True, True), number


def test_a_call_taken_off_the_bill_and_put_back_is_told_with_who_did_it(browser: Browser, html: Html) -> None:
    call = Client.objects.get(number="1001").calls.filter(direction="outbound").latest("start")
    browser.post(f"/calls/{call.pk}/correct/", {"not_billable": "1", "reason": "Test call"})
    correction = CallCorrection.objects.get()
    joris = Browser()
    joris.force_login(make.user("joris@example.com", role=Role.ADMINISTRATOR, name="Joris"))
    joris.post(f"/calls/corrections/{correction.pk}/undo/")
    page = text(html("/clients/1001/history/"))
    assert "Correction of a call taken back: call to" in page and "not billed, “Test call” Joris, 11:42" in page
    assert page.index("Correction of a call taken back") < page.index("Call corrected: call to")
    call.delete()
    assert "Call corrected: a call that is no longer kept, not billed, “Test call”" in text(
        html("/clients/1001/history/")
    )


def test_history_of_many_corrections_takes_few_queries(browser: Browser, html: Html) -> None:
    def correct(count: int) -> None:
        for call in Client.objects.get(number="1001").calls.filter(billable=True)[:count]:
            correct_call(call=call, reason="Spam", billable=False, author=Author("Marit", make_office.NOW))

    correct(1)
    queries(browser, "/clients/1001/history/")  # the first look is remembered
    few = queries(browser, "/clients/1001/history/")
    correct(20)
    assert queries(browser, "/clients/1001/history/") == few
    assert text(html("/clients/1001/history/")).count("not billed, “Spam”") == 21
