"""Whose endpoints, numbers and stored calls are after a load."""

import pytest

from balie.accounts.models import AgentEndpoint
from balie.calls.models import AgentDay, Call, ClientMonth, LegDay, Source, SourceHour
from balie.numbers.models import Assignment
from tests.calls.sample import calls, counted, sums, take
from tests.cdr.legs import line
from tests.world.sample import changed, load, refusal, sample

pytestmark = pytest.mark.django_db


def test_endpoint_another_agent_has_is_not_taken_without_a_word_about_him() -> None:
    load(sample())
    new = {"code": "204", "endpoint": "PJSIP/201"}
    where, message = refusal({"agents": [new]})
    assert (where, message) == (
        "agents[0]",
        'the endpoint "PJSIP/201" would belong to agents 201 and 204 on one day; '
        'give the earlier a "to", the later a "from"',
    )
    assert refusal({"agents": [{**new, "from": None}]})[0] == "agents[0]"
    assert refusal({"agents": [{**new, "from": "2026-06-01"}]})[0] == "agents[0]"
    assert refusal({"agents": [{"code": "201", "name": "Anna"}, new]})[0] == "agents[1]"
    assert refusal({"agents": [{"code": "201", "endpoint": "PJSIP/201", "to": "2026-05-31"}, new]})[0] == "agents[1]"
    ended = [{"code": "201", "endpoint": "PJSIP/201", "to": "2026-05-31"}, {**new, "from": "2026-06-01"}]
    assert changed(load({"agents": ended})) == {"agents": (1, 0), "endpoints": (1, 1)}


def test_endpoint_of_an_agent_who_is_said_to_have_another_goes_over() -> None:
    load(sample())
    world = {"agents": [{"code": "201", "endpoint": "PJSIP/211"}, {"code": "204", "endpoint": "PJSIP/201"}]}
    assert changed(load(world)) == {"agents": (1, 0), "endpoints": (1, 1)}
    found = dict(AgentEndpoint.objects.values_list("endpoint", "agent__code"))
    assert (found["PJSIP/211"], found["PJSIP/201"]) == ("201", "204")
    assert changed(load(world)) == {}


def test_number_with_another_client_corrects_whose_it_is() -> None:
    load(sample())
    load({"numbers": [{"number": "+31201234599", "client": "1003"}]})
    load({"numbers": [{"number": "+31201234599", "client": "1004"}]})
    assert Assignment.objects.get(number__number="+31201234599").client.number == "1004"


def test_calls_only_their_account_names_are_the_clients_once_he_is_loaded() -> None:
    load(sample())
    a_trunk, way_out, agent = "PJSIP/trunk-00000001", "PJSIP/trunk-00000002", "PJSIP/201-00000003"
    data = "PJSIP/0687650006@trunk,30"
    lines = [  # a blind transfer outside, which overwrites the number called; one call out
        line(a_trunk, agent, answer=1, talk=5, dst="0687650006", account="c1009"),
        line(a_trunk, way_out, at=6, answer=7, talk=8, dst="0687650006", data=data, sequence=1, account="c1009"),
        line(agent, way_out, at=60, answer=61, talk=4, src="201", data=data, account="c1009", call="out"),
    ]
    file = ("\n".join(lines) + "\n").encode()
    assert take(Source.objects.get(), file).unassigned == 3
    new = {
        "clients": [{"number": "1009", "name": "Nieuw"}],
        "numbers": [{"number": "020 123 45 66", "client": "1009"}],
    }
    assert load(new).moved_calls == 3
    assert load(new).moved_calls == 0
    assert sums() == counted()
    afterwards = calls()
    assert {(call[5], call[6]) for call in afterwards} == {("+31201234566", "1009"), ("+31687650006", "1009")}
    for model in (Call, ClientMonth, AgentDay, SourceHour, LegDay):
        model.objects.all().delete()
    Source.objects.update(newest=None)
    take(Source.objects.get(), file)
    assert calls() == afterwards
