"""The colour families in which states are shown; a screen adds the symbol."""

from __future__ import annotations

from typing import Literal

Tone = Literal["neutral", "info", "good", "warn", "bad"]
