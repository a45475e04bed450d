"""What an agent types is kept while it types; sending the note takes the draft away with it."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.actions.correct import correct_note
from balie.notes.actions.take import Said, take_note
from balie.notes.models import LONGEST_TEXT, Draft, Note
from balie.operator.actions import Author

FORGOTTEN = timedelta(days=14)
MOST = 200  # of one agent
LONGEST_PLACE = 200


def keep_draft(*, agent: Agent, place: str, said: Mapping[str, str], author: Author) -> bool:
    """Keeps what was typed at this place instead of what was kept before; nothing typed: nothing is kept.

    said["key"]: that of the form, by which the note will be known. A draft that arrives after its note was sent is
    none any more. Whether something is kept.
    """
    typed = {name: text[:LONGEST_TEXT] for name, text in said.items() if text.strip()}
    sent = Note.objects.filter(key=typed.get("key") or None).exists() if typed.get("key") else False
    if sent or len(place) > LONGEST_PLACE or not set(typed) - {"key"}:
        drop_draft(agent=agent, place=place)
        return False
    Draft.objects.update_or_create(agent=agent, place=place, defaults={"said": typed, "at": author.now})
    forget_old(agent, author)
    return True


def forget_old(agent: Agent, author: Author) -> None:
    """Words about callers are not kept for ever: drafts nobody touched for two weeks go, and the oldest of too many."""
    Draft.objects.filter(agent=agent, at__lt=author.now - FORGOTTEN).delete()
    over = Draft.objects.filter(agent=agent).order_by("-at").values_list("pk", flat=True)[MOST : MOST + 50]
    if over:
        Draft.objects.filter(pk__in=list(over)).delete()


def drop_draft(*, agent: Agent, place: str) -> None:
    """Forgets what was typed there."""
    Draft.objects.filter(agent=agent, place=place).delete()


@transaction.atomic
def send_note(
    *, client: Client, agent: Agent, said: Said, place: str, call: Call | None = None, key: str = "", author: Author
) -> Note:
    """Takes a note of the desk; what was typed at its place is no draft any more. As `take_note` does."""
    note = take_note(client=client, agent=agent, said=said, call=call, key=key, author=author)
    drop_draft(agent=agent, place=place)
    return note


@transaction.atomic
def send_correction(
    *, note: Note, said: Said, version: int, agent: Agent | None = None, place: str = "", client: Client | None = None,
    call: Call | None = None, author: Author,
) -> Note:  # fmt: skip
    """Corrects a note; the draft of the correction goes. As `correct_note` does."""
    corrected = correct_note(note=note, said=said, version=version, client=client, call=call, author=author)
    if agent:
        drop_draft(agent=agent, place=place)
    return corrected
