"""The rules of the house that neither ruff, mypy nor import-linter can see. Each test lists what breaks its rule."""

import ast
import base64
import hashlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import bootstrap_wrapper
from django.apps import apps
from django.db.models import Field

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FACES = ("web", "api", "cli")
WITH_A_CLOCK = (*FACES, "worker", "config")
WRITES = {
    "save",
    "create",
    "get_or_create",
    "update",
    "update_or_create",
    "delete",
    "bulk_create",
    "bulk_update",
    "executemany",
}
# `.update()` of these is a dictionary's or a progress bar's.
NO_TABLES = {"attrs", "bar", "headers", "environ"}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "timezone.now"}
STOPWATCHES = {"time.monotonic", "time.perf_counter", "time.process_time", "timezone.localdate", "timezone.localtime"}
EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|handlers?|misc)(_|$)|^process_")
UNTRACKED = {".venv", "__pycache__", "balie.egg-info", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
LOCKS = ("requirements.lock", "requirements-dev.lock")
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 400, 40, 8


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git knows or would know, so that a new one is looked at before it is committed."""
    # A clone may belong to another user than the one who tests.
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:  # no clone at all: a source archive
        paths = {path for path in ROOT.rglob("*") if not UNTRACKED.intersection(path.parts)}
    else:
        paths = {ROOT / name for name in listed.stdout.split("\0") if name}
    return tuple(sorted(path for path in paths if path.is_file()))


def code(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The Python files of these folders of the project with their syntax trees, migrations left out."""
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and "/migrations/" not in name and name.startswith(folders):
            yield name, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def parts(*names: str) -> tuple[str, ...]:
    return tuple(f"balie/{name}/" for name in names)


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of what is called: `date.today`, `x.y.save` as `y.save`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield node.lineno, f"{name}.{node.func.attr}"


def levels() -> dict[str, int]:
    """The layer of each part of Balie, the lowest is 0, as import-linter reads it."""
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    return {name.strip(): level for level, names in enumerate(reversed(layers)) for name in re.split(r"[:|]", names)}


def test_foreign_keys_go_down_only() -> None:
    level = levels()
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.is_relation and isinstance(field.related_model, type)
        if level.get(part_of(field.related_model), -1) > level.get(part_of(model), len(level))
    ]
    assert wrong == []


def part_of(model: type) -> str:
    """`calls` of a model in balie.calls, "" of somebody else's."""
    first, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if first == "balie" else ""


def test_faces_call_actions_and_write_nothing_themselves() -> None:
    wrong = [
        f"{name}:{line} {called}()"
        for name, tree in code(*parts(*FACES))
        for line, called in calls(tree)
        if called.rpartition(".")[2] in WRITES and called.partition(".")[0] not in NO_TABLES
    ]
    assert wrong == []


def test_pages_say_what_is_wrong_without_the_name_of_its_field() -> None:
    """`str(refusal)` begins with where: for programs and the command line."""
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in code("balie/web/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call | ast.FormattedValue)
        if ast.unparse(node.value if isinstance(node, ast.FormattedValue) else node) in ("refusal", "str(refusal)")
    ]
    assert wrong == []


def test_time_is_an_argument_below_the_faces() -> None:
    wrong = [
        f"{name}:{line} {called}()"
        for name, tree in code("balie/")
        if not name.startswith(parts(*WITH_A_CLOCK))
        for line, called in calls(tree)
        if called in CLOCKS
    ]
    assert wrong == []


def test_rules_and_readers_do_not_even_hold_a_stopwatch() -> None:
    wrong = [
        f"{name}:{line} {called}()"
        for name, tree in code(*parts("rules", "cdr"))
        for line, called in calls(tree)
        if called in CLOCKS | STOPWATCHES
    ]
    assert wrong == []


