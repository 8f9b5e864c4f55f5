"""The reviewer's checklists: shared checks, put together for each business type.

The acceptance desk answers for completeness and form, the review desk for substance. Checks of
facts that decide the case are put to both, because a case may be accepted by lapse of time
(行政许可法 §32) without anyone having looked. What the register holds against a registration is for
the review alone: 不予受理 knows no such ground (M.8). Recheck and decision read review's verdicts.
"""

from __future__ import annotations

from core.catalogue.types import ChecklistItem, Profession
from core.text import Text
from core.vocabulary.stages import Stage

_FORM = (Stage.ACCEPTANCE,)
_SUBSTANCE = (Stage.REVIEW,)
_BOTH = (Stage.ACCEPTANCE, Stage.REVIEW)

_IDENTITY = ChecklistItem(
    "identity",
    Text("身份信息", "Identity"),
    Text(
        "姓名、证件号码、性别、出生日期与证件及注册信息一致。",
        "Name, document number, sex and date of birth agree with the document and the register.",
    ),
    _BOTH,
    ("data_mismatch", "false_material"),
    rules=("id_number", "id_matches_form"),
)
_MATERIALS = ChecklistItem(
    "materials",
    Text("材料齐全清晰", "Material complete and legible"),
    Text(
        "应交材料逐件核对，图像完整、清晰，属于本人本次业务。",
        "Go through each required item: whole, legible, and of this person and this filing.",
    ),
    _FORM,
    ("material_missing", "material_unfit"),
    materials=("dismissal", "arbitration", "death_certificate", "loss_statement", "other"),
    rules=("materials",),
)
_IMAGES = ChecklistItem(
    "images",
    Text("照片与签名", "Photo and signature"),
    Text(
        "照片为本人近照、白底免冠；签名为本人姓名、白底黑字，均可用于制证。",
        "Recent bareheaded photo on white; signature of the person's own name; fit for printing.",
    ),
    _FORM,
    ("image_unfit", "material_missing"),
    materials=("photo", "signature"),
    rules=("photo", "signature"),
)
_SCOPE = ChecklistItem(
    "scope",
    Text("受理范围", "Within scope"),
    Text(
        "属于本机关职权范围，依法需要取得许可，申请人不在限制申请期内。",
        "Within this authority's remit, a licence is needed, the applicant is not barred.",
    ),
    _FORM,
    ("not_competent", "no_permit_needed", "application_barred"),
)
_SPECIALTY = ChecklistItem(
    "specialty",
    Text("申请注册专业", "Specialty applied for"),
    Text(
        "所选专业开放注册，数量不超过上限，同一专业无在办业务，也未注册。",
        "The specialty is open, the number within the limit, no open case and no registration.",
    ),
    _SUBSTANCE,
    ("specialty_closed", "already_filed"),
    rules=("specialty_open", "one_initial", "open_case"),
)
_REPEATED = ChecklistItem(
    "repeated",
    Text("重复申报", "Filed twice"),
    Text("同一专业无其他在办业务。", "No other case is open for the specialty."),
    _SUBSTANCE,
    ("already_filed",),
    rules=("open_case",),
)
_EMPLOYER = ChecklistItem(
    "employer",
    Text("聘用单位", "Employer"),
    Text(
        "单位已认证、状态正常，属于规定的注册单位类型，信用代码和资质证书号无误。",
        "Verified, in good standing, of a permitted kind; credit code and certificate are right.",
    ),
    _BOTH,
    ("employer_unfit",),
    rules=("employer_standing", "credit_code"),
)
_REGISTRATION = ChecklistItem(
    "registration",
    Text("现有注册", "Present registration"),
    Text(
        "注册号、有效期、单位与登记一致，注册状态允许办理本业务。",
        "Number, term and employer agree with the register, whose state allows this service.",
    ),
    _SUBSTANCE,
    ("registration_unfit", "data_mismatch"),
    rules=("registration_active",),
)
_LEAVING = ChecklistItem(
    "leaving",
    Text("与原单位关系", "Former employer left"),
    Text(
        "解聘证明由原聘用单位出具，日期合理；原单位与现单位不同。",
        "Proof is issued by the former employer, the date is plausible, the employers differ.",
    ),
    _BOTH,
    ("leaving_unproved", "same_employer"),
    materials=("dismissal",),
    rules=("same_employer",),
)
_WINDOW = ChecklistItem(
    "window",
    Text("延续申报期", "Renewal period"),
    Text(
        "在有效期届满前的申报期内提出；可按延续重新注册的，核对剩余有效期。",
        "Filed in the period before expiry; where renewal brings one back, look at the term left.",
    ),
    _SUBSTANCE,
    ("renewal_window",),
    rules=("renewal_window",),
)
_REPLACEMENT = ChecklistItem(
    "replacement",
    Text("补办原因", "Ground for replacement"),
    Text(
        "原因与要求相符；因单位名称、资质证书号或身份信息变更的，已有相应登记。",
        "Ground and request fit; a changed employer name, certificate or identity is on record.",
    ),
    _BOTH,
    ("ground_unproved", "data_mismatch"),
    materials=("loss_statement",),
)
_CANCELLATION = ChecklistItem(
    "cancellation",
    Text("注销原因", "Ground for cancellation"),
    Text(
        "所选原因属于法定注销情形，与登记及所附材料相符。",
        "The ground is one the law knows and agrees with the register and the material.",
    ),
    _BOTH,
    ("ground_unproved", "false_material"),
    materials=("death_certificate", "other"),
)
_FORCED = ChecklistItem(
    "forced",
    Text("强制注销依据", "Basis of forced cancellation"),
    Text(
        "仲裁裁决或判决已生效，并确认解除劳动关系；非强制注销选“不适用”。",
        "Award or judgment is final and ends the employment; N/A when the case is not forced.",
    ),
    _BOTH,
    ("ground_unproved", "material_missing", "false_material"),
    materials=("arbitration",),
    rules=("materials",),
)
_HEARD = ChecklistItem(
    "heard",
    Text("利害关系人意见", "Affected party heard"),
    Text(
        "强制或线下注销已告知聘用单位并听取意见；其他注销选“不适用”。",
        "Forced and paper filings: the employer was told and heard; N/A otherwise.",
    ),
    _SUBSTANCE,
    ("party_unheard",),
)


