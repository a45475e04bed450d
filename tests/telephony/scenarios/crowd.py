"""Calls at the same time."""

from tests.telephony.stage import Stage, scenario


@scenario("Two clients' numbers are called in the same second; both accepted, by different agents.", runs=2)
def two_at_once(stage: Stage, run: int) -> None:
    one, two = stage.caller("0612340410", "0201234507"), stage.caller("0612340411", "0201234502")
    legs = [stage.a1.incoming().ring(), stage.a2.incoming().ring()]
    stage.wait(1)
    for leg in legs:
        leg.answer()
    stage.wait(3 + run)
    two.hang_up()
    stage.wait(1)
    one.hang_up()


@scenario(
    "Twenty calls at once, one every 0.1 s, to 1002, 1003, 1007, 1004 and 1002 in turn; agents and outside "
    "telephones answer after about 2 s; each fifth call is sent on to an outside number (REFER); then all callers "
    "hang up one after another.",
    runs=1,
)
def concurrent(stage: Stage, run: int) -> None:
    numbers = ("0201234502", "0201234503", "0201234507", "0201234504", "0201234502")
    calls, legs = [], []
    for n in range(20):
        calls.append(stage.caller(f"06123405{n:02}", numbers[n % 5]))
        phone = {"0201234502": stage.a2, "0201234503": stage.carrier, "0201234507": stage.a1, "0201234504": stage.a3}[
            numbers[n % 5]
        ]
        legs.append(phone.incoming().ring())
        stage.wait(0.1)
    for leg in legs:
        leg.answer()
        stage.wait(0.05)
    stage.wait(2)
    for n in range(4, 20, 5):
        legs[n].refer(f"06876505{n:02}")
    others = [stage.carrier.incoming(f"06876505{n:02}").ring() for n in range(4, 20, 5)]
    stage.wait(1)
    for leg in others:
        leg.answer()
    stage.wait(1)
    for call in calls:
        stage.wait(0.2)
        call.hang_up()
