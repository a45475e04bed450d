"""Documents cannot go stale: what they name exists, what exists is named."""

import re
import subprocess
from functools import cache
from pathlib import Path

import click
import pytest

from balie.cli.main import balie
from tools import reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], key=str)
MAKE = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.M))
named = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def texts_without_fences(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)


def headings(page: Path) -> set[str]:
    """The anchors a page has, as forges make them: lower case, blanks as hyphens, other signs dropped."""
    found = re.findall(r"^#+ (.*)$", texts_without_fences(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@named
def test_links_of_page_lead_somewhere(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", texts_without_fences(page)):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in headings(file)):
            dead.append(target)
    assert dead == []


@cache
def commands() -> dict[str, set[str]]:
    """Every command in full (`import calls`) with its options."""
    found: dict[str, set[str]] = {}

    def walk(group: click.Group, context: click.Context, path: str) -> None:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command
            if isinstance(command, click.Group):
                walk(command, context, f"{path}{name} ")
            else:
                found[path + name] = {each for option in command.params for each in option.opts} | {"--help"}

    walk(balie, click.Context(balie), "")
    return found


def written_commands(page: Path) -> list[list[str]]:
    """The words after `balie` wherever a page shows a command: in code spans and in code blocks."""
    text = page.read_text()
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^(?: {4}|\$ |sudo .*?)?(.*)$", text, re.M)
    lines = (
        re.search(r"^(?:[A-Z_]+=\S+ )*(?:[^\s=]*/)?balie ([a-z-].*)$", line.strip().removeprefix("$ ")) for line in code
    )
    return [re.split(r"\s+", re.split(r"\s+#|[|;>&]", line[1])[0].strip()) for line in lines if line]


@named
def test_commands_of_page_exist(page: Path) -> None:
    wrong = []
    for words in written_commands(page):
        known = [name for name in commands() if words[: len(name.split())] == name.split()]
        group = any(name.startswith(f"{words[0]} ") for name in commands()) and len(words) == 1
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        if words[0].startswith("--") or group:
            continue
        if not known or options - commands()[known[0]]:
            wrong.append(" ".join(words))
    assert wrong == []


@named
def test_make_commands_of_page_exist(page: Path) -> None:
    written = re.findall(r"(?:^ {4}|`)make ([a-z]+)", page.read_text(), re.M)
    assert [command for command in written if command not in MAKE] == []


@named
def test_files_a_page_names_exist(page: Path) -> None:
    """Paths in code spans that begin with a folder of the project."""
    if page.name == "CHANGELOG.md":
        pytest.skip("tells of what was")
    paths = re.findall(r"`((?:balie|docs|tests|tools|bench)/[\w./-]*)`", page.read_text())
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_index_lists_every_page() -> None:
    index = ROOT / "docs/README.md"
    listed = {(index.parent / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)\)", index.read_text())}
    pages = set(ROOT.glob("docs/*.md")) | {ROOT / "docs/decisions/README.md"}
    assert pages - listed - {index} == set()


def test_index_of_decisions_lists_every_decision() -> None:
    index = ROOT / "docs/decisions/README.md"
    listed = set(re.findall(r"\]\(([^)#\s]+)\)", index.read_text()))
    assert {page.name for page in index.parent.glob("*.md")} - listed - {"README.md"} == set()


def test_every_dependency_has_a_decision() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.M | re.S)
    assert block
    names = [re.split(r"[\[<>=]", line)[0].lower() for line in re.findall(r'"([^"]+)"', block[1])]
    told = "".join(page.read_text().lower() for page in ROOT.glob("docs/decisions/*.md"))
    assert [name for name in names if f"`{name}`" not in told] == []


def test_reference_of_commands_is_fresh() -> None:
    assert reference.PAGE.read_text() == reference.page(), "run `make docs`"


def test_make_alone_lists_exactly_eight_commands() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = "setup demo run test lint fix check docs"
    assert " ".join(re.findall(r"^  make (\w+)", listed, re.M)) == names
