"""The filter of a queue as a value: into an address and back, tolerant of anything in between."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from core import catalogue
from core.catalogue.regions import PROVINCES
from core.queue.search import tidy
from core.text import Text
from core.vocabulary.cases import FINAL, STATUSES, Status
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Party


class Tab(StrEnum):
    """The lists a queue is divided into."""

    MINE = "mine"
    TODO = "todo"
    ACCEPTANCE = "acceptance"
    REVIEW = "review"
    RECHECK = "recheck"
    DECISION = "decision"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


TAB_LABELS: dict[Tab, Text] = {
    Tab.MINE: Text("我办理的", "Held by me"),
    Tab.TODO: Text("全部待办", "All desks"),
    Tab.ACCEPTANCE: Text("受理", "Acceptance"),
    Tab.REVIEW: Text("审查", "Review"),
    Tab.RECHECK: Text("复核", "Second look"),
    Tab.DECISION: Text("决定", "Decision"),
    Tab.WAITING: Text("等待他方", "With others"),
    Tab.OPEN: Text("全部在办", "All open"),
    Tab.CLOSED: Text("已结", "Finished"),
}

_DESKS = {
    Tab(desk.value): frozenset(
        status
        for status, spec in STATUSES.items()
        if spec.desk is desk and spec.waits_for is Party.OFFICER
    )
    for desk in Stage
}
_TODO = frozenset[Status]().union(*_DESKS.values())
_LISTED = frozenset(status for status, spec in STATUSES.items() if spec.listed)
_WAITING = _LISTED - FINAL - _TODO

TAB_STATUSES: dict[Tab, frozenset[Status]] = {
    Tab.TODO: _TODO,
    **_DESKS,
    Tab.WAITING: _WAITING,
    Tab.OPEN: _TODO | _WAITING,
    Tab.CLOSED: FINAL & _LISTED,
}
"""The statuses each tab lists; `Tab.MINE` goes by leases instead."""

OPEN_STATUSES = tuple(sorted(TAB_STATUSES[Tab.OPEN]))


class Flags(StrEnum):
    """Open anomalies touching a case."""

    ANY = "any"
    BLOCK = "block"
    NONE = "none"


class Days(StrEnum):
    """Working days left on the running clock; the number is how many at most, today included."""

    OVERDUE = "overdue"
    TODAY = "today"
    TWO = "2"
    FIVE = "5"


class Sort(StrEnum):
    DUE = "due"
    RECEIVED = "received"
    REF = "ref"
    NAME = "name"
    EMPLOYER = "employer"
    CHANGED = "changed"


SIZES = (25, 50, 100)
"""Rows a page may have."""

_FARTHEST_PAGE = 1_000_000
_Value = TypeVar("_Value")
_Enum = TypeVar("_Enum", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """A view of the queue; the defaults are everything in the officer's own first tab.

    tab: None is the tab the officer starts at. profession, status: any of these, all when empty.
    assignee: a user's id, "me", "none", or None for any. received_from, received_to: days in China,
    both inclusive. sort None: oldest clock first, for finished cases the latest change first.
    """

    tab: Tab | None = None
    profession: tuple[str, ...] = ()
    specialty: str | None = None
    business: str | None = None
    province: str | None = None
    status: tuple[Status, ...] = ()
    assignee: str | int | None = None
    flags: Flags | None = None
    days: Days | None = None
    received_from: date | None = None
    received_to: date | None = None
    query: str = ""
    sort: Sort | None = None
    descending: bool = False
    page: int = 1
    size: int = SIZES[0]

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> QueueFilter:
        """The filter an address stands for; values nobody knows are dropped, never refused."""
        book = catalogue.current()

        def read(key: str, reader: Callable[[str], _Value]) -> _Value | None:
            raw = query.get(key)
            try:
                return None if raw is None or len(raw) > _LONGEST else reader(raw)
            except (ValueError, TypeError, OverflowError):
                return None

        professions = read("profession", lambda raw: _several(raw, book.professions)) or ()
        found = cls(
            tab=read("tab", Tab),
            profession=professions,
            specialty=read("specialty", _one_of(_specialties(professions))),
            business=read("business", _one_of(book.businesses)),
            province=read("province", _one_of(PROVINCES)),
            status=tuple(
                Status(key) for key in read("status", lambda raw: _several(raw, _LISTED)) or ()
            ),
            assignee=read("assignee", _assignee),
            flags=read("flags", Flags),
            days=read("days", Days),
            received_from=read("from", _day),
            received_to=read("to", _day),
            query=tidy(read("q", str) or ""),
            page=min(max(read("page", _number) or 1, 1), _FARTHEST_PAGE),
            size=size if (size := read("size", _number)) in SIZES and size else SIZES[0],
        )
        sort = (query.get("sort") or "").split("-")
        if len(sort) == 2 and sort[0] in set(Sort) and sort[1] in {"asc", "desc"}:
            return replace(found, sort=Sort(sort[0]), descending=sort[1] == "desc")
        return found

    def to_query(self) -> dict[str, str]:
        """What an address needs so that `from_query` gives this filter again; no defaults."""
        values = {
            "tab": self.tab,
            "profession": ",".join(self.profession),
            "specialty": self.specialty,
            "business": self.business,
            "province": self.province,
            "status": ",".join(self.status),
            "assignee": self.assignee,
            "flags": self.flags,
            "days": self.days,
            "from": self.received_from,
            "to": self.received_to,
            "q": self.query,
            "sort": f"{self.sort}-{'desc' if self.descending else 'asc'}" if self.sort else None,
            "page": self.page if self.page > 1 else None,
            "size": self.size if self.size != SIZES[0] else None,
        }
        return {key: str(value) for key, value in values.items() if value}

    def order(self, tab: Tab) -> tuple[Sort, bool]:
        """The sort in force in `tab`, and whether it is descending."""
        if self.sort:
            return self.sort, self.descending
        return (Sort.CHANGED, True) if tab is Tab.CLOSED else (Sort.DUE, False)

    def statuses(self, tab: Tab) -> frozenset[Status]:
        """The statuses listed in `tab`: those chosen, as far as the tab holds them."""
        held = TAB_STATUSES.get(tab, TAB_STATUSES[Tab.OPEN])
        return held & frozenset(self.status) if self.status else held

    def changed(self, **values: object) -> QueueFilter:
        """This filter with some values replaced, back on its first page."""
        return replace(self, **{"page": 1, **values})  # type: ignore[arg-type]

    def cleared(self) -> QueueFilter:
        """The same tab, order and page size with nothing filtered out."""
        return QueueFilter(tab=self.tab, sort=self.sort, descending=self.descending, size=self.size)

    def active(self) -> int:
        """How many filters are set; the tab, the order and the page are none."""
        kept = {"tab", "sort", "descending", "page", "size"}
        names = [field.name for field in fields(self) if field.name not in kept]
        return sum(bool(getattr(self, name)) for name in names)


_LONGEST = 500


def _several(raw: str, known: object) -> tuple[str, ...]:
    return tuple(key for key in dict.fromkeys(raw.split(",")) if key in known)  # type: ignore[operator]


def _allowed(value: _Value, known: object) -> _Value | None:
    return value if value in known else None  # type: ignore[operator]


def _one_of(known: object) -> Callable[[str], str | None]:
    return lambda raw: _allowed(raw, known)


def _specialties(professions: tuple[str, ...]) -> frozenset[str]:
    book = catalogue.current()
    chosen = professions or tuple(book.professions)
    return frozenset(item.key for key in chosen for item in book.professions[key].specialties)


def _number(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", raw):
        raise ValueError(raw)
    return int(raw)


def _day(raw: str) -> date:
    """A day as the calendar of deadlines reaches; anything written otherwise is no day."""
    if not re.fullmatch(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", raw):
        raise ValueError(raw)
    return date.fromisoformat(raw)


def _assignee(raw: str) -> str | int:
    return raw if raw in {"me", "none"} else _number(raw)