def _qualification(profession: Profession) -> ChecklistItem:
    return ChecklistItem(
        "qualification",
        Text("执业资格", "Qualification"),
        Text(
            "资格证书真实有效，专业相符；超过首次注册期限的，另核继续教育。",
            "The certificate is genuine and covers the specialty; later filings need extra study.",
        ),
        _SUBSTANCE,
        (f"qualification_{profession.key}", "false_material"),
        rules=("qualification",),
    )


def _employment(profession: Profession) -> ChecklistItem:
    return ChecklistItem(
        "employment",
        Text("唯一受聘与社保", "Sole employment and insurance"),
        Text(
            "只受聘于申请单位并由其缴纳社保；异常已核实或申辩已处理，未比对不等于异常。",
            "Sole employer, which pays the insurance; anomalies settled; no data is no mismatch.",
        ),
        _BOTH,
        ("employment_unproved", f"two_employers_{profession.key}"),
        materials=("insurance_proof",),
        rules=("insurance", "duplicates", "contract_term"),
    )


def _bars(profession: Profession) -> ChecklistItem:
    return ChecklistItem(
        "bars",
        Text("不予注册情形", "Bars to registration"),
        Text(
            "行为能力、年龄、刑事处罚、行政处罚及其他法定情形逐项核对。",
            "Go through capacity, age, criminal and administrative penalties and other legal bars.",
        ),
        _SUBSTANCE,
        (
            f"incapacity_{profession.key}",
            f"criminal_{profession.key}",
            *profession.bars,
            f"other_bar_{profession.key}",
            "application_barred",
        ),
        rules=("age",),
    )


def _education(profession: Profession) -> ChecklistItem:
    return ChecklistItem(
        "education",
        Text("继续教育", "Continuing education"),
        Text(
            "以承诺代替证明；有相反线索时核实学时。",
            "Shown by promise; verify the hours when there is reason to doubt it.",
        ),
        _SUBSTANCE,
        (f"education_{profession.key}", "false_material"),
    )


def checks_of(profession: Profession, business: str) -> tuple[ChecklistItem, ...]:
    """The checklist of a built-in service, in the order in which it is worked through.

    Raises KeyError for a business type without a checklist.
    """
    employment, bars = _employment(profession), _bars(profession)
    start = (_IDENTITY, _MATERIALS, _IMAGES, _SCOPE)
    changed_specialty = (_SPECIALTY,) if profession.changes_specialty else ()
    return {
        "initial": (
            *start,
            _SPECIALTY,
            _EMPLOYER,
            _qualification(profession),
            employment,
            bars,
            _education(profession),
        ),
        "change": (
            *start,
            *(changed_specialty or (_REPEATED,)),
            _EMPLOYER,
            _REGISTRATION,
            _LEAVING,
            employment,
            bars,
        ),
        "renewal": (
            *start,
            _REPEATED,
            _WINDOW,
            _EMPLOYER,
            _REGISTRATION,
            employment,
            bars,
            _education(profession),
        ),
        "replacement": (*start, _REPEATED, _EMPLOYER, _REGISTRATION, _REPLACEMENT),
        "cancellation": (
            _IDENTITY,
            _MATERIALS,
            _SCOPE,
            _REPEATED,
            _REGISTRATION,
            _CANCELLATION,
            _FORCED,
            _HEARD,
        ),
    }[business]
