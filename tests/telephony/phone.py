"""A SIP telephone for tests: as much SIP as a carrier or a desk telephone needs to talk to Asterisk over loopback.

Scripts play it line by line (`invite`, `ring`, `answer`, `hold`, `refer`, `hang_up`); everything the other side starts
(BYE, CANCEL, NOTIFY, re-INVITE) is answered in the background. Each leg sends RTP whose sound is one byte, its
"voice", and notes whose voices it hears and when: that is the stopwatch.
"""

import itertools
import random
import re
import select
import socket
import struct
import threading
import time

PBX = ("127.0.0.1", 15061)
SILENCE = 0xD5


class Watch:
    """One clock and one list of events for all telephones."""

    def __init__(self):
        self.lock = threading.RLock()
        self.start("")

    def start(self, name):
        with self.lock:
            self.name, self.zero, self.events, self.legs = name, time.time(), [], []

    def note(self, text):
        with self.lock:
            self.events.append((round(time.time() - self.zero, 1), text))


class Voices:
    """Sends and hears the sound of all legs, one thread."""

    def __init__(self, watch):
        self.watch, self.legs, self.names, self.lock = watch, {}, {}, threading.Lock()
        self.free = itertools.cycle([b for b in range(0x10, 0xD0) if b != SILENCE])
        threading.Thread(target=self._run, daemon=True).start()

    def voice(self, name):
        with self.lock:
            for byte, known in self.names.items():
                if known == name:
                    return byte
            byte = next(self.free)
            self.names[byte] = name
            return byte

    def add(self, leg):
        with self.lock:
            self.legs[leg.rtp.fileno()] = leg

    def drop(self, leg):
        with self.lock:
            if self.legs.pop(leg.rtp.fileno(), None):
                leg.rtp.close()

    def _run(self):
        due = time.time()
        while True:
            with self.lock:
                legs = dict(self.legs)
            ready = []
            try:
                ready = select.select(list(legs), [], [], max(0.0, due - time.time()))[0]
            except (OSError, ValueError):
                pass
            for fd in ready:
                try:
                    self._hear(legs[fd], legs[fd].rtp.recv(2048))
                except OSError:
                    pass
            if time.time() >= due:
                due = time.time() + 0.05
                for leg in legs.values():
                    try:
                        leg.say()
                    except OSError:
                        pass

    def _hear(self, leg, packet):
        sound = packet[12:]
        if len(packet) < 100 or packet[1] & 0x7F != 8:
            return
        byte = sound[len(sound) // 2]
        if byte == SILENCE or sound.count(byte) < 0.9 * len(sound):
            return
        name = self.names.get(byte)
        if not name or name == leg.name:
            return
        now = time.time() - self.watch.zero
        spans = leg.heard.setdefault(name, [])
        if spans and now - spans[-1][1] < 0.5:
            spans[-1][1] = now
        else:
            spans.append([now, now])


class Leg:
    """One call of one telephone."""

    def __init__(self, phone, call_id, name):
        self.phone, self.call_id, self.name = phone, call_id, name
        self.state, self.code, self.reports = "new", None, []
        self.tag, self.cseq, self.held = "%08x" % random.getrandbits(32), 1, False
        self.routes, self.heard, self.media = [], {}, None
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind((phone.address[0], 0))
        self.sequence, self.ssrc, self.born = random.getrandbits(12), random.getrandbits(32), time.time()
        self.voice, self.quiet = phone.voices.voice(name), False
        with phone.watch.lock:
            phone.watch.legs.append(self)

    # -- sound --
    def sdp(self):
        way = "sendonly" if self.held else "sendrecv"
        host = self.phone.address[0]
        return (
            f"v=0\r\no=u 1 {self.cseq} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {self.rtp.getsockname()[1]} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
            f"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na={way}\r\n"
        )

    def hear_sdp(self, body):
        host, port = re.search(r"c=IN IP4 (\S+)", body), re.search(r"m=audio (\d+)", body)
        if host and port:
            self.media = (host[1], int(port[1]))

    def _packet(self, kind, payload, mark=0, stamp=None):
        self.sequence = (self.sequence + 1) & 0xFFFF
        stamp = int((time.time() - self.born) * 8000) & 0xFFFFFFFF if stamp is None else stamp
        head = struct.pack("!BBHII", 0x80, kind | (0x80 if mark else 0), self.sequence, stamp, self.ssrc)
        self.rtp.sendto(head + payload, self.media)

    def say(self):
        if self.state == "up" and self.media and not self.held and not self.quiet:
            self._packet(8, bytes([self.voice]) * 160)

    def keys(self, digits):
        """Press keys (RFC 4733)."""
        self.phone.note(f"{self.name} presses {digits}")
        self.quiet = True
        for digit in digits:
            event = "0123456789*#".index(digit)
            stamp = int((time.time() - self.born) * 8000) & 0xFFFFFFFF
            for n in range(1, 6):
                self._packet(101, struct.pack("!BBH", event, 10, n * 160), n == 1, stamp)
                time.sleep(0.02)
            for _ in range(3):
                self._packet(101, struct.pack("!BBH", event, 0x80 | 10, 960), 0, stamp)
            time.sleep(0.08)
        self.quiet = False

    # -- requests --
    def _send(self, method, headers=(), body="", cseq=None, branch=None):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        host, port = self.phone.address
        lines = [
            f"{method} {self.remote_uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch={branch or 'z9hG4bK%012x' % random.getrandbits(48)}",
            f"From: {self.local}",
            f"To: {self.remote}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:{self.user}@{host}:{port}>",
            "Max-Forwards: 70",
            *headers,
        ]
        if body:
            lines.append("Content-Type: application/sdp")
        self.phone.send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]))

    def start(self, number):
        host, port = self.phone.address
        self.dialled, self.state = number, "calling"
        self.local = f"<sip:{self.user}@{host}:{port}>;tag={self.tag}"
        self.remote = f"<sip:{number}@{PBX[0]}:{PBX[1]}>"
        self.remote_uri = f"sip:{number}@{PBX[0]}:{PBX[1]}"
        self.branch = "z9hG4bK%012x" % random.getrandbits(48)
        self._send("INVITE", body=self.sdp(), branch=self.branch)

    def hang_up(self):
        if self.state in ("up",):
            self.phone.note(f"{self.name} hangs up")
            self._send("BYE")
            self._over("ended")
        elif self.state == "calling":
            self.phone.note(f"{self.name} gives up")
            self._send("CANCEL", cseq=self.first_cseq, branch=self.branch)
            self.wait("over")
        elif self.state == "ringing":
            self.refuse(480)

    def hold(self, on=True):
        self.held = on
        self.phone.note(f"{self.name} {'holds' if on else 'takes back'} the call")
        self._send("INVITE", body=self.sdp())

    def refer(self, number, other=None):
        """Blind transfer, or with `other` an attended transfer to the party of that leg."""
        to = f"sip:{number}@{PBX[0]}:{PBX[1]}"
        if other:
            theirs = re.search(r"tag=([^;>\s]+)", other.remote)[1]
            call = other.call_id.replace("@", "%40")
            to += f"?Replaces={call}%3Bto-tag%3D{theirs}%3Bfrom-tag%3D{other.tag}"
            self.phone.note(f"{self.name} transfers (REFER with Replaces) to {number}")
        else:
            self.phone.note(f"{self.name} transfers (REFER) to {number}")
        self._send("REFER", [f"Refer-To: <{to}>", f"Referred-By: <sip:{self.user}@{self.phone.address[0]}>"])

    # -- responses --
    def reply(self, request, code, reason, body="", quiet=False):
        head = request["_head"]
        lines = [f"SIP/2.0 {code} {reason}"]
        for line in head:
            key = line.split(":", 1)[0].lower()
            if key in ("via", "from", "call-id", "cseq", "record-route"):
                lines.append(line)
            elif key == "to":
                lines.append(line if "tag=" in line or code == 100 else f"{line};tag={self.tag}")
        host, port = self.phone.address
        lines.append(f"Contact: <sip:{self.user}@{host}:{port}>")
        if body:
            lines.append("Content-Type: application/sdp")
        self.phone.send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]))

    def ring(self):
        self.state = "ringing"
        self.phone.note(f"{self.name} rings")
        self.reply(self.asked, 180, "Ringing")
        return self

    def answer(self):
        if self.state != "ringing":
            raise RuntimeError(f"{self.name} cannot answer, it is {self.state}")
        self.phone.note(f"{self.name} answers")
        self.state = "up"
        self.reply(self.asked, 200, "OK", self.sdp())
        return self

    def refuse(self, code=486):
        self.phone.note(f"{self.name} is busy" if code == 486 else f"{self.name} refuses ({code})")
        self.reply(self.asked, code, "Busy Here" if code == 486 else "Temporarily Unavailable")
        self._over("refused")

    def _over(self, state):
        self.state = state
        self.phone.voices.drop(self)
        with self.phone.changed:
            self.phone.changed.notify_all()

    def wait(self, state, timeout=20):
        """Wait until the leg is 'up' or 'over' (anything that is no call any more)."""

        def there():
            return self.state == state if state == "up" else self.state not in ("new", "calling", "ringing", "up")

        with self.phone.changed:
            if not self.phone.changed.wait_for(there, timeout):
                raise RuntimeError(f"{self.name}: still {self.state} {self.code}, expected {state}")
        return self


