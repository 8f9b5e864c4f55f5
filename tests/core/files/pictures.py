"""Pictures to upload, honest and broken, all drawn here."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageDraw

from core.files.images import ImageFacts

ORIENTATION = 0x0112
# The movement that makes a stored picture with this EXIF value stand upright, undone.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def portrait(width: int = 295, height: int = 413, background: str = "white") -> Image.Image:
    """A head and shoulders, lopsided so that every flip shows."""
    image = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.3, height * 0.15, width * 0.7, height * 0.65), fill=(205, 160, 130))
    draw.rectangle((0, height * 0.75, width, height), fill=(25, 30, 60))
    draw.rectangle((width * 0.55, height * 0.2, width * 0.7, height * 0.4), fill=(20, 10, 10))
    return image


def file_of(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).copy()


def turned_file(orientation: int, kind: str = "JPEG") -> bytes:
    movement = STORED_AS[orientation]
    stored = portrait() if movement is None else portrait().transpose(movement)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return file_of(stored, kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {}))


def distance(one: ImageFacts, other: ImageFacts) -> int:
    return (one.phash ^ other.phash).bit_count()


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_announcing(width: int, height: int) -> bytes:
    """A PNG of under 100 bytes whose header promises `width` × `height` pixels."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 16))
        + png_chunk(b"IEND", b"")
    )
