"""Accounts, sign-in sessions, leases, and what a person keeps for their own work."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base, Identified


class User(Identified, Base):
    """An account. roles: values of `Role`; professions: those a reviewer takes cases of (all when
    empty); province: for provincial officers; person_id / employer_id: whom it acts for; name_key:
    the name as it is compared, of accounts that act for nobody else (their names are unique).
    """

    __tablename__ = "users"

    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str | None] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column()
    professions: Mapped[list[str]] = mapped_column()
    province: Mapped[str | None] = mapped_column(String(2))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    language: Mapped[str | None] = mapped_column(String(2))
    demo: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[bool] = mapped_column(default=False)
    signed_in_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]

    __table_args__ = (Index("uq_users_name_key", "name_key", unique=True),)


class LoginSession(Identified, Base):
    """A sign-in. Only the SHA-256 of its token is kept; `previous_hash` stays valid for a moment
    after rotation so that requests under way are not cut off.
    """

    __tablename__ = "login_sessions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    previous_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    rotated_at: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class SignInBrake(Base):
    """Failed sign-ins that count under one key (`core.accounts.brakes`). user_id: the account of
    the name tried, if it exists; counted_at: of the last failure, or since when one drains away;
    until: no attempt before; forgotten_at: the row counts for nothing after.
    """

    __tablename__ = "sign_in_brakes"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    failures: Mapped[int]
    counted_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]
    forgotten_at: Mapped[dt.datetime] = mapped_column(index=True)


class SavedView(Identified, Base):
    """A queue with its filters, kept under a name."""

    __tablename__ = "saved_views"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("user_id", "name"),)
