"""Notices read and ticked before filing: 注册须知, 审批条件 and 注销须知 (M1, M3, M4, domain K)."""

from __future__ import annotations

from core.catalogue.types import Notice
from core.text import Text

SUPERVISION_NOTICE = Notice(
    title=Text("注册须知", "Before you register"),
    intro=Text(
        "申请人有下列情形之一的，不予注册，请逐条确认",
        "Registration is refused in each of the following cases; please confirm them one by one",
    ),
    items=(
        Text("不具有完全民事行为能力的", "The applicant lacks full legal capacity"),
        Text(
            "刑事处罚尚未执行完毕或者因从事工程监理或者相关业务受到刑事处罚，"
            "自刑事处罚执行完毕之日起至申请注册之日止不满2年的",
            "A criminal penalty is still to be served, or one for supervision or related work was "
            "served less than 2 years before the application",
        ),
        Text(
            "未达到监理工程师继续教育要求的",
            "The continuing education of supervision engineers is not completed",
        ),
        Text(
            "在两个或者两个以上单位申请注册的",
            "Registration is applied for at two or more employers",
        ),
        Text("年龄超过65周岁的", "The applicant is over 65"),
        Text(
            "法律、法规规定不予注册的其他情形",
            "Any other case in which law or regulation refuses registration",
        ),
    ),
    tick_all=Text(
        "全选 本人已认真阅读以上条款，不存在以上情形",
        "Select all: I have read the above carefully and none of it applies to me",
    ),
)

_CANCELLATION_TITLE = Text("注销须知", "Before you cancel")
_CANCELLATION_INTRO = Text(
    "请先确定属于正常注销还是强制注销",
    "Please decide first whether the cancellation is ordinary or forced",
)
_NORMAL = Text(
    "正常注销：与聘用单位没有争议，选明注销原因后由单位上报，不另交材料。",
    "Ordinary: there is no dispute with the employer; choose the reason and the employer reports "
    "it. No further material is needed.",
)
_ORIGINALS = Text(
    "所有材料须为原件的扫描件，由提交人对其真实性负责。",
    "All material must be scanned from originals; whoever files it answers for its truth.",
)
# The tick of 注册须知 denies the listed cases, senseless here: only its first half stays.
_CANCELLATION_TICK = Text(
    "全选 本人已认真阅读以上条款", "Select all: I have read the above carefully"
)

SUPERVISION_CANCELLATION_NOTICE = Notice(
    title=_CANCELLATION_TITLE,
    intro=_CANCELLATION_INTRO,
    items=(
        _NORMAL,
        Text(
            "强制注销：与聘用单位有纠纷的，提交劳动仲裁结果；经法院判决的，提交判决书。",
            "Forced: in a dispute with the employer, supply the labour arbitration result; after a "
            "lawsuit, the court judgment.",
        ),
        _ORIGINALS,
    ),
    tick_all=_CANCELLATION_TICK,
)

PORTAL_CANCELLATION_NOTICE = Notice(
    title=_CANCELLATION_TITLE,
    intro=_CANCELLATION_INTRO,
    items=(
        _NORMAL,
        Text(
            "强制注销：提交劳动仲裁机构或法院出具的解除劳动关系的仲裁文件或判决书；个人不配合的，"
            "聘用单位可凭同样的材料线下申请。",
            "Forced: supply the arbitration document or court judgment that ends the employment; "
            "if the person does not cooperate, the employer may file on paper with the same.",
        ),
        Text(
            "本人死亡或者丧失行为能力的，由亲属或聘用单位邮寄情况说明和医学证明，线下办理。",
            "On death or incapacity, relatives or the employer post a statement and the medical "
            "certificate, and the case is handled on paper.",
        ),
        _ORIGINALS,
    ),
    tick_all=_CANCELLATION_TICK,
)


def _conditions(employers: Text) -> Notice:
    """审批条件 of the registration system of M4, with the kinds of employer of one register."""
    return Notice(
        title=Text("审批条件", "Conditions for approval"),
        intro=Text(
            "请逐条自查，全部符合方可申报",
            "Please check each condition yourself; all must be met before you file",
        ),
        items=(
            Text(
                "依法取得相应专业执业资格证书或者互认资格证书",
                "The qualification certificate of the specialty, or one under mutual recognition, "
                "is held lawfully",
            ),
            Text(
                f"只受聘于中华人民共和国境内的一个建设工程{employers.zh}等单位",
                f"Employed by one only, within the People's Republic of China, of these: "
                f"{employers.en} firms and the like",
            ),
            Text("达到继续教育要求", "Continuing education is completed"),
        ),
        tick_all=Text(
            "全选 请务必认真阅读完审批条件，这将影响您的审批",
            "Select all: please read the conditions to the end, they affect your approval",
        ),
    )


# Kinds of employer by register: domain F.
SURVEY_DESIGN_NOTICE = _conditions(
    Text(
        "勘察、设计、施工、监理、招标代理、造价咨询",
        "survey, design, construction, supervision, bidding agency, cost consulting",
    )
)
ARCHITECT_NOTICE = _conditions(
    Text(
        "勘察、设计、施工、监理、招标代理、造价咨询、施工图审查、城乡规划编制",
        "survey, design, construction, supervision, bidding agency, cost consulting, drawing "
        "review, urban and rural planning",
    )
)
