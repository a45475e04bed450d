"""Settings, Phone systems: a place and a file are tried with the form as it stands, and nothing is stored."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from balie.calls.models import Import, Source, Upload
from balie.web import soon
from balie.web.office.settings.phone import tries
from tests import make
from tests.web.make_phone import FILE, PLACE, sent, text
from tests.worker.files import lines
from tests.worker.ssh_server import SSH_KEYGEN, Server, inside, new_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
CSV = (
    b"Beginn;Richtung;Anrufer;Ziel;Platz;Dauer\n"
    b"23.11.2026 10:00:00;ein;0612345678;0201234501;201;75\n"
    b"23.11.2026 10:05:00;quer;0612345678;0201234501;201;75\n"
    b"gestern;ein;0612345678;0201234501;201;75\n"
)


@pytest.fixture(autouse=True)
def operator(db: None, monday: None) -> None:
    make.operator()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if not SSH_KEYGEN:
        pytest.skip("no ssh-keygen on this machine (apt-get install openssh-client)")
    (tmp_path / "cdr").mkdir()
    (tmp_path / "keys").mkdir(mode=0o700)
    with inside(tmp_path / "cdr", tmp_path / "keys") as running:
        yield running


def test_a_try_lists_the_newest_files_first_and_stores_nothing(joris: Browser, tmp_path: Path) -> None:
    for at in range(23):
        (tmp_path / f"Master{at:02d}.csv").write_text("x" * at)
    answer = sent(joris, None, PLACE, name="pbx", files__url=f"file://{tmp_path}/Master*.csv")
    page = text(answer.content.decode())
    assert answer.status_code == 200 and "The connection works: 23 files match. The newest of them:" in page
    assert len(answer.context["shown"].tried.files) == 20 and not Source.objects.exists()
    assert 'value="pbx"' in answer.content.decode()
    none = sent(joris, None, PLACE, files__url=f"file://{tmp_path}/Other*.csv")
    assert "no file matches the address" in text(none.content.decode())
    lost = sent(joris, None, PLACE, files__url=f"file://{tmp_path}/gone/Master.csv")
    assert "That did not work. There is no such file or folder" in text(lost.content.decode())
    assert "Enter first where the files lie." in sent(joris, None, PLACE).content.decode()


def test_a_strange_server_shows_its_key_which_is_entered_once_compared(joris: Browser, server: Server) -> None:
    (server.folder / "Master.csv").write_text(lines(1, 2))
    place = {"files__url": server.url(), "files__key": f"file:{server.key}"}
    answer = sent(joris, None, PLACE, **place)
    shown = answer.context["shown"].tried.key
    assert shown.line == server.host_key and shown.expected == "" and shown.printed.startswith("SHA256:")
    assert shown.printed in answer.content.decode() and "Master.csv</code>" not in answer.content.decode()
    known = sent(joris, None, PLACE, compared=shown.line, **place)
    assert known.context["form"]["files_host_key"] == server.host_key
    assert "The connection works: 1 file matches." in text(known.content.decode())
    assert not Source.objects.exists()


def test_another_key_than_the_one_entered_is_never_accepted_by_a_click(
    joris: Browser, server: Server, tmp_path: Path
) -> None:
    other = new_key(tmp_path / "other")
    place = {"files__url": server.url(), "files__key": f"file:{server.key}",
             "files__host_key": f"{other.get_name()} {other.get_base64()}"}  # fmt: skip
    page = sent(joris, None, PLACE, **place).content.decode()
    assert "somebody may stand in between" in page and "Expected was" in page and 'name="compared"' not in page


def test_a_server_that_says_nothing_is_given_up_in_words(joris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ftp://u@127.0.0.1:{silent.getsockname()[1]}/x*.csv"
        page = text(sent(joris, None, PLACE, files__url=url).content.decode())
    assert "The server did not answer within ten seconds." in page


def test_a_listing_that_never_ends_is_stopped_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from balie.worker import remote

    (tmp_path / "a").mkdir()
    with remote.opened({"url": f"file://{tmp_path}/**/*.csv"}, seconds=-1) as place, pytest.raises(TimeoutError):
        place.found()


def test_our_own_secrets_are_no_call_files(joris: Browser, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    (tmp_path / "secret_key").write_text("geheim")
    (tmp_path / "link.csv").symlink_to(tmp_path / "secret_key")
    (tmp_path / "Master.csv").write_text("x")
    page = text(sent(joris, None, PLACE, files__url=f"file://{tmp_path}/*").content.decode())
    assert "1 file matches" in page and "secret_key" not in page and "link.csv" not in page
    for url in (f"file://{tmp_path}/link.csv", "file:///proc/self/environ"):
        assert "It may not be read" in text(sent(joris, None, PLACE, files__url=url).content.decode())


def test_work_that_is_done_in_time_gives_its_result_or_its_error() -> None:
    assert soon.within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        soon.within(5, lambda: 1 // 0)


def upload(data: bytes = CSV, name: str = "export.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_first_file_fills_in_the_columns_and_shows_what_comes_of_it(joris: Browser) -> None:
    answer = sent(joris, None, FILE, format="generic", file=upload())
    page = text(answer.content.decode())
    assert answer.status_code == 200 and "Guessed from the first lines of the file." in page
    assert answer.context["form"]["columns_start"] == "Beginn" and answer.context["form"]["separator"] == ";"
    assert "3 lines: 1 call, 2 lines that cannot be read." in page
    assert "direction 'quer' is none of ein" in page and "start 'gestern' is no time as %d.%m.%Y %H:%M:%S" in page
    assert ("quer", "") in answer.context["ways"] and "201" in page
    assert not (Source.objects.exists() or Import.objects.exists() or Upload.objects.exists())


def test_the_file_stays_with_the_page_and_is_read_as_the_form_says(joris: Browser) -> None:
    first = sent(joris, None, FILE, format="generic", file=upload())
    held = {"sample": first.context["shown"].given.text, "sample_name": "export.csv"}
    mapped = {"columns__start": "Beginn", "columns__talk": "Dauer", "columns__callee": "Ziel", "separator": ";",
              "date_format": "%d.%m.%Y %H:%M:%S"}  # fmt: skip
    again = sent(joris, None, FILE, format="generic", **mapped, **held)
    page = text(again.content.decode())
    assert "3 lines: 2 calls, 1 line that cannot be read." in page and "Guessed" not in page
    wrong = sent(joris, None, FILE, format="generic", **{**mapped, "columns__start": "Anfang"}, **held)
    page = text(wrong.content.decode())
    assert "It cannot be read like this. Line 1: The file's first line has no column 'Anfang'." in page
    kept = sent(joris, None, PLACE, format="generic", **mapped, **held)
    assert kept.context["shown"].given.data == CSV


def test_a_sample_with_a_path_of_the_form_names_its_problem(joris: Browser) -> None:
    page = text(sent(joris, None, FILE, format="generic", columns__start="Beginn", file=upload()).content.decode())
    assert "It cannot be read like this. Say which column is “Talk”; without it no call can be read." in page


def test_only_the_beginning_of_a_large_file_is_looked_at(joris: Browser) -> None:
    source = make.source("pbx")
    page = text(sent(joris, source, FILE, file=upload(lines(1, 2000).encode())).content.decode())
    assert "Only the beginning of the file was looked at." in page and "The first 20 calls." in page


def test_a_sample_of_a_stored_one_knows_its_agents_and_says_who_is_none(joris: Browser) -> None:
    source = make.source("pbx")
    page = text(sent(joris, source, FILE, file=upload(lines(1, 2).encode())).content.decode())
    assert "These answered, but are no agent’s endpoint or code yet: PJSIP/201." in page


@pytest.mark.parametrize("sample", ["", "no base64!", "=="])
def test_no_file_or_half_of_one_is_said(joris: Browser, sample: str) -> None:
    answer = sent(joris, None, FILE, sample=sample)
    assert (answer.status_code, answer.context["problem"].where) == (422, "file")
    assert "Choose a file first." in answer.content.decode()


@pytest.mark.parametrize("data", [b"", b"\x00" * 300, b"\xff\xfe;\n\n", b"\n" * 50])
@pytest.mark.parametrize(
    "format", ["asterisk", "generic", "freeswitch", "3cx", "cucm", "kamailio", "starface", "twilio"]
)
def test_what_is_no_call_file_is_said_and_breaks_nothing(joris: Browser, data: bytes, format: str) -> None:
    answer = sent(joris, None, FILE, format=format, file=upload(data or b"\n"))
    assert answer.status_code == 200 and (
        "0 calls" in text(answer.content.decode()) or answer.context["shown"].read.problem
    )


def test_a_file_that_matches_is_read_where_it_lies(joris: Browser, server: Server) -> None:
    (server.folder / "Master.csv").write_text(lines(1, 2000))
    place = {"files__url": server.url(), "files__key": f"file:{server.key}", "files__host_key": server.host_key,
             "timezone": "UTC", "trunks": "PJSIP/trunk"}  # fmt: skip
    listed = sent(joris, None, PLACE, **place)
    [file] = listed.context["shown"].tried.files
    answer = sent(joris, None, FILE, listed=file.path, **place)
    given, read = answer.context["shown"].given, answer.context["shown"].read
    assert (given.name, len(given.data), given.is_cut) == ("Master.csv", 64 * 1024, True)
    assert read.sample.call_count > 100 and read.problem == "" and not Source.objects.exists()
    gone = sent(joris, None, FILE, listed="/etc/passwd", **place)
    assert "This file is not there any more." in text(gone.content.decode())
    assert sent(joris, None, FILE, listed="x", files__url="ftp:x").status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"encoding": "klingon"}, {"encoding": "hex"}, {"quoting": "xx"}, {"separator": ";;"}]
)
def test_signs_and_encodings_that_are_none_are_said_and_no_fault(joris: Browser, wrong: dict[str, str]) -> None:
    mapped = {"columns__start": "Beginn", "columns__talk": "Dauer", "columns__callee": "Ziel"}
    answer = sent(joris, None, FILE, format="generic", file=upload(), **mapped, **wrong)
    assert answer.status_code in (200, 422)
