"""Call files on another machine: only from a server whose key is known, and never waiting for ever."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from balie.calls.models import Call, Import, Source
from balie.worker import sftp
from tests import make
from tests.worker.files import line, lines, look, reads
from tests.worker.ssh_server import SSH_KEYGEN, SSHD, Server, inside, new_key, outside

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SSH_KEYGEN, reason="no ssh-keygen on this machine (apt-get install openssh-client)"),
]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Where the call files lie, where the keys lie."""
    (tmp_path / "cdr").mkdir()
    (tmp_path / "keys").mkdir(mode=0o700)
    return tmp_path / "cdr", tmp_path / "keys"


@pytest.fixture
def server(folders: tuple[Path, Path]) -> Iterator[Server]:
    with inside(*folders) as running:
        yield running


@pytest.fixture(params=["inside", "sshd"])
def any_server(request: pytest.FixtureRequest, folders: tuple[Path, Path]) -> Iterator[Server]:
    if request.param == "sshd" and not SSHD:
        pytest.skip("no sshd on this machine (apt-get install openssh-server)")
    with (inside if request.param == "inside" else outside)(*folders) as running:
        yield running


def source_at(server: Server, pattern: str = "Master*.csv", **changes: object) -> Source:
    make.operator()
    make.agent("201")
    make.number(make.client("1001"))
    settings = {"key": f"file:{server.key}", "host_key": server.host_key, **changes}
    return make.source(**reads(server.url(pattern), **settings))


def test_look_over_sftp_reads_what_matches(any_server: Server) -> None:
    source = source_at(any_server)
    (any_server.folder / "Master.csv").write_text(lines(1, 3))
    (any_server.folder / "Master.csv.1").write_text(lines(4, 5))
    (any_server.folder / "Master-old.csv").write_text(lines(6, 9))
    assert look(source).last_problem == ""
    assert (Import.objects.count(), Call.objects.count()) == (2, 7)
    assert look(source).last_problem == ""
    assert Import.objects.count() == 2


def test_look_over_sftp_at_a_growing_file_reads_every_call_once(any_server: Server) -> None:
    source = source_at(any_server)
    for last in (2, 5):
        (any_server.folder / "Master.csv").write_text(lines(1, last) + line(last + 1)[:60])
        assert look(source).last_problem == ""
    assert Call.objects.count() == 5


def test_look_over_sftp_at_a_large_file_reads_all_of_it(any_server: Server) -> None:
    source = source_at(any_server)
    (any_server.folder / "Master.csv").write_text(lines(1, 6000))
    assert look(source).last_problem == ""
    assert Call.objects.count() == 6000


def test_look_over_sftp_follows_a_link(any_server: Server) -> None:
    source = source_at(any_server, "**/Master.csv")
    (any_server.folder / "real").mkdir()
    (any_server.folder / "real/cdr.txt").write_text(lines(1, 2))
    (any_server.folder / "real/Master.csv").symlink_to(any_server.folder / "real/cdr.txt")
    (any_server.folder / "real/back").symlink_to(any_server.folder)
    assert look(source).last_problem == ""
    assert Call.objects.count() == 2


def test_look_at_a_server_without_host_key_is_refused_and_shows_it(any_server: Server) -> None:
    source = source_at(any_server, host_key=None)
    (any_server.folder / "Master.csv").write_text(lines(1, 3))
    key = sftp.fingerprint(sftp.host_key(any_server.host_key))
    assert look(source).last_problem == (
        f"Without its host key a server is not trusted. It showed ssh-ed25519 {key}; if the server's administrator"
        f" confirms that, enter this as host key: {any_server.host_key}"
    )
    assert Import.objects.count() == 0


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_look_at_a_server_with_another_host_key_is_refused(
    any_server: Server, folders: tuple[Path, Path], kind: str
) -> None:
    rsa = (
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDEE7mz93SKmFsj7VPNFmvXv3OMUDsH7ma2czN2MtHRRVqrHCEJBIeVgq6FuhrrSAuy"
        "EWJiNo6fyrKwBDcrxAgKGugdQBm6nTbWyqRxcR3Lkw2Q1Cmc2ZKFZyDrhBIFAXjVPzWcRXRxRAFtFlNRZ5mXSZCBgBHmkNSDUxQ6iVBoyw=="
    )
    other = new_key(folders[1] / "other")
    entered = rsa if kind == "rsa" else f"{other.get_name()} {other.get_base64()}"
    source = source_at(any_server, host_key=entered)
    (any_server.folder / "Master.csv").write_text(lines(1, 3))
    shown = sftp.fingerprint(sftp.host_key(any_server.host_key))
    expected = sftp.fingerprint(sftp.host_key(entered))
    assert look(source).last_problem == (
        "This server has another host key than the one entered: somebody may stand in between."
        f" It showed ssh-ed25519 {shown}, expected was {entered.split()[0]} {expected}."
    )
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    "entered", ["nonsense", "ssh-ed25519 AAAA", "ssh-ed25519 AAAA!!!!", "AAAAC3Nz", "ssh-x AAAAC3Nz"]
)
def test_look_with_a_host_key_that_is_none_says_so(server: Server, entered: str) -> None:
    assert look(source_at(server, host_key=entered)).last_problem.startswith("The host key ")


