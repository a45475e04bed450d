"""Attended transfers, by the PBX's feature code (atxfer) and by the telephone (REFER with Replaces)."""

from tests.telephony.stage import Stage, scenario


@scenario(
    "AMI Atxfer (as if the agent pressed *2 and the number): the agent talks to the outside party while the "
    "caller waits, then hangs up: caller and outside party are connected. Run 1 queue, run 2 Dial, run 3 with "
    "keys on the telephone, ended by *2.",
    runs=3,
)
def atxfer_outside(stage: Stage, run: int) -> None:
    number, phone, start = (
        ("0201234501", stage.a1, "PJSIP/201"),
        ("0201234502", stage.a2, "PJSIP/202"),
        ("0201234501", stage.a1, "PJSIP/201"),
    )[run]
    call, agent = stage.talk(f"061234017{run}", number, phone, 3)
    if run < 2:
        stage.atxfer(start, f"068765017{run}")
    else:
        agent.keys("*2")
        stage.wait(0.5)
        agent.keys(f"068765017{run}")
    stage.outside(f"068765017{run}", 2)
    stage.wait(3)
    if run < 2:
        agent.hang_up()
    else:
        agent.keys("*2")
    stage.wait(5)
    call.hang_up()


@scenario("AMI Atxfer to another agent.", runs=2)
def atxfer_agent(stage: Stage, run: int) -> None:
    number, phone, start = (("0201234501", stage.a1, "PJSIP/201"), ("0201234502", stage.a2, "PJSIP/202"))[run]
    call, agent = stage.talk(f"061234018{run}", number, phone, 3)
    stage.atxfer(start, "203")
    stage.pick(stage.a3, 1)
    stage.wait(3 + run)
    agent.hang_up()
    stage.wait(6 - run)
    call.hang_up()


@scenario(
    "AMI Atxfer that comes to nothing: the outside party answers, the agent presses *1 and is back with the "
    "caller; the outside party is busy; does not answer (8 s); the outside party hangs up.",
    runs=4,
)
def atxfer_aborted(stage: Stage, run: int) -> None:
    call, agent = stage.talk(f"061234019{run}", "0201234501", stage.a1, 2)
    stage.atxfer("PJSIP/201", f"068765019{run}")
    leg = stage.carrier.incoming(f"068765019{run}")
    if run == 1:
        leg.refuse()
    else:
        leg.ring()
        if run == 2:
            leg.wait("over")
        else:
            stage.wait(1)
            leg.answer()
            stage.wait(3)
            if run == 0:
                agent.keys("*1")
            else:
                leg.hang_up()
    stage.wait(5)
    call.hang_up()


@scenario(
    "AMI Atxfer, and the agent hangs up while the outside party still rings: it answers 2 s later; it never "
    "answers (the PBX then calls the agent back, who takes the caller back).",
    runs=2,
)
def atxfer_before_answer(stage: Stage, run: int) -> None:
    call, agent = stage.talk(f"061234020{run}", "0201234501", stage.a1, 3)
    stage.atxfer("PJSIP/201", f"068765020{run}")
    leg = stage.carrier.incoming(f"068765020{run}").ring()
    stage.wait(1)
    agent.hang_up()
    if run == 0:
        stage.wait(2)
        leg.answer()
    else:
        leg.wait("over")
        stage.pick(stage.a1, 1)
    stage.wait(4)
    call.hang_up()


@scenario(
    "AMI Atxfer, and the agent presses *3: caller, agent and outside party talk together for 4 s, then the agent "
    "leaves. (Voices are mixed while three talk, so that part is not measured.)",
    runs=1,
)
def atxfer_threeway(stage: Stage, run: int) -> None:
    call, agent = stage.talk("0612340210", "0201234501", stage.a1, 2)
    stage.atxfer("PJSIP/201", "0687650210")
    stage.outside("0687650210", 1)
    stage.wait(2)
    agent.keys("*3")
    stage.wait(4)
    agent.hang_up()
    stage.wait(3)
    call.hang_up()


@scenario(
    "The agent's telephone does it: holds the caller, calls the outside number on a second line, talks, and "
    "joins both (REFER with Replaces). Run 1 queue, plain number; run 2 Dial, dialled on behalf of client 1002; "
    "run 3 neither account nor userfield, caller with +31.",
    runs=3,
)
def refer_replaces_outside(stage: Stage, run: int) -> None:
    number, phone, prefix = (
        ("0201234501", stage.a1, ""),
        ("0201234502", stage.a2, "91002"),
        ("0201234507", stage.a1, ""),
    )[run]
    call, agent = stage.talk(("0612340220", "0612340221", "+31612340222")[run], number, phone, 3)
    agent.hold()
    second = phone.call(f"{prefix}068765022{run}")
    stage.outside(f"068765022{run}", 1)
    stage.wait(3 + run)
    second.hold()
    agent.refer(f"068765022{run}", second)
    stage.wait(5)
    call.hang_up()


@scenario("The same to another agent.", runs=2)
def refer_replaces_agent(stage: Stage, run: int) -> None:
    call, agent = stage.talk(f"061234023{run}", ("0201234501", "0201234507")[run], stage.a1, 2)
    agent.hold()
    second = stage.a1.call("203")
    stage.pick(stage.a3, 1)
    stage.wait(2 + run)
    agent.refer("203", second)
    stage.wait(4 + run)
    call.hang_up()


@scenario("The same towards another client's number (1003), which is forwarded outside.", runs=1)
def refer_replaces_other_did(stage: Stage, run: int) -> None:
    call, agent = stage.talk("0612340235", "0201234501", stage.a1, 2)
    agent.hold()
    second = stage.a1.call("0201234503")
    stage.outside("0687650003", 1)
    stage.wait(3)
    agent.refer("0201234503", second)
    stage.wait(4)
    call.hang_up()


@scenario(
    "Consultation on a second line without transfer: the agent hangs up the second call and goes on with the "
    "caller; the outside party does not answer.",
    runs=2,
)
def consultation_only(stage: Stage, run: int) -> None:
    call, agent = stage.talk(f"061234024{run}", "0201234501", stage.a1, 2)
    agent.hold()
    second = stage.a1.call(f"068765024{run}")
    if run == 0:
        stage.outside("0687650240", 1)
        stage.wait(3)
    else:
        stage.carrier.incoming("0687650241").ring()
        stage.wait(3)
    second.hang_up()
    agent.hold(False)
    stage.wait(3)
    call.hang_up()
