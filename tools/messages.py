"""The catalogues of balie/locale: every text of code and templates in, translations kept, compiled with Babel.

    python -m tools.messages update     merges the texts that exist now into the catalogues (part of `make fix`)
    python -m tools.messages compile    makes the .mo files Django reads (part of `make setup`)

No gettext programs are needed. The catalogues are sorted and carry neither dates nor line numbers: a change of one
text is a change of one entry.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "nl")
TEMPLATES = {".html", ".txt", ".xml", ".svg"}
# `Phrase` is how rules and readers, which know no gettext, say what people read.
PLAIN = ("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "Phrase")
KEYWORDS = (
    dict.fromkeys(PLAIN)
    | dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
    | dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
    | dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))
)
# Headers that would change with every run, or say nothing.
DROPPED = ("Project-Id", "Report-", "POT-", "PO-", "Last-", "Language-Team", "Generated", "MIME", "Content-Transfer")


def catalogue_path(language: str) -> Path:
    return ROOT / "balie/locale" / language / "LC_MESSAGES/django.po"


def sources() -> Iterator[Path]:
    """Every file that can hold a text people read, in a stable order."""
    for path in sorted((ROOT / "balie").rglob("*")):
        code = path.suffix == ".py" and "migrations" not in path.parts
        if code or (path.suffix in TEMPLATES and "templates" in path.parts):
            yield path


def python_of(path: Path) -> bytes:
    """The file as Python: Django turns templates into calls of gettext among blanks.

    The brackets around it keep Python's tokenizer from looking at the indentation of HTML.
    """
    if path.suffix == ".py":
        return path.read_bytes()
    from django.utils.translation.template import templatize

    return f"({templatize(path.read_text(), origin=path.name)}\n)".encode()


def texts() -> Catalog:
    """Every text of the tree with the files that use it."""
    found = Catalog(fuzzy=False, charset="utf-8")
    for path in sources():
        place = (path.relative_to(ROOT).as_posix(), 0)
        lines = extract("python", io.BytesIO(python_of(path)), KEYWORDS, ["Translators:"])
        for _, text, comments, context in lines:
            found.add(text, locations=[place], auto_comments=comments, context=context, flags=flags_of(path, text))
    return found


def flags_of(path: Path, text: str | tuple[str, ...]) -> set[str]:
    """Says that %(name)s and {name} must survive the translation; Babel sees only the first by itself."""
    first = text if isinstance(text, str) else text[0]
    return {"python-brace-format"} if path.suffix == ".py" and "{" in first else set()


def read(language: str) -> Catalog:
    """The catalogue as it stands; empty where there is none yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def written(catalogue: Catalog) -> bytes:
    """The catalogue as its file has it."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in DROPPED))).encode()


def merged(language: str) -> Catalog:
    """The translations that stand, for the texts that exist now. Nothing is guessed: a new text is empty."""
    catalogue = read(language)
    catalogue.update(texts(), no_fuzzy_matching=True)
    catalogue.header_comment = f"# Balie's texts in {catalogue.locale.english_name if catalogue.locale else language}."
    catalogue.fuzzy = False
    return catalogue


def update() -> None:
    """Writes both catalogues anew."""
    for language in LANGUAGES:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(merged(language)))


def compile_changed() -> None:
    """Makes the .mo beside every .po that is newer. Written whole and then renamed: others may be reading."""
    for language in LANGUAGES:
        source = catalogue_path(language)
        made = source.with_suffix(".mo")
        if not source.exists() or (made.exists() and made.stat().st_mtime >= source.stat().st_mtime):
            continue
        draft = made.with_suffix(f".mo.{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, read(language))
        draft.replace(made)


def main() -> None:
    command = {"update": update, "compile": compile_changed}.get(" ".join(sys.argv[1:]))
    if command is None:
        sys.exit(__doc__)
    command()


if __name__ == "__main__":
    main()
