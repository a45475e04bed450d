"""The file of a backup: any tar program opens it, a changed byte is seen, it has its name only when whole."""

import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.backup import archive
from balie.backup.archive import HEAD, KEY, MANIFEST, Archive, Backup, new_file
from balie.rules.errors import Refused

LONG = "files/statements/2026-10/" + "a" * 120 + "-r1.pdf"


def small() -> bytes:
    out = io.BytesIO()
    made = Archive(out, mtime=1_795_000_000)
    made.add(HEAD, b'{"format": 1}')
    made.add("tables/calls_call/00001.tsv.gz", b"1\t2\n" * 300)
    made.add(LONG, b"%PDF")
    made.add(KEY, b"key")
    made.add(MANIFEST, b'{"rows": {}}')
    made.close()
    return out.getvalue()


WHOLE = small()


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        Backup(path)
    return refused.value.code


def test_any_program_for_tar_reads_it(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as tar:
        names, modes = tar.getnames(), {member.mode for member in tar}
    assert (names[0], names[2], names[-1], modes) == (HEAD, LONG, "sha256", {0o600})
    file = tmp_path / "b.tar"
    file.write_bytes(WHOLE)
    found = Backup(file)
    assert (found.head, found.one(KEY), found.sha256) == ({"format": 1}, b"key", archive.checked(file))
    assert dict(found.members("tables/")) == {"calls_call/00001.tsv.gz": b"1\t2\n" * 300}
    assert dict(found.members("files/")) == {LONG.removeprefix("files/"): b"%PDF"}


@given(place=st.integers(0, len(WHOLE) - 1), other=st.integers(1, 255))
def test_one_changed_byte_is_refused(tmp_path_factory: pytest.TempPathFactory, place: int, other: int) -> None:
    file = tmp_path_factory.getbasetemp() / "changed.tar"
    data = bytearray(WHOLE)
    data[place] ^= other
    file.write_bytes(data)
    assert refusal(file) in ("damaged_backup", "not_a_backup")


@given(length=st.integers(0, len(WHOLE) - 1))
def test_cut_off_file_is_refused(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    file = tmp_path_factory.getbasetemp() / "cut.tar"
    file.write_bytes(WHOLE[:length])
    assert refusal(file) in ("damaged_backup", "not_a_backup")


def test_more_behind_the_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    file.write_bytes(WHOLE + b"\0" * 512)
    assert refusal(file) == "damaged_backup"


def test_other_files_are_refused_by_what_they_are(tmp_path: Path) -> None:
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as tar:
        tar.addfile(tarfile.TarInfo("README"))
    codes = (refusal(other), refusal(tmp_path / "none.tar"), refusal(tmp_path))
    assert codes == ("not_a_backup", "no_file", "no_file")


def test_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    file, draft = tmp_path / "b.tar", tmp_path / "b.tar.part"
    draft.write_bytes(b"left by one that was killed, and longer")
    with new_file(file, replace=False) as out:
        out.write(b"whole")
        assert not file.exists()
    assert (file.read_bytes(), draft.exists(), file.stat().st_mode & 0o777) == (b"whole", False, 0o600)


def test_failed_backup_leaves_the_one_there_was(tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    file.write_bytes(b"yesterday's")
    with pytest.raises(ZeroDivisionError), new_file(file, replace=True):
        raise ZeroDivisionError
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"yesterday's", [file])


def test_file_that_is_there_or_being_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    with new_file(file, replace=False) as out:
        out.write(b"first")
        with pytest.raises(Refused, match="Another backup writes"), new_file(file, replace=False):
            pass
        out.write(b", whole")
    assert file.read_bytes() == b"first, whole"
    with pytest.raises(Refused, match="There is such a file already"), new_file(file, replace=False):
        pass


def test_place_that_cannot_be_written_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "none" / "b.tar"
    with pytest.raises(Refused, match="The backup cannot be written: No such file"), new_file(file, replace=False):
        pass
    assert list(tmp_path.iterdir()) == []
