"""The built-in catalogue: complete, consistent, in two languages, and true to the manuals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields as dataclass_fields, is_dataclass, replace

import pytest
from stdnum.cn import uscc

from core import catalogue
from core.catalogue import BUILT_IN
from core.catalogue.types import Effect, Kind, Profession, Service, Source, Subject
from core.text import Text
from core.vocabulary.cases import STATUSES, Status
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Ending, Milestone

SERVICES = [
    pytest.param(service, id=f"{service.profession}-{service.business}")
    for service in BUILT_IN.services.values()
]
PROFESSIONS = [
    pytest.param(profession, id=profession.key) for profession in BUILT_IN.professions.values()
]
RULES = {
    "id_number", "id_matches_form", "age", "photo", "signature", "materials", "employer_standing",
    "credit_code", "same_employer", "renewal_window", "registration_active", "qualification",
    "one_initial", "open_case", "insurance", "duplicates", "contract_term", "specialty_open",
}  # fmt: skip
COMPARABLE = {
    "name", "sex", "id_number", "born_on", "phone", "ethnicity", "school", "major", "education",
    "degree", "graduated_on", "title", "employer_name", "credit_code", "legal_rep",
    "qualification_number", "seal_number", "number", "valid_to",
}  # fmt: skip
CJK = re.compile(r"[一-鿿]")


def texts(thing: object, where: str) -> Iterator[tuple[str, Text]]:
    """Every Text reachable from `thing`, with the way to it."""
    if isinstance(thing, Text):
        yield where, thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from texts(value, f"{where}[{key}]")
    elif isinstance(thing, tuple):
        for index, value in enumerate(thing):
            yield from texts(value, f"{where}[{index}]")
    elif is_dataclass(thing):
        for item in dataclass_fields(thing):
            yield from texts(getattr(thing, item.name), f"{where}.{item.name}")


def keys(items: tuple[object, ...]) -> list[str]:
    return [item.key for item in items]  # type: ignore[attr-defined]


def test_every_profession_offers_every_business_type() -> None:
    assert set(BUILT_IN.services) == {
        (profession, business)
        for profession in ("supervision", "architect", "survey_design")
        for business in ("initial", "change", "renewal", "replacement", "cancellation")
    }


def test_everything_is_stored_under_its_own_key() -> None:
    for group in (BUILT_IN.professions, BUILT_IN.businesses, BUILT_IN.reasons, BUILT_IN.parameters):
        assert [item.key for item in group.values()] == list(group)
    for pair, service in BUILT_IN.services.items():
        assert (service.profession, service.business) == pair


def test_every_text_is_chinese_on_one_side_and_english_on_the_other() -> None:
    found = list(texts(BUILT_IN, "catalogue"))
    assert len(found) > 1000
    for where, text in found:
        assert text.zh.strip() == text.zh, where
        assert text.en.strip() == text.en, where
        assert CJK.search(text.zh), (where, text.zh)
        assert re.search(r"[A-Za-z%]", text.en), (where, text.en)
        assert not CJK.search(text.en), (where, text.en)
        assert not re.search(r"[{}]", text.zh + text.en), where


@pytest.mark.parametrize("service", SERVICES)
def test_keys_are_unique_within_a_service(service: Service) -> None:
    for items in (service.fields, service.materials, service.checks):
        names = keys(items)
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


@pytest.mark.parametrize("service", SERVICES)
def test_checks_refer_only_to_what_exists(service: Service) -> None:
    materials = set(keys(service.materials))
    for check in service.checks:
        assert check.reasons
        assert set(check.reasons) <= set(BUILT_IN.reasons), check.key
        assert set(check.materials) <= materials, check.key
        assert set(check.rules) <= RULES, check.key
        assert set(check.stages) <= {Stage.ACCEPTANCE, Stage.REVIEW}, check.key


@pytest.mark.parametrize("service", SERVICES)
def test_a_desk_that_finds_a_failure_has_a_ground_to_act_on(service: Service) -> None:
    for check in service.checks:
        grounds = [BUILT_IN.reasons[key] for key in check.reasons]
        if Stage.ACCEPTANCE in check.stages:
            assert any(ground.corrects or ground.refuses for ground in grounds), check.key
        if Stage.REVIEW in check.stages:
            assert any(ground.rejects for ground in grounds), check.key


@pytest.mark.parametrize("service", SERVICES)
def test_both_desks_have_a_checklist_of_working_length(service: Service) -> None:
    assert 6 <= len(service.checks) <= 10
    assert {Stage.ACCEPTANCE, Stage.REVIEW} == {
        stage for check in service.checks for stage in check.stages
    }


def test_reasons_of_one_profession_are_offered_only_there() -> None:
    for service in BUILT_IN.services.values():
        others = set(BUILT_IN.professions) - {service.profession}
        for check in service.checks:
            for reason in check.reasons:
                assert not reason.endswith(tuple(f"_{other}" for other in others)), reason


def test_every_rule_and_every_reason_is_used() -> None:
    checks = [check for service in BUILT_IN.services.values() for check in service.checks]
    assert {rule for check in checks for rule in check.rules} == RULES
    # A lapsed correction is found by the clock, not by a check.
    assert {reason for check in checks for reason in check.reasons} == set(BUILT_IN.reasons) - {
        "correction_failed"
    }


def test_every_reason_does_something() -> None:
    assert 25 <= len(BUILT_IN.reasons) <= 35
    for reason in BUILT_IN.reasons.values():
        assert reason.corrects or reason.refuses or reason.rejects, reason.key


@pytest.mark.parametrize("service", SERVICES)
def test_choices_have_options_and_nothing_else_has(service: Service) -> None:
    for field in service.fields:
        assert bool(field.options) == (field.kind in {Kind.OPTION, Kind.OPTIONS}), field.key
        assert len(set(keys(field.options))) == len(field.options), field.key


@pytest.mark.parametrize("service", SERVICES)
def test_fields_are_compared_with_known_values_only(service: Service) -> None:
    assert {field.register for field in service.fields} - {None} <= COMPARABLE


@pytest.mark.parametrize("service", SERVICES)
def test_identity_and_employer_are_part_of_every_service(service: Service) -> None:
    found = {field.key: field for field in service.fields}
    for key in ("name", "sex", "id_type", "id_number", "born_on", "phone"):
        assert found[key].source is Source.AUTO
    assert {"employer_name", "credit_code"} <= set(found)
    registered = {field.key for field in service.fields if field.subject is Subject.REGISTRATION}
    assert ("valid_to" in registered) == (service.business != "initial")


def test_a_seal_number_is_shown_exactly_where_the_profession_has_one() -> None:
    for service in BUILT_IN.services.values():
        if service.business != "initial":
            sealed = BUILT_IN.professions[service.profession].seal_pattern is not None
            assert ("seal_number" in keys(service.fields)) == sealed


@pytest.mark.parametrize("service", SERVICES)
def test_conditions_of_materials_name_a_field_and_one_of_its_values(service: Service) -> None:
    found = {field.key: field for field in service.fields}
    for material in service.materials:
        if material.when is None:
            continue
        field, value = found[material.when[0]], material.when[1]
        allowed = {"yes", "no"} if field.kind is Kind.YES_NO else set(keys(field.options))
        assert value in allowed, material.key


def test_photo_and_signature_are_asked_for_except_on_cancellation() -> None:
    for service in BUILT_IN.services.values():
        asked = {material.key: material for material in service.materials}
        assert ("photo" in asked) == ("signature" in asked) == (service.business != "cancellation")
        if "photo" in asked:
            assert (asked["photo"].width, asked["photo"].height) == (295, 413)
            assert (asked["signature"].width, asked["signature"].height) == (405, 162)
        assert ("dismissal" in asked) == (service.business == "change")
        assert not asked["other"].required


def test_only_architects_and_engineers_may_ask_for_a_new_seal() -> None:
    for service in BUILT_IN.services.values():
        expected = service.business == "replacement" and service.profession != "supervision"
        assert ("replacement_request" in keys(service.fields)) == expected


def test_only_supervision_cancels_for_age() -> None:
    for profession in BUILT_IN.professions:
        service = BUILT_IN.services[profession, "cancellation"]
        reason = next(field for field in service.fields if field.key == "cancellation_reason")
        assert ("over_age" in keys(reason.options)) == (profession == "supervision")


@pytest.mark.parametrize("service", SERVICES)
def test_item_codes_begin_with_a_valid_credit_code(service: Service) -> None:
    if service.profession == "architect":
        assert service.item_code == ""
        return
    assert len(service.item_code) == 31
    assert uscc.is_valid(service.item_code[:18])


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_progress_bars_go_in_the_order_of_the_procedure(profession: Profession) -> None:
    order = [list(Milestone).index(node.milestone) for node in profession.timeline]
    assert order == sorted(set(order))


def test_a_case_rests_somewhere_unless_it_was_broken_off() -> None:
    for status, spec in STATUSES.items():
        assert (spec.milestone is None) == (spec.ending is Ending.STOPPED), status


@pytest.mark.parametrize(
    ("profession", "labels"),
    [
        ("supervision", ["提交申请", "企业上报", "部级审核"]),
        ("architect", ["个人上报", "企业上报", "部级受理", "部级审查", "公示", "公告"]),
        ("survey_design", ["个人上报", "企业上报", "部级受理", "部级审核", "公告"]),
    ],
)
def test_progress_bars_read_as_in_the_domain(profession: str, labels: list[str]) -> None:
    timeline = BUILT_IN.professions[profession].timeline
    assert [node.label.zh for node in timeline] == labels


def test_approved_cases_rest_after_review_and_withdrawing_ones_with_the_employer() -> None:
    assert STATUSES[Status.APPROVED].milestone is Milestone.ANNOUNCEMENT
    with_employer = {
        status for status, spec in STATUSES.items() if spec.milestone is Milestone.EMPLOYER
    }
    assert with_employer == {Status.FILED, Status.RETURNED, Status.WITHDRAWING}


def test_specialties_are_as_many_as_the_registers_know() -> None:
    counts = {key: len(item.specialties) for key, item in BUILT_IN.professions.items()}
    assert counts == {"supervision": 14, "architect": 0, "survey_design": 12}
    every = [item.key for found in BUILT_IN.professions.values() for item in found.specialties]
    assert len(set(every)) == len(every)


def test_closed_specialties_are_those_of_the_domain() -> None:
    closed = {
        key: {item.label.zh for item in found.specialties if not item.open}
        for key, found in BUILT_IN.professions.items()
    }
    assert closed == {
        "supervision": {"公路工程", "港口与航道工程", "水利水电工程"},
        "architect": set(),
        "survey_design": {
            "注册土木工程师(港口与航道)",
            "注册土木工程师(水利水电)",
            "注册土木工程师(道路)",
            "注册环保工程师",
        },
    }


def test_letters_of_survey_and_design_are_distinct() -> None:
    letters = [item.letters for item in BUILT_IN.professions["survey_design"].specialties]
    assert all(letters)
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize(
    ("profession", "letters", "serial", "number"),
    [
        ("supervision", "", "000123", "15000123"),
        ("architect", "", "00249", "121500249"),
        ("survey_design", "AY", "00374", "AY121500374"),
    ],
)
def test_numbers_made_by_the_pattern_pass_their_own_check(
    profession: str, letters: str, serial: str, number: str
) -> None:
    found = BUILT_IN.professions[profession]
    assert len(serial) == found.serial_width
    made = found.number_pattern.format(letters=letters, year="12", region="15", serial=serial)
    assert made == number
    assert re.fullmatch(found.number_check, made)
    assert not re.fullmatch(found.number_check, made + "1")


def test_counters_are_kept_apart_for_each_register() -> None:
    scopes = {
        key: found.serial_scope.format(letters="AY", year="18", region="36")
        for key, found in BUILT_IN.professions.items()
    }
    assert scopes == {
        "supervision": "supervision-36",
        "architect": "architect-18-36",
        "survey_design": "AY-18-36",
    }


def test_seal_numbers_read_like_the_samples() -> None:
    architect = BUILT_IN.professions["architect"].seal_pattern
    engineer = BUILT_IN.professions["survey_design"].seal_pattern
    assert architect is not None
    assert engineer is not None
    assert architect.format(enterprise="281827", letters="", serial=7) == "281827-007"
    assert engineer.format(enterprise="6100371", letters="AY", serial=9) == "6100371-AY009"


@pytest.mark.parametrize(
    ("profession", "points", "agree"),
    [
        ("supervision", 14, "本人作出上述承诺"),
        ("architect", 15, "本人做出上述承诺"),
        ("survey_design", 15, "本人做出上述承诺"),
    ],
)
def test_promises_have_all_their_points(profession: str, points: int, agree: str) -> None:
    promise = BUILT_IN.services[profession, "initial"].promise
    assert promise is not None
    assert len(promise.points) == len(set(promise.points)) == points
    assert promise.agree.zh == agree


def test_promises_name_the_rules_of_their_own_register() -> None:
    named = {}
    for key in BUILT_IN.professions:
        promise = BUILT_IN.services[key, "initial"].promise
        assert promise is not None
        words = "".join(point.zh for point in promise.points)
        named[key] = {word for word in ("147号", "137号", "注册建筑师条例") if word in words}
    assert named == {
        "supervision": {"147号"},
        "architect": {"注册建筑师条例"},
        "survey_design": {"137号"},
    }


def test_only_the_supervision_replacement_goes_without_a_promise() -> None:
    without = [pair for pair, service in BUILT_IN.services.items() if service.promise is None]
    assert without == [("supervision", "replacement")]


def test_notices_have_all_their_items_and_the_exact_tick() -> None:
    supervision = BUILT_IN.services["supervision", "initial"].notice
    assert len(supervision.items) == 6
    assert supervision.tick_all.zh == "全选 本人已认真阅读以上条款，不存在以上情形"
    for profession in ("architect", "survey_design"):
        notice = BUILT_IN.services[profession, "renewal"].notice
        assert len(notice.items) == 3
        assert "请务必认真阅读完审批条件，这将影响您的审批" in notice.tick_all.zh


def test_cancellation_notices_tell_the_two_ways_apart() -> None:
    for profession in BUILT_IN.professions:
        notice = BUILT_IN.services[profession, "cancellation"].notice
        assert notice.title.zh == "注销须知"
        assert [item.zh[:4] for item in notice.items[:2]] == ["正常注销", "强制注销"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_path_begins_with_review_and_ends_with_the_decision(service: Service) -> None:
    assert service.path[0] is Stage.REVIEW
    assert service.path[-1] is Stage.DECISION
    assert (Stage.RECHECK in service.path) == (service.business != "replacement")


def test_overrides_name_known_parameters_of_the_same_kind() -> None:
    owners = [*BUILT_IN.professions.values(), *BUILT_IN.services.values()]
    for owner in owners:
        for key, value in owner.parameters.items():
            assert type(value) is type(BUILT_IN.parameters[key].default), key


@pytest.mark.parametrize(
    ("key", "profession", "business", "value"),
    [
        ("validity_years", "supervision", None, 3),
        ("validity_years", "architect", "initial", 2),
        ("age_limit", "supervision", "initial", 65),
        ("age_limit", "survey_design", "initial", 0),
        ("criminal_bar_years", "architect", "renewal", 5),
        ("publicity_days", "architect", "initial", 10),
        ("publicity_days", "supervision", "initial", 0),
        ("acceptance_days", "survey_design", "change", 5),
        ("correction_days", "architect", "initial", 15),
        ("decision_days", "supervision", "renewal", 20),
        ("decision_target_days", "supervision", "renewal", 10),
        ("decision_target_days", "supervision", "initial", 0),
        ("decision_target_days", "survey_design", "renewal", 0),
        ("province_stage", "supervision", "initial", False),
        ("automatic_announcement", "architect", "initial", True),
    ],
)
def test_parameters_have_the_values_of_the_domain(
    key: str, profession: str, business: str | None, value: int | bool
) -> None:
    assert BUILT_IN.parameter(key, profession, business) == value


def test_a_service_overrides_its_profession_which_overrides_the_default() -> None:
    service = BUILT_IN.services["supervision", "renewal"]
    base = catalogue.extended(
        BUILT_IN,
        professions=[
            replace(BUILT_IN.professions["supervision"], parameters={"decision_days": 15})
        ],
        services=[replace(service, parameters={"decision_days": 10})],
    )
    assert base.parameter("decision_days", "supervision", "renewal") == 10
    assert base.parameter("decision_days", "supervision", "initial") == 15
    assert base.parameter("decision_days", "supervision") == 15
    assert base.parameter("decision_days", "architect", "renewal") == 20
    with pytest.raises(KeyError):
        base.parameter("no_such_parameter", "supervision")


def test_extending_leaves_the_base_as_it_was() -> None:
    more = catalogue.extended(
        BUILT_IN,
        professions=[replace(BUILT_IN.professions["architect"], key="planner")],
        businesses=[replace(BUILT_IN.businesses["change"], key="transfer")],
        services=[replace(BUILT_IN.services["architect", "change"], profession="planner")],
        reasons=[replace(BUILT_IN.reasons["other_bar"], key="new_bar")],
    )
    assert more.service("planner", "change") is not None
    assert more.effect("transfer") is Effect.MOVE
    assert "new_bar" in more.reasons
    assert BUILT_IN.service("planner", "change") is None
    assert len(BUILT_IN.professions) == 3


def test_an_installed_catalogue_is_in_force_only_inside_the_block() -> None:
    other = catalogue.extended(BUILT_IN)
    before = catalogue.current()

    def fail_inside() -> None:
        with catalogue.installed(other) as found:
            assert found is catalogue.current() is other
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    assert catalogue.current() is before
