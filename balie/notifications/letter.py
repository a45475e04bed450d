"""A mail's words as people read them: plain text, and HTML that says the same. Reads no tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from balie.notifications.wording import Filled, Paragraph, Part

URL = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])")


@dataclass(frozen=True)
class Head:
    """What stands around every mail: whose it is, where they are, and the language it is in."""

    operator: str
    address: Sequence[str]
    language: str


def plain(filled: Filled, head: Head) -> str:
    """The mail as plain text: what the button leads to stands there in full, the address beneath."""
    told = [as_text(paragraph) for paragraph in filled.paragraphs]
    foot = "\n".join(["-- ", head.operator, *head.address])
    return "\n\n".join([*told, foot]) + "\n"


def as_text(paragraph: Paragraph) -> str:
    if paragraph.part == Part.BUTTON:
        return "{}:\n{}".format(*paragraph.lines)
    mark = "- " if paragraph.part == Part.ITEMS else ""
    return "\n".join(f"{mark}{line}" for line in paragraph.lines)


def html(filled: Filled, head: Head) -> str:
    """The mail as HTML: 600 px wide, readable without pictures of which it has none, light and dark."""
    said = {"subject": filled.subject, "head": head, "parts": list(parts(filled))}
    return render_to_string("mails/mail.html", said).strip() + "\n"


def parts(filled: Filled) -> Iterator[dict[str, object]]:
    """The paragraphs as the template wants them."""
    for paragraph in filled.paragraphs:
        if paragraph.part == Part.BUTTON:
            label, link = paragraph.lines
            yield {"is": paragraph.part.value, "label": label, "link": link}
        else:
            yield {"is": paragraph.part.value, "lines": [with_links(line) for line in paragraph.lines]}


def with_links(line: str) -> SafeString:
    """A line as HTML, with the web addresses in it as links: every second piece is one."""
    pieces = URL.split(line)
    return format_html_join(
        "",
        "{}",
        ((format_html('<a href="{0}">{0}</a>', piece) if place % 2 else piece,) for place, piece in enumerate(pieces)),
    )
