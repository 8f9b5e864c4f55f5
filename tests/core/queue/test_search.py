"""One search box: case number, identity number, seal and registration number, names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db
from core.identifiers import normalise_id
from core.model import Case, EmployerChange, Registration
from core.queue import search
from core.vocabulary.cases import Status
from tests import builders as build
from tests.builders import NOW


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


def hits(session: Session, text: str) -> set[str]:
    return set(session.scalars(select(Case.ref).where(search.matching(session, text))))


@pytest.fixture
def case(session: Session) -> Case:
    """The case looked for, beside another that no search here may find."""
    person = build.a_person(session, name="阿卜杜拉·买买提", id_number="11010119800101123X")
    employer = build.an_employer(session, name="演示100%_华建设计有限公司")
    case = build.a_case(
        session, Status.DRAFT, person=person, employer=employer, profession="architect"
    )
    case.seal_number = "6100371-AY009"
    build.a_case(session, Status.DRAFT, person=build.a_person(session, name="欧阳修远"))
    session.flush()
    return case


@pytest.mark.parametrize(
    "text",
    [
        "阿卜杜拉",
        "阿卜杜拉・买买提",
        " 阿卜杜拉 买买提 ",
        "买买提",
        "11010119800101123x",
        "１１０１０１19800101 123X",
        "6100371-AY009",
        "6100371-ay",
        "6100371",
        "华建设计",
        "100%_",
        "0%_华",
    ],
)
def test_the_case_is_found(session: Session, case: Case, text: str) -> None:
    assert hits(session, text) == {case.ref}


@pytest.mark.parametrize("text", ["%", "_", "阿%", "阿_杜", "买_提", "%%%%", "' OR 1=1 --"])
def test_wild_cards_are_ordinary_text(session: Session, case: Case, text: str) -> None:
    assert hits(session, text) == set()


def test_an_empty_search_finds_everything(session: Session, case: Case) -> None:
    assert len(hits(session, " \t\x00 ")) == 2


def test_a_case_number_is_found_whole_and_by_its_beginning(session: Session, case: Case) -> None:
    assert hits(session, case.ref) == {case.ref}
    assert hits(session, case.ref[:12]) >= {case.ref}
    assert len(hits(session, case.ref[:4])) == 2
    assert hits(session, "2019") == set()


def test_an_old_identity_number_finds_its_owner(session: Session) -> None:
    person = build.a_person(session, id_number="110101198001011232")
    old = "110101800101123"
    person.id_number = normalise_id(old)
    case = build.a_case(session, Status.DRAFT, person=person)
    assert hits(session, old) == {case.ref}


def test_a_registration_number_finds_the_cases_about_it(session: Session) -> None:
    person, employer = build.a_person(session), build.an_employer(session)
    case = build.a_case(session, Status.DRAFT, business="change", person=person, employer=employer)
    registration = case.registration_id
    assert registration is not None
    number = session.get_one(Registration, registration).number
    assert hits(session, number) == {case.ref}


def test_a_credit_code_and_a_former_name_find_the_employers_cases(session: Session) -> None:
    employer = build.an_employer(session)
    case = build.a_case(session, Status.DRAFT, employer=employer)
    build.a_case(session, Status.DRAFT)
    assert hits(session, employer.credit_code.lower()) == {case.ref}
    session.add(
        EmployerChange(
            employer_id=employer.id, field="name", before="演示旧名公司", after="x", changed_at=NOW
        )
    )
    session.flush()
    assert hits(session, "旧名公司") == {case.ref}


def test_more_namesakes_than_are_named_by_id_are_all_found(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST", 2)
    made = {
        build.a_case(session, Status.DRAFT, person=build.a_person(session, name=f"诸葛明{n}")).ref
        for n in "一二三四"
    }
    assert hits(session, "诸葛") == made
    assert hits(session, "诸") == made


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_nothing_typed_breaks_the_tidy_form(text: str) -> None:
    tidy = search.tidy(text)
    assert search.tidy(tidy) == tidy
    assert "\x00" not in tidy
