"""The sound of calls: RTP in which each telephone sends one byte, its voice, and notes whose voices it hears."""

import contextlib
import itertools
import random
import select
import socket
import struct
import threading
import time

from tests.telephony.watch import Watch

SILENCE = 0xD5
ALAW, KEYS = 8, 101
# Of the same sound heard again within this time (seconds) nothing was missed.
GAP = 0.5


class Sound:
    """What one leg of a call sends and hears."""

    def __init__(self, host: str, name: str, voice: int) -> None:
        self.name, self.voice = name, voice
        self.held = self.quiet = False
        self.media: tuple[str, int] | None = None
        self.heard: dict[str, list[list[float]]] = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port: int = self.socket.getsockname()[1]
        self.sequence, self.ssrc, self.born = random.getrandbits(12), random.getrandbits(32), time.time()

    def stamp(self) -> int:
        return int((time.time() - self.born) * 8000) & 0xFFFFFFFF

    def send(self, kind: int, payload: bytes, stamp: int, *, mark: bool = False) -> None:
        if not self.media:
            raise RuntimeError(f"{self.name} does not know where to send sound")
        self.sequence = (self.sequence + 1) & 0xFFFF
        head = struct.pack("!BBHII", 0x80, kind | (0x80 if mark else 0), self.sequence, stamp, self.ssrc)
        self.socket.sendto(head + payload, self.media)

    def say(self) -> None:
        if self.media and not self.held and not self.quiet:
            self.send(ALAW, bytes([self.voice]) * 160, self.stamp())

    def press(self, digits: str) -> None:
        """Press keys (RFC 4733), a fifth of a second each."""
        self.quiet = True
        for digit in digits:
            event, stamp = "0123456789*#".index(digit), self.stamp()
            for n in range(1, 6):
                self.send(KEYS, struct.pack("!BBH", event, 10, n * 160), stamp, mark=n == 1)
                time.sleep(0.02)
            for _ in range(3):
                self.send(KEYS, struct.pack("!BBH", event, 0x80 | 10, 960), stamp)
            time.sleep(0.08)
        self.quiet = False

    def hear(self, name: str, now: float) -> None:
        spans = self.heard.setdefault(name, [])
        if spans and now - spans[-1][1] < GAP:
            spans[-1][1] = now
        else:
            spans.append([now, now])


def voice_in(packet: bytes) -> int | None:
    """The byte a packet of sound is made of; None of silence, of mixed voices and of what is no sound."""
    if len(packet) < 100 or packet[1] & 0x7F != ALAW:
        return None
    sound = packet[12:]
    byte = sound[len(sound) // 2]
    return None if byte == SILENCE or sound.count(byte) < 0.9 * len(sound) else byte


class Voices:
    """Sends and hears the sound of all legs, in one thread."""

    def __init__(self, watch: Watch) -> None:
        self.watch, self.lock = watch, threading.Lock()
        self.sounds: dict[int, Sound] = {}
        self.names: dict[int, str] = {}
        self.free = itertools.cycle([byte for byte in range(0x10, 0xD0) if byte != SILENCE])
        self.closed = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def voice(self, name: str) -> int:
        """The byte of this party, the same on all its lines."""
        with self.lock:
            for byte, known in self.names.items():
                if known == name:
                    return byte
            byte = next(self.free)
            self.names[byte] = name
            return byte

    def forget(self) -> None:
        """Nobody has a voice any more: a new scenario begins."""
        with self.lock:
            self.names.clear()

    def add(self, sound: Sound) -> None:
        with self.lock:
            self.sounds[sound.socket.fileno()] = sound

    def drop(self, sound: Sound) -> None:
        with self.lock:
            self.sounds.pop(sound.socket.fileno(), None)
            sound.socket.close()

    def _run(self) -> None:
        due = time.time()
        while not self.closed.is_set():
            with self.lock:
                sounds = dict(self.sounds)
            # A line may be closed at any moment: then it is silent, and gone the next time round.
            ready: list[int] = []
            with contextlib.suppress(OSError, ValueError):
                ready = select.select(list(sounds), [], [], max(0.0, due - time.time()))[0]
            for line in ready:
                with contextlib.suppress(OSError):
                    self._hear(sounds[line], sounds[line].socket.recv(2048))
            if time.time() >= due:
                due = time.time() + 0.05
                for sound in sounds.values():
                    with contextlib.suppress(OSError):
                        sound.say()

    def _hear(self, sound: Sound, packet: bytes) -> None:
        voice = voice_in(packet)
        name = None if voice is None else self.names.get(voice)
        if name and name != sound.name:
            sound.hear(name, self.watch.now())
