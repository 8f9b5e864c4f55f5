"""The rulebook of a case: the checklist, desks and parameters it was filed under.

A rulebook is stored once per distinct content under its SHA-256, so a later change of the catalogue
leaves cases already filed as they were, and a million cases share a few dozen rulebooks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson
from sqlalchemy.orm import Session

from core import catalogue
from core.catalogue.reasons import CORRECTION_FAILED, FORMER, REASONS
from core.catalogue.types import Catalogue, Reason
from core.model import StoredRulebook
from core.text import Language, Text
from core.vocabulary.stages import Stage


@dataclass(frozen=True, slots=True)
class RulebookItem:
    """A checklist line as it stood at filing."""

    key: str
    label: Text
    hint: Text
    stages: tuple[Stage, ...]
    reasons: tuple[str, ...]
    materials: tuple[str, ...]
    rules: tuple[str, ...]


GROUND = Text("{label}（{article}）", "{label} ({article})")
AND = Text("；", "; ")
STOP = Text("。", ". ")


class Grounded(Protocol):
    """A coded reason, of a rulebook or of the catalogue."""

    @property
    def label(self) -> Text: ...
    @property
    def article(self) -> Text: ...


def ground(reason: Grounded, language: Language) -> str:
    """A coded reason with its article, as people read it."""
    return GROUND(language, label=reason.label, article=reason.article)


@dataclass(frozen=True, slots=True)
class RulebookReason:
    """A coded reason as it stood at filing."""

    key: str
    label: Text
    article: Text
    corrects: bool
    refuses: bool
    rejects: bool


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A rulebook, read."""

    id: str
    path: tuple[Stage, ...]
    checks: tuple[RulebookItem, ...]
    reasons: Mapping[str, RulebookReason]
    parameters: Mapping[str, int | bool]
    since: datetime | None = None

    @property
    def version(self) -> str:
        """What people call it by: the beginning of its id."""
        return self.id[:8]

    def checks_at(self, stage: Stage) -> tuple[RulebookItem, ...]:
        """Lines on which `stage` gives a verdict."""
        return tuple(check for check in self.checks if stage in check.stages)

    def reasons_at(self, check: RulebookItem, stage: Stage) -> tuple[str, ...]:
        """Reasons for which a line may fail at `stage`: those that this desk can act upon."""
        return tuple(
            key
            for key in check.reasons
            if (reason := self.reasons.get(key)) is not None
            and (reason.corrects or reason.refuses if stage is Stage.ACCEPTANCE else reason.rejects)
        )

    def number(self, key: str) -> int:
        """A numeric parameter. Raises KeyError when the rulebook does not know it."""
        return int(self.parameters[key])

    def is_ground(self, code: str, kind: str) -> bool:
        """Whether a coded reason is a ground to `corrects`, `refuses` or `rejects`."""
        reason = self.reasons.get(code)
        return reason is not None and bool(getattr(reason, kind))

    def switch(self, key: str) -> bool:
        """A yes/no parameter."""
        return bool(self.parameters[key])


def _pair(text: Text) -> list[str]:
    return [text.zh, text.en]


def compose(book: Catalogue, profession: str, business: str) -> tuple[str, dict[str, Any]]:
    """The rulebook that a case of this service is filed under now: its id and content.

    Raises KeyError when the service is not offered.
    """
    service = book.services[profession, business]
    used = sorted(
        {*CORRECTION_FAILED, *(reason for check in service.checks for reason in check.reasons)}
    )
    content: dict[str, Any] = {
        "path": [stage.value for stage in service.path],
        "checks": [
            {
                "key": check.key,
                "label": _pair(check.label),
                "hint": _pair(check.hint),
                "stages": [stage.value for stage in check.stages],
                "reasons": list(check.reasons),
                "materials": list(check.materials),
                "rules": list(check.rules),
            }
            for check in service.checks
        ],
        "reasons": {
            key: {
                "label": _pair(book.reasons[key].label),
                "article": _pair(book.reasons[key].article),
                "corrects": book.reasons[key].corrects,
                "refuses": book.reasons[key].refuses,
                "rejects": book.reasons[key].rejects,
            }
            for key in used
        },
        "parameters": {key: book.parameter(key, profession, business) for key in book.parameters},
    }
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return digest, content


def in_force(session: Session, profession: str, business: str, now: datetime) -> str:
    """Id of the rulebook in force for a service, stored if it is new."""
    digest, content = compose(catalogue.current(), profession, business)
    if session.get(StoredRulebook, digest) is None:
        session.add(StoredRulebook(id=digest, content=content, since=now))
        session.flush()
    return digest


def is_current(rulebook: Rulebook, profession: str, business: str) -> bool:
    """Whether a case filed now would follow `rulebook`."""
    book = catalogue.current()
    if book.service(profession, business) is None:
        return False
    return compose(book, profession, business)[0] == rulebook.id


def rulebook_of(session: Session, rulebook_id: str) -> Rulebook:
    """The rulebook `rulebook_id`; read once a process, since its content never changes."""
    known = _READ.get(rulebook_id)
    if known is None:
        row = session.get_one(StoredRulebook, rulebook_id)
        known = _READ[rulebook_id] = read(rulebook_id, row.content, row.since)
    return known


def _stood(reason: Reason) -> RulebookReason:
    return RulebookReason(
        reason.key, reason.label, reason.article, reason.corrects, reason.refuses, reason.rejects
    )


_READ: dict[str, Rulebook] = {}


def read(rulebook_id: str, content: Mapping[str, Any], since: datetime | None = None) -> Rulebook:
    """A stored content as `Rulebook`."""
    return Rulebook(
        id=rulebook_id,
        path=tuple(Stage(stage) for stage in content["path"]),
        checks=tuple(
            RulebookItem(
                key=check["key"],
                label=Text(*check["label"]),
                hint=Text(*check["hint"]),
                stages=tuple(Stage(stage) for stage in check["stages"]),
                reasons=tuple(check["reasons"]),
                materials=tuple(check["materials"]),
                rules=tuple(check["rules"]),
            )
            for check in content["checks"]
        ),
        # Rulebooks of earlier versions do not hold the grounds that the procedure itself knows.
        reasons={
            FORMER.key: _stood(FORMER),
            **{key: _stood(REASONS[key]) for key in CORRECTION_FAILED},
            **{
                key: RulebookReason(
                    key=key,
                    label=Text(*reason["label"]),
                    article=Text(*reason["article"]),
                    corrects=reason["corrects"],
                    refuses=reason["refuses"],
                    rejects=reason["rejects"],
                )
                for key, reason in content["reasons"].items()
            },
        },
        parameters=dict(content["parameters"]),
        since=since,
    )
