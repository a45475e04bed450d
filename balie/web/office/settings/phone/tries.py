"""What a place has and how a file reads, with the form as it stands. Nothing is stored: the beginning of a file goes
with the page from one try to the next."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from balie.calls.models import Source
from balie.calls.sample import LONGEST, Sample, read_sample
from balie.cdr import guess
from balie.operator import phrases
from balie.operator.models import Operator
from balie.rules.errors import Refused
from balie.web.office.settings.phone import fields
from balie.web.office.settings.refused import on_page, sentence
from balie.web.office.settings.typed import State
from balie.web.soon import TooSlow, within
from balie.world.parts import COLUMNS
from balie.world.phone_system import values_said
from balie.world.shape import Said

if TYPE_CHECKING:
    from balie.worker.remote import Place

T = TypeVar("T")
SECONDS, STEP_SECONDS = 10, 8
MOST_FILES = 20
STAMP = re.compile(r"([0-9]{8})([0-9]{6})(?:\.[0-9]+)?", re.ASCII)  # as FTP servers write it, in UTC


@dataclass(frozen=True)
class ListedFile:
    """A file that matches. path: as the server has it; size in bytes, None where the server does not tell; when: UTC;
    text: what the server says of that, where it cannot be read."""

    path: str
    name: str
    size: int | None
    when: datetime | None
    text: str


@dataclass(frozen=True)
class ShownKey:
    """The host key a server showed. line: as the setting takes it; printed: its fingerprint; expected: that of the one
    entered, empty where there is none."""

    line: str
    printed: str
    expected: str


@dataclass(frozen=True)
class Tried:
    """What came of a try: the newest files and how many there are, or what is wrong."""

    files: list[ListedFile]
    count: int
    problem: str = ""
    key: ShownKey | None = None


def tried(place: Said) -> Tried:
    """Connects and lists. place: as `balie.world.parts.FILES` checked it. At most SECONDS."""
    found = at_place(place, lambda opened: opened.found())
    if isinstance(found, Tried):
        return found
    newest = found[: -MOST_FILES - 1 : -1]
    return Tried([ListedFile(file.path, file.name, file.size, *told_when(file.mtime)) for file in newest], len(found))


def at_place(place: Said, work: Callable[["Place"], T]) -> T | Tried:
    """What work finds there, or what is wrong. At most SECONDS."""
    from balie.worker import remote, sftp  # paramiko and all that
    from balie.worker.ours import secret_files

    secret = secret_files()  # here, since the other thread has no transaction of ours

    def opened() -> T:
        with remote.opened(dict(place), seconds=STEP_SECONDS, secret=secret) as there:
            return work(there)

    try:
        return within(SECONDS, opened)
    except sftp.StrangeHostKey as strange:
        return Tried([], 0, sentence(strange.message), ShownKey(strange.offered, strange.printed, strange.expected))
    except TooSlow:
        said = _("The server did not answer within ten seconds. Try again; if it stays so, ask whoever runs it.")
        return Tried([], 0, said)
    except remote.outside_errors() as problem:
        return Tried([], 0, sentence(remote.words(problem)))


def told_when(mtime: str) -> tuple[datetime | None, str]:
    when = moment(mtime)
    return when, "" if when else mtime


def moment(text: str) -> datetime | None:
    """When a file changed, as its server tells it; None where it does not say in which zone that is."""
    if stamp := STAMP.fullmatch(text):
        text = f"{stamp[1]}T{stamp[2]}Z"
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@dataclass(frozen=True)
class Given:
    """The beginning of a file that goes with the page; is_cut: whether the file goes on."""

    name: str
    data: bytes
    is_cut: bool

    @property
    def text(self) -> str:
        """As a hidden field has it."""
        return base64.b64encode(self.data).decode()

    @classmethod
    def of(cls, post: QueryDict, file: Any) -> "Given | None":
        """The file chosen now, else the one that came with the page."""
        if file is not None:
            data = file.read(LONGEST)
            return cls(str(file.name)[:200], data, file.size > len(data))
        try:
            data = base64.b64decode(post.get("sample", ""), validate=True)[:LONGEST]
        except (binascii.Error, ValueError):
            return None
        return cls(post.get("sample_name", "")[:200], data, bool(post.get("sample_cut"))) if data else None


def fetched(place: Said, path: str) -> Given | Tried:
    """The beginning of one of the files that match, or what is wrong."""

    def head(there: "Place") -> Given | None:
        file = next((file for file in there.found() if file.path == path), None)
        if file is None:
            return None
        data = there.head(file, LONGEST)
        return Given(file.name[:200], data, file.size is None or file.size > len(data))

    found = at_place(place, head)
    return found or Tried([], 0, _("This file is not there any more. Try the connection again."))


@dataclass(frozen=True)
class Read:
    """How the file reads, or why it does not; header: its columns by name, or by place where the first line is a call;
    words: what stands in its column of directions; is_guessed: whether the columns were filled in by us."""

    sample: Sample | None
    problem: str
    header: list[str]
    first: list[str]
    words: list[str]
    is_guessed: bool = False


def read(form: State, source: Source, given: Given, operator: Operator) -> tuple[State, Read]:
    """The file read with what the form says. Without columns they are guessed: the form with them comes back."""
    is_guessed = form["format"] == "generic" and not any(form[f"columns.{name}"] for name in COLUMNS)
    if is_guessed:
        form = form | fields.of_options(guess.guessed(given.data))
        is_guessed = any(form[f"columns.{name}"] for name in COLUMNS)
    options = fields.options_of(form, source) if form["format"] == "generic" else {}
    lines = guess.rows(given.data, options, 200) if form["format"] == "generic" else []
    head, body = (lines[0], lines[1:]) if lines else ([], [])
    column = options.get("columns", {}).get("direction")
    words = sorted(set(guess.values(head, body, column)) - {""})[:30] if column is not None else []
    problem, sample = "", None
    try:
        wanted = trial(form, source)
        sample = in_words(read_sample(wanted, given.data, operator, is_cut=given.is_cut))
    except Refused as refusal:
        known = " " in refusal.where or not refusal.where
        problem = sentence(phrases.told_with_place(refusal)) if known else on_page(refusal.message)
    return form, Read(sample, problem, head, body[0] if body else [], words, is_guessed)


def in_words(sample: Sample) -> Sample:
    """With what is said of it in the reader's language."""
    bad = [replace(line, reason=phrases.told(line.reason)) for line in sample.bad]
    return replace(sample, bad=bad, warning=phrases.told(sample.warning))


def trial(form: State, source: Source) -> Source:
    """A phone system of what the form says of reading, stored nowhere. Where its files lie plays no part."""
    alone = form | {"name": form["name"] or "?", **dict.fromkeys((one for one in form if one.startswith("files.")), "")}
    values = values_said(fields.checked(alone, source), source)
    names = ("name", "format", "timezone", "trunks", "account_prefix", "options")
    return Source(pk=source.pk, **{name: values[name] for name in names})
