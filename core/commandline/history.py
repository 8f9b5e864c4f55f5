"""`python -m core verify-history` and `anchor`: whether what was recorded still stands."""

from __future__ import annotations

import sys
from itertools import chain

from core import clock, db
from core.audit import anchors, history
from core.audit.chains import KeyUnknown
from core.commandline.options import Add, Options
from core.errors import CoreError
from core.files import checking
from core.text import Language, Text

MOST_TOLD = 100

HOLDS = Text("办理历史完整，未发现改动。", "The history is whole; nothing was changed.")
FAULT = Text(
    "链 {chain} 第 {seq} 条（events.id = {row}）：{what}",
    "Chain {chain}, row {seq} (events.id = {row}): {what}",
)
MORE = Text("另有 {count} 处，未一一列出。", "{count} more, not listed.")
ANCHORED = Text("已将各链链尾记入 {path}。", "The ends of all chains were added to {path}.")
NOTHING_NEW = Text("自上次锚定以来没有新的历史。", "There is no history since the last anchor.")


def verify(_options: Options, language: Language) -> int:
    """Check chains, evidence, anchors and pictures; 1 when anything is not as it was recorded.

    The first hundred faults are told, then the number of the rest. What holds is anchored.
    """
    count = 0
    known = anchors.remembered()
    with db.reading() as session:
        for fault in chain(
            history.verify(session, anchors.unkeyed(session, known)),
            anchors.verify(session, known),
            checking.verify(session),
        ):
            count += 1
            if count <= MOST_TOLD:
                print(_told(fault, language))
    if count > MOST_TOLD:
        print(MORE(language, count=count - MOST_TOLD))
    if count:
        return 1
    remember(language)
    print(HOLDS(language))
    return 0


def _told(fault: history.Fault, language: Language) -> str:
    if fault.chain is None:
        return fault.text(language)
    row = fault.event_id if fault.event_id is not None else "—"
    return FAULT(language, chain=fault.chain, seq=fault.seq, row=row, what=fault.text)


def remember(language: Language) -> None:
    """Anchor what a command has just recorded; that it cannot be done is told and stops nothing.

    Raises KeyUnknown: without the key of its newest row nothing can be recorded at all.
    """
    try:
        anchors.add(clock.now())
    except KeyUnknown:
        raise
    except CoreError as error:
        print(error.message(language), file=sys.stderr)


def anchor(_options: Options, language: Language) -> int:
    """Remember the ends of all chains outside the database."""
    if anchors.add(clock.now()):
        print(ANCHORED(language, path=anchors.place()))
    else:
        print(NOTHING_NEW(language))
    return 0


def add_commands(add: Add, _language: Language) -> None:
    """Put the commands on the command line."""
    add("verify-history", verify, "校验办理历史及其证据", "check history, evidence and pictures")
    add("anchor", anchor, "锚定办理历史", "remember the ends of the history outside the database")
