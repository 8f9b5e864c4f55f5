"""The tiles of the home page: a number, what it counts, and the way to exactly its list."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core import clock
from core.queue.filters import TAB_LABELS, QueueFilter
from core.queue.overview import (
    Accounts,
    Number,
    Overview,
    OwnCases,
    Tally,
)
from core.text import Language, Text
from dashboard import labels
from dashboard.session import Visit

WEEKDAYS = (
    Text("星期一", "Monday"),
    Text("星期二", "Tuesday"),
    Text("星期三", "Wednesday"),
    Text("星期四", "Thursday"),
    Text("星期五", "Friday"),
    Text("星期六", "Saturday"),
    Text("星期日", "Sunday"),
)
MONTHS = "January February March April May June July August September October November December"

NUMBERS: dict[Tally, tuple[Text, str]] = {
    Tally.OVERDUE: (Text("已超期", "Over the limit"), ":material/alarm:"),
    Tally.DUE_TODAY: (Text("今日到期", "Due today"), ":material/today:"),
    Tally.NEAR: (
        Text("{days} 个工作日内", "Within {days} days"),
        ":material/hourglass_bottom:",
    ),
    Tally.NEW_TODAY: (Text("今日新收", "New today"), ":material/move_to_inbox:"),
    Tally.MINE: (Text("我正在办理", "Held by me"), ":material/front_hand:"),
    Tally.WAITING: (Text("等待他方", "With others"), ":material/schedule_send:"),
}
ALERTS: dict[Tally, tuple[Text, Text]] = {
    Tally.BLOCKED: (
        Text("有 {count} 件在办案件存在阻断性异常，处理前不能通过。",
             "{count} open cases have a blocking flag and cannot pass before it is dealt with."),
        Text("查看有阻断项的案件", "Show cases with blocking flags"),
    ),
    Tally.LAPSING: (
        Text("有 {count} 件受理期限今日届满，今日未处理的将视为受理（行政许可法第三十二条）。",
             "The acceptance period of {count} cases ends today; those not dealt with count as "
             "accepted (Administrative Licensing Law, article 32)."),
        Text("查看今日届满的案件", "Show cases whose period ends today"),
    ),
    Tally.EXPIRING: (
        Text("您领取的 {count} 件案件即将到达占用时限，打开案件即可续期。",
             "{count} of your claims are about to end; open the case to renew them."),
        Text("查看我正在办理的案件", "Show the cases I hold"),
    ),
}  # fmt: skip
DESKS = Text("各环节待办", "Waiting at each desk")
OWN = Text("我的业务", "My applications")
OWN_TODO = Text("待我处理", "Waiting for me")
OWN_OPEN = Text("正在办理", "In progress")
OWN_FINISHED = Text("已结", "Finished")
TO_OWN = Text("查看我的业务", "Show my applications")
OPEN_CASES = Text("在办案件（按注册类别）", "Open cases by profession")
ACCOUNTS = Text("账号", "Accounts")
ACTIVE = Text("可登录", "Active")
DISABLED = Text("已停用", "Disabled")
LOCKED = Text("已锁定", "Locked out")

_URGENT: dict[Tally, str] = {Tally.OVERDUE: "red", Tally.DUE_TODAY: "red", Tally.NEAR: "orange"}


def today_in_words(language: Language) -> str:
    """Today in China, as people write it."""
    day = clock.today()
    weekday = WEEKDAYS[day.weekday()](language)
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日 {weekday}"
    return f"{weekday}, {day.day} {MONTHS.split()[day.month - 1]} {day.year}"


def to_queue(
    words: str,
    filter: QueueFilter,  # noqa: A002
    icon: str | None = None,
    count: int | None = None,
) -> None:
    """A link to the queue with this filter; count: how many wait there."""
    label = labels.plain(words)
    if count is not None:
        label += f" **{count:,}**"
    st.page_link("../pages/queue.py", label=label, icon=icon, query_params=filter.to_query())


def day(visit: Visit, numbers: Overview) -> None:
    """The numbers of the day, the most urgent first; the words under each lead to its list."""
    with st.grid(6, min_column_width=150, gap="small"):
        for tally, (text, icon) in NUMBERS.items():
            words = visit.say(text, days=numbers.near_days)
            _tile(words, numbers.numbers[tally], icon, tally)


def desks(visit: Visit, numbers: Overview) -> None:
    """What waits at each of the officer's desks."""
    st.subheader(visit.say(DESKS), anchor=False)
    with st.container(horizontal=True, gap="medium"):
        for tab, number in numbers.desks.items():
            to_queue(visit.say(TAB_LABELS[tab]), number.filter, ":material/inbox:", number.count)


def alerts(visit: Visit, numbers: Overview) -> None:
    """What must not be missed, each with the way to its list; nothing when all is well."""
    for tally, (text, link) in ALERTS.items():
        number = numbers.numbers.get(tally)
        if number is None or not number.count:
            continue
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            words = labels.plain(visit.say(text, count=number.count))
            st.markdown(f":orange[:material/warning:] {words}", width="stretch")
            to_queue(visit.say(link), number.filter, ":material/arrow_forward:")


def _tile(words: str, number: Number, icon: str, tally: Tally) -> None:
    with st.container(border=True, gap=None):
        strong = f"{number.count:,}"
        if tally in _URGENT and number.count:
            strong = f":{_URGENT[tally]}[{number.count:,}]"
        st.metric(labels.plain(words), strong, label_visibility="collapsed")
        to_queue(words, number.filter, icon)


def own_cases(visit: Visit, own: OwnCases) -> None:
    """An applicant's or an employer's applications."""
    st.subheader(visit.say(OWN), anchor=False)
    _metrics(visit, {OWN_TODO: own.todo, OWN_OPEN: own.open, OWN_FINISHED: own.finished})
    st.page_link("../pages/mine.py", label=visit.say(TO_OWN), icon=":material/arrow_forward:")


def professions(visit: Visit, open_cases: Mapping[str, int]) -> None:
    """Open cases of each profession."""
    st.subheader(visit.say(OPEN_CASES), anchor=False)
    with st.grid(4, min_column_width=150, gap="small"):
        for key, count in open_cases.items():
            st.metric(labels.profession_name(key, visit.language), f"{count:,}", border=True)


def accounts(visit: Visit, known: Accounts) -> None:
    """How many accounts can sign in, and how many cannot."""
    st.subheader(visit.say(ACCOUNTS), anchor=False)
    _metrics(visit, {ACTIVE: known.active, DISABLED: known.disabled, LOCKED: known.locked})


def _metrics(visit: Visit, values: Mapping[Text, int]) -> None:
    with st.grid(4, min_column_width=150, gap="small"):
        for text, count in values.items():
            st.metric(visit.say(text), f"{count:,}", border=True)
