"""Call files given by hand wait in the database until a worker has read them, once."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from balie.calls.actions import import_calls, read_upload, take_upload
from balie.calls.models import Call, Import, Source, Upload, UploadPart
from balie.operator.actions import Author
from balie.worker import uploads
from balie.worker.turn import Turn
from tests import make
from tests.worker.files import line, lines

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ANNA = Author("anna@example.com", NOW)


@pytest.fixture
def source() -> Source:
    make.operator()
    make.agent("201")
    make.number(make.client("1001"))
    return make.source()


def taken(source: Source, text: str) -> Upload:
    """A file in parts of 100 bytes."""
    data = text.encode()
    parts = [data[at : at + 100] for at in range(0, len(data), 100)]
    return take_upload(source=source, name="Master.csv", chunks=parts, author=ANNA)


def read(upload: Upload) -> None:
    read_upload(upload=upload, now=NOW + timedelta(seconds=1), progress=lambda *_: None)


def test_upload_is_read_as_the_file_it_was(source: Source) -> None:
    text = lines(1, 5)
    upload = taken(source, text)
    assert (upload.size, upload.parts.count()) == (len(text), -(-len(text) // 100))
    uploads.read(upload, Turn(upload, uploads.LEASE))
    done = Import.objects.get()
    assert (done.name, done.calls, done.sha256) == ("Master.csv", 5, hashlib.sha256(text.encode()).hexdigest())
    assert (Upload.objects.count(), UploadPart.objects.count()) == (0, 0)


def test_upload_whose_reader_was_killed_after_importing_it_is_not_imported_again(source: Source) -> None:
    text = lines(1, 2) + line(3).rstrip("\n")
    upload = taken(source, text)
    import_calls(source=source, name="Master.csv", data=text.encode(), now=NOW + timedelta(seconds=1))
    read(upload)
    # Read a second time the cut last line would have counted (folding 2).
    assert (Import.objects.count(), Call.objects.count(), Upload.objects.count()) == (1, 2, 0)


def test_upload_of_a_file_that_was_read_before_reads_its_cut_line(source: Source) -> None:
    text = lines(1, 2) + line(3).rstrip("\n")
    import_calls(source=source, name="Master.csv", data=text.encode(), now=NOW - timedelta(hours=1))
    read(taken(source, text))
    assert (Import.objects.count(), Call.objects.count()) == (2, 3)


def test_upload_of_no_call_file_is_told_among_the_imports(source: Source) -> None:
    read(taken(source, "%PDF-1.7 \x01\x02\n" * 50))
    assert (Import.objects.get().problem != "", Upload.objects.count()) == (True, 0)
