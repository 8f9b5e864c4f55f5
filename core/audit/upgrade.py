"""Taking over a database whose history is older than its key and its digests."""

from __future__ import annotations

from datetime import datetime

from core import db
from core.audit import anchors, sealing


def take_over(now: datetime) -> None:
    """Put what the database holds into its history, and anchor it, where that was never done.

    Rows without a key stay as they are: they are hashed as they always were, and the first anchor
    says how far they go. Nothing happens to a database that is anchored already, and one whose
    history is empty is only anchored. What a history with a key was begun without is put into it
    once. Raises as `core.audit.anchors.add`.
    """
    with db.reading() as session:
        older = not anchors.known(session) and any(anchors.without_key(session))
    if older:
        db.run(sealing.seal_all, now)
    anchors.add(now, first=older)
    if db.run(sealing.seal_later, now, sealed=older):
        anchors.add(now)
