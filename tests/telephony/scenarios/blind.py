"""Blind transfers: the agent sends the caller on without asking first."""

from tests.telephony.stage import Stage, scenario


@scenario(
    "An agent sends the caller on to another agent (REFER): who answers; who does not answer (the caller hangs "
    "up after 4 s of ringing); who is busy.",
    runs=3,
)
def blind_transfer_agent(stage: Stage, run: int) -> None:
    call, agent = stage.talk(
        f"061234012{run}", ("0201234507", "0201234501", "0201234502")[run], (stage.a1, stage.a1, stage.a2)[run], 3
    )
    agent.refer("203")
    leg = stage.a3.incoming()
    if run == 0:
        leg.ring()
        stage.wait(2)
        leg.answer()
        stage.wait(4)
        call.hang_up()
    elif run == 1:
        leg.ring()
        stage.wait(4)
        call.hang_up()
    else:
        leg.refuse()
        call.wait("over")


@scenario(
    "An agent sends the caller on to an outside number (REFER), answered. Run 1 from the queue (did: in "
    "userfield), 2 from Dial with accountcode only, 3 from Dial with neither, 4 with the feature code #1.",
    runs=4,
)
def blind_transfer_outside(stage: Stage, run: int) -> None:
    number, phone = (
        ("0201234501", stage.a1),
        ("0201234502", stage.a2),
        ("0201234507", stage.a1),
        ("0201234501", stage.a1),
    )[run]
    call, agent = stage.talk(f"061234013{run}", number, phone, 2 + run)
    if run < 3:
        agent.refer(f"068765013{run}")
    else:
        agent.keys("#1")
        stage.wait(0.5)
        agent.keys("0687650133")
    stage.outside(f"068765013{run}", 2)
    stage.wait(6 - run)
    call.hang_up()


@scenario("The same, but the outside number does not answer (8 s); is busy; the caller gives up after 3 s.", runs=3)
def blind_transfer_outside_unanswered(stage: Stage, run: int) -> None:
    number, phone = (("0201234501", stage.a1), ("0201234502", stage.a2), ("0201234501", stage.a1))[run]
    call, agent = stage.talk(f"061234014{run}", number, phone, 3)
    agent.refer(f"068765014{run}")
    leg = stage.carrier.incoming(f"068765014{run}")
    if run == 1:
        leg.refuse()
        call.wait("over")
    else:
        leg.ring()
        if run == 2:
            stage.wait(3)
            call.hang_up()
        else:
            call.wait("over")


@scenario(
    "An agent sends the caller on to another client's number, where an agent answers: from 1001 (queue) to "
    "1002 (account only); from 1007 (neither) to 1004 (account and did:, agent 203); from 1001 to 1003, which is "
    "forwarded outside.",
    runs=3,
)
def blind_transfer_other_did(stage: Stage, run: int) -> None:
    number, phone = (("0201234501", stage.a1), ("0201234507", stage.a1), ("0201234501", stage.a1))[run]
    call, agent = stage.talk(f"061234015{run}", number, phone, 3)
    agent.refer(("0201234502", "0201234504", "0201234503")[run])
    if run == 2:
        stage.outside("0687650003", 1)
    else:
        stage.pick((stage.a2, stage.a3)[run], 1)
    stage.wait(4 + run)
    call.hang_up()


@scenario("Twice sent on: agent 201 to agent 203, who sends the caller on outside.", runs=1)
def blind_transfer_twice(stage: Stage, run: int) -> None:
    call, agent = stage.talk("0612340160", "0201234501", stage.a1, 2)
    agent.refer("203")
    second = stage.pick(stage.a3, 1)
    stage.wait(3)
    second.refer("0687650160")
    stage.outside("0687650160", 1)
    stage.wait(4)
    call.hang_up()
