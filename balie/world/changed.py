"""Settings of the operator as the office shows and changes them: the values of a world file by their paths
(`close.day`, `mailboxes.orders`), checked as a world file is, beside what others changed meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.calls.actions import follow_answer_seconds, follow_timezone, hold_sources
from balie.messages import actions as sms
from balie.operator.actions import Author, change_operator
from balie.operator.models import LogEntry, Operator
from balie.operator.queries import locked_operator
from balie.operator.secrets import refuse_unless_place, shown
from balie.operator.setting import ABOUT, DEED
from balie.rules.errors import Refused
from balie.rules.meanwhile import merged
from balie.world.kinds import email
from balie.world.parts import CLOSE, MAIL, MAILBOXES, OPERATOR, RETENTION
from balie.world.settings import refuse_other_zone
from balie.world.shape import Kind

State = dict[str, Any]
LOOKED_THROUGH = 200  # entries of the log among which a page finds its own
PLAIN = (
    "name", "address", "timezone", "region", "currency", "language", "base_url", "answer_seconds", "quarantine_days",
    "low_stock", "sms_count", "target_margin_percent", "offer_step", "margin_months",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """Where one value is kept, and what it may be. key: within the field, where that holds several."""

    kind: Kind
    field: str
    key: str = ""
    is_needed: bool = True


SETTINGS: Mapping[str, Setting] = {
    **{name: Setting(OPERATOR.keys[name], name, is_needed=name != "base_url") for name in PLAIN},
    **{f"close.{key}": Setting(kind, f"close_{key}") for key, kind in CLOSE.keys.items()},
    **{f"mailboxes.{box}": Setting(email, "mailboxes", box, False) for box in MAILBOXES},
    **{f"mail.{key}": Setting(kind, "mail", key, False) for key, kind in MAIL.keys.items()},
    **{f"retention.{kind}": Setting(months, "retention", kind, False) for kind, months in RETENTION.items()},
}


class NotStored(Refused):
    """Some values cannot be; `problems`: why, by path."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        where, message = next(iter(problems.items()))
        super().__init__("not_stored", message, where)
        self.problems = problems


class SetMeanwhile(NotStored):
    """Somebody else set the same otherwise meanwhile; was: what the page showed, with that brought up to date."""

    def __init__(self, names: Iterable[str], was: State) -> None:
        said = _("Somebody else changed this meanwhile. Store once more to replace it.")
        super().__init__(dict.fromkeys(names, said))
        self.was = was


def state(operator: Operator, names: Iterable[str]) -> State:
    """These settings as they are: texts, whole numbers, yes or no, lines; empty where nothing is set."""
    return {name: value_in(vars(operator), name) for name in names}


def value_in(fields: Mapping[str, Any], name: str) -> Any:
    """One setting out of the fields of the table, or of what the log kept of them."""
    setting = SETTINGS[name]
    value = fields[setting.field]
    if setting.key:
        value = (value or {}).get(setting.key)
    return plain(value, name)


def plain(value: Any, name: str) -> Any:
    """A value as it stands in a world file. A secret is shown by where it lies."""
    if value is None:
        return ""
    if name == "close.at":
        return f"{value:%H:%M}" if isinstance(value, time) else str(value)[:5]
    if name in ("target_margin_percent", "offer_step"):
        return f"{Decimal(value).normalize():f}"
    return shown(value) if name == "mail.password" else value


@transaction.atomic
def put(wanted: State, *, author: Author, was: State | None = None) -> LogEntry | None:
    """Stores these settings, and what follows from them; None where everything was so already.

    was: what the page showed, if known: what it did not change stays as others set it since. Raises NotStored with what
    cannot be, SetMeanwhile where both changed the same; refused while calls are stored that sums would have to follow.
    """
    operator = locked_operator()
    held, wanted = state(operator, wanted), checked(wanted, was or {})
    if was is not None:
        found = merged(was, {**was, **wanted}, held)
        if found.clashes:
            raise SetMeanwhile(found.clashes, was | {name: held[name] for name in found.clashes})
        wanted = {name: found.values[name] for name in wanted}
    changed = {name: value for name, value in wanted.items() if held[name] != value}
    if not changed:
        return None
    refuse_half_a_server(held | wanted)
    if "timezone" in changed:
        refuse_other_zone(operator.timezone, changed["timezone"], "timezone")
    if {"timezone", "answer_seconds"} & set(changed):
        hold_sources()
    change_operator(rows(changed, held | wanted), author=author)
    follow(changed, operator.answer_seconds)
    return LogEntry.objects.filter(deed=DEED, about=ABOUT).latest("pk")


