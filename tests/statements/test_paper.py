"""Documents on paper: what the fonts show, what the press makes, what a statement says in each language."""

import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pytest
import typst
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from balie.accounts.models import Client
from balie.operator import written
from balie.operator.models import Operator
from balie.rules.period import Period
from balie.statements import words
from balie.statements.exports import calls_file, pdf
from balie.statements.paper import press, printable, widths
from balie.statements.paper.shrink import shrunk
from balie.statements.queries import CallReport, Fact, report_of
from tests.statements import tagged
from tests.statements.made import AMSTERDAM, NOW, OCTOBER, a_client, a_month, an_operator

OPERATOR = Operator(name="Telefoonservice De Linde", address=["Lindelaan 1", "1000 AA Amsterdam"], timezone=AMSTERDAM)
HEAD = '#set document(title: "x", date: datetime(year: 2026, month: 11, day: 3))\n'
FONTS = '#set text(font: ("Inter", "DejaVu Sans Mono", "New Computer Modern"), size: 8pt)\n'
TABULAR = '#set text(number-type: "lining", number-width: "tabular", hyphenate: false)\n'


def compiled(source: str, data: Any, **options: Any) -> Any:
    compiler = typst.Compiler(
        source.encode(),
        root=press.HERE,
        font_paths=press._fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    return compiler.query(**options) if options else compiler.compile(format="pdf", pdf_standards=press.STANDARDS)


def fact(place: int = 0, **values: Any) -> Fact:
    known = {"direction": "inbound", "type": "accepted", "caller": "+31612345678", "callee": "+31201234501"}
    start = datetime(2026, 10, 1, 8, tzinfo=UTC) + timedelta(minutes=7 * place)
    return Fact(**{"start": start, "agent": "201", "agent_name": "Anna", "talk": 65, **known, **values})


def a_report(rows: int = 3, language: str = "en", **values: Any) -> CallReport:
    client = Client(number="1001", name="Bakker Installaties", language=language)
    return report_of(client, OCTOBER, [fact(place, **values) for place in range(rows)])


def statement(report: CallReport, revision: int = 1, replaces: tuple[int, datetime] | None = None) -> bytes:
    return press.printed(pdf.STATEMENT, pdf.calls_data(report, pdf.Edition(OPERATOR, NOW, revision, replaces))).pdf


def test_fonts_show_every_letter_said_to_be_printable() -> None:
    letters = [chr(code) for first, last in printable.RANGES for code in range(first, last + 1)]
    lone = [letter for letter in letters if not letter.isspace()]
    source = HEAD + FONTS + "= x\n#json(bytes(sys.inputs.data)).join(parbreak())"
    assert compiled(source, [*lone, printable.BOX]).startswith(b"%PDF")


@given(st.text(max_size=40))
def test_any_text_becomes_printable_and_stays_so(text: str) -> None:
    once = printable.printable(text)
    assert printable.printable(once) == once
    assert all(any(first <= ord(sign) <= last for first, last in printable.RANGES) for sign in once)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna", "Anna"),
        ("e\u0301", "é"),
        ("a\nb\tc", "a b c"),
        ("日本", "□□"),
        ("🙂\u200d🙂", "□□"),
        ("\u202eabc\u200b", "abc"),
        ("x\ufe0f", "x"),
        ("\u00a0", " "),
    ],
)
def test_letters_outside_of_the_fonts_become_boxes(text: str, shown: str) -> None:
    assert printable.printable(text) == shown


@given(st.text(max_size=60), st.integers(2, 20))
def test_long_words_may_break_and_say_the_same(text: str, longest: int) -> None:
    folded = printable.foldable(text.replace(printable.MAY_BREAK, ""), longest)
    assert folded.replace(printable.MAY_BREAK, "") == text.replace(printable.MAY_BREAK, "")
    assert max((len(word) for part in folded.split() for word in part.split(printable.MAY_BREAK)), default=0) <= longest


