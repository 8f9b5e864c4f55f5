"""Words in two languages: every sentence a person can read is a `Text`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in Chinese and in English; both may hold the same `{name}` fields."""

    zh: str
    en: str

    def __call__(self, language: Language, **values: object) -> str:
        """Return the sentence in `language` with its fields filled from `values`.

        A value that is itself a `Text` is rendered in the same language.
        """
        pattern = self.zh if language == "zh" else self.en
        if not values:
            return pattern
        return pattern.format(
            **{
                key: value(language) if isinstance(value, Text) else value
                for key, value in values.items()
            }
        )


def same(word: str) -> Text:
    """A word that reads the same in both languages (codes, symbols)."""
    return Text(word, word)


def filled(pattern: Text, **values: object) -> Text:
    """`pattern` with its fields filled in both languages."""
    return Text(pattern("zh", **values), pattern("en", **values))
