"""Rows of bulk that are nothing but a list of values, in the order of `rows.COLUMNS`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson

from core.audit import history
from core.cases.corrections import why_of
from core.correspondence import letters
from core.demo import insurance
from core.demo.cast import Company, Someone
from core.demo.plans import FINAL_STATUSES, STAMP_NAMES
from core.demo.play import employer_row
from core.demo.rows import packed, stamp
from core.demo.running import Running
from core.demo.shapes import Insured
from core.model import Case, Correction, CorrectionItem
from core.vocabulary.stages import Stage

_Row = tuple[Any, ...]


def employer(company: Company) -> _Row:
    """A company's row, as `core.demo.play.found` leaves it."""
    row = employer_row(company)
    founded = stamp(row.created_at)
    return (
        row.id,
        row.name,
        row.credit_code,
        row.legal_rep,
        row.province,
        row.city,
        row.address,
        row.industry,
        row.handler_name,
        row.handler_phone,
        row.verification_method,
        row.status,
        "",
        founded if row.verified_at else None,
        founded,
        1,
    )


def qualification(company: Company) -> _Row:
    """The qualification by which it employs."""
    return (
        company.id,
        company.qualification,
        company.kind,
        company.qualified_until.isoformat(),
    )


def person(person: Someone, opened: str) -> _Row:
    """A new applicant's row. opened: when the first case was opened."""
    return (
        person.id,
        person.name,
        person.key,
        "resident_id",
        person.id_number,
        person.sex.value,
        person.born_on.isoformat(),
        person.phone,
        person.ethnicity,
        person.school,
        person.major,
        person.education,
        person.degree,
        person.graduated_on.isoformat(),
        person.title,
        opened,
        1,
    )


def case(run: Running) -> _Row:
    """The row of a case, as it rests now."""
    script = run.script
    first, second = (*script.specialties, "", "")[:2]
    return (
        script.number,
        run.ref,
        script.profession,
        script.business,
        first,
        second,
        script.channel,
        script.person.id,
        script.company.id,
        run.licence.id if run.licence else None,
        run.plan.rules.id,
        run.content,
        run.status,
        run.resumes,
        int(run.status not in FINAL_STATUSES),
        int(run.form.get("forced") == "yes"),
        script.company.province,
        script.person.name,
        script.company.name,
        run.seal_number,
        0,
        0,
        run.created,
        *map(run.stamps.get, STAMP_NAMES),
        run.stamps.get("closed_at"),
        run.lapsed,
        run.clock,
        run.due,
        run.changed,
        run.version,
    )


def insured(someone: Someone, month: Insured, as_of: str) -> _Row:
    """A month of social insurance, compared on the day of `as_of`."""
    return (
        someone.id_number,
        month.name,
        month.payer_name,
        month.payer_code,
        month.month.isoformat(),
        packed(insurance.KINDS),
        month.fund_payer_code,
        insurance.SOURCE,
        as_of,
    )


def said(words: str, codes: tuple[str, ...]) -> str:
    """What was said with an action, for the history."""
    return history.canonical({"reason": words, "codes": codes})


def message(
    run: Running, template: str, words: str, codes: tuple[str, ...], asked: bool, sent: str
) -> _Row:
    """What the applicant is told, as `core.correspondence.letters.serve` leaves it. asked: the
    letter asks for the correction last opened."""
    script = run.script
    told = Case(
        ref=run.ref,
        profession=script.profession,
        business=script.business,
        employer_name=script.company.name,
    )
    about = letters.particulars(
        told,
        run.plan.rules,
        reason=words,
        codes=codes,
        correction=_correction(run) if asked else None,
    )
    letter = letters.compose(template, about)
    return (
        script.person.id,
        script.company.id,
        script.number,
        template,
        letter.version,
        letter.title.zh,
        letter.title.en,
        letter.body.zh,
        letter.body.en,
        sent,
        None,
    )


def _correction(run: Running) -> Correction:
    row, items = run.corrections[-1]
    return Correction(
        due_on=date.fromisoformat(row[5]),
        items=[
            CorrectionItem(content=item[2], reason=item[3], content_en=item[5], reason_en=item[6])
            for item in items
        ],
    )


def to_correct(run: Running) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Failed items that the applicant can put right, in the order of their columns
    (`core.cases.corrections`)."""
    rules = run.plan.rules
    checks = {check.key: check for check in rules.checks}
    for key, verdict in sorted(run.verdicts[Stage.ACCEPTANCE].items()):
        if verdict[3] != "fail":
            continue
        reasons = [rules.reasons[code] for code in orjson.loads(verdict[4])]
        if any(reason.corrects for reason in reasons):
            label, why = checks[key].label, why_of(reasons, verdict[5])
            yield key, label.zh, why.zh, "", label.en, why.en
