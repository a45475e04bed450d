"""A phone system as the fields of a form, and such a form as a world file would say it; the same checks as there.

A field has the path it has in a world file: `files.url`, `columns.start`. Of the directions there is one field, JSON.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from balie.calls.models import Source
from balie.rules.errors import Refused
from balie.web.office.settings import typed
from balie.web.office.settings.typed import State
from balie.world.parts import COLUMNS, FILES, PHONE_SYSTEM
from balie.world.shape import Said

# What holds where a phone system says nothing else, as balie.cdr.generic has it.
USUAL = {
    "separator": ",", "quoting": '"', "encoding": "utf-8", "date_format": "%Y-%m-%d %H:%M:%S", "decimal": ".",
}  # fmt: skip
PLACE = ("url", "key", "password", "host_key")
SECRET = ("key", "password")
TAB = "tab"  # a field cannot hold the sign itself
PLACED = re.compile(r"#(\d{1,9})", re.ASCII)  # a column by its place
NAMED = re.compile(r"#+\d{1,9}", re.ASCII)  # a column whose name looks like a place


def state(source: Source) -> State:
    """The fields of the form as they stand for what is stored."""
    files, options = source.files or {}, source.options
    found = {
        "name": source.name,
        "format": source.format,
        "timezone": source.timezone,
        "trunks": "\n".join(source.trunks),
        "account_prefix": source.account_prefix,
        **{f"files.{name}": str(files.get(name) or "") for name in PLACE},
        **{f"files.{name}": typed.secret_field(files.get(name)) for name in SECRET},
        "files.at": f"{source.look_at:%H:%M}" if source.look_at else "",
        "files.every_minutes": str(source.look_every or ""),
    }
    return found | of_options(options)


def of_options(options: Mapping[str, Any]) -> State:
    """The fields of how lines read."""
    columns = options.get("columns") or {}
    found = {f"columns.{name}": column_field(columns.get(name)) for name in COLUMNS}
    found |= {name: str(options.get(name) or usual) for name, usual in USUAL.items()}
    found["separator"] = TAB if found["separator"] == "\t" else found["separator"]
    return found | {"directions": json.dumps(options.get("directions") or {}, ensure_ascii=False, sort_keys=True)}


def column_field(column: str | int | None) -> str:
    """A column as a field has it: its name, or # and its place counted from 0."""
    if isinstance(column, int):
        return f"#{column}"
    return f"#{column}" if column and NAMED.fullmatch(column) else column or ""


def column_of(field: str) -> str | int:
    if found := PLACED.fullmatch(field):
        return int(found[1])
    return field[1:] if NAMED.fullmatch(field) else field


def given(post: QueryDict, held: State) -> State:
    """What the form says. A way and a word beside each other are rows of the directions."""
    found = typed.given(post, held)
    # Of these spaces and case are no slip: a separator may be a space.
    for name in ("separator", "quoting"):
        found[name] = post.get(name, held[name])
    words, ways = post.getlist("direction_word"), post.getlist("direction_way")
    if "direction_word" in post:
        said = {word.strip(): way for word, way in zip(words, ways, strict=False) if way}
        found["directions"] = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return found


def checked(form: State, source: Source) -> Said:
    """The phone system the form says, as a world file's would be checked. Refused with the field's path."""
    secrets = secrets_of(form, source)
    return PHONE_SYSTEM(document(form, source, secrets), "")


def checked_place(form: State, source: Source) -> Said | None:
    """The part of it that says where files lie; None where nothing does."""
    said = files_of(form, secrets_of(form, source))
    return None if said is None else FILES(said, "files")


def secrets_of(form: State, source: Source) -> dict[str, str | None]:
    stored = source.files or {}
    return {name: typed.secret_of(form[f"files.{name}"], stored.get(name), f"files.{name}") for name in SECRET}


def document(form: State, source: Source, secrets: Mapping[str, str | None]) -> dict[str, Any]:
    """The form as an object of a world file."""
    said: dict[str, Any] = {name: form[name] for name in ("name", "format", "timezone", "account_prefix")}
    said["trunks"] = [line.strip() for line in form["trunks"].splitlines() if line.strip()]
    said["files"] = files_of(form, secrets)
    return said | options_of(form, source) if form["format"] == "generic" else said


def files_of(form: State, secrets: Mapping[str, str | None]) -> dict[str, Any] | None:
    """None where the form names no place; what else it says of it then is gone."""
    if not form["files.url"]:
        return None
    return {
        "url": form["files.url"],
        **secrets,
        "host_key": form["files.host_key"] or None,
        "at": form["files.at"] or None,
        "every_minutes": minutes(form["files.every_minutes"]),
    }


def minutes(field: str) -> int | None:
    if not field:
        return None
    if not (field.isascii() and field.isdigit() and len(field) < 9):
        raise Refused("no_number", _("Give a whole number."), "files.every_minutes")
    return int(field)


def options_of(form: State, source: Source) -> dict[str, Any]:
    """What holds anyway is said only where it was said before."""
    said: dict[str, Any] = {}
    columns = {name: form[f"columns.{name}"] for name in COLUMNS}
    if any(columns.values()):
        said["columns"] = {name: column_of(field) for name, field in columns.items() if field}
    for name, usual in USUAL.items():
        value = "\t" if name == "separator" and form[name] == TAB else form[name]
        if value != usual or name in source.options:
            said[name] = value or usual
    directions = directions_of(form)
    return said | ({"directions": directions} if directions else {})


def directions_of(form: State) -> dict[str, str]:
    """Which word means which direction."""
    try:
        said = json.loads(form["directions"])
    except ValueError:
        return {}
    return {str(word): str(way) for word, way in said.items()} if isinstance(said, dict) else {}
