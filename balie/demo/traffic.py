"""The calls of any day of the demo, drawn at random but always the same: who calls whom, when, and what comes of it."""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balie.demo import stories, transfers
from balie.demo.customers import CUSTOMERS, HOURS, ROUND_THE_CLOCK, WEEK, Customer, day_of
from balie.demo.holidays import is_holiday
from balie.demo.lines import delivered, line, national, number_of
from balie.demo.operator import FOUND_NUMBER, NOBODYS_NUMBER, OLD_NUMBER, OLD_NUMBER_UNTIL, ZONE
from balie.demo.roster import Duty, duties
from balie.demo.stories import Line, Plan, Seat, Story

HOUR = 3600.0
ROOFER = next(customer for customer in CUSTOMERS if customer.number == "1025")
FOUND_SINCE = (2, 1)
NOBODYS_SINCE = (2, 25)
MISSED = 0.035
CALLS_AGAIN = 0.4
# Opening hours of those who are not reached round the clock: on weekdays, on Saturdays.
OPEN: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "office": ((8, 18), (0, 0)),
    "practice": ((8, 17), (0, 0)),
    "trades": ((7, 18), (9, 13)),
    "shop": ((9, 21), (9, 18)),
    "lessons": ((9, 20), (10, 16)),
}
SENT_ON: tuple[tuple[int, Story], ...] = (
    (102, transfers.transferred_blind),
    (54, transfers.transferred_attended),
    (42, transfers.joined_on_telephone),
    (30, transfers.transferred_in_vain),
    (27, transfers.transferred_to_agent),
    (15, transfers.attended_to_agent),
    (18, transfers.asked_in_vain),
    (1, transfers.consulted_only),
)


class Told(NamedTuple):
    """A call: on which phone system, which story, with which particulars."""

    pbx: str
    story: Story
    plan: Plan


class Wish(NamedTuple):
    """A call somebody is going to make: `in` to a client, `out` by an agent for one, `stray` to a number that is no
    client's, `internal` among agents. Taken in order of time, so that agents are busy when they are."""

    moment: float
    kind: str
    customer: Customer
    number: str = ""  # the caller's, who has tried before; of a stray the number dialled


@dataclass
class Floor:
    """The agents on a day: who is there at a moment, and who is on the telephone until when."""

    midnight: float
    on: list[Duty]
    busy: dict[str, float] = field(default_factory=dict)

    def there(self, moment: float) -> list[Seat]:
        hour = (moment - self.midnight) / HOUR
        return [duty.seat for duty in self.on if duty.begin <= hour < duty.end]

    def free(self, moment: float) -> list[Seat]:
        """Those who could answer, the one who has waited longest first."""
        able = [seat for seat in self.there(moment) if self.busy.get(seat.endpoint, 0.0) <= moment]
        return sorted(able, key=lambda seat: self.busy.get(seat.endpoint, 0.0))

    def occupy(self, seat: Seat, until: float) -> None:
        self.busy[seat.endpoint] = max(until, self.busy.get(seat.endpoint, 0.0))


def midnight(day: date) -> float:
    """The moment a local day begins, as an epoch."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)).astimezone(UTC).timestamp()


def calls_of(day: date, first: date) -> list[Told]:
    """All calls that begin on a local day, in order. `first`: the first day of the demo's first month."""
    return list(Day(day, first).calls())


