"""Looking where a phone system's files lie: what is new is read, once, and a manager sees what happened."""

import os
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from balie.calls.models import BadLine, Call, Import, SeenFile, Source
from balie.leases import actions as leases
from balie.worker import sources
from balie.worker.process import Stop
from balie.worker.turn import LeaseLost, Stopped, Turn, Worker
from tests import make
from tests.worker.files import line, lines, look, reads

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cdr").mkdir()
    return tmp_path / "cdr"


@pytest.fixture
def source(folder: Path) -> Source:
    make.operator()
    make.agent("201")
    make.number(make.client("1001"))
    return make.source(**reads(f"file://{folder}/Master*.csv"))


def counts() -> tuple[int, int, int]:
    """Imports, calls, bad lines."""
    return Import.objects.count(), Call.objects.count(), BadLine.objects.count()


def test_look_reads_every_file_that_matches(source: Source, folder: Path) -> None:
    (folder / "Master.csv").write_text(lines(1, 3))
    (folder / "Master-old.csv").write_text(lines(4, 5))
    (folder / "other.csv").write_text(lines(6, 7))
    (folder / ".Master.csv.part").write_text(lines(8, 9))
    (folder / "Master-folder.csv").mkdir()
    looked = look(source)
    assert counts() == (2, 5, 0)
    assert looked.last_problem == ""
    assert sorted(Import.objects.values_list("name", flat=True)) == ["Master-old.csv", "Master.csv"]


def test_look_again_at_unchanged_files_imports_nothing(source: Source, folder: Path) -> None:
    (folder / "Master.csv").write_text(lines(1, 3))
    look(source)
    look(source)
    assert counts() == (1, 3, 0)


def test_look_at_a_growing_file_reads_every_call_once(source: Source, folder: Path) -> None:
    for last in (2, 5, 9):
        (folder / "Master.csv").write_text(lines(1, last))
        look(source)
    assert counts() == (3, 9, 0)


def test_look_reads_a_cut_last_line_when_the_file_is_found_unchanged(source: Source, folder: Path) -> None:
    (folder / "Master.csv").write_text(lines(1, 2) + line(3).rstrip("\n"))
    look(source)
    assert counts() == (1, 2, 0)
    look(source)
    assert counts() == (2, 3, 0)
    look(source)
    assert counts() == (2, 3, 0)


def test_look_leaves_a_cut_last_line_that_is_completed_meanwhile(source: Source, folder: Path) -> None:
    (folder / "Master.csv").write_text(lines(1, 2) + line(3)[:80])
    look(source)
    (folder / "Master.csv").write_text(lines(1, 3))
    look(source)
    look(source)
    assert counts() == (2, 3, 0)


def test_look_at_a_touched_file_with_the_same_content_imports_nothing(source: Source, folder: Path) -> None:
    (folder / "Master.csv").write_text(lines(1, 3))
    look(source)
    os.utime(folder / "Master.csv", (1, 1))
    look(source)
    assert counts() == (1, 3, 0)
    assert SeenFile.objects.get().mtime == "1970-01-01T00:00:01+00:00"


def test_look_plans_the_next_one(source: Source) -> None:
    before = datetime.now(UTC)
    looked = look(source)
    assert looked.last_look is not None and looked.next_look is not None
    assert before <= looked.last_look <= datetime.now(UTC)
    assert looked.next_look - looked.last_look == timedelta(minutes=5)


def test_look_at_a_missing_folder_says_so_and_tries_again_soon(source: Source, folder: Path) -> None:
    folder.rmdir()
    Source.objects.filter(pk=source.pk).update(look_every=None, look_at=time(5, 30))
    looked = look(source)
    assert looked.last_problem == f"There is no such file or folder ([Errno 2] No such file or directory: '{folder}')."
    assert looked.next_look is not None and looked.last_look is not None
    assert looked.next_look - looked.last_look <= timedelta(seconds=30)


def test_look_that_fails_five_times_waits_for_the_next_regular_moment(source: Source, folder: Path) -> None:
    folder.rmdir()
    Source.objects.filter(pk=source.pk).update(look_every=600)
    waits = []
    for _ in range(6):
        looked = look(source)
        assert looked.next_look is not None and looked.last_look is not None
        waits.append((looked.next_look - looked.last_look).total_seconds())
    assert waits == [30, 120, 480, 1920, 36_000, 30]
    assert looked.parked == ""


def test_look_after_the_trouble_is_over_forgets_it(source: Source, folder: Path) -> None:
    folder.rmdir()
    assert look(source).last_problem
    folder.mkdir()
    (folder / "Master.csv").write_text(lines(1, 1))
    looked = look(source)
    assert (looked.last_problem, looked.attempts) == ("", 0)


def test_look_for_one_file_that_is_not_there_says_so(source: Source, folder: Path) -> None:
    Source.objects.filter(pk=source.pk).update(files={"url": f"{folder}/Master.csv"})
    assert look(source).last_problem.startswith("There is no such file or folder")
    (folder / "Master.csv").mkdir()
    assert look(source).last_problem == f"{folder}/Master.csv is not a file."


