"""The list of files at the end of a zip, made safe for the library that reads it.

The library reads that list in one piece, of whatever length the file claims, and gives the whole
archive up over one entry it cannot make sense of. Here the length is bounded, and of such an entry
only what is wrong is taken away: it then fails by itself, when it is refused or read.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from core.errors import CoreError
from core.intake import limits
from core.text import Text

_MAGIC = b"PK\x01\x02"
_ENTRY = struct.Struct("<4s6H3L5H2L")  # APPNOTE.TXT 4.3.12
_VERSION = 6  # where an entry names the version needed to read it
_KNOWN_VERSION = 20
_NEWEST_VERSION = 63
_UTF8_NAME = 0x800
_ZIP64, _NO_MEANING = 0x0001, 0xCAFE  # kinds of extra fields
_ELSEWHERE = 0xFFFF_FFFF  # a value that stands in the ZIP64 field instead


class TooManyNames(CoreError):
    text = Text(
        "来源中的文件超过 {most} 个，请分批导入。",
        "The source holds more than {most} files; please split it.",
    )


class Measured(io.BufferedReader):
    """A zip file as the library sees it: its list of members bounded, and every entry legible."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Raises TooManyNames for a piece longer than any list of members may be."""
        most = limits.MAX_DIRECTORY
        data = super().read(most + 1 if size is None or size < 0 else min(size, most + 1))
        if len(data) > most or (size is not None and size > most):
            raise TooManyNames(most=limits.MAX_NAMES)
        return legible(data) if data.startswith(_MAGIC) else data


def legible(directory: bytes) -> bytes:
    """A list of members of the same length whose entries the library does not stumble over."""
    mended = bytearray(directory)
    place = 0
    while directory.startswith(_MAGIC, place) and place + _ENTRY.size <= len(directory):
        entry = _ENTRY.unpack_from(directory, place)
        flags, name_length, extra_length = entry[3], entry[10], entry[11]
        name = place + _ENTRY.size
        extra = name + name_length
        if entry[2] > _NEWEST_VERSION:
            struct.pack_into("<H", mended, place + _VERSION, _KNOWN_VERSION)
        if flags & _UTF8_NAME and not _is_utf8(directory[name:extra]):
            struct.pack_into("<H", mended, place + 8, flags & ~_UTF8_NAME)
        elsewhere = sum(value == _ELSEWHERE for value in (entry[8], entry[9], entry[16]))
        if not _sound(directory[extra : extra + extra_length], elsewhere):
            struct.pack_into("<HH", mended, extra, _NO_MEANING, extra_length - 4)
        place = extra + extra_length + entry[12]
    return bytes(mended)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sound(extra: bytes, elsewhere: int) -> bool:
    """Whether extra fields are whole, and the one of ZIP64 holds what stands there."""
    sizes = list(_fields(extra))
    wide = [length for kind, length in sizes if kind == _ZIP64]
    return all(length >= 0 for _, length in sizes) and (
        not elsewhere or not wide or (len(wide) == 1 and wide[0] >= 8 * elsewhere)
    )


def _fields(extra: bytes) -> Iterator[tuple[int, int]]:
    """Kind and length of each extra field; the length is -1 where it is more than there is."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        place += 4 + length
        if place > len(extra):
            yield kind, -1
            return
        yield kind, length
