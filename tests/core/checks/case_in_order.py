"""A case with nothing wrong, changed one thing at a time, and what a rule answers to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from stdnum.cn import ric

from core import catalogue
from core.catalogue.types import Effect
from core.checks.case_checks import RULES
from core.checks.facts import (
    EmployerFacts,
    Facts,
    OtherCase,
    Payment,
    PersonFacts,
    Picture,
    Registered,
)
from core.checks.findings import LABELS, Finding
from core.text import Text
from core.vocabulary.checks import FindingOutcome

PASS, WARN, FAIL = FindingOutcome.PASS, FindingOutcome.WARN, FindingOutcome.FAIL
NO_DATA, SILENT = FindingOutcome.NO_DATA, FindingOutcome.NOT_APPLICABLE
Answer = tuple[str, dict[str, Any], FindingOutcome, str, str]
"""Rule, what differs from a case in order, outcome, words in Chinese, words in English."""

FILED = date(2026, 11, 20)
CODE, OTHER_CODE = "91350100M000100Y43", "91110000000000000N"


def id_of(born: date, *, region: str = "110101", serial: str = "001") -> str:
    number = f"{region}{born:%Y%m%d}{serial}"
    return number + ric.calc_check_digit(number + "0")


BORN = date(1980, 3, 7)
PERSON = PersonFacts(1, "演示甲", "id_card", id_of(BORN), "male", BORN, "10000000001", 0)
EMPLOYER = EmployerFacts(1, "演示甲公司", CODE, "verified", "", date(2026, 1, 5), ())
HELD = Registered(
    7, "演示甲", "survey_design", Text("勘察设计", "Survey and design"), ("structural",),
    1, "演示甲公司", CODE, "S173500001", "3500001-S001", "ZG001", "active", date(2027, 2, 28),
)  # fmt: skip
CANCELLED = replace(HELD, status="cancelled")
AWAY = replace(
    HELD, id=8, employer_id=2, employer_name="演示乙公司", employer_code=OTHER_CODE,
    specialties=("chemical",), number="F173500002",
)  # fmt: skip
CASE = OtherCase(
    3, "2026000000003", "survey_design", Effect.EXTEND, ("structural",), True, False,
    1, "演示甲公司", None,
)  # fmt: skip
FORM: dict[str, object] = {
    "name": "演示甲", "sex": "male", "id_type": "resident_id", "id_number": PERSON.id_number,
    "born_on": "1980-03-07", "credit_code": CODE, "qualification_number": "无",
    "employed_from": "2026-01-01", "employed_until": "", "qualification_certificate": "ZG001",
    "qualification_approved_on": "2024-05-01",
}  # fmt: skip
TERM: dict[str, object] = {
    "registration_number": HELD.number, "seal_number": HELD.seal_number, "valid_to": "2027-02-28"
}  # fmt: skip
PHOTO = Picture("photo", 295, 413, 90_000, 0.97, FILED)
SIGNATURE = Picture("signature", 405, 162, 20_000, 0.97, FILED)


def paid(month: int, code: str = CODE, name: str = "演示甲公司", fund: str = "") -> Payment:
    return Payment(date(2026, month, 1), name, code, fund, "演示社保数据", date(2026, 11, 15))


def facts(business: str = "initial", profession: str = "survey_design", **changes: Any) -> Facts:
    """Facts of a case with nothing wrong; `form` adds to the usual form."""
    book = catalogue.BUILT_IN
    service = book.services[profession, business]
    own = () if business == "initial" else (HELD,)
    form = {**FORM, **(TERM if own else {}), **changes.pop("form", {})}
    parameters = {key: book.parameter(key, profession, business) for key in book.parameters}
    usual = Facts(
        profession_key=profession,
        profession=book.professions[profession],
        effect=book.effect(business),
        specialties=("structural",),
        registration_id=None,
        asked=frozenset(field.key for field in service.fields),
        materials=service.materials,
        form=form,
        person=PERSON,
        employer=EMPLOYER,
        registrations=own,
        rivals=(),
        certificates=frozenset({"ZG001"}),
        seals=frozenset(),
        cases=(),
        pictures=(PHOTO, SIGNATURE),
        payments=(paid(9), paid(10)),
        fed_until=date(2026, 11, 15),
        today=FILED,
        filed_on=FILED,
        parameters={**parameters, **changes.pop("parameters", {})},
        articles={key: reason.article for key, reason in book.reasons.items()},
    )
    return replace(usual, **changes)


def assert_says(finding: Finding, outcome: FindingOutcome, zh: str = "", en: str = "") -> None:
    """The outcome, and both languages' words, filled in."""
    assert finding.outcome is outcome, finding.summary
    for text, words in ((finding.summary.zh, zh), (finding.summary.en, en)):
        assert words in text, text
        assert text
        assert "{" not in text, text
    assert finding.label == LABELS[finding.rule]
    assert finding.article.zh
    assert finding.source.en


def by(rule: str, **changes: Any) -> Finding:
    """What `rule` finds in a case that differs from one in order by `changes`."""
    return RULES[rule](facts(**changes))


def form(**values: object) -> dict[str, Any]:
    """Changes that fill these fields of the form differently."""
    return {"form": values}


def judged_all(business: str = "initial", **changes: Any) -> tuple[Finding, ...]:
    """What every rule finds, whatever the checklist."""
    return tuple(rule(facts(business, **changes)) for rule in RULES.values())
