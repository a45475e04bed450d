"""Calls over Local channels: queue members and click to call."""

from tests.telephony.stage import Stage, scenario


@scenario(
    "Queue with Local members (Local/201@from-internal): the first answers; the first does not for 4 s, the second "
    "does; the caller gives up.",
    runs=3,
)
def queue_local(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234025{run}", "0201234506")
    if run == 0:
        stage.pick(stage.a1, 2)
        stage.wait(4)
    elif run == 1:
        stage.a1.incoming().ring().wait("over")
        stage.pick(stage.a2, 1)
        stage.wait(3)
    else:
        stage.a1.incoming().ring()
        stage.wait(2)
    call.hang_up()


@scenario("Queue with a Local member that stays in the call (Local/203@from-internal/n).", runs=2)
def queue_local_n(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234026{run}", "0201234513")
    leg = stage.pick(stage.a3, 1 + run)
    stage.wait(4 - run)
    (leg if run else call).hang_up()


@scenario(
    "From a queue with Local members: blind transfer outside; attended transfer with REFER and Replaces outside; "
    "AMI Atxfer outside; blind transfer outside from a /n member; AMI Atxfer outside from a /n member.",
    runs=5,
)
def queue_local_transfer(stage: Stage, run: int) -> None:
    number, phone, start = (("0201234506", stage.a1, "PJSIP/201"), ("0201234513", stage.a3, "PJSIP/203"))[run > 2]
    call, agent = stage.talk(f"061234027{run}", number, phone, 3)
    target = f"068765027{run}"
    if run in (0, 3):
        agent.refer(target)
        stage.outside(target, 1)
    elif run == 1:
        agent.hold()
        second = phone.call(target)
        stage.outside(target, 1)
        stage.wait(3)
        agent.refer(target, second)
    else:
        stage.atxfer(start, target)
        stage.outside(target, 1)
        stage.wait(3)
        agent.hang_up()
    stage.wait(4)
    call.hang_up()


@scenario(
    "Click to call, AMI Originate of PJSIP/201 on behalf of client 1001: answered after 2 s; not answered (the "
    "agent hangs up after 3 s); the agent does not pick up.",
    runs=3,
)
def click_to_call_pjsip(stage: Stage, run: int) -> None:
    stage.originate(Channel="PJSIP/201", Exten=f"91001068765028{run}", CallerID="Bakker <0201234501>")
    if run == 2:
        stage.a1.incoming().ring().wait("over")
        return
    agent = stage.pick(stage.a1, 2)
    leg = stage.carrier.incoming(f"068765028{run}").ring()
    stage.wait(2 + run)
    if run == 0:
        leg.answer()
        stage.wait(4)
    agent.hang_up()


@scenario(
    "Click to call, AMI Originate of Local/201@from-internal on behalf of client 1001: answered; not answered; "
    "the agent does not pick up; answered, with the account given to Originate and a plain number; the same with "
    "Local/…/n.",
    runs=5,
)
def click_to_call_local(stage: Stage, run: int) -> None:
    target = f"068765029{run}"
    if run < 3:
        stage.originate(Channel="Local/201@from-internal", Exten=f"91001{target}", CallerID="Bakker <0201234501>")
    else:
        stage.originate(Channel="Local/201@from-internal" + ("/n" if run == 4 else ""), Exten=target, Account="c1001")
    if run == 2:
        stage.a1.incoming().ring().wait("over")
        return
    agent = stage.pick(stage.a1, 2)
    leg = stage.carrier.incoming(target).ring()
    stage.wait(2)
    if run != 1:
        leg.answer()
        stage.wait(3 + run)
    else:
        stage.wait(1)
    agent.hang_up()


@scenario(
    "Click to call the other way round: Originate of the outside number over a Local channel, the agent is called "
    "when the outside party answers.",
    runs=1,
)
def click_to_call_outside_first(stage: Stage, run: int) -> None:
    stage.originate(Channel="Local/910010687650300@from-internal", Exten="201")
    leg = stage.outside("0687650300", 2)
    stage.pick(stage.a1, 1)
    stage.wait(4)
    leg.hang_up()
