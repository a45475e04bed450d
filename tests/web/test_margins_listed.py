"""Margins beside clients and tariffs: those a worker kept, sorted, a quiet dash where nothing is known."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from balie.controlling.models import Economics
from balie.operator.models import Operator
from balie.tariffs.models import Tariff
from tests import make
from tests.web.make_economics import kept
from tests.web.reading import text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db


def clients(page: str) -> list[str]:
    return re.findall(r'<td class="num card-side">(\d+)</td>', page)


def row(page: str, number: str) -> str:
    """What a client's row says of margins: amount, percent, and whether there is a trend."""
    cells = page.partition(f'<td class="num card-side">{number}</td>')[2].partition("</tr>")[0].split("<td ")[-2:]
    said, drawn = re.subn(r"<svg.*?</svg>", "", "<main " + "<td ".join(["", *cells]), flags=re.S)
    return text(said) + (" trend" if drawn else "")


def margins() -> None:
    """1001 earns 240.00 in October (and 10.00 in September, 7.00 so far in November), 1002 loses 30.50."""
    kept("1001", 202609, revenue=Decimal("70.00"), cost=Decimal("60.00"))
    kept("1001", 202610, revenue=Decimal("300.00"), cost=Decimal("60.00"))
    kept("1001", 202611, revenue=Decimal("8.00"), cost=Decimal("1.00"))
    kept("1002", 202610, revenue=Decimal("50.00"), cost=Decimal("80.50"))
    kept("1003", 202610, revenue=None, cost=Decimal("1.00"), problem={"code": "x", "where": "", "message": "No price"})
    kept("1004", 202610, revenue=Decimal("0.00"), cost=Decimal("4.00"))


def test_clients_have_the_margin_of_the_last_month_over(html: Html) -> None:
    margins()
    page = html("/clients/")
    assert "margin of October 2026" in text(page)
    assert 'href="/clients/1001/margin/?month=2026-10">240.00' in page
    assert row(page, "1001") == "240.00 80.0% trend"
    assert row(page, "1002") == "−30.50 −61.0% trend"
    assert "Margin per month: May –, Jun –, Jul –, Aug –, Sep 10.00, Oct 240.00" in page
    assert "12 clients" in text(page) and "205.50 58.7%" in text(page)


def test_client_of_whom_nothing_is_known_has_a_quiet_dash(html: Html) -> None:
    margins()
    page = html("/clients/")
    assert row(page, "1003") == "– –" and row(page, "1005") == "– –"
    assert row(page, "1004") == "−4.00 – trend"


def test_month_that_is_over_has_its_own_margin(html: Html) -> None:
    margins()
    page = html("/clients/?month=2026-09")
    assert row(page, "1001") == "10.00 14.3% trend" and row(page, "1002") == "– –"


@pytest.mark.parametrize(("order", "known"), [("margin", ["1001", "1004", "1002"]), ("percent", ["1001", "1002"])])
def test_clients_are_sorted_by_margin_those_unknown_last(html: Html, order: str, known: list[str]) -> None:
    margins()
    down, up = (clients(html(f"/clients/?order={sign}{order}")) for sign in ("-", ""))
    assert (down[: len(known)], up[-len(known) :]) == (known, known[::-1])


def tariff_rows(page: str) -> list[str]:
    """Each tariff's row as it is read."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [text(f"<main {one}") for one in body.split("<tr>")[1:]]


def test_tariffs_have_the_margin_of_their_clients_over_the_months_the_watch_looks_at(html: Html) -> None:
    margins()
    own = make.tariff("PLUS")
    Economics.objects.filter(client__number="1002").update(tariff=own)
    make.tariff("UNUSED")
    page = html("/tariffs/?order=-margin")
    assert tariff_rows(page) == [
        "BASIS BASIS everybody – 12 246.00 66.5% – open –",
        "PLUS PLUS everybody – – −30.50 −61.0% – open –",
        "UNUSED UNUSED everybody – – – – – open –",
    ]
    assert 'href="/controlling/tariffs/?month=2026-10&amp;months=3&amp;q=BASIS">246.00' in page
    assert "3 tariffs 12 215.50 51.3% –" in text(page)
    assert "Margin of all clients over 3 months up to October 2026. Compare the tariffs" in text(page)


def test_margin_of_tariffs_is_over_as_many_months_as_the_operator_says(html: Html) -> None:
    margins()
    Operator.objects.update(margin_months=1)
    page = html("/tariffs/")
    assert "BASIS everybody – 12 205.50 58.7% – open –" in text(page)
    assert "Margin of all clients in October 2026." in text(page)


@pytest.mark.parametrize("order", ["margin", "percent"])
def test_tariffs_are_sorted_by_margin_those_unknown_last(html: Html, order: str) -> None:
    margins()
    plus = make.tariff("PLUS")
    Economics.objects.filter(client__number="1002").update(tariff=plus)
    make.tariff("A-NEW")
    Tariff.objects.filter(code="A-NEW").update(target_margin_percent=5)
    down, up = (tariff_rows(html(f"/tariffs/?order={sign}{order}")) for sign in ("-", ""))
    assert [one.split()[0] for one in down] == ["BASIS", "PLUS", "A-NEW"] and up == down[::-1]


def test_figures_of_tariffs_are_those_of_the_comparison(html: Html) -> None:
    margins()
    assert "215.50 51.3%" in text(html("/tariffs/"))
    assert "215.50 51.3%" in text(html("/controlling/tariffs/?month=2026-10&months=3&q=BASIS"))
