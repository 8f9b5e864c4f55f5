"""Words that people type, on their way to a column: kept whole, or refused at the border in words.

Nothing is cut off silently, and both databases refuse the same.
"""

from __future__ import annotations

import re

from core.errors import CoreError
from core.text import Text

REASON = Text("理由", "The reason")

# PostgreSQL keeps no NUL, and half of a surrogate pair is no character in UTF-8.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
NOT_A_CHARACTER = "\ufffd"


class TooLong(CoreError):
    text = Text(
        "{what}最多 {most} 个字，现有 {length} 个；尚未保存，请缩短后重试。",
        "{what} may have {most} characters and has {length}; nothing was saved, please shorten it.",
    )


class Unwritable(CoreError):
    text = Text(
        "{what}中第 {place} 个字符无法保存，尚未保存，请删除该字符后重试。",
        "Character {place} of {what} cannot be stored; nothing was saved, please remove it.",
    )


def storable(words: str) -> bool:
    """Whether both databases can keep every character."""
    return (words.isascii() and "\x00" not in words) or _NOT_STORABLE.search(words) is None


def searchable(words: str) -> str:
    """`words` to look for; what no column holds becomes a mark that is found nowhere."""
    return words if storable(words) else _NOT_STORABLE.sub(NOT_A_CHARACTER, words)


def kept(words: str, what: Text, most: int) -> str:
    """`words` as they are kept, without outer blanks.

    what: how a person calls them. most: characters there is room for. Raises TooLong, Unwritable.
    """
    words = words.strip()
    if len(words) > most:
        raise TooLong(what=what, most=most, length=len(words))
    wrong = _NOT_STORABLE.search(words)
    if wrong is not None:
        raise Unwritable(what=what, place=wrong.start() + 1)
    return words


def says_something(words: str, least: int = 1) -> bool:
    """Whether there are `least` characters that anybody can see."""
    return sum(char.isprintable() and not char.isspace() for char in words) >= least
