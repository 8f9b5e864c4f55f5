"""Coded grounds for correcting, refusing and rejecting, each with what it rests on.

Article numbers stand only where domain.md gives them; otherwise the regulation is named. A ground
that rests on a different regulation in each profession exists once for each, as
`criminal_supervision` does.
"""

from __future__ import annotations

from core.catalogue.professions import PROFESSIONS
from core.catalogue.regulations import ARCHITECT_13, order_147
from core.catalogue.types import Reason
from core.text import Text


def _licensing(zh: str, en: str) -> Text:
    """Articles of 行政许可法, written the way each language counts them."""
    return Text(f"《中华人民共和国行政许可法》{zh}", f"Administrative Licensing Law, {en}")


_RECEIPT = _licensing("第三十二条", "Article 32")
_EXAMINATION = _licensing("第三十四条", "Article 34")
_HEARD = _licensing("第三十六条", "Article 36")
_GRANT = _licensing("第三十八条", "Article 38")
_RENEWAL = _licensing("第五十条", "Article 50")
_FALSE = _licensing("第七十八条", "Article 78")
_BARRED = _licensing("第七十八条、第七十九条", "Articles 78 and 79")

CORRECTION_LAPSED = "correction_lapsed"
STILL_DEFICIENT = "still_deficient"
CORRECTION_FAILED = (CORRECTION_LAPSED, STILL_DEFICIENT)
"""The grounds of 不予受理 that stand on no checklist: the procedure itself knows them (M.6)."""

FORMER = Reason(
    "correction_failed",
    Text("逾期未补正或补正后仍不符合要求", "Not corrected in time, or still not in order"),
    _RECEIPT,
    refuses=True,
)
"""What decisions of earlier versions cite for either of them."""

# Put right by the applicant, or fatal at the window.
_FORM = (
    Reason(
        "material_missing",
        Text("申请材料不齐全", "Material is missing"),
        _RECEIPT,
        corrects=True,
    ),
    Reason(
        "material_unfit",
        Text("申请材料不清晰或不符合法定形式", "Material is illegible or not in the required form"),
        _RECEIPT,
        corrects=True,
    ),
    Reason(
        "image_unfit",
        Text("照片或签名不符合要求", "Photo or signature does not meet the requirements"),
        _RECEIPT,
        corrects=True,
    ),
    Reason(
        "data_mismatch",
        Text("填报信息与证件或登记信息不一致", "Data differ from the document or the register"),
        _EXAMINATION,
        corrects=True,
        rejects=True,
    ),
    Reason(
        "employer_unfit",
        Text(
            "聘用单位信息有误或不具备注册单位条件", "Employer's data are wrong or it may not employ"
        ),
        _GRANT,
        corrects=True,
        rejects=True,
    ),
    Reason(
        "employment_unproved",
        Text("劳动关系或社会保险缴纳情况未能证明", "Employment or social insurance is not shown"),
        _EXAMINATION,
        corrects=True,
        rejects=True,
    ),
    Reason(
        "leaving_unproved",
        Text("未能证明已与原聘用单位解除聘用关系", "Leaving the former employer is not shown"),
        _EXAMINATION,
        corrects=True,
        rejects=True,
    ),
    Reason(
        "ground_unproved",
        Text("注销或补办的原因未能证明", "Ground for cancellation or replacement is not shown"),
        _EXAMINATION,
        corrects=True,
        rejects=True,
    ),
    Reason(
        CORRECTION_LAPSED,
        Text("逾期未补正", "Not corrected in time"),
        _RECEIPT,
        refuses=True,
    ),
    Reason(
        STILL_DEFICIENT,
        Text("补正后仍不符合要求", "Still not in order after correction"),
        _RECEIPT,
        refuses=True,
    ),
    Reason(
        "not_competent",
        Text("不属于本机关职权范围", "Outside this authority's remit"),
        _RECEIPT,
        refuses=True,
    ),
    Reason(
        "no_permit_needed",
        Text("申请事项依法不需要取得行政许可", "The matter needs no licence by law"),
        _RECEIPT,
        refuses=True,
    ),
    Reason(
        "specialty_closed",
        Text("所选专业未开放注册", "The specialty is not open for registration"),
        _GRANT,
        rejects=True,
    ),
    Reason(
        "already_filed",
        Text(
            "同一专业已有在办业务或者已经注册",
            "The specialty has an open case or is registered already",
        ),
        _GRANT,
        rejects=True,
    ),
    Reason(
        "renewal_window",
        Text("不在延续注册申报期内", "Outside the period in which renewal may be filed"),
        _RENEWAL,
        rejects=True,
    ),
    Reason(
        "same_employer",
        Text("原聘用单位与现聘用单位相同", "Former and new employer are the same"),
        _GRANT,
        rejects=True,
    ),
    Reason(
        "registration_unfit",
        Text("没有可供办理的有效注册", "No registration on which this case could act"),
        _GRANT,
        rejects=True,
    ),
    Reason(
        "false_material",
        Text("隐瞒有关情况或者提供虚假材料", "Facts concealed or false material supplied"),
        _FALSE,
        refuses=True,
        rejects=True,
    ),
    Reason(
        "application_barred",
        Text("尚在不得再次申请的期限内", "Still barred from applying again"),
        _BARRED,
        refuses=True,
        rejects=True,
    ),
    Reason(
        "party_unheard",
        Text("利害关系人意见尚未听取或争议未决", "An affected party is unheard or in dispute"),
        _HEARD,
        rejects=True,
    ),
)


def _by_profession(key: str, zh: str, en: str) -> tuple[Reason, ...]:
    """The same ground for rejecting, once for each profession with the article it rests on."""
    return tuple(
        Reason(
            f"{key}_{profession.key}",
            Text(zh, en),
            profession.articles.get(key, profession.regulation),
            rejects=True,
        )
        for profession in PROFESSIONS.values()
    )


_SUBSTANCE = (
    *_by_profession(
        "qualification",
        "未依法取得相应专业执业资格",
        "The qualification for the specialty is not held",
    ),
    *_by_profession("education", "未达到继续教育要求", "Continuing education is not completed"),
    *_by_profession(
        "two_employers", "受聘于两个或者两个以上单位", "Employed by two or more employers"
    ),
    *_by_profession(
        "criminal", "受刑事处罚且未满不予注册期限", "Criminal penalty, and the bar has not run out"
    ),
    *_by_profession("incapacity", "不具有完全民事行为能力", "Lacks full legal capacity"),
    *_by_profession(
        "other_bar", "法律、法规规定不予注册的其他情形", "Another bar laid down by law"
    ),
    Reason("over_age", Text("年龄超过65周岁", "Over 65"), order_147("六"), rejects=True),
    Reason(
        "false_title_certificate",
        Text(
            "以虚假的职称证书参加考试并取得资格证书",
            "The qualification was got with a false certificate of professional title",
        ),
        order_147("五"),
        rejects=True,
    ),
    Reason(
        "penalised_architect",
        Text(
            "受行政处罚或被吊销证书且未满不予注册期限",
            "Penalty or revocation, and the bar has not run out",
        ),
        ARCHITECT_13,
        rejects=True,
    ),
)

REASONS: dict[str, Reason] = {reason.key: reason for reason in (*_FORM, *_SUBSTANCE)}
