"""Settings from the environment, read once into one frozen object (see README, "Settings")."""

from __future__ import annotations

import ipaddress
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from core.errors import CoreError
from core.text import LANGUAGES, Language, Text, filled

_SWITCH = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
_DATABASES = {"sqlite", "postgresql"}

NOT_A_SWITCH = Text(
    "{name} 须为 1/0、true/false、yes/no 或 on/off 之一，不能是 {value!r}",
    "{name} must be one of 1/0, true/false, yes/no and on/off, not {value!r}",
)
NOT_A_LANGUAGE = Text(
    "REGDESK_LANGUAGE 须为 zh 或 en，不能是 {value!r}",
    "REGDESK_LANGUAGE must be zh or en, not {value!r}",
)
NOT_A_PORT = Text(
    "REGDESK_PORT 须为 1 至 65535 的整数，不能是 {value!r}",
    "REGDESK_PORT must be a number from 1 to 65535, not {value!r}",
)
NOT_PROXIES = Text(
    "REGDESK_TRUSTED_PROXIES 须为以逗号分隔的地址或网段，不能是 {value!r}（{why}）",
    "REGDESK_TRUSTED_PROXIES names addresses or networks, comma-separated, not {value!r} ({why})",
)
NOT_A_DATABASE = Text(
    "REGDESK_DATABASE_URL 不是可用的数据库地址：应如 sqlite:///文件 或 "
    "postgresql+psycopg://用户:密码@主机/库",
    "REGDESK_DATABASE_URL is no address of a database that can be used; it looks like "
    "sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
)
NO_HISTORY_KEY = Text("{path} 中没有密钥", "{path} holds no key")
NO_DATA_FOLDER = Text(
    "REGDESK_DATA 文件夹 {path} 无法使用（{why}）",
    "the folder REGDESK_DATA, {path}, cannot be used ({why})",
)


class Unusable(CoreError):
    """A setting that cannot be used. why: a `Text`, which names it."""

    text = Text("环境变量有误：{why}。", "A setting cannot be used: {why}.")


def _refused(pattern: Text, **values: object) -> Unusable:
    return Unusable(why=filled(pattern, **values))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment may decide.

    data: folder for the embedded database, attachments and keys.
    database_url: SQLAlchemy URL; SQLite inside `data` unless given.
    port, address: where the server listens.
    language: the default for people whose browser states none.
    secret: signs what browsers keep (see README); kept in `data/secret` when not given.
    demo_password: fixes the password of the demo accounts; else one is made.
    secure_cookies: set behind HTTPS so that the session cookie never travels in the clear.
    trusted_proxies: addresses and networks whose X-Forwarded-For and -Proto are believed.
    combined_roles: one account may hold offices that check each other.
    history_key: secrets that the history is hashed with, oldest first, the last one in use; kept in
    `data/history.key`, one a line, when not given.
    anchors: the file outside the database that remembers the ends of the history.
    unsigned_packets: whether filings without a signature are taken in; None where nothing is said,
        and then until the first key of a channel is added.
    """

    data: Path
    database_url: str
    port: int
    address: str
    language: Language
    secret: str
    demo_password: str | None
    secure_cookies: bool
    trusted_proxies: tuple[str, ...]
    combined_roles: bool
    history_key: tuple[str, ...]
    anchors: Path
    unsigned_packets: bool | None


def keep_private(path: Path) -> None:
    """Take from a file or folder what others than its owner may do with it, where we can."""
    with suppress(OSError):
        mode = path.stat().st_mode
        # A folder that everybody may write to, such as /tmp, belongs to others as well.
        if mode & 0o077 and not mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(mode) & ~0o077)


def _private_folder(data: Path) -> None:
    """The data folder, for its owner alone. Raises OSError."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any((data / name).exists() for name in ("secret", "history.key", "regdesk.db")):
        keep_private(data)


