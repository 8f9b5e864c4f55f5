"""Hostile packets and archives: fixed ones that once did harm, and as many more as one likes.

The same seed makes the same material. The suite takes a few of each kind, the drill thousands.
"""

from __future__ import annotations

import bz2
import io
import json
import random
import struct
import warnings
import zipfile
import zlib
from typing import Any

import orjson

from core import catalogue
from tests.packets import Writer

Packet = dict[str, Any]

TEXTS = (
    "", " ", "\n", "\u200b", "\u202e王", "王\x00示", "\x1b[31m", "\ufdfa" * 60, "\u3300" * 20,
    "𝕏" * 30, "e\u0301" * 40, "../../etc/passwd", "C:\\a", "'; DROP TABLE people; --", "{name}",
    "${x}", "<img src=x onerror=1>", "0001-01-01", "9999-12-31", "2026-02-30", "٢٠١٠-٠٧-٠١",
    "1e400", "NaN", "null", "yes", "\ufeff", "\uffff", "\U000e0041", "長" * 10_000, "\u2028",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2**63, 2**64, 10**30, -(10**30), 0.1, 1e308, -0.0, True, False, None)
KEYS = (
    "packet", "channel", "profession", "business", "specialties", "filed_at", "reported_at",
    "received_at", "person", "employer", "registration", "request", "promise", "conditions",
    "files", "kind", "file", "name", "id_number", "id_type", "born_on", "credit_code", "", "\x00",
    "$ref", "__class__", "k" * 300,
)  # fmt: skip


def value(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON value, the odder the better."""
    kind = dice.randrange(8 if depth < 4 else 5)
    if kind < 3:
        return dice.choice(TEXTS)
    if kind < 5:
        return dice.choice(NUMBERS)
    if kind < 6:
        book = catalogue.current()
        return dice.choice([*book.professions, *book.businesses, "web", "resident_id"])
    if kind < 7:
        return [value(dice, depth + 1) for _ in range(dice.randrange(5))]
    return {dice.choice(KEYS): value(dice, depth + 1) for _ in range(dice.randrange(6))}


def tree(dice: random.Random) -> bytes:
    """A JSON file that is no packet, though it has the keys of one."""
    data = {key: value(dice, 1) for key in KEYS if dice.random() < 0.7}
    return as_json(data if dice.random() < 0.9 else value(dice))


def as_json(data: Any) -> bytes:
    """`data` as JSON, numbers of any length included."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")


def mutated(dice: random.Random, data: Packet) -> bytes:
    """A sound packet with one to three things wrong with it."""
    changed = orjson.loads(orjson.dumps(data))
    for _ in range(dice.randrange(1, 4)):
        place: Any = changed
        while True:
            inside = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not inside:
                break
            key = dice.choice(inside)
            if isinstance(place[key], dict | list) and dice.random() < 0.8:
                place = place[key]
                continue
            match dice.randrange(4):
                case 0:
                    del place[key]
                case 1 if isinstance(place, dict):
                    place[dice.choice(KEYS)] = value(dice)
                case 2:
                    place[key] = [place[key]] * dice.choice((1, 2, 41, 201))
                case _:
                    place[key] = value(dice)
            break
    raw = as_json(changed)
    if dice.random() < 0.1:
        spot = dice.randrange(len(raw))
        raw = raw[:spot] + bytes([dice.randrange(256)]) + raw[spot + 1 :]
    return raw


