"""Top of the case page: who, what, where it stands, how long is left, who holds it."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from core import clock
from core.casefile.rows import CaseFile
from core.casefile.timeline import NODE_LABELS, Node, NodeState
from core.text import Language, Text
from core.vocabulary.cases import CHANNEL_LABELS, STATUS_LABELS, Channel
from core.vocabulary.clocks import CLOCK_LABELS, ClockKind
from core.workdays import counting
from dashboard import labels

HELD_BY = Text("{name} 办理中（至 {until}）", "Held by {name} (until {until})")
HELD_BY_YOU = Text("由您办理（至 {until}）", "Held by you (until {until})")
FREE = Text("待领取", "Free to claim")
CLOCK_BADGE = Text("{clock} {left}", "{clock}: {left}")
CLOCK_WORDS = Text(
    "{clock}时限：第 {day} / {days} 个工作日，{due} 届满", "{clock}: day {day} of {days}, due {due}"
)
BLOCKING = Text("{count} 个阻断异常", "Blocking flags: {count}")
FLAGS = Text("{count} 个异常待处理", "Open flags: {count}")
FACTS = Text(
    "案件编号 {ref} · {channel} · 部级接收 {received}",
    "Case {ref} · {channel} · received {received}",
)
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


def _clock_badges(file: CaseFile, today: date, language: Language) -> list[str]:
    if file.due_on is None or file.clock is None:
        return []
    words, tone = labels.days_left(file.due_on, today, language)
    label = CLOCK_LABELS[ClockKind(file.clock)]
    return [labels.badge(CLOCK_BADGE(language, clock=label, left=words), tone)]


def case_header(file: CaseFile, user_id: int | None, today: date, language: Language) -> None:
    """Name, service, status, clock in working days, flags, holder; then the progress bar."""
    service = " · ".join(
        part
        for part in (
            labels.profession_name(file.profession, language),
            labels.specialty_names(file.profession, file.specialties, language),
            labels.business_name(file.business, language),
        )
        if part
    )
    st.title(f"{labels.plain(file.person_name)}　{service}", anchor=False)
    badges = [labels.badge(STATUS_LABELS[file.status](language), labels.status_tone(file.status))]
    badges += _clock_badges(file, today, language)
    open_flags = [flag for flag in file.flags if flag.status in {"open", "appealed"}]
    blocking = sum(flag.severity == "block" for flag in open_flags)
    if blocking:
        badges.append(labels.badge(BLOCKING(language, count=blocking), "bad"))
    if len(open_flags) > blocking:
        badges.append(labels.badge(FLAGS(language, count=len(open_flags) - blocking), "warn"))
    if file.holder:
        words = HELD_BY_YOU if file.holder.user_id == user_id else HELD_BY
        until = clock.written(file.holder.until)[11:]
        badges.append(labels.badge(words(language, name=file.holder.name, until=until), "info"))
    elif file.stage:
        badges.append(labels.badge(FREE(language)))
    st.markdown(" ".join(badges))
    facts = FACTS(
        language,
        ref=file.ref,
        channel=CHANNEL_LABELS[Channel(file.channel)](language),
        received=clock.written(file.received_at) if file.received_at else "—",
    )
    if file.clock and file.clock_started_on and file.due_on:
        passed = counting.days_left(file.clock_started_on, today)
        facts += " · " + CLOCK_WORDS(
            language,
            clock=CLOCK_LABELS[ClockKind(file.clock)],
            day=max(passed, 0),
            days=file.clock_days,
            due=file.due_on,
        )
        if file.due_on.year > counting.published_until():
            st.warning(counting.CALENDAR_PROVISIONAL(language), icon=":material/event_busy:")
    st.caption(facts)
    progress(file.nodes, language)
