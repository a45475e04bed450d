"""Sending many SMS again: those that failed, since the gateway had no credit left, say; or those of which nobody knows,
since a backup was restored.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from balie.accounts.models import Client
from balie.messages.actions.send import counts
from balie.messages.limits import limited, tell
from balie.messages.models import OptOut, Outgoing, State
from balie.messages.outbox import problems
from balie.messages.settings import quiet_end
from balie.operator.actions import Author, write_logs
from balie.operator.queries import operator as the_operator
from balie.rules.period import Period
from balie.rules.phone import can_be_called

MOST_AT_ONCE = 500


@transaction.atomic
def send_all_again(*, state: State, author: Author) -> tuple[int, int]:
    """Sends those in a state of the last seven days again, as `send_again` one of them: the oldest first, 500 at most.

    How many wait now, and how many must not be sent: the number opted out, or the client's limit is reached. Those
    whose words were removed after their time are neither.
    """
    kept = problems(author.now, [state]).exclude(recipient="").exclude(text="")
    found = list(kept.select_for_update(of=("self",)).select_related("client")[:MOST_AT_ONCE])
    allowed = list(within_limits(may_get_some(found), author.now)) if found else []
    revive(allowed, author.now)
    about = ((f"client:{sms.client.number}", {"sms": sms.pk, "to": sms.recipient}) for sms in allowed)
    write_logs(author=author, deed="sms.sent_again", entries=about)
    return len(allowed), len(found) - len(allowed)


def may_get_some(found: Sequence[Outgoing]) -> list[Outgoing]:
    """Those to numbers that can get an SMS and did not opt out."""
    numbers = {sms.recipient for sms in found}
    out = set(OptOut.objects.filter(number__in=numbers).values_list("number", flat=True))
    country = the_operator().country
    return [sms for sms in found if sms.recipient not in out and can_be_called(sms.recipient, country)]


def within_limits(found: Sequence[Outgoing], now: datetime) -> Iterator[Outgoing]:
    """Those for which there is room, the first ones first; each takes its own. Of who has none staff is told, once."""
    rooms, operator = limited({sms.client_id for sms in found}, now=now), the_operator()
    used, full = {client: room.used for client, room in rooms.items()}, dict[int, Client]()
    month = Period.of(now, operator.timezone)
    for sms in found:
        room = rooms.get(sms.client_id)
        if room and not counts(sms) and used[sms.client_id] + sms.parts > room.limit:
            full[sms.client_id] = sms.client
            continue
        if room and sms.accepted is None and not (sms.state == State.UNKNOWN and sms.created >= month.begin):
            used[sms.client_id] += sms.parts  # counted nowhere so far
        yield sms
    for number, client in full.items():
        tell(client, rooms[number].limit, month, operator, now)


def revive(found: Sequence[Outgoing], now: datetime) -> None:
    """They wait, as `send_again` lets one wait: what failed under a new mark."""
    waiting = {"state": State.WAITING, "reason": "", "began": None, "resent": F("resent") + 1}
    failed = [sms for sms in found if sms.state == State.FAILED]
    for sms in failed:
        sms.mark = uuid4().hex
    if failed:
        Outgoing.objects.bulk_update(failed, ["mark"])
    later = quiet_end(now, the_operator()) or now
    for urgent, due in ((True, now), (False, later)):
        some = [sms.pk for sms in found if sms.urgent == urgent]
        if some:
            Outgoing.objects.filter(pk__in=some).update(**waiting, due=due)
