"""Drawn pictures are real files of the sizes the manuals ask for, and repeat for a seed."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageFont, ImageOps

from core.demo import canvas, drawing, papers
from core.demo.names import Sex

LINES = [
    "致：住房和城乡建设主管部门",
    "兹有我单位职工周佳珍，自2021年3月1日起在我单位从事建筑结构设计工作，双方协商一致解除劳动合同。",
    "演示青岛锦兴工程设计咨询有限公司",
    "2026年11月2日",
]


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.fixture
def no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(face: str, size: int) -> ImageFont.FreeTypeFont | None:
        return None

    monkeypatch.setattr(papers, "cjk_font", none)


@pytest.mark.parametrize("sex", ["男", "女"])
def test_a_portrait_is_a_small_jpeg_of_one_inch_on_white(sex: Sex) -> None:
    for seed in range(6):
        data = drawing.portrait(seed, sex)
        image = opened(data)
        assert (image.format, image.size) == ("JPEG", (295, 413))
        assert len(data) < 60_000
        corners = np.asarray(image.convert("L"))[:40, [*range(25), *range(270, 295)]]
        assert (corners > 240).mean() > 0.99


def test_portraits_of_different_seeds_are_told_apart_by_a_perceptual_hash() -> None:
    hashes = [
        imagehash.phash(opened(drawing.portrait(seed, "男" if seed % 2 else "女")))
        for seed in range(60)
    ]
    far = [one - other > 10 for one, other in combinations(hashes, 2)]
    assert sum(far) / len(far) > 0.97


def test_the_same_seed_draws_the_same_bytes_and_another_seed_does_not() -> None:
    assert drawing.portrait(5, "女") == drawing.portrait(5, "女")
    assert drawing.portrait(5, "女") != drawing.portrait(6, "女")
    assert drawing.portrait(5, "女") != drawing.portrait(5, "男")
    assert drawing.phone_portrait(5, "女") == drawing.phone_portrait(5, "女")
    assert drawing.signature(5, "李伟") == drawing.signature(5, "李伟")
    assert drawing.signature(5, "李伟") != drawing.signature(6, "李伟")
    one, same = (drawing.document(5, "情况说明", LINES, stamp="演示公司") for _ in range(2))
    assert one == same


def test_a_phone_picture_shows_upright_once_its_orientation_is_applied() -> None:
    lying, upright = (
        opened(drawing.phone_portrait(3, "男")),
        opened(drawing.phone_portrait(4, "男")),
    )
    assert lying.getexif().get(0x0112) == 6
    assert lying.size == (1200, 900)
    turned = ImageOps.exif_transpose(lying)
    assert turned.size == (900, 1200)
    assert upright.getexif().get(0x0112) is None
    assert upright.size == (900, 1200)
    for image in (turned, upright):
        grey = np.asarray(image.convert("L"), dtype=float)
        assert grey[:150].mean() > grey[-300:, 300:600].mean() + 20  # wall above, clothes below


@pytest.mark.parametrize("name", ["李伟", "周佳珍", "欧阳建国", "阿卜杜拉·买买提", ""])
def test_a_signature_is_black_on_white_in_landscape(name: str) -> None:
    image = opened(drawing.signature(1, name))
    assert (image.format, image.size) == ("PNG", (405, 162))
    grey = np.asarray(image.convert("L"))
    assert (grey > 250).mean() > 0.5
    if name:
        assert 0.02 < (grey < 100).mean() < 0.4


def red_share(image: Image.Image) -> float:
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), dtype=int), 2, 0)
    return float(((red > 150) & (green < 120) & (blue < 120)).mean())


def test_a_document_is_an_a4_jpeg_and_only_a_stamped_one_has_red_ink() -> None:
    plain = drawing.document(1, "解聘证明", LINES)
    stamped = drawing.document(1, "解聘证明", LINES, stamp="演示青岛锦兴工程设计咨询有限公司")
    for data in (plain, stamped):
        assert opened(data).format == "JPEG"
        assert opened(data).size == (1000, 1414)
        assert 100_000 < len(data) < 500_000
    assert red_share(opened(plain)) == 0
    assert red_share(opened(stamped)) > 0.003


def test_a_page_without_scan_is_clean_paper() -> None:
    clean = np.asarray(opened(drawing.document(1, "劳动合同", LINES, scan=False)).convert("L"))
    assert (clean[:100] > 252).all()


def test_long_text_stays_on_the_page() -> None:
    image = opened(drawing.document(1, "法院判决书", [LINES[1]] * 40, scan=False))
    assert (np.asarray(image.convert("L"))[-120:] > 250).all()
    assert (np.asarray(image.convert("L"))[:, -100:] > 250).all()


@pytest.mark.usefixtures("no_chinese_font")
def test_without_a_chinese_font_strokes_and_bars_stand_in_for_letters() -> None:
    signature = np.asarray(opened(drawing.signature(1, "周佳珍")).convert("L"))
    assert (signature < 100).mean() > 0.01
    page = opened(drawing.document(1, "解聘证明", LINES, stamp="演示公司", scan=False))
    assert red_share(page) > 0.003
    title = np.asarray(page.convert("L"))[152:174, 420:580]
    assert title.std() < 12  # one even bar, no outlines of letters or of empty boxes


def test_a_letter_the_font_lacks_is_recognised() -> None:
    font = drawing.cjk_font("serif", 25)
    if font is None:
        pytest.skip("no Chinese font on this machine")
    assert canvas.has(font, "建")
    assert not canvas.has(font, "\U0010fffd")
