"""Letters: what a person was told stays as it was served, complete, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from string import Formatter

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from core import catalogue, db
from core.anomalies import disposition
from core.casefile.own import own_cases
from core.casefile.read import read_case
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue import BUILT_IN
from core.catalogue.rulebooks import ground, rulebook_of
from core.catalogue.types import Catalogue
from core.correspondence import letters
from core.correspondence.inbox import Letter, read_inbox
from core.correspondence.letters import Particulars, compose
from core.correspondence.templates import TEMPLATES, Template
from core.errors import CoreError
from core.model import Anomaly, AnomalyCase, Case, Correction, Decision, Message
from core.review import verdicts
from core.text import LANGUAGES, Text, same
from core.vocabulary.anomalies import ANOMALY_RULES, AnomalyStatus
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from tests.builders import NOW, Team, a_case, an_actor

pytestmark = pytest.mark.usefixtures("engine")

CHINESE = re.compile(r"[\u4e00-\u9fff]")
EVERYTHING = Particulars(
    ref="2026000000001",
    service=Text("某某注册", "Some registration"),
    employer="演示公司",
    act=Text("变更注册", "change of registration"),
    remedies=Text("可以申请复议。", "You may ask for reconsideration."),
    reason=Text("缘由", "the reason"),
    grounds=(Text("依据一（第一条）", "Ground one (Article 1)"), Text("依据二", "Ground two")),
    asked=(
        (Text("甲", "First"), Text("原因一。", "Reason one.")),
        (Text("乙", "Second"), Text("原因二", "Reason two")),
    ),
    due=date(2026, 4, 1),
    found=((Text("丙", "Third"), Text("原因三。", "Reason three.")),),
)
NOTE = "照片与证件不符, see page 2"


def served(session: Session, case: Case, template: str) -> Message:
    """The only letter of this kind about `case`."""
    return session.scalars(
        select(Message).where(Message.case_id == case.id, Message.template == template)
    ).one()


def inbox(case: Case) -> list[list[Letter]]:
    """What everybody reads about `case` now, in each language."""
    with db.reading() as session:
        return [read_inbox(session, language, case_id=case.id) for language in LANGUAGES]


def reworded(book: Catalogue) -> Catalogue:
    """`book` with other words for every service, reason and checklist item."""
    return catalogue.extended(
        book,
        services=[
            replace(
                service,
                title=Text("改名", "Renamed"),
                checks=tuple(
                    replace(item, label=Text("改项", "Renamed item")) for item in service.checks
                ),
            )
            for service in book.services.values()
        ],
        reasons=[
            replace(reason, label=Text("改由", "Renamed reason"), article=Text("改条", "Renamed"))
            for reason in book.reasons.values()
        ],
    )


def correcting(session: Session, team: Team) -> Case:
    """A case in which two items were found wanting, one of them with a note."""
    case = a_case(session, team=team)
    officer = team.officer(Stage.ACCEPTANCE)
    claiming.claim(session, officer, case.id, NOW)
    rules = rulebook_of(session, case.rulebook_id)
    faults = [
        (check, [key for key in check.reasons if rules.reasons[key].corrects])
        for check in rules.checks_at(Stage.ACCEPTANCE)
    ]
    for place, (check, codes) in enumerate([fault for fault in faults if fault[1]][:2]):
        verdicts.give_verdict(
            session,
            officer,
            case.id,
            check.key,
            outcome=Outcome.FAIL,
            reasons=codes,
            note=NOTE * place,
            now=NOW,
        )
    verdicts.pass_the_rest(session, officer, case.id, now=NOW)
    return perform(session, officer, case.id, Action.REQUEST_CORRECTION, now=NOW)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_says_all_its_fields_in_both_languages(template: str) -> None:
    found = TEMPLATES[template]
    letter = compose(template, EVERYTHING)
    fields = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in
              (found.body.zh, found.body.en)]  # fmt: skip
    assert fields[0] == fields[1]
    said = {
        "ref": same(EVERYTHING.ref),
        "service": EVERYTHING.service,
        "employer": same(EVERYTHING.employer),
        "reason": EVERYTHING.reason,
        "grounds": Text("依据一（第一条）；依据二。", "Ground one (Article 1); Ground two."),
        "asked": Text(
            "（1）补正内容：甲；补正原因：原因一。（2）补正内容：乙；补正原因：原因二。",
            "(1) Correct: First; because: Reason one. (2) Correct: Second; because: Reason two.",
        ),
        "found": Text(
            "（1）不符合项：丙；原因：原因三。", "(1) Not in order: Third; because: Reason three."
        ),
        "stated": Text("说明：缘由。", "The officer adds: the reason."),
        "due": same("2026-04-01"),
        "act": EVERYTHING.act,
        "remedies": EVERYTHING.remedies,
    }
    for language in LANGUAGES:
        assert not re.search("[{}]", letter.title(language) + letter.body(language))
        for name in fields[0]:
            assert said[name](language) in letter.body(language)
    assert letter.version == found.version


@pytest.mark.parametrize("template", ["refused", "rejected"])
def test_a_letter_says_nothing_of_words_that_were_not_added(template: str) -> None:
    letter = compose(template, replace(EVERYTHING, reason=letters.NO_REASON, found=()))
    assert "说明" not in letter.body.zh
    assert "adds" not in letter.body.en


def test_braces_in_what_people_wrote_are_only_braces() -> None:
    letter = compose("returned", replace(EVERYTHING, reason=same("{ref} {nothing}")))
    assert "{ref} {nothing}" in letter.body.zh


def test_a_letter_that_asks_for_nothing_is_not_composed() -> None:
    with pytest.raises(ValueError, match="open round"):
        compose("correction_requested", replace(EVERYTHING, asked=()))
    with pytest.raises(ValueError, match="open round"):
        compose("correction_requested", replace(EVERYTHING, due=None))


def test_the_version_of_a_template_changes_with_its_words_and_only_with_them() -> None:
    found = TEMPLATES["correction_requested"]
    assert found.line is not None
    assert re.fullmatch("[0-9a-f]{12}", found.version)
    others = [
        replace(found, title=replace(found.title, zh="另")),
        replace(found, title=replace(found.title, en="Other")),
        replace(found, body=replace(found.body, zh="另")),
        replace(found, body=replace(found.body, en="Other")),
        replace(found, line=replace(found.line, zh="另")),
        replace(found, line=replace(found.line, en="Other")),
    ]
    assert len({found.version, *(item.version for item in others)}) == 7
    assert replace(found, key="other").version == found.version
    moved = Template("x", Text("a", "bc"), Text("d", "e"))
    assert moved.version != Template("x", Text("ab", "c"), Text("d", "e")).version


def test_letters_stay_as_served_whatever_changes_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with db.transaction() as session:
        team = Team(session)
        cases = [a_case(session, Status.REJECTED, team=team), correcting(session, team)]
    before = [inbox(case) for case in cases]
    with db.reading() as session:
        versions = session.scalars(select(Message.template_version).order_by(Message.id)).all()
    for key, template in TEMPLATES.items():
        other = replace(template, title=Text("改", "Other"), body=Text("改", "Other"))
        monkeypatch.setitem(TEMPLATES, key, other)
    monkeypatch.setitem(ANOMALY_RULES, "R1", Text("改", "Other"))
    with catalogue.installed(reworded(BUILT_IN)):
        assert [inbox(case) for case in cases] == before
        with db.transaction() as session:
            kept = session.scalars(select(Message.template_version).order_by(Message.id)).all()
            assert kept == versions
            after = a_case(session, Status.FILED)
        assert [found[0].body for found in inbox(after)] == ["改", "Other"]


def test_what_a_letter_cites_stands_in_the_rulebook_of_the_case() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.REVIEW, team=team)
        with catalogue.installed(reworded(BUILT_IN)):
            refused = correcting(session, Team(session))
        rules = rulebook_of(session, case.rulebook_id)
        codes = [key for key, reason in rules.reasons.items() if reason.rejects][:2]
        with catalogue.installed(reworded(BUILT_IN)):
            letters.serve(session, case, "rejected", NOW, codes=[*codes, "long_gone"])
        session.flush()
        letter = served(session, case, "rejected")
        for language, body in zip(LANGUAGES, (letter.body_zh, letter.body_en), strict=True):
            for code in codes:
                assert ground(rules.reasons[code], language) in body
            assert "long_gone" in body
        assert "Renamed item" in served(session, refused, "correction_requested").body_en


def test_a_rejection_cites_the_grounds_taken_from_the_checklist_in_both_languages() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REJECTED)
        decision = session.scalars(
            select(Decision).where(Decision.case_id == case.id, Decision.stage == "decision")
        ).one()
        letter = served(session, case, "rejected")
        reason = rulebook_of(session, case.rulebook_id).reasons[decision.reasons[0]]
        assert ground(reason, "zh") in letter.body_zh
        assert ground(reason, "en") in letter.body_en


def test_a_correction_asks_for_everything_in_each_language_with_the_note_as_written() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = correcting(session, team)
        correction = session.scalars(select(Correction)).one()
        letter = served(session, case, "correction_requested")
        rules = rulebook_of(session, case.rulebook_id)
        labels = {check.key: check.label for check in rules.checks}
        reasons = {check.key: check.reasons for check in rules.checks}
        assert len(correction.items) == 2
        for language, body in zip(LANGUAGES, (letter.body_zh, letter.body_en), strict=True):
            assert str(correction.due_on) in body
            assert body.count(NOTE) == 1
            for item in correction.items:
                assert labels[item.check_key](language) in body
                for code in reasons[item.check_key]:
                    if rules.reasons[code].corrects:
                        assert rules.reasons[code].label(language) in body
        without_what_was_written = letter.body_en.replace(NOTE, "")
        assert not CHINESE.search(without_what_was_written)
        own = own_cases(session, team.applicant(case), is_open=True)[0]
        file = read_case(session, team.officer(Stage.ACCEPTANCE), case.ref, NOW)
        assert own.asked == tuple(item[:2] for item in file.corrections[0].items)
        for content, reason in own.asked:
            assert content.en in letter.body_en
            assert reason.en in letter.body_en
            assert not CHINESE.search((content.en + reason.en).replace(NOTE, ""))


def test_a_long_note_is_served_whole() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, team=team)
        officer = team.officer(Stage.ACCEPTANCE)
        claiming.claim(session, officer, case.id, NOW)
        rules = rulebook_of(session, case.rulebook_id)
        check, code = next(
            (check, key)
            for check in rules.checks_at(Stage.ACCEPTANCE)
            for key in check.reasons
            if rules.reasons[key].corrects
        )
        note = "长" * 1_999 + "尾"
        verdicts.give_verdict(
            session,
            officer,
            case.id,
            check.key,
            outcome=Outcome.FAIL,
            reasons=[code],
            note=note,
            now=NOW,
        )
        verdicts.pass_the_rest(session, officer, case.id, now=NOW)
        perform(session, officer, case.id, Action.REQUEST_CORRECTION, now=NOW)
        letter = served(session, case, "correction_requested")
        assert note in letter.body_zh
        assert note in letter.body_en


def test_a_flag_is_told_in_words_and_a_typed_reason_is_never_taken_for_a_rule() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.REVIEW, team=team)
        flag = Anomaly(
            kind="insurance",
            rule="R1",
            severity="high",
            status=AnomalyStatus.OPEN.value,
            person_id=case.person_id,
            evidence={},
            source="demo",
            as_of=NOW.date(),
            found_at=NOW,
        )
        session.add(flag)
        session.flush()
        session.add(AnomalyCase(anomaly_id=flag.id, case_id=case.id))
        session.flush()
        disposition.show(session, team.officer(Stage.REVIEW), case.id, flag.id, now=NOW)
        session.flush()
        letter = served(session, case, "flag_shown")
        assert ANOMALY_RULES["R1"].zh in letter.body_zh
        assert ANOMALY_RULES["R1"].en in letter.body_en
        filed = a_case(session, Status.FILED, team=team)
        perform(
            session,
            team.employer(filed),
            filed.id,
            Action.RETURN_TO_APPLICANT,
            now=NOW,
            reason="R1",
        )
        assert "理由：R1。" in served(session, filed, "returned").body_zh


def test_a_letter_is_served_with_the_transition_and_not_without_it() -> None:
    with db.transaction() as session:
        case = a_case(session)
        officer = an_actor(session, Role.ACCEPTOR)
        claiming.claim(session, officer, case.id, NOW)
    before = inbox(case)
    with db.transaction() as session, pytest.raises(CoreError):
        perform(session, officer, case.id, Action.ACCEPT, now=NOW)
    assert inbox(case) == before
    with db.transaction() as session:
        letters.serve(session, case, "accepted", NOW)
        session.flush()
        session.rollback()
    assert inbox(case) == before


def test_an_inbox_is_one_statement_newest_first_and_belongs_to_somebody() -> None:
    with db.transaction() as session:
        case, other = a_case(session, Status.CORRECTING), a_case(session)
        letters.serve(session, case, "issued", NOW + timedelta(days=1))
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        with db.reading() as session:
            found = read_inbox(session, "en", person_id=case.person_id)
            assert len(statements) == 1
            assert read_inbox(session, "en") == []
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    assert [letter.template for letter in found] == [
        "issued",
        "correction_requested",
        "received",
        "reported",
        "filed",
    ]
    assert not any(letter.read for letter in found)
    with db.reading() as session:
        assert read_inbox(session, "en", person_id=case.person_id, case_id=other.id) == []
        assert len(read_inbox(session, "en", employer_id=case.employer_id, limit=2)) == 2
