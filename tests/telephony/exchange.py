"""The Asterisk of an operator who has done what docs/operate.md says: a real one, for tests, with carrier and agents.

Everything is on a loopback network of its own, so any number of them run beside each other on one machine.
"""

import random
import re
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from balie.rules.phone import as_dialled
from tests.telephony.server import MANAGER_PORT, Server
from tests.telephony.sip import found
from tests.telephony.stage import Stage

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECRET = "Geheim van de Linde"
# A context as operators must not have it: it takes every number before Balie's does, and rings somebody.
GREEDY = "\n[greedy]\nexten => _X.,1,Dial(PJSIP/202)\ninclude => balie-numbers\n"
SAFE_PORT = 15040
CLAIM_PORT = 15038  # bound by whoever uses a network, so that nobody else does


def make_certificate(folder: Path) -> str:
    """As docs/operate.md tells operators to; the fingerprint that it prints."""
    text = (DOCS / "operate.md").read_text()
    block = re.search(r"^    openssl req .*\n(?:    .*\n)+", text, re.M)
    assert block
    lines = [line.strip() for line in block[0].replace("\\\n", " ").splitlines()]
    made, _owner, shown = [shlex.split(line) for line in lines]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    said = subprocess.run(shown, cwd=folder, check=True, capture_output=True, text=True).stdout
    return said.strip().partition("=")[2]


def shown_dial_plan() -> str:
    """The lines of extensions.conf that docs/operate.md tells operators to write."""
    text = (DOCS / "operate.md").read_text()
    block = re.search(r'^    #include "extensions_balie\.conf"\n(?:    .*\n|\n)+', text, re.M)
    assert block
    return re.sub(r"^    ", "", block[0], flags=re.M)


class Exchange(Server):
    """url, secret and settings: how Balie reaches it, and what `Operator.switch` says of it. safe: the same, encrypted.
    call_file: the call data
    it writes. caller_shown: the caller's name on the telephone of the agent who answered last.
    """

    def __init__(self, work: Path, network: str) -> None:
        super().__init__(work, network)
        self.stage = Stage(self)
        self.call_file = work / "log/cdr-csv/Master.csv"
        self.secret, self.caller_shown = SECRET, ""
        self.url = f"ami://balie@{network}.1:{MANAGER_PORT}"
        self.settings: dict[str, Any] = {"kind": "asterisk", "url": self.url, "secret": self.secret}
        safe = {"url": f"amis://balie@{network}.1:{SAFE_PORT}", "fingerprint": self.fingerprint}
        self.safe: dict[str, Any] = {**self.settings, **safe}

    def furnish(self) -> None:
        super().furnish()
        etc = self.work / "etc"
        for file in (DOCS / "asterisk").glob("*.conf"):
            (etc / file.name).write_text(file.read_text().replace("CHANGE_ME", SECRET))
        (etc / "extensions.conf").write_text(f"[general]\nstatic=yes\nwriteprotect=yes\n\n{shown_dial_plan()}{GREEDY}")
        self.fingerprint = make_certificate(etc)
        manager_conf, files = etc / "manager.conf", f"tlscertfile={etc}/manager.pem\ntlsprivatekey={etc}/manager.key\n"
        tls = f"[general]\ntlsenable=yes\ntlsbindaddr={self.network}.1:{SAFE_PORT}\n{files}"
        manager_conf.write_text(manager_conf.read_text().replace("[general]\n", tls))
        with manager_conf.open("a") as manager:
            manager.write('\n#include "manager_balie.conf"\n\n[poor]\nsecret=poor\nread=user\nwrite=originate\n')

    def call(self, number: str, *, caller: str = "0612345678", seconds: float = 0.1) -> list[str]:
        """Somebody outside calls the number (E.164), agent 201 answers, and they talk for a while.

        The lines of call data this made. RuntimeError when no agent is rung.
        """
        before = len(self.log("cdr-csv"))
        leg = self.stage.caller(caller, as_dialled(number, "NL"))
        agent = self.stage.pick(self.stage.a1, 0)
        leg.wait("up")
        self.stage.wait(seconds)
        self.caller_shown = found(r'"(.*)"', agent.asked["from"]) if agent.asked else ""
        leg.hang_up()
        agent.wait("over")
        return self.written(before)

    def refused(self, number: str) -> int:
        """Somebody outside calls the number (E.164) and gets no further: the SIP status that says why."""
        leg = self.stage.caller("0612345678", as_dialled(number, "NL"))
        return leg.wait("over").code

    def written(self, before: int) -> list[str]:
        """The lines of call data from this place in the file on."""
        self.settle()
        return self.log("cdr-csv")[before:].decode().splitlines()

    def restart(self) -> None:
        self.stop()
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Meanwhile it takes connections and says nothing."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def exchange(work: Path) -> Iterator[Exchange]:
    """One that runs in this folder, stopped in the end."""
    with loopback() as network:
        made = Exchange(work, network)
        try:
            yield made
        finally:
            made.stage.close()
            made.stop()


@contextmanager
def loopback() -> Iterator[str]:
    """A network of this machine only, as 127.77.5, that nobody else uses meanwhile."""
    for _ in range(100):
        network = f"127.{random.randrange(64, 127)}.{random.randrange(1, 255)}"
        with socket.socket() as claim:
            try:
                claim.bind((f"{network}.1", CLAIM_PORT))
            except OSError:
                continue
            yield network
            return
    raise RuntimeError("no loopback network is free")
