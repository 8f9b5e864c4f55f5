"""Saved views: a queue with its filters, kept by an officer under a name of their own.

Every command is told the time, whether or not it keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import CoreError, NotFound
from core.model import SavedView
from core.queue.filters import QueueFilter
from core.text import Text

LONGEST_NAME = 60
MOST_VIEWS = 50

LONGEST_QUERY = 1000
NAME = Text("视图名称", "The name of the view")
FILTERS = Text("视图的筛选条件", "The filters of the view")

VIEW = Text("常用视图", "The saved view")


class ViewUnnamed(CoreError):
    text = Text("请填写视图名称。", "Give the view a name.")


class ViewNameTaken(CoreError):
    text = Text("您已有名为“{name}”的视图。", "You already have a view called “{name}”.")


class TooManyViews(CoreError):
    text = Text(
        "最多保存 {most} 个视图，请先删除不用的。",
        "At most {most} views are kept; delete one you no longer use.",
    )


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its number, its name and the filter it stands for."""

    id: int
    name: str
    filter: QueueFilter


def list_views(session: Session, actor: Actor) -> tuple[View, ...]:
    """The actor's own views, by name."""
    rows = session.execute(
        select(SavedView.id, SavedView.name, SavedView.query)
        .where(SavedView.user_id == actor.user_id)
        .order_by(SavedView.name)
    )
    return tuple(
        View(row.id, row.name, QueueFilter.from_query(dict(parse_qsl(row.query)))) for row in rows
    )


def save(
    session: Session,
    actor: Actor,
    name: str,
    wanted: QueueFilter,
    now: datetime,
) -> int:
    """Keep `wanted` (its first page) under `name` and return the number of the view.

    Raises NotPermitted, ViewUnnamed, ViewNameTaken, TooManyViews, TooLongTyped.
    """
    actor.require(Permission.QUEUE_READ)
    name = _free_name(session, actor, name)
    kept = session.scalar(select(func.count()).where(SavedView.user_id == actor.user_id)) or 0
    if kept >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    view = SavedView(
        user_id=actor.user_id,
        name=name,
        query=typed.lines(urlencode(wanted.changed().to_query()), FILTERS, LONGEST_QUERY),
        created_at=now,
    )
    session.add(view)
    session.flush()
    return view.id


def rename(session: Session, actor: Actor, view_id: int, name: str, now: datetime) -> None:  # noqa: ARG001
    """Give an own view another name. Raises NotFound, ViewUnnamed, ViewNameTaken, TooLongTyped."""
    view = session.scalars(
        select(SavedView).where(SavedView.id == view_id, SavedView.user_id == actor.user_id)
    ).one_or_none()
    if view is None:
        raise NotFound(what=VIEW)
    view.name = _free_name(session, actor, name, besides=view_id)


def remove(session: Session, actor: Actor, view_id: int, now: datetime) -> None:  # noqa: ARG001
    """Forget an own view. Raises NotFound."""
    gone = session.scalars(
        delete(SavedView)
        .where(SavedView.id == view_id, SavedView.user_id == actor.user_id)
        .returning(SavedView.id)
    ).all()
    if not gone:
        raise NotFound(what=VIEW)


def _free_name(session: Session, actor: Actor, name: str, besides: int | None = None) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not name:
        raise ViewUnnamed
    name = typed.lines(name, NAME, LONGEST_NAME)
    taken = session.scalar(
        select(SavedView.id).where(SavedView.user_id == actor.user_id, SavedView.name == name)
    )
    if taken is not None and taken != besides:
        raise ViewNameTaken(name=name)
    return name