def test_no_file_is_longer_than_anybody_reads() -> None:
    lengths = {name: (ROOT / name).read_bytes().count(b"\n") for name, _ in code("")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short_and_take_few_things() -> None:
    wrong = []
    for name, tree in code("balie/", "tools/", "bench/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                takes = len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs)
                if lines > LONGEST_FUNCTION or takes > MOST_PARAMETERS:
                    wrong.append(f"{name}:{node.lineno} {node.name}: {lines} lines, {takes} parameters")
    assert wrong == []


def test_names_say_something() -> None:
    wrong = [name for name, _ in code("balie/") if EMPTY_NAMES.search(Path(name).stem)]
    for name, tree in code("balie/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and empty(node.name):
                wrong.append(f"{name}:{node.lineno} {node.name}")
    # Django looks these two up by name.
    allowed = {"process_view", "process_exception"}
    assert [entry for entry in wrong if entry.rpartition(" ")[2] not in allowed] == []


def empty(name: str) -> bool:
    return bool(EMPTY_NAMES.search(name)) or name.endswith("Service")


def test_every_module_says_what_it_is() -> None:
    silent = [
        name
        for name, tree in code("balie/", "tools/", "bench/", "tests/")
        if tree.body and Path(name).name != "apps.py" and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_everything_imported_is_a_declared_dependency() -> None:
    project = PROJECT["project"]
    declared = {distribution(line) for line in project["dependencies"]}
    for_tests = declared | {distribution(line) for line in project["optional-dependencies"]["dev"]}
    known = packages_distributions()
    wrong = []
    for name, tree in code("balie/", "tests/", "tools/", "bench/"):
        allowed = declared if name.startswith("balie/") else for_tests
        # A script that is run by its path finds the files beside it.
        beside = {path.stem for path in (ROOT / name).parent.glob("*.py")}
        ours = {"balie", "tests", "tools", "bench"} | beside
        for module in sorted(imported(tree) - sys.stdlib_module_names - ours):
            if not {distribution(found) for found in known.get(module, [module])} & allowed:
                wrong.append(f"{name} imports {module}")
    assert wrong == []


def distribution(line: str) -> str:
    """The name of a requirement as the index writes it: `whitenoise[brotli]>=6.9` is `whitenoise`."""
    return re.split(r"[\[<>=~!; ]", line)[0].lower().replace("_", "-")


def imported(tree: ast.Module) -> set[str]:
    """Top names of all absolute imports."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in names}


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    told = re.compile(rb"(?:pypi|pythonhosted|npmjs|debian)\.org|(?<![\w.-])/(?:work|root|farm|opt/pypi)/")
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group().decode()}"
        for path in tracked()
        if (found := told.search(path.read_bytes()))
    ]
    assert wrong == []


def test_nothing_of_others_is_copied_in() -> None:
    suffixes = (".min.js", ".min.css", ".map", ".woff", ".woff2", ".ttf", ".otf", ".whl")
    assert [path for path in tracked() if path.name.endswith(suffixes) or "node_modules" in path.parts] == []


def test_bootstrap_of_the_wheel_is_the_published_one() -> None:
    # The wheel has one author; these are the integrity values Bootstrap itself prints beside its CDN links for 5.3.8
    # (getbootstrap.com, Introduction, Quick start).
    published = {
        "css/bootstrap.min.css": "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB",
        "js/bootstrap.bundle.min.js": "FKyoEForCGlyvwx9Hj09JcYn3nv7wiPVlz7YYwJrWVcXK/BmnVDxM+D2scQbITxI",
    }
    folder = Path(bootstrap_wrapper.get_bootstrap_dir())
    found = {
        name: base64.b64encode(hashlib.sha384((folder / name).read_bytes()).digest()).decode() for name in published
    }
    assert found == published


def test_locks_hold_hashes_and_no_addresses() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text()
        assert re.findall(r"https?://|file:|--index|--find-links", text) == []
        entries = [line for line in text.splitlines() if re.match(r"[a-z]", line)]
        assert [line for line in entries if "==" not in line or not line.endswith("\\")] == []


def test_development_lock_keeps_the_versions_people_run() -> None:
    run, developed = (set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.M)) for name in LOCKS)
    assert run - developed == set()


def test_migrations_of_an_app_are_one_row() -> None:
    for app in apps.get_app_configs():
        if app.name.startswith("balie."):
            files = sorted(path.stem for path in Path(app.path, "migrations").glob("[0-9]*.py"))
            numbers = [int(name.partition("_")[0]) for name in files]
            assert [pair for pair in pairwise(numbers) if pair[1] != pair[0] + 1] == [], files
            assert [name for name in files if "auto" in name.split("_")] == []
