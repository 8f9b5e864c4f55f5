"""The checklist: a verdict per item, coded reasons and a note, each saved as it is made."""

from __future__ import annotations

import streamlit as st

from core.casefile.rows import CaseFile, CheckLine
from core.catalogue.rulebooks import AND, ground
from core.review import verdicts
from core.text import Text
from core.vocabulary.review import OUTCOME_LABELS, Outcome
from core.vocabulary.tones import Tone
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.panels.case.reading import holder_of
from dashboard.session import Visit

TITLE = Text("检查清单 · {stage}", "Checklist · {stage}")
PROGRESS = Text("已判定 {done} / {total} 项", "{done} of {total} decided")
REASONS = Text("不符合的理由", "Reasons")
CHOOSE_REASONS = Text("选择理由（附法条）", "Choose reasons (with articles)")
NOTE = Text("说明", "Note")
NOTE_HINT = Text("可写明具体问题；补正通知会引用。", "Say what exactly is wrong; letters quote it.")
REST_PASS = Text("其余全部符合", "All others meet")
REST_HELP = Text(
    "将尚未判定的项目判定为符合（快捷键 A）", "Mark items without a verdict as met (A)"
)
READ_ONLY = Text(
    "领取本案后可填写；以下为已有判定。", "Claim the case to fill this in; verdicts so far:"
)
UNDECIDED = Text("未判定", "No verdict")
NOTHING = Text("本环节没有检查项。", "This desk has no checklist.")
TONES: dict[Outcome, Tone] = {
    Outcome.PASS: "good",
    Outcome.FAIL: "bad",
    Outcome.NOT_APPLICABLE: "neutral",
}


def _touched(key: str) -> None:
    """Note that the person changed this widget: only what they changed is ever saved."""
    st.session_state.setdefault("touched", set()).add(key)


def _synced(key: str, value: object) -> str:
    """Show what is saved, unless the person changed the widget and that is not saved yet."""
    if key not in st.session_state.get("touched", set()):
        st.session_state[key] = value
    return key


def _editable(visit: Visit, file: CaseFile, line: CheckLine) -> bool:
    """One item with its widgets; True when something was saved."""
    name = f"{file.id}-{file.stage}-{line.check.key}"
    keys = [f"verdict-{name}", f"reasons-{name}", f"note-{name}"]
    label = line.check.label(visit.language)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(label, help=line.check.hint(visit.language), width="stretch")
        outcome = st.segmented_control(
            label,
            list(Outcome),
            format_func=lambda item: OUTCOME_LABELS[item](visit.language),
            key=_synced(keys[0], line.outcome),
            on_change=_touched,
            args=(keys[0],),
            label_visibility="collapsed",
        )
    reasons, note = list(line.reasons), line.note
    if outcome is Outcome.FAIL:
        reasons = st.multiselect(
            visit.say(REASONS),
            file.rules.reasons_at(line.check, file.stage) if file.stage else (),
            format_func=lambda code: ground(file.rules.reasons[code], visit.language),
            placeholder=visit.say(CHOOSE_REASONS),
            key=_synced(keys[1], reasons),
            on_change=_touched,
            args=(keys[1],),
        )
        note = st.text_area(
            visit.say(NOTE),
            height=68,
            max_chars=2000,
            placeholder=visit.say(NOTE_HINT),
            key=_synced(keys[2], note),
            on_change=_touched,
            args=(keys[2],),
        )
    touched: set[str] = st.session_state.get("touched", set())
    if touched.isdisjoint(keys):
        return False
    saved = attempt(
        visit,
        verdicts.give_verdict,
        file.id,
        line.check.key,
        outcome=outcome,
        reasons=reasons,
        note=note,
    ).done
    if saved:
        touched.difference_update(keys)
    return saved


def _shown(visit: Visit, file: CaseFile, line: CheckLine) -> None:
    words = OUTCOME_LABELS[line.outcome](visit.language) if line.outcome else visit.say(UNDECIDED)
    tone: Tone = TONES[line.outcome] if line.outcome else "neutral"
    st.markdown(f"{line.check.label(visit.language)} {labels.badge(words, tone)}")
    known = file.rules.reasons
    details = [ground(known[code], visit.language) for code in line.reasons if code in known]
    details += [line.note] if line.note else []
    if details:
        st.caption(labels.plain(visit.say(AND).join(details)))


def checklist(visit: Visit, file: CaseFile) -> bool:
    """Draw the checklist of the desk the case waits at; True when a verdict was saved."""
    if not file.checklist:
        st.caption(visit.say(NOTHING))
        return False
    done = sum(line.outcome is not None for line in file.checklist)
    if not (holder_of(file) == visit.user_id and file.stage):
        progress = visit.say(PROGRESS, done=done, total=len(file.checklist))
        st.caption(labels.plain(visit.say(READ_ONLY) if file.stage else progress))
        for line in file.checklist:
            _shown(visit, file, line)
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(labels.plain(visit.say(PROGRESS, done=done, total=len(file.checklist))))
        if done < len(file.checklist) and st.button(
            visit.say(REST_PASS),
            key=f"rest-{file.id}-{file.stage}",
            help=visit.say(REST_HELP),
            icon=":material/done_all:",
            shortcut="A",
        ):
            return attempt(visit, verdicts.pass_the_rest, file.id).done
    saved = False
    for line in file.checklist:
        saved = _editable(visit, file, line) or saved
    return saved
