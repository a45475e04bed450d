"""What a page refuses is said in the reader's language: below the pages too, every refusal goes through gettext."""

import ast
from collections.abc import Iterator
from pathlib import Path

from balie import accounts

BALIE = Path(accounts.__file__).parents[1]
REACHED = (
    "accounts",
    "calls/actions",
    "contracts",
    "numbers",
    "web",
)  # of people who come, order and leave, and of calls
# What only commands, programs and world files reach, or a form that no page draws.
NEVER_ON_A_PAGE = {
    "accounts/actions.py",  # tokens, staff and agents
    "accounts/login.py",
    "accounts/queries.py",
    "contracts/actions/put.py",
    "web/entry/choices.py",
}


def plain(path: Path) -> Iterator[int]:
    """The lines on which something is refused in English words alone."""
    for found in ast.walk(ast.parse(path.read_text())):
        if not isinstance(found, ast.Call) or getattr(found.func, "id", "") != "Refused":
            continue
        if isinstance(found.args[1], ast.Constant | ast.JoinedStr):
            yield found.lineno


def test_refusals_that_people_read_are_translated() -> None:
    paths = [path for folder in REACHED for path in (BALIE / folder).rglob("*.py")]
    wrong = {str(path.relative_to(BALIE)): list(plain(path)) for path in paths}
    assert {name for name, lines in wrong.items() if lines} == NEVER_ON_A_PAGE
