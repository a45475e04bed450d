"""A client says that a note is wrong: a finding that only a person closes, since no check can see it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.notes.models import Note
from balie.operator.actions import Author, write_log
from balie.operator.queries import operator
from balie.quality.models import CLIENT_WRONG, Finding
from balie.rules.errors import Refused
from balie.rules.period import Period

LONGEST = 1000


@transaction.atomic
def complain(*, note: Note, text: str, author: Author) -> Finding:
    """The client's words open a finding, or are added to the one that is open. Refused without words."""
    said = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not said:
        raise Refused("no_words", _("Say in a few words what is wrong."), "said")
    if len(said) > LONGEST:
        raise Refused("too_long", _("At most %(most)s characters, please.") % {"most": LONGEST}, "said")
    Note.objects.select_for_update().get(pk=note.pk)
    found = complaint(note)
    words = {"who": author.who, "at": author.now.isoformat(), "said": said, "client": note.client_id}
    if found:
        found.figures = {"words": [*found.figures.get("words", []), words]}
        found.told = None
        found.save(update_fields=["figures", "told"])
    else:
        found = opened(note, words, author)
    write_log(author=author, deed="finding.said_by_client", about=f"note:{note.pk}", details={"code": CLIENT_WRONG})
    return found


def opened(note: Note, words: dict[str, Any], author: Author) -> Finding:
    moment = note.call.start if note.call else note.at
    return Finding.objects.create(
        note=note, code=CLIENT_WRONG, client_id=note.client_id, agent_id=note.agent_id,
        month=Period.of(moment, operator().timezone).key, figures={"words": [words]}, opened=author.now,
    )  # fmt: skip


def words_of(finding: Finding, *, client: Client) -> list[dict[str, Any]]:
    """What this client said; a note that was another's before may have words of that one, too."""
    words = finding.figures.get("words", ())
    return [one for one in words if one.get("client", finding.client_id) == client.pk]


def complaint(note: Note) -> Finding | None:
    """The one that is open."""
    return Finding.objects.filter(note=note, code=CLIENT_WRONG, closed=None).first()
