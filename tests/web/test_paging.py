"""Long lists: a page read from the end is the same page, and sums that are kept are those of the calls."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.calls.models import Call, ClientMonth, SourceHour
from balie.calls.queries import CallFilter, in_period, narrowed, sums, sums_kept
from balie.notifications import queries as mails
from balie.rules.period import Period
from balie.web.office.calls import related
from balie.web.paging import Pages
from tests import make
from tests.web import make_office

NOVEMBER = Period(2026, 11, make_office.ZONE)
pytestmark = pytest.mark.django_db


def test_every_page_is_the_same_from_either_end() -> None:
    for number in range(1, 12):
        make.client(f"{number:04d}")
    rows = Client.objects.order_by("-number")
    every = [client.pk for client in rows]
    pages = [Pages(rows, 3).page(number).object_list for number in range(1, 5)]
    assert [client.pk for page in pages for client in page] == every
    with CaptureQueriesContext(connection) as asked:
        last = Pages(rows, 3, count=11).get_page("99")
    assert (last.number, [client.pk for client in last]) == (4, every[9:])
    assert len(asked) == 1 and "OFFSET" not in asked[0]["sql"]


def test_no_rows_are_one_empty_page() -> None:
    assert list(Pages(Client.objects.order_by("number"), 3).get_page("2")) == []


@pytest.mark.parametrize(
    "asked",
    [
        CallFilter(),
        CallFilter(direction="forwarded"),
        CallFilter(type="missed"),
        CallFilter(type="missed", direction="outbound"),
        CallFilter(since=date(2026, 11, 9), until=date(2026, 11, 11)),
        CallFilter(since=date(2026, 11, 30)),
        CallFilter(since=date(2026, 10, 20), until=date(2026, 12, 5)),
    ],
)
def test_sums_that_are_kept_are_those_of_the_calls(asked: CallFilter) -> None:
    make_office.office()
    count_everything()
    month = in_period(Call.objects.all(), NOVEMBER)
    assert sums_kept(NOVEMBER, asked) == sums(narrowed(month, asked, NOVEMBER.zone))


def count_everything() -> None:
    """The sums beside the calls anew, with those of calls that the office adds without them."""
    for sums_of in (ClientMonth, SourceHour):
        sums_of.objects.all().delete()
    make_office.count_sums(list(Call.objects.all()))


def test_sums_by_agent_client_or_number_are_not_kept() -> None:
    make_office.office()
    for asked in (CallFilter(agent="201"), CallFilter(client="201"), CallFilter(number="201")):
        assert sums_kept(NOVEMBER, asked) is None


def test_words_are_looked_for_in_the_newest_mails_and_addresses_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    make.operator()
    old = make.mail(to="old@x.example", about="client:1001")
    new = [make.mail(to=f"new{number}@x.example") for number in range(3)]
    monkeypatch.setattr(mails, "SEARCHED", 3)
    found = {text: list(mails.outbox(search=text)) for text in ("x.example", "old@x.example", "1001", old.message_id)}
    assert found == {"x.example": new[::-1], "old@x.example": [old], "1001": [old], old.message_id: [old]}


def test_forwarded_calls_are_found_by_their_keys_alone() -> None:
    calls = [make.call(make.client(), key=key) for key in ("pbx-1",)]
    calls += [make.call(calls[0].client, key=key) for key in ("pbx-1/1", "pbx-1/2", "pbx-10", "pbx-1x/1")]
    with CaptureQueriesContext(connection) as asked:
        assert {call.key for call in related(calls[1])} == {"pbx-1", "pbx-1/2"}
    assert "LIKE" not in asked[0]["sql"]
