"""The decision panel: exactly the actions available now, and why the others are not."""

from __future__ import annotations

import streamlit as st

from core import db
from core.access.permissions import DESK_PERMISSIONS, GRANTS, Permission
from core.casefile.rows import CaseFile
from core.cases import claiming
from core.cases.actions import ACTION_LABELS, Action
from core.cases.commands import perform
from core.catalogue.rulebooks import ground
from core.errors import CoreError
from core.queue import assignment
from core.review import drafts
from core.text import Text
from core.vocabulary.cases import DESKS
from core.vocabulary.roles import Role
from core.workflow.definitions import Need
from core.workflow.engine import Offer
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.panels.case.reading import holder_of
from dashboard.session import Visit, flash
from dashboard.strings import COLON

CLAIM = Text("领取本案", "Claim this case")
TAKE_OVER = Text("接手本案", "Take over")
TAKE_OVER_REASON = Text("接手理由", "Reason for taking over")
TAKE_OVER_HINT = Text("对方会看到，例如：原办理人休假", "The holder will see it, e.g. on leave")
RELEASE = Text("退回队列", "Give back to the queue")
RELEASED = Text("已退回队列。", "Given back to the queue.")
WORDS = Text("意见 / 理由", "Opinion or reason")
WORDS_HINT = Text(
    "退回、特批、中止计时、终止时必填；自动保存。",
    "Needed for returns, pauses and terminations; saved as you type.",
)
CODES = Text("决定理由（附法条）", "Grounds (with articles)")
CODES_HINT = Text("默认采用检查清单中的理由", "Taken from the checklist unless you choose")
NEXT = Text("办理后领取下一件", "Take the next one afterwards")
WHY_NOT = Text("其他角色的操作", "Actions of other roles")
NOTHING = Text("当前没有您可以进行的操作。", "There is nothing for you to do here now.")
DONE = Text("{ref} 已{action}。", "“{action}” was recorded for {ref}.")
NO_NEXT = Text("已办理。当前没有下一件可领取。", "Done. There is no next case to take.")
SEE_LATEST = Text("查看最新内容", "Show the latest")

# Keys for the frequent ones; the label on the button shows them.
SHORTCUTS: dict[Action, str] = {
    Action.ACCEPT: "Alt+1",
    Action.PROPOSE_APPROVAL: "Alt+1",
    Action.CONCUR: "Alt+1",
    Action.APPROVE: "Alt+1",
    Action.REQUEST_CORRECTION: "Alt+2",
    Action.PROPOSE_REJECTION: "Alt+2",
    Action.RETURN_TO_REVIEW: "Alt+2",
    Action.RETURN_TO_RECHECK: "Alt+2",
    Action.REFUSE: "Alt+3",
    Action.REJECT: "Alt+3",
}
FORWARD = {
    Action.ACCEPT,
    Action.START_REVIEW,
    Action.PROPOSE_APPROVAL,
    Action.CONCUR,
    Action.APPROVE,
}
_OFFICERS = GRANTS[Role.ACCEPTOR] | GRANTS[Role.REVIEWER] | GRANTS[Role.DECIDER]
_OFFICERS |= GRANTS[Role.SUPERVISOR] | GRANTS[Role.PUBLISHER] | GRANTS[Role.PROVINCE]


def _subject(file: CaseFile) -> str:
    return f"case:{file.id}:decision"


def _claiming(visit: Visit, file: CaseFile) -> None:
    """Claim, take over or give back."""
    desk = DESKS.get(file.status)
    if desk is None or not visit.actor.may(Permission.CASE_CLAIM):
        return
    if not visit.actor.may(DESK_PERMISSIONS[desk]):
        return
    if file.holder is None:
        if (
            st.button(
                visit.say(CLAIM),
                key=f"claim-{file.id}",
                type="primary",
                icon=":material/back_hand:",
                shortcut="Alt+L",
                width="stretch",
            )
            and attempt(visit, claiming.claim, file.id).done
        ):
            st.rerun()
    elif holder_of(file) != visit.user_id:
        reason = st.text_input(
            visit.say(TAKE_OVER_REASON),
            key=f"take-over-reason-{file.id}",
            placeholder=visit.say(TAKE_OVER_HINT),
            max_chars=200,
        )
        if (
            st.button(
                visit.say(TAKE_OVER), key=f"take-over-{file.id}", icon=":material/swap_horiz:"
            )
            and attempt(visit, claiming.claim, file.id, reason=reason or " ").done
        ):
            st.rerun()


def _releasing(visit: Visit, file: CaseFile) -> None:
    """Give back a case that one holds, at any moment of the work."""
    if (
        holder_of(file) == visit.user_id
        and st.button(
            visit.say(RELEASE), key=f"release-{file.id}", type="tertiary", icon=":material/undo:"
        )
        and attempt(visit, claiming.release, file.id).done
    ):
        flash(visit.say(RELEASED))
        st.rerun()


