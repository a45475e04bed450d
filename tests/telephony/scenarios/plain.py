"""A client's number is called: agents and queues."""

from tests.telephony.stage import Stage, scenario


@scenario("A client's number rings one agent, who answers.", runs=3)
def accepted(stage: Stage, run: int) -> None:
    if run == 0:  # neither accountcode nor userfield
        call = stage.caller("0612340001", "0201234507")
        stage.pick(stage.a1, 2)
        stage.wait(3)
        call.hang_up()
    elif run == 1:  # the agent hangs up
        call = stage.caller("+31612340002", "+31201234502")
        agent = stage.pick(stage.a2, 1)
        stage.wait(5)
        agent.hang_up()
    else:  # withheld number
        call = stage.caller("anonymous", "0201234502")
        stage.pick(stage.a2, 1)
        stage.wait(2)
        call.hang_up()


@scenario("Nobody answers: the caller gives up; the PBX gives up after 5 s; a number that is not in use.", runs=3)
def missed(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234001{run}", ("0201234502", "0201234507", "0201239999")[run])
    if run == 0:
        stage.a2.incoming().ring()
        stage.wait(4)
        call.hang_up()
    else:
        if run == 1:
            stage.a1.incoming().ring()
        call.wait("over")


@scenario(
    "The first agent is busy, the second answers. Second run: the first rings 3 s and refuses, the second answers.",
    runs=2,
)
def busy_then_other(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234002{run}", "0201234504")
    first = stage.a3.incoming()
    if run:
        first.ring()
        stage.wait(3)
    first.refuse(486 if run == 0 else 480)
    stage.pick(stage.a1, 2)
    stage.wait(4 - run)
    call.hang_up()


@scenario(
    "Queue that rings all agents: one answers; all ring and the caller gives up; one busy, another answers; "
    "nobody answers until the queue's time is over.",
    runs=4,
)
def queue_ringall(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234003{run}", "0201234505")
    legs = [phone.incoming() for phone in (stage.a1, stage.a2, stage.a3)]
    if run == 2:
        legs[0].refuse()
    for leg in legs[1 if run == 2 else 0 :]:
        leg.ring()
    if run in (0, 2):
        stage.wait(2)
        legs[1 + run // 2].answer()
        stage.wait(4 + run)
        call.hang_up()
    elif run == 1:
        stage.wait(3)
        call.hang_up()
    else:
        call.wait("over", 30)
        stage.wait(0.3)


@scenario(
    "Queue that tries one agent after another: the first does not answer for 4 s, the second does; the first "
    "answers at once; nobody answers, twice round, the caller gives up.",
    runs=3,
)
def queue_linear(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234004{run}", "0201234501")
    if run == 0:
        stage.a1.incoming().ring().wait("over")
        stage.pick(stage.a2, 1)
        stage.wait(5)
    elif run == 1:
        stage.pick(stage.a1, 1)
        stage.wait(3)
    else:
        for phone in (stage.a1, stage.a2, stage.a3):
            phone.incoming().ring().wait("over")
        stage.a1.incoming().ring()
        stage.wait(1)
    call.hang_up()


@scenario(
    "The dialplan answers and plays a message before the queue: answered by agent 201; not answered by anyone "
    "within the queue's 9 s; the caller gives up.",
    runs=3,
)
def queue_answered_first(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234005{run}", "0201234512")
    if run == 0:
        stage.pick(stage.a1, 2)
        stage.wait(3)
        call.hang_up()
    elif run == 1:
        stage.a1.incoming().ring().wait("over")
        stage.a2.incoming().ring()
        call.wait("over", 20)
    else:
        stage.a1.incoming().ring()
        stage.wait(2)
        call.hang_up()
