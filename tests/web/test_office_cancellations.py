"""Cancellations in the office: the list, notice entered by staff, notice taken back."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.contracts.models import Cancellation, Contract, Order
from balie.notifications.models import Mail
from balie.numbers.models import Assignment
from balie.rules.activation import Status
from tests import make
from tests.web import make_pool
from tests.web.make_office import NOW
from tests.web.reading import text

Html = Callable[..., str]
TODAY, YEARS_END = NOW.date(), date(2026, 12, 31)


def bakker() -> Client:
    return Client.objects.get(number="1001")


def cancel_page() -> str:
    return f"/contracts/{Contract.objects.get(client__number='1001').pk}/cancel/"


def press(browser: Browser, address: str, **given: str) -> str:
    return text(browser.post(address, given, follow=True).content.decode())


def test_last_day_is_shown_before_anything_ends(browser: Browser, html: Html) -> None:
    page = text(html(cancel_page()))
    assert "Last day Thursday 31 December 2026" in page and "End the service on 31 Dec 2026" in page
    assert "Ends with it 020 123 1001" in page
    part = html(f"{cancel_page()}?received=2026-09-30", **{"HX-Request": "true"})
    assert "<html" not in part and "End the service on 31 Oct 2026" in text(part)
    assert not Cancellation.objects.exists() and Contract.objects.get(client=bakker()).end is None


def test_notice_ends_the_service_tells_the_client_and_is_undone_by_one_press(browser: Browser, html: Html) -> None:
    given = {"received": "2026-11-20", "reason": "Too dear", "shown": "2026-12-31"}
    page = browser.post(cancel_page(), given, follow=True).content.decode()
    assert "Notice received; the service ends on 31 Dec 2026. The client is told." in page
    assert "Notice received on 20 Nov 2026: it ends on 31 Dec 2026. Too dear" in text(page)
    made = Cancellation.objects.get()
    assert (made.received, made.ends, made.reason, made.by) == (
        date(2026, 11, 20),
        YEARS_END,
        "Too dear",
        "Marit de Boer",
    )
    assert Assignment.objects.get(client=bakker()).last_day == YEARS_END
    assert Mail.objects.filter(kind="cancellation_receipt", recipient="info@1001.example.com").exists()
    undo = re.search(r'<div class="notice.*?action="([^"]+)"', page, re.DOTALL)
    assert undo and "The notice of Bakker Installaties is taken back." in press(browser, undo[1])
    assert Contract.objects.get(client=bakker()).end is None
    assert "Notice taken back" in html("/clients/1001/contracts/")


def test_day_that_leads_to_another_end_is_shown_first(browser: Browser) -> None:
    answer = browser.post(cancel_page(), {"received": "2026-09-30", "reason": "x", "shown": "2026-12-31"})
    assert answer.status_code == 422 and not Cancellation.objects.exists()
    page = text(answer.content.decode())
    assert "ends on another day than was shown" in page and "End the service on 31 Oct 2026" in page


def test_day_that_cannot_be_is_refused(browser: Browser) -> None:
    for day, why in (("2026-11-24", "cannot have been received in the future"), ("yesterday", "is not a day")):
        answer = browser.post(cancel_page(), {"received": day, "shown": "2026-12-31"})
        assert answer.status_code == 422 and why in answer.content.decode()
    assert not Cancellation.objects.exists()


def test_notice_that_stands_is_said_and_changes_nothing(browser: Browser, html: Html) -> None:
    press(browser, cancel_page(), received="2026-11-20", shown="2026-12-31")
    page = text(html(cancel_page()))
    assert "Notice was received on 20 Nov 2026 already: the service ends on 31 Dec 2026." in page
    assert "End the service on" not in page


def test_service_that_does_not_work_yet_is_not_cancelled_but_its_order_withdrawn(html: Html) -> None:
    make_pool.order(bakker(), contract=Contract.objects.get(client=bakker()))
    assert "Withdraw its order instead" in html(cancel_page())
    Order.objects.update(status=Status.READY)
    assert "Withdraw its order instead" not in html(cancel_page())


def test_list_shows_who_what_when_why_and_is_narrowed_down(html: Html) -> None:
    make_pool.notice(bakker(), reason="Too dear")
    dam, day = Client.objects.get(number="1002"), timedelta(days=1)
    make_pool.notice(dam, ends=TODAY - day, at=NOW - 40 * day)
    page = text(html("/cancellations/"))
    assert (
        "Bakker Installaties 1001 telephone BASIS 23 Nov 2026 31 Dec 2026 38 days left Too dear Kees Bakker, 11:42"
        in page
    )
    assert "All states (2) still runs (1) ended (1) taken back (0)" in page

    def shown(query: str) -> list[str]:
        return re.findall(r'card-head"><a href="/clients/(\d+)/', html(f"/cancellations/?{query}"))

    assert shown("") == ["1001", "1002"] and shown("order=ends") == ["1002", "1001"]
    assert shown("state=over") == ["1002"] == shown("q=van+dam") == shown("until=2026-11-01")
    assert shown("service=telephone&since=2026-11-20") == ["1001"] and shown("service=sms") == []
    assert "No cancellation fits." in html("/cancellations/?q=nobody")
    assert "is not a day" in html("/cancellations/?since=soon")


def test_files_have_the_rows_of_the_page(browser: Browser) -> None:
    make_pool.notice(bakker(), reason="=Too dear")
    (row,) = json.loads(browser.get("/cancellations.json").content)
    assert (row["client"], row["received"], row["last_day"]) == ("1001", "2026-11-23", "2026-12-31")
    assert (row["state"], row["reason"], row["tariff"]) == ("coming", "=Too dear", "BASIS")
    assert "'=Too dear" in browser.get("/cancellations.csv").content.decode()
    assert browser.get("/cancellations.xlsx").content[:2] == b"PK"
    assert browser.get("/cancellations.csv?state=over").content.decode().count("\r\n") == 1


def test_notice_is_taken_back_after_saying_what_that_does(browser: Browser, html: Html) -> None:
    made = make_pool.notice(bakker())
    assert "The service goes on as before" in html(f"/cancellations/{made.pk}/withdraw/")
    assert "is taken back." in press(browser, f"/cancellations/{made.pk}/withdraw/")
    assert "It was taken back already." in html(f"/cancellations/{made.pk}/withdraw/")
    over = make_pool.notice(bakker(), ends=TODAY - timedelta(days=1))
    assert "it can only be ordered again" in html(f"/cancellations/{over.pk}/withdraw/")
    assert "order it again instead" in press(browser, f"/cancellations/{over.pk}/withdraw/")


def test_queries_do_not_grow_with_the_cancellations(browser: Browser) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get("/cancellations/")
        return len(queries)

    make_pool.notice(bakker())
    few = asked()
    for at in range(15):
        client = make.client(str(4000 + at))
        make.contract(client)
        make_pool.notice(client)
    assert asked() == few <= 11


def test_list_of_none_says_how_notices_come(html: Html) -> None:
    assert "Nobody has given notice." in html("/cancellations/")
