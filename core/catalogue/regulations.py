"""The regulations of each register, as letters and promises cite them."""

from __future__ import annotations

from core.text import Text

ORDER_147 = Text(
    "《注册监理工程师管理规定》（建设部令第147号）",
    "Provisions on Registered Supervision Engineers (Ministry of Construction Order No. 147)",
)
ORDER_137 = Text(
    "《勘察设计注册工程师管理规定》（建设部令第137号）",
    "Provisions on Registered Survey and Design Engineers (Ministry of Construction Order No. 137)",
)
ARCHITECT_REGULATIONS = Text(
    "《中华人民共和国注册建筑师条例》", "Regulations on Registered Architects"
)
ARCHITECT_RULES = Text(
    "《中华人民共和国注册建筑师条例实施细则》",
    "Detailed Rules for the Regulations on Registered Architects",
)
ARCHITECT_13 = Text(
    "《中华人民共和国注册建筑师条例》第十三条", "Regulations on Registered Architects, Article 13"
)
