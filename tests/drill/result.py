"""What a drill reports of one kind of trouble it has replayed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of hostile material and what became of it.

    tried, refused, accepted: how many. seconds: the longest single try, in seconds of CPU where
    they can be had. megabytes: the largest growth of memory seen. trouble: what must not be:
    anything lost, any traceback, anything over 10 s or 500 MB.
    """

    name: str
    tried: int
    refused: int
    accepted: int
    seconds: float
    megabytes: float
    trouble: tuple[str, ...]
