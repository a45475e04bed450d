"""Numbers that want no SMS: entered by staff, by the client's wish, or because the number itself said STOP."""

from django.db import transaction
from django.utils.translation import gettext as _

from balie.messages.models import OptOut
from balie.operator.actions import Author, write_log
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.phone import can_be_called, e164
from balie.rules.text import storable

LONGEST_WHY = 200


@transaction.atomic
def opt_out(*, number: str, why: str = "", author: Author) -> OptOut:
    """No SMS goes to this number any more, from whoever. Said twice: nothing happens. Refused for what is no number."""
    region = operator().country
    wanted = e164(" ".join(number.split()), region)
    if not can_be_called(wanted, region):
        raise Refused("bad_number", _("“%(number)s” is no number.") % {"number": storable(number)[:40]}, "number")
    said = {"since": author.now, "by": author.who, "why": " ".join(storable(why).split())[:LONGEST_WHY]}
    found, new = OptOut.objects.get_or_create(number=wanted, defaults=said)
    if new:
        log(wanted, "sms.opted_out", author)
    return found


@transaction.atomic
def opt_in(*, number: str, author: Author) -> bool:
    """SMS may go to this number again; False where nothing spoke against it."""
    wanted = e164(" ".join(number.split()), operator().country)
    gone, _rows = OptOut.objects.filter(number=wanted).delete()
    if gone:
        log(wanted, "sms.opted_in", author)
    return bool(gone)


def log(number: str, deed: str, author: Author) -> None:
    details = {"number": number}
    write_log(author=author, deed=deed, about="sms", details=details)
