"""The operator's own words: what may stand in them, that mails then say so, and the way back."""

from datetime import timedelta
from typing import Any

import pytest

from balie.notifications.kinds.offers import CLIENT_OFFER
from balie.notifications.kinds.tasks import DIGEST
from balie.notifications.mails import KINDS
from balie.notifications.models import MailText
from balie.notifications.queries import wording
from balie.notifications.texts import back_to_standard, change_text, problems, take_back_standard
from balie.notifications.wording import Part, Wording, fill
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db
MARIT = Author("Marit", make.NOW, 7)
KNOWN = ", ".join(f"{{{name}}}" for name in DIGEST.names)
OURS = Wording("Werk voor {day}", "Hoi,\n\n{link}\n\n{matters}", "Naar de taken")


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator()


def change(words: Wording = OURS, author: Author = MARIT) -> bool:
    return change_text(kind=DIGEST, language="nl", words=words, author=author)


def said() -> Wording:
    return wording(kind="digest", language="nl")


def test_mails_say_the_operators_own_words_in_that_language_alone() -> None:
    assert change()
    assert make.mail("digest", language="nl").subject == "Werk voor 23 november 2026"
    assert make.mail("digest", language="de").subject == "Was am 23. November 2026 auf Sie wartet: 3"


def test_mail_that_waits_keeps_the_words_it_was_written_with() -> None:
    mail = make.mail("digest")
    change()
    mail.refresh_from_db()
    assert mail.subject == "Wat er op je wacht op 23 november 2026: 3"


def test_changes_are_logged_with_what_stood_there() -> None:
    change()
    entry = LogEntry.objects.get()
    assert (entry.who, entry.user_id, entry.deed, entry.about) == (
        "Marit",
        7,
        "mail_text.changed",
        "mail_text:digest.nl",
    )
    assert entry.details == {"before": vars(KINDS["digest"].standard["nl"]), "after": vars(OURS)}
    row = MailText.objects.get()
    assert (row.changed, row.changed_by) == (make.NOW, "Marit")


def test_same_words_again_change_and_log_nothing() -> None:
    change()
    assert not change(author=Author("Joost", make.NOW + timedelta(days=1)))
    assert MailText.objects.get().changed_by == "Marit"
    assert LogEntry.objects.count() == 1


def test_standard_words_are_no_own_ones() -> None:
    assert not change(KINDS["digest"].standard["nl"])
    change()
    assert change(KINDS["digest"].standard["nl"])
    assert not MailText.objects.exists()


def test_way_back_to_the_standard_text_can_be_taken_back() -> None:
    change()
    entry = back_to_standard(kind=DIGEST, language="nl", author=MARIT)
    assert entry is not None and said() == KINDS["digest"].standard["nl"]
    take_back_standard(kind=DIGEST, language="nl", entry=entry.pk, author=MARIT)
    assert said() == OURS
    assert back_to_standard(kind=DIGEST, language="de", author=MARIT) is None


def test_way_back_is_not_taken_back_over_newer_words_or_for_another_mail() -> None:
    change()
    entry = back_to_standard(kind=DIGEST, language="nl", author=MARIT)
    assert entry is not None
    with pytest.raises(Refused, match="changed since"):
        take_back_standard(kind=DIGEST, language="de", entry=entry.pk, author=MARIT)
    change(Wording("Other", OURS.body, OURS.button))
    with pytest.raises(Refused, match="changed since"):
        take_back_standard(kind=DIGEST, language="nl", entry=entry.pk, author=MARIT)


@pytest.mark.parametrize(
    ("changed", "where", "message"),
    [
        ({"subject": ""}, "subject", "This is empty."),
        ({"button": " "}, "button", "This is empty."),
        ({"body": " \n \n"}, "body", "This is empty."),
        ({"subject": "x" * 201}, "subject", "Say it in at most 200 characters; these are 201."),
        (
            {"body": OURS.body + " {cleint}"},
            "body",
            "There is no variable {cleint} here; you can use {day}, {count}, {matters}, {solved}, {link}, {operator}.",
        ),
        (
            {"subject": "{}"},
            "subject",
            "There is no variable {} here; you can use {day}, {count}, {matters}, {solved}, {link}, {operator}.",
        ),
        (
            {"body": "{link}\n\n{matters} {day"},
            "body",
            "A brace stands alone here; a variable has one before its name and one behind it.",
        ),
        ({"body": "{link}"}, "body", "{matters} is missing; without it this mail is of no use."),
        ({"body": "{matters}"}, "body", "{link} is missing; without it this mail is of no use."),
        (
            {"body": "See {link}.\n\n{matters}"},
            "body",
            "{link} stands once, in a paragraph of its own: there the mail has its button.",
        ),
        (
            {"body": OURS.body + "\n\n{link}"},
            "body",
            "{link} stands once, in a paragraph of its own: there the mail has its button.",
        ),
        (
            {"subject": "{link}"},
            "body",
            "{link} stands once, in a paragraph of its own: there the mail has its button.",
        ),
    ],
)
def test_words_of_which_no_mail_can_be_made_are_refused(changed: dict[str, str], where: str, message: str) -> None:
    with pytest.raises(Refused) as refusal:
        change(Wording(**{**vars(OURS), **changed}))
    assert (refusal.value.where, refusal.value.message) == (where, message)
    assert not MailText.objects.exists() and not LogEntry.objects.exists()


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert [where for where, _ in problems(CLIENT_OFFER, Wording("", "", ""))] == [
        "subject", "body", "button", "body", "body", "body",
    ]  # fmt: skip


def test_words_are_stored_without_blanks_at_the_ends_of_lines() -> None:
    change(Wording(" Werk\r\n voor  {day} ", "\r\n\r\nHoi,  \r\n\r\n{link}\r\n\r\n{matters}\r\n\r\n", " Naar de taken"))
    assert said() == OURS


def filled(body: str, **values: str) -> list[tuple[str, tuple[str, ...]]]:
    known: dict[str, Any] = {"link": "https://x.example", "a": "", "b": "", "items": "", **values}
    return [(one.part.value, one.lines) for one in fill(Wording("s", body, "Go"), known, link="link").paragraphs]


def test_paragraphs_are_what_an_empty_line_divides() -> None:
    assert filled("One\ntwo\n \n\nthree") == [(Part.WORDS, ("One", "two")), (Part.WORDS, ("three",))]


def test_link_in_a_paragraph_of_its_own_is_the_button() -> None:
    assert filled("See\n\n{link}") == [(Part.WORDS, ("See",)), (Part.BUTTON, ("Go", "https://x.example"))]


def test_value_of_many_lines_is_a_list_only_in_a_paragraph_of_its_own() -> None:
    items = "- one\n- two"
    assert filled("{items}", items=items) == [(Part.ITEMS, ("one", "two"))]
    assert filled("So: {items}", items=items) == [(Part.WORDS, ("So: - one - two",))]


def test_line_whose_variables_are_all_empty_is_left_out() -> None:
    assert filled("{a}\n\nA: {a}\nA and B: {a} {b}\nplain", b="x") == [(Part.WORDS, ("A and B: x", "plain"))]
