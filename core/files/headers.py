"""What a picture's own headers say, checked before anything is decoded.

A file is walked marker by marker (JPEG) or chunk by chunk (PNG): what it is, how many pixels, how
many passes, how much memory decoding will take. What decoding does not need is left behind on the
way (text, profiles, previews, whatever lies after the picture), so a decoder never gets to see it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.errors import CoreError
from core.text import Text

Format = Literal["jpeg", "png"]

MAX_PIXELS = 60_000_000
MAX_SIDE = 30_000
MAX_SCANS = 64
"""Passes over a picture. An ordinary progressive JPEG has about ten; each pass costs as much as a
whole picture, so thousands of them are a way to keep a processor busy."""
MAX_SCANNED = 1_000_000_000
"""Pixels times passes: 64 passes of 15 million pixels, 16 of 60 million."""
MAX_PARTS = 20_000
"""Segments of a JPEG or chunks of a PNG; real ones have hundreds."""
DECODED_BYTES = 360_000_000
"""Memory that the decoded picture may take by what its header says."""

_JPEG_MAGIC = b"\xff\xd8\xff"
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# What else applicants send: start of the file (offset, bytes) and the name they know it by.
_OTHER_KINDS = (
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (8, b"WEBP", "WebP"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypavif", "AVIF"),
    (0, b"%PDF-", "PDF"),
)

# The next marker of a JPEG: not a stuffed zero, not a restart, which stand inside the data.
_MARKER = re.compile(rb"\xff([\x02-\xcf\xd8-\xfe])")
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_PROGRESSIVE = 0xC2
# Baseline, extended and progressive, with Huffman codes: what cameras, scanners and phones write.
_FRAMES = {0xC0, 0xC1, _PROGRESSIVE}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF}
_APPLICATION = range(0xE0, 0xF0)
# Segments of applications that say how to read colours, or which way is up.
_KEPT_APPLICATIONS = {0xE0: b"JFIF\0", 0xE1: b"Exif\0\0", 0xEE: b"Adobe"}

_KEPT_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"}
_MAX_EXIF = 65_536


class EmptyFile(CoreError):
    text = Text(
        "文件为空（0字节），请重新选择文件。", "The file is empty (0 bytes); choose another."
    )


class NotAnImage(CoreError):
    text = Text(
        "文件内容不是图片（与文件名无关），请上传jpg、jpeg或png图片。",
        "The content is not a picture, whatever the file is called; upload a jpg, jpeg or png.",
    )


class WrongFormat(CoreError):
    text = Text(
        "文件实际格式为{found}，只接受jpg、jpeg、png图片，请转换后上传。",
        "The file is really a {found}; only jpg, jpeg and png are accepted, so convert it first.",
    )


class UnusualPicture(CoreError):
    text = Text(
        "图片采用了少见的编码方式，无法打开，请用常用软件另存为普通的jpg或png后上传。",
        "The picture is encoded in an unusual way and cannot be opened; save it as an ordinary "
        "jpg or png first.",
    )


class TruncatedImage(CoreError):
    text = Text(
        "图片不完整或已损坏，无法打开，请重新拍照、扫描或重新上传。",
        "The picture is incomplete or damaged and cannot be opened; take, scan or upload it again.",
    )


class TooManyPixels(CoreError):
    text = Text(
        "图片为{width}×{height}像素，超过此类图片的上限{limit}万像素，请缩小后上传。",
        "The picture has {width} × {height} pixels, more than the limit of {limit} × 10,000 for "
        "its kind; make it smaller.",
    )


class TooLongSide(CoreError):
    text = Text(
        "图片为{width}×{height}像素，单边超过上限{limit}像素，请裁切或缩小后上传。",
        "The picture has {width} × {height} pixels, one side more than the limit of {limit}; crop "
        "it or make it smaller.",
    )


class TooManyScans(CoreError):
    text = Text(
        "这张jpg图片需要扫描{scans}遍以上才能显示，超过上限{limit}遍，"
        "请用常用软件另存为普通jpg后上传。",
        "This jpg takes {scans} passes or more to draw, over the limit of {limit}; save it as an "
        "ordinary jpg first.",
    )


@dataclass(frozen=True, slots=True)
class Header:
    """A picture whose headers are in order.

    width, height: pixels as stored, before the EXIF orientation.
    essence: the file without what decoding does not need.
    """

    format: Format
    width: int
    height: int
    essence: bytes


def read(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Header:
    """The header of a picture.

    Raises EmptyFile, NotAnImage, WrongFormat, UnusualPicture, TooManyPixels (`max_pixels`, fewer
    where a pixel takes more memory), TooLongSide, TooManyScans or TruncatedImage.
    """
    if not data:
        raise EmptyFile
    if data.startswith(_JPEG_MAGIC):
        return _jpeg(data, max_pixels)
    if data.startswith(_PNG_MAGIC):
        return _png(data, max_pixels)
    for offset, magic, name in _OTHER_KINDS:
        if data.startswith(magic, offset):
            raise WrongFormat(found=name)
    raise NotAnImage


def _sized(width: int, height: int, bytes_each: float, max_pixels: int) -> None:
    if not width or not height:
        raise TruncatedImage
    limit = min(max_pixels, int(DECODED_BYTES / bytes_each))
    if width * height > limit:
        raise TooManyPixels(width=width, height=height, limit=limit // 10_000)
    if max(width, height) > MAX_SIDE:
        raise TooLongSide(width=width, height=height, limit=MAX_SIDE)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the frame header of a JPEG announces. samples: values kept for each pixel."""

    width: int
    height: int
    components: int
    samples: float
    progressive: bool

    @property
    def max_scans(self) -> int:
        return min(MAX_SCANS, MAX_SCANNED // (self.width * self.height))


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, begin and end of each segment of a JPEG, to its end; raises where it breaks off."""
    place = 2
    for _ in range(MAX_PARTS):
        marker = _MARKER.search(data, place)
        if marker is None:
            raise TruncatedImage
        code, start, place = marker[1][0], marker.end() - 2, marker.end()
        if code == _END:
            yield code, start, place
            return
        length = int.from_bytes(data[place : place + 2])
        place += length
        if code == _START or length < 2 or place > len(data):
            raise TruncatedImage
        yield code, start, place
    raise UnusualPicture


def _jpeg(data: bytes, max_pixels: int) -> Header:
    pieces = [data[:2]]
    frame: _Frame | None = None
    scans, first_scan, place = 0, 0, 2
    for code, start, place in _segments(data):
        body = data[start + 4 : place]
        if code in _OTHER_FRAMES:
            raise UnusualPicture
        if code in _FRAMES:
            if frame is not None:
                raise TruncatedImage
            frame = _frame(code, body, max_pixels)
        elif code == _SCAN and frame is not None:
            scans += 1
            if scans == 1:
                first_scan = start
                _passes(frame, body, max_pixels)
            elif scans > frame.max_scans:
                raise TooManyScans(scans=scans, limit=frame.max_scans)
        if not scans and _needed(code, body):
            pieces.append(data[start:place])
    if frame is None or not scans:
        raise TruncatedImage
    # From the first scan to the end everything is of the picture.
    pieces.append(data[first_scan:place])
    return Header("jpeg", frame.width, frame.height, b"".join(pieces))


def _frame(code: int, body: bytes, max_pixels: int) -> _Frame:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise TruncatedImage
    precision, height, width, components = struct.unpack_from(">BHHB", body)
    if precision != 8 or components not in {1, 3, 4}:
        raise UnusualPicture
    shares = [divmod(body[7 + 3 * index], 16) for index in range(components)]
    if not all(1 <= across <= 4 and 1 <= down <= 4 for across, down in shares):
        raise TruncatedImage
    finest = max(across for across, _ in shares) * max(down for _, down in shares)
    samples = sum(across * down for across, down in shares) / finest
    _sized(width, height, 1 if components == 1 else 4, max_pixels)
    return _Frame(width, height, components, samples, code == _PROGRESSIVE)


def _passes(frame: _Frame, first_scan: bytes, max_pixels: int) -> None:
    """Refuse what does not fit when the decoder has to hold all coefficients, two bytes each.

    It has to when the picture comes in several scans.
    """
    if frame.progressive or first_scan[:1] < bytes([frame.components]):
        decoded = 1 if frame.components == 1 else 4
        _sized(frame.width, frame.height, 2 * frame.samples + decoded, max_pixels)


def _needed(code: int, body: bytes) -> bool:
    """Whether a segment before the first scan has to do with how the picture looks."""
    if code in _APPLICATION:
        return body.startswith(_KEPT_APPLICATIONS.get(code, ()))
    return code != _COMMENT


def _png(data: bytes, max_pixels: int) -> Header:
    pieces = [data[:8]]
    width = height = 0
    place = 8
    for part in range(MAX_PARTS):
        length = int.from_bytes(data[place : place + 4])
        name = data[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(data) or (part == 0) != (name == b"IHDR"):
            raise TruncatedImage
        if name == b"IHDR":
            if length != 13:
                raise TruncatedImage
            width, height = struct.unpack_from(">II", data, place + 8)
            _sized(width, height, 4, max_pixels)
        if name in _KEPT_CHUNKS and not (name == b"eXIf" and length > _MAX_EXIF):
            pieces.append(data[place:end])
        if name == b"IEND":
            return Header("png", width, height, b"".join(pieces))
        place = end
    raise UnusualPicture
