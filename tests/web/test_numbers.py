"""The pool of numbers in the office: the list, one number with its deeds, adding some, the alarm."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.contracts.models import Order
from balie.numbers import alarm
from balie.numbers.models import Assignment, Number
from balie.operator.models import LogEntry, Operator
from tests import make
from tests.web import make_pool
from tests.web.make_office import NOW
from tests.web.reading import body, text

Html = Callable[..., str]
TODAY, DAY = NOW.date(), timedelta(days=1)
FREE = "+31209990001"


def bakker() -> Client:
    return Client.objects.get(number="1001")


def post(browser: Browser, address: str, **given: str) -> str:
    """Presses a button and reads the page it leads to."""
    answer = browser.post(address, given, follow=True)
    return text(answer.content.decode())


def undo(browser: Browser, address: str, **given: str) -> str:
    """Presses a button, then the undo on the page it leads to."""
    page = browser.post(address, given, follow=True).content.decode()
    found = re.search(r'<div class="notice.*?<form method="post" action="([^"]+)"', page, re.DOTALL)
    assert found, text(page)
    return post(browser, found[1].replace("&amp;", "&"))


def one() -> Number:
    return make.number(number=FREE)


def test_stock_is_seen_at_a_glance_with_the_alarm(html: Html) -> None:
    one()
    alarm.look(now=NOW)
    page = text(html("/numbers/"))
    assert "Only 1 number is free. You want 10 at least; without one, orders wait. Told 11:42." in page
    assert "free 1 can be given out assigned 12 a client has them resting 0 given back lately kept back 0" in page
    Operator.objects.update(low_stock=1)
    assert "Only 1 number is free." not in text(html("/numbers/"))


def test_list_is_narrowed_down_sorted_and_paged_by_the_address(html: Html) -> None:
    make_pool.resting(bakker())
    one()

    def shown(query: str) -> list[str]:
        return re.findall(r'card-head"><a href="/numbers/\d+/"><span[^>]*>([^<]+)', html(f"/numbers/?{query}"))

    assert shown("q=209990001") == ["020 999 0001"] == shown("state=free")
    assert shown("q=bakker") == ["020 123 1001", "020 123 9999"] and shown("state=resting") == ["020 123 9999"]
    assert shown("order=-number")[:2] == ["020 999 0001", "020 123 9999"]
    assert shown("q=nothing-like-it") == [] and "No number fits." in html("/numbers/?q=nothing-like-it")
    assert shown("order=drop&state=x&page=99") == shown("")
    assert "was Bakker Installaties" in html("/numbers/?state=resting")
    assert "01 Jan 2026 22 Nov 2026 21 Feb 2027" in text(html("/numbers/?state=resting"))


def test_part_asked_for_by_htmx_is_the_rows_alone(html: Html) -> None:
    part = html("/numbers/?q=1001", **{"HX-Request": "true"})
    assert "<html" not in part and "020 123 1001" in part


def test_files_have_the_rows_of_the_page(browser: Browser) -> None:
    make_pool.resting(bakker())
    rows = json.loads(body(browser.get("/numbers.json?state=resting")))
    assert rows == [
        {
            "number": "+31201239999",
            "state": "resting",
            "client": "1001",
            "name": "Bakker Installaties",
            "from": "2026-01-01",
            "to": "2026-11-22",
            "free_again": "2027-02-21",
            "kept_back": "",
        }
    ]
    assert body(browser.get("/numbers.csv?q=bakker")).count("\r\n") == 3
    assert browser.get("/numbers.xlsx").getvalue()[:2] == b"PK"
    assert browser.get("/numbers.pdf").status_code == 400


def test_queries_do_not_grow_with_the_pool(browser: Browser) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get("/numbers/")
        return len(queries)

    Operator.objects.update(low_stock=0)
    few = asked()
    for at in range(30):
        make.number(bakker() if at % 2 else None, f"+3120888{at:04d}")
    assert asked() == few <= 10


def test_number_is_kept_back_with_a_reason_and_given_free_with_undo_of_both(browser: Browser, html: Html) -> None:
    made = one()
    where = f"/numbers/{made.pk}/"
    assert "Say why it is kept back" in text(browser.post(f"{where}keep-back/", {"reason": " "}).content.decode())
    assert "The number is not kept back any more." in undo(browser, f"{where}keep-back/", reason="for the mayor")
    post(browser, f"{where}keep-back/", reason="for the mayor & more")
    assert "for the mayor &amp; more" in html(where)
    assert "The number is kept back." in undo(browser, f"{where}free/")
    made.refresh_from_db()
    assert made.kept_back == "for the mayor & more"
    assert "Kept back: for the mayor &amp; more" in html(where)
    assert LogEntry.objects.filter(about=f"number:{FREE}", user_id__isnull=False).count() == 5


def test_rest_is_ended_after_saying_whose_it_was_and_can_be_taken_back(browser: Browser, html: Html) -> None:
    held = make_pool.resting(bakker())
    where = f"/numbers/{held.number_id}/"
    assert "Free again on 21 Feb 2027" in text(html(where))
    page = text(html(f"{where}rest/"))
    assert "Last client Bakker Installaties Last day 22 Nov 2026" in page
    assert "The number rests again." in undo(browser, f"{where}rest/")
    assert "The number rests again." in post(browser, f"{where}rest/undo/"), "pressed twice"
    post(browser, f"{where}rest/")
    assert "An order may take it at any time." in text(html(where))
    assert browser.get(f"{where}rest/")["Location"] == where


def test_number_is_given_to_a_client_and_back_with_undo(browser: Browser, html: Html) -> None:
    made = one()
    where = f"/numbers/{made.pk}/"
    assert "There is no client" in text(browser.post(f"{where}give/", {"client": "9999"}).content.decode())
    assert "The assignment is taken back." in undo(browser, f"{where}give/", client="1001", first_day="2026-11-23")
    said = post(browser, f"{where}give/", client="1001 Bakker", first_day="2026-11-23")
    assert "The number is Bakker Installaties&#x27;s from 23 Nov 2026." in said
    held = Assignment.objects.get(number=made)
    back = f"/numbers/assignments/{held.pk}/"
    assert "Give a day from 23 Nov 2026 on." in text(
        browser.post(f"{back}end/", {"last_day": "2026-11-01"}).content.decode()
    )
    assert "Bakker Installaties keeps the number." in undo(browser, f"{back}end/", last_day="2026-11-30")
    post(browser, f"{back}end/", last_day="2026-11-30")
    assert "Bakker Installaties keeps the number." in undo(browser, f"{back}end/", last_day="2026-12-05")
    held.refresh_from_db()
    assert held.last_day == date(2026, 11, 30)
    said = post(browser, f"{where}give/", client="1002", first_day="2026-12-01")
    assert "Then Notariskantoor Van Dam from 01 Dec 2026" in said
    coming = Assignment.objects.get(number=made, client__number="1002")
    assert "The assignment is taken back." in post(browser, f"/numbers/assignments/{coming.pk}/undo/")


def test_number_of_an_order_under_way_is_not_given_back_behind_its_back(browser: Browser, html: Html) -> None:
    make.tariff("PLUS")
    placed = make_pool.order(bakker(), FREE)
    assert placed.number
    page = text(html(f"/numbers/{placed.number.pk}/"))
    assert f"An order for this number is under way. {placed.reference}" in page and "gives it back" not in page
    held = placed.number.assignments.get()
    answer = browser.post(f"/numbers/assignments/{held.pk}/end/", {"last_day": "2026-11-30"})
    assert answer.status_code == 422 and Assignment.objects.get(pk=held.pk).last_day is None
    Order.objects.all().delete()
    assert "gives it back" in html(f"/numbers/{placed.number.pk}/")


def test_number_that_was_nobodys_is_removed_after_asking(browser: Browser, html: Html) -> None:
    made = one()
    assert "Remove 020 999 0001?" in text(html(f"/numbers/{made.pk}/remove/"))
    assert "020 999 0001 is not in the pool any more." in post(browser, f"/numbers/{made.pk}/remove/")
    held = make_pool.resting(bakker())
    assert "keep it back instead" in html(f"/numbers/{held.number_id}/remove/")
    assert "keep it back instead" in post(browser, f"/numbers/{held.number_id}/remove/")
    assert browser.get(f"/numbers/{made.pk}/").status_code == 404


def test_pasted_numbers_are_looked_at_before_any_is_stored(browser: Browser) -> None:
    pasted = "020 123 10 00 - 020 123 10 09\n+31209990001..05, 12\nnonsense\n020 999 0001"
    answer = browser.post("/numbers/add/", {"numbers": pasted})
    page = text(answer.content.decode())
    assert "New 6 would be free at once In the pool already 9" in page
    assert "Written twice 1 count once Cannot be read 2 are left out" in page
    assert "2 12 cannot be a telephone number 3 nonsense cannot be a telephone number" in page
    assert "020 123 1000 020 123 1009 10 1 020 999 0001 020 999 0005 5 5" in page
    assert Number.objects.count() == 12
    carried = re.search(
        r'name="do" value="add"><input type="hidden" name="numbers" value="([^"]+)"', answer.content.decode()
    )
    assert carried and "Add 6 numbers" in page
    assert "6 numbers are new in the pool." in post(browser, "/numbers/add/", do="add", numbers=carried[1])
    assert Number.objects.count() == 18
    assert "0 numbers are new in the pool." in post(browser, "/numbers/add/", do="add", numbers=carried[1])
    assert "All of these are in the pool already." in post(browser, "/numbers/add/", numbers=carried[1])


def test_file_with_numbers_is_read_and_other_files_are_refused(browser: Browser) -> None:
    def give(data: bytes) -> tuple[int, str]:
        file = SimpleUploadedFile("numbers.csv", data)
        answer = browser.post("/numbers/add/", {"numbers": "", "file": file})
        return answer.status_code, text(answer.content.decode())

    status, page = give('\ufeffnumber;city\r\n"020 999 0001";Amsterdam\r\n'.encode())
    assert status == 200 and "New 1 would be free at once" in page and "Cannot be read 0" in page
    assert give(b"\x00\xff\xfe")[0] == 422 and "This is no text file." in give(b"\xff\xfe")[1]
    assert "too large" in give(b"1" * 1_000_001)[1]
    assert "Paste numbers or give a file" in give(b" ")[1]


def test_no_more_than_ten_thousand_at_once_are_added(browser: Browser) -> None:
    page = post(browser, "/numbers/add/", numbers="+31209900000..9999\n+31209890000..1")
    assert "Add 10,000 numbers" in page and "more than may be added at once" in page


def test_too_few_free_numbers_are_red_on_the_start_page(html: Html) -> None:
    assert "No number is free. You want 10 at least; without one, orders wait." in text(html("/"))
    Operator.objects.update(low_stock=0)
    assert "No number is free." not in text(html("/"))


def test_pool_without_numbers_says_what_to_do(db: None, monday: None) -> None:
    from tests.web import make_office

    make.operator()
    empty = Browser()
    empty.force_login(make_office.manager())
    page = empty.get("/numbers/").content.decode()
    assert "There are no numbers yet." in page and "No number is free." not in page
