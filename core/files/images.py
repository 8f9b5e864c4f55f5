"""Reading a picture: what it is, refused or described, and clean copies of it.

Everything is decided by content; a file name is only compared. Nothing is decoded before its
headers are in order (`core.files.headers`), and every copy is drawn anew, so that neither EXIF
(place, camera) nor anything hidden beside or behind the picture travels on.

These are plain functions of bytes. What comes from outside goes through `core.files.limited`, which
calls them in a process of bounded time and memory.

Accepted formats: jpg, jpeg, png (M0, M3). Picture rules: domain D2 "Image rules", L.12 (M4).
"""

from __future__ import annotations

import hashlib
import io
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

import imagehash
import numpy as np
from PIL import Image, JpegImagePlugin, PngImagePlugin

from core.errors import CoreError
from core.files import headers
from core.files.headers import MAX_PIXELS, Format, Header, TruncatedImage
from core.text import Text

MAX_BYTES = 10 * 1024 * 1024
WHOLE_PIXELS = 40_000_000
"""At most in a copy of the whole picture; a sheet of A4 at 600 dpi has 35 million."""

PHOTO_SIZE = (295, 413)
SIGNATURE_SIZE = (405, 162)
PHOTO_MAX_BYTES = 500 * 1024
WHITE_ENOUGH = 0.85
"""Share of near-white border below which a background is remarked on (our choice, L.12)."""

_NEAR_WHITE = 230
_ANALYSED_SIDE = 512
_UPPER_PART = 0.6
_JPEG_QUALITY = 90
_PNG_LEVEL = 3
_BAND_PIXELS = 1_000_000
_EXIF_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPPING = {
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
}
_EXTENSIONS: dict[Format, frozenset[str]] = {
    "jpeg": frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    "png": frozenset({".png"}),
}
# Everything Pillow is known to raise on a picture whose data break off or make no sense.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)


