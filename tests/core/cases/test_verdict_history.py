"""Every verdict ever given on a case can be read, whatever changed it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core import db
from core.access.actors import SYSTEM
from core.cases import claiming
from core.cases.verdict_history import Given, versions
from core.model import Correction
from core.review import verdicts
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from tests.builders import NOW, Team, a_case, bring

pytestmark = pytest.mark.usefixtures("engine")


def test_a_changed_verdict_keeps_what_stood_before() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, team=team)
        officer = team.officer(Stage.ACCEPTANCE)
        context = claiming.case_locked(session, officer, case.id, NOW)
        check = context.rulebook.checks_at(Stage.ACCEPTANCE)[0]
        claiming.claim(session, officer, case.id, NOW)
        for outcome, note in ((Outcome.FAIL, "照片模糊"), (Outcome.PASS, ""), (Outcome.PASS, "")):
            verdicts.give_verdict(
                session, officer, case.id, check.key, outcome=outcome, note=note, now=NOW
            )
        newest, oldest = versions(session, SYSTEM, case.id)
        failed = Given(Outcome.FAIL, (), "照片模糊")
        assert (oldest.before, oldest.after) == (None, failed)
        assert (newest.before, newest.after) == (failed, Given(Outcome.PASS, (), ""))
        assert (newest.item, newest.stage) == (check.key, Stage.ACCEPTANCE)
        assert newest.officer == officer.name


def test_the_answer_to_a_correction_reopens_verdicts_in_the_same_shape() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.CORRECTING, team=team)
        asked = {item.check_key for item in session.scalars(select(Correction)).one().items}
        bring(session, case, Status.CORRECTED, team=team)
        reopened = [
            item for item in versions(session, SYSTEM, case.id) if item.after.outcome is None
        ]
        assert {item.item for item in reopened} == asked
        for item in reopened:
            assert item.before is not None
            assert item.before.outcome is Outcome.FAIL
            assert item.before.reasons == item.after.reasons
