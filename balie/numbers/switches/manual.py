"""Numbers that staff configure: each is asked for once, and somebody says that it was done.

What is asked for and what was done are rows of ManualRoute: the last one done of a number says whose it is.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balie.numbers.models import ManualRoute
from balie.numbers.switches import Route, SwitchProblem
from balie.operator.actions import Author, write_log
from balie.rules.errors import Refused

CONFIGURE, REMOVE = ManualRoute.Deed.CONFIGURE, ManualRoute.Deed.REMOVE


@dataclass(frozen=True)
class Manual:
    """now: when something is asked for, if it has to be."""

    now: datetime

    def configure(self, route: Route) -> None:
        if not ask_to_configure(route, now=self.now):
            why = _("%(number)s waits for staff: configure it for %(client)s in the phone system, then say so here.")
            raise waiting(why, route)

    def prove(self, route: Route) -> None:
        """What a person said is the only proof there is."""
        if not is_configured(route):
            raise waiting(_("Nobody has said yet that %(number)s was configured for %(client)s."), route)

    def remove(self, route: Route) -> None:
        if not ask_to_remove(route, now=self.now):
            why = _("%(number)s waits for staff: take it from %(client)s in the phone system, then say so here.")
            raise waiting(why, route)

    def look(self) -> str:
        return _("staff configure numbers by hand; waiting for them: %(count)d.") % {"count": asked().count()}


def waiting(why: str, route: Route) -> SwitchProblem:
    return SwitchProblem(why % {"number": route.number, "client": route.name or route.client}, waits_for_staff=True)


def asked() -> QuerySet[ManualRoute]:
    """What staff are asked to do, the oldest first."""
    return ManualRoute.objects.filter(done=None).order_by("asked", "pk")


def last_done(number: str) -> ManualRoute | None:
    """What was last done to a number by hand."""
    return ManualRoute.objects.filter(number=number).exclude(done=None).order_by("-done", "-pk").first()


def is_configured(route: Route) -> bool:
    """Whether the number is this client's in the phone system, as far as people have said."""
    last = last_done(route.number)
    return last is not None and last.deed == CONFIGURE and last.client == route.client


@transaction.atomic
def ask_to_configure(route: Route, *, now: datetime) -> bool:
    """Asks staff, once, to configure the number; True when that was done. Takes back what else was asked about it."""
    done = is_configured(route)
    of_number = asked().filter(number=route.number)
    if done:
        of_number.delete()
    else:
        of_number.exclude(deed=CONFIGURE, client=route.client).delete()
        ask(route, CONFIGURE, now)
    return done


@transaction.atomic
def ask_to_remove(route: Route, *, now: datetime) -> bool:
    """Asks staff, once, to take the number from the client; True when that was done, or is another client's since.

    Where nobody had got round to configuring it, that is only not asked for any more.
    """
    last = last_done(route.number)
    taken_back, _rows = asked().filter(number=route.number, client=route.client, deed=CONFIGURE).delete()
    over = last.deed == REMOVE or last.client != route.client if last else bool(taken_back)
    if over:
        asked().filter(number=route.number, client=route.client, deed=REMOVE).delete()
    else:
        ask(route, REMOVE, now)
    return over


def ask(route: Route, deed: str, now: datetime) -> None:
    said = {"order": route.order, "name": route.name, "asked": now}
    ManualRoute.objects.get_or_create(number=route.number, client=route.client, deed=deed, done=None, defaults=said)


@transaction.atomic
def confirm_manual(*, row: int, author: Author) -> ManualRoute:
    """Somebody did in the phone system what this row (id) asks for. Said twice: nothing happens.

    Refused where it is not asked for any more.
    """
    found = ManualRoute.objects.select_for_update().filter(pk=row).first()
    if found is None:
        raise Refused("not_asked", _("This is not asked for any more."), "row")
    if found.done is None:
        found.done, found.by = author.now, author.who
        found.save(update_fields=["done", "by"])
        write_log(
            author=author, deed=f"number.{found.deed}_by_hand",
            about=f"number:{found.number}", details={"client": found.client, "order": found.order},
        )  # fmt: skip
    return found
