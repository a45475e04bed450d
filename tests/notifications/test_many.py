"""Mails queued together: the same as one by one, in a few queries."""

from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from balie.notifications.actions import queue_mail
from balie.notifications.many import Wanted, queue_mails
from balie.notifications.models import Mail, MailText
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
VALUES = {
    "client": "Bakker",
    "month": "October 2026",
    "replaces": "",
    "link": "https://linde.example/portal/documents/",
}


def wanted(number: int, *, to: str = "info@x.example", language: str = "nl", **values: Any) -> Wanted:
    return Wanted(to, language, VALUES, f"statement:{number}", f"client:{number}", **values)


def stored() -> list[dict[str, Any]]:
    return [model_to_dict(mail, exclude=["id", "message_id"]) for mail in Mail.objects.order_by("pk")]


@pytest.mark.parametrize("own", [False, True])
def test_many_say_what_one_by_one_would_in_each_language(own: bool) -> None:
    make.operator()
    if own:
        MailText.objects.create(
            kind="statement", language="de", subject="Nachweis für {client}", body="Hier: {month}\n\n{link}",
            button="Öffnen", changed=NOW, changed_by="Joris",
        )  # fmt: skip
    languages = ("nl", "de", "en", "fr")
    for number, language in enumerate(languages):
        one = wanted(number, language=language)
        queue_mail(kind="statement", to=one.to, language=language, values=VALUES, key=one.key, about=one.about, now=NOW)
    singly = stored()
    Mail.objects.all().delete()
    queue_mails(kind="statement", mails=[wanted(n, language=one) for n, one in enumerate(languages)], now=NOW)
    assert stored() == singly and len({mail.message_id for mail in Mail.objects.all()}) == 4
    assert ("Nachweis für Bakker" in {mail["subject"] for mail in singly}) is own


def test_the_same_again_and_who_has_no_address_get_none() -> None:
    make.operator()
    mails = [wanted(1, file="statements/a.pdf", file_name="Afschrift.pdf"), wanted(2, to="  ")]
    queue_mails(kind="statement", mails=mails, now=NOW)
    queue_mails(kind="statement", mails=[*mails, wanted(3)], now=NOW)
    assert [(mail["key"], mail["file"], mail["file_name"]) for mail in stored()] == [
        ("statement:1", "statements/a.pdf", "Afschrift.pdf"),
        ("statement:3", "", ""),
    ]


def test_many_take_as_few_queries_as_one() -> None:
    make.operator()

    def queries(numbers: range) -> int:
        with CaptureQueriesContext(connection) as asked:
            queue_mails(kind="statement", mails=[wanted(number) for number in numbers], now=NOW)
        return len(asked)

    assert queries(range(1)) == queries(range(1, 31)) and Mail.objects.count() == 31
