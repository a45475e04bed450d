"""Call files on an FTP server, as real ones are: vsftpd and IIS know no MLSD, and over TLS they are picky."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from balie.calls.models import Call, Import, SeenFile, Source
from balie.worker.ftp import listing
from tests import make
from tests.notifications.mail_server import PAPERS, papers
from tests.worker.files import lines, look, reads
from tests.worker.ftp_server import PASSWORD, FtpServer, ftp_server

LISTINGS = ("mlsd", "unix", "windows")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cdr").mkdir()
    return tmp_path / "cdr"


def source_at(server: FtpServer, monkeypatch: pytest.MonkeyPatch, pattern: str = "Master*.csv") -> Source:
    monkeypatch.setenv("FTP_PASSWORD", PASSWORD)
    make.operator()
    make.agent("201")
    make.number(make.client("1001"))
    return make.source(**reads(server.url(pattern), password="env:FTP_PASSWORD"))


@pytest.mark.django_db
@pytest.mark.parametrize("listing", LISTINGS)
@pytest.mark.parametrize("secured", [False, True])
def test_look_reads_what_matches_and_nothing_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch, listing: str, secured: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PAPERS))
    with ftp_server(folder, listing=listing, secured=papers() if secured else None) as server:
        source = source_at(server, monkeypatch, "**/Master*.csv")
        (folder / "Master.csv").write_text(lines(1, 3))
        (folder / "Master of Tuesday.csv").write_text(lines(4, 5))
        (folder / "2026").mkdir()
        (folder / "2026" / "Master.csv").write_text(lines(6, 6))
        (folder / "notes.txt").write_text("Not calls")
        assert look(source).last_problem == ""
        assert (Import.objects.count(), Call.objects.count()) == (3, 6)
        fetched = server.said.count("RETR")
        assert look(source).last_problem == ""
        (folder / "Master.csv").write_text(lines(1, 4))
        assert look(source).last_problem == ""
    assert (Import.objects.count(), Call.objects.count()) == (4, 6)
    assert (fetched, server.said.count("RETR")) == (3, 4)


@pytest.mark.django_db
def test_look_follows_a_link_where_it_is_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ftp_server(folder, listing="unix") as server:
        source = source_at(server, monkeypatch)
        (folder / "today").write_text(lines(1, 2))
        (folder / "Master.csv").symlink_to("today")
        assert look(source).last_problem == ""
    assert Call.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("listing", LISTINGS)
def test_look_at_a_folder_that_is_not_there_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, listing: str
) -> None:
    with ftp_server(folder, listing=listing) as server:
        problem = look(source_at(server, monkeypatch, "gone/*.csv")).last_problem
    assert problem.startswith(f"There is no such file or folder ({folder}/gone: 550 ")


@pytest.mark.django_db
def test_look_with_a_wrong_password_says_what_the_server_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ftp_server(folder) as server:
        source = source_at(server, monkeypatch)
        monkeypatch.setenv("FTP_PASSWORD", "wrong")
        assert look(source).last_problem == "The server answers (530 wrong name or password)."


@pytest.mark.django_db
def test_look_over_tls_trusts_known_certificates_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "Master.csv").write_text(lines(1, 1))
    with ftp_server(folder, secured=papers()) as server:
        problem = look(source_at(server, monkeypatch)).last_problem
    assert problem.startswith("The server's certificate cannot be trusted")
    assert "USER" not in server.said and Call.objects.count() == 0


@pytest.mark.django_db
def test_files_of_servers_without_mlsd_are_read_the_oldest_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ftp_server(folder, listing="unix") as server:
        source = source_at(server, monkeypatch)
        now = datetime.now(UTC).timestamp()
        for days, name in ((70, "Master-z.csv"), (40, "Master-a.csv"), (1, "Master-m.csv")):
            (folder / name).write_text(lines(days, days))
            os.utime(folder / name, (now - days * 86_400,) * 2)
        look(source)
    assert list(Import.objects.order_by("pk").values_list("name", flat=True)) == [
        "Master-z.csv", "Master-a.csv", "Master-m.csv",
    ]  # fmt: skip
    assert all(len(time) == len("2026-11-30 23:59") for time in SeenFile.objects.values_list("mtime", flat=True))


def test_listings_are_read_as_servers_write_them() -> None:
    shown = """\
total 20
drwxr-xr-x    2 1001     ftp          4096 Feb 28 09:15 2026
-rw-r--r--    1 1001     ftp           120 Mar  2 11:59 Master.csv
-rw-r--r--    1 1001     ftp           120 Mar  3 01:00 a server ahead of us.csv
-rw-r--r--    1 1001     ftp           120 Dec 31 23:59 last year.csv
-rw-rw-r--+   1 linde    12345      987654 Nov 26  2024 long ago.csv
-rw-r--r--    1 owner               120 Feb 28 09:15 without a group.csv
lrwxrwxrwx    1 1001     ftp            14 Jan 01 00:00 latest.csv -> 2026/Master.csv
-rw-r--r--    1 1001     ftp           120 1 mrt 09:15 of a Dutch server.csv
02-28-26  09:15AM       <DIR>          2026
11-26-2024  11:44PM                 2 of Windows.csv
02-29-24  12:05AM             1234567 29 February.csv\r
550 something else
"""
    entries = listing(shown.split("\n"), NOW)
    assert [(entry["name"], entry["type"], entry["size"], entry["modify"]) for entry in entries] == [
        ("2026", "directory", 4096, "2026-02-28 09:15"),
        ("Master.csv", "file", 120, "2026-03-02 11:59"),
        ("a server ahead of us.csv", "file", 120, "2026-03-03 01:00"),
        ("last year.csv", "file", 120, "2025-12-31 23:59"),
        ("long ago.csv", "file", 987654, "2024-11-26"),
        ("without a group.csv", "file", 120, "2026-02-28 09:15"),
        ("latest.csv", "file", None, "2026-01-01 00:00"),
        ("of a Dutch server.csv", "file", 120, "1 mrt 09:15"),
        ("2026", "directory", None, "2026-02-28 09:15"),
        ("of Windows.csv", "file", 2, "2024-11-26 23:44"),
        ("29 February.csv", "file", 1234567, "2024-02-29 00:05"),
    ]  # fmt: skip


def test_29_february_is_read_in_its_year_by_a_listing() -> None:
    entry = next(listing(["-rw-r--r-- 1 a b 1 Feb 29 10:00 x.csv"], datetime(2028, 3, 1, tzinfo=UTC)))
    assert entry["modify"] == "2028-02-29 10:00"
