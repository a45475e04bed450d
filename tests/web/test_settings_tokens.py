"""Tokens of other programs in the settings: shown once, withdrawn at once."""

import re

import pytest
from django.test import Client as Browser

from balie.accounts.actions import make_token
from balie.accounts.models import Token
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from tests import make
from tests.web.make_portal import page_of, said
from tests.web.reading import queries

pytestmark = pytest.mark.django_db
AT = "/settings/tokens/"
AUTHOR = Author("Marit", make.NOW)


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator()


def get(token: str, address: str = "/api/v1/clients") -> int:
    return Browser().get(address, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_is_shown_once_opens_and_is_withdrawn_at_once(joris: Browser) -> None:
    assert "no other program has access" in page_of(joris, AT)
    answer = joris.post(f"{AT}new/", {"name": " wall  board ", "role": "manager"})
    page = answer.content.decode()
    token = re.findall(r'value="(balie_[^"]+)"', page)[0]
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert "The token wall board" in said(page) and f'data-copy="{token}"' in page
    assert get(token) == 200
    page = page_of(joris, AT)
    assert token not in page and "by Joris" in said(page) and "wall board Manager" in said(page)
    assert token not in str(list(LogEntry.objects.values_list("details", "about")))
    held = Token.objects.get()
    assert "no answer any more" in page_of(joris, f"{AT}{held.pk}/withdraw/") and get(token) == 200
    page = said(joris.post(f"{AT}{held.pk}/withdraw/", follow=True).content.decode())
    assert "The token wall board opens nothing any more." in page and get(token) == 401
    for again in (joris.post, joris.get):  # in another tab, or by a second press
        page = said(again(f"{AT}{held.pk}/withdraw/", follow=True).content.decode())
        assert "This token was withdrawn already." in page and "Token withdrawn: wall board Joris," in page
    assert "Token withdrawn: wall board Joris," in page and "Token made: wall board Joris," in page
    deeds = list(LogEntry.objects.order_by("pk").values_list("deed", "about", "who"))
    assert deeds == [(f"token.{done}", "token:wall board", "Joris") for done in ("made", "withdrawn")]


def test_a_role_opens_what_it_may(joris: Browser) -> None:
    answer = joris.post(f"{AT}new/", {"name": "notes", "role": "agent"})
    token = re.findall(r'value="(balie_[^"]+)"', answer.content.decode())[0]
    assert (get(token, "/api/v1/notes"), get(token)) == (200, 403)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"name": " "}, "A token needs a name of 1 to 100 characters."),
        ({"name": "x" * 101}, "A token needs a name of 1 to 100 characters."),
        ({"name": "x\u200by"}, "A token needs a name of 1 to 100 characters."),
        ({"name": "WALLBOARD"}, "There is a token with this name already."),
        ({"role": "boss"}, "There is no role"),
        ({"role": ""}, "There is no role"),
    ],
)
def test_a_token_that_cannot_be_is_refused_and_none_dies(joris: Browser, typed: dict[str, str], reason: str) -> None:
    held = make_token(name="wallboard", role="manager", author=AUTHOR)
    answer = joris.post(f"{AT}new/", {"name": "new one", "role": "agent", **typed})
    page = answer.content.decode()
    assert (answer.status_code, reason in said(page), "balie_" in page) == (422, True, False)
    assert Token.objects.count() == 1 and get(held.plaintext) == 200


def test_who_made_a_token_and_when_it_was_used_stands_beside_it(joris: Browser) -> None:
    make_token(name="wallboard", role="manager", author=Author("balie", make.NOW))
    held = make_token(name="wallboard", role="manager", author=AUTHOR)
    assert "by Marit never" in said(page_of(joris, AT))
    get(held.plaintext)
    page = said(page_of(joris, AT))
    assert "by Marit" in page and "never" not in page


def test_the_list_takes_as_many_queries_for_many_as_for_few(joris: Browser) -> None:
    make_token(name="wallboard", role="manager", author=AUTHOR)
    before = queries(joris, AT)
    for number in range(12):
        make_token(name=f"program {number}", role="agent", author=AUTHOR)
    assert queries(joris, AT) == before


def test_managers_read_and_make_none(marit: Browser) -> None:
    made = make_token(name="wallboard", role="manager", author=AUTHOR)
    page = page_of(marit, AT)
    assert "wallboard" in page and "An administrator can make and withdraw tokens." in page
    assert "<form" not in page.partition('class="tokens"')[2] and "/withdraw/" not in page
    pk = Token.objects.get().pk
    assert marit.post(f"{AT}new/", {"name": "mine", "role": "administrator"}).status_code == 403
    assert (marit.get(f"{AT}{pk}/withdraw/").status_code, marit.post(f"{AT}{pk}/withdraw/").status_code) == (403, 403)
    assert Token.objects.count() == 1 and get(made.plaintext) == 200
