"""Queueing a mail: rendered once, in the recipient's language, in the caller's transaction, one an event."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from balie.leases.models import FREE
from balie.notifications.actions import queue_mail, send_again
from balie.notifications.kind import LANGUAGES, OPERATOR, Kind
from balie.notifications.mails import KINDS
from balie.notifications.models import Mail
from balie.notifications.queries import counts, due, outbox
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from tests import make

pytestmark = pytest.mark.django_db
EVERY = [(kind, language) for kind in KINDS.values() for language in LANGUAGES]
TASK = {"client": "Bakker", "number": "1001", "matter": "cost limit", "figures": "", "link": "https://x.example/tasks/"}


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(name="De Linde", language="nl", base_url="https://linde.example/balie")


def queue(**values: Any) -> Mail | None:
    given = {"kind": "task_opened", "to": "tasks@linde.example", "language": "en", "values": TASK, "now": make.NOW}
    return queue_mail(**{**given, **values})


def queued(**values: Any) -> Mail:
    mail = queue(**values)
    assert mail is not None
    return mail


class Words(HTMLParser):
    """What a person reads of an HTML mail: its words, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words += data.split()


def test_mail_is_queued_once_for_a_key_however_often_it_is_asked_for() -> None:
    first = queued(key="task:17")
    again = queued(key="task:17", to="other@linde.example", now=make.NOW + timedelta(days=1))
    assert again == first
    assert (again.recipient, again.message_id, again.created) == (first.recipient, first.message_id, first.created)
    assert Mail.objects.count() == 1


def test_mails_without_a_key_are_queued_each_time() -> None:
    assert queued().message_id != queued().message_id
    assert Mail.objects.count() == 2


@pytest.mark.parametrize("to", ["", "  "])
def test_mail_to_nobody_is_none(to: str) -> None:
    assert queue(to=to) is None
    assert not Mail.objects.exists()


def test_mail_goes_away_with_the_transaction_that_queued_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue(key="task:17")
        raise ZeroDivisionError
    assert not Mail.objects.exists()
    assert queued(key="task:17").subject == "Task: 1001 Bakker, cost limit"


def test_mail_waits_from_the_moment_it_was_queued() -> None:
    mail = queued(about="client:1001")
    assert (mail.created, mail.due, mail.sent, mail.attempts, mail.about) == (
        make.NOW,
        make.NOW,
        None,
        0,
        "client:1001",
    )
    make.operator(mail={"url": "smtp://127.0.0.1"})
    assert list(due(now=make.NOW - timedelta(seconds=1))) == []
    assert list(due(now=make.NOW)) == [mail]


def test_message_id_is_under_the_name_of_the_pages() -> None:
    assert re.fullmatch(r"<[0-9a-f]{32}@linde\.example>", queued().message_id)
    make.operator(base_url="", mail={"from": "Team <info@post.example>"})
    assert queued().message_id.endswith("@post.example>")


@pytest.mark.parametrize(("asked", "spoken"), [("de", "de"), ("fr", "nl"), ("", "nl")])
def test_mail_is_in_the_recipients_language_or_else_the_operators(asked: str, spoken: str) -> None:
    mail = queued(language=asked)
    assert mail.language == spoken
    assert mail.subject.startswith({"de": "Aufgabe: ", "nl": "Taak: "}[spoken])


def test_values_that_are_not_the_kinds_are_a_bug() -> None:
    with pytest.raises(ValueError, match="figures"):
        queue(values={name: value for name, value in TASK.items() if name != "figures"})
    with pytest.raises(ValueError, match="fee"):
        queue(values={**TASK, "fee": "9"})


def test_words_given_for_one_mail_are_used_for_it_alone() -> None:
    words = Wording("About {client}", "Look, {client}.\n\n{link}", "Look")
    assert queued(words=words).subject == "About Bakker"
    assert queued().subject == "Task: 1001 Bakker, cost limit"


def test_value_cannot_break_out_of_its_place() -> None:
    evil = {**TASK, "client": "<b>&\r\nBcc: x@x.example\u2028\x00{link}", "figures": "<img src=x>"}
    mail = queued(values=evil)
    assert mail.subject == "Task: 1001 <b>& Bcc: x@x.example{link}, cost limit"
    assert {"b", "img"} & set(Words(mail.html).tags) == set()
    assert "&lt;img src=x&gt;" in mail.html and "<img src=x>" in mail.text


