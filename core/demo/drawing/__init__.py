"""Drawn pictures for sample cases: ID photos, signatures and scanned papers, the same for a seed.

No photograph of a person and no real paper is used: everything is polygons, light and noise.
Photos and papers are JPEG, signatures PNG (`EXTENSIONS`).
"""

from __future__ import annotations

from typing import Final

from core.demo.canvas import cjk_font
from core.demo.names import Sex
from core.demo.papers import document, signature
from core.demo.portraits import phone_portrait, portrait

__all__ = [
    "EXTENSIONS",
    "Sex",
    "cjk_font",
    "document",
    "phone_portrait",
    "portrait",
    "signature",
]

EXTENSIONS: Final = {
    "portrait": ".jpg",
    "phone_portrait": ".jpg",
    "signature": ".png",
    "document": ".jpg",
}
