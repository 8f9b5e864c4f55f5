"""补正: one complete list of what to put right, and its answer (行政许可法 §32)."""

from __future__ import annotations

from sqlalchemy import func, select

from core.access.actors import Actor
from core.cases import verdict_history
from core.cases.context import CaseContext
from core.cases.verdict_history import REOPENED, value_of
from core.catalogue.rulebooks import AND, STOP, RulebookReason
from core.model import Correction, CorrectionItem, Verdict
from core.text import LANGUAGES, Language, Text
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workdays import calendars, counting


def open_round(context: CaseContext, actor: Actor) -> Correction:
    """Open a round from the failed checklist items: every one that the applicant can put right."""
    session, case, rules = context.session, context.case, context.rulebook
    rounds = session.scalar(select(func.count()).where(Correction.case_id == case.id)) or 0
    calendars.sync(session)
    correction = Correction(
        case_id=case.id,
        round=rounds + 1,
        issued_by=actor.user_id,
        issued_at=context.now,
        due_on=counting.due_date(context.today, rules.number("correction_days")).day,
    )
    for key, (content, why) in found_wanting(context, correctable=True).items():
        correction.items.append(
            CorrectionItem(
                check_key=key,
                content=content.zh,
                content_en=content.en,
                reason=why.zh,
                reason_en=why.en,
            )
        )
    session.add(correction)
    session.flush()
    return correction


def found_wanting(
    context: CaseContext, *, correctable: bool = False
) -> dict[str, tuple[Text, Text]]:
    """What fails at the acceptance desk, and why, by the keys of the checklist.

    correctable: only what the applicant can put right.
    """
    rules = context.rulebook
    written = context.session.execute(
        select(Verdict.check_key, Verdict.note).where(
            Verdict.case_id == context.case.id, Verdict.stage == Stage.ACCEPTANCE
        )
    )
    notes = {row.check_key: row.note for row in written}
    labels = {check.key: check.label for check in rules.checks}
    found = {}
    for (stage, key), ruling in context.verdicts.items():
        if stage != Stage.ACCEPTANCE or ruling.outcome is not Outcome.FAIL:
            continue
        reasons = [rules.reasons[code] for code in ruling.reasons if code in rules.reasons]
        if not correctable or any(reason.corrects for reason in reasons):
            found[key] = (labels[key], why_of(reasons, notes.get(key, "")))
    return found


def why_of(reasons: list[RulebookReason], note: str) -> Text:
    """The coded reasons, then the officer's note as it was written."""

    def words(language: Language) -> str:
        coded = AND(language).join(reason.label(language) for reason in reasons)
        return STOP(language).join(filter(None, (coded, note)))

    return Text(*map(words, LANGUAGES))


def close_round(context: CaseContext, actor: Actor) -> None:
    """Note that the open round was answered; failed items wait for a fresh verdict."""
    session = context.session
    correction = session.scalars(
        select(Correction).where(
            Correction.case_id == context.case.id, Correction.answered_at.is_(None)
        )
    ).one()
    correction.answered_at = context.now
    asked = [item.check_key for item in correction.items]
    changes = []
    for verdict in session.scalars(
        select(Verdict).where(
            Verdict.case_id == context.case.id,
            Verdict.stage == Stage.ACCEPTANCE,
            Verdict.check_key.in_(asked),
        )
    ):
        before = value_of(verdict)
        verdict.outcome = None
        changes.append({"item": verdict.check_key, "before": before, "after": value_of(verdict)})
    verdict_history.record(context, actor, REOPENED, Stage.ACCEPTANCE, changes)