def test_look_with_a_host_key_as_ssh_keyscan_prints_it_is_fine(server: Server) -> None:
    source = source_at(server, host_key=f"[127.0.0.1]:{server.port} {server.host_key} root@pbx")
    assert look(source).last_problem == ""


def test_look_with_the_wrong_key_says_so(any_server: Server, folders: tuple[Path, Path]) -> None:
    new_key(folders[1] / "stranger")
    source = source_at(any_server, key=f"file:{folders[1]}/stranger")
    assert look(source).last_problem.startswith("The server does not accept this user, key or password")


def test_look_with_a_password_from_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_at(server, key=None, password="env:CDR_PASSWORD")
    (server.folder / "Master.csv").write_text(lines(1, 3))
    monkeypatch.delenv("CDR_PASSWORD", raising=False)
    assert "CDR_PASSWORD" in look(source).last_problem
    monkeypatch.setenv("CDR_PASSWORD", "wrong")
    assert look(source).last_problem.startswith("The server does not accept")
    monkeypatch.setenv("CDR_PASSWORD", "open sesame")
    assert look(source).last_problem == ""
    assert Call.objects.count() == 3


def test_look_with_a_key_file_that_is_none_says_so(server: Server, folders: tuple[Path, Path]) -> None:
    (folders[1] / "nonsense").write_text("-----BEGIN NONSENSE-----\n")
    said = look(source_at(server, key=f"file:{folders[1]}/nonsense")).last_problem
    assert said == "The key cannot be read; it should be an Ed25519, ECDSA or RSA private key."


def test_look_at_a_file_that_vanishes_reads_the_others(server: Server) -> None:
    def before(deed: str, path: str) -> None:
        if deed == "open" and path.endswith("Master-1.csv"):
            Path(path).unlink(missing_ok=True)

    source = source_at(server)
    for number in (1, 2):
        (server.folder / f"Master-{number}.csv").write_text(lines(number, number))
    server.before = before
    looked = look(source)
    assert looked.last_problem.startswith("Master-1.csv: There is no such file or folder")
    assert Call.objects.count() == 1
    assert look(source).last_problem == ""


def test_look_at_a_file_that_may_not_be_read_reads_the_others(server: Server) -> None:
    def before(deed: str, path: str) -> None:
        if deed == "open" and path.endswith("Master-1.csv"):
            raise PermissionError(13, "closed")

    source = source_at(server)
    for number in (1, 2):
        (server.folder / f"Master-{number}.csv").write_text(lines(number, number))
    server.before = before
    assert look(source).last_problem.startswith("Master-1.csv: It may not be read")
    assert Call.objects.count() == 1


def test_look_at_a_server_that_stops_sending_gives_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def before(deed: str, path: str) -> None:
        if deed == "read":
            released.wait(60)

    monkeypatch.setattr(sftp, "SILENT_SECONDS", 1)
    source = source_at(server)
    (server.folder / "Master.csv").write_text(lines(1, 200))
    server.before = before
    said = look(source).last_problem  # who waits longer gets the file
    released.set()
    assert said.startswith("The server did not answer in time")
    assert Import.objects.count() == 0


def test_look_at_a_server_that_says_nothing_gives_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sftp, "CONNECT_SECONDS", 1)
    source = source_at(server)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings = {**(source.files or {}), "url": f"sftp://x@127.0.0.1:{mute.getsockname()[1]}/x/*"}
        Source.objects.filter(pk=source.pk).update(files=settings)
        said = look(source).last_problem
    assert said.startswith("No SFTP with this server")


def test_look_at_something_that_is_no_ssh_server_says_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sftp, "CONNECT_SECONDS", 2)
    source = source_at(server)
    with socket.create_server(("127.0.0.1", 0)) as rude:
        threading.Thread(target=lambda: rude.accept()[0].close(), daemon=True).start()
        settings = {**(source.files or {}), "url": f"sftp://x@127.0.0.1:{rude.getsockname()[1]}/x/*"}
        Source.objects.filter(pk=source.pk).update(files=settings)
        assert look(source).last_problem.startswith("No SFTP with this server")
