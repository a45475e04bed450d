"""The formats of call files that can be read."""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, Protocol

from balie.cdr import asterisk, cucm, freeswitch, generic, kamailio, starface, threecx, twilio
from balie.cdr.legs import PhoneSystem, Reading
from balie.cdr.parties import OUTSIDE
from balie.cdr.records import reader_of


class Reader(Protocol):
    """Reads one file. options: of the source. tail_too and progress: see `balie.cdr.asterisk.read`."""

    def __call__(
        self,
        stream: BinaryIO,
        options: dict[str, Any],
        *,
        tail_too: Callable[[str], bool],
        progress: Callable[[int], None] | None = None,
    ) -> Reading: ...


def read_asterisk(
    stream: BinaryIO,
    options: dict[str, Any],
    *,
    tail_too: Callable[[str], bool],
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """Asterisk tells everything itself: it needs no options."""
    return asterisk.read(stream, tail_too=tail_too, progress=progress)


READERS: dict[str, Reader] = {
    "asterisk": read_asterisk,
    "generic": generic.read,
    "freeswitch": reader_of(freeswitch.Master, of_json=freeswitch.Json),
    "cucm": reader_of(cucm.Records),
    "3cx": reader_of(threecx.Log),
    "kamailio": reader_of(kamailio.Accounting),
    "starface": reader_of(starface.Steps),
    "twilio": reader_of(twilio.Calls, of_json=twilio.Calls),
}
IN_UTC = ("cucm", "twilio")  # their times are moments: the zone of the phone system does not matter
TELL_OUTSIDE = ("freeswitch", "3cx", "kamailio", "starface", "twilio")  # say themselves which end is outside


def phone_system(format: str, zone: str, trunks: Iterable[str], account_prefix: str) -> PhoneSystem:
    """What folding must know of a phone system of this format. zone, trunks, account_prefix: as it was set up."""
    known = (*trunks, OUTSIDE) if format in TELL_OUTSIDE else tuple(trunks)
    return PhoneSystem("UTC" if format in IN_UTC else zone, known, account_prefix)