def test_widths_are_never_less_than_the_fonts_own() -> None:
    texts = [chr(code) * 20 for code in range(33, 127)] + ["01-10-2026 02:02:17", "30 Sept 2026", "+49 1510 2397735"]
    texts += ["doorgeschakeld", "Fatima el Amrani", "AVATAR Ty To", "x" * 10, "WMWMWM", "ÉÄÖÜß" * 3]
    source = f"{FONTS}{TABULAR}#context [#metadata(json(bytes(sys.inputs.data)).map(it => measure(it).width.mm())) <w>]"
    real = json.loads(compiled(source, texts, selector="<w>", field="value", one=True))
    wrong = {
        text: (own, widths.width(text))
        for text, own in zip(texts, real, strict=True)
        if own > widths.width(text) + 0.05
    }
    assert wrong == {}


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_table_of_calls_fills_the_page_in_every_language(language: str) -> None:
    with translation.override(language):
        columns = pdf.column_widths()
        room = [width - gap for width, gap in zip(columns, pdf.GAPS, strict=True)]
        in_column: list[tuple[int, Mapping[Any, Any]]] = [
            (1, words.DIRECTIONS),
            (6, words.TYPES),
            (7, words.SERVICES),
        ]
        said = [(place, str(text)) for place, known in in_column for text in known.values()]
        said += [(0, f"{written.day(date(2026, month, 28))} 20:00:00") for month in range(1, 13)]
    assert round(sum(columns), 3) == pdf.PAGE == 210 - 20 - 11
    assert [text for place, text in [*said, (4, "Anna de Wit")] if not widths.fits(text, room[place])] == []


def test_rows_are_as_high_as_typst_would_make_them() -> None:
    # Sixteen pages of rows, some of two or three lines: any difference would move the last row to another page.
    facts = [
        fact(place, agent_name=("Anna", "Jonas Weber", "Fatima el Amrani")[place % 3], late=not place % 7)
        for place in range(600)
    ]
    report = report_of(Client(number="1001", name="Bakker Installaties", language="nl"), OCTOBER, facts)
    data = json.loads(pdf.calls_data(report, pdf.Edition(OPERATOR, NOW, 1)))
    assert {text for _, text in data["long"]} == {"Jonas Weber", "Fatima el Amrani", "aangenomen\nlater toegevoegd"}
    known = (press.HERE / pdf.STATEMENT).read_text()
    measured = re.sub(r"\n +rows: .*", "", known)
    assert measured != known
    on_pages, as_measured = (heights(compiled(source, data)) for source in (known, measured))
    assert len(on_pages) == 16
    assert [len(page) for page in on_pages] == [len(page) for page in as_measured]
    assert list(chain(*on_pages)) == pytest.approx(list(chain(*as_measured)), abs=0.1)


def heights(made: bytes) -> list[list[float]]:
    """Of each page the heights at which something is printed, in points."""
    with pikepdf.open(io.BytesIO(made)) as document:
        streams = [page.Contents.read_bytes() for page in document.pages]
    return [[float(found) for found in re.findall(rb"q 1 0 0 -1 \S+ (\S+) cm", stream)] for stream in streams]


def test_shrinking_keeps_every_object() -> None:
    report = a_report(120)
    data = pdf.calls_data(report, pdf.Edition(OPERATOR, NOW, 1))
    plain = press._compiler(pdf.STATEMENT).compile(
        sys_inputs={"data": data}, format="pdf", pdf_standards=press.STANDARDS
    )
    assert isinstance(plain, bytes)
    small = shrunk(plain)
    assert len(small) < len(plain) / 3
    with pikepdf.open(io.BytesIO(plain)) as before, pikepdf.open(io.BytesIO(small)) as after:
        assert after.check_pdf_syntax() == []
        for number in range(1, len(before.objects) + 1):
            one, other = before.get_object(number, 0), after.get_object(number, 0)
            assert one.unparse() == other.unparse()
            if isinstance(one, pikepdf.Stream):
                assert one.read_raw_bytes() == other.read_raw_bytes()
        assert before.trailer.Root.objgen == after.trailer.Root.objgen
        assert before.trailer.ID == after.trailer.ID


def test_same_data_gives_the_same_bytes() -> None:
    first = statement(a_report())
    press._forget()
    assert statement(a_report()) == first


