"""Every enumeration has its words in both languages, and what is derived says what the rows say."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import ModuleType

import pytest

import core.vocabulary
from core.procedures import PROCEDURES
from core.queue.filters import OPEN_STATUSES, TAB_STATUSES, Tab
from core.queue.listing import DESK_TABS
from core.review.verdicts import checklist_stage
from core.text import Text
from core.vocabulary.cases import DESKS, FINAL, STATUS_LABELS, STATUSES, Status
from core.vocabulary.clocks import CLOCK_LABELS, CLOCKS, ClockKind
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Ending, Milestone, Party, StatusSpec

# Enumerations that no person reads: the rows that use them carry the words.
SILENT = {"Party", "Milestone", "Ending", "RevocationGround"}


def modules() -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(core.vocabulary.__path__):
        yield importlib.import_module(f"core.vocabulary.{info.name}")


def enumerations() -> list[tuple[ModuleType, type[StrEnum]]]:
    return [
        (module, value)
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, StrEnum)
        and value is not StrEnum
        and value.__module__ == module.__name__
    ]


def words_of(module: ModuleType, kind: type[StrEnum]) -> list[Mapping[StrEnum, Text]]:
    """The tables of the module that say how the values of `kind` are called."""
    found = []
    for value in vars(module).values():
        if isinstance(value, dict) and value and all(isinstance(key, kind) for key in value):
            labels = {
                key: getattr(item, "label", item)
                for key, item in value.items()
                if isinstance(getattr(item, "label", item), Text)
            }
            if labels:
                found.append(labels)
    return found


@pytest.mark.parametrize(
    ("module", "kind"), enumerations(), ids=lambda item: getattr(item, "__name__", "")
)
def test_every_value_has_its_words_in_both_languages(
    module: ModuleType, kind: type[StrEnum]
) -> None:
    tables = words_of(module, kind)
    if kind.__name__ in SILENT:
        assert not tables, f"{kind.__name__} has words now: it is silent no more"
        return
    assert tables, f"{kind.__name__} has no words"
    for table in tables:
        assert set(table) == set(kind)
        for label in table.values():
            assert label.zh.strip()
            assert label.en.strip()
            assert label.zh != label.en
        assert len({label.zh for label in table.values()}) == len(table), "two are called alike"


def test_the_list_of_silent_enumerations_is_of_this_vocabulary() -> None:
    assert {kind.__name__ for _, kind in enumerations()} >= SILENT


def test_there_is_a_row_for_every_status_of_every_procedure() -> None:
    for procedure in PROCEDURES.values():
        for status, spec in procedure.statuses.items():
            assert isinstance(spec, StatusSpec), status
            assert spec.final == (status in procedure.final)
            assert not (spec.final and spec.waits_for), f"{status} is over and waits for nobody"
            assert not (spec.final and spec.desk), status


# Written from domain E: what is over, and where officers sit.
OVER = {"refused", "rejected", "closed", "withdrawn", "terminated", "discarded"}
AT_DESKS = {
    "received": "acceptance",
    "corrected": "acceptance",
    "withdrawing": "acceptance",
    "accepted": "review",
    "review": "review",
    "recheck": "recheck",
    "decision": "decision",
}
LISTS = {"received", "corrected", "withdrawing", "review"}


def test_the_statuses_that_are_over_are_those_of_the_rows() -> None:
    assert {str(status) for status in FINAL} == OVER
    assert {status for status, spec in STATUSES.items() if spec.ending} == FINAL
    done = {status for status, spec in STATUSES.items() if spec.ending is Ending.DONE}
    assert done == {Status.CLOSED}


def test_the_desks_are_those_of_the_rows() -> None:
    assert {str(status): str(desk) for status, desk in DESKS.items()} == AT_DESKS


def test_lists_are_filled_in_where_the_rows_say() -> None:
    assert {str(status) for status in Status if checklist_stage(status)} == LISTS
    for status in Status:
        stage = checklist_stage(status)
        assert stage is None or stage is DESKS[status]


def test_the_labels_are_those_of_the_rows() -> None:
    assert {status: spec.label for status, spec in STATUSES.items()} == STATUS_LABELS
    assert {kind: spec.label for kind, spec in CLOCKS.items()} == CLOCK_LABELS


def test_the_tabs_of_the_queue_are_those_of_the_rows() -> None:
    for stage, tab in DESK_TABS.items():
        waiting = {
            status
            for status, desk in DESKS.items()
            if desk is stage and STATUSES[status].waits_for is Party.OFFICER
        }
        assert TAB_STATUSES[tab] == waiting
    assert set(DESK_TABS) == set(Stage)
    todo, waiting_for_others = TAB_STATUSES[Tab.TODO], TAB_STATUSES[Tab.WAITING]
    assert todo | waiting_for_others == TAB_STATUSES[Tab.OPEN] == set(OPEN_STATUSES)
    assert not todo & waiting_for_others
    assert TAB_STATUSES[Tab.CLOSED] <= FINAL
    hidden = set(Status) - TAB_STATUSES[Tab.OPEN] - TAB_STATUSES[Tab.CLOSED]
    assert hidden == {Status.DRAFT, Status.DISCARDED}


# Written from the law and domain E: what happens by itself when a time runs out.
BY_ITSELF = {
    "withdrawal": "lapse_withdrawal",
    "correction": "lapse_correction",
    "acceptance": "lapse_acceptance",
    "publicity": "conclude_publicity",
    "appeal": "lapse_appeal",
    "hearing_request": "lapse_request",
    "heard": "lapse_answer",
}


def test_what_happens_when_a_time_runs_out_is_said_by_the_rows() -> None:
    lapses = {str(kind): spec.lapse for kind, spec in CLOCKS.items() if spec.lapse}
    assert lapses == BY_ITSELF


def test_a_withdrawal_lapses_before_the_acceptance_that_it_held_up() -> None:
    order = list(CLOCKS)
    assert order.index(ClockKind.WITHDRAWAL) < order.index(ClockKind.ACCEPTANCE)
    assert set(order) == set(ClockKind)


def test_every_place_of_the_progress_bar_is_rested_at() -> None:
    rested = {spec.milestone for spec in STATUSES.values() if spec.milestone}
    assert rested == set(Milestone)
    for status, spec in STATUSES.items():
        stopped = spec.ending is Ending.STOPPED
        assert stopped == (spec.milestone is None), status
