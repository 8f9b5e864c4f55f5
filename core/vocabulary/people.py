"""What is known of a natural person."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


SEX_LABELS: dict[Sex, Text] = {
    Sex.MALE: Text("男", "Male"),
    Sex.FEMALE: Text("女", "Female"),
}
