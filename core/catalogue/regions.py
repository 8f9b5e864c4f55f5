"""The provinces: GB/T 2260 two-digit codes, plus 66 for the Corps by convention (domain B)."""

from __future__ import annotations

from typing import Final

from core.text import Text

PROVINCES: Final[dict[str, Text]] = {
    "11": Text("北京市", "Beijing"),
    "12": Text("天津市", "Tianjin"),
    "13": Text("河北省", "Hebei"),
    "14": Text("山西省", "Shanxi"),
    "15": Text("内蒙古自治区", "Inner Mongolia"),
    "21": Text("辽宁省", "Liaoning"),
    "22": Text("吉林省", "Jilin"),
    "23": Text("黑龙江省", "Heilongjiang"),
    "31": Text("上海市", "Shanghai"),
    "32": Text("江苏省", "Jiangsu"),
    "33": Text("浙江省", "Zhejiang"),
    "34": Text("安徽省", "Anhui"),
    "35": Text("福建省", "Fujian"),
    "36": Text("江西省", "Jiangxi"),
    "37": Text("山东省", "Shandong"),
    "41": Text("河南省", "Henan"),
    "42": Text("湖北省", "Hubei"),
    "43": Text("湖南省", "Hunan"),
    "44": Text("广东省", "Guangdong"),
    "45": Text("广西壮族自治区", "Guangxi"),
    "46": Text("海南省", "Hainan"),
    "50": Text("重庆市", "Chongqing"),
    "51": Text("四川省", "Sichuan"),
    "52": Text("贵州省", "Guizhou"),
    "53": Text("云南省", "Yunnan"),
    "54": Text("西藏自治区", "Tibet"),
    "61": Text("陕西省", "Shaanxi"),
    "62": Text("甘肃省", "Gansu"),
    "63": Text("青海省", "Qinghai"),
    "64": Text("宁夏回族自治区", "Ningxia"),
    "65": Text("新疆维吾尔自治区", "Xinjiang"),
    "66": Text("新疆生产建设兵团", "Xinjiang Production and Construction Corps"),
    "71": Text("台湾省", "Taiwan"),
    "81": Text("香港特别行政区", "Hong Kong SAR"),
    "82": Text("澳门特别行政区", "Macao SAR"),
}
"""Code → name; the order is the one of the standard and of every list on screen."""


def short_name(code: str) -> str:
    """The Chinese everyday name of a province, as company names carry it (山东, 内蒙古, 兵团).

    Raises KeyError for a code outside `PROVINCES`.
    """
    if code == "66":
        return "兵团"
    full = PROVINCES[code].zh
    return full[:3] if full.startswith(("内蒙古", "黑龙江")) else full[:2]
