"""What Balie says to an Asterisk's manager interface, and what it makes of one that hangs, hangs up or refuses."""

import hashlib
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from balie.numbers.switches import Route, SwitchProblem, ami
from balie.numbers.switches import asterisk as asterisk_switch
from balie.numbers.switches.asterisk import Asterisk
from tests.ports import free_port

SECRET = "Geheim"
ROUTE = Route("+31201234501", "1001", "Bakker", "17")
Fields = dict[str, str]
HOLDS = 60.0  # seconds for which a test's other side says nothing, or next to nothing


class Manager(socketserver.ThreadingTCPServer):
    """An Asterisk's manager interface: a database, logins by challenge, and test calls that a dial plan takes.

    broken: what takes the place of the answer to an action, "Greeting" being the first line. plan: changes what the
    dial plan says of a test call; None: it says nothing. over: set when the test is; nobody hangs longer.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.kept: dict[tuple[str, str], str] = {}
        self.order: list[str] = []
        self.received = b""
        self.broken: dict[str, Callable[[Talk], None]] = {}
        self.plan: Fields | None = {}
        self.over = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Balie may hang up at any moment."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    @property
    def settings(self) -> dict[str, Any]:
        return {"kind": "asterisk", "url": f"ami://balie@127.0.0.1:{self.server_address[1]}", "secret": SECRET}


class Talk(socketserver.StreamRequestHandler):
    server: Manager
    disable_nagle_algorithm = True

    def handle(self) -> None:
        if breaks := self.server.broken.get("Greeting"):
            return breaks(self)
        self.wfile.write(b"Asterisk Call Manager/5.0.4\r\n")
        while fields := self.fields():
            if breaks := self.server.broken.get(fields["Action"]):
                return breaks(self)
            self.mark = fields.get("ActionID", "")
            getattr(self, fields["Action"].lower())(fields)
        return None

    def fields(self) -> Fields:
        found: Fields = {}
        while line := self.rfile.readline():
            self.server.received += line
            if line == b"\r\n":
                break
            name, _colon, value = line.decode().rstrip("\r\n").partition(": ")
            found[name if name != "Variable" or "Variable" not in found else value.partition("=")[0]] = value
        return found

    def say(self, **fields: str) -> None:
        self.wfile.write("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n")

    def answer(self, response: str, message: str, **fields: str) -> None:
        # An event in between, as a busy server sends them.
        self.say(Event="UserEvent", UserEvent="Other", Nonce="x")
        self.say(Response=response, ActionID=self.mark, Message=message, **fields)

    def challenge(self, fields: Fields) -> None:
        assert fields["AuthType"] == "MD5"
        self.answer("Success", "", Challenge="4711")

    def login(self, fields: Fields) -> None:
        right = hashlib.md5(f"4711{SECRET}".encode()).hexdigest()
        if (fields["Username"], fields["Key"]) == ("balie", right):
            self.answer("Success", "Authentication accepted")
        else:
            self.answer("Error", "Authentication failed")

    def dbput(self, fields: Fields) -> None:
        self.server.kept[fields["Family"], fields["Key"]] = fields["Val"]
        self.server.order.append(fields["Family"])
        self.answer("Success", "Updated database successfully")

    def dbget(self, fields: Fields) -> None:
        value = self.server.kept.get((fields["Family"], fields["Key"]))
        if value is None:
            self.answer("Error", "Database entry not found")
            return
        self.answer("Success", "Result will follow")
        self.say(Event="DBGetResponse", ActionID=self.mark, Family=fields["Family"], Key=fields["Key"], Val=value)

    def dbdel(self, fields: Fields) -> None:
        del self.server.kept[fields["Family"], fields["Key"]]
        self.answer("Success", "Key deleted successfully")

    def originate(self, fields: Fields) -> None:
        number = fields["Channel"].removeprefix("Local/").removesuffix("@from-trunk/n")
        kept = {family: value for (family, key), value in self.server.kept.items() if key == number}
        said = {
            "Nonce": fields["Variable"].partition("=")[2], "Account": kept.get("didacct", ""),
            "Userfield": f"did:{kept.get('didnumber', '')}", "Dial": kept.get("did", ""), "State": "NOT_INUSE",
        }  # fmt: skip
        self.answer("Error", "Originate failed")
        if self.server.plan is not None:
            self.say(Event="UserEvent", UserEvent="BalieTest", **{**said, **self.server.plan})

    def logoff(self, fields: Fields) -> None:
        """Balie does not wait for the answer."""


@pytest.fixture
def manager() -> Iterator[Manager]:
    with Manager() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.over.set()
        running.shutdown()
        thread.join(5)


def switch(manager: Manager, **settings: Any) -> Asterisk:
    return Asterisk.of({**manager.settings, **settings}, "NL")


def test_number_works_last_when_it_is_configured_and_ends_first_when_it_is_removed(manager: Manager) -> None:
    switch(manager).configure(ROUTE)
    assert manager.kept == {
        ("did", "0201234501"): "Local/agents@balie", ("didacct", "0201234501"): "c1001",
        ("didnumber", "0201234501"): "+31201234501", ("didname", "0201234501"): "Bakker",
    }  # fmt: skip
    assert manager.order[-1] == "did"
    switch(manager).prove(ROUTE)
    switch(manager).remove(ROUTE)
    switch(manager).remove(ROUTE)
    assert manager.kept == {}


def test_secret_is_shown_to_be_known_and_never_sent(manager: Manager) -> None:
    switch(manager).configure(ROUTE)
    assert SECRET.encode() not in manager.received
    assert "Secret" not in manager.received.decode()
    with pytest.raises(SwitchProblem) as caught:
        switch(manager, secret="another").configure(ROUTE)
    assert "does not let balie in" in caught.value.why
    assert "another" not in caught.value.why


def silent(talk: Talk) -> None:
    talk.server.over.wait(HOLDS)


def hangs_up(talk: Talk) -> None:
    talk.connection.close()


def drips(talk: Talk) -> None:
    end = time.monotonic() + HOLDS
    while time.monotonic() < end and not talk.server.over.wait(0.1):
        talk.wfile.write(b"x")


def floods(talk: Talk) -> None:
    while True:
        talk.wfile.write(b"x" * 65536)


def greets(talk: Talk) -> None:
    talk.wfile.write(b"220 mail.example ESMTP\r\n")


def forbids(talk: Talk) -> None:
    talk.say(Response="Error", ActionID="3", Message="Permission denied")


def fails(talk: Talk) -> None:
    talk.say(Response="Error", ActionID="3", Message="Failed to update entry")


@pytest.mark.parametrize(
    ("action", "breaks", "said"),
    [
        ("Greeting", silent, "did not answer in time"),
        ("Greeting", hangs_up, "hung up"),
        ("Greeting", drips, "did not answer in time"),
        ("Greeting", floods, "hung up"),
        ("Greeting", greets, "no manager interface of an Asterisk"),
        ("Login", silent, "did not answer in time"),
        ("Login", hangs_up, "hung up"),
        ("DBPut", silent, "did not answer in time"),
        ("DBPut", drips, "did not answer in time"),
        ("DBPut", hangs_up, "hung up"),
        ("DBPut", forbids, "does not permit DBPut"),
        ("DBPut", fails, "did not do DBPut: Failed to update entry."),
    ],
)
def test_broken_manager_interface_is_a_problem_in_time(
    manager: Manager, action: str, breaks: Callable[[Talk], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if breaks in (silent, drips):  # long before they stop: it is Balie that ends it
        monkeypatch.setattr(ami, "STEP_SECONDS", 0.3)
        monkeypatch.setattr(ami, "WHOLE_SECONDS", 0.6)
    manager.broken[action] = breaks
    with pytest.raises(SwitchProblem) as caught:
        switch(manager).configure(ROUTE)
    assert said in caught.value.why
    assert not caught.value.waits_for_staff


def test_nobody_at_the_address_is_a_problem(manager: Manager) -> None:
    port = free_port()
    with pytest.raises(SwitchProblem, match=rf"Nothing answers at the phone system's address \(127.0.0.1:{port}\)"):
        switch(manager, url=f"ami://balie@127.0.0.1:{port}").configure(ROUTE)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"Account": "c1002"}, 'would say "c1002 did:+31201234501" and not "c1001 did:+31201234501"'),
        ({"Userfield": ""}, 'would say "c1001 " and not'),
        ({"Dial": "PJSIP/9"}, "would go to PJSIP/9 and not to Local/agents@balie"),
        ({"State": "INVALID"}, "has nothing at Local/agents@balie"),
        ({"Nonce": "of another test"}, "did not come to Balie's dial plan"),
        (None, "did not come to Balie's dial plan"),
    ],
)
def test_proof_fails_when_the_dial_plan_says_something_else(
    manager: Manager, plan: Fields | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(manager).configure(ROUTE)
    if plan is None or "Nonce" in plan:  # nothing comes that could be waited for
        monkeypatch.setattr(asterisk_switch, "EVENT_SECONDS", 0.1)
    manager.plan = plan
    with pytest.raises(SwitchProblem) as caught:
        switch(manager).prove(ROUTE)
    assert said in caught.value.why


def test_value_cannot_become_an_action_of_its_own(manager: Manager) -> None:
    sly = Route("+31201234501", "1001", "Bakker\r\n\r\nAction: Command", "17")
    switch(manager).configure(sly)
    assert manager.kept["didname", "0201234501"] == "Bakker Action: Command"
    for wrong in (Route("0201\r\nx", "1001", "B", "17"), Route("+31201234501", "10\r\n01", "B", "17")):
        with pytest.raises(SwitchProblem):
            switch(manager).configure(wrong)
    with ami.connected(ami.Place.parse(manager.settings)) as talk, pytest.raises(SwitchProblem, match="line break"):
        talk.put("did", "x", "a\nb")


@pytest.mark.parametrize(
    ("form", "number", "written"),
    [
        ("national", "+31201234501", "0201234501"), ("national", "+493012345678", "00493012345678"),
        ("national", "0201234501", "0201234501"), ("national", "201", "201"),
        ("e164", "+31201234501", "31201234501"), ("plus", "+31201234501", "+31201234501"),
    ],
)  # fmt: skip
def test_number_is_written_as_the_trunk_does(manager: Manager, form: str, number: str, written: str) -> None:
    switch(manager, number_form=form).configure(Route(number, "1001", "Bakker", "17"))
    assert manager.kept["didnumber", written] == number


@pytest.mark.parametrize(
    "settings",
    [
        {"url": None}, {"url": "ami://127.0.0.1"}, {"url": "http://balie@x"}, {"url": "ami://balie@x:port"},
        {"dial": "PJSIP/201&PJSIP/202"}, {"dial": "Local/${EXTEN}@x"}, {"dial": "agents"}, {"dial": "A/b,30"},
        {"fingerprint": "sha256:12"}, {"number_form": "E.164"}, {"test_from": "from trunk"}, {"account_prefix": "c,"},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_a_problem(manager: Manager, settings: dict[str, Any]) -> None:
    with pytest.raises(SwitchProblem):
        switch(manager, **settings)


@contextmanager
def refused(said: str) -> Iterator[None]:
    with pytest.raises(SwitchProblem) as caught:
        yield
    assert said in caught.value.why


def test_secret_that_is_nowhere_is_a_problem(manager: Manager) -> None:
    with refused("NO_SUCH_VARIABLE"):
        switch(manager, secret="env:NO_SUCH_VARIABLE").configure(ROUTE)
    with refused('no "secret"'):
        switch(manager, secret=None).configure(ROUTE)
