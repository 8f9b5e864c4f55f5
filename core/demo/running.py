"""A case under way in bulk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.access.actors import Actor
from core.demo.licences import Licence
from core.demo.plans import Plan
from core.demo.shapes import Script

_Row = list[Any]


@dataclass(slots=True)
class Running:
    """A case under way: what the commands would find in the tables.

    place: steps carried out so far. issuing, since: who waits for the number to be drawn, and the
    moment of drawing.
    """

    script: Script
    number: int
    plan: Plan
    ref: str
    form: dict[str, Any]
    content: str
    created: str
    licence: Licence | None
    seal_number: str
    subject: str
    place: int = 0
    entries: int = 0
    status: str = "draft"
    resumes: str | None = None
    version: int = 2
    lapsed: int = 0
    decided: int | None = None
    clock: str | None = None
    due: str | None = None
    issuing: tuple[Actor, str, tuple[str, ...]] | None = None
    since: int = 0
    changed: str = ""
    stamps: dict[str, str] = field(default_factory=dict)
    lease: tuple[int, str, int] | None = None
    clocks: dict[str, _Row] = field(default_factory=dict)
    verdicts: dict[str, dict[str, _Row]] = field(default_factory=dict)
    decisions: list[_Row] = field(default_factory=list)
    corrections: list[tuple[_Row, list[_Row]]] = field(default_factory=list)
