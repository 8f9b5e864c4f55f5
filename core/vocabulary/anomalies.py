"""Flags on people and cases (domain G)."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class Severity(StrEnum):
    """Weight of an anomaly (domain G2)."""

    BLOCK = "block"
    HIGH = "high"
    MEDIUM = "medium"
    SIGNAL = "signal"


SEVERITY_LABELS: dict[Severity, Text] = {
    Severity.BLOCK: Text("阻断", "Blocks decision"),
    Severity.HIGH: Text("高", "High"),
    Severity.MEDIUM: Text("中", "Medium"),
    Severity.SIGNAL: Text("线索", "Signal"),
}


class AnomalyStatus(StrEnum):
    OPEN = "open"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


ANOMALY_STATUS_LABELS: dict[AnomalyStatus, Text] = {
    AnomalyStatus.OPEN: Text("待处理", "Open"),
    AnomalyStatus.APPEALED: Text("申辩中", "Under appeal"),
    AnomalyStatus.CONFIRMED: Text("已确认", "Confirmed"),
    AnomalyStatus.DISMISSED: Text("已排除", "Dismissed"),
}


UNRESOLVED = frozenset({AnomalyStatus.OPEN, AnomalyStatus.APPEALED})
"""Still to be disposed of."""


# Rules that raise anomalies (domain G1, G2), by code.
ANOMALY_RULES: dict[str, Text] = {
    "R1": Text("比对月份无缴费记录", "No payment in the months compared"),
    "R2": Text("缴费单位与注册单位不一致", "Paid by another employer"),
    "R3": Text("同月两个以上单位缴费", "Two or more payers in one month"),
    "R4": Text("缴费中断", "Gap in payments"),
    "R5": Text("公积金缴存单位不一致", "Housing fund paid by another employer"),
    "R6": Text("在新单位缴费月数不足", "Too few months at the new employer"),
    "D1": Text("同一类别在不同单位有有效注册", "Active at two employers, same profession"),
    "D2": Text("不同类别在不同单位有有效注册", "Active at two employers, other profession"),
    "D3": Text("同一专业有两件在办业务", "Two open cases for one specialty"),
    "D4": Text("不同人员使用同一手机号", "One telephone number, different people"),
    "D5": Text("同一证书号或印章号由两人使用", "One certificate or seal, two people"),
    "D6": Text("不同人员使用同一照片", "One photograph, different people"),
    "D7": Text("附件在不同申请人间重复使用", "One attachment, different applicants"),
    "D8": Text("姓名相近、出生日期相同、证件号不同", "Like name, same birth date, other ID"),
    "D9": Text("同一证件号、不同姓名", "Same ID number, different names"),
    "D10": Text("经办人或转入异常集中", "Unusual cluster of handler or moves"),
    "D11": Text("签名图像重复使用", "Signature image used again"),
}
