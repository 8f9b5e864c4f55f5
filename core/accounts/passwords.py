"""Passwords: which are too weak, and how they are kept.

Weak is what M3 excludes (letters and digits are needed), and what is guessed early: a password is
rated by zxcvbn, whose lists hold the most common passwords, names and words of published leaks,
and which knows keyboard rows, dates, repetitions and the usual replacements (`P@ssw0rd`). Its line
is taken as it stands: fewer than a million guesses is "very guessable" even where, as here,
attempts are slowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import digits
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from core.errors import CoreError
from core.text import Text

LENGTH: Final = (8, 128)
_RATED_LENGTH = 72
"""Characters that are rated: more take long, and no short part of them can make a password weak."""
_SAFE_SCORE = 2
"""The first of zxcvbn's scores (0 to 4) that means more than a million guesses."""
_OWN_WORDS = ("regdesk",)

# Argon2id with the smallest cost that OWASP accepts: some 30 ms and 19 MB a sign-in.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when the account does not exist, so that the answer takes as long as for one that does;
# made beforehand, so that the first of them after a start takes no longer than the others.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "vWUXuoUEhMWxQqz5o4vtwg$+6uYeixaCbemOK70yQ3UfI3NcJ7iUDXZbN6QhI3kP8I"
)


class WeakPassword(CoreError):
    text = Text(
        "密码须为 {shortest} 至 {longest} 位可见字符，"
        "同时包含字母和数字（0-9），且不得包含用户名。",
        "The password needs {shortest} to {longest} visible characters with both letters and "
        "digits (0-9), and must not contain the user name.",
    )


class GuessablePassword(WeakPassword):
    text = Text(
        "该密码过于常见或容易被猜到（如常用密码、键盘顺序、日期、姓名），请换一个。",
        "This password is too common or too easy to guess (a well-known password, keys in a row, a "
        "date, a name); please choose another.",
    )


def check(password: str, username: str, known: Sequence[str] = (), *, rated: bool = True) -> None:
    """The rule for passwords: M3's letters and digits, its 16 characters being no upper limit here.

    known: what an attacker knows of the person, besides the user name. rated: False for the one
    password that demo accounts share and that is printed at every start.

    Raises WeakPassword, GuessablePassword.
    """
    shortest, longest = LENGTH
    if not (
        shortest <= len(password) <= longest
        and password.isprintable()
        and any(character.isalpha() for character in password)
        and any(character in digits for character in password)
        and username.lower() not in password.lower()
    ):
        raise WeakPassword(shortest=shortest, longest=longest)
    if not rated:
        return
    words = [word for word in (username, *known, *_OWN_WORDS) if word]
    if zxcvbn(password[:_RATED_LENGTH], user_inputs=words)["score"] < _SAFE_SCORE:
        raise GuessablePassword


def matches(stored: str | None, password: str) -> bool:
    """Compare with a stored hash; just as slow when there is none."""
    try:
        _hasher.verify(stored or _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return stored is not None


def hashed(password: str) -> str:
    """Argon2id hash of a password, salted anew each time."""
    return _hasher.hash(password)
