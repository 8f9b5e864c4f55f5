"""What somebody typed, before anything is made of it: cleaned at its edges, or refused in words.

Names and other single lines are stored as they were typed, apart from white space and invisible
characters around them. Inside, an invisible character makes two names that look alike differ, and a
bidi control makes one read as another (Unicode TR 36), so it is named and refused. Characters that
this Python's Unicode tables do not know yet, and those of the private use area, count as letters:
rare surnames are written with them.
"""

from __future__ import annotations

import re
import unicodedata

from core.errors import CoreError
from core.text import Text

REASON = Text("理由", "The reason")

# PostgreSQL keeps no NUL, and half of a surrogate pair is no character in UTF-8.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_NOT_A_CHARACTER = "\ufffd"

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LETTERLIKE = frozenset({"Co", "Cn"})
# Letters and marks that are drawn as nothing: fillers of Hangul and Khmer, Mongolian selectors, the
# grapheme joiner, the empty Braille cell (Default_Ignorable_Code_Point, and one blank symbol).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = frozenset("\t\n\r")
_CODES_TOLD = 5
_SHOWN = 40


class NothingTyped(CoreError):
    text = Text(
        "“{name}”为空，或只含看不见的字符。",
        "“{name}” is empty, or holds only characters that nobody sees.",
    )


class InvisibleTyped(CoreError):
    text = Text(
        "“{name}”含有换行或看不见的字符（{codes}），请删去。",
        "“{name}” holds a line break or characters that nobody sees ({codes}); remove them.",
    )


class TooLongTyped(CoreError):
    text = Text(
        "“{name}”过长：有 {count} 个字符，最多 {longest} 个。",
        "“{name}” is too long: {count} characters, {longest} at most.",
    )


class NoName(CoreError):
    text = Text("“{value}”不能作为“{name}”：其中没有文字。", "“{value}” is no {name}: no letters.")


def unseen(character: str) -> bool:
    """True for a character that nobody sees: controls, format characters, fillers."""
    return (
        unicodedata.category(character) in _UNSEEN
        or character in _BLANK
        or ord(character) & 0xFFFE == 0xFFFE
        or 0xFDD0 <= ord(character) <= 0xFDEF
    )


def trimmed(value: str) -> str:
    """`value` without white space and invisible characters around it.

    Half of a surrogate pair stays, to be refused: a letter that was damaged on its way is no blank.
    """
    start, end = 0, len(value)
    while start < end and _goes(value[start]):
        start += 1
    while end > start and _goes(value[end - 1]):
        end -= 1
    return value[start:end]


def _goes(character: str) -> bool:
    return character.isspace() or (unseen(character) and not "\ud800" <= character <= "\udfff")


def visible(value: str) -> bool:
    """Whether anything of `value` can be seen; marks alone, with nothing to stand on, cannot."""
    return any(
        not character.isspace()
        and not unseen(character)
        and not unicodedata.category(character).startswith("M")
        for character in value
    )


def says_something(value: str, least: int = 1) -> bool:
    """Whether there are `least` characters that anybody can see."""
    return sum(not character.isspace() and not unseen(character) for character in value) >= least


def storable(value: str) -> bool:
    """Whether both databases can keep every character."""
    return (value.isascii() and "\x00" not in value) or _NOT_STORABLE.search(value) is None


def searchable(value: str) -> str:
    """`value` to look for; what no column holds becomes a mark that is found nowhere."""
    return value if storable(value) else _NOT_STORABLE.sub(_NOT_A_CHARACTER, value)


def has_letter(value: str) -> bool:
    """Whether `value` holds a letter of any script."""
    return any(
        not unseen(character)
        and ((kind := unicodedata.category(character)).startswith("L") or kind in _LETTERLIKE)
        for character in value
    )


def line(value: str, name: Text, longest: int) -> str:
    """`value` as one line of at most `longest` characters is stored; empty stays empty.

    name: what it is, for the sentence. Raises NothingTyped when there is something and none of it
    can be seen, InvisibleTyped, TooLongTyped.
    """
    if len(value) > longest:
        # Padding may go; but nothing that is long all the same is looked at any further.
        value = value.strip()
    if len(value) > longest:
        raise TooLongTyped(name=name, count=len(value), longest=longest)
    clean = trimmed(value)
    if value.strip() and not visible(clean):
        raise NothingTyped(name=name)
    _refuse([character for character in clean if unseen(character)], name)
    return clean


def lines(value: str, name: Text, longest: int) -> str:
    """`value` as a text of several lines is stored: controls and bidi controls are refused.

    Raises as `line` does.
    """
    value = value.strip()
    if len(value) > longest:
        raise TooLongTyped(name=name, count=len(value), longest=longest)
    if value and not visible(value):
        raise NothingTyped(name=name)
    _refuse(
        [
            character
            for character in value
            if character in _BIDI
            or (unicodedata.category(character) in {"Cc", "Cs"} and character not in _BREAKS)
        ],
        name,
    )
    return value


def _refuse(found: list[str], name: Text) -> None:
    if found:
        codes = [f"U+{ord(character):04X}" for character in dict.fromkeys(found)]
        told = ", ".join(codes[:_CODES_TOLD]) + ("…" if len(codes) > _CODES_TOLD else "")
        raise InvisibleTyped(name=name, codes=told)


def shown(value: object, most: int = _SHOWN) -> str:
    """`value` as it can stand in a sentence: on one line, not long, nothing in it that acts.

    Invisible characters are written as their code, so that neither a terminal nor a reader of the
    sentence is led astray by them.
    """
    text = value if isinstance(value, str) else str(value)
    words = " ".join(text[: 10 * most].split())
    if len(words) > most or len(text) > 10 * most:
        words = f"{words[: most - 1]}…"
    return "".join(f"[U+{ord(c):04X}]" if unseen(c) else c for c in words)
