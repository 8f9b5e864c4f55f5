"""The data behind a flag, laid out so that it can be trusted or dismissed at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.text import Language, Text
from dashboard import labels
from dashboard.components.table import Column, table
from dashboard.strings import COLON, LIST_COMMA

EMPLOYER = Text("注册单位", "Registering employer")
MONTHS = Text("比对月份", "Months compared")
MONTH = Text("月份", "Month")
PAYER = Text("缴费单位", "Payer")
PAYER_CODE = Text("缴费单位代码", "Payer's code")
FUND = Text("公积金单位代码", "Housing fund payer")
MATCH = Text("与注册单位", "Against the employer")
SAME = Text("一致", "Same")
OTHER = Text("不一致", "Different")
NO_PAYMENTS = Text("比对月份内没有缴费记录。", "No payment in the months compared.")
SHARED = Text("共同之处", "In common")
SHARED_NAMES = {
    "phone": Text("手机号", "telephone number"),
    "qualification_certificate": Text("资格证书管理号", "qualification certificate"),
    "seal_number": Text("执业印章号", "seal number"),
    "photo": Text("照片", "photograph"),
    "signature": Text("签名图像", "signature image"),
    "attachment": Text("附件", "attachment"),
    "name_and_birth_date": Text("姓名与出生日期", "name and birth date"),
    "name_in_insurance": Text("社保数据中的姓名", "name in the insurance data"),
}
NAME = Text("姓名", "Name")
ID_NUMBER = Text("证件号码", "ID number")
BORN = Text("出生日期", "Born")
PHONE = Text("手机号", "Telephone")
NUMBER = Text("注册号", "Number")
AT = Text("聘用单位", "Employer")
PEOPLE = Text("涉及人员", "People concerned")
PAYMENTS = Text("缴费记录", "Payments")
REGISTRATIONS = Text("注册记录", "Registrations")
CASES = Text("涉及业务", "Cases concerned")
CASE = Text("案件编号", "Case")
BUSINESS = Text("业务类型", "Business")
STATUS = Text("当时状态", "Status then")
NOTHING = Text("—", "—")


def evidence(found: Mapping[str, Any], key: str, language: Language) -> None:
    """Draw the evidence of one flag; `key` names it on the page."""
    facts: list[tuple[str, str]] = []
    employer = found.get("employer")
    if isinstance(employer, Mapping):
        facts.append((EMPLOYER(language), f"{employer['name']} {employer['credit_code']}"))
    if found.get("months"):
        facts.append((MONTHS(language), LIST_COMMA(language).join(found["months"])))
    if found.get("shared"):
        name = SHARED_NAMES.get(found["shared"], NOTHING)(language)
        value = found.get("value", "")
        facts.append((SHARED(language), name if value == found["shared"] else f"{name} {value}"))
    for name, value in facts:
        st.markdown(f"{name}{COLON(language)}{labels.plain(value)}")
    if isinstance(employer, Mapping) and "records" in found:
        _payments(found["records"], str(employer["credit_code"]), key, language)
    if found.get("people"):
        _people(found["people"], key, language)
    if found.get("registrations"):
        _registrations(found["registrations"], key, language)
    if found.get("cases"):
        _cases(found["cases"], key, language)


def _payments(
    records: Sequence[Mapping[str, Any]], employer_code: str, key: str, language: Language
) -> None:
    rows = [
        {
            "id": index,
            **record,
            "match": {"text": SAME(language), "tone": "good"}
            if record["payer_code"] == employer_code
            else {"text": OTHER(language), "tone": "bad"},
        }
        for index, record in enumerate(records)
    ]
    columns = [
        Column("month", MONTH(language)),
        Column("payer", PAYER(language), width="2fr"),
        Column("payer_code", PAYER_CODE(language), kind="code", hide_narrow=True),
        Column("fund_payer_code", FUND(language), kind="code", hide_narrow=True),
        Column("match", MATCH(language), kind="status"),
    ]
    _show(columns, rows, f"{key}-payments", PAYMENTS, NO_PAYMENTS, language)


def _people(people: Sequence[Mapping[str, Any]], key: str, language: Language) -> None:
    rows = [{"id": index, **person} for index, person in enumerate(people)]
    columns = [
        Column("name", NAME(language)),
        Column("id_number", ID_NUMBER(language), kind="code"),
        Column("born_on", BORN(language)),
        Column("phone", PHONE(language), kind="code"),
    ]
    _show(columns, rows, f"{key}-people", PEOPLE, NOTHING, language)


def _registrations(found: Sequence[Mapping[str, Any]], key: str, language: Language) -> None:
    rows = [{"id": index, **row} for index, row in enumerate(found)]
    columns = [
        Column("number", NUMBER(language), kind="code"),
        Column("employer", AT(language), width="2fr"),
    ]
    _show(columns, rows, f"{key}-registrations", REGISTRATIONS, NOTHING, language)


def _cases(found: Sequence[Mapping[str, Any]], key: str, language: Language) -> None:
    rows = [
        {
            "id": row["ref"],
            "href": f"/case?ref={row['ref']}",
            "ref": row["ref"],
            "business": labels.business_name(row["business"], language),
            "employer": row["employer"],
            "status": labels.status_cell(row["status"], language),
        }
        for row in found
    ]
    columns = [
        Column("ref", CASE(language), kind="link"),
        Column("business", BUSINESS(language)),
        Column("employer", AT(language), width="2fr"),
        Column("status", STATUS(language), kind="status"),
    ]
    _show(columns, rows, f"{key}-cases", CASES, NOTHING, language)


def _show(
    columns: list[Column],
    rows: list[dict[str, Any]],
    key: str,
    caption: Text,
    empty: Text,
    language: Language,
) -> None:
    table(
        columns,
        rows,
        key=key,
        caption=caption(language),
        empty=empty(language),
        language=language,
        opens=False,
    )
