"""Data frames out of an R data file (.rda), and nothing else that such a file may hold.

The format is that of "Serialization Formats" in the manual R Internals: big-endian XDR of version
2 or 3. Numbers, whole numbers, truth values, text, factors and data frames are read; anything else
is refused.
"""

import bz2
import gzip
import lzma
import struct
from typing import Any

import numpy as np
import pandas as pd

_UNPACKED = (
    (b"\xfd7zXZ", lzma.decompress),
    (b"BZh", bz2.decompress),
    (b"\x1f\x8b", gzip.decompress),
)
_NULL, _REFERENCE = 254, 255
_SYMBOL, _PAIRS, _TEXT, _LOGICAL, _WHOLE, _REAL, _TEXTS, _LIST = 1, 2, 9, 10, 13, 14, 16, 19
_ATTRIBUTES, _TAG = 0x200, 0x400
_MISSING = -(2**31)


def frames(packed: bytes) -> dict[str, pd.DataFrame]:
    """Data frames of a file by their name.

    Raises
    ------
    ValueError : not such a file, cut off, or with something that is not read here
    """
    for magic, unpack in _UNPACKED:
        if packed.startswith(magic):
            packed = unpack(packed)
    if packed[:7] not in (b"RDX2\nX\n", b"RDX3\nX\n"):
        raise ValueError(f"not R data in XDR: {packed[:7]!r}")
    stream = _Stream(packed[7:])
    version = stream.whole()
    stream.take(8)  # versions of R that wrote it, and that can read it
    if version == 3:
        stream.take(stream.whole())  # native encoding
    read = stream.item()
    if stream.left:
        raise ValueError(f"{stream.left} bytes after the end")
    return {name: value for name, value in read.items() if isinstance(value, pd.DataFrame)}


class _Stream:
    """Bytes, how far they were read, and the symbols that later ones refer to."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._symbols: list[str] = []

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, size: int) -> bytes:
        if not 0 <= size <= self.left:
            raise ValueError(f"{size} bytes expected, {self.left} left")
        self._at += size
        return self._data[self._at - size : self._at]

    def whole(self) -> int:
        return struct.unpack(">i", self.take(4))[0]

    def item(self) -> Any:
        flags = self.whole()
        kind = flags & 0xFF
        if kind == _NULL:
            return None
        if kind == _REFERENCE:
            return self._symbols[(flags >> 8) - 1]
        if kind == _SYMBOL:
            self._symbols.append(self.item())
            return self._symbols[-1]
        if kind == _TEXT:
            size = self.whole()
            return None if size == -1 else self.take(size).decode("utf-8")
        if kind == _PAIRS:
            return self._pairs(flags)
        value = self._vector(kind)
        return _shaped(value, self.item()) if flags & _ATTRIBUTES else value

    def _pairs(self, flags: int) -> dict[str, Any]:
        """A list of pairs, which R writes as a chain, one within the tail of the other."""
        pairs = {}
        while flags & 0xFF == _PAIRS:
            if flags & _ATTRIBUTES or not flags & _TAG:
                raise ValueError("a pair with attributes, or without a name")
            name = self.item()
            pairs[name] = self.item()
            flags = self.whole()
        if flags & 0xFF != _NULL:
            raise ValueError(f"a list that ends in type {flags & 0xFF}")
        return pairs

    def _vector(self, kind: int) -> Any:
        if kind not in (_LOGICAL, _WHOLE, _REAL, _TEXTS, _LIST):
            raise ValueError(f"type {kind} is not read here")
        size = self.whole()
        if kind == _REAL:
            return np.frombuffer(self.take(8 * size), ">f8").astype(float)
        if kind in (_LOGICAL, _WHOLE):
            numbers = np.frombuffer(self.take(4 * size), ">i4").astype(float)
            return np.where(numbers == _MISSING, np.nan, numbers)
        return [self.item() for _ in range(size)]


def _shaped(value: Any, attributes: dict[str, Any]) -> Any:
    """A factor as its levels, a data frame as one; other attributes say nothing of the values."""
    classes = attributes.get("class") or []
    if "factor" in classes:
        levels = attributes["levels"]
        return [None if np.isnan(code) else levels[int(code) - 1] for code in value]
    if "data.frame" in classes:
        return pd.DataFrame(dict(zip(attributes["names"], value, strict=True)))
    return value
