"""Letters of an older installation get the words that they would have been read in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa

from core import db
from tests.core.migrations.older import at_revision, connected, put, table

SENT = dt.datetime(2026, 3, 4, 2, 0)  # noqa: DTZ001 as the databases keep moments
BOOK = {
    "checks": [
        {"key": "photo", "label": ["照片", "Photograph"]},
        {"key": "insurance", "label": ["社保", "Insurance"]},
    ],
    "reasons": {
        "unclear": {"label": ["不清晰", "Not clear"], "article": ["第三十二条", "Article 32"]},
        "missing": {"label": ["不齐全", "Missing"], "article": ["第三十八条", "Article 38"]},
    },
}
NAME_ZH = "监理工程师执业资格认定（初始注册）"
NAME_EN = "Practice recognition of supervision engineers: initial registration"
REF = "2026000000001"

# Template, values, and what the letter said in Chinese and in English.
LETTERS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "filed",
        {},
        f"您所申请的事项已成功提交企业，请通知企业尽快上报注册数据。（{NAME_ZH}，{REF}）",
        f"Your application {REF} ({NAME_EN}) has reached your employer; please ask them to report "
        "it soon.",
    ),
    (
        "returned",
        {"reason": "请补 {签名}"},
        f"演示公司退回了您的申报 {REF}（{NAME_ZH}）。理由：请补 {{签名}}。修改后可再次上报。",
        f"演示公司 returned your application {REF} ({NAME_EN}). Reason: 请补 {{签名}}. You can "
        "change it and file again.",
    ),
    (
        "correction_requested",
        {},
        f"您的申报 {REF}（{NAME_ZH}）需要补正，请于 2026-04-01 前一次补齐。"
        "（1）补正内容：照片；补正原因：不清晰；不齐全。见第2页。"
        "（2）补正内容：社保；补正原因：不齐全。（3）补正内容：旧项；补正原因：从前的理由。",
        f"Your application {REF} ({NAME_EN}) needs correction; please supply everything asked for "
        "by 2026-04-01. (1) Correct: Photograph; because: Not clear; Missing. 见第2页. "
        "(2) Correct: Insurance; because: Missing. (3) Correct: 旧项; because: 从前的理由.",
    ),
    (
        "rejected",
        {"codes": ["unclear", "missing", "long_gone"]},
        f"您的申报 {REF}（{NAME_ZH}）审批不通过。不清晰（第三十二条）；不齐全（第三十八条）；"
        "long_gone。如不服，可自收到决定之日起60日内申请行政复议，或6个月内提起行政诉讼。",
        f"Your application {REF} ({NAME_EN}) was rejected. Not clear (Article 32); Missing "
        "(Article 38); long_gone. You may ask for administrative reconsideration within 60 days "
        "or sue within 6 months of receipt.",
    ),
    (
        "flag_shown",
        {"reason": "R1"},
        f"核查您的申报 {REF}（{NAME_ZH}）时发现异常：比对月份无缴费记录。您有权陈述和申辩。",
        f"A check of your application {REF} ({NAME_EN}) found something: No payment in the months "
        "compared. You have the right to be heard.",
    ),
    (
        "terminated",
        {"business": "own_kind"},
        f"您的申报 {REF}（own_kind）已终止。理由：—",
        f"Your application {REF} (own_kind) was terminated. Reason: —",
    ),
]
ROUND = {"ref": REF, "profession": "supervision", "business": "initial", "employer": "演示公司"}


@pytest.fixture
def older(engine_url: str) -> str:
    """URL of an empty installation that has seen only the migrations before this one."""
    return at_revision(engine_url, "0004")


def a_case(connection: sa.Connection) -> int:
    """A case of the register of supervision engineers, under `BOOK`."""
    put(connection, "rulebooks", id="b" * 64, content=BOOK)
    person, employer = put(connection, "people"), put(connection, "employers")
    return put(
        connection,
        "cases",
        ref=REF,
        person_id=person,
        employer_id=employer,
        rulebook_id="b" * 64,
    )


def a_round(connection: sa.Connection, case: int, number: int, issued: dt.datetime) -> int:
    return put(
        connection,
        "corrections",
        case_id=case,
        round=number,
        issued_by=put(connection, "users", username=f"officer{number}", roles=[], professions=[]),
        issued_at=issued,
        due_on=dt.date(2026, 4, number),
    )


def test_letters_keep_the_words_in_which_they_would_have_been_read(
    older: str,
) -> None:
    with connected(older) as connection:
        case = a_case(connection)
        first = a_round(connection, case, 1, SENT)
        for key, content, reason in (
            ("photo", "照片", "不清晰；不齐全。见第2页。"),
            ("insurance", "社保", "不齐全"),
            ("gone", "旧项", "从前的理由"),
        ):
            item = put(
                connection,
                "correction_items",
                correction_id=first,
                check_key=key,
                content=content,
                reason=reason,
                answer="已补",
            )
        put(connection, "attachments", case_id=case, person_id=1, correction_item_id=item)
        later = a_round(connection, case, 2, SENT + dt.timedelta(days=9))
        put(connection, "correction_items", correction_id=later, content="照片", reason="不齐全")
        for template, values, _, _ in LETTERS:
            put(
                connection,
                "messages",
                case_id=case,
                template=template,
                values={**ROUND, "reason": "", "codes": [], **values},
                sent_at=SENT,
                read_at=SENT,
            )
    db.migrate(older)
    with connected(older) as connection:
        rows, items = table(connection, "messages"), table(connection, "correction_items")
        assert len(table(connection, "attachments")) == 1
    assert [(row["template"], row["body_zh"], row["body_en"]) for row in rows] == [
        (template, zh, en) for template, _, zh, en in LETTERS
    ]
    assert (rows[2]["title_zh"], rows[2]["title_en"]) == ("补正材料通知", "Correction needed")
    assert {row["read_at"] for row in rows} == {SENT}
    versions = {row["template_version"] for row in rows}
    assert len(versions) == len(LETTERS)
    assert all(re.fullmatch("[0-9a-f]{12}", version) for version in versions)
    assert "values" not in rows[0]
    assert [(row["content_en"], row["reason_en"], row["answer"]) for row in items] == [
        ("Photograph", "Not clear; Missing. 见第2页。", "已补"),
        ("Insurance", "Missing", "已补"),
        ("旧项", "从前的理由", "已补"),
        ("照片", "Missing", ""),
    ]
    assert items[0]["reason"] == "不清晰；不齐全。见第2页。"


def test_a_correction_letter_without_its_round_is_kept_as_it_would_have_been_read(
    older: str,
) -> None:
    with connected(older) as connection:
        case = a_case(connection)
        put(
            connection,
            "messages",
            case_id=case,
            template="correction_requested",
            values={**ROUND, "reason": "", "codes": []},
        )
    db.migrate(older)
    with connected(older) as connection:
        body = table(connection, "messages")[0]["body_zh"]
    assert body == f"您的申报 {REF}（{NAME_ZH}）需要补正，请于 — 前一次补齐。"


def test_a_long_table_is_gone_through_to_its_end(older: str) -> None:
    with connected(older) as connection:
        case = a_case(connection)
        found = sa.Table("messages", sa.MetaData(), autoload_with=connection, resolve_fks=False)
        values = {**ROUND, "reason": "", "codes": []}
        sent = {"case_id": case, "template": "issued", "values": values, "sent_at": SENT}
        connection.execute(found.insert(), [sent] * 2_001)
    db.migrate(older)
    with connected(older) as connection:
        rows = table(connection, "messages")
    assert len(rows) == 2_001
    assert {row["title_en"] for row in rows} == {"Registration completed"}
