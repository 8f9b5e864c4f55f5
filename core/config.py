"""Settings from the environment, read once into one frozen object (see README, "Settings")."""

from __future__ import annotations

import ipaddress
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.text import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment may decide.

    data: folder for the embedded database, attachments and keys.
    database_url: SQLAlchemy URL; SQLite inside `data` unless given.
    port, address: where the server listens.
    language: the default for people whose browser states none.
    secret: signs the sign-in form; kept in `data/secret` when not given.
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


def _kept_secret(data: Path, name: str) -> str:
    """A secret of this installation, made at first use (mode 600)."""
    path = data / name
    if path.exists():
        return path.read_text().strip()
    data.mkdir(parents=True, exist_ok=True)
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
    """The secrets of the history, oldest first. Raises ValueError when the file holds none."""
    found = tuple((given or _kept_secret(data, "history.key")).split())
    if not found:
        raise ValueError(f"{data / 'history.key'} holds no key")
    return found


def _on(value: str) -> bool:
    return value in {"1", "true", "yes"}


def _port(value: str) -> int:
    """A port to listen on. Raises ValueError."""
    if not (value.isascii() and value.isdecimal() and 0 < int(value[:6]) < 65536):
        raise ValueError(f"REGDESK_PORT must be a number from 1 to 65535, not {value!r}")
    return int(value)


def _networks(value: str) -> tuple[str, ...]:
    """Addresses and networks, separated by commas. Raises ValueError."""
    named = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in named:
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise ValueError(
                f"REGDESK_TRUSTED_PROXIES names addresses or networks, comma-separated: {error}"
            ) from error
    return named


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises ValueError when a variable is unusable, OSError when the data folder is.
    """
    env = os.environ
    data = Path(env.get("REGDESK_DATA", "./data")).resolve()
    language = env.get("REGDESK_LANGUAGE", "zh")
    if language not in LANGUAGES:
        raise ValueError(f"REGDESK_LANGUAGE must be one of {LANGUAGES}, not {language!r}")
    unsigned = env.get("REGDESK_UNSIGNED_PACKETS", "")
    if unsigned not in {"", "0", "1"}:
        raise ValueError(f"REGDESK_UNSIGNED_PACKETS must be 0 or 1, not {unsigned!r}")
    return Settings(
        data=data,
        database_url=env.get("REGDESK_DATABASE_URL") or f"sqlite:///{data / 'regdesk.db'}",
        port=_port(env.get("REGDESK_PORT", "8501")),
        address=env.get("REGDESK_ADDRESS", "127.0.0.1"),
        language=language,
        secret=env.get("REGDESK_SECRET") or _kept_secret(data, "secret"),
        demo_password=env.get("REGDESK_DEMO_PASSWORD") or None,
        secure_cookies=_on(env.get("REGDESK_SECURE_COOKIES", "")),
        trusted_proxies=_networks(env.get("REGDESK_TRUSTED_PROXIES", "")),
        combined_roles=_on(env.get("REGDESK_COMBINED_ROLES", "")),
        history_key=_history_key(env.get("REGDESK_HISTORY_KEY"), data),
        anchors=Path(env.get("REGDESK_ANCHORS") or data / "history.anchors").resolve(),
        unsigned_packets=unsigned == "1" if unsigned else None,
    )
