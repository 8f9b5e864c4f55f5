"""Where a command reads and writes: streams that take any character, whole, closed or full."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress


def prepare() -> None:
    """Make standard streams that can be used, whatever the caller has closed or how it encodes.

    A character that the terminal cannot show is written as its number. Bytes typed that are no text
    are kept apart (surrogates), for what reads them to refuse.
    """
    # A stream closed by the caller is None to Python; what would go there is lost, as asked.
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream, errors in (
        (sys.stdin, "surrogateescape"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def give_up_output() -> None:
    """Send what is still to be written nowhere: nobody reads it, or it cannot be written."""
    with suppress(OSError, ValueError):  # a stream of a test has no number
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def visible(words: str) -> str:
    """`words` for a terminal: what could move its cursor or hide is written as numbers."""
    return "".join(
        character
        if character.isprintable() or character in "\n\t\u3000"
        else character.encode("unicode_escape").decode()
        for character in words
    )
