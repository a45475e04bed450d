"""What pages of settings say instead of what a world file is told: of texts that exist, in words without its keys."""

import ast
import re
from pathlib import Path

import pytest

import balie
from balie.rules.errors import Refused
from balie.web.office.settings.refused import ON_PAGES, on_page
from balie.world.parts import SWITCH

ROOT = Path(balie.__file__).parent
FOLDERS = ("world", "accounts")
KEYS = re.compile(r'"[a-z_]+"')


def phrases() -> set[str]:
    """The texts of all phrases below the pages."""
    found = set()
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Phrase":
                first = node.args[0]
                assert isinstance(first, ast.Constant), path
                found.add(str(first.value))
    return found


def test_what_is_said_otherwise_is_said_by_some_check() -> None:
    assert set(ON_PAGES) - phrases() == set()


def test_no_key_of_a_world_file_stands_in_the_words_of_a_page() -> None:
    assert [text for text in ON_PAGES.values() if KEYS.search(text)] == []


def test_a_refusal_is_a_sentence_on_the_page_and_a_path_with_keys_elsewhere() -> None:
    with pytest.raises(Refused) as refusal:
        SWITCH({"kind": "asterisk"}, "")
    assert on_page(refusal.value.message) == "Enter the address; it begins with ami:// or amis://."
    assert str(refusal.value) == 'url: "asterisk" needs a "url", ami:// or amis://…'
