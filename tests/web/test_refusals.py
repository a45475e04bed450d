"""What people are refused is said in their language: every refusal in all of balie/ goes through gettext.

Rules and readers know no gettext: they say a `Phrase`, whose text is in the catalogues too (tools/messages.py).
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

from balie import accounts

BALIE = Path(accounts.__file__).parents[1]
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext"}
# `told` gives a phrase in the reader's language.
TRANSLATED = {*GETTEXT, "Phrase", "told"}
# What is raised with words that end on a page, and the place of the words among its arguments.
WORDS_AT = {
    "Refused": 1,
    "Flaw": 0,  # why a line of a file cannot be read
    "SwitchProblem": 0,
    "GatewayDown": 0,
    "Down": 0,
    "Impossible": 0,
    "Undelivered": 0,
    "NoAnswer": 0,
}
COMMANDS = "said by a command alone, which speaks English"
# Folders and files, with a code where it is about one refusal only, and why they may speak English.
EXCEPTED = {
    ("cli/", ""): COMMANDS,
    ("world/", ""): "world files are loaded by `balie load` alone",
    ("backup/", ""): "backups are made and restored by commands alone",
    ("api/", ""): "programs read it, in English as docs/api.md is",
    ("numbers/actions.py", "number_taken"): "of several numbers only a world file says whose they are",
    ("contracts/actions/put.py", "missing_key"): "pages know a contract's tariff; a world file may not say it",
    ("tariffs/actions/put.py", "tariff_twice"): "pages give one version at a time",
    ("tariffs/actions/put.py", "other_service"): "no page gives a tariff another service",
    ("statements/exports/parquet.py", "cannot_write"): "`balie calls export`",
    ("accounts/login.py", "weak_password"): "Django's own words, which it translates itself",
    ("accounts/registration.py", "bad_sign_up"): "Django's own words among ours, which it translates itself",
    ("messages/gateways/http.py", "?"): "what the gateway answered, in its own words",
    ("numbers/switches/webhook.py", "?"): "what the program answered, in its own words",
    ("notifications/post.py", "?"): "translated words (`words`, `refused`) with what the mail server answered",
    ("messages/gateways/smpp_line.py", "?"): "translated words (`words`) with an address",
    ("numbers/switches/ami.py", "?"): "translated words (`words`) with an address",
    ("tariffs/price_change.py", "price_change"): "a tariff's name and a reason that is translated where it is found",
    ("web/office/tasks.py", "?"): "made of a kept row to be told anew: balie.web.missing",
    ("web/office/win_back/one.py", "?"): "made of a kept row to be told anew: balie.web.missing",
    ("web/office/what_if/result.py", "?"): "made of a kept row to be told anew: balie.web.missing",
}


def name_of(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


@dataclass(frozen=True)
class File:
    """A file of balie/ as a tree, and where in it names get what they stand for."""

    name: str
    tree: ast.Module

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The functions around it, then the module."""
        while node is not self.tree:
            node = self.parents[node]
            if isinstance(node, ast.FunctionDef | ast.Module):
                yield node

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """By the name of what is called."""
        found = defaultdict(list)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                found[name_of(node.func)].append(node)
        return found


def read_all() -> list[File]:
    paths = sorted(path for path in BALIE.rglob("*.py") if "migrations" not in path.parts)
    return [File(path.relative_to(BALIE).as_posix(), ast.parse(path.read_text())) for path in paths]


FILES = read_all()


Words = tuple[ast.expr, File]


def is_translated(words: ast.expr, file: File, seen: frozenset[ast.AST] = frozenset()) -> bool:
    """Whether these words are translated on every way they can come about. seen: what is being looked at already."""

    def each(found: Iterable[Words]) -> bool:
        rest = [(one, at) for one, at in found if one not in seen]
        return all(is_translated(one, at, seen | {words}) for one, at in rest)

    match words:
        case ast.Call(func=func) if name_of(func) in TRANSLATED:
            return True
        case ast.Call(func=func):
            found = answers(name_of(func), file)
            return bool(found) and each(found)
        case ast.BinOp(left=left, op=ast.Mod()):
            return each([(left, file)])
        case ast.Constant(value=""):
            return True  # nothing is said
        case ast.IfExp(body=body, orelse=orelse):
            return each([(body, file), (orelse, file)])
        case ast.BoolOp(values=values):
            return each((value, file) for value in values)
        case ast.Attribute(attr="why" | "message"):
            return True  # passed on: another refusal's words, which are looked at where it was raised
        case ast.Name(id=name):
            found = meanings(name, words, file)
            return bool(found) and each(found)
    return False


def answers(function: str, file: File) -> list[Words]:
    """All that a function of this project gives back: one of the same file, else of any."""
    for one in (file, *FILES):
        if found := one.functions.get(function):
            return [(node.value, one) for node in ast.walk(found) if isinstance(node, ast.Return) and node.value]
    return []


def meanings(name: str, used: ast.AST, file: File) -> list[Words]:
    """All that a name may stand for where it is used: what is assigned to it, or given for it as an argument."""
    for scope in file.around(used):
        if given := [words for node in ast.walk(scope) for words in assigned(name, node, file)]:
            return given
        if isinstance(scope, ast.FunctionDef):
            places = [argument.arg for argument in scope.args.args]
            if name in places:
                place = places.index(name) - (places[0] in ("self", "cls"))
                called = scope.name if scope.name != "__init__" else class_of(scope, file)
                return arguments(called, place, name, file)
    return [words for one in FILES for node in one.tree.body for words in assigned(name, node, one)]  # imported