class Day:
    """One day at the telephones."""

    def __init__(self, day: date, first: date) -> None:
        self.day, self.first = day, first
        self.rng = Random(f"De Linde {day.isoformat()}")
        self.floor = Floor(midnight(day), duties(day, first))
        self.wishes: list[Wish] = []

    def calls(self) -> Iterator[Told]:
        for customer in CUSTOMERS:
            if customer.there(self.day, self.first):
                self.wishes += self.drawn(customer)
        self.wishes += [*self.strays(), *self.chats()]
        heapq.heapify(self.wishes)
        ways = {"in": self.inbound, "out": self.outbound, "stray": self.stray, "internal": self.internal}
        while self.wishes:
            wish = heapq.heappop(self.wishes)
            if told := ways[wish.kind](wish):
                yield told

    # -- how many, and when --
    def factor(self, customer: Customer) -> float:
        """How busy this day is for a client, against an ordinary one."""
        weekday = 6 if is_holiday(self.day) else self.day.weekday()
        winter = math.cos((self.day.timetuple().tm_yday - 20) / 365 * 2 * math.pi)
        storm = 2.6 if customer.season > 0.2 and self.day.toordinal() % 41 == 7 else 1.0
        feast = 0.6 if (self.day.month, self.day.day) >= (12, 24) else 1.0
        growth = 1 + 0.0006 * (self.day - self.first).days
        noise = self.rng.lognormvariate(0, 0.13)
        return WEEK[customer.hours][weekday] * (1 + customer.season * winter) * storm * feast * growth * noise

    def drawn(self, customer: Customer) -> list[Wish]:
        mean = customer.calls * self.factor(customer)
        inside = [Wish(self.moment(customer), "in", customer) for _ in range(self.poisson(mean))]
        back = [Wish(self.moment(customer), "out", customer) for _ in range(self.poisson(mean * customer.back))]
        return inside + back

    def moment(self, customer: Customer) -> float:
        hour = self.rng.choices(range(24), HOURS[customer.hours])[0]
        return self.floor.midnight + (hour + self.rng.random()) * HOUR

    def poisson(self, mean: float) -> int:
        limit, product, count = math.exp(-mean), self.rng.random(), 0
        while product > limit:
            product *= self.rng.random()
            count += 1
        return count

    # -- who, and for how long --
    def caller(self, customer: Customer) -> str:
        """Mostly somebody of the client's own circle, some often, most seldom."""
        if self.rng.random() < 0.03:
            return "anonymous"
        person = Random(f"{customer.number} {int(self.rng.random() ** 1.7 * 40 * (2 + customer.calls))}")
        return delivered(number_of(person, customer.language), customer.pbx)

    def ring(self) -> float:
        return min(28.5, 1.5 + self.rng.lognormvariate(math.log(7.5), 0.62))

    def talk(self, customer: Customer) -> float:
        return min(2700.0, 4 + self.rng.lognormvariate(math.log(customer.talk), 0.75))

    def open(self, customer: Customer, moment: float) -> bool:
        if customer.hours in ROUND_THE_CLOCK:
            return True
        begin, end = OPEN[customer.hours][1 if self.day.weekday() == 5 else 0]
        closed = is_holiday(self.day) or self.day.weekday() == 6
        return not closed and begin <= (moment - self.floor.midnight) / HOUR < end

    # -- what comes of it --
    def inbound(self, wish: Wish) -> Told:
        customer, moment = wish.customer, wish.moment
        plan = Plan(moment, wish.number or self.caller(customer), line(customer), (), self.ring(), self.talk(customer))
        plan = plan._replace(target=self.target(customer), later=self.talk(customer))
        if not self.open(customer, moment):
            return self.closed(customer, plan)
        free = self.floor.free(moment)
        waits = not free
        free = free or self.floor.there(moment)
        if not free or self.rng.random() < (0.45 if waits else MISSED):
            return self.gives_up(customer, plan, free)
        if waits:
            plan = plan._replace(ring=plan.ring + 8 + self.rng.expovariate(1 / 25))
        return self.accepted(customer, plan, free)

    def closed(self, customer: Customer, plan: Plan) -> Told:
        if customer.closed == "mobile":
            story = stories.passed_on if self.rng.random() < 0.6 else stories.passed_on_in_vain
            return Told(customer.pbx, story, plan._replace(target=customer.mobile, ring=plan.ring + 4))
        return Told(customer.pbx, stories.voicemail, plan._replace(ring=4 + self.rng.random() * 30))

    def gives_up(self, customer: Customer, plan: Plan, free: list[Seat]) -> Told:
        ring = min(29.5, 3 + self.rng.expovariate(1 / 13))
        if self.rng.random() < CALLS_AGAIN:
            again = plan.start + ring + 40 + self.rng.expovariate(1 / 500)
            heapq.heappush(self.wishes, Wish(again, "in", customer, plan.caller))
        if not free:
            return Told(customer.pbx, stories.voicemail, plan._replace(ring=ring))
        seats = tuple(free[:3] if customer.how == "team" else free[:1])
        if customer.closed == "mobile" and self.rng.random() < 0.5:
            plan = plan._replace(seats=seats, ring=15.2, target=customer.mobile)
            return Told(customer.pbx, stories.passed_on_after_agent, plan)
        if self.rng.random() < 0.15:
            return Told(customer.pbx, stories.nobody_in_time, plan._replace(seats=seats, ring=15.2))
        return Told(customer.pbx, stories.missed, plan._replace(seats=seats, ring=ring))

    def accepted(self, customer: Customer, plan: Plan, free: list[Seat]) -> Told:
        story: Story = stories.accepted
        seats = tuple(self.rng.sample(free[:4], min(len(free), 3))) if customer.how == "team" else tuple(free[:1])
        if customer.how != "team" and len(free) > 1 and self.rng.random() < 0.16:
            story, seats = stories.one_after_another, tuple(free[:2])
        elif self.rng.random() < customer.on:
            story = self.rng.choices([story for _, story in SENT_ON], [share for share, _ in SENT_ON])[0]
            if story in (transfers.transferred_to_agent, transfers.attended_to_agent):
                others = [seat for seat in free if seat != seats[0]]
                story, seats = (story, (seats[0], others[0])) if others else (stories.accepted, seats[:1])
        if story is stories.accepted:
            story, seats = self.usual(customer, seats)
        self.floor.occupy(seats[0], plan.start + plan.ring + plan.talk + 25)
        return Told(customer.pbx, story, plan._replace(seats=seats))

    def usual(self, customer: Customer, seats: tuple[Seat, ...]) -> tuple[Story, tuple[Seat, ...]]:
        """How an ordinary call reaches the agent: Utrecht's queues call Amsterdam's telephones over Local channels."""
        if customer.pbx == "pbx-2" and customer.how != "one" and self.rng.random() < 0.6:
            return stories.by_local_member, seats[:1]
        if customer.how == "one" and self.rng.random() < 0.3:
            return stories.greeted_first, seats
        return stories.accepted, seats

    def target(self, customer: Customer) -> str:
        if customer.language == "de" and self.rng.random() < 0.5:
            return f"00492214710{int(customer.number) % 1000:03d}"
        return customer.mobile if self.rng.random() < 0.7 else f"020555{8000 + int(customer.number) % 1000}"

    def outbound(self, wish: Wish) -> Told | None:
        customer, seats = wish.customer, tuple(self.floor.free(wish.moment)[:1])
        if not seats or not self.open(customer, wish.moment):
            return None
        talk = 0.0 if self.rng.random() < 0.18 else self.talk(customer)
        target = national(self.caller(customer))
        if not target.isdigit():
            target = customer.mobile
        whose = line(customer)
        if self.rng.random() < 0.003:  # the agent forgot to say for whom
            whose = Line("")
        self.floor.occupy(seats[0], wish.moment + 20 + talk)
        return Told(customer.pbx, stories.outbound, Plan(wish.moment, "", whose, seats, self.ring(), talk, target))

    # -- what is no client's --
    def chats(self) -> Iterator[Wish]:
        for _ in range(self.poisson(1 if self.day.weekday() > 4 else 6)):
            yield Wish(self.floor.midnight + self.rng.uniform(8, 18) * HOUR, "internal", CUSTOMERS[0])

    def internal(self, wish: Wish) -> Told | None:
        free = self.floor.free(wish.moment)
        if len(free) < 2:
            return None
        talk = self.rng.uniform(8, 90)
        seats = tuple(self.rng.sample(free, 2))
        for seat in seats:
            self.floor.occupy(seat, wish.moment + 4 + talk)
        return Told("pbx-1", stories.internal, Plan(wish.moment, "", Line(""), seats, 4, talk))

    def strays(self) -> Iterator[Wish]:
        moved = self.day > day_of(self.first, OLD_NUMBER_UNTIL)
        found = self.day >= day_of(self.first, FOUND_SINCE)
        odd = self.day >= day_of(self.first, NOBODYS_SINCE)
        means = ((OLD_NUMBER, 0.9 if moved else 1.5), (FOUND_NUMBER, 0.7 * found), (NOBODYS_NUMBER, 0.25 * odd))
        for number, mean in means:
            for _ in range(self.poisson(mean if self.day.weekday() < 5 else mean / 6)):
                yield Wish(self.floor.midnight + self.rng.uniform(8, 17.5) * HOUR, "stray", ROOFER, number)

    def stray(self, wish: Wish) -> Told:
        """The dialplan rings somebody but does not know for whom; the one nobody knows leads nowhere."""
        moved = self.day > day_of(self.first, OLD_NUMBER_UNTIL)
        owner = ROOFER.number if wish.number == OLD_NUMBER and not moved else ""
        seats, talk = tuple(self.floor.free(wish.moment)[:1]), self.rng.uniform(20, 90)
        plan = Plan(wish.moment, self.caller(ROOFER), Line(national(wish.number), owner), seats, self.ring(), talk)
        if not seats or wish.number == NOBODYS_NUMBER:
            return Told("pbx-1", stories.unknown_number, plan)
        self.floor.occupy(seats[0], wish.moment + plan.ring + talk)
        return Told("pbx-1", stories.accepted, plan)
