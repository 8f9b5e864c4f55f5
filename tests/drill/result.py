"""What a drill found: one kind of hostile material, tried many times."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of material.

    tried: how often; refused in words, accepted: of them. seconds: longest single try (CPU seconds
    where they can be had). megabytes: largest growth of memory seen. trouble: whatever was lost,
    ended in a traceback, or took more than 10 s or 500 MB.
    """

    name: str
    tried: int
    refused: int
    accepted: int
    seconds: float
    megabytes: float
    trouble: tuple[str, ...]
