"""Cases the demo must have, whatever chance says: one at rest in every status and province.

A required case names a story and the action it last saw; `grant` finds a moment of opening, an
employer and a seed with which the story, told again, has come just so far today.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from core.access.actors import Actor
from core.cases.actions import Action
from core.catalogue.regions import PROVINCES
from core.demo import hours
from core.demo.bench import Bench
from core.demo.cast import SUPERVISING, Cast, Company
from core.demo.hours import DAY, OfficeDays
from core.demo.reasons_by_stage import BY_HAND, PROVINCE, stage_reasons
from core.demo.stories import Tale
from core.demo.types import Step, StepKind
from core.vocabulary.employers import EmployerStatus

_ATTEMPTS = 300
_WIDER = 60  # attempts after which the days are taken twice as wide: holidays may lie between


class Required(NamedTuple):
    """A case that must be there.

    story: a key of `words.STORIES`. last: the last action taken (None: never filed). days: it was
    opened so many days back, at least and at most. beside: it is a draft of somebody who has
    another application under way (domain G2, D3).
    """

    story: str
    last: Action | None
    days: tuple[float, float]
    profession: str | None = None
    variant: str | None = None
    province: str | None = None
    beside: bool = False


class Granted(NamedTuple):
    """A required case with all that makes it come true. key: seed of the telling."""

    case: Required
    opened: int
    company: Company
    profession: str
    key: str


_R, A = Required, Action
REQUIRED: tuple[Required, ...] = (
    _R("straight", A.FILE, (0.5, 4)),
    _R("straight", A.REPORT, (2, 8)),
    _R("correction", A.REQUEST_CORRECTION, (5, 14)),
    _R("straight", A.ACCEPT, (6, 16)),
    _R("straight", A.START_REVIEW, (8, 24)),
    _R("straight", A.PROPOSE_APPROVAL, (10, 28)),
    _R("straight", A.CONCUR, (12, 32)),
    _R("straight", A.APPROVE, (15, 40), "architect"),
    _R("straight", A.APPROVE, (60, 120), "supervision"),
    _R("refused", A.REFUSE, (10, 60)),
    _R("rejected", A.REJECT, (30, 90)),
    _R("withdrawn", A.WITHDRAW, (5, 40)),
    _R("terminated", A.TERMINATE, (25, 60)),
    *(_R("objection_overruled", A.OBJECT, (16, 40), "architect") for _ in range(3)),
    *(_R("straight", A.REPORT, (2, 14), "survey_design", PROVINCE, "37") for _ in range(4)),
    *(_R("straight", A.APPROVE, (11, 22), "supervision", BY_HAND) for _ in range(3)),
    *(_R("straight", A.ANNOUNCE, (13, 28), "supervision", BY_HAND) for _ in range(3)),
    *(_R("returned", A.RETURN_TO_APPLICANT, (2, 9)) for _ in range(2)),
    *(_R("withdrawn_with_consent", A.REQUEST_WITHDRAWAL, (1, 4)) for _ in range(3)),
    *(_R("returned_and_discarded", A.DISCARD, (20, 50)) for _ in range(2)),
    *(_R("correction", A.ANSWER_CORRECTION, (6, 20)) for _ in range(2)),
    *(_R("never_filed", None, (0.5, 9)) for _ in range(2)),
    *(_R("never_filed", None, (0.5, 6), beside=True) for _ in range(4)),
    *(_R("straight", A.FILE, (160, 900), province=code) for code in PROVINCES),
)
"""A demo has as many of them, from the first, as one in twelve of its cases."""
ONE_IN = 12


def last_action(steps: Sequence[Step], until: int) -> Action | None:
    """The last action of `steps` up to `until`; taking an accepted case is one (domain E)."""
    last: Action | None = None
    for step in steps:
        if step.at <= until:
            if step.kind == StepKind.CLAIM and last in {A.ACCEPT, A.LAPSE_ACCEPTANCE}:
                last = A.START_REVIEW
            elif step.kind in _ACTIONS:
                last = A(step.kind)
    return last


_ACTIONS = frozenset(action.value for action in Action)


def grant(
    required: Sequence[Required],
    seed: str,
    until: int,
    span: int,
    days: OfficeDays,
    bench: Bench,
    cast: Cast,
) -> list[Granted]:
    """Every case of `required` that can come true, by moment of opening, at most `span` days back.

    Those of a province only need to be opened; what becomes of them is left to their story.
    """
    granted = []
    for place, case in enumerate(required):
        for attempt in range(_ATTEMPTS):
            one = _tried(case, f"{seed}-required{place}-{attempt}", until, span, attempt, cast)
            if one is None:
                continue
            somewhere = case.province is not None and case.variant is None
            reached = last_action(told(one, bench.supervisor, days, bench).steps, until)
            if somewhere or reached is case.last:
                granted.append(one)
                break
    return sorted(granted, key=lambda one: one.opened)


def told(one: Granted, person: Actor, days: OfficeDays, bench: Bench) -> Tale:
    """The story of a required case; the same moments whoever `person` is."""
    reasons = stage_reasons(one.case.variant, one.profession, "initial")
    tale = Tale(
        Random(f"{one.key}-tale"), days, bench, reasons, person, one.company, one.profession,
        one.opened, slow=0.1,
    )  # fmt: skip
    tale.tell(one.case.story)
    return tale


def _tried(
    case: Required, key: str, until: int, span: int, attempt: int, cast: Cast
) -> Granted | None:
    rng = Random(key)
    least, most = case.days
    back = least / (1 + attempt / _WIDER / 2)
    back += rng.random() * (most * (1 + attempt / _WIDER) - back)
    back = min(back, span * rng.uniform(0.5, 1))
    day = hours.day_at(until - int(back * DAY))
    opened = hours.moment_at(day, 8 * 3600 + int(rng.random() * 13 * 3600))
    profession = case.profession or rng.choice(("supervision", "survey_design", "architect"))
    hiring = [
        company
        for company in cast.companies
        if company.status not in {EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED}
        and (company.kind in SUPERVISING) == (profession == "supervision")
        and case.province in {None, company.province}
    ]
    if opened >= until - 60 or not hiring:
        return None
    company = rng.choices(hiring, [company.busy for company in hiring])[0]
    return Granted(case, opened, company, profession, key)
