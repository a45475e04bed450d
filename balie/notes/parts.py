"""What may stand in the parts of a client's desk: checked, cleaned, or Refused at the field that must be mended."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.notes.delivery import MAIL, SMS
from balie.notes.models import When
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.holidays import public_holidays
from balie.rules.phone import can_be_called, e164
from balie.rules.recording import is_email

LONGEST = {"greeting": 500, "in_hours": 10_000, "out_of_hours": 10_000, "questions": 20_000, "region": 12}
MOST_FIELDS, LONGEST_FIELD = 12, 60
MOST_ROWS = 50
A_YEAR = 2026  # any: a region has a calendar or has none
# Fields that every note has and a client may require.
STANDARD = {
    "caller_name": gettext_lazy("Name"),
    "caller": gettext_lazy("Number"),
    "reason": gettext_lazy("About"),
    "email": gettext_lazy("Email"),
    "promised": gettext_lazy("Promised"),
}


def too_long(most: int, where: str) -> Refused:
    return Refused("too_long", _("At most %(most)s characters can be stored here.") % {"most": most}, where)


def words_checked(value: Any) -> dict[str, str]:
    found = {name: str(value.get(name, "")).replace("\r\n", "\n").strip() for name in LONGEST}
    for name, text in found.items():
        if len(text) > LONGEST[name]:
            raise too_long(LONGEST[name], name)
    if found["region"]:
        try:
            public_holidays(found["region"], [A_YEAR])
        except Refused:
            said = _("Nobody knows the public holidays of “%(region)s”; write NL, BE or DE-NW.")
            raise Refused("unknown_holidays", said % {"region": found["region"]}, "region") from None
    return found


def fields_checked(value: Any) -> dict[str, list[str]]:
    """extra: names in order, each once; required: of these and of the standard ones."""
    extra = [" ".join(str(name).split()) for name in value.get("extra", ())]
    extra = [name for name in dict.fromkeys(extra) if name]
    if len(extra) > MOST_FIELDS:
        said = _("At most %(most)s fields of its own: more than that nobody fills in on the telephone.")
        raise Refused("too_many", said % {"most": MOST_FIELDS}, "extra")
    if wrong := next((name for name in extra if len(name) > LONGEST_FIELD), None):
        raise Refused(
            "too_long", _("“%(name)s …” is too long for the name of a field.") % {"name": wrong[:30]}, "extra"
        )
    if wrong := next((name for name in extra if name in STANDARD or name == "text"), None):
        raise Refused("bad_field", _("Every note has “%(name)s” already.") % {"name": wrong}, "extra")
    asked = {str(name) for name in value.get("required", ())}
    return {"extra": extra, "required": [name for name in (*STANDARD, "text", *extra) if name in asked]}


def recipients_checked(value: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows without an address are none."""
    found: list[dict[str, str]] = []
    country = operator().country
    for at, row in enumerate(rows_with(value, "to", "recipients")):
        to, name = str(row["to"]).strip(), " ".join(str(row.get("name", "")).split())[:200]
        kind, when = str(row.get("kind") or MAIL), str(row.get("when") or When.ALWAYS)
        if kind == MAIL and not is_email(to):
            raise Refused("bad_email", _("“%(to)s” cannot be an email address.") % {"to": to[:80]}, f"to-{at}")
        if kind == SMS:
            to = e164(" ".join(to.split()), country)
            if not can_be_called(to, country):
                said_wrong = _("“%(to)s” is no number that could get an SMS.")
                raise Refused("bad_number", said_wrong % {"to": to[:80]}, f"to-{at}")
        elif kind != MAIL:
            raise Refused("bad_value", _("Choose mail or SMS."), f"kind-{at}")
        if when not in When.values:
            raise Refused("bad_value", _("Choose when this recipient gets notes."), f"when-{at}")
        said = {"kind": kind, "to": to, "name": name, "when": when}
        if any((one["kind"], one["to"].lower(), one["when"]) == (kind, to.lower(), when) for one in found):
            raise Refused("twice", _("“%(to)s” stands here twice.") % {"to": to[:80]}, f"to-{at}")
        found.append(said)
    return found


def exempt_checked(value: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Numbers as calls have them, sorted; each once."""
    country, found = operator().country, {}
    for at, row in enumerate(rows_with(value, "number", "exempt")):
        number = e164(str(row["number"]).strip(), country)
        if len(number) > 80 or not any(sign.isdigit() for sign in number):
            raise Refused("bad_number", _("“%(number)s” is no number.") % {"number": number[:40]}, f"number-{at}")
        found[number] = " ".join(str(row.get("why", "")).split())[:200]
    return [{"number": number, "why": found[number]} for number in sorted(found)]


def rows_with(value: Sequence[Mapping[str, Any]], name: str, where: str) -> list[Mapping[str, Any]]:
    rows = [row for row in value if str(row.get(name, "")).strip()]
    if len(rows) > MOST_ROWS:
        raise Refused("too_many", _("At most %(most)s can be stored.") % {"most": MOST_ROWS}, where)
    return rows
