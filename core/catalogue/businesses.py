"""Business types (业务类型) and what their approval does to the register."""

from __future__ import annotations

from core.catalogue.types import Business, Effect
from core.text import Text

_REGISTRATION = Text("注册", "registration")

BUSINESSES: dict[str, Business] = {
    business.key: business
    for business in (
        Business(
            "initial", Text("初始注册", "Initial registration"), _REGISTRATION, (), Effect.CREATE
        ),
        Business(
            "change",
            Text("变更注册", "Change"),
            Text("变更注册", "change of registration"),
            (),
            Effect.MOVE,
        ),
        Business(
            "renewal",
            Text("延续注册", "Renewal"),
            Text("延续注册", "renewal of registration"),
            (),
            Effect.EXTEND,
        ),
        # One internal type under the names of three channels (domain D, "Names").
        Business(
            "replacement",
            Text("补办", "Replacement"),
            Text("补办", "replacement"),
            ("遗失破损补办", "遗失破损补办注册", "更改补办", "证书更换"),
            Effect.REISSUE,
        ),
        # 强制注销 is a field of this type (`forced`), not a type of its own.
        Business(
            "cancellation",
            Text("注销注册", "Cancellation"),
            Text("注销", "cancellation of registration"),
            ("强制注销",),
            Effect.END,
        ),
    )
}
