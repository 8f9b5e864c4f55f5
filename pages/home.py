"""工作台: the officer's day in numbers, each a link to exactly its list (`/`)."""

import streamlit as st

from core import clock, db
from core.access import scope
from core.access.permissions import Permission
from core.queue import assignment, listing, overview
from core.queue.filters import QueueFilter, Sort, Tab
from core.text import Text
from dashboard import labels, navigation
from dashboard.attempt import attempt
from dashboard.components.table import table
from dashboard.panels.home import tiles
from dashboard.panels.shared import case_rows
from dashboard.session import Visit, require

GREETING = Text("{name}，今天是 {day}", "{name} · {day}")
TAKE_NEXT = Text("领取下一件", "Take the next one")
MINE = Text("我正在办理", "Cases I hold")
MINE_EMPTY = Text(
    "您手上没有案件。点击“领取下一件”，系统会给您最早到期的一件。",
    "You hold no case. “Take the next one” gives you the one due first.",
)
MINE_CAPTION = Text("我正在办理的案件", "Cases I hold at the moment")
ALL_MINE = Text("全部 {count} 件", "All {count}")
SHOWN = 25


def open_case(ref: str) -> None:
    st.switch_page("../pages/case.py", query_params={"ref": ref})


def mine(visit: Visit, held: listing.QueuePage) -> None:
    """The cases the officer holds, the earliest due first."""
    st.subheader(visit.say(MINE), anchor=False)
    event = table(
        case_rows.columns(visit.language, sortable=False, holder=False),
        [case_rows.cells(row, visit, clock.today()) for row in held.rows],
        key="home-mine",
        caption=visit.say(MINE_CAPTION),
        empty=visit.say(MINE_EMPTY),
        language=visit.language,
        row_id=Sort.REF,
    )
    if event is not None and event.id:
        open_case(event.id)
    if held.total > SHOWN:
        tiles.to_queue(visit.say(ALL_MINE, count=held.total), QueueFilter(tab=Tab.MINE))


visit = require(Permission.HOME_READ)
actor = visit.actor
claims = visit.may(Permission.CASE_CLAIM) and bool(scope.desks_of(actor))
now = clock.now()
if st.query_params:  # left behind by the way to a case
    st.query_params.clear()
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(visit.say(navigation.HOME.title), anchor=False, width="stretch")
    taking = claims and st.button(
        visit.say(TAKE_NEXT), type="primary", icon=":material/play_arrow:", key="home-next"
    )
if taking:
    case = attempt(visit, assignment.take_next).result
    if case is not None:
        open_case(case.ref)
st.caption(
    labels.plain(visit.say(GREETING, name=visit.name, day=tiles.today_in_words(visit.language)))
)

if visit.may(Permission.QUEUE_READ):
    with db.reading() as session:
        numbers = overview.for_officer(session, actor, now)
        held = listing.page(session, actor, QueueFilter(tab=Tab.MINE), now) if claims else None
    tiles.alerts(visit, numbers)
    tiles.day(visit, numbers)
    tiles.desks(visit, numbers)
    if held is not None:
        mine(visit, held)
if visit.may(Permission.OWN_CASES):
    with db.reading() as session:
        tiles.own_cases(visit, overview.for_party(session, actor))
if visit.may(Permission.STATISTICS_READ):
    with db.reading() as session:
        tiles.professions(visit, overview.open_by_profession(session, actor))
if visit.may(Permission.STAFF_MANAGE):
    with db.reading() as session:
        tiles.accounts(visit, overview.accounts(session, actor, now))
