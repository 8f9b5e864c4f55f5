"""Uploaded pictures, honest and hostile, all made here."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from core.errors import CoreError
from core.files.images import (
    EmptyFile,
    ImageFacts,
    NotAnImage,
    TooLarge,
    TooManyPixels,
    TruncatedImage,
    WrongFormat,
    inspect,
    oriented,
    photo_findings,
    signature_findings,
    thumbnail,
)

ORIENTATION = 0x0112
READERS = (lambda d: inspect(d, "a"), lambda d: thumbnail(d, 100), oriented)
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


def test_a_correct_photo_is_described_and_draws_no_remark() -> None:
    data = file_of(portrait())
    facts = inspect(data, "照片.jpg")
    assert (facts.format, facts.mime) == ("jpeg", "image/jpeg")
    assert (facts.width, facts.height, facts.size) == (295, 413, len(data))
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert 0 <= facts.phash < 2**64
    assert facts.white_background_share > 0.99
    assert not facts.oriented
    assert facts.extension_matches
    assert photo_findings(facts) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", sorted(STORED_AS))
def test_a_turned_picture_is_described_and_copied_upright(orientation: int, kind: str) -> None:
    data = turned_file(orientation, kind)
    upright = inspect(file_of(portrait(), quality=95), "a.jpg")
    facts = inspect(data, "a.jpg")
    assert (facts.width, facts.height) == (295, 413)
    assert facts.oriented == (orientation != 1)
    assert distance(facts, upright) <= 4
    assert facts.white_background_share > 0.99
    for copy in (oriented(data), thumbnail(data, 400)):
        again = inspect(copy, "a.jpg")
        assert not again.oriented
        assert again.height > again.width
        assert distance(again, upright) <= 4
    assert opened(oriented(data)).size == (295, 413)


def test_different_faces_lie_far_apart_and_a_resaved_one_near() -> None:
    face = inspect(file_of(portrait()), "a.jpg")
    resaved = inspect(file_of(portrait(1180, 1652), quality=40), "b.jpg")
    other = inspect(file_of(portrait().transpose(Image.Transpose.ROTATE_180)), "c.jpg")
    assert (resaved.width, resaved.height) == (1180, 1652), "analysed reduced, reported in full"
    assert distance(face, resaved) <= 6
    assert distance(face, other) > 12


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
        whole = file_of(portrait(60, 80), kind)
        for place in range(0, len(whole), 7):
            data = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
            try:
                inspect(data, "a")
                thumbnail(data, 40)
                oriented(data)
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


@pytest.mark.parametrize(
    ("name", "kind", "matches"),
    [
        ("a.png", "PNG", True),
        ("a.jpg", "PNG", False),
        ("a.png", "JPEG", False),
        ("A.JPEG ", "JPEG", True),
        ("mmexport1700000000.jpg", "JPEG", True),
        ("../../etc/照片 (1).JPG", "JPEG", True),
        ("微信图片", "JPEG", False),
        ("", "PNG", False),
    ],
)
def test_a_misleading_name_is_only_reported(name: str, kind: str, matches: bool) -> None:
    facts = inspect(file_of(portrait(), kind), name)
    assert facts.format == kind.lower()
    assert facts.extension_matches is matches


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "I;16"])
def test_every_colour_mode_of_png_is_read(mode: str) -> None:
    grey = portrait().convert("L")
    image = (
        Image.frombytes("I;16", grey.size, b"".join(bytes([v, v]) for v in grey.tobytes()))
        if mode == "I;16"
        else portrait().convert(mode)
    )
    data = file_of(image, "PNG")
    facts = inspect(data, "a.png")
    assert facts.white_background_share > 0.99
    assert distance(facts, inspect(file_of(portrait(), "PNG"), "a.png")) <= 8
    copy = thumbnail(data, 200)
    assert copy.startswith(b"\xff\xd8\xff")
    small = opened(copy)
    assert small.mode == "RGB"
    assert small.getpixel((2, 2)) >= (245, 245, 245)
    assert max(small.getpixel((small.width // 2, small.height - 3))) < 110, "dark shoulders"


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_colour_mode_of_jpeg_is_read(mode: str) -> None:
    data = file_of(portrait().convert(mode))
    facts = inspect(data, "a.jpg")
    assert facts.white_background_share > 0.99
    assert photo_findings(facts) == []
    assert opened(oriented(data)).mode == "RGB"
    assert opened(thumbnail(data, 100)).mode == "RGB"


def test_a_transparent_background_counts_as_the_white_paper_below_it() -> None:
    image = Image.new("RGBA", (405, 162), (0, 0, 0, 0))
    ImageDraw.Draw(image).line((60, 120, 340, 50), fill="black", width=6)
    data = file_of(image, "PNG")
    facts = inspect(data, "签名.png")
    assert facts.white_background_share == 1.0
    assert signature_findings(facts) == []
    palette = Image.new("P", (405, 162), 0)
    palette.putpalette([0, 0, 0, 10, 10, 10])
    indexed = file_of(palette, "PNG", transparency=0)
    assert inspect(indexed, "签名.png").white_background_share == 1.0
    assert opened(thumbnail(data, 100)).getpixel((0, 0)) == (255, 255, 255)
    kept = opened(oriented(data))
    assert (kept.mode, kept.getpixel((0, 0))[3]) == ("RGBA", 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (2, 3)])
def test_a_tiny_picture_is_described_without_stumbling(size: tuple[int, int], kind: str) -> None:
    data = file_of(Image.new("RGB", size, "white"), kind)
    facts = inspect(data, "a")
    assert (facts.width, facts.height) == size
    assert facts.white_background_share == 1.0
    assert photo_findings(facts)
    opened(thumbnail(data, 50))
    assert opened(oriented(data)).size == size


def test_a_thumbnail_keeps_the_shape_and_is_never_enlarged() -> None:
    assert opened(thumbnail(file_of(portrait(2950, 4130)), 413)).size == (295, 413)
    assert opened(thumbnail(file_of(portrait()), 2000)).size == (295, 413)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_hidden_in_a_picture_survives_in_its_copies(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET-EXIF"
    options: dict[str, object] = {"exif": exif, "icc_profile": b"SECRET-PROFILE"}
    if kind == "JPEG":
        options["comment"] = b"SECRET-COMMENT"
    else:
        notes = PngImagePlugin.PngInfo()
        notes.add_text("note", "SECRET-TEXT")
        options["pnginfo"] = notes
    data = file_of(portrait(), kind, **options) + b"<script>SECRET-TAIL</script>"
    facts = inspect(data, "a")
    assert facts.mime == f"image/{kind.lower()}"
    assert b"SECRET" in data
    for copy in (oriented(data), thumbnail(data, 300)):
        assert b"SECRET" not in copy
        assert dict(Image.open(io.BytesIO(copy)).getexif()) == {}
        assert not {"comment", "icc_profile", "note"} & opened(copy).info.keys()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")
@pytest.mark.parametrize(
    "exif",
    [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"],
)
def test_unreadable_exif_is_no_reason_to_refuse_a_picture(exif: bytes) -> None:
    facts = inspect(file_of(portrait(), exif=exif), "a.jpg")
    assert not facts.oriented
    assert (facts.width, facts.height) == (295, 413)


def test_a_coloured_background_is_measured_and_remarked_on() -> None:
    half = portrait()
    half.paste("red", (0, 0, 147, 413))
    assert 0.4 < inspect(file_of(half, "PNG"), "a.png").white_background_share < 0.6
    facts = inspect(file_of(portrait(background="steelblue")), "a.jpg")
    assert facts.white_background_share == 0.0
    (remark,) = photo_findings(facts)
    assert "背景" in remark("zh")


GOOD_PHOTO = ImageFacts("jpeg", "image/jpeg", 295, 413, 512_000, "0" * 64, 1, 0.9, False, True)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"width": 413, "height": 295}, "413×高295"),
        ({"width": 296}, "宽296×高413"),
        ({"size": 512_001}, "501KB"),
        ({"white_background_share": 0.849}, "84%"),
    ],
)
def test_each_rule_of_the_photo_has_its_own_remark(change: dict[str, object], word: str) -> None:
    assert photo_findings(GOOD_PHOTO) == []
    (remark,) = photo_findings(replace(GOOD_PHOTO, **change))  # type: ignore[arg-type]
    assert word in remark("zh")
    assert "{" not in remark("zh") + remark("en")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"width": 162, "height": 405}, ["横向"]),
        ({"width": 810, "height": 324}, ["宽405×高162"]),
        ({"white_background_share": 0.2}, ["白底黑字"]),
        ({"width": 162, "height": 405, "white_background_share": 0.2}, ["横向", "白底黑字"]),
    ],
)
def test_each_rule_of_the_signature_has_its_own_remark(
    change: dict[str, object], words: list[str]
) -> None:
    facts = replace(GOOD_PHOTO, **{"width": 405, "height": 162, **change})  # type: ignore[arg-type]
    remarks = signature_findings(facts)
    assert len(remarks) == len(words)
    for remark, word in zip(remarks, words, strict=True):
        assert word in remark("zh")
        assert "{" not in remark("en")
