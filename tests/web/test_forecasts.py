"""The pages that look back on forecasts: months against the straight line, and the clients of a month."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.controlling import forecasting
from balie.controlling.models import ForecastMonth, ForecastTrial
from balie.leases.actions import claim
from balie.tariffs.models import Tariff
from balie.tasks.models import Task
from tests.web.make_office import NOW
from tests.web.make_tariffs import priced
from tests.web.make_tasks import expected
from tests.web.reading import text

Html = Callable[..., str]


@pytest.fixture
def looked_back(office: None) -> None:
    """A worker was there."""
    forecasting.ask_for_forecasts(now=NOW)
    while row := claim(forecasting.forecasts_due(), now=NOW, length=forecasting.LEASE):
        forecasting.work_out(row, now=NOW)


def trial(number: str, *, actual: int, expected: float, month: int = 202610) -> None:
    client = Client.objects.get(number=number)
    band = {"low": round(expected) - 10, "high": round(expected) + 10}
    ForecastTrial.objects.create(
        client=client, month=month, actual=actual, expected=expected, straight=expected * 1.2, **band
    )


def numbers(page: str) -> list[str]:
    """Client numbers in the order of the table."""
    return re.findall(r'<td class="num card-side">(\d+)</td>', page)


def test_months_stand_beside_the_straight_line(html: Html) -> None:
    trial("1001", actual=100, expected=104.0)
    trial("1002", actual=60, expected=50.0)
    trial("1001", actual=80, expected=95.0, month=202609)
    page = text(html("/controlling/forecast/"))
    for said in (
        "Error of the forecast 9.7 calls per client and month, on average",
        "Within the band 67% of 3 months of clients; four in five is right",
        "October 2026 2 7.0 12.4 100% 3.8% 15.5%",
        "September 2026 1 15.0 34.0 0% 18.8% 42.5%",
        "together 3 9.7 19.6 67%",
    ):
        assert said in page


def test_running_month_is_drawn_to_its_end(html: Html) -> None:
    priced(Tariff.objects.get(code="BASIS"))
    page = html("/controlling/forecast/")
    assert "Revenue of November 2026" in page and "is expected at the end of the month" in page
    curve = page[page.index('<figure class="chart curve">') :]
    curve = curve[: curve.index("</figure>")]
    assert len(re.findall(r"<tr><th scope=\"row\">", curve)) == 30
    came = re.search(r'class="curve-came" points="([^"]*)"', curve)
    coming = re.search(r'class="curve-coming" points="([^"]*)"', curve)
    assert came and coming
    assert len(came[1].split()) == 22 and len(coming[1].split()) == 9  # eight days left, from where the other ends
    assert came[1].split()[-1] == coming[1].split()[0]


def test_without_a_month_looked_back_on_the_page_says_when_there_will_be(html: Html) -> None:
    assert "No month has been looked back on yet." in text(html("/controlling/forecast/"))


def test_months_long_over_are_not_shown(html: Html) -> None:
    trial("1001", actual=100, expected=104.0, month=202604)
    assert "No month has been looked back on yet." in text(html("/controlling/forecast/"))


def test_worker_looks_back_on_every_month_with_calls(html: Html, looked_back: None) -> None:
    assert set(ForecastMonth.objects.values_list("month", flat=True)) == {202609, 202610, 202611}
    page = html("/controlling/forecast/")
    assert re.findall(r"\?month=(2026-\d\d)\"", page) == ["2026-10", "2026-09"]


def test_clients_are_listed_by_error_and_sorted_as_asked(html: Html) -> None:
    trial("1001", actual=100, expected=104.0)
    trial("1002", actual=60, expected=40.0)
    trial("1003", actual=10, expected=21.0)
    assert numbers(html("/controlling/forecast/clients/?month=2026-10")) == ["1002", "1003", "1001"]
    assert numbers(html("/controlling/forecast/clients/?month=2026-10&order=-actual")) == ["1001", "1002", "1003"]
    assert numbers(html("/controlling/forecast/clients/?month=2026-10&order=within")) == ["1002", "1003", "1001"]
    assert numbers(html("/controlling/forecast/clients/?month=2026-10&order=;drop")) == ["1002", "1003", "1001"]


def test_client_says_on_which_side_of_the_band_it_ended(html: Html) -> None:
    trial("1001", actual=100, expected=104.0)
    trial("1002", actual=60, expected=40.0)
    trial("1003", actual=10, expected=21.0)
    page = text(html("/controlling/forecast/clients/?order=number"))  # of the last month that is over
    assert "Bakker Installaties 100 104 94 to 114 within 4 25" in page
    assert "Notariskantoor Van Dam 60 40 30 to 50 above 20 12" in page
    assert "Studio Kraan 10 21 11 to 31 below 11 15" in page


def test_clients_are_found_by_name_or_number(html: Html) -> None:
    trial("1001", actual=100, expected=104.0)
    trial("1002", actual=60, expected=40.0)
    assert numbers(html("/controlling/forecast/clients/?q=bakker")) == ["1001"]
    assert numbers(html("/controlling/forecast/clients/?q=1002", HX_Request="true")) == ["1002"]
    assert "No client fits." in html("/controlling/forecast/clients/?q=nobody")
    assert "has not been looked back on" in html("/controlling/forecast/clients/?month=2026-01")


@pytest.mark.parametrize("address", ["/controlling/forecast/", "/controlling/forecast/clients/?month=2026-10"])
def test_pages_take_as_many_queries_for_many_clients_as_for_one(
    browser: Browser, looked_back: None, address: str
) -> None:
    ForecastTrial.objects.all().delete()
    counts = []
    for numbers_ in (range(1001, 1002), range(1002, 1013)):
        for number in numbers_:
            trial(str(number), actual=100, expected=104.0)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 9


def test_task_says_around_which_day_the_limit_is_passed(html: Html) -> None:
    client = Client.objects.get(number="1001")
    expected(client)
    assert "Beyond the limit around" not in html("/tasks/")
    Task.objects.update(figures={**Task.objects.get().figures, "limit_day": "2026-11-26"})
    assert "Beyond the limit around 26 Nov 2026" in text(html("/tasks/"))