def test_look_with_folders_in_the_wildcard_reads_below(source: Source, folder: Path) -> None:
    for name in ("2026/10/Master.csv", "2026/11/Master.csv", "Master.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(lines(1, 1))
    Source.objects.filter(pk=source.pk).update(files={"url": f"file://{folder}/*/1?/Master.csv"})
    look(source)
    assert sorted(Import.objects.values_list("name", flat=True)) == ["2026/10/Master.csv", "2026/11/Master.csv"]
    Source.objects.filter(pk=source.pk).update(files={"url": f"file://{folder}/**/Mast[e]r.csv"})
    look(source)
    assert SeenFile.objects.count() == 3


def test_look_follows_a_link(source: Source, folder: Path) -> None:
    (folder / "real.txt").write_text(lines(1, 2))
    (folder / "Master.csv").symlink_to(folder / "real.txt")
    (folder / "Master-gone.csv").symlink_to(folder / "nothing")
    look(source)
    assert Call.objects.count() == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_look_at_a_file_that_may_not_be_read_reads_the_others(source: Source, folder: Path) -> None:
    (folder / "Master-closed.csv").write_text(lines(1, 2))
    (folder / "Master-closed.csv").chmod(0)
    (folder / "Master.csv").write_text(lines(3, 4))
    looked = look(source)
    assert looked.last_problem.startswith("Master-closed.csv: It may not be read")
    assert counts() == (1, 2, 0)


def test_look_at_a_file_of_another_format_says_so_and_reads_the_others(source: Source, folder: Path) -> None:
    (folder / "Master-wrong.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    (folder / "Master.csv").write_text(lines(1, 2))
    looked = look(source)
    assert looked.last_problem.startswith("Master-wrong.csv: ")
    assert Call.objects.count() == 2
    read = Import.objects.count()
    again = look(source)
    assert (again.last_problem, Import.objects.count()) == (looked.last_problem, read)


def test_look_now_gives_a_refused_file_another_chance(source: Source, folder: Path) -> None:
    (folder / "Master.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    look(source)
    read = Import.objects.count()
    sources.look_now(source, now=datetime.now(UTC))
    assert Source.objects.filter(pk=source.pk).first() in sources.due(datetime.now(UTC))
    look(source)
    assert Import.objects.count() == read + 1


def test_look_now_at_a_source_given_up_makes_it_due(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(parked="A fault", attempts=5, next_look=None)
    sources.look_now(source, now=datetime.now(UTC))
    source.refresh_from_db()
    assert (source.parked, source.attempts) == ("", 0)


def test_look_told_to_stop_stops_between_files(source: Source, folder: Path) -> None:
    (folder / "Master.csv").write_text(lines(1, 2))
    stop = Stop()
    stop.set()
    held = leases.claim(Source.objects.filter(pk=source.pk), now=datetime.now(UTC), length=sources.LEASE)
    assert held is not None
    with pytest.raises(Stopped):
        sources.look(held, Turn(held, sources.LEASE, Worker("imports", stopping=stop.is_set)))
    assert counts() == (0, 0, 0)


def test_look_that_lost_its_lease_stores_nothing_about_the_source(source: Source, folder: Path) -> None:
    now = datetime.now(UTC)
    slow = leases.claim(Source.objects.filter(pk=source.pk), now=now - timedelta(hours=1), length=sources.LEASE)
    quick = leases.claim(Source.objects.filter(pk=source.pk), now=now, length=sources.LEASE)
    assert slow is not None and quick is not None
    with pytest.raises(LeaseLost):
        sources.look(slow, Turn(slow, sources.LEASE))
    assert Source.objects.get(pk=source.pk).last_look is None
    sources.look(quick, Turn(quick, sources.LEASE))
    assert Source.objects.get(pk=source.pk).last_look is not None


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({}, True),
        ({"files": None}, False),
        ({"next_look": "past"}, True),
        ({"next_look": "future"}, False),
        ({"last_look": "past"}, True),
        ({"last_look": "past", "look_every": None}, False),
        ({"last_look": None, "look_every": None}, True),
    ],
)
def test_due_sources(source: Source, changes: dict[str, object], is_due: bool) -> None:
    now = datetime.now(UTC)
    moments = {"past": now - timedelta(seconds=1), "future": now + timedelta(seconds=1)}
    Source.objects.filter(pk=source.pk).update(**{k: moments.get(v, v) for k, v in changes.items()})  # type: ignore[call-overload]
    assert sources.due(now).exists() == is_due


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "'' is no address of files; it begins with one of file://, sftp://, ftp://, ftps://, https://, s3://."),
        ("gopher://x/y", "'gopher://x/y' is no address of files; it begins with one of"),
        ("file::zip://x", "'file::zip://x' is no address of files"),
        ("sftp:///x", "'sftp:///x' names no server."),
        ("sftp://host:many/x", "'sftp://host:many/x' is no address of files:"),
        ("ftp://127.0.0.1:1/x", "Nothing answers at that address"),
    ],
)
def test_look_at_a_bad_address_says_so(source: Source, url: str, said: str) -> None:
    Source.objects.filter(pk=source.pk).update(files={"url": url})
    assert look(source).last_problem[: len(said)] == said
