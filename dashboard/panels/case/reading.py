"""What a person has read of the case before them, so that nothing changes behind their back.

A reading begins when a case is *first opened*. On every later run the case is *unchanged*, or it
was *changed* meanwhile. A change by others is *told*: it is announced, while the version read stays
what it was, until the person says that they have seen it and it is *acknowledged*. The person's own
acts are acknowledged without words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

import streamlit as st

from core.casefile.rows import CaseFile

_KEY = "case-reading"


class Arrival(Enum):
    """How a case that is shown now stands to what was read before."""

    FIRST_OPENED = auto()
    UNCHANGED = auto()
    CHANGED = auto()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person has read of the case `ref`.

    version: the one they know, which their acts carry; None after an act of their own, until the
    page shows what came of it. told: the newest version of which the page spoke. holder: account of
    whoever held the case when the page was drawn.
    """

    ref: str
    version: int | None
    told: int | None
    holder: int | None

    def covers(self, ref: str, version: int, holder: int | None) -> bool:
        """True while a page drawn for this reading hides nothing of a case that stands so."""
        known = version in {self.version, self.told}
        return known and (ref, holder) == (self.ref, self.holder)


def holder_of(file: CaseFile) -> int | None:
    """Account of whoever holds the case."""
    return file.holder.user_id if file.holder else None


def opened(ref: str, version: int, holder: int | None) -> Reading:
    """The case was not open before: what is shown is what is read."""
    return Reading(ref, version, version, holder)


def arrival(before: Reading | None, ref: str, version: int) -> Arrival:
    """How the case `ref` at `version` stands to what was read `before`."""
    if before is None or before.ref != ref:
        return Arrival.FIRST_OPENED
    return Arrival.UNCHANGED if before.version in {None, version} else Arrival.CHANGED


def acknowledged(before: Reading, version: int, holder: int | None) -> Reading:
    """The person knows the case as it is now."""
    return replace(before, version=version, told=version, holder=holder)


def told(before: Reading, version: int, holder: int | None) -> Reading:
    """What others did up to `version` is announced, but not acknowledged yet."""
    return replace(before, told=version, holder=holder)


def acted(before: Reading) -> Reading:
    """The person moved the case themselves: what comes of it, as the page shows it, is known."""
    return replace(before, version=None, told=None)


def kept() -> Reading | None:
    """The reading of the case this person opened last."""
    found: Reading | None = st.session_state.get(_KEY)
    return found


def keep(reading: Reading) -> None:
    """Keep `reading` until the next run."""
    st.session_state[_KEY] = reading
