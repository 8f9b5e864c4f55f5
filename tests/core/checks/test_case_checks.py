"""All rules together: their order, their articles, and what no finding may do or say."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date

from hypothesis import given, settings, strategies as st

from core import catalogue
from core.catalogue import rulebooks
from core.checks.case_checks import RULES, judged
from core.checks.findings import LABELS
from tests.core.checks.case_in_order import (
    FORM,
    NO_DATA,
    PERSON,
    TERM,
    by,
    facts,
    id_of,
    judged_all,
)


def test_every_rule_of_the_checklists_exists_and_none_is_left_over() -> None:
    services = catalogue.BUILT_IN.services.values()
    named = {rule for service in services for check in service.checks for rule in check.rules}

    assert named == set(RULES) == set(LABELS)


def test_full_identity_and_telephone_numbers_never_stand_in_a_finding() -> None:
    found = judged_all(person=replace(PERSON, phone_sharers=1), form={"name": "演示乙"})

    words = " ".join(
        [f"{item.summary.zh} {item.summary.en}" for item in found]
        + [value for item in found for _, value in item.evidence]
    )
    assert PERSON.id_number not in words
    assert PERSON.phone not in words


def test_the_article_is_that_of_the_profession() -> None:
    assert "137" in by("duplicates").article.zh
    assert "147" in by("duplicates", profession="supervision").article.zh
    assert "第五十条" in by("renewal_window").article.zh


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40),
    st.dates().map(str), st.lists(st.text(max_size=5), max_size=3),
    st.text(string.digits, min_size=14, max_size=19), st.dictionaries(st.text(), st.text()),
    st.just("9999-12-31"), st.just("{x}"), st.builds(id_of, st.dates()),
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.fixed_dictionaries(dict.fromkeys([*FORM, *TERM, "forced", "change_kind"], VALUES)),
    st.sampled_from(sorted(catalogue.BUILT_IN.services)),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
def test_no_form_value_makes_a_rule_raise_or_leaves_it_without_words(
    values: dict[str, object], service: tuple[str, str], day: date
) -> None:
    profession, business = service

    for found in judged_all(
        business, profession=profession, form=values, today=day, filed_on=day,
        person=replace(PERSON, born_on=day),
    ):  # fmt: skip
        assert found.summary.zh
        assert found.summary.en


def test_findings_come_once_each_in_the_order_of_the_checklist() -> None:
    content = rulebooks.compose(catalogue.BUILT_IN, "architect", "cancellation")[1]
    content["checks"][0]["rules"].append("retired_rule")
    rules = rulebooks.read("x", content)

    found = judged(facts("cancellation", "architect"), rules)

    assert [item.rule for item in found] == [
        "id_number", "id_matches_form", "retired_rule", "materials", "open_case",
        "registration_active",
    ]  # fmt: skip
    assert found[2].outcome is NO_DATA
