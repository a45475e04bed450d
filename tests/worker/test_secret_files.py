"""What settings name as the place of a password is never read as a call file: its lines would be shown to staff."""

from pathlib import Path

import pytest

from balie.worker import remote
from balie.worker.ours import secret_files
from tests import make

pytestmark = pytest.mark.django_db


def test_files_in_which_other_systems_passwords_lie_are_no_call_files(tmp_path: Path) -> None:
    for name in ("smtp", "ami", "sms", "sftp", "key", "Master.csv"):
        (tmp_path / name).write_text("secret")
    make.operator(
        mail={"url": "smtp://x", "password": f"file:{tmp_path}/smtp"},
        switch={"kind": "asterisk", "secret": f"file:{tmp_path}/ami"},
        sms_gateway={"kind": "smpp", "password": f"file:{tmp_path}/sms"},
    )
    files = {"url": "sftp://x", "password": f"file:{tmp_path}/../{tmp_path.name}/sftp", "key": f"file:{tmp_path}/key"}
    make.source(files=files)
    with remote.opened({"url": f"{tmp_path.as_uri()}/*"}, secret=secret_files()) as place:
        assert [file.name for file in place.found()] == ["Master.csv"]
    with (
        remote.opened({"url": f"{tmp_path.as_uri()}/smtp"}, secret=secret_files()) as place,
        pytest.raises(PermissionError),
    ):
        place.found()
