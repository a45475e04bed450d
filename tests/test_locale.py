"""Dutch and German are complete: every text of code and templates is translated, and nothing else is kept."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from tools import messages

each_language = pytest.mark.parametrize("language", messages.LANGUAGES)
CLIENTS_PAGE = re.compile(r"^balie/web/(templates/balie/)?(portal|public|ordering)/")
FOR_STAFF = "balie/web/templates/balie/public/order_staff.html"  # whom somebody of staff sees who would order
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*[^{}]*\}")


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return messages.texts()


def forms(message: Message) -> list[str]:
    """A message's translations: one, or one for singular and one for plural; "" where there is none."""
    written = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [text or "" for text in written]


def originals(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def keys(catalogue: Catalog) -> set[tuple[str, str | None]]:
    return {(originals(message)[0], message.context) for message in catalogue if message.id}


@each_language
def test_catalogue_holds_exactly_the_texts_there_are(language: str, texts: Catalog) -> None:
    found = keys(messages.read(language))
    assert (keys(texts) - found, found - keys(texts)) == (set(), set()), "run `make fix` and translate"


@each_language
def test_catalogue_is_complete(language: str) -> None:
    catalogue = messages.read(language)
    assert [originals(each)[0] for each in catalogue if each.id and (each.fuzzy or not all(forms(each)))] == []


@each_language
def test_translations_keep_their_placeholders(language: str) -> None:
    wrong = []
    for message in messages.read(language):
        wanted = [set(PLACES.findall(text)) for text in originals(message)]
        for position, text in enumerate(forms(message) if message.id else []):
            found = set(PLACES.findall(text))
            # A singular may say "one" in words.
            fits = found in wanted or (len(wanted) == 2 and position == 0 and found <= wanted[0] | wanted[1])
            if text and not fits:
                wrong.append(f"{originals(message)[0]} -> {text}")
    assert wrong == []


@each_language
def test_translations_keep_blanks_and_dots_at_the_ends(language: str) -> None:
    def ends(text: str) -> tuple[bool, bool, str]:
        return text[:1].isspace(), text[-1:].isspace(), text.rstrip()[-1:] if text.rstrip()[-1:] in ".:…?!" else ""

    pairs = [
        (original, text)
        for message in messages.read(language)
        if message.id
        for original, text in zip(originals(message), forms(message), strict=False)
    ]
    assert [pair for pair in pairs if pair[1] and ends(pair[0]) != ends(pair[1])] == []


def test_german_pages_of_clients_call_them_kunde(texts: Catalog) -> None:
    """In the office a client is a Mandant, with a Mandantennummer; on its own pages a Kunde with a Kundennummer."""
    german = messages.read("de")
    wrong = [
        f"{originals(message)[0]} -> {text}"
        for message in texts
        if message.id and any(CLIENTS_PAGE.search(place) and place != FOR_STAFF for place, _line in message.locations)
        for text in forms(german.get(message.id, message.context) or message)
        if "Mandant" in text
    ]
    assert wrong == []


@each_language
def test_catalogue_is_written_as_the_tool_writes_it(language: str) -> None:
    assert messages.catalogue_path(language).read_bytes() == messages.written(messages.merged(language))