class Phone:
    def __init__(self, label, ip, port, watch, voices):
        self.label, self.address, self.watch, self.voices = label, (ip, port), watch, voices
        self.legs, self.inbox, self.changed = {}, [], threading.Condition()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(self.address)
        threading.Thread(target=self._read, daemon=True).start()

    def note(self, text):
        self.watch.note(text)

    def send(self, text):
        self.socket.sendto(text.encode(), PBX)

    def call(self, number, user=None, name=None):
        user = user or self.label
        leg = Leg(self, "%016x" % random.getrandbits(64), name or f"agent {user}")
        leg.user, leg.first_cseq, leg.cseq = user, 2, 1
        self.legs[leg.call_id] = leg
        self.note(f"{leg.name} calls {number}")
        leg.start(number)
        return leg

    def incoming(self, number=None, timeout=10):
        """The next call that reaches this telephone (for the carrier: to that outside number)."""
        with self.changed:

            def there():
                return next((leg for leg in self.inbox if number in (None, leg.user)), None)

            if not self.changed.wait_for(there, timeout):
                raise RuntimeError(f"no call reached {self.label} {number or ''}")
            leg = there()
            self.inbox.remove(leg)
        return leg

    def _read(self):
        while True:
            data = self.socket.recv(65535).decode(errors="replace")
            try:
                self._message(data)
            except Exception as error:  # a test telephone: say it and go on
                print(f"{self.label}: {error!r}\n{data[:300]}")
            with self.changed:
                self.changed.notify_all()

    def _message(self, data):
        head, _, body = data.partition("\r\n\r\n")
        lines = head.split("\r\n")
        message = {"_head": lines[1:], "_body": body}
        for line in lines[1:]:
            key, _, value = line.partition(":")
            message.setdefault(key.lower(), value.strip())
        leg = self.legs.get(message["call-id"])
        if lines[0].startswith("SIP/2.0"):
            if leg:
                self._response(leg, int(lines[0].split()[1]), message)
        else:
            self._request(leg, lines[0].split()[0], lines[0].split()[1], message)

    def _response(self, leg, code, message):
        number, method = message["cseq"].split()
        if method != "INVITE" or code < 180:
            if method == "REFER" and code >= 300:
                self.note(f"{leg.name}: transfer refused ({code})")
            return
        if code < 200:
            return
        first = int(number) == leg.first_cseq
        if first:
            leg.remote = message["to"]
        if code < 300:
            contact = re.search(r"<(sip:[^>]+)>", message.get("contact", ""))
            if contact and first:
                leg.remote_uri = contact[1]
            leg.hear_sdp(message["_body"])
            leg._send("ACK", cseq=int(number))
            if first and leg.state == "calling":
                leg.state = "up"
                self.voices.add(leg)
                self.note(f"{leg.name} is connected by the PBX")
        else:
            leg._send("ACK", cseq=int(number), branch=leg.branch if first else None)
            if first and leg.state == "calling":
                leg.code = code
                self.note(f"{leg.name} gets {code}")
                leg._over("failed")

    def _request(self, leg, method, uri, message):
        if method == "INVITE" and not leg:
            user = re.search(r"sip:([^@;>]+)@", uri)
            user = user[1] if user and self.label == "carrier" else self.label
            leg = Leg(self, message["call-id"], f"outside {user}" if self.label == "carrier" else f"agent {user}")
            leg.user, leg.asked, leg.first_cseq = user, message, 0
            leg.remote, leg.local = message["from"], f"{message['to']};tag={leg.tag}"
            leg.remote_uri = re.search(r"<(sip:[^>]+)>", message["contact"])[1]
            leg.hear_sdp(message["_body"])
            self.legs[leg.call_id] = leg
            leg.reply(message, 100, "Trying")
            with self.changed:
                self.inbox.append(leg)
        elif not leg:
            Leg.reply(_Stranger(self), message, 481, "Call/Transaction Does Not Exist") if method != "ACK" else None
        elif method == "INVITE":
            if leg.state == "up":
                leg.hear_sdp(message["_body"])
                leg.reply(message, 200, "OK", leg.sdp())
        elif method == "ACK":
            if leg.state == "up" and leg.rtp.fileno() not in self.voices.legs:
                self.voices.add(leg)
        elif method == "BYE":
            leg.reply(message, 200, "OK")
            if leg.state == "up":
                self.note(f"{leg.name} is released by the PBX")
                leg._over("ended")
        elif method == "CANCEL":
            leg.reply(message, 200, "OK")
            if leg.state in ("new", "ringing"):
                leg.reply(leg.asked, 487, "Request Terminated")
                self.note(f"{leg.name} stops ringing")
                with self.changed:
                    if leg in self.inbox:
                        self.inbox.remove(leg)
                leg._over("cancelled")
        else:
            leg.reply(message, 200, "OK")
            if method == "NOTIFY" and message["_body"]:
                leg.reports.append(message["_body"].strip())
                if re.match(r"SIP/2.0 2", message["_body"]) and leg.state == "up":
                    self.note(f"{leg.name} is told that the transfer is done")
                    leg.hang_up()


class _Stranger:
    """Answers requests that belong to no call."""

    def __init__(self, phone):
        self.phone, self.tag, self.user = phone, "none", phone.label
