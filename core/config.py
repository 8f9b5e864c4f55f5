"""Settings from the environment, read once into one frozen object (see README, "Settings")."""

from __future__ import annotations

import os
import secrets
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
    unsigned_packets: bool | None


def _kept_secret(data: Path) -> str:
    """The signing secret of this installation, made at first use (mode 600)."""
    path = data / "secret"
    if path.exists():
        return path.read_text().strip()
    data.mkdir(parents=True, exist_ok=True)
    value = secrets.token_urlsafe(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value)
    return value


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises ValueError when `REGDESK_LANGUAGE`, `REGDESK_PORT` or `REGDESK_UNSIGNED_PACKETS` is
    unusable.
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
        port=int(env.get("REGDESK_PORT", "8501")),
        address=env.get("REGDESK_ADDRESS", "127.0.0.1"),
        language=language,
        secret=env.get("REGDESK_SECRET") or _kept_secret(data),
        demo_password=env.get("REGDESK_DEMO_PASSWORD") or None,
        secure_cookies=env.get("REGDESK_SECURE_COOKIES", "") in {"1", "true", "yes"},
        unsigned_packets=unsigned == "1" if unsigned else None,
    )
