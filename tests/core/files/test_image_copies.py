"""Copies of a picture: their size, and nothing hidden in them."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from core.files.images import inspect, thumbnail, whole
from tests.core.files.pictures import file_of, opened, portrait


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
    for copy in (whole(data), thumbnail(data, 300)):
        assert b"SECRET" not in copy
        assert dict(Image.open(io.BytesIO(copy)).getexif()) == {}
        assert not {"comment", "icc_profile", "note"} & opened(copy).info.keys()
