"""Tokens of other programs, as the pages make and withdraw them: a name is never taken over from a program that uses
it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.actions import NewToken, make_token
from balie.accounts.models import Token
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.operator.queries import locked_operator
from balie.rules.errors import Refused

MADE = "token.made"


@transaction.atomic
def new_token(*, name: str, role: str, author: Author) -> NewToken:
    """A token with a name of its own. Refused where another has it: that one would die, and its program with it."""
    locked_operator()
    if Token.objects.filter(name__iexact=" ".join(name.split())).exists():
        said = _("There is a token with this name already. Withdraw it first, or choose another name.")
        raise Refused("name_taken", said, "name")
    return make_token(name=name, role=role, author=author)


@transaction.atomic
def withdraw_token(*, token: Token, author: Author) -> bool:
    """Nobody comes in with it any more, from this moment. False where it was withdrawn already."""
    gone = Token.objects.filter(pk=token.pk, digest=token.digest).delete()[0]
    if gone:
        write_log(author=author, deed="token.withdrawn", about=f"token:{token.name}", details={"role": token.role})
    return bool(gone)


def makers(tokens: Iterable[Token]) -> dict[str, str]:
    """Who made each token (by its name), as the log knows."""
    about = [f"token:{token.name}" for token in tokens]
    made = LogEntry.objects.filter(deed=MADE, about__in=about).order_by("pk").values_list("about", "who")
    return {name.removeprefix("token:"): who for name, who in made}
