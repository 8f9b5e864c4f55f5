"""A case under way in bulk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.demo.licences import Licence
from core.demo.plans import Plan
from core.demo.shapes import Script

_Row = list[Any]


@dataclass(slots=True)
class Running:
    """A case under way: what the commands would find in the tables."""

    script: Script
    plan: Plan
    ref: str
    form: dict[str, Any]
    created: str
    changed: str
    licence: Licence | None
    seal_number: str
    subject: str
    status: str = "draft"
    resumes: str | None = None
    version: int = 2
    lapsed: int = 0
    decided: int | None = None
    clock: str | None = None
    due: str | None = None
    stamps: dict[str, str] = field(default_factory=dict)
    lease: tuple[int, str, int] | None = None
    clocks: dict[str, _Row] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], _Row] = field(default_factory=dict)
    decisions: list[_Row] = field(default_factory=list)
    corrections: list[tuple[_Row, list[_Row]]] = field(default_factory=list)
