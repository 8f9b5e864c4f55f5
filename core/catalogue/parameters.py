"""Parameters: weak facts kept adjustable (domain E, F, G, H, L), with default, unit and source.

A profession or a service overrides a default in its own `parameters`. "choose" in a source marks a
decision of this product, made where manuals and law are silent.
"""

from __future__ import annotations

from core.catalogue.types import Parameter
from core.text import Text

_YEARS = Text("年", "years")
_MONTHS = Text("个月", "months")
_DAYS = Text("日", "calendar days")
_WORKING_DAYS = Text("工作日", "working days")
_HOURS = Text("学时", "hours")
_MINUTES = Text("分钟", "minutes")
_SECONDS = Text("秒", "seconds")
_AGE = Text("周岁", "years of age")
_TIMES = Text("次", "times")
_COUNT = Text("个", "items")
_OFFICERS = Text("人", "officers")
_KILOBYTES = Text("KB（千字节）", "KB")
_PERCENT = Text("%（百分比）", "%")
_BITS = Text("位", "bits")
_SWITCH = Text("开关", "on/off")


def _p(key: str, default: int | bool, unit: Text, source: str, zh: str, en: str) -> Parameter:
    """A parameter, written on few lines; `zh` and `en` are its label."""
    return Parameter(key, Text(zh, en), default, unit, source)


# fmt: off
# Tables: two lines a row.

# Eligibility and terms (domain F).
_ELIGIBILITY = (
    _p("validity_years", 3, _YEARS, "147号令",
       "注册有效期", "Term of a registration"),
    _p("renewal_window_months", 6, _MONTHS, "M4 §3.3",
       "延续注册开放期（期满前）", "Renewal opens before expiry"),
    _p("renewal_notice_days", 30, _DAYS, "行政许可法 §50",
       "延续申请应提前（期满前）", "Renewal due before expiry"),
    _p("renewal_reminder_days", 90, _DAYS, "domain L.9 (choose)",
       "首次到期提醒（期满前）", "First expiry reminder before expiry"),
    _p("renewal_last_reminder_days", 30, _DAYS, "domain L.9 (choose)",
       "末次到期提醒（期满前）", "Last expiry reminder before expiry"),
    _p("renewal_deemed_granted", True, _SWITCH, "行政许可法 §50",
       "按期申请而届满未决的，视为准予延续", "Timely renewal undecided at expiry is granted"),
    _p("change_renews_months", 0, _MONTHS, "domain F",
       "变更时剩余有效期不足该值的，可同时延续（0 为否）", "Change also renews below (0 = no)"),
    _p("reregistration_by_renewal", True, _SWITCH, "M4 §3.3",
       "注销后在原单位重新注册按延续办理", "Return to the old employer goes by renewal"),
    _p("reregistration_extends_months", 6, _MONTHS, "M4 §3.3",
       "重新注册时剩余有效期不超过该值的自动延期", "Return extends a term of at most"),
    _p("one_initial", True, _SWITCH, "M4 §3.1",
       "每个专业只能申报一次初始注册", "One initial registration per specialty, ever"),
    _p("max_specialties", 0, _COUNT, "domain C, F",
       "一人最多注册专业数（0 为不限）", "Specialties one person may hold (0 = any)"),
    _p("age_limit", 0, _AGE, "147号令; domain F",
       "年龄上限（0 为不限）", "Upper age limit (0 = none)"),
    _p("age_guard_days", 0, _DAYS, "domain F (choose)",
       "临近年龄上限停止受理（0 为否）", "Filing stops before the age limit (0 = no)"),
    _p("age_warning_days", 90, _DAYS, "domain F (choose)",
       "临近年龄上限提示", "Warning before the age limit"),
    _p("term_ends_at_age_limit", False, _SWITCH, "domain F (unofficial)",
       "有效期不得超过年龄上限之日", "Term may not pass the age limit"),
    _p("first_registration_years", 3, _YEARS, "147号令; domain F",
       "取得资格后免继续教育首次注册期限", "First registration without extra study within"),
    _p("education_hours", 120, _HOURS, "domain F",
       "每个有效期继续教育学时", "Continuing education per term"),
    _p("education_compulsory_hours", 60, _HOURS, "domain F",
       "其中必修学时", "Of which compulsory"),
    _p("education_by_promise", True, _SWITCH, "M0; domain F",
       "继续教育以承诺代替证明", "Continuing education is shown by promise"),
    _p("criminal_bar_years", 2, _YEARS, "M1, M4",
       "刑事处罚执行完毕后不予注册期限", "Bar after a criminal penalty is served"),
    _p("criminal_bar_any", False, _SWITCH, "注册建筑师条例 §13",
       "任何刑事处罚均适用（否则限执业相关）", "Any criminal penalty bars, work-related or not"),
    _p("disciplinary_bar_years", 0, _YEARS, "注册建筑师条例 §13",
       "因过错受行政处罚后不予注册期限（0 为无）", "Bar after a penalty for faults (0 = none)"),
    _p("revocation_bar_years", 0, _YEARS, "M0; 注册建筑师条例 §13",
       "被吊销证书后不予注册期限（0 为无）", "Bar after revocation of a certificate (0 = none)"),
    _p("recent_work_years", 0, _YEARS, "domain F",
       "初始注册须有的近期执业年限（0 为无）", "Recent work needed for initial (0 = none)"),
    _p("recent_work_window_years", 3, _YEARS, "domain F",
       "近期执业年限的计算范围", "Span in which recent work counts"),
    _p("false_material_bar_years", 1, _YEARS, "行政许可法 §78",
       "提供虚假材料后不得再申请期限", "Bar after false material"),
    _p("fraud_bar_years", 3, _YEARS, "行政许可法 §69, §79",
       "以欺骗手段取得被撤销后不得再申请期限", "Bar after a registration got by fraud"),
)

