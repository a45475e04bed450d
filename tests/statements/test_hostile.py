"""What people and telephones are called can break no file and steer no program that opens one."""

import csv
import io
import json

import openpyxl
import pytest

from balie.statements.exports import calls_file, file_name, file_of
from balie.statements.exports.cells import harmless
from balie.statements.queries import call_report, month_report
from tests import make
from tests.statements import tagged
from tests.statements.made import NOW, OCTOBER, a_client, an_operator, sum_up

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x","y")', "+31612345678 "]
MARKUP = [
    '#eval("1")',
    "$x^2$",
    "\\ \\* _a_ *b*",
    "`raw`",
    "<label>",
    "@ref",
    '"quotes" „und“',
    "// comment",
    "#{",
    "]",
    "—",
]
LETTERS = [
    "Grüße & Söhne",
    "Łódź",
    "Ελλάδα",
    "Киев",
    "שלום",
    "العربية",
    "日本語",
    "🙂👨‍👩‍👧",
    "\u202eevil",
    "e\u0301",
    "ﷺ",
    "\ufffd",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+31612345678", "+31612345xxx", "201", "", "a=1", "'", "1-2", "Anna"])
def test_telephone_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["+31612345678\n", "+3161234567٨", "+", "+31612345xxxx", "+316+1"])
def test_what_only_looks_like_a_number_is_no_number(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_calculated(text: str) -> None:
    an_operator()
    client = a_client(name=text)
    agent = make.agent(text.strip() or "x", name=text)
    make.call(client, start=NOW.replace(month=10), caller=text, agent=agent, key=text)
    sum_up()
    for data in (calls_file(client, OCTOBER, "csv", now=NOW), file_of(month_report(OCTOBER), "csv", now=NOW)):
        cells = [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
        assert [cell for cell in cells if harmless(cell) != cell] == []
    for data in (calls_file(client, OCTOBER, "xlsx", now=NOW), file_of(month_report(OCTOBER), "xlsx", now=NOW)):
        in_sheet = [cell for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for cell in row]
        assert {cell.data_type for cell in in_sheet} <= {"s", "n", "d"}
        assert [cell.value for cell in in_sheet if str(cell.value).startswith("=")] == []
    assert json.loads(calls_file(client, OCTOBER, "json", now=NOW))[0]["caller"] == text


@pytest.mark.parametrize("text", [*MARKUP, *FORMULAS])
def test_paper_prints_markup_as_it_is(text: str) -> None:
    an_operator(name=text, address=[text, text])
    client = a_client("1001", name=text)
    make.call(client, start=NOW.replace(month=10), caller=text, agent=make.agent("x", name=text))
    row = tagged.tables(calls_file(client, OCTOBER, "pdf", now=NOW))[1][1]
    bare = "".join(text.split())
    assert ["".join(cell.split()) for cell in (row[2], row[4])] == [bare, bare]


@pytest.mark.parametrize("text", [*LETTERS, "x" * 200, "\u0001\u0002", "", " "])
def test_paper_prints_any_letters(text: str) -> None:
    an_operator(name=text, address=[text], mail={"from": text}, base_url=f"https://{text}/")
    client = a_client(text[:40] or "1001", name=text)
    make.call(
        client, start=NOW.replace(month=10), caller=text[:80], agent=make.agent("x", name=text), service=text[:40]
    )
    sum_up()
    assert calls_file(client, OCTOBER, "pdf", now=NOW).startswith(b"%PDF-1.7")
    assert file_of(month_report(OCTOBER), "pdf", now=NOW).startswith(b"%PDF-1.7")
    assert file_of(month_report(OCTOBER), "xlsx", now=NOW).startswith(b"PK")


def test_address_of_a_web_site_that_is_none_breaks_nothing() -> None:
    an_operator(base_url="http://[", mail={"from": "bö se\n@x"})
    client = a_client()
    assert calls_file(client, OCTOBER, "pdf", now=NOW).startswith(b"%PDF-1.7")


def test_file_names_are_plain() -> None:
    an_operator()
    report = call_report(a_client("../a/ü 1\n"), OCTOBER)
    assert file_name(report, "csv") == "calls-___a___1_-2026-10.csv"
    assert file_name(month_report(OCTOBER), "pdf") == "month-2026-10.pdf"