def assigned(name: str, node: ast.AST, file: File) -> list[Words]:
    """What this statement makes a name stand for."""
    match node:
        case ast.Assign(targets=[ast.Name(id=to)], value=value) if to == name:
            return [(value, file)]
        case ast.NamedExpr(target=ast.Name(id=to), value=value) if to == name:
            return [(value, file)]
        case ast.For(target=ast.Tuple(elts=elements), iter=ast.Call(func=func)):
            places = [place for place, to in enumerate(elements) if isinstance(to, ast.Name) and to.id == name]
            return [words for place in places for words in yielded(name_of(func), place, file)]
    return []


def yielded(function: str, place: int, file: File) -> list[Words]:
    """What a function of the same file yields at this place of its tuples."""
    found: list[Words] = []
    for node in ast.walk(file.functions[function]):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            found.append((node.value.elts[place], file))
        if isinstance(node, ast.YieldFrom) and isinstance(node.value, ast.Call):
            found += yielded(name_of(node.value.func), place, file)
    return found


def class_of(node: ast.AST, file: File) -> str:
    while not isinstance(node, ast.ClassDef):
        node = file.parents[node]
    return node.name


def arguments(function: str, place: int, name: str, defined: File) -> list[Words]:
    """What is given for a function's argument wherever it is called: in its own file, else anywhere."""
    for files in ([defined], FILES):
        found: list[Words] = []
        for file in files:
            for call in file.calls.get(function, ()):
                found += [(keyword.value, file) for keyword in call.keywords if keyword.arg == name]
                found += [(value, file) for value in call.args[place : place + 1]]
        if found:
            return found
    return []


def refusals(file: File) -> Iterator[tuple[str, int, ast.expr]]:
    """Each refusal's code (or "?"), line and words; those that a kind of refusal says itself too."""
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call):
            continue
        place = WORDS_AT.get(name_of(node.func))
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "super().__init__":
            place = 1 if is_kind_of_refusal(node, file) else None
        if place is not None and len(node.args) > place:
            code = node.args[0] if place else None
            yield str(code.value) if isinstance(code, ast.Constant) else "?", node.lineno, node.args[place]


def is_kind_of_refusal(node: ast.AST, file: File) -> bool:
    while node is not file.tree:
        node = file.parents[node]
        if isinstance(node, ast.ClassDef):
            return "Refused" in [name_of(base) for base in node.bases]
    return False


@cache
def untranslated() -> list[tuple[str, str, int]]:
    """File, code and line of every refusal in English alone."""
    return [
        (file.name, code, line)
        for file in FILES
        for code, line, words in refusals(file)
        if not is_translated(words, file)
    ]


def excuse(name: str, code: str) -> tuple[str, str] | None:
    return next((one for one in EXCEPTED if name.startswith(one[0]) and one[1] in ("", code)), None)


def test_refusals_that_people_read_are_translated() -> None:
    wrong = [f"{name}:{line} {code}" for name, code, line in untranslated() if excuse(name, code) is None]
    assert wrong == []


def test_every_exception_is_still_needed() -> None:
    assert {excuse(name, code) for name, code, _line in untranslated()} - {None} == set(EXCEPTED)


def test_phrases_are_written_out_so_that_they_come_into_the_catalogues() -> None:
    wrong = [
        f"{file.name}:{call.lineno}"
        for file in FILES
        for call in file.calls.get("Phrase", ())
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Refused('a', f'no {x}', 'w')", False),
        ("Refused('a', 'no', 'w')", False),
        ("Refused('a', _('no %(x)s') % {'x': x}, 'w')", True),
        ("said = 'no'\nRefused('a', said)", False),
        ("said = _('no')\nsaid %= {}\nRefused('a', said)", True),
        ("def f(x):\n said = _('a') if x else 'b'\n raise Refused('a', said)", False),
        ("def why(x):\n if x:\n  return _('a')\n return 'b'\nRefused('a', why(1))", False),
        ("def why(x):\n return _('a')\nRefused('a', why(1))", True),
        ("class Lost(Refused):\n def __init__(self, x):\n  super().__init__('a', f'{x} lost')", False),
    ],
)
def test_untranslated_refusals_are_seen(code: str, found: bool) -> None:
    file = File("none.py", ast.parse(code))
    assert [is_translated(words, file) for _code, _line, words in refusals(file)] == [found]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f():\n yield 'a', _('b')\nfor at, said in f():\n Refused('a', said, at)", True),
        ("def f():\n yield 'a', _('b')\n yield 'a', 'c'\nfor at, said in f():\n Refused('a', said, at)", False),
        ("def f(said):\n Refused('a', said)\nf(_('b'))", True),
        ("def f(said):\n Refused('a', said)\nf(_('b'))\nf('c')", False),
    ],
)
def test_words_that_come_from_elsewhere_are_followed(code: str, found: bool) -> None:
    file = File("none.py", ast.parse(code))
    assert [is_translated(words, file) for _code, _line, words in refusals(file)] == [found]
