"""What is seen from the headers of a picture alone."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from core.errors import CoreError
from core.files import headers
from core.files.headers import (
    TooLongSide,
    TooManyPixels,
    TooManyScans,
    TruncatedImage,
    UnusualPicture,
)
from tests.core.files import hostile
from tests.core.files.pictures import file_of, opened, portrait, turned_file


def test_scans_are_counted_before_anything_is_decoded() -> None:
    assert headers.read(hostile.progressive(headers.MAX_SCANS)).width == 64
    with pytest.raises(TooManyScans) as caught:
        headers.read(hostile.progressive(headers.MAX_SCANS + 1))
    assert str(headers.MAX_SCANS) in caught.value.message("zh")


def test_a_large_picture_has_fewer_scans() -> None:
    whole = hostile.progressive(17)
    place = whole.index(b"\xff\xc2") + 5
    for side, allowed in ((3_900, True), (7_700, False)):
        data = bytearray(whole)
        data[place : place + 4] = side.to_bytes(2) * 2
        data[place + 4] = 1  # grey, so that the memory it takes is not what it is refused for
        if allowed:
            assert headers.read(bytes(data)).width == side
            continue
        with pytest.raises(TooManyScans) as caught:
            headers.read(bytes(data))
        assert caught.value.values["limit"] == headers.MAX_SCANNED // side**2


def test_a_preview_inside_a_segment_is_not_a_scan_of_the_picture() -> None:
    preview = hostile.progressive(2 * headers.MAX_SCANS, side=8)
    data = hostile.with_segments(0xE2, preview[:60_000], 1)
    assert headers.read(data).width == 295


@pytest.mark.parametrize(
    "size", [(1, 59_999_999), (59_999_999, 1), (30_001, 10), (10, 30_001)], ids=str
)
def test_a_side_has_its_limit(size: tuple[int, int]) -> None:
    with pytest.raises(TooLongSide) as caught:
        headers.read(hostile.png(min(size[0], 2**31 - 1), size[1], depth=1, colour=0))
    assert f"{size[0]}×{size[1]}" in caught.value.message("zh")


def test_a_picture_in_several_scans_has_a_lower_limit_for_all_of_it_must_be_held() -> None:
    def announced(progressive: bool, mode: str) -> bytes:
        data = bytearray(file_of(Image.new(mode, (64, 64)), progressive=progressive, subsampling=0))
        frame = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
        data[frame + 5 : frame + 9] = struct.pack(">HH", 7_000, 7_000)
        return bytes(data)

    headers.read(announced(False, "RGB"))
    headers.read(announced(False, "CMYK"))
    headers.read(announced(True, "L"))
    for mode in ("RGB", "CMYK"):
        with pytest.raises(TooManyPixels):
            headers.read(announced(True, mode))


@pytest.mark.parametrize("code", [0xC3, 0xC9, 0xCA, 0xCD])
def test_jpegs_that_no_camera_writes_are_refused_by_name(code: int) -> None:
    data = bytearray(file_of(portrait()))
    data[data.index(b"\xff\xc0") + 1] = code
    with pytest.raises(UnusualPicture):
        headers.read(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        hostile.with_chunks(b"teXt", b"", headers.MAX_PARTS),
        hostile.with_segments(0xE5, b"", headers.MAX_PARTS),
    ],
    ids=["chunks", "segments"],
)
def test_a_file_in_ever_so_many_parts_is_refused(data: bytes) -> None:
    with pytest.raises(UnusualPicture):
        headers.read(data)


def test_two_frames_or_a_scan_before_its_frame_are_refused() -> None:
    data = file_of(portrait())
    frame = data.index(b"\xff\xc0")
    twice = data[: frame + 19] + data[frame : frame + 19] + data[frame + 19 :]
    without = data[:frame] + data[frame + 19 :]
    for broken in (twice, without):
        with pytest.raises(TruncatedImage):
            headers.read(broken)


@pytest.mark.parametrize(("name", "data"), hostile.polyglots().items())
def test_what_is_no_picture_never_reaches_a_decoder(name: str, data: bytes) -> None:
    kept = headers.read(data).essence
    assert hostile.HTML not in kept, name
    assert b"PK" not in kept
    assert len(kept) <= len(file_of(portrait(), name.split(maxsplit=1)[0]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_left_of_a_file_is_the_same_picture(kind: str) -> None:
    exif_of = {"JPEG": turned_file(6), "PNG": turned_file(6, "PNG")}
    for data in (file_of(portrait(), kind), exif_of[kind]):
        kept = headers.read(data).essence
        assert opened(kept).tobytes() == opened(data).tobytes()
        with Image.open(io.BytesIO(kept)) as image, Image.open(io.BytesIO(data)) as whole:
            assert image.getexif().get(0x0112) == whole.getexif().get(0x0112)


def test_no_bytes_make_reading_headers_fail_in_another_way() -> None:
    refused: set[str] = set()
    for data in hostile.mutated(seed=1, count=2_000):
        try:
            header = headers.read(data)
        except CoreError as error:
            refused |= {error.message("zh"), error.message("en")}
            continue
        assert len(header.essence) <= len(data)
    assert [words for words in refused if "{" in words] == []
    assert len(refused) > 4
