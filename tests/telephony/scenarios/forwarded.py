"""Calls the dialplan itself sends on to an outside number."""

from tests.telephony.stage import Stage, scenario


@scenario("A number that is forwarded to a mobile telephone, answered.", runs=2)
def forward_answered(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234006{run}", "0201234503")
    stage.outside("0687650003", 2 - run)
    stage.wait(4 + run)
    call.hang_up()


@scenario("The same, not answered: rings 6 s; busy; the caller gives up.", runs=3)
def forward_unanswered(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234007{run}", "0201234503")
    leg = stage.carrier.incoming("0687650003")
    if run == 1:
        leg.refuse()
    else:
        leg.ring()
    if run == 2:
        stage.wait(2)
        call.hang_up()
    else:
        call.wait("over")


@scenario(
    "The dialplan answers, plays a message (about 2 s), then forwards: answered; not answered within 6 s.", runs=2
)
def forward_after_message(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234008{run}", "0201234509")
    if run == 0:
        stage.outside("0687650009", 2)
        stage.wait(4)
        call.hang_up()
    else:
        stage.carrier.incoming("0687650009").ring()
        call.wait("over")


@scenario(
    "Agent 201 does not answer for 4 s, then the call is forwarded outside: answered; not answered within 5 s "
    "either, then voice mail for 3 s.",
    runs=2,
)
def forward_after_agent(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234009{run}", "0201234510")
    stage.a1.incoming().ring().wait("over")
    leg = stage.carrier.incoming("0687650010").ring()
    if run == 0:
        stage.wait(1)
        leg.answer()
        stage.wait(5)
    else:
        leg.wait("over")
        stage.wait(3)
    call.hang_up()


@scenario(
    "An agent and two outside telephones ring at once (one dialled as PJSIP/n@trunk, one as "
    "PJSIP/trunk/sip:n@host): the second outside one answers; the agent answers.",
    runs=2,
)
def forward_parallel(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234010{run}", "0201234511")
    legs = [
        stage.a2.incoming().ring(),
        stage.carrier.incoming("0687650011").ring(),
        stage.carrier.incoming("0687650012").ring(),
    ]
    stage.wait(2)
    legs[0 if run else 2].answer()
    stage.wait(4 + run)
    call.hang_up()


@scenario("Forwarded over a Local channel: answered; not answered.", runs=2)
def forward_local(stage: Stage, run: int) -> None:
    call = stage.caller(f"061234011{run}", "0201234514")
    if run == 0:
        stage.outside("0687650014", 1)
        stage.wait(4)
        call.hang_up()
    else:
        stage.carrier.incoming("0687650014").ring()
        call.wait("over")
