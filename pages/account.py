"""One's own account: roles, password, language, and where one is signed in."""

from __future__ import annotations

import streamlit as st

from core import catalogue, clock, db
from core.access.permissions import Permission
from core.accounts import signin, users
from core.text import Text
from dashboard import labels, shell, strings
from dashboard.attempt import attempt
from dashboard.session import flash, require, role_names

ROLES = Text("角色", "Roles")
PROFESSIONS = Text("办理专业", "Professions")
ALL_PROFESSIONS = Text("全部", "All")
PASSWORD_TITLE = Text("修改密码", "Change the password")
CURRENT = Text("当前密码", "Current password")
NEW = Text("新密码", "New password")
REPEAT = Text("再次输入新密码", "New password again")
PASSWORD_RULE = Text(
    "至少 8 位，同时包含字母和数字，且不易被猜到。修改后，其他设备上的登录将全部退出。",
    "At least 8 characters with letters and digits, not easy to guess. Changing it signs you out "
    "everywhere else.",
)
CHANGE = Text("修改密码", "Change password")
CHANGED = Text("密码已修改，其他登录已退出。", "Password changed; other sign-ins ended.")
DIFFERENT = Text("两次输入的新密码不一致。", "The two new passwords differ.")
SESSIONS_TITLE = Text("登录中的设备", "Where you are signed in")
SESSION = Text(
    "{at} 登录，最近活动 {seen}，地址 {address}", "since {at}, last active {seen}, from {address}"
)
THIS_ONE = Text("（本次）", " (this one)")
EVERYWHERE = Text("退出全部登录", "Sign out everywhere")
EVERYWHERE_HINT = Text(
    "包括本次登录；如怀疑账号被他人使用，请先修改密码。",
    "This one included; if you suspect somebody else, change the password first.",
)
APPEARANCE_TITLE = Text("语言与外观", "Language and appearance")
APPEARANCE = Text(
    "浅色或深色外观跟随系统设置，也可在右上角菜单的“Settings”中选择。",
    "Light or dark follows your system; you can also choose it under Settings in the top right "
    "menu.",
)

visit = require(Permission.ACCOUNT_OWN)
say = visit.say
st.header(labels.plain(visit.name))
st.caption(labels.plain(visit.username))

details, devices = st.columns(2, gap="large")
with details:
    st.markdown(f"**{say(ROLES)}**　{role_names(visit.actor.roles, visit.language)}")
    if visit.may(Permission.QUEUE_READ):
        known = catalogue.current().professions
        names = [say(known[key].label) for key in visit.actor.professions if key in known]
        listed = say(strings.LIST_COMMA).join(names) or say(ALL_PROFESSIONS)
        st.markdown(f"**{say(PROFESSIONS)}**　{listed}")

    st.subheader(say(PASSWORD_TITLE))
    with st.form("password", border=False):
        current = st.text_input(say(CURRENT), type="password", autocomplete="current-password")
        new = st.text_input(
            say(NEW), type="password", autocomplete="new-password", help=say(PASSWORD_RULE)
        )
        again = st.text_input(say(REPEAT), type="password", autocomplete="new-password")
        sent = st.form_submit_button(say(CHANGE), type="primary")
    if sent and new != again:
        st.error(say(DIFFERENT), icon=":material/error:")
    elif sent:
        changed = attempt(
            visit, users.change_password, current=current, new=new, keep_session=visit.session_id
        )
        if changed.done:
            flash(say(CHANGED))
            st.rerun()

with devices:
    st.subheader(say(SESSIONS_TITLE))
    with db.reading() as reading:
        running = signin.sessions_of(reading, visit.user_id, clock.now())
    for row in running:
        line = say(
            SESSION,
            at=f"{clock.local(row.created_at):%m-%d %H:%M}",
            seen=f"{clock.local(row.seen_at):%m-%d %H:%M}",
            address=row.address or "—",
        )
        st.markdown(f"- {labels.plain(line)}{say(THIS_ONE) if row.id == visit.session_id else ''}")
    leaving = st.button(say(EVERYWHERE), icon=":material/logout:")
    st.caption(say(EVERYWHERE_HINT))
    if leaving and attempt(visit, signin.sign_out_everywhere).done:
        st.rerun()

    st.subheader(say(APPEARANCE_TITLE))
    shell.choose_language(visit, place="account")
    st.caption(say(APPEARANCE))
