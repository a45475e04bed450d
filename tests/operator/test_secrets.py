"""Secrets are read where they lie, and never told."""

from pathlib import Path

import pytest

from balie.operator.secrets import read_secret, shown
from balie.rules.errors import Refused


def test_secret_of_environment_and_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "geheim")
    (tmp_path / "key").write_text("line 1\nline 2\r\n")
    assert read_secret("env:SMTP_PASSWORD") == "geheim"
    assert read_secret(f"file:{tmp_path / 'key'}") == "line 1\nline 2"
    assert read_secret("geheim") == "geheim"


def test_missing_secret_is_refused_by_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMPTY", "")
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "long").write_bytes(b"x" * 70_000)
    for reference in ("env:EMPTY", "env:NONE_SUCH", *(f"file:{tmp_path / n}" for n in ("empty", "binary", "long", ""))):
        with pytest.raises(Refused) as refused:
            read_secret(reference)
        assert refused.value.code == "no_secret"
        assert refused.value.where == reference.partition(":")[2]
    with pytest.raises(Refused):
        read_secret("file:/none\0such")


def test_only_where_a_secret_lies_is_shown() -> None:
    assert [shown(one) for one in ("env:A", "file:/a", "geheim", "")] == ["env:A", "file:/a", "••••", ""]
