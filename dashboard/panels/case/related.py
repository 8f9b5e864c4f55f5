"""What else is known: registrations and other cases of the person, the employer, flags."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.casefile.rows import CaseFile
from core.queue.filters import QueueFilter, Tab
from core.text import Language, Text
from core.vocabulary.employers import EMPLOYER_STATUS_LABELS, EmployerStatus
from core.vocabulary.tones import Tone
from dashboard import labels
from dashboard.components.table import Column, TableEvent, table
from dashboard.strings import ELSEWHERE, SEMICOLON

REGISTRATIONS = Text("本人注册", "Registrations of this person")
CASES = Text("本人其他业务", "Other cases of this person")
EMPLOYER = Text("聘用单位", "Employer")
NO_REGISTRATIONS = Text("注册库中没有此人的注册。", "The register holds nothing on this person.")
NO_CASES = Text("此人没有其他业务。", "This person has no other cases.")
NUMBER = Text("注册号", "Number")
SEAL = Text("执业印章号", "Seal number")
PROFESSION = Text("专业", "Profession")
STATUS = Text("状态", "Status")
VALID = Text("有效期至", "Valid until")
REF = Text("案件编号", "Case")
BUSINESS = Text("业务", "Service")
FILED = Text("创建时间", "Created")
EMPLOYER_FACTS = (
    ("credit_code", Text("统一社会信用代码", "Unified credit code")),
    ("legal_rep", Text("法定代表人", "Legal representative")),
    ("address", Text("地址", "Address")),
)
QUALIFICATIONS = Text("企业资质证书号", "Qualification certificates")
UNTIL = Text("{number}（至 {day}）", "{number} (until {day})")
REGISTERED = Text("在册注册人员", "Registered people")
OPEN_CASES = Text("在办业务", "Open cases")
VERIFIED = Text("认证时间", "Verified")
THEIR_CASES = Text("该单位在办业务", "Open cases of this employer")
THEIR_PEOPLE = Text("该单位注册人员", "People registered there")
FACT = Text("项目", "Fact")
VALUE = Text("内容", "Value")

_EMPLOYER_TONES: dict[EmployerStatus, Tone] = {
    EmployerStatus.VERIFIED: "good",
    EmployerStatus.UNVERIFIED: "warn",
    EmployerStatus.RETURNED: "warn",
}


def person_block(file: CaseFile, language: Language) -> TableEvent | None:
    """The person's registrations and other cases; returns a click on one of the cases."""
    st.subheader(REGISTRATIONS(language), anchor=False)
    table(
        [
            Column("number", NUMBER(language), kind="code"),
            Column("profession", PROFESSION(language)),
            Column("employer", EMPLOYER(language)),
            Column("seal", SEAL(language), kind="code", hide_narrow=True),
            Column("valid", VALID(language), kind="date"),
            Column("status", STATUS(language), kind="status"),
        ],
        [
            {
                "id": row.id,
                "number": row.number,
                "profession": labels.specialty_names(
                    row.profession, (row.specialty, row.specialty2), language
                )
                or labels.profession_name(row.profession, language),
                "employer": row.employer_name,
                "seal": row.seal_number,
                "valid": row.valid_to,
                "status": labels.registration_cell(row.status, language),
            }
            for row in file.registrations
        ],
        key="case-registrations",
        caption=REGISTRATIONS(language),
        empty=NO_REGISTRATIONS(language),
        language=language,
        opens=False,
    )
    if file.registrations_elsewhere:
        st.caption(labels.plain(ELSEWHERE(language, count=file.registrations_elsewhere)))
    st.subheader(CASES(language), anchor=False)
    return table(
        [
            Column("ref", REF(language), kind="link"),
            Column("service", BUSINESS(language)),
            Column("employer", EMPLOYER(language), hide_narrow=True),
            Column("created", FILED(language), kind="date"),
            Column("status", STATUS(language), kind="status"),
        ],
        [
            {
                "id": row.ref,
                "href": f"/case?ref={row.ref}",
                "ref": row.ref,
                "service": " · ".join(
                    part
                    for part in (
                        labels.specialty_names(row.profession, (row.specialty,), language)
                        or labels.profession_name(row.profession, language, short=True),
                        labels.business_name(row.business, language),
                    )
                    if part
                ),
                "employer": row.employer_name,
                "created": clock.day_of(row.created_at),
                "status": labels.status_cell(row.status, language),
            }
            for row in file.others
        ],
        key="case-others",
        caption=CASES(language),
        empty=NO_CASES(language),
        language=language,
    )


def employer_block(file: CaseFile, language: Language) -> None:
    """The employer's verification state and size."""
    card = file.employer
    status = EmployerStatus(card.status)
    st.subheader(EMPLOYER(language), anchor=False)
    st.markdown(
        f"{labels.plain(card.name)} "
        + labels.badge(EMPLOYER_STATUS_LABELS[status](language), _EMPLOYER_TONES.get(status, "bad"))
    )
    if card.status_reason:
        st.caption(labels.plain(card.status_reason))
    facts = {words(language): getattr(card, key) or "—" for key, words in EMPLOYER_FACTS}
    facts[QUALIFICATIONS(language)] = (
        SEMICOLON(language).join(
            UNTIL(language, number=number, day=day) if day else number
            for number, day in card.qualifications
        )
        or "—"
    )
    facts[VERIFIED(language)] = clock.written(card.verified_at) if card.verified_at else "—"
    facts[REGISTERED(language)] = str(card.registered)
    facts[OPEN_CASES(language)] = str(card.open_cases)
    with st.container(horizontal=True):
        everything = QueueFilter(tab=Tab.OPEN, query=card.name).to_query()
        st.page_link(
            "../pages/queue.py",
            label=THEIR_CASES(language),
            icon=":material/folder_open:",
            query_params=everything,
        )
        st.page_link(
            "../pages/register.py",
            label=THEIR_PEOPLE(language),
            icon=":material/badge:",
            query_params={"q": card.name},
        )
    table(
        [
            Column("what", FACT(language), kind="muted", width="14rem"),
            Column("value", VALUE(language)),
        ],
        [{"id": what, "what": what, "value": value} for what, value in facts.items()],
        key="case-employer",
        caption=EMPLOYER(language),
        empty="—",
        language=language,
        opens=False,
    )
