"""The people of a client who log in to the portal."""

import pytest

from balie.accounts.actions import make_clients_user
from balie.accounts.models import User
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make
from tests.world.sample import AUTHOR

pytestmark = pytest.mark.django_db


def test_clients_user_has_no_role_and_the_clients_language() -> None:
    client = make.client("1001", language="de")
    link = make_clients_user(email=" Kees@Bakker.example ", client=client, name="Kees", author=AUTHOR)
    user = User.objects.get()
    assert (link.new, user.email, user.role, user.language, user.client) == (
        True,
        "kees@bakker.example",
        "",
        "de",
        client,
    )
    assert not user.has_usable_password()
    assert LogEntry.objects.get().about == "client:1001"


def test_the_same_user_again_is_changed_and_keeps_the_password() -> None:
    client = make.client("1001")
    make.user("kees@bakker.example", role="", client=client)
    again = make_clients_user(email="KEES@bakker.example", client=client, language="nl", author=AUTHOR)
    assert (again.new, User.objects.get().language) == (False, "nl")
    assert User.objects.get().check_password(make.PASSWORD)


def test_address_of_staff_or_of_another_client_is_refused() -> None:
    client = make.client("1001")
    make.user("eva@example.com")
    make.user("other@example.com", role="", client=make.client("1002"))
    for email, code in (("eva@example.com", "email_taken"), ("other@example.com", "email_taken"), ("x", "bad_email")):
        with pytest.raises(Refused) as refused:
            make_clients_user(email=email, client=client, author=AUTHOR)
        assert refused.value.code == code
