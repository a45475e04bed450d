"""A mail's words with variables in braces, such as {client}: what may stand in them, and how they are filled in.

Pure. A text is paragraphs with an empty line between them. A variable that is a link stands in a paragraph of its own:
there the mail has its button.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

VARIABLE = re.compile(r"\{([^{}\n]*)\}")
PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Wording:
    """The words of a mail before they are filled in. `button`: what its one button says."""

    subject: str
    body: str
    button: str


class Part(StrEnum):
    """What a paragraph is."""

    WORDS = "words"
    ITEMS = "items"
    BUTTON = "button"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph filled in: its lines, or of the button its label and its link."""

    part: Part
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """The words of a mail with every variable in its place."""

    subject: str
    paragraphs: tuple[Paragraph, ...]


def variables(text: str) -> list[str]:
    """The names in braces, as often as they stand there."""
    return VARIABLE.findall(text)


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a text as it was typed."""
    typed = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return [part for part in PARAGRAPHS.split(typed) if part]


def unknown(wording: Wording, known: Iterable[str]) -> list[str]:
    """Names in braces that are no variables, each once."""
    names = variables(f"{wording.subject} {wording.button} {wording.body}")
    return [name for name in dict.fromkeys(names) if name not in set(known)]


def missing(wording: Wording, needed: Iterable[str]) -> list[str]:
    """Variables that must stand in the body and do not."""
    there = set(variables(wording.body))
    return [name for name in needed if name not in there]


def misplaced(wording: Wording, link: str) -> bool:
    """Whether the link is anywhere but once in the body, in a paragraph of its own."""
    mark = f"{{{link}}}"
    elsewhere = variables(f"{wording.subject} {wording.button}")
    return bool(link) and (
        link in elsewhere or variables(wording.body).count(link) != 1 or mark not in paragraphs(wording.body)
    )


def fill(wording: Wording, values: Mapping[str, str], *, link: str = "") -> Filled:
    """The words with the values in their places. link: the variable that becomes the button, "" for a mail without.

    A value that stands in a paragraph of its own may have several lines; anywhere else its lines become one.
    """
    label = one_line(filled(wording.button, values))
    found: list[Paragraph] = []
    for text in paragraphs(wording.body):
        if link and text == f"{{{link}}}":
            found.append(Paragraph(Part.BUTTON, (label, one_line(values[link]))))
        else:
            found += written(text, values)
    return Filled(one_line(filled(wording.subject, values)), tuple(found))


def written(text: str, values: Mapping[str, str]) -> list[Paragraph]:
    """One paragraph of words; a list where every line begins with a dash; none where nothing is left of it.

    A line whose variables are all empty is left out: `Price: {price}` says nothing without one.
    """
    alone = VARIABLE.fullmatch(text)
    if alone:
        lines = clean(values[alone[1]]).splitlines()
    else:
        lines = [filled(line, values) for line in text.splitlines() if says_something(line, values)]
    lines = [" ".join(line.split()) for line in lines if line.strip()]
    if lines and all(line.startswith("- ") for line in lines):
        return [Paragraph(Part.ITEMS, tuple(line[2:].strip() for line in lines))]
    return [Paragraph(Part.WORDS, tuple(lines))] if lines else []


def says_something(line: str, values: Mapping[str, str]) -> bool:
    names = variables(line)
    return not names or any(values[name].strip() for name in names)


def filled(text: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: one_line(values[found[1]]), text)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """Without the signs that end a header or confuse a terminal."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\t", " "))
