"""The state table and diagram of `docs/workflow.md`, made from the transition table."""

from __future__ import annotations

from core.access.permissions import GRANTS
from core.cases.actions import ACTION_LABELS
from core.cases.transitions import TRANSITIONS
from core.vocabulary.cases import FINAL, STATUS_LABELS, Status
from core.vocabulary.roles import ROLE_LABELS
from core.workflow.definitions import Transition


def _roles(row: Transition) -> str:
    return "、".join(
        ROLE_LABELS[role].zh for role, granted in GRANTS.items() if row.permission in granted
    )


def _table() -> list[str]:
    lines = [
        "| 操作 Action | 从 From | 到 To | 条件 When | 角色 Roles | 须写明 Needs | 检查 Guards |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in TRANSITIONS:
        sources = "、".join(STATUS_LABELS[item].zh for item in Status if item in row.sources)
        if len(row.sources) > 10:
            sources = "所有未办结状态 any unfinished status"
        target = STATUS_LABELS[row.target].zh if row.target else "撤回前状态 status before"
        label = ACTION_LABELS[row.action]
        lines.append(
            f"| {label.zh} {label.en} `{row.action}` | {sources} | {target} | "
            f"{row.when or '—'} | {_roles(row)} | {row.need} | {', '.join(row.guards) or '—'} |"
        )
    return lines


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {item.value}: {STATUS_LABELS[item].zh}" for item in Status]
    lines.append(f"    [*] --> {Status.DRAFT}")
    for row in TRANSITIONS:
        if len(row.sources) > 10:
            continue
        targets = [row.target] if row.target else [Status.RECEIVED]
        lines += [
            f"    {source.value} --> {target.value}: {ACTION_LABELS[row.action].zh}"
            for source in Status
            if source in row.sources
            for target in targets
        ]
    lines += [f"    {item.value} --> [*]" for item in Status if item in FINAL]
    lines.append("```")
    return lines


def document() -> str:
    """The whole of `docs/workflow.md`."""
    return "\n".join(
        [
            "# Workflow · 办理流程",
            "",
            "Generated from `core/cases/transitions.py` by `python -m core docs`; "
            "do not edit by hand.",
            "终止 (`terminate`) leads from every unfinished status to 终止 and is left out of the "
            "diagram. A pending withdrawal that is refused or lapses returns to the status it "
            "interrupted; the diagram shows 部级未受理 for all of them.",
            "",
            *_diagram(),
            "",
            *_table(),
            "",
        ]
    )