def _kept_secret(data: Path, name: str) -> str:
    """A secret of this installation, made at first use (mode 600)."""
    path = data / name
    if path.exists():
        return path.read_text().strip()
    value = secrets.token_urlsafe(32)
    # Whole or not at all, and the first of two that start together makes it for both.
    draft = path.with_name(f".{name}-{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            # Ended like a line, so that a further key can be added as one.
            file.write(f"{value}\n")
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return path.read_text().strip()


def _history_key(given: str | None, data: Path) -> tuple[str, ...]:
    """The secrets of the history, oldest first. Raises Unusable when the file holds none."""
    found = tuple((given or _kept_secret(data, "history.key")).split())
    if not found:
        raise _refused(NO_HISTORY_KEY, path=data / "history.key")
    return found


def _switch(name: str) -> bool | None:
    """Whether a setting is on; None where nothing is said. Raises Unusable."""
    value = os.environ.get(name, "")
    if value and value.lower() not in _SWITCH:
        raise _refused(NOT_A_SWITCH, name=name, value=value)
    return _SWITCH.get(value.lower())


def _port(value: str) -> int:
    """A port to listen on. Raises Unusable."""
    if not (value.isascii() and value.isdecimal() and 0 < int(value[:6]) < 65536):
        raise _refused(NOT_A_PORT, value=value)
    return int(value)


def _database(url: str) -> str:
    """The URL of a database that can be talked to, as far as that shows in it. Raises Unusable."""
    try:
        parsed = make_url(url)
        known = parsed.get_backend_name() in _DATABASES
        kind = parsed.get_dialect() if known else None
        if kind is not None and not kind.is_async:
            kind.import_dbapi()
            kind().create_connect_args(parsed)
            return url
    except (SQLAlchemyError, ImportError, ValueError):
        pass
    # Not a word of the URL itself: it may hold a password.
    raise _refused(NOT_A_DATABASE)


def _networks(value: str) -> tuple[str, ...]:
    """Addresses and networks, separated by commas. Raises Unusable."""
    named = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in named:
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise _refused(NOT_PROXIES, value=part, why=error) from error
    return named


def stated_language() -> Language:
    """The language that the environment states, also where other settings cannot be used."""
    stated = os.environ.get("REGDESK_LANGUAGE", "zh")
    return next((language for language in LANGUAGES if language == stated), "zh")


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises Unusable when a variable is, or the data folder.
    """
    folder = os.environ.get("REGDESK_DATA", "./data")
    try:
        return _read(Path(folder).resolve())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise _refused(NO_DATA_FOLDER, path=folder, why=why) from error


def _read(data: Path) -> Settings:
    """Raises Unusable; OSError when the data folder cannot be used, ValueError when it has NUL."""
    env = os.environ
    language = stated_language()
    if env.get("REGDESK_LANGUAGE", language) != language:
        raise _refused(NOT_A_LANGUAGE, value=env["REGDESK_LANGUAGE"])
    _private_folder(data)
    found = Settings(
        data=data,
        database_url=_database(
            env.get("REGDESK_DATABASE_URL") or f"sqlite:///{data / 'regdesk.db'}"
        ),
        port=_port(env.get("REGDESK_PORT", "8501")),
        address=env.get("REGDESK_ADDRESS", "127.0.0.1"),
        language=language,
        secret=env.get("REGDESK_SECRET") or _kept_secret(data, "secret"),
        demo_password=env.get("REGDESK_DEMO_PASSWORD") or None,
        secure_cookies=_switch("REGDESK_SECURE_COOKIES") or False,
        trusted_proxies=_networks(env.get("REGDESK_TRUSTED_PROXIES", "")),
        combined_roles=_switch("REGDESK_COMBINED_ROLES") or False,
        history_key=_history_key(env.get("REGDESK_HISTORY_KEY"), data),
        anchors=Path(env.get("REGDESK_ANCHORS") or data / "history.anchors").resolve(),
        unsigned_packets=_switch("REGDESK_UNSIGNED_PACKETS"),
    )
    _private_folder(data)  # one that was there before is ours now that it holds a secret
    return found
