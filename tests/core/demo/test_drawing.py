"""Drawn pictures are real files of the sizes the manuals ask for, and repeat for a seed."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from io import BytesIO
from itertools import combinations
from random import Random
from typing import Any

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageFont, ImageOps
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from core import catalogue, db
from core.demo import forms
from core.demo.drawing import files, ink, papers, portraits
from core.demo.drawing.ink import signature
from core.demo.drawing.papers import paper
from core.demo.drawing.portraits import phone_portrait, portrait
from core.demo.drawing.wording import Month, Order, filled, paper_of, texts
from core.files import attachments, fonts, images
from core.invented import names
from core.invented.names import Sex
from core.model import Attachment, Case, InsuranceRecord
from core.vocabulary.cases import Status
from tests.builders import NOW, a_case, an_employer

FORMER, EMPLOYER = "演示广西中朴工程监理有限责任公司", "演示青岛锦兴工程设计咨询有限公司"
FACTS = {
    "id_number": "450101198203071239",
    "born_on": "1982-03-07",
    "ethnicity": "壮族",
    "school": "演示湘潭科技大学",
    "major": "土木工程",
    "education": "大学本科",
    "degree": "学士",
    "graduated_on": "2004-07",
    "credit_code": "91450101504469267Q",
    "legal_rep": "朱义",
    "place": "南宁市",
    "address": "广西壮族自治区南宁市演示区建设路132号",
    "employer_name": EMPLOYER,
    "employed_from": "2025-03-02",
    "profession": "勘察设计注册工程师",
    "specialty": "电气（发输变电）",
    "registration_number": "45000001",
    "qualification_certificate": "200801420000001",
    "qualification_approved_on": "2008-12-20",
}
MONTHS = (
    Month("2026年9月", EMPLOYER, "91370201504469267Q"),
    Month("2026年10月", FORMER, "91450101504469267Q"),
)


def order(number: int = 1, kind: str = "other", name: str = "周佳珍", **facts: str) -> Order:
    """A picture of an invented person's case; facts beside or instead of the usual ones."""
    made_up = hashlib.sha256(f"{number}{kind}".encode()).hexdigest()
    everything = FACTS | facts
    return Order(made_up, kind, "a.jpg", name, "女", FORMER, "2026年10月12日", everything, MONTHS)


def lines_of(kind: str, order: Order) -> list[str]:
    return filled(kind, order)["lines"].split("\n")


@cache
def drawn(kind: str, number: int = 1) -> bytes:
    return paper(kind, order(number))


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("sex", ["男", "女"])
def test_a_portrait_is_a_small_jpeg_of_one_inch_on_white(sex: Sex) -> None:
    for seed in range(6):
        data = portrait(seed, sex)
        image = opened(data)
        assert (image.format, image.size) == ("JPEG", images.PHOTO_SIZE)
        assert len(data) < 60_000
        assert images.photo_findings(images.inspect(data, "照片.jpg")) == []


def test_portraits_of_different_seeds_are_told_apart_by_a_perceptual_hash() -> None:
    hashes = [
        imagehash.phash(opened(portrait(seed, "男" if seed % 2 else "女"))) for seed in range(60)
    ]
    far = [one - other > 10 for one, other in combinations(hashes, 2)]
    assert sum(far) / len(far) > 0.97


def test_signatures_of_different_people_are_told_apart_by_a_perceptual_hash() -> None:
    people = [
        f"{family}{given}" for family in "李周王刘陈" for given in ("伟", "佳珍", "建国", "芳")
    ]
    hashes = [imagehash.phash(opened(signature(k, name))) for k, name in enumerate(people)]
    far = [one - other > 10 for one, other in combinations(hashes, 2)]
    assert sum(far) / len(far) > 0.95


