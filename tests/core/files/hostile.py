"""Pictures made to cost time, memory or trust; each small to send."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image

from tests.core.files.pictures import file_of, png_chunk, portrait

GPS = 0x8825
HTML = b"<!DOCTYPE html><script>alert(document.cookie)</script>"


def progressive(scans: int, side: int = 64, image: Image.Image | None = None) -> bytes:
    """A progressive JPEG of so many scans: the last one of an ordinary one, over and over."""
    image = image or Image.effect_noise((side, side), 40).convert("RGB")
    data = file_of(image, progressive=True)
    starts = [place for place in range(len(data)) if data[place : place + 2] == b"\xff\xda"]
    last = data[starts[-1] : -2]
    return data[:-2] + last * (scans - len(starts)) + data[-2:]


def png(
    width: int, height: int, *, depth: int = 8, colour: int = 2, filtering: int = 0, times: int = 1
) -> bytes:
    """A PNG that is whole and compresses to almost nothing. times: how often its end is there."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = bytes([filtering]) + b"\0" * (-(-width * bits // 8))
    squeezed = zlib.compressobj(6)
    many = max(1, min(height, 1_000_000 // len(row)))
    pieces = [row * many] * (height // many) + [row * (height % many)]
    body = b"".join(map(squeezed.compress, pieces)) + squeezed.flush()
    palette = png_chunk(b"PLTE", b"\0\0\0") if colour == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
        + palette
        + png_chunk(b"IDAT", body)
        + png_chunk(b"IEND", b"") * times
    )


def with_chunks(name: bytes, body: bytes, count: int) -> bytes:
    """A PNG with `count` chunks more behind its header."""
    data = file_of(portrait(), "PNG")
    return data[:33] + png_chunk(name, body) * count + data[33:]


def with_segments(code: int, body: bytes, count: int) -> bytes:
    """A JPEG with `count` segments more behind its start."""
    data = file_of(portrait())
    one = bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body
    return data[:2] + one * count + data[2:]


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("payload.html", HTML)
    return out.getvalue()


def polyglots() -> dict[str, bytes]:
    """Honest pictures that are something else as well."""
    found = {}
    for kind in ("JPEG", "PNG"):
        whole = file_of(portrait(), kind)
        found[f"{kind} with HTML behind"] = whole + HTML
        found[f"{kind} with a zip behind"] = whole + a_zip()
        found[f"{kind} twice"] = whole + whole
    found["JPEG with HTML in a comment"] = file_of(portrait(), comment=HTML)
    found["PNG with HTML in a text"] = with_chunks(b"tEXt", b"Comment\0" + HTML, 1)
    return found


def with_gps() -> bytes:
    """A photograph that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(GPS)[1] = "SECRET-PLACE"
    return file_of(portrait(), exif=exif)


def oddities() -> Iterator[tuple[str, bytes]]:
    """Kinds of picture that are rare and allowed."""
    for mode in ("1", "L", "P", "LA", "RGBA", "I;16"):
        yield f"PNG {mode}", file_of(Image.new(mode, (300, 200)), "PNG")
    for mode in ("L", "RGB", "CMYK"):
        yield f"JPEG {mode}", file_of(Image.new(mode, (300, 200)))
        yield f"progressive JPEG {mode}", file_of(Image.new(mode, (300, 200)), progressive=True)
    for depth, colour in ((1, 0), (2, 0), (16, 0), (16, 2), (1, 3), (4, 3), (16, 4), (16, 6)):
        yield f"PNG of depth {depth}, colour {colour}", png(90, 70, depth=depth, colour=colour)
    yield "PNG interlaced", interlaced()


def interlaced(side: int = 16) -> bytes:
    """A grey PNG in the seven passes of Adam7."""
    starts = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
    rows = b""
    for left, top, across, down in (*starts, (0, 1, 1, 2)):
        wide = len(range(left, side, across))
        rows += (b"\0" + b"\x80" * wide) * len(range(top, side, down))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 1))
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def costly(*, heavy: bool) -> Iterator[tuple[str, bytes]]:
    """Pictures at, or far over, every limit; the heavy ones take seconds to make as well."""
    yield "JPEG of 3,062 scans", progressive(3_062)
    yield "JPEG of 64 scans", progressive(64, 300)
    yield "PNG of 1 by 59,999,999", png(1, 59_999_999, colour=0)
    yield "PNG of 400 million pixels", png(20_000, 20_000, depth=1, colour=0)
    yield "PNG with 100,000 chunks", with_chunks(b"teXt", b"", 100_000)
    yield (
        "PNG with texts that unpack to 100 MB",
        with_chunks(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000)), 100),
    )
    yield "JPEG with 100,000 segments", with_segments(0xE5, b"", 100_000)
    yield "JPEG of 60 million pixels", file_of(Image.new("CMYK", (7_745, 7_745)))
    if heavy:
        yield "PNG of 30,000 by 2,000", png(30_000, 2_000)
        yield "PNG of 60 million pixels, 16 bit", png(7_745, 7_745, depth=16, colour=6, filtering=4)
        wide = Image.new("RGB", (5_990, 5_990))
        yield "JPEG of 36 million pixels", file_of(wide, progressive=True, subsampling=0)
        yield "JPEG of 64 scans and 36 million pixels", progressive(64, image=wide)


def mutated(seed: int, count: int) -> Iterator[bytes]:
    """Pictures with bytes changed, taken out, doubled or put elsewhere."""
    chance = random.Random(seed)
    kinds = [data for _, data in oddities()] + [with_gps(), progressive(12)]
    for _ in range(count):
        data = bytearray(chance.choice(kinds))
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            length = chance.choice((1, 1, 2, 4, 64))
            piece = bytes(data[place : place + length])
            match chance.randrange(5):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    data[place] ^= 1 << chance.randrange(8)
                case 2:
                    del data[place : place + length]
                case 3:
                    data[place:place] = piece * chance.randint(1, 20)
                case _:
                    data[place : place + length] = chance.randbytes(length)
            if not data:
                break
        yield bytes(data)
