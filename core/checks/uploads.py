"""Checks of what was uploaded: photo, signature, required material (domain D2, L.12)."""

from __future__ import annotations

from core.catalogue.types import Material
from core.checks.facts import Facts, Picture
from core.checks.findings import (
    FORM,
    UPLOADS,
    Evidence,
    Finding,
    Remark,
    conclude,
    fill,
    listed,
    named,
    not_applicable,
)
from core.files import images
from core.text import Text
from core.vocabulary.checks import FindingOutcome

FAIL, WARN, NO_DATA = FindingOutcome.FAIL, FindingOutcome.WARN, FindingOutcome.NO_DATA

_MANUAL = "M4 §2.2"
PHOTO_RULES = Text(
    f"证件照要求：宽295×高413像素，不大于500KB，白底（{_MANUAL}）",
    f"Photo rules: 295 wide × 413 high, up to 500 KB, white ground ({_MANUAL})",
)
SIGNATURE_RULES = Text(
    f"手写签名要求：宽405×高162像素，白底黑字（{_MANUAL}）",
    f"Signature rules: 405 wide × 162 high, black on white ({_MANUAL})",
)

NOT_ASKED = Text("本业务不需要该材料。", "This service does not ask for it.")
NOT_UPLOADED = Text("尚未上传，无法检查。", "Not uploaded, so it cannot be looked at.")
UNMEASURED = Text(
    "图像尺寸未知，无法检查。", "The size of the picture is unknown, so it cannot be checked."
)
PHOTO_FITS = Text("证件照尺寸、大小和背景符合要求。", "Size, weight and background are in order.")
SIGNATURE_FITS = Text("签名尺寸、方向和背景符合要求。", "Size, direction and background fit.")
SERVICE_UNKNOWN = Text(
    "服务目录中已没有该业务，无法核对应交材料。",
    "The catalogue no longer has this service, so its required material is unknown.",
)
NOTHING_REQUIRED = Text("本次申报没有必交材料。", "Nothing is required for this filing.")
LACKING = Text("缺少必交材料：{names}。", "Required material is missing: {names}.")
ALL_THERE = Text("必交材料已齐：{names}。", "All required material is there: {names}.")

_PIXELS = Text("宽×高（像素）", "Width × height (pixels)")
_WEIGHT = Text("大小（KB）", "Weight (KB)")
_WHITE = Text("边缘白色占比（%）", "White share of the border (%)")


@named("证件照", "Photo")
def photo(facts: Facts) -> Finding:
    """295 × 413 pixels, at most 500 KB; the background is judged by eye, so it only warns."""
    remarks, newest = _start(facts, "photo")
    if newest is not None and not remarks:
        wanted = _wanted(facts, "photo", images.PHOTO_SIZE)
        if (newest.width, newest.height) != wanted:
            remarks.append((FAIL, _about(images.PHOTO_DIMENSIONS, newest, wanted)))
        if newest.size > images.PHOTO_MAX_BYTES:
            remarks.append((FAIL, _about(images.PHOTO_TOO_HEAVY, newest, wanted)))
        if _off_white(facts, newest):
            remarks.append((WARN, _about(images.PHOTO_BACKGROUND, newest, wanted)))
    return _picture_finding(facts, "photo", remarks, newest, PHOTO_FITS, PHOTO_RULES)


@named("手写签名", "Signature")
def signature(facts: Facts) -> Finding:
    """405 × 162 pixels, landscape, black on white."""
    remarks, newest = _start(facts, "signature")
    if newest is not None and not remarks:
        wanted = _wanted(facts, "signature", images.SIGNATURE_SIZE)
        if newest.height > newest.width:
            remarks.append((FAIL, _about(images.SIGNATURE_UPRIGHT, newest, wanted)))
        elif (newest.width, newest.height) != wanted:
            remarks.append((FAIL, _about(images.SIGNATURE_DIMENSIONS, newest, wanted)))
        if _off_white(facts, newest):
            remarks.append((WARN, _about(images.SIGNATURE_BACKGROUND, newest, wanted)))
    return _picture_finding(facts, "signature", remarks, newest, SIGNATURE_FITS, SIGNATURE_RULES)


def _material(facts: Facts, kind: str) -> Material | None:
    return next((item for item in facts.materials or () if item.key == kind), None)


def _start(facts: Facts, kind: str) -> tuple[list[Remark], Picture | None]:
    """The picture last uploaded under `kind`, or what stands in the way of judging it."""
    newest = next((item for item in reversed(facts.pictures) if item.kind == kind), None)
    if newest is None:
        if facts.materials is not None and _material(facts, kind) is None:
            return not_applicable(NOT_ASKED), None
        return [(NO_DATA, NOT_UPLOADED)], None
    if newest.width <= 0 or newest.height <= 0:
        return [(NO_DATA, UNMEASURED)], newest
    return [], newest


def _wanted(facts: Facts, kind: str, usual: tuple[int, int]) -> tuple[int, int]:
    """Pixels that the catalogue asks for."""
    material = _material(facts, kind)
    if material is None or material.width is None or material.height is None:
        return usual
    return material.width, material.height


def _off_white(facts: Facts, picture: Picture) -> bool:
    return picture.white_share * 100 < facts.number("photo_white_percent")


def _kilobytes(size: int) -> int:
    """Bytes in KB, rounded up, so that a file over a limit never reads as within it."""
    return -(-size // 1024)


def _about(pattern: Text, picture: Picture, wanted: tuple[int, int]) -> Text:
    return fill(
        pattern,
        width=picture.width,
        height=picture.height,
        want_width=wanted[0],
        want_height=wanted[1],
        size=_kilobytes(picture.size),
        limit=images.PHOTO_MAX_BYTES // 1024,
        share=int(100 * picture.white_share),
    )


def _picture_finding(
    facts: Facts,
    rule: str,
    remarks: list[Remark],
    picture: Picture | None,
    passed: Text,
    article: Text,
) -> Finding:
    evidence: tuple[Evidence, ...] = ()
    if picture is not None:
        evidence = (
            (_PIXELS, f"{picture.width} × {picture.height}"),
            (_WEIGHT, str(_kilobytes(picture.size))),
            (_WHITE, str(int(100 * picture.white_share))),
        )
    return conclude(
        rule,
        remarks,
        passed,
        article=article,
        source=UPLOADS,
        as_of=picture.added_on if picture else facts.today,
        evidence=evidence,
    )


@named("必交材料", "Required material")
def materials(facts: Facts) -> Finding:
    """Everything the service makes mandatory for these answers of the form is there."""
    remarks: list[Remark] = []
    mandatory: list[Material] = []
    have = {picture.kind for picture in facts.pictures}
    if facts.materials is None:
        remarks.append((NO_DATA, SERVICE_UNKNOWN))
    else:
        mandatory = [item for item in facts.materials if _mandatory(facts, item)]
        lacking = [item.label for item in mandatory if item.key not in have]
        if not mandatory:
            remarks = not_applicable(NOTHING_REQUIRED)
        elif lacking:
            remarks.append((FAIL, fill(LACKING, names=listed(lacking))))
    return conclude(
        "materials",
        remarks,
        fill(ALL_THERE, names=listed([item.label for item in mandatory])),
        article=facts.article("material_missing"),
        source=UPLOADS if facts.materials is not None else FORM,
        as_of=facts.today,
        evidence=tuple(
            (item.label, str(sum(picture.kind == item.key for picture in facts.pictures)))
            for item in mandatory
        ),
    )


def _mandatory(facts: Facts, material: Material) -> bool:
    if not material.required or material.when is None:
        return material.required
    key, value = material.when
    return value in facts.chosen(key)