def test_statement_is_an_archive_file_in_the_clients_language() -> None:
    with pikepdf.open(io.BytesIO(statement(a_report(language="de")))) as document:
        with document.open_metadata() as known:
            assert {name: known[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")} == {
                "pdfaid:part": "3",
                "pdfaid:conformance": "A",
                "pdfuaid:part": "1",
            }
            assert known["xmp:CreateDate"] == "2026-11-03T05:00:00Z"
        assert str(document.Root.Lang) == "de"
        fonts = {str(font.BaseFont).partition("+")[2] for font in document.pages[0].resources.Font.values()}
        assert {name.partition("-")[0].rstrip("0123456789") for name in fonts} == {"Inter"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_screen_readers_are_told_everything(language: str, tmp_path: Path) -> None:
    an_operator()
    client = a_client(language=language)
    a_month(client)
    path = tmp_path / "calls.pdf"
    path.write_bytes(calls_file(client, OCTOBER, "pdf", now=NOW))
    found = outloud.check(str(path))
    assert found.error is None
    # Of one page it cannot know that the line at its foot is one.
    alone = found.stats["pages"] == 1
    findings = [finding for finding in found.findings if not (finding.rule == "TAG-002" and alone)]
    assert [(finding.rule, finding.message) for finding in findings] == []


@pytest.mark.parametrize(
    ("language", "day", "month", "title"),
    [
        ("nl", "05-10-2026", "oktober 2026", "Individueel verbindingsbewijs"),
        ("de", "05.10.2026", "Oktober 2026", "Einzelverbindungsnachweis"),
        ("en", "05 Oct 2026", "October 2026", "Itemised statement"),
    ],
)
def test_days_and_words_are_the_clients(language: str, day: str, month: str, title: str) -> None:
    start = datetime(2026, 10, 5, 8, tzinfo=UTC)
    made = statement(a_report(1, language, start=start))
    said = tagged.text(made)
    assert tagged.tables(made)[1][1][0] == f"{day} 10:00:00"
    assert f"{title} {month}" in said


def test_page_says_who_what_when_and_which_of_how_many() -> None:
    made = statement(a_report(120))
    foots = [text[text.index("Bakker") :] for text in tagged.artifacts(made)]
    assert foots == [
        f"Bakker Installaties · client 1001 · October 2026 · revision 1 of 3 November 2026page {page} of 3"
        for page in (1, 2, 3)
    ]


def test_header_is_repeated_on_every_page() -> None:
    pages = tagged.artifacts(statement(a_report(120)))
    assert [text.startswith("Date and timeDirectionCaller") for text in pages] == [False, True, True]


def test_revision_says_what_it_replaces() -> None:
    made = statement(a_report(), 2, (1, datetime(2026, 11, 3, 5, tzinfo=UTC)))
    assert "This revision replaces revision 1 of 3 November 2026: calls were added or corrected." in tagged.text(made)


@pytest.mark.django_db
def test_running_month_says_that_it_is_not_over() -> None:
    an_operator()
    client = a_client()
    made = calls_file(client, Period(2026, 11, AMSTERDAM), "pdf", now=NOW)
    assert "State of 3 November 2026 06:00; the month is not over yet." in tagged.text(made)


def test_statement_has_a_letterhead_and_an_address() -> None:
    said = tagged.text(statement(a_report()))
    for text in ("Telefoonservice De Linde", "Lindelaan 1 1000 AA Amsterdam", "Bakker Installaties Client number 1001"):
        assert text in said


@pytest.mark.parametrize(
    ("number", "country", "shown"),
    [
        ("+31612345678", "NL", "06 12 34 56 78"),
        ("+31612345xxx", "NL", "06 12 34 5x xx"),
        ("+31201234501", "NL", "020 123 4501"),
        ("+31201234xxx", "NL", "020 123 4xxx"),
        ("+31612345678", "DE", "+31 6 12345678"),
        ("+4930123456", "DE", "030 123456"),
        ("+4930123xxx", "DE", "030 123xxx"),
        ("+12", "NL", "+12"),
        ("+1xxx", "NL", "+1xxx"),
        ("+abc", "NL", "+abc"),
        ("+٣١٦", "NL", "+٣١٦"),
        ("xxx", "NL", "xxx"),
        ("201", "NL", "201"),
        ("112", "NL", "112"),
        ("anonymous", "NL", "anonymous"),
        ("", "NL", ""),
    ],
)
def test_numbers_stand_on_paper_as_people_write_them(number: str, country: str, shown: str) -> None:
    assert written.phone(number, country) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (61, "1:01"), (3909, "1:05:09"), (359_999, "99:59:59")])
def test_durations_are_short_under_an_hour(seconds: int, shown: str) -> None:
    assert written.duration(seconds) == shown


@pytest.mark.parametrize(
    ("language", "period", "count"),
    [
        ("nl", "1–28 februari 2026", "1.234"),
        ("de", "1.–28. Februar 2026", "1.234"),
        ("en", "1–28 February 2026", "1,234"),
    ],
)
def test_periods_and_counts_follow_the_language(language: str, period: str, count: str) -> None:
    with translation.override(language):
        assert (written.days(Period(2026, 2)), written.count(1234), written.count(0)) == (period, count, "–")
        assert written.long_day(date(2026, 2, 3)).startswith("3")
