"""The progress of an application, as officers and applicants see it."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import clock
from core.casefile.timeline import NODE_LABELS, Node, NodeState
from core.text import Language, Text

TIMELINE = Text("办理进度", "Progress")

# Shapes differ as well as colours; both read on light and dark.
_MARKS = {
    NodeState.NOT_STARTED: ("○", "var(--rd-muted)"),
    NodeState.CURRENT: ("◉", "#2f7bd9"),
    NodeState.FAILED: ("✕", "#d04a41"),
    NodeState.DONE: ("✓", "#2e9460"),
}

_STYLE = """
<style>
.rd-line{--rd-muted:color-mix(in srgb,currentColor 62%,transparent);display:flex;flex-wrap:wrap;
 gap:.25rem 0}
.rd-line div{flex:1 1 11rem;display:grid;grid-template-columns:auto 1fr;gap:0 .5rem;
 align-items:center;align-content:start;padding-right:.75rem;font-size:.93rem}
.rd-line .dot{width:1.5rem;height:1.5rem;border-radius:50%;border:2px solid;display:grid;
 place-items:center;font-size:.8rem;line-height:1;font-weight:700}
.rd-line .name{font-weight:600}
.rd-line .state{grid-column:2;color:var(--rd-muted);font-size:.85rem;line-height:1.35}
.rd-line .when{white-space:nowrap}
</style>
"""


def _node(node: Node, language: Language) -> str:
    mark, colour = _MARKS[node.state]
    words = NODE_LABELS[node.state](language)
    sub = node.sub(language) if node.sub else ""
    when = f'<span class="when">{clock.local(node.at):%Y-%m-%d}</span>' if node.at else ""
    detail = " · ".join(part for part in (escape(words), escape(sub), when) if part)
    return (
        f'<div role="listitem"><span class="dot" aria-hidden="true" '
        f'style="color:{colour};border-color:{colour}">{mark}</span>'
        f'<span class="name">{escape(node.label(language))}</span>'
        f'<span class="state">{detail}</span></div>'
    )


def progress(nodes: tuple[Node, ...], language: Language) -> None:
    """The progress bar with the four states of M1."""
    items = "".join(_node(node, language) for node in nodes)
    st.html(
        f'{_STYLE}<div class="rd-line" role="list" aria-label="{TIMELINE(language)}">{items}</div>'
    )