def raw_packets() -> dict[str, bytes]:
    """JSON files that once stopped an intake, or took minutes; by what they are."""
    data, _files = Writer(3).packet()

    def but(**changes: Any) -> bytes:
        return as_json({**data, **changes})

    person = data["person"]
    nested = "[" * 5_000 + "]" * 5_000
    return {
        "business unknown": but(business="x"),
        "business alone": b'{"business":"x"}',
        "profession a list": but(profession=["supervision"]),
        "business a list": but(business=["initial"]),
        "business an object": but(business={"a": 1}),
        "specialty a list": but(specialties=[["building"]]),
        "specialty an object": but(specialties=[{}]),
        "specialties an object": but(specialties={"building": 1}),
        "channel a list": but(channel=["web"]),
        "nested 253": b"[" * 253 + b"]" * 253,
        "nested 1,000": b"[" * 1_000 + b"]" * 1_000,
        "nested in a field": but(person={"name": deep(300)}),
        "nested 5,000": nested.encode(),
        "nested in a repeated key": b'{"a":' + b"[" * 999 + b"]" * 999 + b',"a":1}',
        "NUL in the id": but(packet="a\x00b"),
        "line break in the id": but(packet="abc\n"),
        "zero width id": but(packet="\u200b\u200b"),
        "NUL in the ID number": but(person={**person, "id_number": "1\x00"}),
        "NUL in the name": but(person={**person, "name": "王\x00"}),
        "NUL in the credit code": but(employer={**data["employer"], "credit_code": "9\x00"}),
        "NUL in a specialty": but(specialties=["a\x00"]),
        "name that grows": but(person={**person, "name": "\ufdfa" * 60}),
        "number that grows": but(
            person={**person, "id_type": "passport", "id_number": "\u3300" * 20}
        ),
        "number that grows again": but(
            packet="again", person={**person, "id_type": "passport", "id_number": "\u3300" * 20}
        ),
        "70,000 unknown keys": but(**{f"k{index}": 1 for index in range(70_000)}),
        "70,000 repeated keys": b'{"a":1' + b',"a":1' * 140_000 + b"}",
        "60,000 objects in a list": but(files=[{"kind": "x"}] * 60_000),
        "60,000 specialties": but(specialties=[f"s{index}" for index in range(60_000)]),
        "199 unknown keys": but(**{f"{key * 40}": 1 for key in map(chr, range(0x4E00, 0x4EC7))}),
        "a number of a million digits": b'{"packet":' + b"9" * 1_000_000 + b"}",
        "an exponent": b'{"packet":1e999999}',
        "a megabyte of text": but(profession="x" * 1_000_000),
        "a megabyte of zero width": but(person={**person, "name": "\u200b" * 300_000}),
        "a key of a megabyte": but(**{"k" * 1_000_000: 1}),
        "lone surrogate": b'{"packet":"\\ud800"}',
        "not UTF-8": b'{"packet":"\xff"}',
        "no JSON": b"\x00" * 100,
        "nothing": b"",
        "moments at the edge": but(
            filed_at="0001-01-01T00:00", reported_at="0001-01-01T00:00", received_at="9999-12-31"
        ),
        "41 pictures": but(files=[{"kind": "photo", "file": "a.jpg"}] * 41),
        "a name of a picture": but(files=[{"kind": "photo", "file": "/" * 200_000}]),
    }


def deep(levels: int) -> Any:
    """A value with so many lists around it."""
    inner: Any = "x"
    for _ in range(levels):
        inner = [inner]
    return inner


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of `members`."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, body in members.items():
                archive.writestr(name, body)
    return out.getvalue()


def sound_zip(writer: Writer, method: int = zipfile.ZIP_DEFLATED, count: int = 2) -> bytes:
    """A zip with `count` sound packets, each in a folder."""
    members: dict[str, bytes] = {}
    for index in range(count):
        data, files = writer.packet()
        members[f"{index}/packet.json"] = orjson.dumps(data)
        members |= {f"{index}/{name}": body for name, body in files.items()}
    return zipped(members, method)


def mutated_zip(dice: random.Random, raw: bytes) -> bytes:
    """A zip with some bytes changed, cut off or doubled."""
    changed = bytearray(raw)
    directory = raw.rfind(b"PK\x01\x02", 0, raw.rfind(b"PK\x05\x06"))
    for _ in range(dice.randrange(1, 6)):
        spot = (
            dice.randrange(max(0, directory - 400), len(changed))
            if dice.random() < 0.6
            else dice.randrange(len(changed))
        )
        match dice.randrange(10):
            case 0:
                del changed[spot : spot + dice.randrange(1, 50)]
            case 1:
                changed[spot:spot] = bytes(dice.randrange(256) for _ in range(8))
            case _ if spot < len(changed):
                changed[spot] = dice.randrange(256)
        if not changed:
            break
    return bytes(changed)


def _renamed(raw: bytes, old: bytes, new: bytes, *, central: bool, local: bool) -> bytes:
    """A zip in which a member's name was changed in the list, at the member, or both."""
    start = raw.find(b"PK\x01\x02")
    head, tail = raw[:start], raw[start:]
    return (head.replace(old, new) if local else head) + (
        tail.replace(old, new) if central else tail
    )


