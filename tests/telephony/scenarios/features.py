"""Parking, pick-up, conference and voice mail."""

from tests.telephony.stage import Stage, scenario


@scenario(
    "Agent 201 parks the caller (REFER to 700); agent 202 fetches the call (701) after 3 s. Second run: parked "
    "by 202, fetched by 203, who then sends the caller on outside.",
    runs=2,
)
def parking(stage: Stage, run: int) -> None:
    call, agent = stage.talk(f"061234031{run}", ("0201234501", "0201234502")[run], (stage.a1, stage.a2)[run], 3)
    agent.refer("700")
    stage.wait(3)
    second = (stage.a2, stage.a3)[run].call("701").wait("up")
    stage.wait(4)
    if run:
        second.refer("0687650311")
        stage.outside("0687650311", 1)
        stage.wait(3)
    call.hang_up()


@scenario("Parked, nobody fetches the call, and the caller hangs up.", runs=2)
def parking_abandoned(stage: Stage, run: int) -> None:
    call, agent = stage.talk(f"061234032{run}", "0201234507", stage.a1, 2)
    agent.refer("700")
    stage.wait((3, 2)[run])
    call.hang_up()


@scenario(
    "Parked, nobody fetches the call: after the lot's 4 s the PBX calls the agent who parked it: the agent "
    "answers; does not answer for 5 s, the caller hangs up.",
    runs=2,
)
def parking_return(stage: Stage, run: int) -> None:
    call, agent = stage.talk(f"061234042{run}", "0201234501", stage.a1, 2)
    agent.refer("700")
    leg = stage.a1.incoming().ring()
    stage.wait((1, 5)[run])
    if run == 0:
        leg.answer()
        stage.wait(3)
    call.hang_up()


@scenario("A call rings at agent 202, agent 203 picks it up (*8202).", runs=1)
def pickup(stage: Stage, run: int) -> None:
    call = stage.caller("0612340330", "0201234502")
    stage.a2.incoming().ring()
    stage.wait(2)
    stage.a3.call("*8202").wait("up")
    stage.wait(4)
    call.hang_up()


@scenario(
    "Conference: agent 201 answers, sends the caller to conference room 600 (REFER), joins with a call of their "
    "own, agent 202 joins too; all three talk 3 s; 201 leaves, 202 stays 2 s. (Voices are mixed here, so who heard "
    "whom is only measured while two are in the room.)",
    runs=1,
)
def conference(stage: Stage, run: int) -> None:
    call, agent = stage.talk("0612340340", "0201234501", stage.a1, 3)
    agent.refer("600")
    stage.wait(1)
    first = stage.a1.call("600").wait("up")
    stage.wait(2)
    second = stage.a2.call("600").wait("up")
    stage.wait(3)
    first.hang_up()
    stage.wait(2)
    call.hang_up()
    second.hang_up()


@scenario("Answered by the dialplan (message and silence), no agent: 4 s; 2 s.", runs=2)
def voicemail(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234035{run}", "0201234508").wait("up")
    stage.wait(4 - 2 * run)
    call.hang_up()
