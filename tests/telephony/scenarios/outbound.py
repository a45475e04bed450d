"""Calls that agents make: to the outside and to each other."""

from tests.telephony.stage import Stage, scenario


@scenario(
    "An agent calls outside on behalf of client 1001: answered (agent hangs up); answered (other party hangs up); "
    "without a client; foreign number.",
    runs=4,
)
def outbound(stage: Stage, run: int) -> None:
    target = ("0687650360", "0687650361", "0687650362", "0301234563")[run]
    call = stage.a1.call(("91001", "91003", "", "91001")[run] + target)
    leg = stage.outside(target, 1 + run % 2)
    stage.wait(3 + run)
    (leg if run == 1 else call).hang_up()


@scenario(
    "An agent calls outside on behalf of client 1001, not answered: agent gives up after 4 s; busy; 8 s without "
    "answer.",
    runs=3,
)
def outbound_unanswered(stage: Stage, run: int) -> None:
    call = stage.a2.call(f"91001068765037{run}")
    leg = stage.carrier.incoming(f"068765037{run}")
    if run == 1:
        leg.refuse()
    else:
        leg.ring()
    if run == 0:
        stage.wait(4)
        call.hang_up()
    else:
        call.wait("over")


@scenario(
    "An agent calls outside on behalf of client 1001, then sends the other party on to another outside number "
    "(REFER): answered; not answered; to agent 203.",
    runs=3,
)
def outbound_transfer(stage: Stage, run: int) -> None:
    call = stage.a1.call(f"91001068765038{run}")
    leg = stage.outside(f"068765038{run}", 1)
    stage.wait(3)
    if run < 2:
        call.refer(f"068765039{run}")
        other = stage.carrier.incoming(f"068765039{run}").ring()
        stage.wait(2)
        if run == 0:
            other.answer()
            stage.wait(5)
    else:
        call.refer("203")
        stage.pick(stage.a3, 1)
        stage.wait(4)
    leg.hang_up()


@scenario(
    "An agent calls outside on behalf of client 1001, calls a second outside number for the same client and joins "
    "both (REFER with Replaces).",
    runs=1,
)
def outbound_replaces(stage: Stage, run: int) -> None:
    call = stage.a1.call("910010687650400")
    leg = stage.outside("0687650400", 1)
    stage.wait(3)
    call.hold()
    second = stage.a1.call("910010687650401")
    stage.outside("0687650401", 1)
    stage.wait(2)
    call.refer("910010687650401", second)
    stage.wait(4)
    leg.hang_up()


@scenario("Agent to agent: answered; not answered; sent on to a third agent.", runs=3)
def internal(stage: Stage, run: int) -> None:
    call = stage.a1.call("202")
    if run == 1:
        stage.a2.incoming().ring()
        stage.wait(2)
    else:
        leg = stage.pick(stage.a2, 1)
        stage.wait(3)
        if run == 2:
            leg.refer("203")
            stage.pick(stage.a3, 1)
            stage.wait(2)
    call.hang_up()
