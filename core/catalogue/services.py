"""The fifteen services: three professions × five business types (domain D)."""

from __future__ import annotations

from dataclasses import replace

from core.catalogue.businesses import BUSINESSES
from core.catalogue.checklists import checks_of
from core.catalogue.fields import (
    ARCHITECT_INDUSTRIES,
    SUPERVISION_FIELDS,
    SURVEY_DESIGN_INDUSTRIES,
    portal_fields,
)
from core.catalogue.materials import MATERIALS
from core.catalogue.notices import notice_of
from core.catalogue.professions import PROFESSIONS
from core.catalogue.promises import PROMISES
from core.catalogue.types import ChecklistItem, Service
from core.text import Text
from core.vocabulary.stages import Stage

# Codes shown in the manuals; the architects' is unknown (domain D, "Codes").
_ITEM_CODES = {
    "supervision": "11100000000013338W1000117040000",
    "architect": "",
    "survey_design": "11100000000013338W1000117039001",
}

# What the manuals call the thing that is granted (M0 图9, M4 §3.3).
_ITEMS = {
    "supervision": Text("监理工程师执业资格认定", "Practice recognition of supervision engineers"),
    "architect": Text(
        "一级注册建筑师执业资格认定", "Practice recognition of class 1 registered architects"
    ),
    "survey_design": Text(
        "一级注册结构工程师和其他专业勘察设计注册工程师执业资格认定",
        "Practice recognition of class 1 structural and other survey and design engineers",
    ),
}

# Names of 补办 in each channel; elsewhere a business type has one name.
_OWN_NAMES = {
    ("supervision", "replacement"): Text(
        "遗失破损补办注册", "replacement of a lost or damaged certificate"
    ),
    ("architect", "replacement"): Text("更改补办", "alteration or replacement"),
    ("survey_design", "replacement"): Text("更改补办", "alteration or replacement"),
}

_FIELDS = {
    "supervision": SUPERVISION_FIELDS,
    "architect": portal_fields(ARCHITECT_INDUSTRIES),
    "survey_design": portal_fields(SURVEY_DESIGN_INDUSTRIES),
}

# M2 shows no promise on 遗失破损补办, M4 asks for one on every service.
_WITHOUT_PROMISE = frozenset({("supervision", "replacement")})

# Not a licence proper: the second look is left out (domain L.11).
_PATHS = {"replacement": (Stage.REVIEW, Stage.DECISION)}
_FULL_PATH = (Stage.REVIEW, Stage.RECHECK, Stage.DECISION)

# 变更 and 延续: a province has 5 days (old 147号令); 监理 aims at a decision in 10 (domain H, L.7).
_PARAMETERS: dict[tuple[str, str], dict[str, int | bool]] = {
    (profession, business): {
        "province_days": 5,
        **({"decision_target_days": 10} if profession == "supervision" else {}),
    }
    for profession in PROFESSIONS
    for business in ("change", "renewal")
}


def _title(profession: str, business: str) -> Text:
    name = _OWN_NAMES.get((profession, business), BUSINESSES[business].label)
    item = _ITEMS[profession]
    return Text(f"{item.zh}（{name.zh}）", f"{item.en}: {name.en[0].lower()}{name.en[1:]}")


def _checks(profession: str, business: str) -> tuple[ChecklistItem, ...]:
    """The checklist, each check naming only material that this business type asks for."""
    asked = {material.key for material in MATERIALS[business]}
    return tuple(
        replace(check, materials=tuple(key for key in check.materials if key in asked))
        for check in checks_of(profession, business)
    )


def _service(profession: str, business: str) -> Service:
    pair = (profession, business)
    return Service(
        profession=profession,
        business=business,
        title=_title(profession, business),
        item_code=_ITEM_CODES[profession],
        notice=notice_of(profession, business),
        promise=None if pair in _WITHOUT_PROMISE else PROMISES[profession],
        fields=_FIELDS[profession][business],
        materials=MATERIALS[business],
        checks=_checks(profession, business),
        path=_PATHS.get(business, _FULL_PATH),
        parameters=_PARAMETERS.get(pair, {}),
    )


SERVICES: dict[tuple[str, str], Service] = {
    (profession, business): _service(profession, business)
    for profession in PROFESSIONS
    for business in BUSINESSES
}
