"""Promises (个人承诺) of applicants, point by point (facts of M0 图10 and M4 §3.1, domain D, F).

The points are this product's own wording. 监理 has 14; architects and survey-design engineers have
15, which name their own rules and bars.
"""

from __future__ import annotations

from core.catalogue.regulations import (
    ARCHITECT_REGULATIONS,
    ARCHITECT_RULES,
    ORDER_137,
    ORDER_147,
)
from core.catalogue.types import Promise
from core.text import Text

_LICENSING = Text("《中华人民共和国行政许可法》", "Administrative Licensing Law")
_TITLE = Text("个人承诺书", "Applicant's promise")


def _opening(register: Text) -> tuple[Text, ...]:
    """System rules, account, electronic filing and real name: alike for all registers."""
    return (
        Text(
            "我已读懂本系统的使用规则，同意遵守；规则以后有修改的，我同样遵守。",
            "I have read and understood the rules of this system and will follow them, including "
            "later changes.",
        ),
        Text(
            "我知道政务服务平台账户不得出租、出借、买卖；我自行保管账户并对其使用负责。",
            "I know that my government service account must not be rented, lent, bought or sold; "
            "I keep it safe and answer for its use.",
        ),
        Text(
            f"我同意通过网络以电子方式提出{register.zh}注册申请。",
            f"I agree to file my application for registration as {register.en} electronically.",
        ),
        Text(
            "我已用真实身份登录，本次申请由我本人办理，填写的内容和上传的材料都是真实的。",
            "I signed in under my real identity, file this application myself, and everything I "
            "entered and uploaded is true.",
        ),
    )


_EMPLOYER = Text(
    "申请表所填聘用单位是我唯一的受聘单位，并且属于规定可以注册的单位。",
    "The employer named in the application is my only employer and is of a kind permitted for "
    "registration.",
)
_CONTRACT = Text(
    "我与该单位订有劳动合同或有其他有效的聘用文件，社会保险由该单位按期缴纳"
    "（退休等依法无需缴纳的除外）；受聘情况如有虚假，由我负责。",
    "I have a labour contract or other valid proof of employment with it, and it pays my social "
    "insurance on time (unless I am retired or otherwise exempt); I answer for the truth of this.",
)
_TRUTH = Text(
    "我填报的信息和提交的材料真实、合法、有效，没有隐瞒任何禁止注册或禁止从业的情况，并配合主管部门调查核实。",
    "What I filed is true, lawful and valid; I have concealed nothing that forbids registration or "
    "practice, and I will cooperate with any verification.",
)
_CAPACITY = Text(
    "我具有完全民事行为能力，以上各条都出于我的真实意愿。",
    "I have full legal capacity, and every point above states my true will.",
)


def _practice(rules: Text) -> Text:
    return Text(
        f"我遵守{rules.zh}及相关法律法规，取得注册后依法执业。",
        f"I will observe the {rules.en} and related law, and practise lawfully once registered.",
    )


def _both(first: Text, second: Text) -> Text:
    return Text(f"{first.zh}和{second.zh}", f"{first.en} and the {second.en}")


SUPERVISION_PROMISE = Promise(
    title=_TITLE,
    points=(
        *_opening(Text("监理工程师", "a supervision engineer")),
        _EMPLOYER,
        _CONTRACT,
        Text(
            "我通过职业资格考试取得监理工程师职业资格证书，报名和考试过程中没有违法违规行为。",
            "I obtained the supervision engineer's qualification by examination, without any "
            "breach of the rules on registering for or sitting it.",
        ),
        Text(
            "最近三年内，我已通过自学、面授或远程等方式完成本专业规定的继续教育。",
            "Within the last three years I completed the continuing education required in my "
            "specialty, by self-study, classroom or distance learning.",
        ),
        Text(
            "我没有尚未执行完毕的刑事处罚；因工程监理或相关业务受过刑事处罚的，"
            "自执行完毕到本次申请已满2年。",
            "I have no criminal penalty still to be served; if I was punished in connection with "
            "supervision or related work, at least 2 years have passed since it was served.",
        ),
        Text(
            "我没有尚未执行完毕的行政处罚或撤销许可决定，近2年内注册证书未被吊销。",
            "I have no administrative penalty or withdrawal of a licence still in force, and no "
            "registration certificate of mine was revoked in the last 2 years.",
        ),
        _TRUTH,
        _practice(ORDER_147),
        Text(
            "承诺不实、违背承诺、隐瞒情况、提供虚假材料或者违法执业的，我承担全部法律责任并接受惩戒，"
            "同意将有关情况记入公共信用信息平台并依法公示。",
            "For an untrue or broken promise, concealment, false material or unlawful practice I "
            "bear full legal liability, accept sanctions, and agree that it is entered in the "
            "public credit record and published as the law provides.",
        ),
        _CAPACITY,
    ),
    agree=Text("本人作出上述承诺", "I make this promise"),
    decline=Text("本人不作出上述承诺", "I do not make this promise"),
)


