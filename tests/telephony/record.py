#!/usr/bin/env python3
"""Play telephone calls through a real, private Asterisk and keep the CDR lines it writes.

    record.py --out FOLDER [--work FOLDER] [--only NAME,NAME] [--append]
    record.py --out FOLDER --list

All scenarios take about 20 minutes.

Needs `asterisk` and `sipp` on the path. Everything binds to loopback; all that is started here is stopped here.
One CSV per scenario (the lines as Asterisk wrote them), transfers-Master.csv (all of them), transfers-custom-Master.csv
(the same in cdr_custom order), stopwatch.json, and the second half of README.md.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from phone import Phone, Voices, Watch

HERE = pathlib.Path(__file__).resolve().parent
MARK = "<!-- From here on written by tests/telephony/record.py -->"
SCENARIOS = {}


def scenario(text, name=None):
    def keep(function):
        SCENARIOS[name or function.__name__] = (text, function)
        return function

    return keep


class Manager:
    """Asterisk's manager interface."""

    def __init__(self, port=15039):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.act(Action="Login", Username="record", Secret="record", Events="off")

    def act(self, **fields):
        self.socket.sendall("".join(f"{k}: {v}\r\n" for k, v in fields.items()).encode() + b"\r\n")
        lines = []
        while line := self.file.readline().decode(errors="replace").rstrip():
            lines.append(line)
        if not lines or "Error" in lines[0]:
            raise RuntimeError(f"{fields}: {lines}")
        return lines

    def channels(self):
        lines = self.act(Action="Command", Command="core show channels concise")
        return [line.split(": ", 1)[-1].split("!")[0] for line in lines if "!" in line]


class World:
    def __init__(self, work):
        self.work, self.watch = work, Watch()
        self.voices = Voices(self.watch)

    def start(self):
        for folder in ("lib", "db", "spool", "run", "log/cdr-csv", "log/cdr-custom", "etc"):
            (self.work / folder).mkdir(parents=True, exist_ok=True)
        for file in (HERE / "etc").iterdir():
            (self.work / "etc" / file.name).write_text(file.read_text().replace("@DIR@", str(self.work)))
        conf = str(self.work / "etc/asterisk.conf")
        self.out = open(self.work / "console", "wb")
        self.asterisk = subprocess.Popen(
            ["asterisk", "-C", conf, "-f", "-n"],
            stdout=self.out,
            stderr=self.out,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TZ": "UTC"},
        )
        for _ in range(100):
            done = subprocess.run(["asterisk", "-C", conf, "-rx", "core waitfullybooted"], capture_output=True)
            if b"fully booted" in done.stdout:
                break
            time.sleep(0.2)
        self.ami = Manager()

    def stop(self):
        self.asterisk.terminate()
        self.asterisk.wait(20)

    def __getattr__(self, name):
        """carrier, a1, a2, a3: the telephones, made when first used."""
        known = {
            "carrier": ("carrier", "127.0.0.2", 15180),
            "a1": ("201", "127.0.0.11", 15171),
            "a2": ("202", "127.0.0.12", 15171),
            "a3": ("203", "127.0.0.13", 15171),
        }
        if name not in known:
            raise AttributeError(name)
        label, host, port = known[name]
        phone = Phone(label, host, port, self.watch, self.voices)
        setattr(self, name, phone)
        return phone

    # -- the words the scenarios are written in --
    def wait(self, seconds):
        time.sleep(seconds)

    def caller(self, user, number):
        return self.carrier.call(number, user=user, name=f"caller {user}")

    def pick(self, phone, after, number=None):
        leg = phone.incoming(number).ring()
        time.sleep(after)
        return leg.answer()

    def outside(self, number, after):
        return self.pick(self.carrier, after, number)

    def channel(self, start):
        return max(c for c in self.ami.channels() if c.startswith(start + "-"))

    def atxfer(self, start, number):
        self.watch.note(f"AMI Atxfer: the PBX presses *2 and {number} for {start}")
        self.ami.act(Action="Atxfer", Channel=self.channel(start), Exten=number, Context="from-internal")

    def originate(self, **fields):
        self.watch.note("AMI Originate: " + ", ".join(f"{k} {v}" for k, v in fields.items()))
        self.ami.act(Action="Originate", Async="true", Timeout="8000", Context="from-internal", Priority="1", **fields)

    def log(self, which):
        path = self.work / "log" / which / "Master.csv"
        return path.read_bytes() if path.exists() else b""

    def settle(self):
        """Until Asterisk has no channel left and its last lines are written."""
        for _ in range(300):
            if not self.ami.channels():
                break
            time.sleep(0.1)
        else:
            print("channels left:", self.ami.channels())
        size = -1
        while size != (size := len(self.log("cdr-csv")) + len(self.log("cdr-custom"))):
            time.sleep(0.4)


