"""SFTP to a server whose host key is known beforehand. fsspec's own file system trusts any server it meets."""

import base64
import hashlib
import io
import logging
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import paramiko
from django.utils.translation import gettext as _
from fsspec.implementations.sftp import SFTPFileSystem
from paramiko.pkey import UnknownKeyType

from balie.rules.errors import Refused

CONNECT_SECONDS = 15
SILENT_SECONDS = 60  # how long a server may say nothing while files are listed or fetched
KEYS: tuple[Callable[..., paramiko.PKey], ...] = (
    paramiko.Ed25519Key.from_private_key,
    paramiko.ECDSAKey.from_private_key,
    paramiko.RSAKey.from_private_key,
)

# paramiko writes a traceback to the log for every server that hangs up; we say the same in one line on the source.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)


def fingerprint(key: paramiko.PKey) -> str:
    """A host key as `ssh-keygen -l` shows it: SHA256:…"""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")


def host_key(text: str) -> paramiko.PKey:
    """The key out of a line such as `ssh-ed25519 AAAA… comment`, with or without a host name before it."""
    words = text.split()
    for kind, data in pairwise(words):
        if data.startswith("AAAA"):
            try:
                return paramiko.PKey.from_type_string(kind, base64.b64decode(data, validate=True))
            except (ValueError, paramiko.SSHException, UnknownKeyType) as problem:
                said = _("The host key cannot be read: %(why)s.") % {"why": problem}
                raise Refused("bad_host_key", said, "files.host_key") from problem
    said = _("The host key is not one; it looks like `ssh-ed25519 AAAA…`, as `ssh-keyscan` prints it.")
    raise Refused("bad_host_key", said, "files.host_key")


def private_key(text: str) -> paramiko.PKey:
    """Our own key out of its file's text."""
    for read in KEYS:
        try:
            return read(io.StringIO(text))
        except paramiko.PasswordRequiredException as problem:
            said = _("The key has a passphrase; a worker needs one without.")
            raise Refused("bad_key", said, "files.key") from problem
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    said = _("The key cannot be read; it should be an Ed25519, ECDSA or RSA private key.")
    raise Refused("bad_key", said, "files.key")


class OnlyKnown(paramiko.MissingHostKeyPolicy):
    """Meets a server that has no key of the kind we expect: never trusts it, says what it showed."""

    def __init__(self, expected: paramiko.PKey | None) -> None:
        self.expected = expected

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise wrong_host_key(key, self.expected)


class StrangeHostKey(Refused):
    """A server that is not known to be the right one.

    offered: its key, as the setting `host_key` takes it; printed: its fingerprint, as `ssh-keygen -l` shows it;
    expected: that of the key we know, empty where none is known.
    """

    def __init__(self, code: str, message: str, offered: paramiko.PKey, expected: paramiko.PKey | None) -> None:
        super().__init__(code, message, "files.host_key")
        self.offered = line_of(offered)
        self.printed = fingerprint(offered)
        self.expected = fingerprint(expected) if expected else ""


def line_of(key: paramiko.PKey) -> str:
    """A host key in one line: ssh-ed25519 AAAA…"""
    return f"{key.get_name()} {key.get_base64()}"


def wrong_host_key(offered: paramiko.PKey, expected: paramiko.PKey | None) -> StrangeHostKey:
    """The refusal for a server that is not known to be the right one."""
    shown = f"{offered.get_name()} {fingerprint(offered)}"
    if expected is None:
        said = _(
            "Without its host key a server is not trusted. It showed %(shown)s; if the server's administrator confirms"
            " that, enter this as host key: %(line)s"
        )
        said %= {"shown": shown, "line": line_of(offered)}
        return StrangeHostKey("no_host_key", said, offered, expected)
    said = _(
        "This server has another host key than the one entered: somebody may stand in between. It showed %(shown)s,"
        " expected was %(expected)s."
    )
    said %= {"shown": shown, "expected": f"{expected.get_name()} {fingerprint(expected)}"}
    return StrangeHostKey("wrong_host_key", said, offered, expected)


class KnownSFTP(SFTPFileSystem):
    """fsspec's SFTP, connected with a known host key, nothing taken from ~/.ssh, and a time limit on everything.

    seconds: that any one step may take; without it those above.
    """

    cachable = False

    def __init__(
        self, host: str, *, expected: paramiko.PKey | None, seconds: float | None = None, **login: Any
    ) -> None:
        self.expected = expected
        self.connect_seconds, self.silent_seconds = seconds or CONNECT_SECONDS, seconds or SILENT_SECONDS
        super().__init__(host, **login)

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.set_missing_host_key_policy(OnlyKnown(self.expected))
        port = self.ssh_kwargs["port"]
        name = self.host if port == 22 else f"[{self.host}]:{port}"
        if self.expected is not None:
            self.client.get_host_keys().add(name, self.expected.get_name(), self.expected)
        try:
            self.client.connect(
                self.host,
                timeout=self.connect_seconds,
                banner_timeout=self.connect_seconds,
                auth_timeout=self.connect_seconds,
                channel_timeout=self.connect_seconds,
                allow_agent=False,
                look_for_keys=False,
                **self.ssh_kwargs,
            )
            self.ftp = self.client.open_sftp()
        except paramiko.BadHostKeyException as problem:
            raise wrong_host_key(problem.key, problem.expected_key) from problem
        except BaseException:
            self.client.close()
            raise
        channel = self.ftp.get_channel()
        if channel:
            channel.settimeout(self.silent_seconds)

    def close(self) -> None:
        self.client.close()
