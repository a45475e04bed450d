"""A real Asterisk, set up as docs/operate.md says, is told of numbers; calls to them come out as they should."""

from datetime import UTC, datetime, timedelta

import pytest

from balie.calls.actions import import_calls
from balie.calls.models import Call
from balie.cli import checks
from balie.cli.checks import Found, State
from balie.numbers.switches import Route, SwitchProblem, ami
from balie.numbers.switches import asterisk as asterisk_switch
from balie.numbers.switches.asterisk import Asterisk
from balie.rules.call import CallType
from tests import make
from tests.telephony.exchange import Exchange

pytestmark = pytest.mark.asterisk
NAME = 'Bäckerei "De Linde" ${EXTEN}, <x>\r\nAction: Logoff'


def switch(asterisk: Exchange, **settings: str) -> Asterisk:
    return Asterisk.of({**asterisk.settings, **settings}, "NL")


def route(number: str, client: str = "1001") -> Route:
    return Route(number, client, NAME, "17")


@pytest.mark.django_db
def test_call_to_configured_number_is_the_clients(asterisk: Exchange) -> None:
    told = route("+31201234501")
    switch(asterisk).configure(told)
    switch(asterisk).prove(told)
    lines = asterisk.call(told.number)
    assert asterisk.caller_shown == "Bäckerei De Linde ${EXTEN}, x Action: Logoff"
    assert [line for line in lines if line.startswith('"c1001"') and "did:+31201234501" in line] != []
    make.operator()
    client, agent = make.client("1001"), make.agent("201")
    make.number(client, told.number)
    data = "".join(f"{line}\n" for line in lines).encode()
    done = import_calls(
        source=make.source(), name="Master.csv", data=data, now=datetime.now(UTC) + timedelta(seconds=1)
    )
    assert (done.calls, done.rejected) == (1, 0)
    call = Call.objects.get()
    assert (call.client, call.agent, call.type, call.callee) == (client, agent, CallType.ACCEPTED, told.number)


def test_proof_rings_nobody_and_leaves_no_call_data(asterisk: Exchange) -> None:
    told = route("+31201234502")
    switch(asterisk).configure(told)
    phones, before = (asterisk.stage.a1, asterisk.stage.a2), len(asterisk.log("cdr-csv"))
    switch(asterisk).prove(told)
    switch(asterisk).look()
    assert asterisk.written(before) == []
    assert [phone.inbox for phone in phones] == [[], []]


def test_route_survives_a_restart_until_it_is_removed(asterisk: Exchange) -> None:
    told = route("+31201234503")
    switch(asterisk).configure(told)
    asterisk.restart()
    switch(asterisk).prove(told)
    assert asterisk.call(told.number) != []
    switch(asterisk).remove(told)
    assert asterisk.refused(told.number) == 404
    switch(asterisk).remove(told)
    with pytest.raises(SwitchProblem, match="was not told of 0201234503"):
        switch(asterisk).prove(told)


def test_number_of_another_client_is_not_removed_and_not_proven(asterisk: Exchange) -> None:
    earlier, later = route("+31201234504", "1001"), route("+31201234504", "1002")
    switch(asterisk).configure(earlier)
    switch(asterisk).configure(later)
    switch(asterisk).remove(earlier)
    switch(asterisk).prove(later)
    with pytest.raises(SwitchProblem, match=r'"c1002 did:\+31201234504" and not "c1001 did:\+31201234504"'):
        switch(asterisk).prove(earlier)


def test_numbers_are_written_as_the_trunk_does(asterisk: Exchange) -> None:
    told = route("+493012345678")
    for form, written in (("plus", "+493012345678"), ("e164", "493012345678"), ("national", "00493012345678")):
        system = switch(asterisk, number_form=form, dial="PJSIP/202", account_prefix="")
        system.configure(told)
        system.prove(told)
        leg = asterisk.stage.caller("0612345678", written)
        agent = asterisk.stage.pick(asterisk.stage.a2, 0)
        leg.wait("up").hang_up()
        agent.wait("over")
        system.remove(told)


