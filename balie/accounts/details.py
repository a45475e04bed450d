"""What a client says of itself: its name, where its mails go, in which language, how much of numbers is seen."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.actions import checked_email
from balie.accounts.models import Client
from balie.operator.actions import Author, log_changes
from balie.rules.call import Privacy
from balie.rules.errors import Refused
from balie.rules.merge import Merged, lay_over

LONGEST_NAME = 200
LANGUAGES = ("nl", "de", "en")


@dataclass(frozen=True)
class Details:
    """A client's own data, named as in the table. email may be empty: then only its users get mails."""

    name: str
    email: str
    language: str
    hide_numbers: str


def problems(said: Details) -> Iterator[tuple[str, str]]:
    """Field and reason of everything that cannot be."""
    if not said.name.strip():
        yield "name", _("This is empty.")
    if len(said.name.strip()) > LONGEST_NAME:
        too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
        yield "name", too_long % {"most": LONGEST_NAME, "count": len(said.name.strip())}
    if said.email.strip():
        try:
            checked_email(said.email)
        except Refused:
            yield "email", _("This is no email address. Check it: your mails and documents go there.")
    if said.language not in LANGUAGES:
        yield "language", _("Choose one of these languages.")
    if said.hide_numbers not in set(Privacy):
        yield "hide_numbers", _("Choose one of these.")


@transaction.atomic
def change_details(*, client: Client, said: Details, author: Author) -> bool:
    """Lays them over what is stored and logs what changed; whether anything did. Refused for what cannot be."""
    for where, message in problems(said):
        raise Refused("bad_details", message, where)
    held = Client.objects.select_for_update().get(pk=client.pk)
    values = asdict(said) | {"name": " ".join(said.name.split()), "email": said.email.strip().lower()}
    before = lay_over(held, values)
    if not before:
        return False
    held.save(update_fields=list(before))
    log_changes(Merged(changed=[held], before=[before]), deed="client.changed",
                about=lambda row: f"client:{row.number}", author=author)  # fmt: skip
    return True
