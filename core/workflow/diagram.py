"""The state tables and diagrams of `docs/workflow.md`, made from the transition tables."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from core.access.permissions import GRANTS
from core.vocabulary.roles import ROLE_LABELS
from core.workflow.definitions import Procedure, Target, Transition

_MANY = 10
"""Rows that lead from more statuses than this are told in words and left out of the diagram."""


def _roles(row: Transition) -> str:
    return "、".join(
        ROLE_LABELS[role].zh for role, granted in GRANTS.items() if row.permission in granted
    )


def _sources(procedure: Procedure, row: Transition) -> list[StrEnum]:
    return [status for status in procedure.statuses if status in row.sources]


def _target(procedure: Procedure, row: Transition) -> str:
    match row.target:
        case Target.BACK:
            return "撤回前状态 status before"
        case Target.STAY:
            return "不变 unchanged"
        case status:
            return procedure.statuses[status].label.zh


def _clocks(row: Transition) -> str:
    parts = [f"▶ {row.starts}"] if row.starts else []
    parts += [f"⏸ {kind}" for kind in row.pauses] + [f"⏵ {kind}" for kind in row.resumes]
    return "、".join(parts) or "—"


def _table(procedure: Procedure) -> list[str]:
    lines = [
        "| 操作 Action | 从 From | 到 To | 条件 When | 角色 Roles | 须写明 Needs | 计时 Clock | "
        "检查 Guards |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in procedure.transitions:
        sources = _sources(procedure, row)
        if len(sources) > _MANY:
            shown = "所有未办结状态 any unfinished status"
        else:
            shown = "、".join(procedure.statuses[item].label.zh for item in sources)
        label = procedure.actions[row.action]
        lines.append(
            f"| {label.zh} {label.en} `{row.action}` | {shown} | {_target(procedure, row)} | "
            f"{row.when or '—'} | {_roles(row)} | {row.need} | {_clocks(row)} | "
            f"{', '.join(row.guards) or '—'} |"
        )
    return lines


def _diagram(procedure: Procedure) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {item}: {spec.label.zh}" for item, spec in procedure.statuses.items()]
    lines.append(f"    [*] --> {procedure.start}")
    for row in procedure.transitions:
        sources = _sources(procedure, row)
        if len(sources) > _MANY or isinstance(row.target, Target):
            continue
        label = procedure.actions[row.action].zh
        lines += [f"    {source} --> {row.target}: {label}" for source in sources]
    lines += [f"    {item} --> [*]" for item, spec in procedure.statuses.items() if spec.final]
    lines.append("```")
    return lines


def document(procedures: Iterable[Procedure]) -> str:
    """The whole of `docs/workflow.md`."""
    lines = [
        "# Workflow · 办理流程",
        "",
        "Generated from the transition tables (`transitions.py` in each procedure's package) by "
        "`python -m core docs`; do not edit by hand.",
        "",
        "A diagram leaves out what leads from nearly every status (e.g. 终止), what leads back to "
        "the status that was interrupted (a withdrawal that is refused or lapses), and what leaves "
        "the status as it is (clocks that pause and resume); the table below it holds every row.",
    ]
    for procedure in procedures:
        lines += [
            "",
            f"## {procedure.label.zh} {procedure.label.en} `{procedure.key}`",
            "",
            *_diagram(procedure),
            "",
            *_table(procedure),
        ]
    return "\n".join([*lines, ""])