def test_the_same_seed_draws_the_same_bytes_and_another_seed_does_not() -> None:
    assert portrait(5, "女") == portrait(5, "女")
    assert portrait(5, "女") != portrait(6, "女")
    assert portrait(5, "女") != portrait(5, "男")
    assert phone_portrait(5, "女") == phone_portrait(5, "女")
    assert signature(5, "李伟") == signature(5, "李伟")
    assert signature(5, "李伟") != signature(6, "李伟")
    for kind in texts():
        assert paper(kind, order(1)) == drawn(kind, 1)
        assert drawn(kind, 1) != drawn(kind, 2)


def test_a_phone_picture_shows_upright_once_its_orientation_is_applied() -> None:
    lying, upright = (opened(phone_portrait(3, "男")), opened(phone_portrait(4, "男")))
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
    data = signature(1, name)
    image = opened(data)
    assert (image.format, image.size) == ("PNG", images.SIGNATURE_SIZE)
    assert images.signature_findings(images.inspect(data, "签名.png")) == []
    grey = np.asarray(image.convert("L"))
    assert (grey > 250).mean() > 0.5
    if name:
        assert 0.02 < (grey < 100).mean() < 0.4


def red_share(image: Image.Image) -> float:
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), dtype=int), 2, 0)
    return float(((red > 150) & (green < 120) & (blue < 120)).mean())


@pytest.mark.parametrize("kind", texts())
def test_a_paper_is_a_jpeg_of_the_size_the_manual_asks_for(kind: str) -> None:
    for number in (1, 2, 3):
        data = drawn(kind, number)
        image = opened(data)
        assert (image.format, image.size) == ("JPEG", papers.STYLES[texts()[kind]["style"]].size)
        assert 200 * 1024 < len(data) < 500 * 1024


@pytest.mark.parametrize("kind", texts())
def test_only_a_sealed_paper_has_red_ink(kind: str) -> None:
    sealed = filled(kind, order()).get("seal")
    assert sealed or kind in {"loss_statement", "damage_statement", "identity_card"}
    if papers.STYLES[texts()[kind]["style"]].paper == papers.STYLES["letter"].paper:
        assert (red_share(opened(drawn(kind))) > 0.001) == bool(sealed)
    if sealed:
        assert "演示" in sealed or sealed.startswith(FACTS["place"])


def test_the_pictures_of_different_cases_are_far_apart_as_files_and_each_is_whole() -> None:
    everything = [drawn(kind, number) for kind in texts() for number in (1, 2, 3)]
    assert len({hashlib.sha256(data).hexdigest() for data in everything}) == len(everything)


@pytest.mark.parametrize("kind", texts())
def test_a_paper_says_what_the_case_says(kind: str) -> None:
    said = "\n".join(lines_of(kind, order()))
    assert "{" not in said
    assert "——" not in said
    named = kind != "licence"
    assert ("周佳珍" in said) == named
    assert (FACTS["id_number"] in said) == named
    dated = {
        "diploma": "2004年7月",
        "qualification": "2008年12月20日",
        "contract": "2025年3月2日",
    }
    assert dated.get(kind, "2026年10月12日") in said
    assert FORMER in said or EMPLOYER in said or FACTS["school"] in said or kind in _OWN


_OWN = {"identity_card", "qualification"}  # papers of the person alone


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("dismissal", ("registration_number",)),
        ("arbitration", ("registration_number", "credit_code", "legal_rep", "address")),
        ("judgment", ("registration_number", "credit_code", "legal_rep", "address")),
        ("loss_statement", ("registration_number", "profession")),
        ("insurance_proof", ("employer_name",)),
        ("qualification", ("profession", "specialty", "qualification_certificate")),
        ("diploma", ("school", "major", "education", "degree")),
        ("contract", ("credit_code", "legal_rep", "specialty")),
        ("licence", ("credit_code", "legal_rep", "address")),
        ("change_notice", ("credit_code", "registration_number")),
        ("identity_card", ("ethnicity",)),
    ],
)
def test_a_paper_names_what_a_reviewer_compares(kind: str, facts: tuple[str, ...]) -> None:
    said = "\n".join(lines_of(kind, order()))
    assert [key for key in facts if FACTS[key] not in said] == []


