"""Two people on one case, and the ways of a case that does not simply pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from core import clock, db
from core.access.actors import SYSTEM
from core.accounts import users
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.model import Case, Packet, User
from core.review import verdicts
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.roles import Role
from tests import packets
from tests.browser import steps
from tests.browser.conftest import PASSWORD, Server
from tests.packets import Writer

OpenPage = Callable[..., Page]

STAFF = {
    "reviewer1": ("甲一", [Role.ACCEPTOR, Role.REVIEWER]),
    "reviewer2": ("乙二", [Role.REVIEWER]),
    "reviewer3": ("丁四", [Role.ACCEPTOR, Role.REVIEWER]),
    "decider1": ("丙三", [Role.DECIDER]),
}
OPINION = "意见 / 理由"
GO_ON = "办理后领取下一件"
TYPED = "材料与注册库一致，拟同意；请留意社保月份。"

# The case of each journey by its packet, so that none depends on another; filled by the seed.
REFS: dict[str, str] = {}


def _prepared(env: dict[str, str]) -> None:
    """Accounts, and a case for each journey; one of them waits for the second look."""
    data = Path(env["REGDESK_DATA"])
    steps.core(data, "init")
    writer, received = Writer(23), datetime.now(UTC) - timedelta(hours=20)
    for name in ("contested", "taken-over", "incomplete", "unfit"):
        dates = steps.packet_dates(received)
        document, files = writer.packet("survey_design", packet=name, **dates)
        packets.write(data.parent / "packets", document, files)
    steps.core(data, "intake", str(data.parent / "packets"))
    now = clock.now()
    with steps.installation(data), db.transaction() as session:
        for username, (name, roles) in STAFF.items():
            users.create_user(
                session, SYSTEM, username=username, name=name, password=PASSWORD,
                roles=roles, now=now,
            )  # fmt: skip
        for packet, case in session.execute(
            select(Packet, Case).join(Case, Case.id == Packet.case_id)
        ):
            REFS[packet.key] = case.ref
            case.employer.status = EmployerStatus.VERIFIED.value  # its province did so before
            users.create_user(
                session, SYSTEM, username=f"person-{packet.key}", name=case.person_name,
                password=PASSWORD, roles=[Role.APPLICANT], person_id=case.person_id, now=now,
            )  # fmt: skip
        first = users.actor_of(
            session.scalars(select(User).where(User.username == "reviewer1")).one()
        )
        case = session.scalars(select(Case).where(Case.ref == REFS["contested"])).one()
        for action in (Action.ACCEPT, Action.PROPOSE_APPROVAL):
            claiming.claim(session, first, case.id, now)
            verdicts.pass_the_rest(session, first, case.id, now=now)
            perform(session, first, case.id, action, now=now)


SEED = _prepared


def _at_case(open_page: OpenPage, server: Server, username: str, name: str) -> Page:
    page = open_page()
    steps.arrive(page, server, username, f"/case?ref={REFS[name]}")
    return page


def _takes_over(page: Page, reason: str) -> None:
    steps.write(page, "接手理由", reason)
    steps.press(page, "接手本案")


def test_the_second_of_two_is_told_what_changed_and_by_whom_and_keeps_what_was_typed(
    server: Server, open_page: OpenPage
) -> None:
    slow = _at_case(open_page, server, "reviewer2", "contested")
    steps.press(slow, "领取本案")
    steps.write(slow, OPINION, TYPED)

    quick = _at_case(open_page, server, "reviewer3", "contested")
    steps.sees(quick, "乙二 办理中")
    _takes_over(quick, "对方休假，时限将到")
    steps.write(quick, OPINION, "社保月份请再核对")
    _alone(quick)
    steps.press(quick, "退回审查")

    steps.press(slow, "复核同意")
    steps.sees(slow, "丁四 退回审查")
    expect(slow.get_by_label(OPINION)).to_have_value(TYPED)
    slow.reload()
    steps.settled(slow)
    expect(slow.get_by_label(OPINION)).to_have_value(TYPED)
    steps.open_tab(slow, "历史")
    steps.sees(slow, "对方休假，时限将到", "社保月份请再核对")
    assert slow.locator("tbody tr", has_text="复核同意").count() == 0, "it was done all the same"


def test_who_loses_a_case_to_a_colleague_learns_it_and_keeps_what_was_typed(
    server: Server, open_page: OpenPage
) -> None:
    holder = _at_case(open_page, server, "reviewer1", "taken-over")
    steps.press(holder, "领取本案")
    steps.press(holder, "其余全部符合")
    steps.write(holder, OPINION, TYPED)

    colleague = _at_case(open_page, server, "reviewer3", "taken-over")
    assert steps.button(colleague, "受理").count() == 0, "the case is somebody else's"
    steps.press(colleague, "接手本案")
    steps.sees(colleague, "请写明理由")
    _takes_over(colleague, "对方休假，时限将到")
    steps.sees(colleague, "由您办理")

    steps.press(holder, "受理")
    steps.sees(holder, "本案由 丁四 办理中")
    expect(holder.get_by_label(OPINION)).to_have_value(TYPED)
    _alone(colleague)
    steps.press(colleague, "受理")
    steps.unbroken(colleague)
    steps.visit(holder, f"{server.base}/case?ref={REFS['taken-over']}")
    steps.sees(holder, "部级已受理")
    steps.open_tab(holder, "意见与沟通")
    steps.sees(holder, "受理 · 受理", "丁四")


def test_a_refusal_reaches_the_applicant_with_its_grounds_and_their_articles(
    server: Server, open_page: OpenPage
) -> None:
    first = _at_case(open_page, server, "reviewer1", "unfit")
    steps.press(first, "领取本案")
    steps.press(first, "其余全部符合")
    _alone(first)
    steps.press(first, "受理")
    steps.press(first, "领取本案")
    steps.choose(first, "不符合", of="唯一受聘与社保")
    steps.press(first, "其余全部符合")
    steps.sees(first, "不符合而未选理由")
    steps.pick(first, "受聘于两个或者两个以上单位", of="不符合的理由")
    assert steps.button(first, "提出准予意见").count() == 0, "an item fails"
    expect(first.get_by_role("switch", name=GO_ON)).not_to_be_checked()
    steps.press(first, "提出不予意见")
    for username, action in (("reviewer2", "复核同意"), ("decider1", "不予注册")):
        page = _at_case(open_page, server, username, "unfit")
        steps.press(page, "领取本案")
        _alone(page)
        assert steps.button(page, "准予注册").count() == 0, "the review proposes rejection"
        steps.press(page, action)
        steps.unbroken(page)
    steps.sees(page, "审批不通过")

    person = open_page()
    steps.arrive(person, server, "person-unfit", "/mine")
    person.get_by_role("radio", name="历史申报").click()
    steps.settled(person)
    expect(person.get_by_role("listitem").filter(has_text="部级审核")).to_contain_text("未通过")
    person.get_by_role("radio", name="我的消息").click()
    steps.settled(person)
    steps.sees(
        person,
        "不予注册",
        "受聘于两个或者两个以上单位（《勘察设计注册工程师管理规定》（建设部令第137号）",
        "60日内向住房和城乡建设部申请行政复议",
    )


def test_a_correction_is_asked_for_once_with_everything_that_is_wrong(
    server: Server, open_page: OpenPage
) -> None:
    page = _at_case(open_page, server, "reviewer1", "incomplete")
    steps.press(page, "领取本案")
    steps.choose(page, "不符合", of="照片与签名")
    steps.pick(page, "照片或签名不符合要求", of="不符合的理由")
    steps.write(page, "说明", "照片背景不是白色，请重新上传。")
    steps.press(page, "其余全部符合")
    assert steps.button(page, "受理").count() == 0, "an item fails"
    assert steps.button(page, "不予受理").count() == 0, "what can be corrected is not refused"
    _alone(page)
    steps.press(page, "通知补正")
    steps.unbroken(page)
    steps.sees(page, "部级未受理(待补正)")
    steps.open_tab(page, "意见与沟通")
    steps.sees(page, "第 1 次补正", "照片背景不是白色，请重新上传。")
    assert steps.button(page, "领取本案").count() == 0, "it waits for the applicant"

    person = open_page()
    steps.arrive(person, server, "person-incomplete", "/mine")
    steps.sees(person, REFS["incomplete"], "部级未受理(待补正)")
    person.get_by_role("radio", name="我的消息").click()
    steps.settled(person)
    steps.sees(person, "补正材料通知", REFS["incomplete"])


def _alone(page: Page) -> None:
    """Stay with this case afterwards instead of taking the next one."""
    page.get_by_text(GO_ON).click()
    steps.settled(page)
    expect(page.get_by_role("switch", name=GO_ON)).not_to_be_checked()