def test_what_the_dial_plan_lacks_is_said(asterisk: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asterisk_switch, "EVENT_SECONDS", 0.2)
    told = route("+31201234505")
    for settings, said in (
        ({"dial": "Local/nobody@balie"}, "nothing at Local/nobody@balie"),
        ({"dial": "PJSIP/299"}, "nothing at PJSIP/299"),
        ({"test_from": "elsewhere"}, "in the context elsewhere did not come to Balie's dial plan"),
    ):
        system = switch(asterisk, **settings)
        system.configure(told)
        with pytest.raises(SwitchProblem, match=said):
            system.prove(told)
        with pytest.raises(SwitchProblem, match=said):
            system.look()


def test_proof_in_a_greedy_dial_plan_fails_and_stops_ringing(
    asterisk: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk_switch, "EVENT_SECONDS", 0.2)
    monkeypatch.setattr(asterisk_switch, "RING_SECONDS", 1)
    told, system, agent = route("+31201234508"), switch(asterisk, test_from="greedy"), asterisk.stage.a2
    system.configure(told)
    with pytest.raises(SwitchProblem, match="with nothing before it that takes the number"):
        system.prove(told)
    leg = list(agent.legs.values())[-1].wait("over")
    assert leg.asked is not None
    assert '"Balie test"' in leg.asked["from"]


def test_encrypted_manager_interface_does_all_of_it(asterisk: Exchange) -> None:
    told = route("+31201234508")
    safe = Asterisk.of(asterisk.safe, "NL")
    safe.configure(told)
    safe.prove(told)
    assert "answers" in safe.look()
    safe.remove(told)
    for written in (asterisk.fingerprint.lower(), f"sha256:{asterisk.fingerprint.replace(':', '')}"):
        Asterisk.of({**asterisk.safe, "fingerprint": written}, "NL").look()


def test_stranger_with_another_certificate_hears_nothing(asterisk: Exchange) -> None:
    told = route("+31201234509")
    with pytest.raises(SwitchProblem, match=r"another certificate.*fingerprint is [0-9a-f]{64}"):
        Asterisk.of({**asterisk.safe, "fingerprint": "00" * 32}, "NL").configure(told)
    with pytest.raises(SwitchProblem, match='write its "fingerprint"'):
        Asterisk.of({**asterisk.safe, "fingerprint": None}, "NL").configure(told)
    with pytest.raises(SwitchProblem, match="does not speak TLS"):
        Asterisk.of({**asterisk.safe, "url": asterisk.url.replace("ami:", "amis:")}, "NL").configure(told)


def test_account_without_rights_is_told_which_it_needs(asterisk: Exchange) -> None:
    poor = {"url": asterisk.url.replace("balie@", "poor@"), "secret": "poor"}
    with pytest.raises(SwitchProblem, match="does not permit DBPut: its account needs"):
        switch(asterisk, **poor).configure(route("+31201234506"))
    with pytest.raises(SwitchProblem, match="does not let nobody in"):
        switch(asterisk, url=asterisk.url.replace("balie@", "nobody@")).configure(route("+31201234506"))
    with pytest.raises(SwitchProblem, match="does not let balie in"):
        switch(asterisk, secret="wrong").configure(route("+31201234506"))


def test_stopped_or_frozen_asterisk_is_a_problem_in_time(asterisk: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ami, "STEP_SECONDS", 0.5)
    told = route("+31201234507")
    with asterisk.frozen(), pytest.raises(SwitchProblem, match="did not answer in time"):
        switch(asterisk).configure(told)
    asterisk.stop()
    try:
        with pytest.raises(SwitchProblem, match="Nothing answers at the phone system's address"):
            switch(asterisk).configure(told)
    finally:
        asterisk.start()
    switch(asterisk).configure(told)
    switch(asterisk).prove(told)


@pytest.mark.django_db
def test_doctor_looks_at_the_asterisk(asterisk: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asterisk_switch, "EVENT_SECONDS", 0.2)
    make.operator(switch=asterisk.settings)
    host = asterisk.url.partition("@")[2].partition(":")[0]
    said = f"Asterisk at {host} answers; calls go to Local/agents@balie."
    assert checks.switch([Found("database", State.OK, "")]) == [Found("switch", State.OK, said)]
    make.operator(switch={**asterisk.settings, "test_from": "elsewhere"})
    assert [found.state for found in checks.switch([Found("database", State.OK, "")])] == [State.WRONG]