def spans(legs, one, other):
    """When two parties heard each other, seen from either side."""
    found = sorted(
        span for leg in legs for name, spans in leg.heard.items() for span in spans if {leg.name, name} == {one, other}
    )
    out = []
    for begin, end in found:
        if out and begin - out[-1][1] < 0.5:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([begin, end])
    return [[round(b, 1), round(e, 1)] for b, e in out if e - b > 0.1]


def together(watch):
    pairs = {tuple(sorted((leg.name, name))) for leg in watch.legs for name in leg.heard}
    out = [
        {"who": list(pair), "when": when, "seconds": round(sum(e - b for b, e in when), 1)}
        for pair in sorted(pairs)
        if (when := spans(watch.legs, *pair))
    ]
    return sorted(out, key=lambda pair: pair["when"])


# ---------------------------------------------------------------- plain calls
@scenario(
    "Many callers at once from SIPp: eight calls in one second, every second one to 0201234502 and 0201234507, "
    "agents ring 1 s, callers talk 3 s from the answer and hang up.",
    name="concurrent_sipp",
)
def _(w, run):
    numbers = w.work / "callers.csv"
    numbers.write_text("SEQUENTIAL\n" + "".join(f"06123411{n:02};020123450{(2, 7)[n % 2]}\n" for n in range(8)))
    agents = [
        subprocess.Popen(
            [
                "sipp",
                "-sf",
                str(HERE / "sipp/agent.xml"),
                "-i",
                host,
                "-p",
                "15171",
                "-mp",
                port,
                "-d",
                "1000",
                "-nostdin",
                "127.0.0.1:15061",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=w.work,
        )
        for host, port in (("127.0.0.11", "30000"), ("127.0.0.12", "31000"))
    ]
    time.sleep(0.5)
    w.watch.note("SIPp: eight callers 0612341100..07 call 0201234502 (even) and 0201234507 (odd) within a second")
    done = subprocess.run(
        [
            "sipp",
            "-sf",
            str(HERE / "sipp/caller.xml"),
            "-inf",
            str(numbers),
            "-i",
            "127.0.0.2",
            "-p",
            "15181",
            "-mp",
            "32000",
            "-m",
            "8",
            "-r",
            "8",
            "-d",
            "3000",
            "-nostdin",
            "127.0.0.1:15061",
        ],
        capture_output=True,
        cwd=w.work,
    )
    w.watch.note(f"SIPp: all callers have hung up (status {done.returncode})")
    for agent in agents:
        agent.terminate()
        agent.wait()


@scenario("A client's number rings one agent, who answers.")
def accepted(w, run):
    if run == 0:  # neither accountcode nor userfield
        call = w.caller("0612340001", "0201234507")
        w.pick(w.a1, 2)
        w.wait(3)
        call.hang_up()
    elif run == 1:  # the agent hangs up
        call = w.caller("+31612340002", "+31201234502")
        agent = w.pick(w.a2, 1)
        w.wait(5)
        agent.hang_up()
    else:  # withheld number
        call = w.caller("anonymous", "0201234502")
        w.pick(w.a2, 1)
        w.wait(2)
        call.hang_up()


@scenario("Nobody answers: the caller gives up; the PBX gives up after 5 s; a number that is not in use.")
def missed(w, run):
    call = w.caller(f"061234001{run}", ("0201234502", "0201234507", "0201239999")[run])
    if run == 0:
        w.a2.incoming().ring()
        w.wait(4)
        call.hang_up()
    else:
        if run == 1:
            w.a1.incoming().ring()
        call.wait("over")


@scenario(
    "The first agent is busy, the second answers. Second run: the first rings 3 s and refuses, the second answers."
)
def busy_then_other(w, run):
    call = w.caller(f"061234002{run}", "0201234504")
    first = w.a3.incoming()
    if run:
        first.ring()
        w.wait(3)
    first.refuse(486 if run == 0 else 480)
    w.pick(w.a1, 2)
    w.wait(4 - run)
    call.hang_up()


@scenario(
    "Queue that rings all agents: one answers; all ring and the caller gives up; one busy, another answers; "
    "nobody answers until the queue's time is over."
)
def queue_ringall(w, run):
    call = w.caller(f"061234003{run}", "0201234505")
    legs = [phone.incoming() for phone in (w.a1, w.a2, w.a3)]
    if run == 2:
        legs[0].refuse()
    for leg in legs[1 if run == 2 else 0 :]:
        leg.ring()
    if run in (0, 2):
        w.wait(2)
        legs[1 + run // 2].answer()
        w.wait(4 + run)
        call.hang_up()
    elif run == 1:
        w.wait(3)
        call.hang_up()
    else:
        call.wait("over", 30)
        w.wait(0.3)


@scenario(
    "Queue that tries one agent after another: the first does not answer for 4 s, the second does; the first "
    "answers at once; nobody answers, twice round, the caller gives up."
)
def queue_linear(w, run):
    call = w.caller(f"061234004{run}", "0201234501")
    if run == 0:
        w.a1.incoming().ring().wait("over")
        w.pick(w.a2, 1)
        w.wait(5)
    elif run == 1:
        w.pick(w.a1, 1)
        w.wait(3)
    else:
        for phone in (w.a1, w.a2, w.a3):
            phone.incoming().ring().wait("over")
        w.a1.incoming().ring()
        w.wait(1)
    call.hang_up()


@scenario(
    "The dialplan answers and plays a message before the queue: answered by agent 201; not answered by anyone "
    "within the queue's 9 s; the caller gives up."
)
def queue_answered_first(w, run):
    call = w.caller(f"061234005{run}", "0201234512")
    if run == 0:
        w.pick(w.a1, 2)
        w.wait(3)
        call.hang_up()
    elif run == 1:
        w.a1.incoming().ring().wait("over")
        w.a2.incoming().ring()
        call.wait("over", 20)
    else:
        w.a1.incoming().ring()
        w.wait(2)
        call.hang_up()


# ---------------------------------------------------------------- forwarded by the dialplan
@scenario("A number that is forwarded to a mobile telephone, answered.")
def forward_answered(w, run):
    call = w.caller(f"061234006{run}", "0201234503")
    w.outside("0687650003", 2 - run)
    w.wait(4 + run)
    call.hang_up()


@scenario("The same, not answered: rings 6 s; busy; the caller gives up.")
def forward_unanswered(w, run):
    call = w.caller(f"061234007{run}", "0201234503")
    leg = w.carrier.incoming("0687650003")
    if run == 1:
        leg.refuse()
    else:
        leg.ring()
    if run == 2:
        w.wait(2)
        call.hang_up()
    else:
        call.wait("over")


@scenario("The dialplan answers, plays a message (about 2 s), then forwards: answered; not answered within 6 s.")
def forward_after_message(w, run):
    call = w.caller(f"061234008{run}", "0201234509")
    if run == 0:
        w.outside("0687650009", 2)
        w.wait(4)
        call.hang_up()
    else:
        w.carrier.incoming("0687650009").ring()
        call.wait("over")


@scenario(
    "Agent 201 does not answer for 4 s, then the call is forwarded outside: answered; not answered within 5 s "
    "either, then voice mail for 3 s."
)
def forward_after_agent(w, run):
    call = w.caller(f"061234009{run}", "0201234510")
    w.a1.incoming().ring().wait("over")
    leg = w.carrier.incoming("0687650010").ring()
    if run == 0:
        w.wait(1)
        leg.answer()
        w.wait(5)
    else:
        leg.wait("over")
        w.wait(3)
    call.hang_up()


@scenario(
    "An agent and two outside telephones ring at once (one dialled as PJSIP/n@trunk, one as "
    "PJSIP/trunk/sip:n@host): the second outside one answers; the agent answers."
)
def forward_parallel(w, run):
    call = w.caller(f"061234010{run}", "0201234511")
    legs = [w.a2.incoming().ring(), w.carrier.incoming("0687650011").ring(), w.carrier.incoming("0687650012").ring()]
    w.wait(2)
    legs[0 if run else 2].answer()
    w.wait(4 + run)
    call.hang_up()


@scenario("Forwarded over a Local channel: answered; not answered.")
def forward_local(w, run):
    call = w.caller(f"061234011{run}", "0201234514")
    if run == 0:
        w.outside("0687650014", 1)
        w.wait(4)
        call.hang_up()
    else:
        w.carrier.incoming("0687650014").ring()
        call.wait("over")


# ---------------------------------------------------------------- blind transfer
def talk(w, user, number, phone, ring, seconds):
    call = w.caller(user, number)
    agent = w.pick(phone, ring)
    w.wait(seconds)
    return call, agent


@scenario(
    "An agent sends the caller on to another agent (REFER): who answers; who does not answer (the caller hangs "
    "up after 4 s of ringing); who is busy."
)
def blind_transfer_agent(w, run):
    call, agent = talk(
        w, f"061234012{run}", ("0201234507", "0201234501", "0201234502")[run], (w.a1, w.a1, w.a2)[run], 1, 3
    )
    agent.refer("203")
    leg = w.a3.incoming()
    if run == 0:
        leg.ring()
        w.wait(2)
        leg.answer()
        w.wait(4)
        call.hang_up()
    elif run == 1:
        leg.ring()
        w.wait(4)
        call.hang_up()
    else:
        leg.refuse()
        call.wait("over")


@scenario(
    "An agent sends the caller on to an outside number (REFER), answered. Run 1 from the queue (did: in "
    "userfield), 2 from Dial with accountcode only, 3 from Dial with neither, 4 with the feature code #1."
)
def blind_transfer_outside(w, run):
    number, phone = (("0201234501", w.a1), ("0201234502", w.a2), ("0201234507", w.a1), ("0201234501", w.a1))[run]
    call, agent = talk(w, f"061234013{run}", number, phone, 1, 2 + run)
    if run < 3:
        agent.refer(f"068765013{run}")
    else:
        agent.keys("#1")
        w.wait(0.5)
        agent.keys("0687650133")
    w.outside(f"068765013{run}", 2)
    w.wait(6 - run)
    call.hang_up()


@scenario("The same, but the outside number does not answer (8 s); is busy; the caller gives up after 3 s.")
def blind_transfer_outside_unanswered(w, run):
    number, phone = (("0201234501", w.a1), ("0201234502", w.a2), ("0201234501", w.a1))[run]
    call, agent = talk(w, f"061234014{run}", number, phone, 1, 3)
    agent.refer(f"068765014{run}")
    leg = w.carrier.incoming(f"068765014{run}")
    if run == 1:
        leg.refuse()
        call.wait("over")
    else:
        leg.ring()
        if run == 2:
            w.wait(3)
            call.hang_up()
        else:
            call.wait("over")


@scenario(
    "An agent sends the caller on to another client's number, where an agent answers: from 1001 (queue) to "
    "1002 (account only); from 1007 (neither) to 1004 (account and did:, agent 203); from 1001 to 1003, which is "
    "forwarded outside."
)
def blind_transfer_other_did(w, run):
    number, phone = (("0201234501", w.a1), ("0201234507", w.a1), ("0201234501", w.a1))[run]
    call, agent = talk(w, f"061234015{run}", number, phone, 1, 3)
    agent.refer(("0201234502", "0201234504", "0201234503")[run])
    if run == 2:
        w.outside("0687650003", 1)
    else:
        w.pick((w.a2, w.a3)[run], 1)
    w.wait(4 + run)
    call.hang_up()


@scenario("Twice sent on: agent 201 to agent 203, who sends the caller on outside.")
def blind_transfer_twice(w, run):
    call, agent = talk(w, "0612340160", "0201234501", w.a1, 1, 2)
    agent.refer("203")
    second = w.pick(w.a3, 1)
    w.wait(3)
    second.refer("0687650160")
    w.outside("0687650160", 1)
    w.wait(4)
    call.hang_up()


# ---------------------------------------------------------------- attended transfer by feature code
@scenario(
    "AMI Atxfer (as if the agent pressed *2 and the number): the agent talks to the outside party while the "
    "caller waits, then hangs up: caller and outside party are connected. Run 1 queue, run 2 Dial, run 3 with "
    "keys on the telephone, ended by *2."
)
def atxfer_outside(w, run):
    number, phone, start = (
        ("0201234501", w.a1, "PJSIP/201"),
        ("0201234502", w.a2, "PJSIP/202"),
        ("0201234501", w.a1, "PJSIP/201"),
    )[run]
    call, agent = talk(w, f"061234017{run}", number, phone, 1, 3)
    if run < 2:
        w.atxfer(start, f"068765017{run}")
    else:
        agent.keys("*2")
        w.wait(0.5)
        agent.keys(f"068765017{run}")
    w.outside(f"068765017{run}", 2)
    w.wait(3)
    if run < 2:
        agent.hang_up()
    else:
        agent.keys("*2")
    w.wait(5)
    call.hang_up()


@scenario("AMI Atxfer to another agent.")
def atxfer_agent(w, run):
    number, phone, start = (("0201234501", w.a1, "PJSIP/201"), ("0201234502", w.a2, "PJSIP/202"))[run]
    call, agent = talk(w, f"061234018{run}", number, phone, 1, 3)
    w.atxfer(start, "203")
    w.pick(w.a3, 1)
    w.wait(3 + run)
    agent.hang_up()
    w.wait(6 - run)
    call.hang_up()


@scenario(
    "AMI Atxfer that comes to nothing: the outside party answers, the agent presses *1 and is back with the "
    "caller; the outside party is busy; does not answer (8 s); the outside party hangs up."
)
def atxfer_aborted(w, run):
    call, agent = talk(w, f"061234019{run}", "0201234501", w.a1, 1, 2)
    w.atxfer("PJSIP/201", f"068765019{run}")
    leg = w.carrier.incoming(f"068765019{run}")
    if run == 1:
        leg.refuse()
    else:
        leg.ring()
        if run == 2:
            leg.wait("over")
        else:
            w.wait(1)
            leg.answer()
            w.wait(3)
            agent.keys("*1") if run == 0 else leg.hang_up()
    w.wait(5)
    call.hang_up()


@scenario(
    "AMI Atxfer, and the agent hangs up while the outside party still rings: it answers 2 s later; it never "
    "answers (the PBX then calls the agent back, who takes the caller back)."
)
def atxfer_before_answer(w, run):
    call, agent = talk(w, f"061234020{run}", "0201234501", w.a1, 1, 3)
    w.atxfer("PJSIP/201", f"068765020{run}")
    leg = w.carrier.incoming(f"068765020{run}").ring()
    w.wait(1)
    agent.hang_up()
    if run == 0:
        w.wait(2)
        leg.answer()
    else:
        leg.wait("over")
        w.pick(w.a1, 1)
    w.wait(4)
    call.hang_up()


@scenario(
    "AMI Atxfer, and the agent presses *3: caller, agent and outside party talk together for 4 s, then the agent "
    "leaves. (Voices are mixed while three talk, so that part is not measured.)"
)
def atxfer_threeway(w, run):
    call, agent = talk(w, "0612340210", "0201234501", w.a1, 1, 2)
    w.atxfer("PJSIP/201", "0687650210")
    w.outside("0687650210", 1)
    w.wait(2)
    agent.keys("*3")
    w.wait(4)
    agent.hang_up()
    w.wait(3)
    call.hang_up()


# ---------------------------------------------------------------- attended transfer by the telephone
@scenario(
    "The agent's telephone does it: holds the caller, calls the outside number on a second line, talks, and "
    "joins both (REFER with Replaces). Run 1 queue, plain number; run 2 Dial, dialled on behalf of client 1002; "
    "run 3 neither account nor userfield, caller with +31."
)
def refer_replaces_outside(w, run):
    number, phone, prefix = (("0201234501", w.a1, ""), ("0201234502", w.a2, "91002"), ("0201234507", w.a1, ""))[run]
    call, agent = talk(w, ("0612340220", "0612340221", "+31612340222")[run], number, phone, 1, 3)
    agent.hold()
    second = phone.call(f"{prefix}068765022{run}")
    w.outside(f"068765022{run}", 1)
    w.wait(3 + run)
    second.hold()
    agent.refer(f"068765022{run}", second)
    w.wait(5)
    call.hang_up()


@scenario("The same to another agent.")
def refer_replaces_agent(w, run):
    call, agent = talk(w, f"061234023{run}", ("0201234501", "0201234507")[run], w.a1, 1, 2)
    agent.hold()
    second = w.a1.call("203")
    w.pick(w.a3, 1)
    w.wait(2 + run)
    agent.refer("203", second)
    w.wait(4 + run)
    call.hang_up()


@scenario("The same towards another client's number (1003), which is forwarded outside.")
def refer_replaces_other_did(w, run):
    call, agent = talk(w, "0612340235", "0201234501", w.a1, 1, 2)
    agent.hold()
    second = w.a1.call("0201234503")
    w.outside("0687650003", 1)
    w.wait(3)
    agent.refer("0201234503", second)
    w.wait(4)
    call.hang_up()


@scenario(
    "Consultation on a second line without transfer: the agent hangs up the second call and goes on with the "
    "caller; the outside party does not answer."
)
def consultation_only(w, run):
    call, agent = talk(w, f"061234024{run}", "0201234501", w.a1, 1, 2)
    agent.hold()
    second = w.a1.call(f"068765024{run}")
    if run == 0:
        w.outside("0687650240", 1)
        w.wait(3)
    else:
        w.carrier.incoming("0687650241").ring()
        w.wait(3)
    second.hang_up()
    agent.hold(False)
    w.wait(3)
    call.hang_up()


# ---------------------------------------------------------------- Local members
@scenario(
    "Queue with Local members (Local/201@from-internal): the first answers; the first does not for 4 s, the second "
    "does; the caller gives up."
)
def queue_local(w, run):
    call = w.caller(f"061234025{run}", "0201234506")
    if run == 0:
        w.pick(w.a1, 2)
        w.wait(4)
    elif run == 1:
        w.a1.incoming().ring().wait("over")
        w.pick(w.a2, 1)
        w.wait(3)
    else:
        w.a1.incoming().ring()
        w.wait(2)
    call.hang_up()


@scenario("Queue with a Local member that stays in the call (Local/203@from-internal/n).")
def queue_local_n(w, run):
    call = w.caller(f"061234026{run}", "0201234513")
    leg = w.pick(w.a3, 1 + run)
    w.wait(4 - run)
    (leg if run else call).hang_up()


@scenario(
    "From a queue with Local members: blind transfer outside; attended transfer with REFER and Replaces outside; "
    "AMI Atxfer outside; blind transfer outside from a /n member; AMI Atxfer outside from a /n member."
)
def queue_local_transfer(w, run):
    number, phone, start = (("0201234506", w.a1, "PJSIP/201"), ("0201234513", w.a3, "PJSIP/203"))[run > 2]
    call, agent = talk(w, f"061234027{run}", number, phone, 1, 3)
    target = f"068765027{run}"
    if run in (0, 3):
        agent.refer(target)
        w.outside(target, 1)
    elif run == 1:
        agent.hold()
        second = phone.call(target)
        w.outside(target, 1)
        w.wait(3)
        agent.refer(target, second)
    else:
        w.atxfer(start, target)
        w.outside(target, 1)
        w.wait(3)
        agent.hang_up()
    w.wait(4)
    call.hang_up()


# ---------------------------------------------------------------- click to call
@scenario(
    "Click to call, AMI Originate of PJSIP/201 on behalf of client 1001: answered after 2 s; not answered (the "
    "agent hangs up after 3 s); the agent does not pick up."
)
def click_to_call_pjsip(w, run):
    w.originate(Channel="PJSIP/201", Exten=f"91001068765028{run}", CallerID="Bakker <0201234501>")
    if run == 2:
        w.a1.incoming().ring().wait("over")
        return
    agent = w.pick(w.a1, 2)
    leg = w.carrier.incoming(f"068765028{run}").ring()
    w.wait(2 + run)
    if run == 0:
        leg.answer()
        w.wait(4)
    agent.hang_up()


@scenario(
    "Click to call, AMI Originate of Local/201@from-internal on behalf of client 1001: answered; not answered; "
    "the agent does not pick up; answered, with the account given to Originate and a plain number; the same with "
    "Local/…/n."
)
def click_to_call_local(w, run):
    target = f"068765029{run}"
    if run < 3:
        w.originate(Channel="Local/201@from-internal", Exten=f"91001{target}", CallerID="Bakker <0201234501>")
    else:
        w.originate(Channel="Local/201@from-internal" + "/n" * (run == 4), Exten=target, Account="c1001")
    if run == 2:
        w.a1.incoming().ring().wait("over")
        return
    agent = w.pick(w.a1, 2)
    leg = w.carrier.incoming(target).ring()
    w.wait(2)
    if run != 1:
        leg.answer()
        w.wait(3 + run)
    else:
        w.wait(1)
    agent.hang_up()


@scenario(
    "Click to call the other way round: Originate of the outside number over a Local channel, the agent is called "
    "when the outside party answers."
)
def click_to_call_outside_first(w, run):
    w.originate(Channel="Local/910010687650300@from-internal", Exten="201")
    leg = w.outside("0687650300", 2)
    w.pick(w.a1, 1)
    w.wait(4)
    leg.hang_up()


# ---------------------------------------------------------------- parking, pick-up, conference
@scenario(
    "Agent 201 parks the caller (REFER to 700); agent 202 fetches the call (701) after 3 s. Second run: parked "
    "by 202, fetched by 203, who then sends the caller on outside."
)
def parking(w, run):
    call, agent = talk(w, f"061234031{run}", ("0201234501", "0201234502")[run], (w.a1, w.a2)[run], 1, 3)
    agent.refer("700")
    w.wait(3)
    second = (w.a2, w.a3)[run].call("701").wait("up")
    w.wait(4)
    if run:
        second.refer("0687650311")
        w.outside("0687650311", 1)
        w.wait(3)
    call.hang_up()


@scenario("Parked, nobody fetches the call, and the caller hangs up.")
def parking_abandoned(w, run):
    call, agent = talk(w, f"061234032{run}", "0201234507", w.a1, 1, 2)
    agent.refer("700")
    w.wait((3, 2)[run])
    call.hang_up()


@scenario(
    "Parked, nobody fetches the call: after the lot's 4 s the PBX calls the agent who parked it: the agent "
    "answers; does not answer for 5 s, the caller hangs up."
)
def parking_return(w, run):
    call, agent = talk(w, f"061234042{run}", "0201234501", w.a1, 1, 2)
    agent.refer("700")
    leg = w.a1.incoming().ring()
    w.wait((1, 5)[run])
    if run == 0:
        leg.answer()
        w.wait(3)
    call.hang_up()


@scenario("A call rings at agent 202, agent 203 picks it up (*8202).")
def pickup(w, run):
    call = w.caller("0612340330", "0201234502")
    w.a2.incoming().ring()
    w.wait(2)
    w.a3.call("*8202").wait("up")
    w.wait(4)
    call.hang_up()


@scenario(
    "Conference: agent 201 answers, sends the caller to conference room 600 (REFER), joins with a call of their "
    "own, agent 202 joins too; all three talk 3 s; 201 leaves, 202 stays 2 s. (Voices are mixed here, so who heard "
    "whom is only measured while two are in the room.)"
)
def conference(w, run):
    call, agent = talk(w, "0612340340", "0201234501", w.a1, 1, 3)
    agent.refer("600")
    w.wait(1)
    first = w.a1.call("600").wait("up")
    w.wait(2)
    second = w.a2.call("600").wait("up")
    w.wait(3)
    first.hang_up()
    w.wait(2)
    call.hang_up()
    second.hang_up()


# ---------------------------------------------------------------- voice mail
@scenario("Answered by the dialplan (message and silence), no agent: 4 s; 2 s.")
def voicemail(w, run):
    call = w.caller(f"061234035{run}", "0201234508").wait("up")
    w.wait(4 - 2 * run)
    call.hang_up()


# ---------------------------------------------------------------- outbound, internal
@scenario(
    "An agent calls outside on behalf of client 1001: answered (agent hangs up); answered (other party hangs up); "
    "without a client; foreign number."
)
def outbound(w, run):
    target = ("0687650360", "0687650361", "0687650362", "0301234563")[run]
    call = w.a1.call(("91001", "91003", "", "91001")[run] + target)
    leg = w.outside(target, 1 + run % 2)
    w.wait(3 + run)
    (leg if run == 1 else call).hang_up()


@scenario(
    "An agent calls outside on behalf of client 1001, not answered: agent gives up after 4 s; busy; 8 s without answer."
)
def outbound_unanswered(w, run):
    call = w.a2.call(f"91001068765037{run}")
    leg = w.carrier.incoming(f"068765037{run}")
    if run == 1:
        leg.refuse()
    else:
        leg.ring()
    if run == 0:
        w.wait(4)
        call.hang_up()
    else:
        call.wait("over")


@scenario(
    "An agent calls outside on behalf of client 1001, then sends the other party on to another outside number "
    "(REFER): answered; not answered; to agent 203."
)
def outbound_transfer(w, run):
    call = w.a1.call(f"91001068765038{run}")
    leg = w.outside(f"068765038{run}", 1)
    w.wait(3)
    if run < 2:
        call.refer(f"068765039{run}")
        other = w.carrier.incoming(f"068765039{run}").ring()
        w.wait(2)
        if run == 0:
            other.answer()
            w.wait(5)
    else:
        call.refer("203")
        w.pick(w.a3, 1)
        w.wait(4)
    leg.hang_up()


@scenario(
    "An agent calls outside on behalf of client 1001, calls a second outside number for the same client and joins "
    "both (REFER with Replaces)."
)
def outbound_replaces(w, run):
    call = w.a1.call("910010687650400")
    leg = w.outside("0687650400", 1)
    w.wait(3)
    call.hold()
    second = w.a1.call("910010687650401")
    w.outside("0687650401", 1)
    w.wait(2)
    call.refer("910010687650401", second)
    w.wait(4)
    leg.hang_up()


@scenario("Agent to agent: answered; not answered; sent on to a third agent.")
def internal(w, run):
    call = w.a1.call("202")
    if run == 1:
        w.a2.incoming().ring()
        w.wait(2)
    else:
        leg = w.pick(w.a2, 1)
        w.wait(3)
        if run == 2:
            leg.refer("203")
            w.pick(w.a3, 1)
            w.wait(2)
    call.hang_up()


# ---------------------------------------------------------------- at the same time
@scenario("Two clients' numbers are called in the same second; both accepted, by different agents.")
def two_at_once(w, run):
    one, two = w.caller("0612340410", "0201234507"), w.caller("0612340411", "0201234502")
    legs = [w.a1.incoming().ring(), w.a2.incoming().ring()]
    w.wait(1)
    for leg in legs:
        leg.answer()
    w.wait(3 + run)
    two.hang_up()
    w.wait(1)
    one.hang_up()


@scenario(
    "Twenty calls at once, one every 0.1 s, to 1002, 1003, 1007, 1004 and 1002 in turn; agents and outside "
    "telephones answer after about 2 s; each fifth call is sent on to an outside number (REFER); then all callers "
    "hang up one after another."
)
def concurrent(w, run):
    numbers = ("0201234502", "0201234503", "0201234507", "0201234504", "0201234502")
    calls, legs = [], []
    for n in range(20):
        calls.append(w.caller(f"06123405{n:02}", numbers[n % 5]))
        phone = {"0201234502": w.a2, "0201234503": w.carrier, "0201234507": w.a1, "0201234504": w.a3}[numbers[n % 5]]
        legs.append(phone.incoming().ring())
        w.wait(0.1)
    for leg in legs:
        leg.answer()
        w.wait(0.05)
    w.wait(2)
    for n in range(4, 20, 5):
        legs[n].refer(f"06876505{n:02}")
    others = [w.carrier.incoming(f"06876505{n:02}").ring() for n in range(4, 20, 5)]
    w.wait(1)
    for leg in others:
        leg.answer()
    w.wait(1)
    for call in calls:
        w.wait(0.2)
        call.hang_up()


RUNS = {
    "accepted": 3,
    "missed": 3,
    "queue_ringall": 4,
    "queue_linear": 3,
    "queue_answered_first": 3,
    "forward_unanswered": 3,
    "blind_transfer_agent": 3,
    "blind_transfer_outside": 4,
    "blind_transfer_outside_unanswered": 3,
    "blind_transfer_other_did": 3,
    "blind_transfer_twice": 1,
    "atxfer_outside": 3,
    "atxfer_aborted": 4,
    "atxfer_threeway": 1,
    "refer_replaces_outside": 3,
    "refer_replaces_other_did": 1,
    "queue_local": 3,
    "queue_local_transfer": 5,
    "click_to_call_pjsip": 3,
    "click_to_call_local": 5,
    "click_to_call_outside_first": 1,
    "pickup": 1,
    "conference": 1,
    "outbound": 4,
    "outbound_unanswered": 3,
    "outbound_transfer": 3,
    "outbound_replaces": 1,
    "internal": 3,
    "concurrent_sipp": 1,
    "concurrent": 1,
}


def play(w, name):
    text, function = SCENARIOS[name]
    w.voices.names.clear()
    runs = []
    before = len(w.log("cdr-csv"))
    for run in range(RUNS.get(name, 2)):
        start = len(w.log("cdr-csv"))
        time.sleep(1.05 - time.time() % 1)  # begin just after a full second
        w.watch.start(name)
        error = None
        try:
            function(w, run)
        except Exception as problem:
            error = repr(problem)
            print(f"{name} {run}: {problem!r}", file=sys.stderr)
        time.sleep(0.3)
        for leg in list(w.watch.legs):
            if leg.state in ("up", "calling", "ringing"):
                w.watch.note(f"({leg.name} still has a line open)")
                try:
                    leg.hang_up()
                except RuntimeError as problem:
                    print(name, run, problem)
        w.settle()
        lines = w.log("cdr-csv")[start:].decode().count("\n")
        runs.append(
            {
                "began": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(w.watch.zero)),
                "lines": lines,
                "events": [list(e) for e in w.watch.events],
                "together": together(w.watch),
                **({"error": error} if error else {}),
            }
        )
        for phone in ("carrier", "a1", "a2", "a3"):
            if phone in w.__dict__:
                w.__dict__[phone].inbox.clear()
    return {"scenario": name, "text": text, "runs": runs}, w.log("cdr-csv")[before:]


def sums(run):
    """What a person with a stopwatch notes: who talked with whom, in seconds."""
    found = {}
    for pair in run["together"]:
        kinds = " and ".join(who.split()[0] for who in pair["who"])
        found.setdefault(
            {
                "agent and caller": "talk",
                "caller and outside": "forwarded",
                "agent and outside": "agent–outside",
                "agent and agent": "agent–agent",
            }.get(kinds, "outside–outside"),
            [],
        ).append(pair)
    return {
        what: ", ".join(f"{pair['seconds']:.1f} ({' '.join(w.split()[1] for w in pair['who'])})" for pair in pairs)
        for what, pairs in found.items()
    }


def readme(out, results):
    path = out / "README.md"
    head = path.read_text().split(MARK)[0] if path.exists() else "# Transfers\n\n"
    columns = ("talk", "forwarded", "agent–outside", "agent–agent", "outside–outside")
    parts = [
        head + MARK,
        "",
        "## Stopwatch",
        "",
        "Seconds (parties); talk is caller with agent, forwarded is caller with "
        "outside, agent–outside is a consultation or an outbound call.",
        "",
        "| scenario | run | lines | " + " | ".join(columns) + " |",
        "|---" * (3 + len(columns)) + "|",
    ]
    for item in results:
        for n, run in enumerate(item["runs"], 1):
            found = sums(run) if len(run["events"]) <= 60 else {"talk": "see stopwatch.json"}
            parts.append(
                f"| {item['scenario']} | {n} | {run['lines']} | "
                + " | ".join(found.get(what, "") for what in columns)
                + " |"
            )
    for item in results:
        parts.append(f"\n## {item['scenario']}.csv\n\n{item['text']}")
        for n, run in enumerate(item["runs"], 1):
            parts.append(
                f"\n**Run {n}**, from {run['began']} UTC, {run['lines']} {'line' if run['lines'] == 1 else 'lines'}. Seconds since then:\n\n```text"
            )
            events = run["events"]
            if len(events) > 60:
                parts.append(f"({len(events)} events, see stopwatch.json)")
            else:
                parts += [f"{second:5.1f}  {what}" for second, what in events]
            parts.append("```")
            if run["together"] and len(events) <= 60:
                parts.append(
                    "Heard each other: "
                    + "; ".join(
                        f"{' and '.join(pair['who'])} **{pair['seconds']:.1f} s** ("
                        + ", ".join(f"{b:.1f}–{e:.1f}" for b, e in pair["when"])
                        + ")"
                        for pair in run["together"]
                    )
                    + "."
                )
            elif not run["together"]:
                parts.append("Nobody heard anybody.")
    path.write_text("\n".join(parts) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--only")
    parser.add_argument("--append", action="store_true", help="add to the files in --out: the server was restarted")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(SCENARIOS)
    if options.list:
        print("\n".join(f"{name}: {SCENARIOS[name][0]}" for name in names))
        return
    for tool in ("asterisk", "sipp"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed")
    work = options.work or pathlib.Path(tempfile.mkdtemp(prefix="balie-asterisk-"))
    work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    w = World(work)
    w.start()
    results, before = [], {which: b"" for which in ("transfers-Master.csv", "transfers-custom-Master.csv")}
    if options.append:
        results = json.loads((options.out / "stopwatch.json").read_text())
        before = {name: (options.out / name).read_bytes() for name in before}
    try:
        for name in names:
            result, lines = play(w, name)
            results.append(result)
            (options.out / f"{name}.csv").write_bytes(lines)
            print(name, [run["lines"] for run in result["runs"]], flush=True)
            for file, log in zip(before, ("cdr-csv", "cdr-custom")):
                (options.out / file).write_bytes(before[file] + w.log(log))
            (options.out / "stopwatch.json").write_text(
                json.dumps(results, ensure_ascii=False)
                .replace('{"scenario"', '\n{"scenario"')
                .replace('{"began"', '\n {"began"')
                + "\n"
            )
            readme(options.out, results)
    finally:
        w.stop()


if __name__ == "__main__":
    main()
