"""待办队列: the cases that wait, by desk; filter, claim, open, take the next (`/queue`)."""

import streamlit as st

from core import clock, db
from core.access import scope
from core.access.permissions import DESK_PERMISSIONS, Permission
from core.queue import assignment, listing
from core.queue.assignment import claim_each
from core.queue.filters import QueueFilter, Sort, Tab
from core.text import Text
from dashboard import labels, navigation
from dashboard.attempt import attempt
from dashboard.components.table import clear_selection, selected, table
from dashboard.panels.queue import filters
from dashboard.panels.queue.saved_views import saved_views_menu
from dashboard.panels.shared import case_rows
from dashboard.session import Visit, flash, require
from dashboard.strings import LIST_COMMA

TAKE_NEXT = Text("领取下一件", "Take the next one")
CLAIM = Text("领取所选（{count}）", "Claim selected ({count})")
CLAIMED = Text("已领取 {count} 件：{refs}。", "Claimed {count}: {refs}.")
REFUSED = Text("未能领取 {count} 件（{refs}）：{why}", "Not claimed: {count} ({refs}). {why}")
CAPTION = Text("待办案件", "Cases in the queue")
EMPTY_FILTERED = Text(
    "没有符合条件的案件。可减少筛选条件，或换一个环节查看。",
    "No case matches. Remove a filter or look at another stage.",
)
EMPTY_MINE = Text(
    "您手上没有案件。点击“领取下一件”，系统会给您最早到期的一件。",
    "You hold no case. “Take the next one” gives you the one due first.",
)
EMPTY_TAB = Text("这一环节目前没有案件。", "No case waits here at the moment.")
TABLE = "queue-table"


def open_case(ref: str) -> None:
    st.switch_page("../pages/case.py", query_params={"ref": ref})


def load(visit: Visit, chosen: QueueFilter) -> listing.QueuePage:
    with db.reading() as session:
        return listing.page(session, visit.actor, chosen, clock.now())


def take_next(visit: Visit, chosen: QueueFilter) -> None:
    """The next case of the desk that is shown, if it is one of the officer's; else of any."""
    shown = {tab: desk for desk, tab in listing.DESK_TABS.items()}.get(chosen.tab or Tab.TODO)
    desk = shown if shown and visit.may(DESK_PERMISSIONS[shown]) else None
    case = attempt(visit, assignment.take_next, desk=desk).result
    if case is not None:
        open_case(case.ref)


def claim(visit: Visit, refs: dict[int, str]) -> bool:
    """Claim the ticked cases, given by id and number; True when all could be."""
    claimed = attempt(visit, claim_each, tuple(refs)).result
    if claimed is None:
        return False
    clear_selection(TABLE)
    comma = visit.say(LIST_COMMA)
    if claimed.refs:
        flash(visit.say(CLAIMED, count=len(claimed.refs), refs=comma.join(claimed.refs)))
    refused: dict[str, list[str]] = {}
    for case_id, error in claimed.refusals:
        refused.setdefault(error.message(visit.language), []).append(refs[case_id])
    for why, numbers in refused.items():
        words = visit.say(REFUSED, count=len(numbers), refs=comma.join(numbers), why=why)
        st.warning(labels.plain(words))
    return not refused


visit = require(Permission.QUEUE_READ)
here = filters.address(visit)
chosen = here.read()
here.remember(chosen)
found = load(visit, chosen)
rows = [case_rows.cells(row, visit, clock.today()) for row in found.rows]
may_claim = bool(scope.desks_of(visit.actor)) and visit.may(Permission.CASE_CLAIM)

claiming = taking = False
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(visit.say(navigation.BY_PATH["queue"].title), anchor=False, width="stretch")
    ticked = selected(TABLE, rows, row_id=Sort.REF) if may_claim else ()
    if ticked:
        claiming = st.button(
            visit.say(CLAIM, count=len(ticked)), icon=":material/front_hand:", key="queue-claim"
        )
    saved_views_menu(visit, chosen)
    if may_claim:
        taking = st.button(
            visit.say(TAKE_NEXT), type="primary", icon=":material/play_arrow:", key="queue-next"
        )
if taking:
    take_next(visit, chosen)
if claiming:
    if claim(visit, {row.id: row.ref for row in found.rows if row.ref in ticked}):
        st.rerun()
    found = load(visit, chosen)
    rows = [case_rows.cells(row, visit, clock.today()) for row in found.rows]
filters.tabs(visit, chosen, found.counts)
filters.bar(visit, chosen)

tab = chosen.tab or Tab.TODO
empty = EMPTY_FILTERED if chosen.active() else EMPTY_MINE if tab is Tab.MINE else EMPTY_TAB
sort, descending = chosen.order(tab)
event = table(
    case_rows.columns(visit.language, sortable=True),
    rows,
    key=TABLE,
    caption=visit.say(CAPTION),
    empty=visit.say(empty),
    language=visit.language,
    row_id=Sort.REF,
    sort=(sort, "desc" if descending else "asc"),
    selectable=may_claim and tab is not Tab.CLOSED,
)
if event is not None and event.kind == "open" and event.id:
    open_case(event.id)
if event is not None and event.kind == "sort":
    here.show(chosen.changed(sort=Sort(event.column), descending=event.direction == "desc"))
    st.rerun()
filters.pages(visit, chosen, found)