def test_a_proof_of_insurance_lists_the_months_on_record_and_says_so_when_there_is_none() -> None:
    said = lines_of("insurance_proof", order())
    for month in MONTHS:
        assert f"|{month.month}|{month.payer}|{month.payer_code}|正常缴费" in said
    none = "\n".join(lines_of("insurance_proof", order()._replace(months=())))
    assert "无缴费记录" in none


def test_what_is_not_known_is_a_dash() -> None:
    bare = Order("0" * 64, "other", "a.jpg", "周佳珍", "女", FORMER, "2026年10月12日")
    for kind in texts():
        assert paper(kind, bare)
    assert "注册号：——" in "".join(lines_of("dismissal", bare))


_RENUMBERED = ("qualification_renumbered", "identity_changed")


def test_every_material_that_a_service_asks_for_is_drawn_as_its_own_kind() -> None:
    asked = {
        (service.business, item.key)
        for service in catalogue.current().services.values()
        for item in service.materials
    }
    pictures = {"photo", "signature"}
    for business, kind in asked:
        found = {paper_of(order(number, kind, business=business)) for number in range(40)}
        assert kind in pictures or found <= set(texts())
        assert kind in pictures | {"other"} or kind in found
    assert {paper_of(order(n, "arbitration")) for n in range(20)} == {"arbitration", "judgment"}
    assert paper_of(order(1, "loss_statement", reason="damaged")) == "damage_statement"
    assert paper_of(order(1, reason="employer_renamed")) == "change_notice"
    assert paper_of(order(1)) == "statement"
    reached = {
        paper_of(order(number, kind, business=business, reason=reason))
        for number in range(40)
        for business, kind in asked - {(b, k) for b, k in asked if k in pictures}
        for reason in ("", "damaged", "employer_renamed", *_RENUMBERED)
    }
    assert reached == set(texts())


def test_the_demo_hands_in_every_material_that_a_service_knows() -> None:
    forced = {"forced": "yes"}
    dead = {"cancellation_reason": "death_or_incapacity"}
    reasons = [{"cancellation_reason": "other"}, {"replacement_reason": "lost"}, forced, dead, {}]
    for (_, business), service in catalogue.current().services.items():
        handed_in = {
            kind
            for form in reasons
            for seed in range(20)
            for kind in forms.materials(Random(seed), business, form)
        }
        assert handed_in >= {item.key for item in service.materials}


def test_documents_of_different_kinds_look_different() -> None:
    assert {known["style"] for known in texts().values()} == set(papers.STYLES)
    hashes = {kind: imagehash.phash(opened(drawn(kind))) for kind in texts()}
    near = [
        (one, other) for one, other in combinations(hashes, 2) if hashes[one] - hashes[other] <= 6
    ]
    assert near == []


def test_no_text_runs_off_the_page() -> None:
    longest = {"name": "阿卜杜拉·买买提", "specialty": "岩土", "place": "呼和浩特市"}
    for kind in texts():
        image = opened(paper(kind, order(3, **longest)._replace(company=FORMER + "演示分公司")))
        grey = np.asarray(image.convert("L"))
        if image.size == papers.UPRIGHT:
            assert (grey[:, -60:] > 120).all(), kind
            assert (grey[1680:1700] > 120).all(), kind  # room above the foot


def test_letters_come_from_the_fonts_of_the_product_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    real = ImageFont.truetype

    def watched(font: Any, *args: Any, **options: Any) -> ImageFont.FreeTypeFont:
        loaded.append(str(font))
        return real(font, *args, **options)

    monkeypatch.setattr(ImageFont, "truetype", watched)
    for known in (ink.font, ink.glyph, ink._seal):
        known.cache_clear()
    assert paper("contract", order()) == drawn("contract")
    assert signature(1, "周佳珍")
    assert set(loaded) == {str(fonts.SANS), str(fonts.SERIF)}