def _portal(register: Text, rules: Text, way: Text, criminal: Text, other: Text) -> Promise:
    """The 15 points of the registration system of M4, for one register and its rules."""
    return Promise(
        title=_TITLE,
        points=(
            *_opening(register),
            way,
            _EMPLOYER,
            _CONTRACT,
            Text(
                "我已通过自学、面授或远程等方式完成本专业规定的继续教育。",
                "I completed the continuing education required in my specialty, by self-study, "
                "classroom or distance learning.",
            ),
            criminal,
            other,
            _TRUTH,
            _practice(_both(_LICENSING, rules)),
            Text(
                "承诺不实、违背承诺、隐瞒情况、提供虚假材料或者违法执业的，我承担全部法律责任，接受主管部门惩戒。",
                "For an untrue or broken promise, concealment, false material or unlawful practice "
                "I bear full legal liability and accept sanctions.",
            ),
            Text(
                "我知道并同意：上述行为将作为失信信息记入公共信用信息平台，并依法向社会公示。",
                "I know and agree that such conduct is entered in the public credit record and "
                "published as the law provides.",
            ),
            _CAPACITY,
        ),
        # M4 writes 做出 where M0 and M2 write 作出 (domain K).
        agree=Text("本人做出上述承诺", "I make this promise"),
        decline=Text("本人不做出上述承诺", "I do not make this promise"),
    )


SURVEY_DESIGN_PROMISE = _portal(
    Text("勘察设计注册工程师", "a survey and design engineer"),
    ORDER_137,
    Text(
        "我通过考试、特许、考核认定等方式取得勘察设计注册工程师执业资格，取得过程中没有违法违规行为。",
        "I obtained the qualification of survey and design engineer by examination, special "
        "permission or assessment, without any breach of the rules.",
    ),
    Text(
        "我没有因从事勘察设计或相关业务受刑事处罚；受过的，自执行完毕到本次申请已满2年。",
        "I was not criminally punished in connection with survey, design or related work; if I "
        "was, at least 2 years have passed since the penalty was served.",
    ),
    Text(
        "我没有法律、法规规定不予注册的其他情形。",
        "No other bar to registration laid down by law applies to me.",
    ),
)

ARCHITECT_PROMISE = _portal(
    Text("一级注册建筑师", "a class 1 architect"),
    _both(ARCHITECT_REGULATIONS, ARCHITECT_RULES),
    Text(
        "我通过考试、特许、考核认定等方式取得一级注册建筑师执业资格，取得过程中没有违法违规行为。",
        "I obtained the qualification of class 1 architect by examination, special permission or "
        "assessment, without any breach of the rules.",
    ),
    Text(
        "我没有受过刑事处罚；受过的，自执行完毕到本次申请已满5年。",
        "I was never criminally punished; if I was, at least 5 years have passed since the penalty "
        "was served.",
    ),
    Text(
        "我近2年内没有因执业过错受行政处罚，近5年内注册证书未被吊销，"
        "也没有法律、法规规定不予注册的其他情形。",
        "In the last 2 years I was not punished for faults in my practice, in the last 5 years no "
        "registration certificate of mine was revoked, and no other legal bar applies to me.",
    ),
)
