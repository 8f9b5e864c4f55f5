"""Which stories are told how often, and what people write in them."""

from __future__ import annotations

# Stories and how often they are told, in per mille; those that do not fit a case become "straight".
STORIES: dict[str, int] = {
    "straight": 712,
    "correction": 105,
    "correction_with_withdrawal_lapsed": 4,
    "further_correction": 4,
    "correction_lapsed": 15,
    "refused": 16,
    "rejected": 38,
    "returned": 18,
    "returned_and_discarded": 5,
    "never_filed": 8,
    "withdrawn": 9,
    "withdrawn_with_consent": 11,
    "withdrawal_refused": 7,
    "withdrawal_overtaken": 3,
    "terminated": 7,
    "accepted_by_lapse": 14,
    "sent_back_by_second_look": 12,
    "sent_back_by_decider": 6,
    "objection_overruled": 2,
    "objection_rejected": 2,
    "objection_reopened": 2,
}

NOTES = {
    "material_missing": "申请材料少一页，请补齐后重新上传。",
    "material_unfit": "图片模糊，关键内容无法辨认，请重新扫描上传。",
    "image_unfit": "照片背景不是白色，请更换一寸白底免冠照。",
    "data_mismatch": "填报的毕业时间与证件不一致，请核对后更正。",
    "employment_unproved": "未见近两个月由聘用单位缴纳社会保险的记录，请补充缴纳证明。",
    "leaving_unproved": "解聘证明未加盖原聘用单位公章，请重新提供。",
    "ground_unproved": "所述原因缺少证明，请补充说明。",
}
RETURN_WORDS = ("聘用合同起止时间填写有误，请修改。", "资质证书号选择错误，请核对后重新上报。")
ANSWERS = ("已按要求重新上传，请审核。", "已补充提供，详见附件。", "信息已更正，与证件一致。")
BACK_WORDS = (
    "资格证书批准日期与登记不符，请再核实。",
    "社保缴费单位的核实过程未写明，请补充。",
    "检查项“继续教育”的依据请写清楚。",
)
OFFICE_NOTES = ("已电话联系单位经办人，对方确认在职。", "已与资格库核对，一致。")
TERMINATIONS = ("申请人死亡，行政许可程序终止。", "申请事项依法不再需要取得行政许可，程序终止。")
NO_OFFICE = "本省核查发现聘用单位无固定办公场所。"
ONCE_MORE = "申请人已积极补正，仅余一处，特批再补正一次。"
KEEP_IT = "单位正在办理资质延续，请勿撤回。"
OBJECTION = "收到书面异议：反映申请人同时受聘于另一单位。"
UNFOUNDED, FOUNDED = "经核查，所反映情况不属实。", "经核查属实。"
NEW_FACTS = "异议涉及新的事实，退回重审。"
