"""Top of the case page: who, what, where it stands, how long is left, who holds it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core import clock
from core.casefile.rows import CaseFile
from core.text import Language, Text
from core.vocabulary.cases import CHANNEL_LABELS, STATUS_LABELS, Channel
from core.vocabulary.clocks import CLOCK_LABELS, ClockKind
from core.vocabulary.tones import Tone
from core.workdays import counting
from dashboard import labels
from dashboard.panels.shared.progress import progress

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


PAUSED = Text("{clock}中止计时：{reason}", "{clock} paused: {reason}")
PAUSED_SINCE = Text("{day} 起中止计时", "the clock pauses since {day}")
RULEBOOK = Text("规则版本 {version}（{since} 起）", "rules {version} (since {since})")
OLD_RULEBOOK = Text(
    "规则版本 {version}（{since} 起）：规则此后已更新，本案仍按申报时的版本办理",
    "rules {version} (since {since}); they have changed, but this case follows the ones it was "
    "filed under",
)


def _clock_badges(file: CaseFile, today: date, language: Language) -> list[tuple[str, Tone]]:
    if file.clock is not None and file.paused_on is not None:
        kind = CLOCK_LABELS[ClockKind(file.clock)]
        return [(PAUSED(language, clock=kind, reason=file.pause_reason), "warn")]
    if file.due_on is None or file.clock is None:
        return []
    words, tone = labels.days_left(file.due_on, today, language)
    label = CLOCK_LABELS[ClockKind(file.clock)]
    return [(CLOCK_BADGE(language, clock=label, left=words), tone)]


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
    st.title(f"{labels.plain(file.person_name)}　{labels.plain(service)}", anchor=False)
    badges = [(STATUS_LABELS[file.status](language), labels.status_tone(file.status))]
    badges += _clock_badges(file, today, language)
    open_flags = [flag for flag in file.flags if flag.status in {"open", "appealed"}]
    blocking = sum(flag.severity == "block" for flag in open_flags)
    if blocking:
        badges.append((BLOCKING(language, count=blocking), "bad"))
    if len(open_flags) > blocking:
        badges.append((FLAGS(language, count=len(open_flags) - blocking), "warn"))
    if file.holder:
        words = HELD_BY_YOU if file.holder.user_id == user_id else HELD_BY
        until = clock.written(file.holder.until)[11:]
        badges.append((words(language, name=file.holder.name, until=until), "info"))
    elif file.stage:
        badges.append((FREE(language), "neutral"))
    st.markdown(" ".join(labels.badge(words, tone) for words, tone in badges))
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
    if file.paused_on is not None:
        facts += " · " + PAUSED_SINCE(language, day=file.paused_on)
    book = RULEBOOK if file.rulebook_current else OLD_RULEBOOK
    since = f"{clock.local(file.rules.since):%Y-%m-%d}" if file.rules.since else "—"
    facts += " · " + book(language, version=file.rules.version, since=since)
    st.caption(labels.plain(facts))
    progress(file.nodes, language)
