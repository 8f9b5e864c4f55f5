"""A form is judged by field key, without a packet around it, in the words that a packet gets."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from core import catalogue
from core.catalogue import BUILT_IN
from core.catalogue.types import Field, Kind, Option, Service
from core.filing import forms, validation
from core.filing.validation import FieldProblem
from core.intake import messages, pictures, validate
from core.intake.problems import Problem
from core.text import Text
from tests.packets import Writer

NOW = datetime(2026, 3, 12, tzinfo=UTC)
CJK = re.compile(r"[一-鿿]")
CHECKER = messages.validator(BUILT_IN)
SERVICES = [
    pytest.param(service, id=f"{service.profession}-{service.business}")
    for service in BUILT_IN.services.values()
]
INITIAL = BUILT_IN.services["supervision", "initial"]
Packet = dict[str, Any]


def sound(service: Service) -> tuple[Packet, dict[str, Any]]:
    """A sound packet of a service, and the same as a form."""
    data, _files = Writer(11).packet(service.profession, service.business)
    return data, validate.form_of(data, service)


def kinds_of(data: Packet) -> list[str]:
    return [entry["kind"] for entry in data["files"]]


def of_packet(data: Packet, service: Service) -> list[Problem]:
    """What intake says of the values of a packet, as `run` puts it together."""
    form = validate.form_of(data, service)
    problems = messages.schema_problems(CHECKER, data, BUILT_IN)
    paths = {problem.path for problem in problems}
    problems += validate.check(data, service, form, known=paths, now=NOW)
    return problems + pictures.missing(kinds_of(data), service, form)


def of_form(form: dict[str, Any], data: Packet, service: Service) -> list[FieldProblem]:
    return validation.check(
        service, form, chosen=data.get("specialties") or [], kinds=kinds_of(data)
    )


def at(problems: list[FieldProblem], field: str) -> list[FieldProblem]:
    return [problem for problem in problems if problem.field == field]


@pytest.mark.parametrize("service", SERVICES)
def test_an_empty_form_names_everything_that_is_wanted_by_key_in_both_languages(
    service: Service,
) -> None:
    found = validation.check(service, {}, chosen=[], kinds=[])
    wanted = {field.key: field.label for field in service.fields if forms.demanded(field)}
    assert set(wanted) == {
        field.key for field in service.fields if field.required and field.subject != "registration"
    }
    if BUILT_IN.professions[service.profession].specialties:
        wanted[validation.SPECIALTIES] = Text("注册专业", "specialties")
    for material in service.materials:
        if material.required and material.when is None:
            wanted[f"{validation.MATERIALS}{material.key}"] = material.label
    assert {problem.field for problem in found} == set(wanted)
    assert len(found) == len(wanted), "each is named once"
    for problem in found:
        assert wanted[problem.field].zh in problem.text.zh
        assert wanted[problem.field].en in problem.text.en
        assert "缺少" in problem.text.zh
        assert not CJK.search(problem.text.en)
        assert not problem.warns


@pytest.mark.parametrize("service", SERVICES)
def test_a_sound_form_has_nothing_wrong_with_it(service: Service) -> None:
    data, form = sound(service)
    assert of_form(form, data, service) == []
    assert of_packet(data, service) == []


WRONG: dict[Kind, tuple[Any, ...]] = {
    Kind.TEXT: (7, [], "", "  ", "长" * 201, "一\u202e二", "一\n二"),
    Kind.NAME: (7, [], "", "\u200b", "长" * 201, "123", "王\u202e示", "王\x00示", "\ufdfa" * 60),
    Kind.LONG_TEXT: (True, "长" * 1001, "一\u202e二"),
    Kind.DATE: (7, "", "2010/2/3", "2010-02", "2010-02-30", "20100203", "0001-01-01", "9999-12-31"),
    Kind.MONTH: (1.5, "", "2010-13", "2010-02-03", "0000-01", "0001-01", "9999-12"),
    Kind.NUMBER: ("5", True, -1, {}, 81, 1e300),
    Kind.YES_NO: ("", "maybe", True),
    Kind.PHONE: (7, "", "12", "1" * 21, "021-5555"),
    Kind.ID_NUMBER: (7, "", "1" * 31, "123", "1101051949123100２X", "110105194912310029"),
    Kind.CREDIT_CODE: (7, "", "1" * 31, "123", "91370100ma0000000i", "913701000000000000"),
    Kind.OPTION: ("", "x", 7, []),
    Kind.OPTIONS: ("x", [], ["x"], ["employer", "employer"], ["x", "x"], [7]),
}
FIELDS = {field: service for service in BUILT_IN.services.values() for field in service.fields}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_wrong_value_is_told_in_the_same_words_on_a_form_and_in_a_packet(kind: Kind) -> None:
    compared = 0
    for field, service in FIELDS.items():
        if field.kind is not kind:
            continue
        path = f"$.{field.subject.value}.{field.key}"
        # A packet has no place of its own for the province: it is told at the credit code.
        places = {field.key, "province" if kind is Kind.CREDIT_CODE else field.key}
        for value in WRONG[kind]:
            data, form = sound(service)
            data[field.subject.value][field.key] = value
            form[field.key] = value
            told = [
                (problem.what, problem.expected, problem.warns)
                for problem in of_packet(data, service)
                if problem.path == path or problem.path.startswith(f"{path}[")
            ]
            said = [
                (problem.text, problem.wanted or Text("", ""), problem.warns)
                for problem in of_form(form, data, service)
                if problem.field in places
            ]
            assert sorted(set(told), key=str) == sorted(set(said), key=str), (field.key, value)
            compared += bool(told)
    assert compared >= 2


@pytest.mark.parametrize(
    ("chosen", "zh"),
    [
        (None, "缺少“注册专业”。"),
        (["building", "power", "mining"], "“注册专业”有 3 项，过多。"),
        (["building", "building"], "“注册专业”中有重复项。"),
        (["building", "x"], "“注册专业”的值“x”不在可选项中。"),
        (["water"], "注册专业“水利水电工程”暂未开放申报。"),
    ],
)
def test_specialties_are_told_in_the_same_words_too(chosen: list[str] | None, zh: str) -> None:
    data, _form = sound(INITIAL)
    data["specialties"] = chosen
    if chosen is None:
        del data["specialties"]
    told = [item for item in of_packet(data, INITIAL) if item.path.startswith("$.specialties")]
    said = list(validation.specialties(INITIAL, chosen or []))
    assert {problem.field for problem in said} == {validation.SPECIALTIES}
    assert [problem.text.zh for problem in said] == [zh]
    assert [(item.what, item.expected) for item in told] == [
        (item.text, item.wanted or Text("", "")) for item in said
    ]


def test_a_profession_without_specialties_takes_none_and_a_service_must_be_offered() -> None:
    architect = BUILT_IN.services["architect", "initial"]
    assert list(validation.specialties(architect, [])) == []
    assert [item.text.zh for item in validation.specialties(architect, ["x"])] == [
        "“注册专业”有 1 项，过多。"
    ]
    gone = replace(architect, business="abolished")
    assert [item.field for item in validation.specialties(gone, [])] == [validation.BUSINESS]


def credit_code(last: str) -> str:
    return f"91370100MA000000{last}"


@pytest.mark.parametrize(
    ("changes", "field", "fails", "zh"),
    [
        ({}, "id_number", None, ""),
        ({"id_number": "110105194912310029"}, "id_number", True, "校验位不符"),
        ({"id_number": "11010519491331002X"}, "id_number", True, "出生日期不存在"),
        ({"id_number": "A10105194912310028"}, "id_number", True, "只能由数字组成"),
        ({"id_number": "99010519491231002X"}, "id_number", True, "校验位不符"),
        ({"id_number": "990101194912310028"}, "id_number", False, "行政区划代码"),
        ({"id_type": "passport", "id_number": "E0000000"}, "id_number", None, ""),
        ({"born_on": "1950-05-05"}, "born_on", True, "与身份证号所含的"),
        ({"id_type": "passport", "born_on": "1950-05-05"}, "born_on", None, ""),
        ({"phone": "+86 199-0000-0001"}, "phone", None, ""),
        ({"phone": "2990000000"}, "phone", True, "11位数字"),
        ({"phone": "--"}, "phone", True, "为空"),
        ({"credit_code": "91370100MA0000000I"}, "credit_code", True, "不含I、O、S、V、Z"),
        ({"credit_code": "913701000000000000"}, "credit_code", False, "校验位不符"),
        ({"employer_province": "月球", "credit_code": "91000100MA00000000"}, "province", True,
         "无法确定聘用单位所在省份"),
        ({"employer_province": "月球"}, "province", None, ""),
    ],
)  # fmt: skip
def test_identifiers_pass_warn_or_fail(
    changes: dict[str, str], field: str, fails: bool | None, zh: str
) -> None:
    data, form = sound(INITIAL)
    form = forms.stored(INITIAL, {**form, **changes})
    found = at(of_form(form, data, INITIAL), field)
    assert [not problem.warns for problem in found] == ([] if fails is None else [fails])
    assert all(zh in problem.text.zh for problem in found)


def test_sex_is_laid_beside_the_number() -> None:
    data, form = sound(INITIAL)
    form["sex"] = {"male": "female", "female": "male"}[form["sex"]]
    (problem,) = of_form(form, data, INITIAL)
    assert problem.field == "sex"
    assert problem.wanted == validation.AS_IN_ID


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, set()),
        ({"forced": "no", "cancellation_reason": "own_request"}, set()),
        ({"forced": "yes", "cancellation_reason": "own_request"}, {"arbitration"}),
        ({"forced": "yes", "cancellation_reason": "death_or_incapacity"},
         {"arbitration", "death_certificate"}),
    ],
)  # fmt: skip
def test_materials_are_asked_for_by_the_answers(answers: dict[str, str], missing: set[str]) -> None:
    service = BUILT_IN.services["supervision", "cancellation"]
    found = list(validation.materials(service, answers, []))
    assert {problem.field for problem in found} == {f"materials:{key}" for key in missing}
    assert list(validation.materials(service, answers, sorted(missing))) == []


def test_a_material_may_hang_on_one_of_several_options() -> None:
    field = Field(
        "wishes", Text("要求", "Wishes"), catalogue.types.Subject.REQUEST, kind=Kind.OPTIONS,
        options=(Option("a", Text("甲", "A")), Option("b", Text("乙", "B"))),
    )  # fmt: skip
    paper = catalogue.types.Material("paper", Text("材料", "Paper"), when=("wishes", "b"))
    service = replace(INITIAL, fields=(field,), materials=(paper,))
    for value, asked in (([], False), (["a"], False), (["a", "b"], True), (None, False)):
        assert validation.is_asked(paper, service, {"wishes": value}) is asked


def test_there_is_one_photograph_and_as_many_other_materials_as_wanted() -> None:
    kinds = ["photo", "photo", "signature", "other", "other"]
    (problem,) = validation.materials(INITIAL, {}, kinds)
    assert (problem.field, problem.text.zh) == ("materials:photo", "“一寸白底免冠照”只能有一张。")


def test_a_pattern_that_does_not_block_only_warns() -> None:
    field = next(item for item in INITIAL.fields if item.key == "school")
    for blocks, warns in ((False, True), (True, False)):
        strict = replace(field, pattern="大学$", pattern_blocks=blocks)
        service = replace(INITIAL, fields=(strict,))
        (problem,) = validation.fields(service, {"school": "某某学院"})
        assert (problem.field, problem.warns) == ("school", warns)
        assert validation.fields(service, {"school": "某某大学"}) == []


def test_values_are_stored_in_one_form_and_those_of_no_use_left_out() -> None:
    stored = forms.stored(
        INITIAL,
        {
            "name": "  赵示一 ",
            "phone": "+86 199-0000-0001",
            "id_number": "11010549123100x",
            "credit_code": "91370100ma0000000x",
            "school": 7,
            "nonsense": "x",
        },
    )
    assert stored == {
        "name": "赵示一",
        "phone": "19900000001",
        "id_number": "11010549123100X",
        "credit_code": "91370100MA0000000X",
    }


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"employer_province": "37"}, "37"),
        ({"employer_province": "山东省"}, "37"),
        ({"employer_province": "山东", "credit_code": "91110100MA00000000"}, "37"),
        ({"employer_province": "月球", "credit_code": "91110100MA00000000"}, "11"),
        ({}, None),
    ],
)
def test_the_province_is_the_stated_one_or_that_of_the_code(
    form: dict[str, str], code: str | None
) -> None:
    assert forms.province_of(form) == code


def test_every_sentence_speaks_both_languages() -> None:
    for field, service in FIELDS.items():
        for value in WRONG[field.kind]:
            for problem in validation.fields(service, {field.key: value}):
                assert not CJK.search(problem.text.en)
                assert "{" not in problem.text.zh + (problem.wanted or Text("", "")).zh


@pytest.mark.parametrize(
    ("values", "field", "zh"),
    [
        ({"born_on": "0001-01-01"}, "born_on", "应在 1900 年至 2086 年之间"),
        ({"born_on": "9999-12-31"}, "born_on", "应在 1900 年至 2086 年之间"),
        ({"born_on": "2026-03-13"}, "born_on", "晚于今天"),
        ({"born_on": "2020-01-01"}, "born_on", "年龄为 6 周岁"),
        ({"born_on": "1901-01-01"}, "born_on", "年龄为 125 周岁"),
        ({"graduated_on": "2026-03-13"}, "graduated_on", "晚于今天"),
        ({"born_on": "1990-01-01", "graduated_on": "1989-12-31"}, "graduated_on", "早于“出生日期”"),
    ],
)
def test_dates_that_no_life_can_hold_are_refused_on_a_form_and_in_a_packet(
    values: dict[str, str], field: str, zh: str
) -> None:
    data, form = sound(INITIAL)
    other = {"id_type": "passport", "id_number": "E12345678"}
    data["person"].update(**other, **values)
    said = validation.check(
        INITIAL,
        {**form, **other, **values},
        chosen=data["specialties"],
        kinds=kinds_of(data),
        today=date(2026, 3, 12),
    )
    assert [problem.field for problem in said] == [field]
    assert zh in said[0].text.zh
    assert [(p.path, p.what) for p in of_packet(data, INITIAL)] == [
        (f"$.person.{field}", said[0].text)
    ]


def test_employment_does_not_end_before_it_begins() -> None:
    service = BUILT_IN.services["architect", "initial"]
    _data, form = sound(service)
    dates = {"employed_from": "2020-05-02", "employed_until": "2020-05-01"}
    (problem,) = validation.fields(service, {**form, **dates})
    assert (problem.field, "早于“聘用开始时间”" in problem.text.zh) == ("employed_until", True)


def test_a_month_is_not_before_a_day_of_the_same_month() -> None:
    service = BUILT_IN.services["architect", "initial"]
    _data, form = sound(service)
    other = {"id_type": "passport", "id_number": "E12345678"}
    dates = {"born_on": "1990-05-20", "graduated_on": "1990-05"}
    assert validation.fields(service, {**form, **other, **dates}) == []


@pytest.mark.parametrize("number", ["Е1234567", "\u3300" * 20, "E", "E1234·5", "E" * 21, "\u200b"])
def test_a_document_number_that_is_none_is_refused(number: str) -> None:
    data, _form = sound(INITIAL)
    data["person"].update(id_type="passport", id_number=number)
    assert "$.person.id_number" in {problem.path for problem in of_packet(data, INITIAL)}


def test_a_document_number_is_one_however_it_is_typed() -> None:
    ways = ("E12345678", "e12345678", " E1234 5678 ", "Ｅ１２３４５６７８", "E1234\u200b5678")
    stored = {forms.stored(INITIAL, {"id_number": way})["id_number"] for way in ways}
    assert stored == {"E12345678"}


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.data())
def test_any_value_in_any_field_is_answered_in_words(data: st.DataObject) -> None:
    service = data.draw(st.sampled_from([*BUILT_IN.services.values()]))
    _packet, form = sound(service)
    keys = st.sampled_from([field.key for field in service.fields])
    values: dict[str, Any] = {**form, **data.draw(st.dictionaries(keys, HOSTILE, max_size=4))}
    chosen = data.draw(st.lists(HOSTILE, max_size=3))
    for given_form in (values, forms.stored(service, values)):
        for problem in validation.check(service, given_form, chosen=chosen, kinds=[]):
            assert problem.text.zh
            assert problem.text.en
