"""Mails of one kind to many recipients, queued together: what `queue_mail` does with one, in a few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from balie.leases.faults import fault
from balie.notifications.actions import filled_in, spoken_in
from balie.notifications.mails import KINDS
from balie.notifications.models import Mail
from balie.notifications.queries import own_texts, words_of
from balie.operator.queries import operator as the_operator


@dataclass(frozen=True)
class Wanted:
    """One of them. key: of the event it tells; file: kept below BALIE_FILES_URL, goes with it under `file_name`."""

    to: str
    language: str
    values: Mapping[str, str]
    key: str
    about: str
    file: str = ""
    file_name: str = ""


@transaction.atomic
def queue_mails(*, kind: str, mails: Sequence[Wanted], now: datetime) -> None:
    """Puts mails into the outbox, in the caller's transaction; nothing is sent here. Five queries.

    Of an event that has its mail already there is no second one; who has no address is left out.
    """
    wanted = {one.key: one for one in mails if one.to.strip()}
    if not wanted:
        return
    keyed = Mail.objects.exclude(key="")  # said too: only then does SQLite look into the index of keys
    held = set(keyed.filter(key__in=wanted).order_by().values_list("key", flat=True))
    operator, own, of_kind = the_operator(), own_texts(), KINDS[kind]
    made = []
    for key, one in wanted.items():
        if key in held:
            continue
        spoken = spoken_in(one.language, operator)
        text = own.get((kind, spoken))
        words = words_of(text) if text else of_kind.standard[spoken]
        said = filled_in(of_kind, spoken, one.values, words, operator)
        to = {"recipient": one.to.strip(), "about": one.about, "file": one.file, "file_name": one.file_name}
        made.append(Mail(kind=kind, key=key, created=now, due=now, **to, **said))
    Mail.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    fault("mail-queued")