@pytest.mark.parametrize(("kind", "language"), EVERY, ids=lambda value: getattr(value, "name", value))
def test_every_mail_says_the_same_in_text_and_html_and_has_its_button_first(kind: Kind, language: str) -> None:
    values = {one.name: one.example_in(language) for one in kind.variables if one.name != OPERATOR}
    mail = queued(kind=kind.name, language=language, values=values)
    html = Words(mail.html)
    told = [word for word in mail.text.split() if word not in ("--", "-")]
    assert sorted(told) == sorted(word for word in after_title(html.words, mail, kind, language))
    assert html.links[:2] == [values["link"]] * 2
    assert mail.text.count(values["link"]) == 1
    for name, value in values.items():
        if name in kind.needed:
            assert value.splitlines()[0].removeprefix("- ") in mail.text, name
    assert not {"img", "script", "link", "form"} & set(html.tags)
    assert f'<html lang="{language}">' in mail.html and "max-width:600px" in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert "{" not in mail.text + mail.subject


def after_title(words: list[str], mail: Mail, kind: Kind, language: str) -> list[str]:
    """The words of the HTML that the text has too: not the title and head, and the button's label with a colon."""
    skipped = len(f"{mail.subject} De Linde".split())
    assert words[:skipped] == f"{mail.subject} De Linde".split()
    label = kind.standard[language].button.split()
    rest = words[skipped:]
    last = next(at for at in range(len(rest)) if rest[at : at + len(label)] == label) + len(label) - 1
    return [*rest[:last], f"{rest[last]}:", *rest[last + 1 :]]


@pytest.mark.parametrize(("kind", "language"), EVERY, ids=lambda value: getattr(value, "name", value))
def test_every_standard_text_is_one_an_operator_could_save(kind: Kind, language: str) -> None:
    from balie.notifications.texts import problems, tidy

    words = kind.standard[language]
    assert list(problems(kind, words)) == []
    assert tidy(words) == words
    assert {one.name for one in kind.variables} >= {OPERATOR, kind.link}


def test_queueing_takes_few_queries() -> None:
    def queries(**values: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            queue(**values)
        return len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))])

    # The operator, its own words, the mail; with a key also whether there is one, before and while it is stored.
    assert (queries(), queries(key="a"), queries(key="a")) == (3, 5, 1)


def test_outbox_is_narrowed_down_by_state_kind_and_words() -> None:
    waits, gone, parked = queued(about="client:1001"), queued(to="a@b.example"), queued(to="c@d.example")
    Mail.objects.filter(pk=gone.pk).update(sent=make.NOW)
    Mail.objects.filter(pk=parked.pk).update(parked="550 No such user")
    assert [list(outbox(state=state)) for state in ("waiting", "sent", "failed")] == [[waits], [gone], [parked]]
    assert list(outbox()) == [parked, gone, waits]
    assert counts() == {"waiting": 1, "sent": 1, "failed": 1}
    assert list(outbox(search="1001 bakker TASKS@")) == [waits]
    assert list(outbox(search=gone.message_id)) == [gone]
    assert list(outbox(kind="digest")) == []


def test_parked_mails_are_sent_again_with_five_attempts_anew() -> None:
    make.operator(mail={"url": "smtp://127.0.0.1"})
    later = make.NOW + timedelta(hours=1)
    parked, waits = queued(), queued()
    Mail.objects.filter(pk=parked.pk).update(parked="550", problem="550", attempts=5, due=later)
    assert send_again(Mail.objects.all(), author=Author("Marit", make.NOW, 7)) == 1
    parked.refresh_from_db()
    assert (parked.parked, parked.attempts, parked.lease_until, parked.due) == ("", 0, FREE, make.NOW)
    assert set(due(now=make.NOW)) == {parked, waits}
    entry = LogEntry.objects.get()
    assert (entry.who, entry.deed, entry.details) == ("Marit", "mail.sent_again", {"mails": 1, "first": [parked.pk]})
    assert send_again(Mail.objects.all(), author=Author("Marit", make.NOW, 7)) == 0
    assert LogEntry.objects.count() == 1
