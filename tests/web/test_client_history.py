"""Who did what to a client, and who of staff only opened it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.details import Details, change_details
from balie.accounts.models import Client, Role, User
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from tests import make
from tests.web import make_office
from tests.web.reading import text

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
