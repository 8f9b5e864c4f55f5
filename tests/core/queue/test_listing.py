"""The queue: filters in the address, row scope, counts, order, pages, saved views."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from core import clock, db
from core.access.actors import Actor
from core.cases import claiming
from core.errors import NotFound, NotPermitted
from core.model import Case
from core.queue import listing, saved_views
from core.queue.filters import (
    TAB_STATUSES,
    Days,
    Flags,
    QueueFilter,
    Sort,
    Tab,
)
from core.vocabulary.cases import FINAL, Status
from core.vocabulary.roles import Role
from core.workdays import counting
from tests import builders as build
from tests.builders import NOW

REVIEWER = Actor(None, "审查", frozenset({Role.REVIEWER}))
TODAY = clock.day_of(NOW)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


def refs(page: listing.QueuePage) -> list[str]:
    return [row.ref for row in page.rows]


FILTERS = st.builds(
    QueueFilter,
    tab=st.none() | st.sampled_from(Tab),
    profession=st.lists(st.sampled_from(["supervision", "architect"]), unique=True).map(tuple),
    business=st.none() | st.sampled_from(["initial", "renewal"]),
    province=st.none() | st.sampled_from(["11", "37"]),
    status=st.lists(st.sampled_from([Status.REVIEW, Status.CLOSED]), unique=True).map(tuple),
    assignee=st.none() | st.sampled_from(["me", "none"]) | st.integers(1, 10**9),
    flags=st.none() | st.sampled_from(Flags),
    days=st.none() | st.sampled_from(Days),
    received_from=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    received_to=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    query=st.sampled_from(["", "王", "100%_", "2026 1"]),
    sort=st.sampled_from(Sort),
    descending=st.booleans(),
    page=st.integers(1, 1000),
    size=st.sampled_from([25, 50, 100]),
)


@given(FILTERS)
def test_a_filter_survives_the_way_through_an_address(wanted: QueueFilter) -> None:
    assert QueueFilter.from_query(wanted.to_query()) == wanted


KEYS = [
    "tab",
    "profession",
    "specialty",
    "business",
    "province",
    "status",
    "assignee",
    "flags",
    "days",
    "from",
    "to",
    "q",
    "sort",
    "page",
    "size",
    "nonsense",
]


@given(st.dictionaries(st.sampled_from(KEYS), st.text() | st.sampled_from(["-1", "٣", "9" * 40])))
def test_no_address_is_ever_refused(query: dict[str, str]) -> None:
    found = QueueFilter.from_query(query)
    assert QueueFilter.from_query(found.to_query()) == found


def test_a_plain_address_holds_no_defaults() -> None:
    assert QueueFilter().to_query() == {}


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    assert QueueFilter(page=7).changed(business="initial").page == 1


def test_every_status_is_in_exactly_one_of_todo_waiting_and_closed_or_never_listed() -> None:
    parts = [TAB_STATUSES[tab] for tab in (Tab.TODO, Tab.WAITING, Tab.CLOSED)]
    unlisted = {Status.DRAFT, Status.DISCARDED}
    for status in Status:
        assert sum(status in part for part in parts) == (status not in unlisted)
    assert TAB_STATUSES[Tab.OPEN].isdisjoint(FINAL)


def test_each_tab_lists_its_statuses_and_counts_them(session: Session) -> None:
    team = build.Team(session)
    made = {
        status: build.a_case(session, status, team=team).ref
        for status in (
            Status.DRAFT,
            Status.FILED,
            Status.RECEIVED,
            Status.ACCEPTED,
            Status.REVIEW,
            Status.RECHECK,
            Status.DECISION,
            Status.WITHDRAWING,
            Status.WITHDRAWN,
            Status.REJECTED,
        )
    }
    for tab in (tab for tab in Tab if tab is not Tab.MINE):
        page = listing.page(session, REVIEWER, QueueFilter(tab=tab), NOW)
        expected = {ref for status, ref in made.items() if status in TAB_STATUSES[tab]}
        assert set(refs(page)) == expected
        assert page.total == page.counts[tab] == len(expected)


def test_what_an_officer_holds_is_under_mine_until_the_lease_expires(session: Session) -> None:
    officer = build.an_actor(session, Role.ACCEPTOR)
    held, free = build.a_case(session), build.a_case(session)
    claiming.claim(session, officer, held.id, NOW)
    mine = listing.page(session, officer, QueueFilter(tab=Tab.MINE), NOW)
    assert refs(mine) == [held.ref]
    assert (mine.rows[0].holder, mine.rows[0].holder_id) == (officer.name, officer.user_id)
    later = NOW + timedelta(days=1)
    assert listing.total(session, officer, QueueFilter(tab=Tab.MINE), later) == 0
    nobodys = QueueFilter(tab=Tab.ACCEPTANCE, assignee="none")
    assert refs(listing.page(session, officer, nobodys, NOW)) == [free.ref]
    theirs = QueueFilter(tab=Tab.ACCEPTANCE, assignee=officer.user_id)
    assert refs(listing.page(session, REVIEWER, theirs, NOW)) == [held.ref]


def test_a_province_sees_its_own_cases_only_and_applicants_have_no_queue(session: Session) -> None:
    here = build.a_case(session, employer=build.an_employer(session, province="37"))
    build.a_case(session, employer=build.an_employer(session, province="11"))
    officer = Actor(None, "省厅", frozenset({Role.PROVINCE}), province="37")
    for asked in (None, "37"):
        wanted = QueueFilter(tab=Tab.OPEN, province=asked)
        assert refs(listing.page(session, officer, wanted, NOW)) == [here.ref]
    abroad = listing.page(session, officer, QueueFilter(tab=Tab.OPEN, province="11"), NOW)
    assert abroad.total == 0
    for role in (Role.APPLICANT, Role.EMPLOYER, Role.ANALYST, Role.ADMIN):
        with pytest.raises(NotPermitted):
            listing.page(session, Actor(None, "", frozenset({role})), QueueFilter(), NOW)


def test_filters_narrow_the_list_and_the_counts_alike(session: Session) -> None:
    wanted_case = build.a_case(session, profession="architect", business="renewal")
    build.a_case(session, profession="supervision")
    build.a_case(session, profession="architect", now=NOW - timedelta(days=3))
    for narrow in (
        QueueFilter(profession=("architect",), business="renewal"),
        QueueFilter(business="renewal", received_from=TODAY, received_to=TODAY),
    ):
        page = listing.page(session, REVIEWER, narrow.changed(tab=Tab.TODO), NOW)
        assert refs(page) == [wanted_case.ref]
        assert page.counts[Tab.ACCEPTANCE] == page.counts[Tab.OPEN] == 1
        assert page.counts[Tab.REVIEW] == 0


def test_days_left_are_working_days_and_today_is_inside_every_window(session: Session) -> None:
    due = {days: build.a_case(session).ref for days in (-1, 0, 2, 3, 5, 6)}
    for days, ref in due.items():
        day = TODAY - timedelta(days=1) if days < 0 else counting.due_date(TODAY, days).day
        session.execute(update(Case).where(Case.ref == ref).values(due_on=day))
    expected = {
        Days.OVERDUE: [-1],
        Days.TODAY: [0],
        Days.TWO: [0, 2],
        Days.FIVE: [0, 2, 3, 5],
    }
    for window, days_in in expected.items():
        page = listing.page(session, REVIEWER, QueueFilter(tab=Tab.TODO, days=window), NOW)
        assert refs(page) == [due[days] for days in days_in]
        assert [row.days_left for row in page.rows] == days_in


def test_flags_select_blocked_flagged_or_clean_cases(session: Session) -> None:
    blocked, flagged, clean = (build.a_case(session) for _ in range(3))
    blocked.flags_block, flagged.flags_other = 1, 2
    session.flush()
    for flags, cases in (
        (Flags.BLOCK, [blocked]),
        (Flags.ANY, [blocked, flagged]),
        (Flags.NONE, [clean]),
    ):
        page = listing.page(session, REVIEWER, QueueFilter(tab=Tab.TODO, flags=flags), NOW)
        assert refs(page) == [case.ref for case in cases]


def test_pages_cover_the_list_once_in_a_stable_order(session: Session) -> None:
    made = [build.a_case(session, Status.FILED).ref for _ in range(28)]
    for descending in (False, True):
        wanted = QueueFilter(tab=Tab.WAITING, sort=Sort.DUE, descending=descending)
        first = listing.page(session, REVIEWER, wanted, NOW)
        second = listing.page(session, REVIEWER, QueueFilter.from_query(
            {**wanted.to_query(), "page": "2"}), NOW)  # fmt: skip
        assert (first.pages, first.total, len(first.rows)) == (2, 28, 25)
        assert refs(first) + refs(second) == (made[::-1] if descending else made)


def test_a_page_beyond_the_end_shows_the_last_one(session: Session) -> None:
    case = build.a_case(session)
    page = listing.page(session, REVIEWER, QueueFilter(tab=Tab.TODO, page=9), NOW)
    assert (page.page, page.pages, refs(page)) == (1, 1, [case.ref])


def test_cases_without_a_clock_come_last_whichever_the_direction(session: Session) -> None:
    without = build.a_case(session, Status.FILED)
    running = build.a_case(session, Status.WITHDRAWING)
    for descending in (False, True):
        wanted = QueueFilter(tab=Tab.WAITING, sort=Sort.DUE, descending=descending)
        page = listing.page(session, REVIEWER, wanted, NOW)
        assert refs(page) == [running.ref, without.ref]


def test_every_sort_and_tab_answers_on_both_databases(session: Session) -> None:
    build.a_case(session)
    for tab in Tab:
        for sort in Sort:
            wanted = QueueFilter(tab=tab, sort=sort, status=(Status.RECEIVED,))
            page = listing.page(session, REVIEWER, wanted, NOW)
            assert page.total == len(page.rows)


@pytest.mark.parametrize("query", ["", "王", "2026000000001", "6100371-AY009"])
def test_a_page_takes_at_most_four_queries(session: Session, query: str) -> None:
    build.a_case(session)
    seen: list[str] = []
    bound = session.connection()
    event.listen(bound, "before_cursor_execute", lambda *a: seen.append(a[2]))
    listing.page(session, REVIEWER, QueueFilter(tab=Tab.TODO, query=query), NOW)
    assert len(seen) <= 4


def test_the_first_tab_is_the_officers_first_desk() -> None:
    def tab(*roles: Role) -> Tab:
        return listing.default_tab(Actor(None, "", frozenset(roles)))

    assert tab(Role.ACCEPTOR) is Tab.ACCEPTANCE
    assert tab(Role.REVIEWER) is Tab.REVIEW
    assert tab(Role.DECIDER) is Tab.DECISION
    assert tab(Role.SUPERVISOR) is Tab.TODO
    assert tab(Role.PROVINCE) is Tab.OPEN


def test_a_saved_view_brings_back_its_filter(session: Session) -> None:
    officer = build.an_actor(session, Role.REVIEWER)
    wanted = QueueFilter(tab=Tab.REVIEW, query="王", days=Days.TWO, page=4)
    number = saved_views.save(session, officer, "  监理\n今日 ", wanted, NOW)
    (view,) = saved_views.list_views(session, officer)
    assert (view.id, view.name, view.filter) == (number, "监理 今日", wanted.changed())


def test_view_names_are_unique_for_one_officer_only(session: Session) -> None:
    one, other = (build.an_actor(session, Role.REVIEWER) for _ in range(2))
    first = saved_views.save(session, one, "今日", QueueFilter(), NOW)
    second = saved_views.save(session, one, "明日", QueueFilter(), NOW)
    saved_views.save(session, other, "今日", QueueFilter(), NOW)
    with pytest.raises(saved_views.ViewNameTaken):
        saved_views.save(session, one, "今日", QueueFilter(), NOW)
    with pytest.raises(saved_views.ViewNameTaken):
        saved_views.rename(session, one, second, "今日", NOW)
    with pytest.raises(saved_views.ViewUnnamed):
        saved_views.rename(session, one, second, " \x00 ", NOW)
    saved_views.rename(session, one, first, "今日", NOW)
    saved_views.remove(session, one, second, NOW)
    assert [view.name for view in saved_views.list_views(session, one)] == ["今日"]


def test_nobody_touches_another_officers_views(session: Session) -> None:
    one, other = (build.an_actor(session, Role.REVIEWER) for _ in range(2))
    view = saved_views.save(session, one, "今日", QueueFilter(), NOW)
    with pytest.raises(NotFound):
        saved_views.remove(session, other, view, NOW)
    with pytest.raises(NotFound):
        saved_views.rename(session, other, view, "别的", NOW)


def test_there_is_a_limit_to_saved_views(session: Session) -> None:
    officer = build.an_actor(session, Role.REVIEWER)
    for number in range(saved_views.MOST_VIEWS):
        saved_views.save(session, officer, f"视图{number}", QueueFilter(), NOW)
    with pytest.raises(saved_views.TooManyViews):
        saved_views.save(session, officer, "再来", QueueFilter(), NOW)


def test_received_days_are_days_in_china(session: Session) -> None:
    late = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)  # 00:30 on the 4th in China
    case = build.a_case(session, now=late)
    on_the_4th = QueueFilter(tab=Tab.OPEN, received_from=TODAY, received_to=TODAY)
    assert refs(listing.page(session, REVIEWER, on_the_4th, NOW)) == [case.ref]
    before = QueueFilter(tab=Tab.OPEN, received_to=TODAY - timedelta(days=1))
    assert listing.total(session, REVIEWER, before, NOW) == 0