def test_the_fonts_have_every_letter_that_papers_and_names_use() -> None:
    words = "".join(known["lines"] + known["title"] for known in texts().values())
    words += "".join(value for value in vars(names).values() if isinstance(value, str))
    words += "".join(names._WORDS["given"].values()) + papers.FOOT
    for face in (fonts.SANS, fonts.SERIF):
        font = ImageFont.truetype(str(face), 30)
        missing = bytes(font.getmask("\U0010fffd"))
        letters = {letter for letter in words if not letter.isspace()}
        assert {letter for letter in letters if bytes(font.getmask(letter)) == missing} == set()


def handed_in(session: Session, business: str, **form: str) -> Case:
    """A draft with one attachment of each material the service asks for, not drawn yet."""
    company = an_employer(session, city="南宁市", legal_rep="朱义")
    given = {"former_employer_name": FORMER, "employed_from": "2026-01-15", **form}
    case = a_case(session, Status.DRAFT, business=business, employer=company)
    case.form = case.form | given
    for number, month in enumerate((date(2026, 1, 1), date(2026, 2, 1))):
        payer = (company.name, company.credit_code) if number else (FORMER, "91450101504469267Q")
        session.add(
            InsuranceRecord(
                id_number=case.person.id_number, name=case.person_name, month=month,
                payer_name=payer[0], payer_code=payer[1], kinds=[], source="演示社保数据",
                as_of=date(2026, 3, 1),
            )
        )  # fmt: skip
    for item in catalogue.current().services[case.profession, business].materials:
        made_up = hashlib.sha256(f"{case.id}{item.key}".encode()).hexdigest()
        session.add(
            Attachment(
                case_id=case.id, person_id=case.person_id, kind=item.key, added_at=NOW,
                filename=f"{item.key}.{'png' if item.key == 'signature' else 'jpg'}",
                sha256=made_up, mime="", size=0, width=0, height=0,
            )
        )  # fmt: skip
    session.flush()
    return case


BUSINESSES = ("initial", "change", "renewal", "replacement", "cancellation")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("business", BUSINESSES)
def test_the_papers_of_a_case_say_what_its_rows_say(business: str) -> None:
    with db.transaction() as session:
        case = handed_in(session, business)
        orders = {order.kind: order for order in files._orders(session, true(), 100)}
        photo = orders.pop("photo", None)
        orders.pop("signature", None)
        assert orders
        for kind, order in orders.items():
            said = "\n".join(lines_of(paper_of(order), order))
            assert case.person_name in said
            assert case.person.id_number in said
            assert order.company == (FORMER if kind == "dismissal" else case.employer_name)
            if kind == "insurance_proof":
                assert [month.payer for month in order.months] == [FORMER, case.employer_name]
                assert f"|2026年2月|{case.employer_name}|{case.employer.credit_code}|" in said
            elif kind == "dismissal":
                assert FORMER in said
                assert "2026年1月12日" in said  # before the new contract begins
            if case.form.get("registration_number") and kind in {"dismissal", "arbitration"}:
                assert case.form["registration_number"] in said
            assert order.photo == (photo.made_up if photo else "")


@pytest.mark.usefixtures("engine")
def test_every_picture_of_a_case_becomes_a_file_that_its_row_describes() -> None:
    with db.transaction() as session:
        for business in BUSINESSES:
            handed_in(session, business)
        with files.Studio() as studio:
            studio.give(session, true())
            studio.finish(session, lambda _done, _all: None)
    with db.reading() as session:
        rows = session.scalars(select(Attachment)).all()
        assert {row.kind for row in rows} >= {"photo", "signature", "dismissal", "arbitration"}
        for row in rows:
            data = attachments.path_of(row.sha256).read_bytes()
            facts = images.inspect(data, row.filename)
            assert (row.size, row.mime) == (len(data), facts.mime)
            assert (row.width, row.height) == (facts.width, facts.height)
            assert row.phash == f"{facts.phash:016x}"
            assert facts.extension_matches


def test_the_face_on_a_certificate_is_that_of_the_photo() -> None:
    one, other = order(1)._replace(photo="0" * 64), order(1)._replace(photo="7" * 64)
    assert paper("qualification", one) != paper("qualification", other)
    assert portraits.face(0, "女").size == images.PHOTO_SIZE
