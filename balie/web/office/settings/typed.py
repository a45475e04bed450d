"""What forms of settings have in common: two people at the same form, where secrets lie, who changed it last.

A form is a `State`: the text of each of its fields by name, as it stands in the field.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from balie.operator.models import LogEntry
from balie.operator.secrets import refuse_unless_place, shown
from balie.rules.errors import Refused
from balie.rules.meanwhile import merged
from balie.web.office.settings.refused import on_page

State = dict[str, str]


@dataclass(frozen=True)
class Trouble:
    """What keeps a form from being stored, in the reader's language, beside its field; status: of the answer."""

    message: str
    where: str
    status: int = 422

    @classmethod
    def of(cls, refusal: Refused, *, status: int = 422) -> "Trouble":
        """Of a refusal with a path: `trunks[2]` is about the field `trunks`."""
        return cls(on_page(refusal.message), refusal.where.partition("[")[0], status)


class ChangedMeanwhile(Refused):
    """Somebody else changed the same field meanwhile. was: what the page showed, with that brought up to date."""

    def __init__(self, where: str, now: str, was: State) -> None:
        said = _("Somebody else changed this meanwhile; it says now: “%(now)s”. Store once more to replace that.")
        super().__init__("set_meanwhile", said % {"now": now[:200]}, where)
        self.was = was


def brought_together(was: str, given: State, held: State) -> State:
    """What shall be stored: what the form did not change stays as others stored it since.

    was: what the page showed, as JSON; given: what was sent from it; held: what is stored. Raises ChangedMeanwhile.
    """
    before = shown_before(was, held)
    found = merged(before, given, held)
    if found.clashes:
        first = found.clashes[0]
        raise ChangedMeanwhile(first, held[first], before | {name: held[name] for name in found.clashes})
    return {name: found.values.get(name, "") for name in given}


def shown_before(text: str, held: State) -> State:
    """What the page showed that was sent; what is stored, where the page does not tell."""
    try:
        said = json.loads(text)
    except ValueError:
        return held
    known = isinstance(said, dict) and said.keys() == held.keys()
    return said if known and all(isinstance(value, str) for value in said.values()) else held


def given(post: Mapping[str, str], held: State) -> State:
    """The fields of a form; one that was not sent says nothing else than what is stored."""
    return {name: post.get(name, value).replace("\r\n", "\n").strip() for name, value in held.items()}


def secret_field(stored: object) -> str:
    """A secret as its field shows it: where it lies; of one that is stored itself only that it is."""
    return shown(str(stored or ""))


def secret_of(field: str, stored: object, where: str) -> str | None:
    """What a field for a secret means. Refused for the secret itself: what is typed here would be stored."""
    if not field:
        return None
    if stored and field == secret_field(stored):
        return str(stored)
    refuse_unless_place(field, where)
    return field


def secret_kept(field: str, held: Mapping[str, Any], name: str, kind: str) -> str | None:
    """The same of what cannot do without one: left empty, what is stored for this kind stays. None: there is none."""
    if not field and held.get("kind") == kind:
        return str(held.get(name) or "") or None
    return secret_of(field, held.get(name), name)


def last_change(*, about: str, names: tuple[str, ...] = ()) -> LogEntry | None:
    """Who last changed what this is about; names: one of these fields of it."""
    found = LogEntry.objects.filter(about=about).order_by("-at", "-pk")
    if not names:
        return found.first()
    return next((entry for entry in found[:200] if set(names) & set(entry.details.get("after", {}))), None)
