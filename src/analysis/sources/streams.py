"""Bytes from strangers, read once and forwards, with limits on all that they can ask for."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from analysis.refusal import SourceError

AT_ONCE = 32_000_000  # bytes of the largest header, index or nested zip that is held in memory
GROWTH = 200  # bytes out of every byte received; notices pack 8 to 30 times
GROWTH_FREE = 64_000_000  # bytes out of even the smallest package
BLOCK = 512  # bytes of a tar header, which is also enough to recognise every format


class Received(io.BufferedReader):
    """A file on disk that reports progress and is never asked for too much at once."""

    def __init__(self, raw: io.RawIOBase, advance: Callable) -> None:
        super().__init__(raw, buffer_size=1 << 17)
        self.advance = advance

    def read(self, size: int | None = -1) -> bytes:
        """Read up to `size` bytes, or the rest if it is small enough."""
        if (size or 0) > AT_ONCE + 1:
            raise ValueError(f"an index of {size} bytes")
        data = super().read(AT_ONCE if size is None or size < 0 else size)
        self.advance(len(data))
        return data


class Room:
    """How many bytes may still come out of a received file."""

    def __init__(self, name: str, left: int) -> None:
        self.name, self.left = name, left

    def spend(self, size: int) -> None:
        """Note bytes that came out; raise SourceError when they are too many."""
        self.left -= size
        if self.left < 0:
            raise refused(self.name, f"a compression bomb, more than {GROWTH} times its size")


class Stream:
    """Bytes that come past once: looked at ahead, counted, cut at `size`, never read backwards."""

    def __init__(self, source, *, name: str, size: int | None = None, room: Room | None = None):
        self.source, self.name, self.room = source, name, room
        self.left = size
        self.place, self.ahead, self.last = 0, b"", b""

    def head(self) -> bytes:
        """Look at the first bytes without taking them."""
        self.ahead = self.ahead or self._pull(BLOCK)
        return self.ahead

    def read(self, size: int = -1) -> bytes:
        """Take the next bytes; fewer than `size` only at the end."""
        if not 0 <= size <= AT_ONCE + 1:
            raise ValueError(f"a header of {size} bytes")
        data, self.ahead = self.ahead[:size], self.ahead[size:]
        if len(data) < size:
            data += self._pull(size - len(data))
        self.place += len(data)
        self.last = data
        return data

    def tell(self) -> int:
        """Count the bytes taken."""
        return self.place

    def seek(self, place: int) -> int:
        """Skip to `place`, forwards."""
        if place < self.place:
            raise ValueError("a member that points back")
        while self.place < place and self.read(min(place - self.place, 1 << 16)):
            pass
        return self.place

    def _pull(self, size: int) -> bytes:
        wanted = size if self.left is None else min(size, self.left)
        try:
            data = self.source.read(wanted)
        except SourceError:
            raise
        except Exception as fault:
            raise damaged(self.name, fault) from fault
        if self.left is not None:
            self.left -= len(data)
            if len(data) < wanted:
                raise refused(self.name, "an archive that ends too soon")
        if self.room:
            self.room.spend(len(data))
        return data


@contextmanager
def damage(name: str, but: type[Exception] = SourceError) -> Iterator[None]:
    """Name the archive: from hostile bytes the standard library raises almost anything."""
    try:
        yield
    except (SourceError, but):
        raise
    except Exception as fault:
        raise damaged(name, fault) from fault


def damaged(name: str, fault: Exception) -> SourceError:
    """Refuse an archive for what the standard library raised."""
    return refused(name, f"a damaged archive: {type(fault).__name__}: {fault}")


def refused(name: str, found: str) -> SourceError:
    """Refuse an archive as a whole."""
    return SourceError(
        name,
        found=found,
        expected="a whole zip, tar or tar.gz archive",
        do="download or make the archive again; nothing of it was used",
    )
