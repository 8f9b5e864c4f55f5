"""Fields of applications, with the labels of the two applicant systems (domain D).

监理 follows M0, M2 and M3; architects and survey-design engineers share the labels of M4. The
specialties of a filing are not fields: the case carries them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from core.catalogue.types import Field, Kind, Option, Source, Subject
from core.text import Text
from core.vocabulary.people import SEX_LABELS

_AUTO = Source.AUTO
_CHOSEN = Source.CHOSEN
_PERSON = Subject.PERSON
_EMPLOYER = Subject.EMPLOYER
_REGISTRATION = Subject.REGISTRATION
_REQUEST = Subject.REQUEST


def _options(*items: tuple[str, str, str]) -> tuple[Option, ...]:
    """Options from (key, Chinese, English)."""
    return tuple(Option(key, Text(zh, en)) for key, zh, en in items)


def _auto(
    subject: Subject,
    key: str,
    zh: str,
    en: str,
    kind: Kind = Kind.TEXT,
    register: str | None = None,
    max_length: int = 100,
    source: Source = Source.AUTO,
) -> Field:
    """A value the system fills in (自动提取), unless `source` says otherwise."""
    return Field(key, Text(zh, en), subject, source, kind, register=register, max_length=max_length)


_given = partial(_auto, source=Source.ENTERED)


def _relabel(field: Field, zh: str, en: str) -> Field:
    """The same value under the label another channel uses."""
    return replace(field, label=Text(zh, en))


def _from_register(field: Field) -> Field:
    """The same value, taken from the register because this service cannot alter it."""
    return replace(field, source=_AUTO)


# --- person -------------------------------------------------------------------------------------
_NAME = _auto(_PERSON, "name", "姓名", "Name", Kind.NAME, "name", 60)
_SEX = replace(
    _auto(_PERSON, "sex", "性别", "Sex", Kind.OPTION, register="sex"),
    options=tuple(Option(sex.value, label) for sex, label in SEX_LABELS.items()),
)
# Manuals show only 身份证; the other three are held by 互认 applicants.
_ID_TYPE = replace(
    _auto(_PERSON, "id_type", "证件类型", "Document type", Kind.OPTION),
    options=_options(
        ("resident_id", "身份证", "Resident identity card"),
        ("passport", "护照", "Passport"),
        ("hk_macao_permit", "港澳居民来往内地通行证", "Mainland travel permit (Hong Kong, Macao)"),
        ("taiwan_permit", "台湾居民来往大陆通行证", "Mainland travel permit (Taiwan)"),
    ),
)
_ID_NUMBER = _auto(
    _PERSON, "id_number", "证件号码", "Document number", Kind.ID_NUMBER, "id_number", 30
)
_BORN_ON = _auto(_PERSON, "born_on", "出生日期", "Date of birth", Kind.DATE, "born_on")
_PHONE = _auto(_PERSON, "phone", "手机号码", "Mobile phone", Kind.PHONE, "phone")
_ETHNICITY = _given(_PERSON, "ethnicity", "民族", "Ethnicity", register="ethnicity", max_length=20)
_SCHOOL = _given(_PERSON, "school", "毕业院校", "School", register="school")
_MAJOR = _given(_PERSON, "major", "所学专业", "Major", register="major")
_EDUCATION = _given(_PERSON, "education", "学历", "Education", register="education", max_length=20)
_DEGREE = replace(
    _given(_PERSON, "degree", "学位", "Degree", register="degree", max_length=20), required=False
)
_GRADUATED_ON = _given(
    _PERSON, "graduated_on", "毕业时间", "Graduated on", Kind.DATE, "graduated_on"
)
_TITLE = _given(
    _PERSON, "title", "现任专业技术职务", "Professional title", register="title", max_length=40
)
_TITLE_SINCE = _given(_PERSON, "title_since", "任职时间", "Title held since", Kind.MONTH)
_WORK_YEARS = replace(
    _given(_PERSON, "work_years", "专业工作年限", "Years of professional work", Kind.NUMBER),
    highest=80,
)

_IDENTITY_SUPERVISION = (_NAME, _SEX, _ID_TYPE, _ID_NUMBER, _BORN_ON, _PHONE)
_PERSON_SUPERVISION = (
    *_IDENTITY_SUPERVISION,
    _ETHNICITY,
    _SCHOOL,
    _MAJOR,
    _EDUCATION,
    _DEGREE,
    _GRADUATED_ON,
)
_IDENTITY_PORTAL = (
    _relabel(_NAME, "申请人姓名", "Applicant's name"),
    _SEX,
    _ID_TYPE,
    _relabel(_ID_NUMBER, "身份证件号", "Identity document number"),
    _BORN_ON,
    _relabel(_PHONE, "本人手机号", "Own mobile phone"),
)
_PERSON_PORTAL = (
    *_IDENTITY_PORTAL,
    _SCHOOL,
    _relabel(_MAJOR, "专业", "Major"),
    _EDUCATION,
    _DEGREE,
    replace(_GRADUATED_ON, kind=Kind.MONTH),
    _TITLE,
    _TITLE_SINCE,
    _WORK_YEARS,
)

# --- employer -----------------------------------------------------------------------------------
_EMPLOYER_NAME = _auto(
    _EMPLOYER, "employer_name", "单位名称", "Employer", Kind.NAME, "employer_name", source=_CHOSEN
)
_CREDIT_CODE = _auto(
    _EMPLOYER,
    "credit_code",
    "统一社会信用代码",
    "Unified social credit code",
    Kind.CREDIT_CODE,
    "credit_code",
    18,
)
_LEGAL_REP = _auto(
    _EMPLOYER, "legal_rep", "法定代表人", "Legal representative", Kind.NAME, "legal_rep"
)
_EMPLOYER_PROVINCE = _auto(
    _EMPLOYER, "employer_province", "工商注册省份", "Province of registration"
)
_EMPLOYER_CITY = _auto(_EMPLOYER, "employer_city", "工商注册市区", "City of registration")
_EMPLOYER_ADDRESS = _auto(_EMPLOYER, "employer_address", "详细地址", "Address", max_length=200)
_INDUSTRY = Field("industry", Text("所属行业", "Industry"), _EMPLOYER, _CHOSEN, Kind.OPTION)
_QUALIFICATION_NUMBER = Field(
    "qualification_number",
    Text("企业资质证书号", "Employer's qualification certificate number"),
    _EMPLOYER,
    _CHOSEN,
    register="qualification_number",
    max_length=40,
)
_HANDLER_PHONE = _given(
    _EMPLOYER, "handler_phone", "经办人手机号", "Handler's mobile phone", Kind.PHONE
)
_EMPLOYED_FROM = _given(_EMPLOYER, "employed_from", "聘用开始时间", "Employed from", Kind.DATE)
# Empty means 无固定期限 (M4 §2.2).
_EMPLOYED_UNTIL = replace(
    _given(_EMPLOYER, "employed_until", "聘用结束时间", "Employed until", Kind.DATE), required=False
)

_EMPLOYER_SUPERVISION = (
    _EMPLOYER_NAME,
    _CREDIT_CODE,
    _LEGAL_REP,
    _EMPLOYER_PROVINCE,
    _EMPLOYER_CITY,
    _EMPLOYER_ADDRESS,
)
# Kinds of employer that may hold these engineers (domain F); the first is M4's own wording.
SURVEY_DESIGN_INDUSTRIES = _options(
    ("survey_design", "勘察设计行业", "Survey and design"),
    ("construction", "施工", "Construction"),
    ("supervision", "监理", "Supervision"),
    ("bidding", "招标代理", "Bidding agency"),
    ("cost", "造价咨询", "Cost consulting"),
)
ARCHITECT_INDUSTRIES = SURVEY_DESIGN_INDUSTRIES + _options(
    ("drawing_review", "施工图审查", "Drawing review"),
    ("planning", "城乡规划编制", "Urban and rural planning"),
)

# --- registration -------------------------------------------------------------------------------
_NUMBER = _auto(
    _REGISTRATION, "registration_number", "注册号", "Registration number", register="number"
)
_SEAL_NUMBER = _auto(
    _REGISTRATION,
    "seal_number",
    "原执业印章号",
    "Present practice seal number",
    register="seal_number",
)
_VALID_TO = _auto(
    _REGISTRATION, "valid_to", "注册有效期", "Registered until", Kind.DATE, "valid_to"
)
_FORMER_VALID_TO = _relabel(_VALID_TO, "原注册有效期", "Registered until (present term)")
_FORMER_EMPLOYER = _auto(
    _REGISTRATION,
    "former_employer_name",
    "原聘用单位名称",
    "Former employer",
    Kind.NAME,
    "employer_name",
)


# --- request ------------------------------------------------------------------------------------
def _chosen(key: str, zh: str, en: str, kind: Kind, *options: tuple[str, str, str]) -> Field:
    """A value of the request picked from a list (选择)."""
    return Field(key, Text(zh, en), _REQUEST, _CHOSEN, kind, options=_options(*options))


_QUALIFICATION = (
    _given(
        _REQUEST,
        "qualification_certificate",
        "资格证书管理号",
        "Qualification certificate control number",
        max_length=40,
    ),
    _given(
        _REQUEST,
        "qualification_approved_on",
        "资格证书批准日期",
        "Qualification approved on",
        Kind.DATE,
    ),
)
_QUALIFICATION_WAY = _chosen(
    "qualification_way",
    "获取执业资格方式",
    "How the qualification was obtained",
    Kind.OPTION,
    ("examination", "考试", "Examination"),
    ("special_permission", "特许", "Special permission"),
    ("assessment", "考核认定", "Assessment"),
    ("mutual_recognition", "互认", "Mutual recognition"),
)
_CHANGE_KIND = _chosen(
    "change_kind",
    "变更业务",
    "What is changed",
    Kind.OPTIONS,
    ("employer", "单位变更", "Employer"),
    ("specialty", "专业变更", "Specialty"),
)
_LOST = ("lost", "遗失", "Lost")
_DAMAGED = ("damaged", "污损", "Damaged")
_OTHER = ("other", "其他", "Other")
_REPLACEMENT_REASON = _chosen(
    "replacement_reason",
    "补办原因",
    "Reason for replacement",
    Kind.OPTION,
    _LOST,
    _DAMAGED,
    _OTHER,
)
_CHANGE_OR_REPLACEMENT_REASON = _chosen(
    "replacement_reason",
    "更改/补办原因",
    "Reason for alteration or replacement",
    Kind.OPTION,
    _LOST,
    _DAMAGED,
    ("employer_renamed", "企业名称变更", "Employer renamed"),
    ("qualification_renumbered", "企业资质证书号变更", "Employer's certificate renumbered"),
    ("identity_changed", "姓名或证件信息变更", "Name or identity document changed"),
    _OTHER,
)
_REPLACEMENT_REQUEST = _chosen(
    "replacement_request",
    "更改/补办要求",
    "What is requested",
    Kind.OPTIONS,
    ("new_seal", "更改执业印章号", "New practice seal number"),
    ("new_certificate", "补办注册执业证书", "New registration certificate"),
)
# 137号令; 监理 adds the age limit of 147号令 (domain D2).
_CANCELLATION_REASONS = (
    ("employer_bankrupt", "聘用单位破产", "Employer bankrupt"),
    ("employer_licence_revoked", "聘用单位被吊销营业执照", "Employer's business licence revoked"),
    ("employer_unqualified", "聘用单位被吊销或者撤回资质证书", "Employer's qualification revoked"),
    ("employment_ended", "已与聘用单位解除劳动关系", "Employment ended"),
    ("expired", "注册有效期满且未延续注册", "Term expired without renewal"),
    ("death_or_incapacity", "死亡或者丧失行为能力", "Death or incapacity"),
    ("own_request", "本人申请注销", "Own request"),
    ("registration_annulled", "注册被依法撤销", "Registration annulled"),
    ("certificate_revoked", "注册证书被依法吊销", "Certificate revoked as a penalty"),
    ("criminal_penalty", "受到刑事处罚", "Criminal penalty"),
)


def _cancellation_reason(*more: tuple[str, str, str]) -> Field:
    """注销原因 with the common list, `more` grounds of one profession, and 其他."""
    reasons = (*_CANCELLATION_REASONS, *more, _OTHER)
    return _chosen(
        "cancellation_reason", "注销原因", "Reason for cancellation", Kind.OPTION, *reasons
    )


_FORCED = _chosen("forced", "是否强制注销", "Forced cancellation", Kind.YES_NO)
_STATEMENT = Field(
    "statement",
    Text("情况说明", "Explanation"),
    _REQUEST,
    kind=Kind.LONG_TEXT,
    required=False,
    max_length=1000,
)

# Employer data that a service shows but cannot alter.
_FIXED_EMPLOYER_SUPERVISION = tuple(_from_register(item) for item in _EMPLOYER_SUPERVISION)

# 监理 has no known seal number (domain C), so none is asked for.
SUPERVISION_FIELDS: dict[str, tuple[Field, ...]] = {
    # M2's form names no qualification data; given, they feed the check of the three-year limit.
    "initial": (
        *_PERSON_SUPERVISION,
        *_EMPLOYER_SUPERVISION,
        *(replace(item, required=False) for item in _QUALIFICATION),
    ),
    "change": (
        *_PERSON_SUPERVISION,
        *_EMPLOYER_SUPERVISION,
        _NUMBER,
        _FORMER_EMPLOYER,
        _FORMER_VALID_TO,
        _CHANGE_KIND,
    ),
    "renewal": (*_PERSON_SUPERVISION, *_FIXED_EMPLOYER_SUPERVISION, _NUMBER, _VALID_TO),
    "replacement": (
        *_PERSON_SUPERVISION,
        *_FIXED_EMPLOYER_SUPERVISION,
        _NUMBER,
        _VALID_TO,
        _REPLACEMENT_REASON,
        _STATEMENT,
    ),
    "cancellation": (
        *_IDENTITY_SUPERVISION,
        _ETHNICITY,
        _from_register(_EMPLOYER_NAME),
        _CREDIT_CODE,
        _NUMBER,
        _VALID_TO,
        _cancellation_reason(("over_age", "年龄超过65周岁", "Over 65")),
        _FORCED,
        _STATEMENT,
    ),
}


def portal_fields(industries: tuple[Option, ...]) -> dict[str, tuple[Field, ...]]:
    """Fields by business type in the registration system of M4; `industries` fill 所属行业."""
    named = _relabel(_EMPLOYER_NAME, "企业名称", "Employer")
    facts = (_CREDIT_CODE, replace(_INDUSTRY, options=industries), _QUALIFICATION_NUMBER)
    contract = (_HANDLER_PHONE, _EMPLOYED_FROM, _EMPLOYED_UNTIL)
    fixed = tuple(_from_register(item) for item in (named, *facts))
    registered = (_NUMBER, _SEAL_NUMBER, _VALID_TO)
    return {
        "initial": (*_PERSON_PORTAL, named, *facts, *contract, *_QUALIFICATION, _QUALIFICATION_WAY),
        "change": (
            *_PERSON_PORTAL,
            _relabel(_EMPLOYER_NAME, "现聘用单位名称", "New employer"),
            *facts,
            *contract,
            _NUMBER,
            _FORMER_EMPLOYER,
            _SEAL_NUMBER,
            _FORMER_VALID_TO,
        ),
        "renewal": (*_PERSON_PORTAL, *fixed, *contract, *registered),
        "replacement": (
            *_IDENTITY_PORTAL,
            *fixed,
            *registered,
            _CHANGE_OR_REPLACEMENT_REASON,
            _REPLACEMENT_REQUEST,
            _STATEMENT,
        ),
        "cancellation": (
            *_IDENTITY_PORTAL,
            _from_register(named),
            _CREDIT_CODE,
            _NUMBER,
            _relabel(_SEAL_NUMBER, "执业印章号", "Practice seal number"),
            _VALID_TO,
            _cancellation_reason(),
            _FORCED,
            _STATEMENT,
        ),
    }
