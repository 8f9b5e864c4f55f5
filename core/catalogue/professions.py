"""Professions: the three registers, their specialties, numbers and progress bars (domain C, E)."""

from __future__ import annotations

from core.catalogue.regulations import (
    ARCHITECT_13,
    ARCHITECT_REGULATIONS,
    ARCHITECT_RULES_21,
    ORDER_137,
    ORDER_137_16,
    ORDER_147,
    order_147,
)
from core.catalogue.types import Profession, Specialty, TimelineNode
from core.text import Text
from core.vocabulary.statuses import Milestone

# Two-digit regions of GB/T 2260, and 66 for 新疆生产建设兵团 (domain C).
_REGION = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12])"

_MINISTRY = Text("住房和城乡建设部", "Ministry of Housing and Urban-Rural Development")
_COMMITTEE = Text(
    "全国注册建筑师管理委员会", "National Administration Board of Registered Architects"
)

_EMPLOYER_NODE = TimelineNode(Milestone.EMPLOYER, Text("企业上报", "Reported by employer"))
_PERSON_NODE = TimelineNode(Milestone.PERSON, Text("个人上报", "Filed by applicant"))
_ACCEPTANCE_NODE = TimelineNode(Milestone.ACCEPTANCE, Text("部级受理", "Ministry acceptance"))
_ANNOUNCEMENT_NODE = TimelineNode(Milestone.ANNOUNCEMENT, Text("公告", "Announcement"))


def _engineering(key: str, zh: str, en: str, *, is_open: bool = True) -> Specialty:
    """One of the 14 工程类别 of 监理, whose names all end in 工程."""
    return Specialty(key, Text(f"{zh}工程", f"{en} works"), open=is_open)


SUPERVISION = Profession(
    key="supervision",
    label=Text("注册监理工程师", "Registered supervision engineer"),
    short=Text("监理", "Supervision"),
    specialties=(
        _engineering("building", "房屋建筑", "Building"),
        _engineering("metallurgy", "冶炼", "Smelting"),
        _engineering("mining", "矿山", "Mining"),
        _engineering("petrochemical", "化工石油", "Chemical and petroleum"),
        # Exams of 2020 on leave these three to the water and transport ministries (domain L.13).
        _engineering("water", "水利水电", "Water and hydropower", is_open=False),
        _engineering("power", "电力", "Electric power"),
        _engineering("agroforestry", "农林", "Agriculture and forestry"),
        _engineering("railway", "铁路", "Railway"),
        _engineering("highway", "公路", "Highway", is_open=False),
        _engineering("waterway", "港口与航道", "Port and waterway", is_open=False),
        _engineering("aerospace", "航天航空", "Aerospace and aviation"),
        _engineering("telecom", "通信", "Telecommunications"),
        _engineering("municipal", "市政公用", "Municipal public"),
        _engineering("installation", "机电安装", "Mechanical and electrical installation"),
    ),
    max_specialties=2,
    per_specialty=False,
    number_pattern="{region}{serial}",
    serial_width=6,
    serial_scope="supervision-{region}",
    number_check=rf"{_REGION}\d{{6}}",
    seal_pattern=None,
    decided_by=_MINISTRY,
    timeline=(
        TimelineNode(Milestone.PERSON, Text("提交申请", "Application submitted")),
        _EMPLOYER_NODE,
        TimelineNode(Milestone.REVIEW, Text("部级审核", "Ministry review")),
    ),
    regulation=ORDER_147,
    articles={
        "incapacity": order_147("一"),
        "criminal": order_147("二"),
        "education": order_147("三"),
        "two_employers": order_147("四"),
        "other_bar": order_147("七"),
    },
    bars=("over_age", "false_title_certificate"),
    changes_specialty=True,
    parameters={
        "age_limit": 65,
        "education_hours": 96,
        "education_compulsory_hours": 48,
        "revocation_bar_years": 2,
        "max_specialties": 2,
        "one_initial": False,  # after 注销 a new 初始注册 is the only way back
        "reregistration_by_renewal": False,
        "promise_lock_seconds": 0,
    },
)

