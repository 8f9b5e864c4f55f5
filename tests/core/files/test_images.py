"""What is found out about an honest picture, whatever its mode, size and name."""

from __future__ import annotations

import hashlib

import pytest
from PIL import Image, ImageDraw

from core.files.images import inspect, photo_findings, signature_findings, thumbnail, whole
from tests.core.files.pictures import STORED_AS, distance, file_of, opened, portrait, turned_file


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
    for copy in (whole(data), thumbnail(data, 400)):
        again = inspect(copy, "a.jpg")
        assert not again.oriented
        assert again.height > again.width
        assert distance(again, upright) <= 4
    assert opened(whole(data)).size == (295, 413)


def test_different_faces_lie_far_apart_and_a_resaved_one_near() -> None:
    face = inspect(file_of(portrait()), "a.jpg")
    resaved = inspect(file_of(portrait(1180, 1652), quality=40), "b.jpg")
    other = inspect(file_of(portrait().transpose(Image.Transpose.ROTATE_180)), "c.jpg")
    assert (resaved.width, resaved.height) == (1180, 1652), "analysed reduced, reported in full"
    assert distance(face, resaved) <= 6
    assert distance(face, other) > 12


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
    assert opened(whole(data)).mode == ("L" if mode == "L" else "RGB")
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
    shown = opened(whole(data))
    assert (shown.mode, shown.getpixel((0, 0))) == ("RGB", (255, 255, 255))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (2, 3)])
def test_a_tiny_picture_is_described_without_stumbling(size: tuple[int, int], kind: str) -> None:
    data = file_of(Image.new("RGB", size, "white"), kind)
    facts = inspect(data, "a")
    assert (facts.width, facts.height) == size
    assert facts.white_background_share == 1.0
    assert photo_findings(facts)
    opened(thumbnail(data, 50))
    assert opened(whole(data)).size == size


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")
@pytest.mark.parametrize(
    "exif",
    [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"],
)
def test_unreadable_exif_is_no_reason_to_refuse_a_picture(exif: bytes) -> None:
    facts = inspect(file_of(portrait(), exif=exif), "a.jpg")
    assert not facts.oriented
    assert (facts.width, facts.height) == (295, 413)
