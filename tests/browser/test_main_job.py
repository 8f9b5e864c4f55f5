"""The main job: filings from outside become registrations, through the hands of three people.

Every profession and business type, written by the tests' own packet writer. What a business type
changes about must stand in the register already: those registrations came about in earlier years,
by the same commands (`_registered_before`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from core import clock, db
from core.access.actors import SYSTEM
from core.accounts import users
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.intake.run import PacketOutcome, opened, run
from core.jobs import lapses
from core.model import (
    Case,
    Person,
    Registration,
    User,
)
from core.review import verdicts
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.roles import Role
from tests import packets
from tests.browser import driver, steps
from tests.browser.conftest import Server
from tests.browser.driver import settled
from tests.packets import Writer

PASSWORD = "Quiet-Harbour-71"
STAFF = {
    "reviewer1": ("甲一", ("acceptor", "reviewer")),
    "reviewer2": ("乙二", ("reviewer",)),
    "decider1": ("丙三", ("decider",)),
}
BUSINESSES = ("initial", "change", "renewal", "replacement", "cancellation")

# Years of a first term and of a renewal, specialty filed, and what numbers look like (domain C, F).
# A number of 监理 tells the province only, the others the year of the first registration, too.
YEARS = {"supervision": 3, "architect": 2, "survey_design": 3}
NAMES = {
    "supervision": ("房屋建筑工程", r"37\d{{6}}"),
    "architect": ("一级注册建筑师", r"{year:%y}37\d{{5}}"),
    "survey_design": ("一级注册结构工程师", r"S{year:%y}37\d{{5}}"),
}
SEALS = {"architect": r"37\d{5}-\d{3}", "survey_design": r"37\d{5}-S\d{3}"}


@dataclass(slots=True)
class Filed:
    """One filing of this journey, and the registration that the person held before, if any."""

    profession: str
    business: str
    person: dict[str, Any]
    number: str = ""
    seal: str = ""
    first: date | None = None
    last: date | None = None
    former_employer: str = ""
    employer: str = ""
    papers: dict[str, Any] = field(default_factory=dict)
    ref: str = ""


@dataclass(slots=True)
class Plan:
    """What was put on file before the server started. folder: the packets still to be taken in."""

    folder: Path = Path()
    filings: list[Filed] = field(default_factory=list)


PLAN = Plan()


# --- what was there before -----------------------------------------------------------------------


def _prepared(env: dict[str, str]) -> None:
    """Accounts through the command line, registrations of earlier years, and packets to take in."""
    data = Path(env["REGDESK_DATA"])
    steps.core(data, "init")
    for username, (name, roles) in STAFF.items():
        steps.core(
            data, "user", "add", username, "--name", name, "--roles", *roles, typed=f"{PASSWORD}\n"
        )
    of = ("--name", "省厅", "--roles", "province", "--province", "37")
    steps.core(data, "user", "add", "province37", *of, typed=f"{PASSWORD}\n")
    writer = Writer(11)
    now = datetime.now(UTC)
    PLAN.folder, PLAN.filings = data.parent / "packets", []
    with steps.installation(data):
        for profession in YEARS:
            for business in BUSINESSES:
                dates = steps.packet_dates(now - timedelta(days=1))
                document, files = writer.packet(profession, business, **dates)
                filed = Filed(profession, business, document["person"])
                if business != "initial":
                    earlier = data.parent / "earlier" / f"{profession}-{business}"
                    _registered_before(writer, earlier, filed, now)
                    _refer(document, filed)
                filed.person = document["person"]
                filed.employer = document["employer"]["employer_name"]
                packets.write(PLAN.folder, document, files)
                PLAN.filings.append(filed)


SEED = _prepared


def _registered_before(writer: Writer, folder: Path, filed: Filed, now: datetime) -> None:
    """Register the person by the same commands at an earlier time, and note what that gave them.

    Who renews is at the end of the term, the others are in the midst of it.
    """
    years = YEARS[filed.profession]
    decided = now - timedelta(days=years * 365 - 60 if filed.business == "renewal" else 400)
    dates = steps.packet_dates(decided - timedelta(days=3))
    document, files = writer.packet(filed.profession, **dates)
    packets.write(folder, document, files)
    (result,) = run(opened(folder, SYSTEM), decided)
    assert result.fate is PacketOutcome.TAKEN, result.problems
    with db.transaction() as session:
        case = session.scalars(select(Case).where(Case.ref == result.ref)).one()
        actors = {user.username: users.actor_of(user) for user in session.scalars(select(User))}
        case.employer.status = EmployerStatus.VERIFIED.value  # by its province, in those years
        for username, actions in (
            ("reviewer1", (Action.ACCEPT, Action.PROPOSE_APPROVAL)),
            ("reviewer2", (Action.CONCUR,)),
            ("decider1", (Action.APPROVE,)),
        ):
            for action in actions:
                actor = actors[username]
                claiming.claim(session, actor, case.id, decided)
                if username == "reviewer1":
                    verdicts.pass_the_rest(session, actor, case.id, now=decided)
                perform(session, actor, case.id, action, now=decided)
    if filed.profession == "architect":
        lapses.tick(decided + timedelta(days=40))  # the end of the publicity
    with db.reading() as session:
        row = session.scalars(
            select(Registration)
            .join(Case, Case.registration_id == Registration.id)
            .where(Case.ref == result.ref)
        ).one()
        filed.number, filed.seal = row.number, row.seal_number
    filed.person = document["person"]
    filed.former_employer = document["employer"]["employer_name"]
    filed.first = decided.astimezone(steps.CHINA).date()
    filed.last = steps.ends(filed.first, years)
    filed.papers = document


def _refer(document: dict[str, Any], filed: Filed) -> None:
    """Make a packet one of the person who is registered: the same people, number and term."""
    for group in ("person", "employer"):
        if (group, filed.business) != ("employer", "change"):
            known = filed.papers[group]
            document[group] |= {key: known[key] for key in document[group] if key in known}
    assert filed.last is not None
    own = {
        "registration_number": filed.number,
        "seal_number": filed.seal,
        "valid_to": filed.last.isoformat(),
        "former_employer_name": filed.former_employer,
    }
    present = document["registration"]
    document["registration"] = present | {key: own[key] for key in present if key in own}


# --- the journey ---------------------------------------------------------------------------------


def test_filings_of_every_service_become_registrations_through_three_people(
    server: Server, open_page: Callable[..., Page]
) -> None:
    said = steps.core(server.data, "intake", str(PLAN.folder))
    assert "15" in said, said
    _note_refs(server.data)

    province = open_page()
    driver.sign_in(province, server.base, "province37", PASSWORD)
    for filed in (item for item in PLAN.filings if item.business in {"initial", "change"}):
        steps.verify_employer(province, server, filed.ref)

    first = open_page()
    driver.sign_in(first, server.base, "reviewer1", PASSWORD)
    steps.press(first, "领取下一件")
    steps.looks_at_the_attachments(first)
    _fills_the_checklist_by_hand(first)
    accepted = _works_off(first, "受理", start=False)
    assert sorted(accepted) == sorted(filed.ref for filed in PLAN.filings)
    # The last one taken afterwards is already a case to review: the same person may do both.
    assert sorted(_works_off(first, "提出准予意见", start=False)) == sorted(accepted)

    second = open_page()
    driver.sign_in(second, server.base, "reviewer2", PASSWORD)
    looked_at = {filed.ref for filed in PLAN.filings if filed.business != "replacement"}
    assert set(_works_off(second, "复核同意")) == looked_at

    decider = open_page()
    driver.sign_in(decider, server.base, "decider1", PASSWORD)
    days = {steps.today()}
    assert sorted(_works_off(decider, "准予注册")) == sorted(accepted)
    days.add(steps.today())

    _publicity_ends(decider, server)
    _the_register_shows(decider, server, days)
    _the_applicant_is_told(open_page(), server)
    steps.core(server.data, "verify-history")


def _note_refs(data: Path) -> None:
    with steps.installation(data), db.reading() as session:
        for filed in PLAN.filings:
            filed.ref = session.scalars(
                select(Case.ref)
                .join(Person, Person.id == Case.person_id)
                .where(Person.id_number == filed.person["id_number"], Case.is_open)
            ).one()


def _fills_the_checklist_by_hand(page: Page) -> None:
    """One item by hand, the rest at once."""
    steps.choose(page, "符合", of="身份信息")
    progress = page.get_by_text(re.compile(r"已判定 1 / \d+ 项"))
    expect(progress).to_be_visible()
    total = progress.inner_text().split("/")[1].split()[0]
    steps.press(page, "其余全部符合")
    steps.sees(page, f"已判定 {total} / {total} 项")


def _works_off(page: Page, action: str, *, start: bool = True) -> list[str]:
    """Take `action` on one case after the other as they are handed out; returns their numbers.

    It ends when the desk hands out none, or one that waits for another action.
    """
    if start:
        steps.press(page, "领取下一件")
    done: list[str] = []
    while len(done) < len(PLAN.filings):
        if steps.button(page, "其余全部符合").count():
            steps.press(page, "其余全部符合")
        if not steps.appears(page, action):
            break
        done.append(steps.ref_of(page))
        steps.press_on(page, action)
        steps.unbroken(page)
    return done


def _publicity_ends(page: Page, server: Server) -> None:
    """Until the publicity is over the register knows nothing of it; then nobody need press.

    Only the first registration of an architect has one (M.2).
    """
    architects = [filed for filed in PLAN.filings if filed.profession == "architect"]
    published = [filed for filed in architects if filed.business == "initial"]
    last = set()
    for filed in published:
        steps.visit(page, f"{server.base}/case?ref={filed.ref}")
        steps.sees(page, "公示中")
        text = steps.main_part(page).inner_text()
        found = re.search(r"公示时限：.*，(\d{4}-\d\d-\d\d) 届满", text)
        assert found, "the case does not say when its publicity ends"
        last.add(date.fromisoformat(found.group(1)))
    steps.visit(page, f"{server.base}/register?in=architect&status=active")
    steps.sees(page, "共 3 条")  # changed, renewed and replaced; the cancelled one is not active
    after = max(last) + timedelta(days=1)
    said = steps.core(server.data, "tick", "--at", f"{after}T08:00:00+08:00")
    assert re.search(rf"\b{len(published)}\s+公示期满", said), said


def _the_register_shows(page: Page, server: Server, days: set[date]) -> None:
    steps.visit(page, f"{server.base}/register")
    for filed in PLAN.filings:
        row = page.locator("tbody tr").filter(has_text=filed.person["id_number"])
        expect(row).to_have_count(1)
        specialty, pattern = NAMES[filed.profession]
        number = row.locator("a").inner_text()
        firsts = {filed.first} if filed.first else days
        assert any(re.fullmatch(pattern.format(year=first), number) for first in firsts), number
        assert number == (filed.number or number), "a number stays for life"
        for words in (filed.person["name"], filed.employer, specialty):
            expect(row).to_contain_text(words)
        expect(row).to_contain_text("已注销" if filed.business == "cancellation" else "有效")
        assert any(str(_last(filed, day)) in row.inner_text() for day in days), (
            f"{filed.profession} {filed.business}: {row.inner_text()}"
        )
        _the_seal_is_right(row, filed)
    for filed in PLAN.filings:
        if filed.profession == "survey_design":
            _the_record_tells(page, server, filed, days)


def _last(filed: Filed, decided: date) -> date:
    """The last day of the term after the decision (domain F): only 初始 and 延续 make a new one."""
    years = YEARS[filed.profession]
    if filed.last is None:
        return steps.ends(decided, years)
    return steps.years_after(filed.last, years) if filed.business == "renewal" else filed.last


def _the_seal_is_right(row: Locator, filed: Filed) -> None:
    """A new employer means a new seal; otherwise the old one stays."""
    if filed.profession not in SEALS:
        return
    found = re.search(SEALS[filed.profession], row.inner_text())
    assert found, f"no seal number in {row.inner_text()}"
    if filed.business == "change":
        assert found.group() != filed.seal
    elif filed.business in {"renewal", "cancellation"}:
        assert found.group() == filed.seal


def _the_record_tells(page: Page, server: Server, filed: Filed, days: set[date]) -> None:
    """One registration in full, reached from the list; its change names the case."""
    steps.visit(page, f"{server.base}/register?q={filed.person['id_number']}")
    page.locator("tbody tr a").click()
    settled(page)
    firsts = {filed.first} if filed.first else days
    terms = {
        f"{_first(filed, day, first)} — {_last(filed, day)}" for day in days for first in firsts
    }
    text = steps.main_part(page).inner_text()
    tables = " ".join(page.locator("tbody tr").all_inner_texts())
    assert any(term in tables for term in terms), (filed.business, terms, tables)
    assert filed.ref in tables, text
    if filed.business == "cancellation":
        assert any(f"{day}" in tables for day in days)
    if filed.business == "replacement":
        assert re.search(r"制证次数\s+2\b", tables), tables


def _first(filed: Filed, decided: date, first: date) -> date:
    """The first day of the term: that of the registration, which no later business moves."""
    return decided if filed.business == "initial" else first


def _the_applicant_is_told(page: Page, server: Server) -> None:
    """The person, signed in with an account of their own, reads the result and sees the dots."""
    filed = next(one for one in PLAN.filings if one.profession == "architect")
    with steps.installation(server.data), db.transaction() as session:
        person = session.scalars(
            select(Person).where(Person.id_number == filed.person["id_number"])
        ).one()
        users.create_user(
            session, SYSTEM, username="applicant1", name=person.name, password=PASSWORD,
            roles=[Role.APPLICANT], person_id=person.id, now=clock.now(),
        )  # fmt: skip
    driver.sign_in(page, server.base, "applicant1", PASSWORD)
    steps.visit(page, f"{server.base}/mine")
    page.get_by_role("radio", name="历史申报").click()
    settled(page)
    steps.sees(page, "已办结", filed.ref)
    dots = page.get_by_role("list", name="办理进度").get_by_role("listitem")
    expect(dots).to_have_count(6)
    for place, name in enumerate(("个人上报", "企业上报", "部级受理", "部级审查", "公示", "公告")):
        expect(dots.nth(place)).to_contain_text(name)
        expect(dots.nth(place)).to_contain_text("已完成")
    page.get_by_role("radio", name="我的消息").click()
    settled(page)
    steps.sees(page, "受理通知", "拟准予注册，进入公示", "准予注册", "注册已完成", filed.ref)
    names = {name for name, _roles in STAFF.values()}
    text = steps.main_part(page).inner_text()
    assert not [name for name in names if name in text], "applicants are not told who decided"
