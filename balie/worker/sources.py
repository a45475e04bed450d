"""The job that looks at the files of phone systems: which are due, how a look ends, when the next one is."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from balie.calls.letters import tell_troubles
from balie.calls.models import SeenFile, Source
from balie.leases import actions as leases
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.worker.schedule import next_look
from balie.worker.turn import LeaseLost, Turn

LEASE = timedelta(minutes=10)


def due(now: datetime) -> QuerySet[Source]:
    """Sources to look at: their moment has come, or they have files and were never looked at.

    One without a moment although it has a time or a rhythm was changed since: it is looked at, then has one.
    """
    never = Q(next_look=None) & (Q(last_look=None) | Q(look_at__isnull=False) | Q(look_every__isnull=False))
    return Source.objects.filter(Q(next_look__lte=now) | never, files__isnull=False)


def look_now(source: Source, *, now: datetime) -> None:
    """Makes the source due at once; files that were refused, and a source given up, get another chance.

    Refused for a source that has no files to look for.
    """
    if not source.files:
        said = _("For %(source)s nobody has entered where its files lie.") % {"source": source.name}
        raise Refused("no_files", said, "files")
    SeenFile.objects.filter(source=source).exclude(problem="").delete()
    leases.revive(Source.objects.filter(pk=source.pk))
    Source.objects.filter(pk=source.pk).update(next_look=now)


def tell(now: datetime) -> None:
    """Mails to staff about phone systems that cannot be read or are silent."""
    tell_troubles(now=now)


def look(source: Source, turn: Turn) -> None:
    """Looks once and stores when that was, what went wrong and when to look next."""
    from balie.worker import reading, remote  # paramiko and all that: web processes import this module too

    now = turn.now()
    try:
        problems = reading.read_new(source, turn)
        whole = True
    except remote.outside_errors() as problem:
        problems, whole = [remote.words(problem)], False
    source.refresh_from_db(fields=["look_at", "look_every", "next_look"])
    planned = next_look(after=now, at=source.look_at, every=source.look_every, zone=operator().timezone)
    tries = 0
    if not whole and source.attempts < leases.MOST_ATTEMPTS:
        # The server may be back in a minute; after five attempts the next regular look is soon enough.
        tries = source.attempts
        again = now + leases.pause(tries)
        planned = min(planned, again) if planned else again
    kept = leases.give_back(
        source, attempts=tries, last_look=now, last_problem=" ".join(problems)[:4000], next_look=planned
    )
    if not kept:
        raise LeaseLost
