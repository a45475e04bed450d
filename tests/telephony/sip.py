"""As much of SIP's text as the test telephones need: messages taken apart and put together."""

import random
import re
from dataclasses import dataclass, field

NETWORK = "127.0.0"  # the server and each telephone have an address of their own in it
PORT = 15061  # of the server, at the first address of its network


@dataclass
class Message:
    """A request or a response: its first line, its headers as written and (the first of a name) by name, its body."""

    first: list[str]
    head: list[str]
    body: str
    fields: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def is_response(self) -> bool:
        return self.first[0] == "SIP/2.0"


def parse(data: str) -> Message:
    """Take a datagram apart; header names in small letters."""
    head, _, body = data.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    message = Message(first.split(), lines, body)
    for line in lines:
        key, _, value = line.partition(":")
        message.fields.setdefault(key.lower(), value.strip())
    return message


def found(pattern: str, text: str) -> str:
    """The group of a pattern that has to be in the text; ValueError when it is not."""
    match = re.search(pattern, text)
    if not match:
        raise ValueError(f"no {pattern} in {text}")
    return match[1]


def branch() -> str:
    return f"z9hG4bK{random.getrandbits(48):012x}"


def at_pbx(number: str, pbx: tuple[str, int]) -> str:
    return f"sip:{number}@{pbx[0]}:{pbx[1]}"


def written(lines: list[str], body: str) -> str:
    """The message of these lines, the body being SDP."""
    kind = ["Content-Type: application/sdp"] if body else []
    return "\r\n".join([*lines, *kind, f"Content-Length: {len(body)}", "", body])


def response(request: Message, status: str, *, tag: str, contact: str, body: str = "") -> str:
    """The answer to a request, the status as in "180 Ringing"."""
    lines = [f"SIP/2.0 {status}"]
    for line in request.head:
        key = line.split(":", 1)[0].lower()
        if key in ("via", "from", "call-id", "cseq", "record-route"):
            lines.append(line)
        elif key == "to":
            lines.append(line if "tag=" in line or status.startswith("100 ") else f"{line};tag={tag}")
    return written([*lines, f"Contact: <{contact}>"], body)


def sdp(host: str, port: int, version: int, *, held: bool) -> str:
    """The offer of A-law and keys at this address; on hold only sound towards the other side."""
    way = "sendonly" if held else "sendrecv"
    return (
        f"v=0\r\no=u 1 {version} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
        f"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na={way}\r\n"
    )


def media(body: str) -> tuple[str, int] | None:
    """Where the other side wants its sound, None when the body does not say."""
    host, port = re.search(r"c=IN IP4 (\S+)", body), re.search(r"m=audio (\d+)", body)
    return (host[1], int(port[1])) if host and port else None
