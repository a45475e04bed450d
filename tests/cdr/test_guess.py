"""What a file may mean is guessed from its first lines; what cannot be told is not said."""

import pytest

from balie.cdr.guess import columns_of, date_format_of, encoding_of, guessed, rows, separator_of, values, way_of

DUTCH = (
    "Begintijd;Richting;Beller;Gebeld;Medewerker;Gespreksduur;Wachttijd;Klantnummer\n"
    "23-11-2026 09:29:34;inkomend;0612345678;0201234501;201;1:15;3;1001\n"
    "23-11-2026 09:31:02;uitgaand;201;0687654321;201;12;0;1001\n"
)


def test_columns_separator_date_and_words_are_guessed() -> None:
    found = guessed(DUTCH.encode())
    assert found["columns"] == {
        "start": "Begintijd", "direction": "Richting", "caller": "Beller", "callee": "Gebeld", "agent": "Medewerker",
        "talk": "Gespreksduur", "ring": "Wachttijd", "client": "Klantnummer",
    }  # fmt: skip
    assert (found["separator"], found["encoding"], found["date_format"]) == (";", "utf-8", "%d-%m-%Y %H:%M:%S")
    assert found["directions"] == {"inkomend": "inbound", "uitgaand": "outbound"}


def test_english_words_for_the_direction_need_no_table() -> None:
    found = guessed(b"start,direction,to,duration\n2026-11-23 09:29:34,inbound,0201234501,75\n")
    assert "directions" not in found and found["columns"]["talk"] == "duration"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe\x00", b"{}", b"a"])
def test_a_file_that_says_nothing_is_no_reason_to_fail(data: bytes) -> None:
    assert guessed(data)["columns"] == {}


def test_a_sign_cut_off_at_the_end_is_utf8_all_the_same() -> None:
    whole = "a;Müller".encode()
    assert (encoding_of(whole), encoding_of(whole[:-5]), encoding_of("Müller".encode("cp1252"))) == (
        "utf-8", "utf-8", "cp1252",
    )  # fmt: skip


def test_each_column_is_used_once_and_the_first_of_a_heading_counts() -> None:
    assert columns_of(["Date", "Time", "Date", "From", "To"]) == {"start": "Date", "caller": "From", "callee": "To"}


@pytest.mark.parametrize(
    ("texts", "format"),
    [
        (["1795422574", "1795422580"], "epoch"), (["23.11.2026 09:29"], "%d.%m.%Y %H:%M"),
        (["2026-11-23T09:29:34+01:00", "2026-11-23T09:30:00+01:00", "yesterday"], "%Y-%m-%dT%H:%M:%S%z"),
        (["yesterday"], None), ([], None), ([""], None),
    ],
)  # fmt: skip
def test_the_format_most_starts_have_is_the_date_format(texts: list[str], format: str | None) -> None:
    assert date_format_of(texts) == format


def test_rows_are_cut_as_the_options_say() -> None:
    quoted, plain = {"separator": ",", "quoting": '"'}, {"separator": ",", "quoting": "none"}
    assert rows(b'\xef\xbb\xbf"a,b",c\r\n', quoted, 5) == [["a,b", "c"]]
    assert rows(b'"a,b",c\r\n', plain, 5) == [['"a', 'b"', "c"]]
    assert (separator_of("a\tb\tc"), separator_of("alone"), way_of("Eingehend"), way_of("?")) == (
        "\t",
        ",",
        "inbound",
        "",
    )
    assert (values(["a", "b"], [["1", "2"], ["3"]], "b"), values(["a"], [["1"]], 0), values(["a"], [["1"]], "z")) == (
        ["2"], ["1"], [],
    )  # fmt: skip