# Filing, correction and withdrawal (domain E).
_FILING = (
    _p("promise_lock_seconds", 60, _SECONDS, "M4 §3.1",
       "承诺书最短阅读时间", "Shortest reading time of the promise"),
    _p("employer_report_days", 10, _WORKING_DAYS, "choose",
       "企业上报期限（仅提醒）", "Employer's time to report (reminder only)"),
    _p("correction_days", 15, _WORKING_DAYS, "domain E (choose)",
       "申请人补正期限", "Applicant's time to correct"),
    _p("correction_reminder_days", 10, _WORKING_DAYS, "domain E (choose)",
       "补正提醒（发出通知后）", "Correction reminder after the notice"),
    _p("correction_rounds", 1, _TIMES, "行政许可法 §32; domain E (choose)",
       "补正告知次数上限", "Rounds of correction"),
    _p("correction_image_min_kilobytes", 200, _KILOBYTES, "M4 §3.1.3",
       "补正图片下限", "Smallest correction picture"),
    _p("correction_image_max_kilobytes", 500, _KILOBYTES, "M4 §3.1.3",
       "补正图片上限", "Largest correction picture"),
    _p("withdrawal_answer_days", 5, _WORKING_DAYS, "domain E (choose)",
       "企业答复撤回期限", "Employer's time to answer a withdrawal"),
    _p("forced_hearing_days", 10, _WORKING_DAYS, "行政许可法 §36; domain L.4 (choose)",
       "强制注销听取企业意见期限", "Employer's time to be heard on forced cancellation"),
    _p("photo_white_percent", 80, _PERCENT, "domain L.12 (choose)",
       "照片背景白色像素下限（仅提示）", "White share of a photo's background (warning only)"),
)

# Anomalies and appeals (domain G).
_ANOMALIES = (
    _p("insurance_months", 2, _MONTHS, "domain G1",
       "社保比对月数（申报前）", "Insurance months compared before filing"),
    _p("insurance_gap_months", 0, _MONTHS, "domain G1 R4 (choose)",
       "允许断缴月数", "Missing insurance months tolerated"),
    _p("insurance_new_employer_months", 1, _MONTHS, "domain G1 R6 (choose)",
       "新单位最少缴费月数", "Fewest insurance months at a new employer"),
    _p("insurance_fund_compared", True, _SWITCH, "domain G1 R5",
       "比对住房公积金单位（仅提示）", "Housing-fund payer is compared (warning only)"),
    _p("image_distance_bits", 6, _BITS, "domain G2 D6, D7, D11 (choose)",
       "图像相似判定的最大差异", "Largest difference of similar pictures"),
    _p("handler_phone_employers", 3, _COUNT, "domain G2 D10 (choose)",
       "同一经办人手机号涉及单位数预警", "Employers sharing a handler's phone, from"),
    _p("move_burst_persons", 10, _COUNT, "domain G2 D10 (choose)",
       "短期集中转入人数预警", "Moves into one employer, from"),
    _p("move_burst_days", 90, _DAYS, "domain G2 D10, I.10 (choose)",
       "短期集中转入统计期", "Span in which moves are counted"),
    _p("appeal_days", 10, _WORKING_DAYS, "domain G3 (choose)",
       "申辩期限", "Time to appeal"),
    _p("appeal_supplements", 1, _TIMES, "domain G3 (choose)",
       "申辩补充材料次数", "Supplements to an appeal"),
)

