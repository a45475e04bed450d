"""Which phone system the settings name; the one that only remembers, and numbers configured by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from balie.numbers.models import FakeRoute, ManualRoute
from balie.numbers.switches import Route, SwitchProblem
from balie.numbers.switches.asterisk import Asterisk
from balie.numbers.switches.chosen import Visible, switch
from balie.numbers.switches.fake import Fake
from balie.numbers.switches.manual import Manual, asked, confirm_manual
from balie.numbers.switches.webhook import Webhook
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ANNA = Author(who="anna@example.com", now=NOW + timedelta(hours=1))
ROUTE = Route("+31201234501", "1001", "Bakker", "17")
OTHER = Route("+31201234501", "1002", "De Boer", "18")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, Manual), ({"kind": "manual"}, Manual), ({"kind": "fake"}, Fake),
        ({"kind": "asterisk", "url": "ami://balie@127.0.0.1"}, Asterisk),
        ({"kind": "webhook", "url": "https://pbx.example.nl"}, Webhook),
    ],
)  # fmt: skip
def test_settings_choose_the_phone_system(said: dict[str, Any], kind: type) -> None:
    assert isinstance(switch(make.operator(switch=said), now=NOW), kind)


def test_unknown_kind_is_a_problem() -> None:
    with pytest.raises(SwitchProblem):
        switch(make.operator(switch={"kind": "smoke signals"}), now=NOW)


def fake(**settings: str) -> Visible:
    return switch(make.operator(switch={"kind": "fake", **settings}), now=NOW)


def test_fake_remembers_what_it_was_told() -> None:
    with pytest.raises(SwitchProblem):
        fake().prove(ROUTE)
    fake().configure(ROUTE)
    fake().configure(ROUTE)
    fake().prove(ROUTE)
    assert list(FakeRoute.objects.values_list("number", "client", "order")) == [("+31201234501", "1001", "17")]
    assert fake().look() == "an invented phone system; numbers it remembers: 1."
    fake().configure(OTHER)
    fake().remove(ROUTE)
    fake().prove(OTHER)
    fake().remove(OTHER)
    fake().remove(OTHER)
    assert FakeRoute.objects.count() == 0


@pytest.mark.parametrize("verb", ["configure", "prove", "remove"])
@pytest.mark.parametrize("down", ["configure", "prove", "remove", "always"])
def test_fake_fails_where_it_is_told_to(verb: str, down: str) -> None:
    fake().configure(ROUTE)
    if down in (verb, "always"):
        with pytest.raises(SwitchProblem, match="is down"):
            getattr(fake(down=down), verb)(ROUTE)
    else:
        getattr(fake(down=down), verb)(ROUTE)


def waits(verb: str, route: Route, *, at: datetime = NOW) -> None:
    """The verb waits for somebody of staff."""
    with pytest.raises(SwitchProblem) as caught:
        getattr(Manual(at), verb)(route)
    assert caught.value.waits_for_staff
    assert route.number in caught.value.why


def rows() -> list[tuple[str, str]]:
    """What is asked for: deed and client."""
    return list(asked().values_list("deed", "client"))


def confirm() -> ManualRoute:
    return confirm_manual(row=asked().get().pk, author=ANNA)


def test_number_waits_until_somebody_says_it_is_configured() -> None:
    waits("configure", ROUTE)
    waits("configure", ROUTE, at=NOW + timedelta(minutes=1))
    waits("prove", ROUTE)
    [row] = asked()
    assert (row.number, row.client, row.name, row.order, row.deed, row.asked, row.by) == (
        "+31201234501", "1001", "Bakker", "17", "configure", NOW, "",
    )  # fmt: skip
    assert Manual(NOW).look() == "staff configure numbers by hand; waiting for them: 1."
    done = confirm_manual(row=row.pk, author=ANNA)
    assert (done.done, done.by) == (ANNA.now, "anna@example.com")
    Manual(NOW).configure(ROUTE)
    Manual(NOW).prove(ROUTE)
    assert rows() == []


def test_confirmation_is_logged_once_and_refused_for_what_is_not_asked() -> None:
    waits("configure", ROUTE)
    row = confirm()
    confirm_manual(row=row.pk, author=Author(who="bert@example.com", now=NOW + timedelta(hours=2)))
    [entry] = LogEntry.objects.all()
    assert (entry.deed, entry.about, entry.who) == ("number.configure_by_hand", "number:+31201234501", ANNA.who)
    assert entry.details == {"client": "1001", "order": "17"}
    with pytest.raises(Refused):
        confirm_manual(row=row.pk + 1, author=ANNA)


def test_configured_number_is_removed_by_hand_too() -> None:
    waits("configure", ROUTE)
    confirm()
    waits("remove", ROUTE)
    waits("remove", ROUTE)
    assert rows() == [("remove", "1001")]
    confirm()
    Manual(NOW).remove(ROUTE)
    waits("prove", ROUTE)
    assert rows() == []


def test_number_nobody_configured_yet_is_only_not_asked_for_any_more() -> None:
    waits("configure", ROUTE)
    Manual(NOW).remove(ROUTE)
    assert rows() == []


def test_number_configured_before_there_were_rows_is_asked_back() -> None:
    waits("remove", ROUTE)
    assert rows() == [("remove", "1001")]


def test_number_wanted_again_before_it_was_removed_stays() -> None:
    waits("configure", ROUTE)
    confirm()
    waits("remove", ROUTE)
    Manual(NOW).configure(ROUTE)
    assert rows() == []
    Manual(NOW).prove(ROUTE)


def test_number_of_the_next_client_is_asked_for_in_place_of_the_removal() -> None:
    waits("configure", ROUTE)
    confirm()
    waits("remove", ROUTE)
    waits("configure", OTHER)
    assert rows() == [("configure", "1002")]
    waits("prove", OTHER)
    confirm_manual(row=asked().get().pk, author=Author(who="anna@example.com", now=NOW + timedelta(days=1)))
    Manual(NOW).prove(OTHER)
    Manual(NOW).remove(ROUTE)
    waits("prove", ROUTE)
