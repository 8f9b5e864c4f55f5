"""Files that are no picture, broken ones and hostile ones: each refused by its reason."""

from __future__ import annotations

import struct

import pytest

from core.errors import CoreError
from core.files.headers import (
    EmptyFile,
    NotAnImage,
    TooManyPixels,
    TruncatedImage,
    WrongFormat,
)
from core.files.images import TooLarge, inspect, thumbnail, whole
from tests.core.files.pictures import file_of, png_announcing, portrait

READERS = (lambda d: inspect(d, "a"), lambda d: thumbnail(d, 100), whole)


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(EmptyFile):
        inspect(b"", "a.jpg")


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<html>" + file_of(portrait()),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04" + b"\0" * 60,
        b"\x7fELF" + b"\0" * 60,
        b"\xff\xd8",
        b"\x89PNG",
        b"x",
    ],
    ids=["html", "html before jpeg", "svg", "zip", "program", "2 bytes", "4 bytes", "1 byte"],
)
def test_what_is_no_picture_is_refused_whatever_its_name(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        inspect(data, "photo.jpg")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        *((file_of(portrait(), name), name) for name in ("GIF", "BMP", "TIFF", "WebP")),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        (b"\0\0\0\x1cftypavif" + b"\0" * 40, "AVIF"),
        (b"%PDF-1.7" + b"\0" * 40, "PDF"),
    ],
    ids=["gif", "bmp", "tiff", "webp", "heic", "avif", "pdf"],
)
def test_a_file_of_another_format_is_refused_by_its_name(data: bytes, name: str) -> None:
    with pytest.raises(WrongFormat) as caught:
        inspect(data, "photo.jpg")
    assert name in caught.value.message("zh")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("lost", [1, 12, 100, 0.5, 0.95])
def test_a_picture_that_breaks_off_is_refused(kind: str, lost: float) -> None:
    data = file_of(portrait(), kind)
    kept = len(data) - int(lost if lost >= 1 else lost * len(data))
    for read in READERS:
        with pytest.raises(TruncatedImage):
            read(data[:kept])


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0" + b"\0" * 40,
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"<html>" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"<html>" * 50,
        png_announcing(0, 0),
        png_announcing(50, 50),
    ],
    ids=["jpeg start", "jpeg zeros", "jpeg html", "png start", "png html", "0x0", "no pixels"],
)
def test_a_start_of_a_picture_with_nonsense_behind_is_refused(data: bytes) -> None:
    with pytest.raises(TruncatedImage):
        inspect(data, "a.png")


def test_bytes_changed_inside_a_picture_never_escape_as_another_error() -> None:
    for kind in ("JPEG", "PNG"):
        good = file_of(portrait(60, 80), kind)
        for place in range(0, len(good), 7):
            data = good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :]
            try:
                inspect(data, "a")
                thumbnail(data, 40)
                whole(data)
            except CoreError:
                continue


@pytest.mark.parametrize("side", [8_000, 12_000, 40_000, 2**31 - 1])
def test_a_header_that_promises_too_many_pixels_is_refused_before_decoding(side: int) -> None:
    data = png_announcing(side, side)
    assert len(data) < 100
    for read in READERS:
        with pytest.raises(TooManyPixels):
            read(data)


def test_the_jpeg_header_is_believed_about_its_pixels_too() -> None:
    data = bytearray(file_of(portrait()))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65_500, 65_500)
    with pytest.raises(TooManyPixels) as caught:
        inspect(bytes(data), "a.jpg")
    assert "65500×65500" in caught.value.message("zh")


def test_the_limits_are_the_callers_and_include_their_own_value() -> None:
    data = file_of(portrait())
    inspect(data, "a.jpg", max_bytes=len(data), max_pixels=295 * 413)
    with pytest.raises(TooLarge):
        inspect(data, "a.jpg", max_bytes=len(data) - 1)
    with pytest.raises(TooManyPixels):
        inspect(data, "a.jpg", max_pixels=295 * 413 - 1)