# Clocks and procedure (domain H); the start day is not counted.
_PROCEDURE = (
    _p("acceptance_days", 5, _WORKING_DAYS, "行政许可法 §32",
       "受理期限", "Acceptance"),
    _p("automatic_acceptance", True, _SWITCH, "行政许可法 §32",
       "逾期未告知视为受理", "Silence counts as acceptance"),
    _p("province_stage", False, _SWITCH, "domain L.1 (choose)",
       "设省级审核环节", "Provincial opinion is asked"),
    _p("province_days", 20, _WORKING_DAYS, "147号令",
       "省级审核期限", "Provincial opinion"),
    _p("decision_days", 20, _WORKING_DAYS, "行政许可法 §42",
       "审批期限", "Decision"),
    _p("decision_days_after_province", 0, _WORKING_DAYS, "注册建筑师条例实施细则",
       "经省级审核的审批期限（0 为相同）", "Decision after a provincial opinion (0 = the same)"),
    _p("extension_days", 10, _WORKING_DAYS, "行政许可法 §42",
       "延期天数", "Extension"),
    _p("extension_rounds", 1, _TIMES, "行政许可法 §42",
       "延期次数上限", "Extensions allowed"),
    _p("joint_decision_days", 45, _WORKING_DAYS, "行政许可法 §42",
       "联合办理审批期限", "Decision with other ministries"),
    _p("joint_extension_days", 15, _WORKING_DAYS, "行政许可法 §42",
       "联合办理延期天数", "Extension with other ministries"),
    _p("joint_opinion_days", 10, _WORKING_DAYS, "domain H",
       "其他部门意见期限", "Another ministry's opinion"),
    _p("verification_officers", 2, _OFFICERS, "行政许可法 §34",
       "实质核实最少人数", "Fewest officers who verify facts"),
    _p("hearing_request_days", 5, _WORKING_DAYS, "行政许可法 §47",
       "申请听证期限", "Time to ask for a hearing"),
    _p("hearing_days", 20, _WORKING_DAYS, "行政许可法 §47",
       "组织听证期限", "Hearing held within"),
    _p("hearing_notice_days", 7, _WORKING_DAYS, "行政许可法 §48",
       "听证提前通知", "Notice before a hearing"),
    _p("publicity_days", 0, _WORKING_DAYS, "domain H, L.6",
       "公示期（0 为不公示）", "Publicity (0 = none)"),
    _p("announcement_days", 10, _WORKING_DAYS, "147号令",
       "公告期限", "Announcement"),
    _p("automatic_announcement", True, _SWITCH, "choose",
       "审批通过后即时公告并编号", "Announcement and number follow approval at once"),
    _p("delivery_days", 10, _WORKING_DAYS, "行政许可法 §44",
       "制证送达期限", "Certificate delivery"),
    _p("refusal_notice_days", 0, _DAYS, "注册建筑师条例 §14",
       "不予注册通知期限（0 为无）", "Notice of rejection (0 = none)"),
    _p("reconsideration_days", 60, _DAYS, "行政复议法 §20",
       "行政复议申请期限", "Time for administrative reconsideration"),
    _p("litigation_months", 6, _MONTHS, "domain H",
       "行政诉讼起诉期限", "Time to sue"),
    _p("certificate_use_days", 0, _DAYS, "domain H",
       "电子证照每次下载使用期（0 为不限）", "Use period of a certificate download (0 = none)"),
    _p("due_soon_days", 2, _WORKING_DAYS, "domain I.2",
       "临期提示", "Due soon within"),
    _p("lease_minutes", 120, _MINUTES, "choose",
       "领件占用时长", "A taken case is held for"),
)

# fmt: on

PARAMETERS: dict[str, Parameter] = {
    parameter.key: parameter for parameter in (*_ELIGIBILITY, *_FILING, *_ANOMALIES, *_PROCEDURE)
}
