"""Cases the demo must have, whatever the dice say: one at rest in every status and province.

A wish names a story and where it rests; `grant` finds a moment of opening, an employer and a seed
with which the story, told again, rests just there today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from core.access.actors import Actor
from core.cases.actions import Action
from core.catalogue.regions import PROVINCES
from core.demo import hours
from core.demo.bench import Bench
from core.demo.books import BY_HAND, PROVINCE, Books
from core.demo.cast import SUPERVISING, Cast, Company
from core.demo.hours import DAY, OfficeDays
from core.demo.members import cut
from core.demo.resting import course
from core.demo.stories import Tale
from core.vocabulary.cases import Status
from core.vocabulary.employers import EmployerStatus

_ATTEMPTS = 300
_ASKED = 300  # companies looked at; the first ones are in all provinces
_WIDER = 60  # attempts after which the days are taken twice as wide: holidays may lie between


class Wish(NamedTuple):
    """A case wished for.

    story: a key of `words.STORIES`. rests: where it stands in the end (None: anywhere). days: it
    was opened so many days back, at least and at most. through: an action it takes on the way.
    beside: it is a draft of somebody who has another application under way (domain G2, D3).
    """

    story: str
    rests: Status | None
    days: tuple[float, float]
    profession: str | None = None
    variant: str | None = None
    province: str | None = None
    through: Action | None = None
    beside: bool = False


class Granted(NamedTuple):
    """A wish with all that makes it come true. key: seed of the telling."""

    wish: Wish
    opened: int
    company: Company
    profession: str
    key: str


S = Status
WISHES: tuple[Wish, ...] = (
    *(Wish("objection_overruled", S.OBJECTED, (16, 40), "architect") for _ in range(3)),
    *(
        Wish("straight", S.PROVINCE_PENDING, (2, 14), "survey_design", PROVINCE, "37")
        for _ in range(4)
    ),
    *(Wish("straight", S.APPROVED, (11, 22), "supervision", BY_HAND) for _ in range(3)),
    *(Wish("straight", S.ANNOUNCED, (13, 28), "supervision", BY_HAND) for _ in range(3)),
    *(Wish("returned", S.RETURNED, (2, 9)) for _ in range(2)),
    *(Wish("withdrawn_with_consent", S.WITHDRAWING, (1, 4)) for _ in range(3)),
    *(Wish("returned_and_discarded", S.DISCARDED, (20, 50)) for _ in range(2)),
    *(Wish("correction", S.CORRECTED, (6, 20)) for _ in range(2)),
    *(Wish("never_filed", S.DRAFT, (0.5, 9)) for _ in range(2)),
    *(Wish("never_filed", S.DRAFT, (0.5, 6), beside=True) for _ in range(4)),
    Wish("straight", S.FILED, (0.5, 4)),
    Wish("straight", S.RECEIVED, (2, 8)),
    Wish("correction", S.CORRECTING, (5, 14)),
    Wish("straight", S.ACCEPTED, (6, 16)),
    Wish("straight", S.REVIEW, (8, 24)),
    Wish("straight", S.RECHECK, (10, 28)),
    Wish("straight", S.DECISION, (12, 32)),
    Wish("straight", S.PUBLICITY, (15, 40), "architect"),
    Wish("straight", S.CLOSED, (60, 120)),
    Wish("refused", S.REFUSED, (10, 60)),
    Wish("rejected", S.REJECTED, (30, 90)),
    Wish("withdrawn", S.WITHDRAWN, (5, 40)),
    Wish("terminated", S.TERMINATED, (25, 60)),
    *(Wish("straight", S.CLOSED, (160, 900), province=code) for code in PROVINCES),
)
"""A demo has as many of them, from the first, as one in twelve of its cases; 1500 have all."""
ONE_IN = 12


def grant(
    wishes: Sequence[Wish],
    seed: str,
    until: int,
    span: int,
    days: OfficeDays,
    bench: Bench,
    books: Books,
    cast: Cast,
) -> list[Granted]:
    """Every wish of `wishes` that can come true, by moment of opening, at most `span` days back."""
    granted = []
    for place, wish in enumerate(wishes):
        for attempt in range(_ATTEMPTS):
            one = _tried(wish, f"{seed}-wish{place}-{attempt}", until, span, attempt, cast)
            if one is None:
                continue
            tale = told(one, bench.supervisor, days, bench, books)
            reached = course(books.plan(wish.variant, one.profession, "initial"), tale.steps, until)
            if wish.rests in {None, reached.status} and (
                wish.through is None or wish.through in reached.actions
            ):
                granted.append(one)
                break
    return sorted(granted, key=lambda one: one.opened)


def told(one: Granted, person: Actor, days: OfficeDays, bench: Bench, books: Books) -> Tale:
    """The story of a wish; the same moments whoever `person` is."""
    grounds = books.grounds(one.wish.variant, one.profession, "initial")
    tale = Tale(
        Random(f"{one.key}-tale"),
        days,
        bench,
        grounds,
        person,
        one.company,
        one.profession,
        one.opened,
        forced=False,
        slow=0.1,
    )
    tale.tell(one.wish.story)
    cut(tale, one.company)
    return tale


def _tried(wish: Wish, key: str, until: int, span: int, attempt: int, cast: Cast) -> Granted | None:
    rng = Random(key)
    least, most = wish.days
    back = least / (1 + attempt / _WIDER / 2)
    back += rng.random() * (most * (1 + attempt / _WIDER) - back)
    back = min(back, span * rng.uniform(0.5, 1))
    day = hours.day_at(until - int(back * DAY))
    opened = hours.moment_at(day, 8 * 3600 + int(rng.random() * 13 * 3600))
    profession = wish.profession or rng.choice(("supervision", "survey_design", "architect"))
    if opened >= until - 60:
        return None
    hiring = list(_hiring(cast, profession, day, wish.province))
    if not hiring:
        return None
    company = rng.choices(hiring, [company.busy for company in hiring])[0]
    return Granted(wish, opened, company, profession, key)


def _hiring(cast: Cast, profession: str, day: int, province: str | None) -> Iterator[Company]:
    """Companies that may file for `profession` on `day` and long after."""
    for company in cast.companies[:_ASKED]:
        if (
            company.status not in {EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED}
            and (company.until is None or company.until > day + 90)
            and (company.kind in SUPERVISING) == (profession == "supervision")
            and province in {None, company.province}
        ):
            yield company
