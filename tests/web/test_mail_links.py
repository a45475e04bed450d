"""Programs that look through mails open every link of them: that changes nothing, whatever the mail is."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from balie.accounts import registration as registrations
from balie.accounts.asked import ask_for_password
from balie.accounts.invitations import invite
from balie.accounts.models import Client
from balie.accounts.registration import SignUp
from balie.notifications.mails import KINDS
from balie.notifications.models import Mail
from balie.operator.actions import Author
from tests import make
from tests.web import make_office, make_tasks

BASE = "https://testserver"
MADE_UP = re.compile(r"https://balie\.example\.nl")
# Who looks: a session is no change of ours.
NOT_LOOKED_AT = {"django_session"}


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, whoever's it is."""
    found = {}
    for name in set(connection.introspection.table_names()) - NOT_LOOKED_AT:
        with connection.cursor() as cursor:
            cursor.execute(f"select * from {connection.ops.quote_name(name)}")
            rows = [row for row in cursor.fetchall() if "client.opened" not in row]  # that staff looked is remembered
            found[name] = sorted(rows, key=repr)
    return found


def real_mails() -> None:
    """Each mail that can be made by its deed, as it leaves the house; each other with its examples."""
    make.operator(base_url=BASE, mailboxes={"registrations": "new@delinde.example"})
    now, kees = make_office.NOW, make.user("kees@x.example", role="", client=make.client("7001"), owner=True)
    sanne = SignUp("De Wit", "Sanne", "sanne@x.example", "drie blauwe olifanten", "nl")
    registrations.sign_up(said=sanne, address="a", now=now)
    first = Mail.objects.get(kind="registration_link").text.partition("/activate/")[2].split("/")[0]
    registrations.activate(key=first, now=now)
    registrations.sign_up(said=sanne, address="a", now=now)
    registrations.sign_up(said=SignUp(**{**vars(sanne), "email": "piet@x.example"}), address="a", now=now)
    author = Author("Kees", now, kees.pk)
    invite(client=Client.objects.get(number="7001"), email="eva@x.example", name="", owner=False, author=author)
    ask_for_password(email="kees@x.example", address="a", now=now)


def other_mails() -> None:
    done = set(Mail.objects.values_list("kind", flat=True))
    for kind in set(KINDS) - done:
        make.mail(kind)


def links() -> list[str]:
    """The path of every link in every mail, text and HTML."""
    found = set()
    for mail in Mail.objects.all():
        for text in (mail.text, mail.html):
            found |= set(re.findall(rf"(?:{BASE}|{MADE_UP.pattern})(/[^\s\"<>#]*)", text))
    return sorted(found)


@pytest.mark.django_db
def test_opening_every_link_of_every_mail_changes_nothing(time_machine: Any) -> None:
    time_machine.move_to(make_office.NOW, tick=False)
    make_office.office()
    make_tasks.offered(make_tasks.unprofitable(Client.objects.get(number="1001")))
    real_mails()
    real = links()
    other_mails()
    assert set(Mail.objects.values_list("kind", flat=True)) == set(KINDS)
    staff = Browser()
    staff.force_login(make_office.manager())
    before = tables()
    for path in links():
        for browser in (Browser(), staff):
            answers = [browser.get(path).status_code, browser.head(path).status_code]
            assert set(answers) <= ({200, 302, 410} if path in real else {200, 302, 404, 410}), path
    assert len(links()) > 8
    assert tables() == before
