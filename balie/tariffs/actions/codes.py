"""Codes: entering one, using one, withdrawing one.

Whatever a person types goes through `code_entered`: it counts wrong tries per person and per address, in the database,
since several processes serve one operator. What is wrong with a code is never told.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.operator.actions import Author, Change, log_all
from balie.rules.errors import Refused
from balie.tariffs.models import CodeAttempt, CodeUse, Tariff
from balie.tariffs.queries import local_day, may_take, no_such_code, opened_by

WITHIN = timedelta(minutes=15)
MOST_PER_PERSON = 5
MOST_PER_VISITOR = 10  # several people may share an address, and none of them mistypes a code that often
MOST_PER_ADDRESS = 30
KEPT = timedelta(days=1)


def code_entered(*, code: str, client: Client | None, address: str, author: Author) -> Tariff:
    """The tariff that a code somebody typed opens for a client (None: a visitor, whom no client's own code opens).

    Refused "unknown_code" in the same words whatever is wrong, "too_many_tries" after five wrong ones of a person,
    ten of visitors at an address or thirty from an address within 15 minutes. Not within a transaction: a wrong try is
    remembered though refused.
    """
    attempt = attempted(author, address)
    found = opened_by(code, client=client, day=local_day(author.now), where="code")
    # The mistakes before stay counted: a right code of one's own must not buy more guesses.
    attempt.delete()
    return found


def attempted(author: Author, address: str) -> CodeAttempt:
    """Counts this try before the code is looked at, so that many at once are counted too. Refused when locked out."""
    person = f"user:{author.user_id}" if author.user_id is not None else ""
    with transaction.atomic(durable=True):
        CodeAttempt.objects.filter(at__lt=author.now - KEPT).delete()
        attempt = CodeAttempt.objects.create(person=person, address=address[:45], at=author.now)
    if locked_out(attempt, author.now):
        attempt.delete()
        message = _("Too many wrong codes. Wait a quarter of an hour, then try again.")
        raise Refused("too_many_tries", message, "code")
    return attempt


def locked_out(attempt: CodeAttempt, now: datetime) -> bool:
    """Whether this try is one too many, itself counted."""
    recent = CodeAttempt.objects.filter(at__gt=now - WITHIN)
    at_address = recent.filter(address=attempt.address)
    if attempt.person:
        too_many = recent.filter(person=attempt.person).count() > MOST_PER_PERSON
    else:
        too_many = at_address.filter(person="").count() > MOST_PER_VISITOR
    return too_many or at_address.count() > MOST_PER_ADDRESS


@transaction.atomic
def use_code(*, tariff: Tariff, client: Client, kind: str, about: str, author: Author) -> CodeUse | None:
    """Counts one use of a tariff's code, for what `about` names; None for a public tariff, which needs none.

    kind: order or change. The same thing again is the same use. Refused where the client may not take the tariff (any
    more): the row is held, so two never take the last use.
    """
    held = Tariff.objects.select_for_update().get(pk=tariff.pk)
    standing = CodeUse.objects.filter(tariff=held, about=about, undone=None).first()
    if standing:
        return standing
    if not may_take(held, client=client, day=local_day(author.now)):
        raise no_such_code()
    if held.public:
        return None
    return CodeUse.objects.create(
        tariff=held, client=client, at=author.now, who=author.who, kind=kind, about=about[:200]
    )


def take_back_use(*, about: str, author: Author) -> None:
    """What a code was used for was taken back before it began: the use counts no more, and stays in the history."""
    CodeUse.objects.filter(about=about, undone=None).update(undone=author.now)


def withdraw_code(*, tariff: Tariff, author: Author) -> Tariff:
    """From now on its code opens nothing; contracts go on. Repeated without harm."""
    return put_withdrawn(tariff, True, author)


def restore_code(*, tariff: Tariff, author: Author) -> Tariff:
    """Takes a withdrawal back."""
    return put_withdrawn(tariff, False, author)


@transaction.atomic
def put_withdrawn(tariff: Tariff, withdrawn: bool, author: Author) -> Tariff:
    held = Tariff.objects.select_for_update().get(pk=tariff.pk)
    if held.code_withdrawn == withdrawn:
        return held
    held.code_withdrawn = withdrawn
    held.save(update_fields=["code_withdrawn"])
    change = Change(f"tariff:{held.code}", {"code_withdrawn": not withdrawn}, {"code_withdrawn": withdrawn})
    log_all([change], deed="tariff.code_withdrawn" if withdrawn else "tariff.code_restored", author=author)
    return held
