"""What the commands of every subject share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Options = argparse.Namespace
"""The arguments of a command, read."""

Add = Callable[..., argparse.ArgumentParser]
"""Adds a command: name, what runs it, its description in Chinese and English, the group it is in.

What runs it takes the options and the language, prints its answer and returns the exit code.
"""


def a_path(value: str) -> Path:
    """A path as an argument, in whatever bytes the file system has names."""
    if not value or "\0" in value:
        raise argparse.ArgumentTypeError(value)
    return Path(value)
