"""What filing channels leave with us: their keys, and the packets that could not be taken in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import String, Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base, Identified


class ChannelKey(Base):
    """The public key (Ed25519) by which a filing channel signs its packets.

    name: as the signature names it. channel: the only one it speaks for. public_key: 32 bytes in
    base64; the private one never comes here. revoked_at: since when nothing signed by it is taken.
    """

    __tablename__ = "channel_keys"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    public_key: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class QuarantinedPacket(Identified, Base):
    """A packet that could not be taken in, with the reasons, until it is.

    place: SHA-256 over source and name, so that trying again counts and does not add. source: the
    folder or zip in full; name: of the packet's file in it. key: the packet's own id as far as
    known. problems: `{path, zh, en}` each. settled_at: when it was taken in, or found to be in.
    """

    __tablename__ = "quarantine"

    place: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(LongText)
    name: Mapped[str] = mapped_column(LongText)
    key: Mapped[str] = mapped_column(String(120), default="")
    problems: Mapped[list[Any]]
    tries: Mapped[int]
    first_at: Mapped[dt.datetime]
    last_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None] = mapped_column(index=True)
