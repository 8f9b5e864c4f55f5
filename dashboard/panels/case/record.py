"""What happened and what was said: opinions, corrections, internal notes, messages, history."""

from __future__ import annotations

import streamlit as st

from core import clock, db
from core.access.actors import SYSTEM
from core.access.permissions import Permission
from core.casefile.history import history_of, notes_of
from core.casefile.rows import CaseFile
from core.cases.actions import ACTION_LABELS, Action
from core.catalogue.rulebooks import AND, ground
from core.correspondence import inbox
from core.review import notes
from core.text import Text
from core.vocabulary.stages import STAGE_LABELS
from core.vocabulary.tones import Tone
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.components.table import Column, table
from dashboard.session import Visit

OPINIONS = Text("各环节意见", "Opinions so far")
NO_OPINIONS = Text("尚无办理意见。", "No opinions yet.")
SUPERSEDED = Text("已退回", "superseded")
CORRECTIONS = Text("补正", "Corrections")
ROUND = Text(
    "第 {round} 次补正：{issued} 通知，{due} 届满，{answer}",
    "Round {round}: asked {issued}, due {due}, {answer}",
)
ANSWERED = Text("{at} 已提交", "answered {at}")
UNANSWERED = Text("未提交", "not answered")
ANSWER = Text("答复：{answer}", "Answer: {answer}")
NOTES = Text("内部备注", "Internal notes")
NOTE = Text("新备注（申请人不可见）", "New note (applicants never see it)")
ADD_NOTE = Text("添加备注", "Add note")
NO_NOTES = Text("还没有内部备注。", "No internal notes yet.")
MESSAGES = Text("已告知申请人", "Told to the applicant")
NO_MESSAGES = Text("还没有发送消息。", "Nothing was sent yet.")
HISTORY = Text("办理历史", "History")
WHEN = Text("时间", "When")
WHO = Text("人员", "Who")
WHAT = Text("操作", "Action")
CHANGE = Text("状态变化", "Status")
DETAIL = Text("说明", "Detail")
SYSTEM_NAME = Text("系统", "System")
EMPTY_HISTORY = Text("还没有历史记录。", "No history yet.")


def opinions(visit: Visit, file: CaseFile) -> None:
    """Each officer's decision with its grounds, newest last."""
    st.subheader(visit.say(OPINIONS), anchor=False)
    if not file.opinions:
        st.caption(visit.say(NO_OPINIONS))
    for item in file.opinions:
        desk, action = (
            visit.say(STAGE_LABELS[item.stage]),
            visit.say(ACTION_LABELS[Action(item.action)]),
        )
        words = f"{desk} · {action}"
        tone: Tone = "neutral"
        if item.approves is not None:
            tone = "good" if item.approves else "bad"
        old = f" · {visit.say(SUPERSEDED)}" if item.superseded else ""
        st.markdown(
            f"{labels.badge(words, tone)} {labels.plain(item.officer)} · "
            f"{clock.written(item.at)}{old}"
        )
        grounds = [
            ground(rule, visit.language)
            for code in item.reasons
            if (rule := file.rules.reasons.get(code))
        ]
        text = visit.say(AND).join([*grounds, *([item.note] if item.note else [])])
        if text:
            st.caption(labels.lines(text))


def corrections(visit: Visit, file: CaseFile) -> None:
    """Rounds of correction: what was asked and answered."""
    if not file.corrections:
        return
    st.subheader(visit.say(CORRECTIONS), anchor=False)
    for asked in file.corrections:
        answer = (
            visit.say(ANSWERED, at=clock.written(asked.answered_at))
            if asked.answered_at
            else visit.say(UNANSWERED)
        )
        st.markdown(
            labels.plain(
                visit.say(
                    ROUND,
                    round=asked.round,
                    issued=clock.written(asked.issued_at),
                    due=asked.due_on,
                    answer=answer,
                )
            )
        )
        for content, reason, reply in asked.items:
            st.caption(labels.plain(visit.say(labels.ASKED, content=content, reason=reason)))
            if reply:
                st.caption(labels.plain(visit.say(ANSWER, answer=reply)))


def internal_notes(visit: Visit, file: CaseFile) -> None:
    """Internal notes and the form for a new one."""
    st.subheader(visit.say(NOTES), anchor=False)
    with db.reading() as session:
        written = notes_of(session, visit.actor, file.id)
    if not written:
        st.caption(visit.say(NO_NOTES))
    for note in written:
        st.markdown(labels.lines(note.text))
        st.caption(labels.plain(f"{note.author} · {clock.written(note.at)}"))
    if not visit.actor.may(Permission.CASE_NOTE):
        return
    with st.form(f"note-form-{file.id}", border=False, clear_on_submit=False):
        text = st.text_area(visit.say(NOTE), key=f"new-note-{file.id}", max_chars=4000, height=80)
        sent = st.form_submit_button(visit.say(ADD_NOTE), icon=":material/note_add:")
    if sent and attempt(visit, notes.write_note, file.id, text).done:
        del st.session_state[f"new-note-{file.id}"]
        st.rerun()


def told(visit: Visit, file: CaseFile) -> None:
    """Messages the applicant received about this case."""
    st.subheader(visit.say(MESSAGES), anchor=False)
    with db.reading() as session:
        letters = inbox.told(session, visit.actor, visit.language, file.id)
    if not letters:
        st.caption(visit.say(NO_MESSAGES))
    for letter in letters:
        st.markdown(f"**{labels.plain(letter.title)}** · {clock.written(letter.sent_at)}")
        st.caption(labels.lines(letter.body))


def history(visit: Visit, file: CaseFile) -> None:
    """Every recorded step, newest first."""
    with db.reading() as session:
        entries = history_of(session, visit.actor, file.id)
    table(
        [
            Column("when", visit.say(WHEN), kind="date"),
            Column("who", visit.say(WHO), "prose", width="1.4fr"),
            Column("what", visit.say(WHAT), "prose"),
            Column("change", visit.say(CHANGE), "prose", width="2fr"),
            Column("detail", visit.say(DETAIL), "prose", width="1.4fr"),
        ],
        [
            {
                "id": entry.id,
                "when": entry.at,
                "who": visit.say(SYSTEM_NAME) if entry.actor == SYSTEM.name else entry.actor,
                "what": visit.say(entry.what),
                "change": " → ".join(visit.say(name) for name in entry.change),
                "detail": entry.reason,
            }
            for entry in entries
        ],
        key="case-history",
        caption=visit.say(HISTORY),
        empty=visit.say(EMPTY_HISTORY),
        language=visit.language,
        opens=False,
    )
