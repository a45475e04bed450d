"""What an agent types is kept while it types; sending the note takes the draft away with it."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.actions.correct import Matched, correct_note
from balie.notes.actions.take import Said, stored, take_note
from balie.notes.models import LONGEST_TEXT, Draft, Note
from balie.operator.actions import Author
from balie.rules.errors import Refused

FORGOTTEN = timedelta(days=14)
MOST = 200  # of one agent
LONGEST_PLACE = 200
OF_THE_FORM = frozenset({"key", "window", "based_on"})  # what no agent types


class NoteSent(Refused):
    """The form was sent before with other words; `note` is what became of it."""

    def __init__(self, note: Note) -> None:
        said = _("This form was sent before, with other words. What you changed since is not sent yet.")
        super().__init__("note_sent", said, "key")
        self.note = note


class DraftElsewhere(Refused):
    """Another window of the same agent wrote at this place since this one was opened."""

    def __init__(self) -> None:
        super().__init__("draft_elsewhere", _("Another window is writing this note; these words are not kept."), "text")


@transaction.atomic
def keep_draft(*, agent: Agent, place: str, said: Mapping[str, str], author: Author) -> bool:
    """Keeps what was typed at this place instead of what was kept before; nothing typed: nothing is kept.

    said["key"]: that of the form, by which the note will be known. A draft that arrives after its note was sent is
    none any more. said["window"], said["based_on"]: the page it was typed in, and when the draft was kept that it began
    with. Whether something is kept; raises DraftElsewhere where another window's newer words would be lost.
    """
    held = Draft.objects.select_for_update().filter(agent=agent, place=place).first()
    if held and is_newer(held, said):
        raise DraftElsewhere
    typed = {name: text[:LONGEST_TEXT] for name, text in said.items() if text.strip()}
    sent = Note.objects.filter(key=typed.get("key") or None).exists() if typed.get("key") else False
    if sent or len(place) > LONGEST_PLACE or not set(typed) - OF_THE_FORM:
        drop_draft(agent=agent, place=place)
        return False
    Draft.objects.update_or_create(agent=agent, place=place, defaults={"said": typed, "at": author.now})
    forget_old(agent, author)
    return True


def is_newer(held: Draft, said: Mapping[str, str]) -> bool:
    """Whether another window kept this draft after the one with these words was opened. A page without a name: no."""
    window = said.get("window", "")
    return bool(window) and held.said.get("window", "") != window and said.get("based_on") != held.at.isoformat()


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
    """Takes a note of the desk; what was typed at its place is no draft any more. As `take_note` does.

    Raises NoteSent where the key's note never said this: a person would believe that the new words are on their way.
    """
    note = take_note(client=client, agent=agent, said=said, call=call, key=key, author=author)
    if key and not has_said(note, said):
        raise NoteSent(note)
    drop_draft(agent=agent, place=place)
    return note


def has_said(note: Note, said: Said) -> bool:
    """Whether the note says this, or said it before it was corrected."""
    wanted = stored(said)
    if all(getattr(note, name) == value for name, value in wanted.items()):
        return True
    return any(all(row.said[name] == value for name, value in wanted.items()) for row in note.versions.all())


@transaction.atomic
def send_correction(
    *, note: Note, said: Said, version: int, agent: Agent | None = None, place: str = "", client: Client | None = None,
    call: Call | Matched | None = None, author: Author,
) -> Note:  # fmt: skip
    """Corrects a note; the draft of the correction goes. As `correct_note` does."""
    corrected = correct_note(note=note, said=said, version=version, client=client, call=call, author=author)
    if agent:
        drop_draft(agent=agent, place=place)
    return corrected