def raw_zips() -> dict[str, bytes]:
    """Archives that once stopped an intake, or took minutes or gigabytes; by what they are.

    Each also holds a sound packet, which must be taken in, unless the name says whole.
    """
    writer = Writer(5)

    def sound() -> dict[str, bytes]:
        data, files = writer.packet()
        return {"z/packet.json": orjson.dumps(data), **{f"z/{k}": v for k, v in files.items()}}

    def flipped() -> bytes:
        raw = bytearray(zipped({"a.json": b'{"a":' + b" " * 400 + b"1}", **sound()}))
        with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
            member = archive.getinfo("a.json")
        raw[member.header_offset + 30 + 6 + member.compress_size // 2] ^= 0xFF
        return bytes(raw)

    many = {"kind": "other", "file": "big.bin"}
    data, _files = writer.packet()
    big = random.Random(1).randbytes(9 * 1024 * 1024)
    marked = zipped({"NAME.json": b"{}", **sound()})
    found: dict[str, bytes] = {
        "deflated member flipped": flipped(),
        "NUL before a name": _renamed(marked, b"NAME", b"\x00AME", central=True, local=True),
        "a name of NUL": _renamed(marked, b"NAME.json", b"\x00" * 9, central=True, local=True),
        "local name not UTF-8": _renamed(
            zipped({"名ME.json": b"{}", **sound()}),
            "名ME".encode(), b"\xff\xfe\xfdME", central=False, local=True,
        ),
        "names differ": _renamed(marked, b"NAME", b"EMAN", central=False, local=True),
        "a path 32,000 deep": zipped({"a/" * 32_000 + "x.json": b"{}", **sound()}),
        "40 paths 700 deep": zipped(
            {**{"a/" * 700 + f"{index}.json": b"{}" for index in range(40)}, **sound()}
        ),
        "300 entries of one 9 MB member": zipped(
            {
                "a.json": orjson.dumps({**data, "files": [many] * 300}),
                "big.bin": big,
                **sound(),
            },
            zipfile.ZIP_STORED,
        ),
        "40 entries of one 9 MB member": zipped(
            {
                "a.json": orjson.dumps({**data, "files": [many] * 40}),
                "big.bin": big,
                **sound(),
            },
            zipfile.ZIP_STORED,
        ),
        "300 names left out": zipped(
            {**{f"../{index}.json": b"{}" for index in range(300)}, **sound()}
        ),
        "overlapping members": _overlapping(sound()),
    }  # fmt: skip
    return found | _raw_entries(sound())


def _raw_entries(sound: dict[str, bytes]) -> dict[str, bytes]:
    """Archives with one entry that is wrong or dear, before the members of a sound packet."""
    reached = 50_000_000
    return {
        "a bzip2 member of 600 MB": with_entry(
            sound, body=_squeezed(), method=zipfile.ZIP_BZIP2, size=900_000
        ),
        "an LZMA member with a dictionary of 4 GB": with_entry(
            sound,
            body=b"\x09\x04\x05\x00\x5d\xff\xff\xff\xff" + bytes(200),
            method=zipfile.ZIP_LZMA,
            size=900_000,
        ),
        "a method nobody knows": with_entry(sound, method=99),
        "a version nobody knows": with_entry(sound, version=99),
        "a name said to be UTF-8": with_entry(sound, name=b"\xff\xfe.json", flags=0x800),
        "an extra field cut off": with_entry(sound, extra=b"\x01\x00\xff\xff"),
        "no size in ZIP64": with_entry(sound, extra=b"\x01\x00\x00\x00", size=0xFFFF_FFFF),
        "two fields of ZIP64": with_entry(
            sound, extra=(b"\x01\x00\x08\x00" + b"\xff" * 8) * 2, size=0xFFFF_FFFF
        ),
        "a member said to reach over all": with_entry(sound, packed=reached),
        "a member said to be nowhere": with_entry(sound, offset=reached),
    }


def _squeezed() -> bytes:
    """600 MB of nothing, compressed piece by piece."""
    compressor, piece = bz2.BZ2Compressor(9), bytes(1024 * 1024)
    return b"".join(compressor.compress(piece) for _ in range(600)) + compressor.flush()


def with_entry(
    sound: dict[str, bytes],
    *,
    name: bytes = b"x.json",
    body: bytes = b"{}",
    method: int = zipfile.ZIP_STORED,
    version: int = 20,
    flags: int = 0,
    extra: bytes = b"",
    size: int | None = None,
    packed: int | None = None,
    offset: int = 0,
) -> bytes:
    """A zip that begins with one more member, whose entry in the list says what is given."""
    raw = zipped(sound)
    end = raw.rfind(b"PK\x05\x06")
    count, length, start = struct.unpack_from("<HLL", raw, end + 10)
    crc = zlib.crc32(body)
    size = len(body) if size is None else size
    local = (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 0, crc, len(body), len(body),
                    len(name), 0) + name + body
    )  # fmt: skip
    central = bytearray(raw[start : start + length])
    place = 0
    while place < length:
        (begin,) = struct.unpack_from("<L", central, place + 42)
        struct.pack_into("<L", central, place + 42, begin + len(local))
        place += 46 + sum(struct.unpack_from("<3H", central, place + 28))
    packed = len(body) if packed is None else packed
    entry = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, version, flags, method, 0, 0, crc, packed,
                    size, len(name), len(extra), 0, 0, 0, 0, offset) + name + extra
    )  # fmt: skip
    listed = entry + bytes(central)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(listed),
                       len(local) + start, 0)  # fmt: skip
    return local + raw[:start] + listed + tail


def _overlapping(members: dict[str, bytes]) -> bytes:
    """Two entries of the list that point at one member."""
    raw = bytearray(zipped({"a.json": b"{}", "b.json": b"{}", **members}))
    first = raw.find(b"PK\x01\x02")
    second = raw.find(b"PK\x01\x02", first + 4)
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    return bytes(raw)
