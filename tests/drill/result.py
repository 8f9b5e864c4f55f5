"""What a drill came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of hostile input and what became of it.

    seconds: longest single try, CPU seconds where it can be had; megabytes: largest memory growth.
    trouble: whatever was lost, any traceback, anything over 10 s of CPU or 500 MB.
    """

    name: str
    tried: int
    refused: int
    accepted: int
    seconds: float
    megabytes: float
    trouble: tuple[str, ...]
