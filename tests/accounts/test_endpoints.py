"""The endpoints of one agent: from which day on something is different, who leaves, undo."""

from datetime import date

import pytest

from balie.accounts.endpoints import Held, first_difference, give_endpoint, held_by, last_day, leave, set_endpoints
from balie.accounts.models import AgentEndpoint
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make

AUTHOR = Author("Joris", make.NOW)
NOVEMBER, LATER = date(2026, 11, 1), date(2026, 11, 20)


def held(first: date | None = None, last: date | None = None, endpoint: str = "PJSIP/201") -> Held:
    return Held(endpoint, first, last)


@pytest.mark.parametrize(
    ("before", "after", "first"),
    [
        ([], [held()], date.min),
        ([held()], [], date.min),
        ([], [held(NOVEMBER)], NOVEMBER),
        ([held()], [held(None, NOVEMBER)], date(2026, 11, 2)),
        ([held(NOVEMBER)], [held(LATER)], NOVEMBER),
        ([held(None, NOVEMBER)], [held(None, LATER)], date(2026, 11, 2)),
        ([held(None, NOVEMBER)], [held(None, NOVEMBER), held(LATER)], LATER),
        ([held()], [held(None, NOVEMBER), held(date(2026, 11, 2))], date.max),
        ([held(), held(NOVEMBER, None, "PJSIP/9")], [held(None, LATER)], date(2026, 11, 21)),
    ],
)
def test_stored_calls_are_looked_at_from_the_first_day_that_differs(
    before: list[Held], after: list[Held], first: date
) -> None:
    assert first_difference("PJSIP/201", before, after) == first


def test_who_has_an_endpoint_without_an_end_does_not_leave() -> None:
    assert last_day([]) is None and last_day([held(), held(None, NOVEMBER)]) is None
    assert last_day([held(None, LATER), held(None, NOVEMBER)]) == LATER


@pytest.mark.django_db
def test_same_endpoints_again_change_and_log_nothing() -> None:
    make.operator()
    anna = make.agent("201")
    assert set_endpoints(agent=anna, held=[held()], author=AUTHOR).entry is None
    assert not LogEntry.objects.exists() and held_by(anna) == (held(),)


@pytest.mark.django_db
def test_an_endpoint_is_never_two_agents_on_one_day() -> None:
    make.operator()
    anna, bram = make.agent("201"), make.agent("202")
    leave(agent=anna, last=NOVEMBER, author=AUTHOR)
    with pytest.raises(Refused, match='"PJSIP/201" would belong to agents 201 and 202 on one day; give the earlier'):
        give_endpoint(agent=bram, endpoint=held(NOVEMBER), author=AUTHOR)
    given = give_endpoint(agent=bram, endpoint=held(date(2026, 11, 2)), author=AUTHOR)
    assert (given.endpoints, given.since) == (("PJSIP/201",), date(2026, 11, 2))
    assert AgentEndpoint.objects.count() == 3
