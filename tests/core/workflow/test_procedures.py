"""Every procedure of the house is sound: nothing in its tables is missing, unused or a dead end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest

from core.access.permissions import GRANTS, Permission
from core.catalogue import BUILT_IN
from core.correspondence.templates import TEMPLATES
from core.procedures import PROCEDURES
from core.vocabulary.clocks import CLOCKS
from core.vocabulary.roles import Role
from core.workflow.definitions import Need, Procedure, Target, Transition

each_procedure = pytest.mark.parametrize(
    "procedure", PROCEDURES.values(), ids=[str(key) for key in PROCEDURES]
)


def named(row: Transition) -> str:
    return f"{row.action} from {sorted(row.sources)}"


def targets(procedure: Procedure, row: Transition) -> set[str]:
    """Where a row may lead; the way back leads to whatever its source can interrupt."""
    match row.target:
        case Target.STAY:
            return set(row.sources)
        case Target.BACK:
            return set(
                chain.from_iterable(
                    other.sources for other in procedure.transitions if other.target in row.sources
                )
            )
        case status:
            return {status}


def test_every_procedure_is_known_by_its_own_key() -> None:
    assert {key: procedure.key for key, procedure in PROCEDURES.items()} == {
        key: key for key in ("case", "employer", "amendment", "appeal", "revocation", "hearing")
    }


@each_procedure
def test_a_procedure_begins_in_a_status_of_its_own_and_every_status_has_a_row(
    procedure: Procedure,
) -> None:
    assert procedure.start in procedure.statuses
    assert set(procedure.statuses) == set(type(procedure.start))
    for spec in procedure.statuses.values():
        assert spec.label.zh
        assert spec.label.en
        assert spec.label.zh != spec.label.en
        assert spec.final == (spec.waits_for is None) or not procedure.final


@each_procedure
def test_what_a_status_stamps_is_a_date_of_the_subject(procedure: Procedure) -> None:
    columns = {attribute.key for attribute in procedure.model.__mapper__.column_attrs}
    assert {"status", "version_id"} <= columns
    assert {spec.stamp for spec in procedure.statuses.values() if spec.stamp} <= columns


@each_procedure
def test_sources_and_targets_belong_to_the_procedure(procedure: Procedure) -> None:
    for row in procedure.transitions:
        assert row.sources, named(row)
        assert row.sources <= set(procedure.statuses), named(row)
        assert targets(procedure, row) <= set(procedure.statuses), named(row)
        assert targets(procedure, row), named(row)


@each_procedure
def test_every_status_is_reached_from_the_start(procedure: Procedure) -> None:
    reached = {procedure.start}
    for _ in procedure.statuses:
        for row in procedure.transitions:
            if row.sources & reached:
                reached |= targets(procedure, row)
    assert reached == set(procedure.statuses)


@each_procedure
def test_every_unfinished_status_can_be_left_and_final_ones_lead_nowhere(
    procedure: Procedure,
) -> None:
    left = {
        status
        for row in procedure.transitions
        for status in row.sources
        if row.target is not Target.STAY
    }
    assert left == set(procedure.statuses) - procedure.final


@each_procedure
def test_every_final_status_can_be_come_to_from_everywhere_that_is_unfinished(
    procedure: Procedure,
) -> None:
    """No round of statuses is without a way out."""
    ends = set(procedure.final)
    if not ends:  # an employer's standing has no end
        return
    for _ in procedure.statuses:
        for row in procedure.transitions:
            if targets(procedure, row) & ends:
                ends |= row.sources
    assert ends == set(procedure.statuses)


@each_procedure
def test_every_action_has_a_label_in_both_languages_and_a_row(procedure: Procedure) -> None:
    used = {row.action for row in procedure.transitions}
    assert set(procedure.actions) == used == set(type(next(iter(used))))
    for label in procedure.actions.values():
        assert label.zh
        assert label.en
        assert label.zh != label.en


@each_procedure
def test_every_guard_named_exists_and_every_guard_is_used(procedure: Procedure) -> None:
    assert {name for row in procedure.transitions for name in row.guards} == set(procedure.guards)


@each_procedure
def test_every_step_can_be_taken_by_somebody(procedure: Procedure) -> None:
    held = frozenset[Permission]().union(*GRANTS.values())
    assert {row.permission for row in procedure.transitions} <= held


@each_procedure
def test_what_rests_on_coded_reasons_says_for_what_they_are_grounds(procedure: Procedure) -> None:
    for row in procedure.transitions:
        assert (row.need is Need.CODES) == (row.ground is not None), named(row)


@each_procedure
def test_every_letter_and_every_condition_named_exists(procedure: Procedure) -> None:
    for row in procedure.transitions:
        assert row.letter is None or row.letter in TEMPLATES, named(row)
        assert row.letter is None or procedure.key == "case", "letters are about cases"
        if row.when is not None:
            assert row.when in set(type(row.when)), named(row)


@each_procedure
def test_a_decision_that_counts_is_made_at_a_desk_by_somebody_new(procedure: Procedure) -> None:
    for row in procedure.transitions:
        if row.four_eyes:
            assert row.stage is not None, named(row)
            first = not any(
                targets(procedure, other) & row.sources and other.four_eyes
                for other in procedure.transitions
            )
            assert first or "not_yet_decided_by_actor" in row.guards, named(row)
        if row.undoes:
            assert row.stage is not None or row.starts is not None, named(row)
            assert not row.four_eyes, named(row)


@each_procedure
def test_two_rows_of_one_action_from_one_status_differ_in_their_condition(
    procedure: Procedure,
) -> None:
    seen: dict[tuple[str, str], list[str | None]] = {}
    for row in procedure.transitions:
        for source in row.sources:
            seen.setdefault((row.action, source), []).append(row.when)
    for key, conditions in seen.items():
        assert len(conditions) == len(set(conditions)), key
        assert len(conditions) == 1 or None not in conditions, key


def started() -> Iterator[tuple[Procedure, Transition]]:
    for procedure in PROCEDURES.values():
        for row in procedure.transitions:
            if row.starts is not None:
                yield procedure, row


@pytest.mark.parametrize("kind", CLOCKS)
def test_every_clock_has_a_number_of_working_days_in_the_catalogue(kind: object) -> None:
    spec = CLOCKS[kind]  # type: ignore[index]
    parameter = BUILT_IN.parameters[spec.parameter]
    assert isinstance(parameter.default, int)
    assert parameter.unit.en == "working days"


@pytest.mark.parametrize(
    ("procedure", "row"), list(started()), ids=[named(row) for _, row in started()]
)
def test_a_clock_that_lapses_has_an_action_of_the_system_where_it_runs(
    procedure: Procedure, row: Transition
) -> None:
    assert row.starts is not None
    lapse = CLOCKS[row.starts].lapse
    if lapse is None:
        return
    rows = [item for item in procedure.transitions if item.action.value == lapse]
    assert rows, lapse
    for item in rows:
        assert item.permission is Permission.CLOCK_LAPSE
        assert row.starts in item.stops
    # Wherever the started clock runs on arrival, its lapse is possible.
    assert any(targets(procedure, row) <= item.sources for item in rows)


def test_every_lapse_that_a_clock_names_is_an_action_of_some_procedure() -> None:
    actions = {action.value for procedure in PROCEDURES.values() for action in procedure.actions}
    assert {spec.lapse for spec in CLOCKS.values() if spec.lapse} <= actions


def test_only_the_system_takes_lapses() -> None:
    holders = {role for role, granted in GRANTS.items() if Permission.CLOCK_LAPSE in granted}
    assert holders == {Role.SYSTEM}


@each_procedure
def test_clocks_that_are_paused_or_stopped_are_started_somewhere(procedure: Procedure) -> None:
    # A hearing's and an appeal's first clock start when they are opened.
    begun = {row.starts for _, row in started()} | set(CLOCKS)
    for row in procedure.transitions:
        assert {*row.stops, *row.pauses, *row.resumes} <= begun, named(row)
        assert not set(row.pauses) & set(row.resumes), named(row)


@each_procedure
def test_follow_ups_are_steps_of_the_system_from_where_they_are_taken(
    procedure: Procedure,
) -> None:
    for status, follow in procedure.follow_ups.items():
        rows = [row for row in procedure.transitions if row.action is follow.action]
        assert any(
            status in row.sources and row.permission in GRANTS[Role.SYSTEM] for row in rows
        ), status
        assert follow.parameter is None or follow.parameter in BUILT_IN.parameters


@each_procedure
def test_statuses_and_actions_are_read_back_from_their_values(procedure: Procedure) -> None:
    assert [procedure.status(item.value) for item in procedure.statuses] == list(procedure.statuses)
    assert [procedure.action(item.value) for item in procedure.actions] == list(procedure.actions)
    with pytest.raises(ValueError, match="nothing"):
        procedure.status("nothing")
    with pytest.raises(ValueError, match="nothing"):
        procedure.action("nothing")
