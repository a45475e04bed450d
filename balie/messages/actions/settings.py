"""How SMS are sent: the operator's settings, and what differs for one client. Every change is logged."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.messages.models import ClientSms, Outgoing, SmsSettings, State
from balie.messages.settings import client_settings, quiet_end, sms_settings
from balie.messages.short import LANGUAGES, LONGEST_TEMPLATE, unknown_names
from balie.operator.actions import Author, write_log
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.sender import sender_of

MOST = 1_000_000


@transaction.atomic
def put_sms_settings(
    *, sender: str, quiet: tuple[time | None, time | None], limit: int | None, texts: dict[str, str], author: Author
) -> SmsSettings:
    """These hold from now on. quiet: from and until, both or none; texts: of a note's SMS, by language.

    Refused, at its field, for what cannot be.
    """
    if (quiet[0] is None) != (quiet[1] is None):
        raise Refused("half_quiet", _("Quiet hours have a beginning and an end; fill in both or none."), "quiet_until")
    if quiet[0] is not None and quiet[0] == quiet[1]:
        raise Refused("no_quiet", _("Quiet hours end at another time than they begin."), "quiet_until")
    values = {
        "sender": checked_sender(sender),
        "quiet_from": quiet[0],
        "quiet_until": quiet[1],
        "limit": checked_limit(limit),
        "note_text": {code: text for code in LANGUAGES if (text := checked_text(texts.get(code, ""), code))},
    }
    held = sms_settings()
    changed = laid_over(held, values)
    if changed:
        held.save()
        log("sms", changed, author)
    if changed.keys() & {"quiet_from", "quiet_until"}:
        follow_quiet_hours(author.now)
    return held


def follow_quiet_hours(now: datetime) -> None:
    """SMS that wait for nothing but the end of quiet hours go out at the end of the new ones, or now."""
    # One that was tried waits for its next try: with `began` it is left alone.
    waiting = Outgoing.objects.filter(state=State.WAITING, urgent=False, began=None)
    waiting.update(due=quiet_end(now, operator()) or now)


@transaction.atomic
def put_client_sms(*, client: Client, sender: str, limit: int | None, text: str, author: Author) -> ClientSms:
    """What differs for this client from now on; what is empty is as the operator's. Refused for what cannot be."""
    Client.objects.select_for_update().get(pk=client.pk)  # two who change it take turns
    held = client_settings(client)
    values = {"sender": checked_sender(sender), "limit": checked_limit(limit), "note_text": checked_text(text, "text")}
    changed = laid_over(held, values)
    if changed:
        held.save()
        log(f"client:{client.number}", changed, author)
    return held


def checked_sender(text: str) -> str:
    if not text.strip():
        return ""
    found = sender_of(text, operator().country)
    if found is None:
        said = _("“%(sender)s” is no sender: a number, or a name of at most 11 letters and digits.")
        raise Refused("bad_sender", said % {"sender": text[:40]}, "sender")
    return found


def checked_limit(limit: int | None) -> int | None:
    if limit is not None and not 0 <= limit <= MOST:
        raise Refused("bad_limit", _("A limit is a number of SMS from 0 to a million."), "limit")
    return limit


def checked_text(text: str, where: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if len(said) > LONGEST_TEMPLATE:
        too_long = _("At most %(most)s characters can be stored here.")
        raise Refused("too_long", too_long % {"most": LONGEST_TEMPLATE}, where)
    if wrong := unknown_names(said):
        raise Refused("unknown_variable", _("There is no variable {%(name)s}.") % {"name": wrong[0][:30]}, where)
    return said


def laid_over(row: SmsSettings | ClientSms, values: dict[str, Any]) -> dict[str, Any]:
    """Gives the row these values; what it held of those that differ."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, values[name])
    return {name: [written(held), written(values[name])] for name, held in before.items()}


def written(value: Any) -> Any:
    return f"{value:%H:%M}" if isinstance(value, time) else value


def log(about: str, changed: dict[str, Any], author: Author) -> None:
    write_log(author=author, deed="sms.settings", about=about, details=changed)
