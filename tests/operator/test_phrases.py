"""What rules and readers say is said in the reader's language; what staff find later, in the operator's."""

import copy
import io
import pickle

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.translation import get_language, override

from balie.calls.actions import import_calls
from balie.calls.models import BadLine, Import, Source
from balie.messages.actions import ListFile, import_messages
from balie.messages.models import SmsBadLine
from balie.operator import phrases
from balie.rules.errors import Phrase, Refused
from balie.rules.period import Period
from balie.web import errors
from balie.web.office.imports import told as told_by_hand
from balie.web.request import Desk
from tests import make
from tests.cdr.legs import line

DUTCH = {
    "%(text)s is not a month; write it as YYYY-MM, for instance 2026-11.": "%(text)s is geen maand.",
    "This is no call file of an Asterisk; it begins with %(text)s.": "Geen belbestand; begin: %(text)s.",
    "line %(n)s": "regel %(n)s",
    "no channel": "geen kanaal",
    "%(columns)s; a text with separators in it must be quoted": "%(columns)s; zet aanhalingstekens",
    "%(found)s columns instead of %(wanted)s": "%(found)s kolommen in plaats van %(wanted)s",
    "No trunk is named for it, so every call looks internal. Name its trunks.": "Noem de trunks.",
}


@pytest.fixture
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of its own, so that these tests stand whatever translators write."""
    monkeypatch.setattr(phrases, "gettext", lambda text: DUTCH.get(text, text) if get_language() == "nl" else text)


def test_a_phrase_is_its_english_words_and_told_in_another_language(dutch: None) -> None:
    said = Phrase("%(columns)s; a text with separators in it must be quoted",
                  columns=Phrase("%(found)s columns instead of %(wanted)s", found=5, wanted=4))  # fmt: skip
    assert said == "5 columns instead of 4; a text with separators in it must be quoted"
    assert phrases.told(said) == said
    with override("nl"):
        assert phrases.told(said) == "5 kolommen in plaats van 4; zet aanhalingstekens"
        assert phrases.told("no channel") == "no channel", "words that are no phrase are told as they were said"


def test_percent_signs_of_files_and_of_phrases_stay_as_they_are() -> None:
    assert phrases.told(Phrase("This is 100 %.")) == "This is 100 %."
    assert phrases.told(Phrase("%(text)s is no time", text="%(x)s 5%")) == "%(x)s 5% is no time"


def test_a_phrase_can_be_copied_with_all_it_knows() -> None:
    said = Phrase("%(text)s is no time", text="now")
    for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert (other, other.text, other.values) == (said, said.text, said.values)


def page(request: HttpRequest, refusal: Refused) -> str:
    return errors.refused(request, refusal).content.decode()


@pytest.mark.django_db
def test_pages_tell_what_rules_refuse_in_the_readers_language(dutch: None, rf: RequestFactory) -> None:
    make.operator()
    request = rf.get("/")
    with pytest.raises(Refused) as refused:
        Period.parse("November")
    with override("nl"):
        assert "&#x27;November&#x27; is geen maand." in page(request, refused.value)
        with pytest.raises(Refused, match=r"'November' is geen maand\."):
            Desk(make.NOW).month("November")
        unreadable = Refused("wrong_format", Phrase("no channel"), Phrase("line %(n)s", n=7))
        assert told_by_hand(unreadable) == "regel 7: geen kanaal"


@pytest.mark.django_db
def test_what_is_kept_of_files_is_in_the_operators_language_whoever_reads_them(dutch: None) -> None:
    make.operator(language="nl")
    source = Source.objects.create(name="pbx", format="asterisk", timezone="UTC", trunks=[])
    with override("de"), pytest.raises(Refused, match="This is no call file"):
        import_calls(source=source, name="a", data=b"\0\n" * 30, now=make.NOW)
    problem = Import.objects.get().problem
    assert problem.startswith("regel 1: Geen belbestand; begin: ")
    lines = line("PJSIP/trunk-1", "PJSIP/201-1", answer=5, talk=10), line("")
    import_calls(source=source, name="b", data="".join(f"{each}\n" for each in lines).encode(), now=make.NOW)
    assert [row.reason for row in BadLine.objects.all()] == ["geen kanaal"]
    assert Source.objects.get().warning == "Noem de trunks."


def test_a_phrase_is_said_otherwise_where_that_is_wanted_also_within_another() -> None:
    inner = Phrase('give it a "to"')
    outer = Phrase("%(n)s at once; %(todo)s", n=2, todo=inner)
    instead = {'give it a "to"': "give it a last day"}
    assert (phrases.told(outer), phrases.told(outer, instead=instead)) == (str(outer), "2 at once; give it a last day")


@pytest.mark.django_db
def test_bad_lines_of_lists_are_told_in_the_operators_language(dutch: None) -> None:
    make.operator(language="nl")
    rows = "sent_at,from,to,text\n2026-11-02 10:00:00,0201234501,0612345678,a,b\n"
    import_messages(source="list", file=ListFile("a.csv", io.BytesIO(rows.encode())), now=make.NOW)
    assert [row.reason for row in SmsBadLine.objects.all()] == ["5 kolommen in plaats van 4; zet aanhalingstekens"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_staffs_language_is_the_operators(language: str) -> None:
    with phrases.for_staff():
        assert get_language() == "en", "before there is an operator"
    make.operator(language=language)
    with override("nl"), phrases.for_staff():
        assert get_language() == language
