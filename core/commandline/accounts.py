"""`python -m core user …`: accounts from the shell, by the system itself."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.access.actors import SYSTEM
from core.accounts import users
from core.commandline import streams
from core.commandline.options import Add, Options
from core.errors import NotFound
from core.model import User
from core.text import LANGUAGES, Language, Text
from core.vocabulary.roles import ROLE_LABELS, Role

PASSWORD = Text("密码：", "Password: ")
ADDED = Text("已新建账号：{username}", "Account created: {username}")
PASSWORD_SET = Text("已重设密码：{username}", "New password set: {username}")
CLOSED = Text("已停用账号：{username}", "Account disabled: {username}")
OPENED = Text("已启用账号：{username}", "Account enabled: {username}")
PROVINCE = Text("省份 {code}", "province {code}")
PROFESSIONS = Text("专业 {keys}", "professions {keys}")
DISABLED = Text("已停用", "disabled")
ACCOUNT = Text("账号“{username}”", "The account “{username}”")


def create(options: Options, language: Language) -> int:
    """Create an account."""
    secret = _password(language)
    db.run(
        users.create_user,
        SYSTEM,
        username=options.username,
        name=options.name,
        password=secret,
        roles=[Role(role) for role in options.roles],
        professions=options.professions,
        province=options.province,
        now=clock.now(),
    )
    print(ADDED(language, username=options.username))
    return 0


def password(options: Options, language: Language) -> int:
    """Give an account a new password."""
    secret = _password(language)
    db.run(_to, options.username, users.set_password, secret)
    print(PASSWORD_SET(language, username=options.username))
    return 0


def disable(options: Options, language: Language) -> int:
    """Close an account."""
    db.run(_to, options.username, users.disable)
    print(CLOSED(language, username=options.username))
    return 0


def enable(options: Options, language: Language) -> int:
    """Open a closed account."""
    db.run(_to, options.username, users.enable)
    print(OPENED(language, username=options.username))
    return 0


def show(_options: Options, language: Language) -> int:
    """List the accounts with their roles and limits."""
    with db.reading() as session:
        for row in session.scalars(select(User).order_by(User.username)):
            roles = "、".join(ROLE_LABELS[Role(role)](language) for role in row.roles)
            closed = f"  [{DISABLED(language)}]" if row.disabled else ""
            limits = "".join(f"  {words}" for words in _limits(row, language))
            print(streams.visible(f"{row.username:<20}  {row.name}  {roles}{limits}{closed}"))
    return 0


def _limits(row: User, language: Language) -> list[str]:
    """Province and professions that limit an account, by the keys with which they are given."""
    limits = [PROVINCE(language, code=row.province)] if row.province else []
    if row.professions:
        limits.append(PROFESSIONS(language, keys=", ".join(row.professions)))
    return limits


def _to(session: Session, username: str, command: Callable[..., None], *args: str) -> None:
    """Do `command` to an account, as the system."""
    command(session, SYSTEM, _id_of(session, username), *args, now=clock.now())


def _id_of(session: Session, username: str) -> int:
    found = session.scalar(select(User.id).where(User.username == username))
    if found is None:
        raise NotFound(what=Text(*(ACCOUNT(each, username=username) for each in LANGUAGES)))
    return found


def _password(language: Language) -> str:
    """A password typed unseen, or the first line of standard input when that is no terminal."""
    if sys.stdin.isatty():
        try:
            return getpass.getpass(PASSWORD(language))
        except EOFError:
            return ""
    return sys.stdin.readline().rstrip("\r\n")


def add_commands(add: Add, language: Language) -> None:
    """Add `user` and its verbs to the command line."""
    group = add("user", show, "管理账号", "accounts").add_subparsers(
        dest="verb", metavar="VERB", required=True
    )
    zh = "新建账号（密码从终端或标准输入读取）"
    en = "create an account; the password is asked for or read from standard input"
    made = add("add", create, zh, en, group)
    made.add_argument("username", metavar="USERNAME")
    made.add_argument("--name", required=True)
    made.add_argument(
        "--roles", nargs="+", required=True, choices=[item.value for item in Role][:-1],
        metavar="ROLE", help=Text("角色", "roles")(language),
    )  # fmt: skip
    made.add_argument("--professions", nargs="*", default=[], metavar="PROFESSION")
    made.add_argument("--province", metavar="CODE")
    for verb, run, zh, en in (
        ("password", password, "重设密码", "set a new password"),
        ("disable", disable, "停用账号", "close an account"),
        ("enable", enable, "启用账号", "open a closed account"),
    ):
        add(verb, run, zh, en, group).add_argument("username", metavar="USERNAME")
    add("list", show, "列出账号", "list the accounts", group)
