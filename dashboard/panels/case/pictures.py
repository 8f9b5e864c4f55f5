"""The case's attachments in the viewer, photographs beside the person's earlier ones."""

from __future__ import annotations

from core import catalogue, clock
from core.casefile.rows import CaseFile, Picture
from dashboard.components.viewer import Item, viewer
from dashboard.session import Visit


def _material(file: CaseFile, kind: str, visit: Visit) -> str:
    service = catalogue.current().service(file.profession, file.business)
    for material in service.materials if service else ():
        if material.key == kind:
            return material.label(visit.language)
    return kind


def _item(visit: Visit, file: CaseFile, picture: Picture, *, foreign: bool) -> Item:
    size = f"{picture.size // 1024} KB · {picture.width}×{picture.height}"
    day = f"{clock.local(picture.added_at):%Y-%m-%d}"
    return {
        "id": str(picture.id),
        "src": f"/files/{picture.id}",
        "thumb": f"/files/{picture.id}/thumb",
        "title": _material(file, picture.kind, visit),
        "meta": f"{day} · {picture.case_ref}" if foreign else f"{picture.filename} · {size}",
        "kind": "photo" if picture.kind == "photo" else "document",
    }


def pictures(visit: Visit, file: CaseFile) -> None:
    """Every attachment viewable in place (zoom, rotate, fit, next, fullscreen, compare)."""
    viewer(
        [_item(visit, file, picture, foreign=False) for picture in file.pictures],
        key=f"viewer-{file.id}",
        language=visit.language,
        compare=[_item(visit, file, picture, foreign=True) for picture in file.other_photos],
    )
