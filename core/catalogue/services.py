"""The services: every profession × every business type (domain D), from one row a profession."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.catalogue.businesses import BUSINESSES
from core.catalogue.checklists import checks_of
from core.catalogue.fields import (
    ARCHITECT_INDUSTRIES,
    SUPERVISION_FIELDS,
    SURVEY_DESIGN_INDUSTRIES,
    portal_fields,
)
from core.catalogue.materials import MATERIALS
from core.catalogue.notices import (
    ARCHITECT_NOTICE,
    PORTAL_CANCELLATION_NOTICE,
    SUPERVISION_CANCELLATION_NOTICE,
    SUPERVISION_NOTICE,
    SURVEY_DESIGN_NOTICE,
)
from core.catalogue.professions import PROFESSIONS
from core.catalogue.promises import ARCHITECT_PROMISE, SUPERVISION_PROMISE, SURVEY_DESIGN_PROMISE
from core.catalogue.types import ChecklistItem, Field, Notice, Profession, Promise, Service
from core.text import Text
from core.vocabulary.stages import Stage


@dataclass(frozen=True, slots=True)
class _Forms:
    """What the services of one profession look like to people.

    item: what the manuals call the thing that is granted (M0 图9, M4 §3.3). item_code: as shown in
    the manuals; empty where it is unknown (domain D, "Codes"). fields: by business type. names:
    business types called otherwise than elsewhere. without_promise: business types on which no
    promise is made. parameters: values of single services, by business type.
    """

    item: Text
    item_code: str
    fields: Mapping[str, tuple[Field, ...]]
    notice: Notice
    cancellation_notice: Notice
    promise: Promise
    names: Mapping[str, Text] = field(default_factory=dict)
    without_promise: frozenset[str] = frozenset()
    parameters: Mapping[str, Mapping[str, int | bool]] = field(default_factory=dict)


_ALTERATION = Text("更改补办", "alteration or replacement")

# Days to decide by service (M.1): 147号令 §8 gives 变更 and 延续 ten, 137号令 likewise; 补办 and
# 注销 are promised in ten. A province has 5 for 变更 and 延续 (old 147号令).
_TEN: Mapping[str, int | bool] = {"decision_days": 10}
_OF_ALL: Mapping[str, Mapping[str, int | bool]] = {
    "change": {**_TEN, "province_days": 5},
    "renewal": {**_TEN, "province_days": 5},
    "replacement": _TEN,
    "cancellation": _TEN,
}

_FORMS: dict[str, _Forms] = {
    "supervision": _Forms(
        Text("监理工程师执业资格认定", "Practice recognition of supervision engineers"),
        "11100000000013338W1000117040000",
        SUPERVISION_FIELDS,
        SUPERVISION_NOTICE,
        SUPERVISION_CANCELLATION_NOTICE,
        SUPERVISION_PROMISE,
        names={
            "replacement": Text("遗失破损补办注册", "replacement of a lost or damaged certificate")
        },
        # M2 shows no promise on 遗失破损补办, M4 asks for one on every service.
        without_promise=frozenset({"replacement"}),
        parameters=_OF_ALL,
    ),
    "architect": _Forms(
        Text("一级注册建筑师执业资格认定", "Practice recognition of class 1 registered architects"),
        "",
        portal_fields(ARCHITECT_INDUSTRIES),
        ARCHITECT_NOTICE,
        PORTAL_CANCELLATION_NOTICE,
        ARCHITECT_PROMISE,
        names={"replacement": _ALTERATION},
        # 公示 belongs to 初始 of architects alone (M.2); after the province's ten days the ministry
        # has fifteen (细则).
        parameters={
            **_OF_ALL,
            "initial": {
                "publicity_days": 10,
                "province_days": 10,
                "decision_days_after_province": 15,
            },
        },
    ),
    "survey_design": _Forms(
        Text(
            "一级注册结构工程师和其他专业勘察设计注册工程师执业资格认定",
            "Practice recognition of class 1 structural and other survey and design engineers",
        ),
        "11100000000013338W1000117039001",
        portal_fields(SURVEY_DESIGN_INDUSTRIES),
        SURVEY_DESIGN_NOTICE,
        PORTAL_CANCELLATION_NOTICE,
        SURVEY_DESIGN_PROMISE,
        names={"replacement": _ALTERATION},
        parameters=_OF_ALL,
    ),
}

# Not a licence proper: the second look is left out (domain L.11).
_PATHS = {"replacement": (Stage.REVIEW, Stage.DECISION)}
_FULL_PATH = (Stage.REVIEW, Stage.RECHECK, Stage.DECISION)


def _title(forms: _Forms, business: str) -> Text:
    name = forms.names.get(business, BUSINESSES[business].label)
    item = forms.item
    return Text(f"{item.zh}（{name.zh}）", f"{item.en}: {name.en[0].lower()}{name.en[1:]}")


def _checks(profession: Profession, business: str) -> tuple[ChecklistItem, ...]:
    """The checklist, each check naming only material that this business type asks for."""
    asked = {material.key for material in MATERIALS[business]}
    return tuple(
        replace(check, materials=tuple(key for key in check.materials if key in asked))
        for check in checks_of(profession, business)
    )


def _service(profession: Profession, business: str) -> Service:
    forms = _FORMS[profession.key]
    return Service(
        profession=profession.key,
        business=business,
        title=_title(forms, business),
        item_code=forms.item_code,
        notice=forms.cancellation_notice if business == "cancellation" else forms.notice,
        promise=None if business in forms.without_promise else forms.promise,
        fields=forms.fields[business],
        materials=MATERIALS[business],
        checks=_checks(profession, business),
        path=_PATHS.get(business, _FULL_PATH),
        parameters=forms.parameters.get(business, {}),
    )


SERVICES: dict[tuple[str, str], Service] = {
    (profession.key, business): _service(profession, business)
    for profession in PROFESSIONS.values()
    for business in BUSINESSES
}
