"""Typed errors: each carries a stable key and a sentence in both languages.

Commands raise them, screens translate them; nothing else crosses that line. The class name is the
key, so a log line, a test and a message catalogue all speak of the same thing.
"""

from __future__ import annotations

from typing import ClassVar

from core.text import Language, Text


class CoreError(Exception):
    """Base of every refusal the core can give; `values` fill the fields of `text`."""

    text: ClassVar[Text] = Text("操作未能完成。", "The action could not be completed.")

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.message("en"))

    @property
    def key(self) -> str:
        """Stable name of the error, used by tests and logs."""
        return type(self).__name__

    def message(self, language: Language) -> str:
        """The sentence a person reads."""
        return self.text(language, **self.values)

    @property
    def words(self) -> Text:
        """The sentence in both languages."""
        return Text(self.message("zh"), self.message("en"))


class NotPermitted(CoreError):
    text = Text("您的角色无权进行此操作。", "Your role does not allow this action.")


class NotFound(CoreError):
    text = Text(
        "未找到{what}，可能已被删除或不在您的权限范围内。",
        "{what} was not found; it may have been removed or lie outside your area.",
    )