ARCHITECT = Profession(
    key="architect",
    label=Text("一级注册建筑师", "Class 1 registered architect"),
    short=Text("建筑师", "Architect"),
    specialties=(),
    max_specialties=0,
    per_specialty=False,
    number_pattern="{year}{region}{serial}",
    serial_width=5,
    serial_scope="architect-{year}-{region}",
    number_check=rf"\d{{2}}{_REGION}\d{{5}}",
    seal_pattern="{enterprise}-{serial:03d}",
    decided_by=_COMMITTEE,
    timeline=(
        _PERSON_NODE,
        _EMPLOYER_NODE,
        _ACCEPTANCE_NODE,
        TimelineNode(Milestone.REVIEW, Text("部级审查", "Ministry review")),
        TimelineNode(Milestone.PUBLICITY, Text("公示", "Publicity")),
        _ANNOUNCEMENT_NODE,
    ),
    regulation=ARCHITECT_REGULATIONS,
    articles={
        "education": ARCHITECT_RULES_21,
        "criminal": ARCHITECT_13,
        "incapacity": ARCHITECT_13,
        "two_employers": ARCHITECT_RULES_21,
        "other_bar": ARCHITECT_RULES_21,
    },
    bars=("penalised_architect",),
    parameters={
        "validity_years": 2,
        "change_renews_months": 6,
        "max_specialties": 1,
        "education_hours": 80,
        "education_compulsory_hours": 40,
        "criminal_bar_years": 5,
        "criminal_bar_any": True,
        "disciplinary_bar_years": 2,
        "revocation_bar_years": 5,
        "recent_work_years": 1,
        "refusal_notice_days": 15,
    },
)

_SURVEY_DESIGN_SPECIALTIES = (
    Specialty("structural", Text("一级注册结构工程师", "Class 1 structural engineer"), "S"),
    Specialty("geotechnical", Text("注册土木工程师(岩土)", "Civil engineer (geotechnical)"), "AY"),
    # The letters of the four closed specialties are not public: AG, AS, AD and H are parameters by
    # our choice, to be replaced before any of the four is opened (domain C).
    Specialty(
        "port",
        Text("注册土木工程师(港口与航道)", "Civil engineer (port and waterway)"),
        "AG",
        open=False,
    ),
    Specialty(
        "hydropower",
        Text("注册土木工程师(水利水电)", "Civil engineer (water and hydropower)"),
        "AS",
        open=False,
    ),
    Specialty("road", Text("注册土木工程师(道路)", "Civil engineer (road)"), "AD", open=False),
    Specialty(
        "hvac",
        Text("注册公用设备工程师(暖通空调)", "Utility engineer (heating and air conditioning)"),
        "CN",
    ),
    Specialty(
        "plumbing",
        Text("注册公用设备工程师(给水排水)", "Utility engineer (water supply and drainage)"),
        "CS",
    ),
    Specialty(
        "thermal", Text("注册公用设备工程师(动力)", "Utility engineer (thermal power)"), "CD"
    ),
    Specialty(
        "transmission",
        Text("注册电气工程师(发输变电)", "Electrical engineer (generation and transmission)"),
        "DF",
    ),
    Specialty(
        "distribution", Text("注册电气工程师(供配电)", "Electrical engineer (distribution)"), "DG"
    ),
    Specialty("chemical", Text("注册化工工程师", "Chemical engineer"), "F"),
    Specialty("environmental", Text("注册环保工程师", "Environmental engineer"), "H", open=False),
)

SURVEY_DESIGN = Profession(
    key="survey_design",
    label=Text("勘察设计注册工程师", "Registered survey and design engineer"),
    short=Text("勘察设计", "Survey and design"),
    specialties=_SURVEY_DESIGN_SPECIALTIES,
    max_specialties=1,
    per_specialty=True,
    number_pattern="{letters}{year}{region}{serial}",
    serial_width=5,
    serial_scope="{letters}-{year}-{region}",
    number_check=(
        f"(?:{'|'.join(item.letters for item in _SURVEY_DESIGN_SPECIALTIES)})"
        rf"\d{{2}}{_REGION}\d{{5}}"
    ),
    seal_pattern="{enterprise}-{letters}{serial:03d}",
    decided_by=_MINISTRY,
    timeline=(
        _PERSON_NODE,
        _EMPLOYER_NODE,
        _ACCEPTANCE_NODE,
        TimelineNode(Milestone.REVIEW, Text("部级审核", "Ministry review")),
        _ANNOUNCEMENT_NODE,
    ),
    regulation=ORDER_137,
    articles={
        "incapacity": ORDER_137_16,
        "criminal": ORDER_137_16,
        "other_bar": ORDER_137_16,
    },
)

PROFESSIONS: dict[str, Profession] = {
    profession.key: profession for profession in (SUPERVISION, ARCHITECT, SURVEY_DESIGN)
}
