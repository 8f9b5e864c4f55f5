"""The regulations of each register, as letters and promises cite them."""

from __future__ import annotations

from core.text import Text

ORDER_147 = Text(
    "《注册监理工程师管理规定》（建设部令第147号）",
    "Provisions on Registered Supervision Engineers (Ministry of Construction Order No. 147)",
)


def order_147(item: str) -> Text:
    """One of the grounds of §13, (一) to (七), on which registration is refused (M.9)."""
    number = "一二三四五六七".index(item) + 1
    return Text(f"{ORDER_147.zh}第十三条第（{item}）项", f"{ORDER_147.en}, Article 13 ({number})")


ORDER_137 = Text(
    "《勘察设计注册工程师管理规定》（建设部令第137号）",
    "Provisions on Registered Survey and Design Engineers (Ministry of Construction Order No. 137)",
)
ORDER_137_16 = Text(f"{ORDER_137.zh}第十六条", f"{ORDER_137.en}, Article 16")
ARCHITECT_REGULATIONS = Text(
    "《中华人民共和国注册建筑师条例》", "Regulations on Registered Architects"
)
ARCHITECT_RULES = Text(
    "《中华人民共和国注册建筑师条例实施细则》",
    "Detailed Rules for the Regulations on Registered Architects",
)
ARCHITECT_RULES_21 = Text(f"{ARCHITECT_RULES.zh}第二十一条", f"{ARCHITECT_RULES.en}, Article 21")
ARCHITECT_13 = Text(
    "《中华人民共和国注册建筑师条例》第十三条", "Regulations on Registered Architects, Article 13"
)