def _words(visit: Visit, file: CaseFile, kept: dict[str, object]) -> str:
    """The opinion, kept on the server as soon as the field is left."""
    words = st.text_area(
        visit.say(WORDS),
        value=str(kept.get("words", "")),
        key=f"words-{file.id}",
        height=90,
        max_chars=2000,
        placeholder=visit.say(WORDS_HINT),
    )
    if words != kept.get("words", ""):
        attempt(visit, drafts.keep_draft, _subject(file), {"words": words})
    return words


def _codes(visit: Visit, file: CaseFile, offers: list[Offer]) -> list[str]:
    if not any(offer.transition.need is Need.CODES for offer in offers):
        return []
    usable = [code for code, rule in file.rules.reasons.items() if rule.refuses or rule.rejects]
    return st.multiselect(
        visit.say(CODES),
        usable,
        format_func=lambda code: ground(file.rules.reasons[code], visit.language),
        placeholder=visit.say(CODES_HINT),
        key=f"codes-{file.id}",
    )


def _refusals(visit: Visit, offers: list[Offer]) -> None:
    """Why the other actions are not possible: what the person can mend first, the rest folded."""
    mendable = [offer for offer in offers if visit.may(offer.transition.permission)]
    for offer in mendable:
        if offer.refusal is not None:
            name = visit.say(ACTION_LABELS[offer.action])
            st.caption(
                f":material/lock: **{name}**{visit.say(COLON)}"
                f"{labels.plain(offer.refusal.message(visit.language))}"
            )
    others = [offer for offer in offers if offer not in mendable]
    if others:
        with st.expander(visit.say(WHY_NOT)):
            for offer in others:
                refusal: CoreError | None = offer.refusal
                if refusal is not None:
                    name = visit.say(ACTION_LABELS[offer.action])
                    words = labels.plain(refusal.message(visit.language))
                    st.markdown(f"**{name}**{visit.say(COLON)}{words}")


def decision(visit: Visit, file: CaseFile, seen: int) -> str | None:
    """Draw the panel; returns the ref of the next case when one was taken, "" after a decision.

    seen: version of the case as the person read it.
    """
    with db.reading() as session:
        kept = drafts.draft_of(session, visit.actor, _subject(file))
    _claiming(visit, file)
    offers = [offer for offer in file.offers if offer.transition.permission in _OFFICERS]
    open_to_all = [offer for offer in offers if offer.allowed]
    if not open_to_all:
        if not any(visit.may(offer.transition.permission) for offer in offers):
            st.caption(visit.say(NOTHING))
        if kept.get("words") or st.session_state.get(f"words-{file.id}"):
            _words(visit, file, kept)  # a colleague was faster: what was typed stays readable
        _releasing(visit, file)
        _refusals(visit, offers)
        return None
    words = _words(visit, file, kept)
    codes = _codes(visit, file, open_to_all)
    go_on = st.toggle(visit.say(NEXT), value=True, key="take-next-after", persist_state="session")
    pressed: Action | None = None
    for offer in open_to_all:
        if st.button(
            ACTION_LABELS[offer.action](visit.language),
            key=f"act-{file.id}-{offer.action}",
            type="primary" if offer.action in FORWARD else "secondary",
            shortcut=SHORTCUTS.get(offer.action),
            width="stretch",
        ):
            pressed = offer.action
    held = holder_of(file) == visit.user_id
    _releasing(visit, file)
    _refusals(visit, [offer for offer in offers if not offer.allowed])
    if pressed is None:
        return None
    done = attempt(
        visit,
        perform,
        file.id,
        pressed,
        seen_version=seen,
        reason=words,
        codes=codes,
    ).done
    if not done:
        st.button(visit.say(SEE_LATEST), key=f"latest-{file.id}", icon=":material/refresh:")
        return None
    attempt(visit, drafts.keep_draft, _subject(file), {})
    flash(visit.say(DONE, ref=file.ref, action=ACTION_LABELS[pressed]))
    return _next(visit, file) if go_on and held else ""


def _next(visit: Visit, file: CaseFile) -> str:
    """Take the next case after `file`; its ref, or "" when there is none, which is said in passing.

    The page is about to run again, so a refusal is worded as a note that outlives this run.
    """
    taken = attempt(visit, assignment.take_next, after=(file.id,), quiet=(CoreError,))
    if taken.result is not None:
        return taken.result.ref
    if isinstance(taken.error, assignment.NothingToTake):
        flash(visit.say(NO_NEXT))
    elif taken.error is not None:
        flash(taken.error.message(visit.language))
    return ""
