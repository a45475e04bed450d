"""The terms of signing up: versions that never change, in the languages there are."""

import pytest

from balie.operator.actions import Author
from balie.operator.models import LogEntry, Terms
from balie.operator.terms import LONGEST, put_terms, terms, text_in
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db
JORIS = Author("Joris", make.NOW, 3)


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(language="nl")


def test_without_terms_there_are_none() -> None:
    assert terms() is None


def test_other_words_are_another_version_and_the_same_are_not() -> None:
    first = put_terms(texts={"nl": "Wij nemen op.  \r\n\r\nAltijd.", "fr": "Non"}, author=JORIS)
    assert (first.version, first.texts, first.by) == (1, {"nl": "Wij nemen op.\n\nAltijd."}, "Joris")
    assert put_terms(texts={"nl": " Wij nemen op.\n\nAltijd. ", "de": ""}, author=JORIS) == first
    assert put_terms(texts={"nl": "Wij nemen op.", "de": "Wir nehmen ab."}, author=JORIS).version == 2
    assert [one.version for one in Terms.objects.all()] == [2, 1] and terms() == Terms.objects.get(version=2)
    assert [entry.details for entry in LogEntry.objects.order_by("pk")] == [{"version": 1}, {"version": 2}]


def test_a_language_without_a_text_reads_the_operators() -> None:
    held = put_terms(texts={"nl": "Wij nemen op.", "en": "We answer."}, author=JORIS)
    assert [text_in(code, held, own="nl") for code in ("nl", "de", "en")] == [
        "Wij nemen op.",
        "Wij nemen op.",
        "We answer.",
    ]


@pytest.mark.parametrize(
    ("texts", "where"), [({}, "nl"), ({"en": "We answer."}, "nl"), ({"nl": "x", "de": "x" * (LONGEST + 1)}, "de")]
)
def test_what_cannot_be_terms_is_refused_with_its_language(texts: dict[str, str], where: str) -> None:
    with pytest.raises(Refused) as refused:
        put_terms(texts=texts, author=JORIS)
    assert (refused.value.where, Terms.objects.count()) == (where, 0)