def checked(wanted: State, was: State) -> State:
    """The same as a world file would have it. Raises NotStored with all that cannot be."""
    found: State = {}
    problems: dict[str, str] = {}
    for name, value in wanted.items():
        try:
            found[name] = plain(as_kept(name, value, was), name)
        except Refused as refusal:
            problems[name] = refusal.message
    if problems:
        raise NotStored(problems)
    return found


def as_kept(name: str, value: Any, was: State) -> Any:
    """One value as the table wants it. Refused for what it cannot be; a secret the page did not change stays."""
    setting = SETTINGS[name]
    if value == "" and not setting.is_needed:
        return None
    if name == "mail.password" and value == was.get(name):
        return value
    kept = setting.kind(value, name)
    if name == "mail.password":
        refuse_unless_place(kept, name)
    return kept


def refuse_half_a_server(whole: State) -> None:
    """Refused for what belongs to a mail server without one."""
    if whole.get("mail.url") == "" and (whole.get("mail.from") or whole.get("mail.password")):
        raise NotStored({"mail.url": _("Give the address of the server too, or empty the other fields.")})


def rows(changed: State, whole: State) -> dict[str, Any]:
    """What changes, by the fields of the table."""
    found: dict[str, Any] = {}
    for name, value in changed.items():
        setting = SETTINGS[name]
        kept = as_kept(name, value, {"mail.password": value})
        if setting.key:
            found.setdefault(setting.field, {})[setting.key] = kept
        else:
            found[setting.field] = "" if kept is None else kept
    if "mail" in found and not whole.get("mail.url"):
        found["mail"] = None
    return found


def follow(changed: State, answer_seconds: int) -> None:
    """Sums kept beside calls and SMS go by some settings. answer_seconds: that held until now."""
    if "answer_seconds" in changed:
        follow_answer_seconds(answer_seconds)
    if "timezone" in changed:
        follow_timezone()
        sms.follow_timezone()


def take_back(entry: LogEntry, names: Iterable[str], *, author: Author) -> LogEntry | None:
    """Of these settings, what that change set is again as it was before it; what was set otherwise since stays."""
    before, after = both(entry, names)
    held = state(locked_operator(), before)
    same = {name: old for name, old in before.items() if held[name] == after[name] and can_be_back(name, old)}
    return put(same, author=author) if same else None


def can_be_back(name: str, old: Any) -> bool:
    """Whether the log knows what it was: of a password that was written out it does not."""
    return name != "mail.password" or not old or old.startswith(("env:", "file:"))


def both(entry: LogEntry, names: Iterable[str]) -> tuple[State, State]:
    """What a change of the log set among these settings: what was before and is after, only where they differ."""
    before, after = entry.details["before"], entry.details["after"]
    known = [name for name in names if SETTINGS[name].field in before]
    pairs = {name: (value_in(before, name), value_in(after, name)) for name in known}
    found = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {name: old for name, (old, _new) in found.items()}, {name: new for name, (_old, new) in found.items()}


def changes(names: Iterable[str], most: int) -> list[tuple[LogEntry, State, State]]:
    """The latest changes of these settings, the last first: the entry, and what they were and became."""
    wanted, found = list(names), []
    for entry in LogEntry.objects.filter(about=ABOUT, deed=DEED).order_by("-pk")[:LOOKED_THROUGH]:
        before, after = both(entry, wanted)
        if before:
            found.append((entry, before, after))
        if len(found) == most:
            break
    return found