class TooLarge(CoreError):
    text = Text(
        "文件为{size}KB，超过上限{limit}KB，请压缩后重新上传。",
        "The file has {size} KB, more than the limit of {limit} KB; reduce it and upload again.",
    )


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is known of an uploaded picture.

    width, height: pixels as a person sees it, after the EXIF orientation.
    size: bytes of the file; sha256: hex digest of the file.
    phash: 64-bit perceptual hash of the picture as seen, unsigned; near pictures differ in few
        bits. Two blank pictures have the same one.
    white_background_share: 0 to 1, how much of the border is near white.
    oriented: whether EXIF asks for a turn or a flip.
    extension_matches: whether the file name says the same format as the content.
    """

    format: Format
    mime: str
    width: int
    height: int
    size: int
    sha256: str
    phash: int
    white_background_share: float
    oriented: bool
    extension_matches: bool


def inspect(
    data: bytes, filename: str, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> ImageFacts:
    """Read a picture as far as needed to describe it, or refuse it.

    Raises TooLarge (`max_bytes`) or what `headers.read` raises.
    """
    if len(data) > max_bytes:
        raise TooLarge(size=kilobytes(len(data)), limit=max_bytes // 1024)
    header = headers.read(data, max_pixels=max_pixels)
    image = _decoded(header, _ANALYSED_SIDE)
    turn = _turn(image)
    width, height = header.width, header.height
    if turn in _SWAPPING:
        width, height = height, width
    seen = _turned(_flat(image, _reduction(image, _ANALYSED_SIDE)).convert("RGB"), turn)
    seen.thumbnail((_ANALYSED_SIDE, _ANALYSED_SIDE), Image.Resampling.BOX)
    return ImageFacts(
        format=header.format,
        mime=f"image/{header.format}",
        width=width,
        height=height,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        phash=int(str(imagehash.phash(seen)), 16),
        white_background_share=_white_border_share(seen),
        oriented=turn is not None,
        extension_matches=PurePosixPath(filename.strip()).suffix.lower()
        in _EXTENSIONS[header.format],
    )


def thumbnail(data: bytes, max_side: int) -> bytes:
    """A JPEG no larger than `max_side` pixels either way, upright, on white, without metadata.

    Raises what `headers.read` raises.
    """
    image = _decoded(headers.read(data), 2 * max_side)
    turn = _turn(image)
    small = _flat(image, _reduction(image, 2 * max_side)).convert("RGB")
    small.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return _encoded(_turned(small, turn), "jpeg")


def whole(data: bytes) -> bytes:
    """The whole picture in its own format, upright, on white, without metadata.

    Grey stays grey, everything else becomes RGB. A picture of more than `WHOLE_PIXELS` is drawn at
    half its sides. Raises what `headers.read` raises.
    """
    header = headers.read(data)
    times = math.ceil(math.sqrt(header.width * header.height / WHOLE_PIXELS))
    image = _decoded(header, min(header.width, header.height) // times)
    turn = _turn(image)
    left = max(1, round(times * image.width / header.width))
    flat = _flat(image, left)
    # Freed before the turn takes as much again.
    del image
    return _encoded(_turned(flat, turn), header.format)


def _decoded(header: Header, side: int) -> Image.Image:
    """All pixels read; a JPEG no finer than needed for `side`, which is several times faster.

    The format's own reader is called instead of Image.open: no other of Pillow's readers gets to
    see the bytes, and the limit in pixels is ours, not the library's process-wide one.
    """
    stream = io.BytesIO(header.essence)
    image: Image.Image
    try:
        if header.format == "jpeg":
            image = JpegImagePlugin.JpegImageFile(stream)
        else:
            image = PngImagePlugin.PngImageFile(stream)
        if image.size != (header.width, header.height):
            raise TruncatedImage
        image.draft(None, (side, side))
        image.load()
    except _BROKEN as error:
        raise TruncatedImage from error
    return image


def _turn(image: Image.Image) -> Image.Transpose | None:
    """The movement EXIF asks for, once decoded; unreadable EXIF asks for none."""
    try:
        return _TURNS.get(image.getexif().get(_EXIF_ORIENTATION, 1))
    except (*_BROKEN, TypeError, KeyError):
        return None


def _turned(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return image if turn is None else image.transpose(turn)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _reduction(image: Image.Image, side: int) -> int:
    """How many times smaller a decoded picture may be for its longer side to have `side` left."""
    return max(1, max(image.size) // side)


def _flat(image: Image.Image, times: int) -> Image.Image:
    """The picture as seen on white paper, `times` smaller either way: grey if it is, else RGB.

    Done in bands, so that beside the picture no second one of its size is held.
    """
    if image.mode == "RGB" and times == 1 and not _has_alpha(image):
        return image
    grey = image.mode in {"1", "L", "I", "I;16"} and not _has_alpha(image)
    size = (-(-image.width // times), -(-image.height // times))
    flat = Image.new("L" if grey else "RGB", size)
    rows = times * max(1, _BAND_PIXELS // (times * image.width))
    for top in range(0, image.height, rows):
        box = (0, top, image.width, min(top + rows, image.height))
        band = _on_white(image.crop(box), grey=grey)
        flat.paste(band.reduce(times) if times > 1 else band, (0, top // times))
    return flat


def _on_white(image: Image.Image, *, grey: bool) -> Image.Image:
    if image.mode.startswith("I"):
        # 16-bit grey: convert() would clip everything above 255 to white.
        seen = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        return seen if grey else seen.convert("RGB")
    if not _has_alpha(image):
        return image.convert("L" if grey else "RGB")
    above = image.convert("RGBA")
    paper = Image.new("RGBA", above.size, "white")
    return Image.alpha_composite(paper, above).convert("RGB")


def _encoded(image: Image.Image, kind: Format) -> bytes:
    out = io.BytesIO()
    # The encoders would carry comment, ICC profile and transparency over from here.
    image.info = {}
    if kind == "jpeg":
        image.save(out, "JPEG", quality=_JPEG_QUALITY)
    else:
        image.save(out, "PNG", compress_level=_PNG_LEVEL)
    return out.getvalue()


def _white_border_share(image: Image.Image) -> float:
    """Share of near-white pixels along the top and the sides of an RGB picture.

    The sides count only in their upper part, for in a portrait the shoulders touch them below.
    """
    pixels = np.asarray(image)
    band = max(1, min(image.size) // 32)
    upper = slice(band, max(band, int(image.height * _UPPER_PART)))
    border = (pixels[:band], pixels[upper, :band], pixels[upper, -band:])
    near_white = np.concatenate([part.reshape(-1, 3) for part in border]) >= _NEAR_WHITE
    return float(near_white.all(axis=1).mean())


PHOTO_DIMENSIONS = Text(
    "证件照应为宽{want_width}×高{want_height}像素，实际为宽{width}×高{height}像素。",
    "The photo should be {want_width} wide × {want_height} high in pixels; it is {width} × "
    "{height}.",
)
PHOTO_TOO_HEAVY = Text(
    "图像不大于{limit}KB，实际为{size}KB。",
    "The photo may have at most {limit} KB; it has {size} KB.",
)
PHOTO_BACKGROUND = Text(
    "背景可能不是白色（边缘白色占{share}%），请人工核对。",
    "The background may not be white ({share} % of the border is); please look at it.",
)
SIGNATURE_UPRIGHT = Text(
    "签名图片应为横向，实际为宽{width}×高{height}像素。",
    "The signature should be a landscape picture; it is {width} wide × {height} high.",
)
SIGNATURE_DIMENSIONS = Text(
    "签名图片应为宽{want_width}×高{want_height}像素，实际为宽{width}×高{height}像素。",
    "The signature should be {want_width} wide × {want_height} high in pixels; it is {width} × "
    "{height}.",
)
SIGNATURE_BACKGROUND = Text(
    "签名应为白底黑字（边缘白色占{share}%），请人工核对。",
    "A signature is black on white ({share} % of the border is white); please look at it.",
)


def photo_findings(facts: ImageFacts) -> list[Text]:
    """Remarks on a 证件照: 295 × 413 pixels, at most 500 KB, white background (D2, L.12, M4).

    The background is judged by the border alone and never more than a warning.
    """
    remarks = []
    if (facts.width, facts.height) != PHOTO_SIZE:
        remarks.append(_about(PHOTO_DIMENSIONS, facts, PHOTO_SIZE))
    if facts.size > PHOTO_MAX_BYTES:
        remarks.append(_about(PHOTO_TOO_HEAVY, facts, PHOTO_SIZE))
    if facts.white_background_share < WHITE_ENOUGH:
        remarks.append(_about(PHOTO_BACKGROUND, facts, PHOTO_SIZE))
    return remarks


def signature_findings(facts: ImageFacts) -> list[Text]:
    """Remarks on a 手写签名: 405 × 162 pixels, landscape, black on white (D2, M4)."""
    remarks = []
    if facts.height > facts.width:
        remarks.append(_about(SIGNATURE_UPRIGHT, facts, SIGNATURE_SIZE))
    elif (facts.width, facts.height) != SIGNATURE_SIZE:
        remarks.append(_about(SIGNATURE_DIMENSIONS, facts, SIGNATURE_SIZE))
    if facts.white_background_share < WHITE_ENOUGH:
        remarks.append(_about(SIGNATURE_BACKGROUND, facts, SIGNATURE_SIZE))
    return remarks


def _about(pattern: Text, facts: ImageFacts, wanted: tuple[int, int]) -> Text:
    """`pattern` with its fields filled in both languages."""
    values = {
        "width": facts.width,
        "height": facts.height,
        "want_width": wanted[0],
        "want_height": wanted[1],
        "size": kilobytes(facts.size),
        "limit": PHOTO_MAX_BYTES // 1024,
        "share": int(100 * facts.white_background_share),
    }
    return Text(pattern("zh", **values), pattern("en", **values))


def kilobytes(size: int) -> int:
    """Bytes in KB, rounded up, so that a file over a limit never reads as within it."""
    return -(-size // 1024)
