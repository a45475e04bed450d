"""No day or number of any page ends up on two lines, however narrow; and what keeps it whole stays out of sight."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils import translation

from balie.accounts.models import User
from balie.web import written
from balie.web.templatetags import written as filters
from tests.web.addresses import address
from tests.web.test_access import GET, browser, people

__all__ = ["people"]  # the office all pages are asked for in
# A browser ends a line after a hyphen, also between the figures of a day.
BREAKABLE = re.compile(r"\b\d\d-\d\d(-\d{4})?\b(?![-\d])")
WHOLE = {"one-line", "num", "n", "signed", "mark"}
# Cells of tables never wrap; what is typed into is one line, or the reader's own.
WHOLE_TAGS = {"td", "th", "option", "title", "textarea", "script", "style", "code"}
VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "use", "path", "rect", "line", "circle", "col"}


class Looked(HTMLParser):
    """What of a page could break, and elements that ended up within an attribute or another text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, set[str]]] = []
        self.breakable: list[str] = []
        self.astray: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.astray += [f"{name}={value}" for name, value in attrs if value and "one-line" in value and name != "class"]
        if any(name == "class" and value == "one-line" for name, value in attrs):
            self.astray += [f"in {outer}" for outer, _ in self.open if outer in WHOLE_TAGS - {"td", "th", "code"}]
            self.astray += ["in a drawing" for outer, _ in self.open if outer == "svg"]
        if tag not in VOID:
            self.open.append((tag, set((dict(attrs).get("class") or "").split())))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        whole = any(tag in WHOLE_TAGS or classes & WHOLE for tag, classes in self.open)
        if not whole and BREAKABLE.search(data):
            self.breakable.append(" ".join(data.split()))
        if "one-line" in data and not any(tag in ("script", "style") for tag, _ in self.open):
            self.astray.append(data)


@pytest.mark.django_db
def test_no_page_breaks_a_day_and_no_attribute_holds_an_element(people: dict[str, User | None], monday: None) -> None:
    User.objects.update(language="nl")
    breakable: dict[str, list[str]] = {}
    astray: dict[str, list[str]] = {}
    looked = 0
    for person in ("agent", "client's user", "administrator"):
        theirs = browser(people[person])
        for name in GET:
            answer: Any = theirs.get(address(name, client="2001"))
            if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
                continue
            page = Looked(answer.content.decode())
            looked += 1
            breakable |= {name: page.breakable} if page.breakable else {}
            astray |= {name: page.astray} if page.astray else {}
    assert (breakable, astray) == ({}, {}) and looked > 100


def test_what_goes_into_a_sentence_has_signs_that_do_not_break() -> None:
    day, at = date(2026, 11, 23), datetime(2026, 11, 23, 8, 29, tzinfo=UTC)
    with translation.override("nl"):
        said = written.day(day), written.moment(at, "Europe/Amsterdam", date(2026, 11, 24))
    assert (*said, written.phone("+31612345678", "NL")) == (
        "23\u201111\u20112026", "23\u201111 09:29", "06\u00a012\u00a034\u00a056\u00a078"
    )  # fmt: skip


def test_in_a_template_the_text_can_be_found_and_copied_as_it_is_typed() -> None:
    with translation.override("nl"):
        assert filters.day(date(2026, 11, 23)) == '<span class="one-line">23-11-2026</span>'
    assert filters.one_line("<020 1>") == '<span class="one-line">&lt;020 1&gt;</span>'
    assert filters.one_line("11:42") == "11:42"  # nowhere to break it
