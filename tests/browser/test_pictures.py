"""Pictures of a case that cannot be shown: the page says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from core import clock, db
from core.access.actors import SYSTEM
from core.accounts import users
from core.files import attachments
from core.files.copies import Altered
from core.files.headers import MAX_SCANS, TooManyScans
from core.model import Attachment, Case
from core.vocabulary.roles import Role
from tests import packets
from tests.browser import steps
from tests.browser.conftest import PASSWORD, Server
from tests.core.files import hostile
from tests.packets import Writer

REFS: list[str] = []


def _prepared(env: dict[str, str]) -> None:
    """A case whose first picture is too costly, and whose second was exchanged in the store."""
    data = Path(env["REGDESK_DATA"])
    steps.core(data, "init")
    received = datetime.now(UTC) - timedelta(hours=20)
    document, files = Writer(31).packet("survey_design", **steps.packet_dates(received))
    packets.write(data.parent / "packets", document, files)
    steps.core(data, "intake", str(data.parent / "packets"))
    with steps.installation(data), db.transaction() as session:
        users.create_user(
            session, SYSTEM, username="reviewer1", name="甲一", password=PASSWORD,
            roles=[Role.ACCEPTOR], now=clock.now(),
        )  # fmt: skip
        REFS.append(session.scalars(select(Case.ref)).one())
        first, second, *_ = session.scalars(select(Attachment).order_by(Attachment.id))
        attachments.path_of(second.sha256).write_bytes(
            attachments.path_of(first.sha256).read_bytes()
        )
        first.sha256 = attachments.store(hostile.progressive(3_000))


SEED = _prepared


def test_a_picture_that_cannot_be_shown_says_why(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    steps.arrive(page, server, "reviewer1", f"/case?ref={REFS[0]}")
    alert = page.get_by_role("alert")
    said = TooManyScans(scans=MAX_SCANS + 1, limit=MAX_SCANS).words.zh
    expect(alert).to_contain_text("附件不能显示。")
    expect(alert).to_contain_text(said)
    page.get_by_role("button", name="下一个").click()
    expect(alert).to_contain_text(Altered.text.zh)
    expect(page.get_by_role("button", name="重新载入")).to_have_count(0)
    expect(page.locator(".strip .sheet")).to_have_count(2)
    expect(page.locator(".strip img")).to_have_count(0)
