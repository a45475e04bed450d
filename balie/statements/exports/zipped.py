"""A ZIP that is sent while it is made: neither it nor any file in it is ever wholly in memory."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Member = tuple[str, Iterable[bytes]]  # a file's name, and what is in it part by part


class Sink:
    """Takes what the ZIP writes until it is sent. It can not go back, so sizes stand behind each file (as the ZIP
    format allows), not before it."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass  # ZipFile asks for it

    def close(self) -> None:
        pass

    def taken(self) -> bytes:
        data = b"".join(self.held)
        self.held.clear()
        return data


def zip_parts(members: Iterable[Member], *, level: int | None = None, made: datetime | None = None) -> Iterator[bytes]:
    """The members in their order; each is asked for when the one before it is through.

    level: of compressing, 1 to 9. made: the local time the files are given; without it none that changes.
    A member may have 2 GiB before it is compressed; beyond, this breaks off: readers of XLSX take no larger ones.
    """
    sink = Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in members:
            with archive.open(dated(name, made) if made else name, "w") as into:
                for some in data:
                    into.write(some)
                    if sink.held:
                        yield sink.taken()
    yield sink.taken()


def dated(name: str, made: datetime) -> ZipInfo:
    info = ZipInfo(name, made.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    return info
