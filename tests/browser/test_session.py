"""Reloading, going back, links, signing out, an expired session: the desk keeps its bearings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from core import clock, db
from core.model import Case, LoginSession, User
from tests.browser import driver, steps
from tests.browser.conftest import Server

OpenPage = Callable[..., Page]

SEED = [["core", "init"], ["core", "demo", "--cases", "200", "--seed", "7"]]
FILTERED = "/queue?tab=closed&profession=survey_design&business=initial"


@pytest.fixture(scope="module")
def ref(module_server: Server) -> str:
    """A case to open by its address."""
    with steps.installation(module_server.data), db.reading() as session:
        found = session.scalar(select(Case.ref).where(Case.received_at.is_not(None)).limit(1))
    assert found
    return found


def _listed(page: Page) -> list[str]:
    """The numbers of the cases in the list."""
    return page.locator("tbody tr td.link a").all_inner_texts()


def _asked(page: Page) -> dict[str, list[str]]:
    """What the address asks for."""
    return parse_qs(urlsplit(page.url).query)


def test_a_reload_keeps_the_page_and_the_sign_in(server: Server, page: Page, ref: str) -> None:
    steps.arrive(page, server, "reviewer1", f"/case?ref={ref}")
    title = page.get_by_role("heading", level=1).inner_text()
    page.reload()
    driver.settled(page)
    assert steps.ref_of(page) == ref
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    steps.visit(page, f"{server.base}/register?status=active")
    page.reload()
    driver.settled(page)
    assert _asked(page) == {"status": ["active"]}
    steps.sees(page, "注册库")


def test_going_back_from_a_case_finds_the_list_with_its_filters(server: Server, page: Page) -> None:
    steps.arrive(page, server, "reviewer1", "/queue?tab=closed")
    everything = _listed(page)
    steps.pick(page, "勘察设计", of="注册类别")
    assert _asked(page)["profession"] == ["survey_design"]
    shown = _listed(page)
    assert shown, "nothing is shown"
    assert shown != everything, "the filter left nothing out"
    asked = _asked(page)

    page.locator("tbody tr td.link a").first.click()
    driver.settled(page)
    assert steps.ref_of(page) == shown[0]
    page.go_back()
    driver.settled(page)
    assert (_listed(page), _asked(page)) == (shown, asked)

    page.locator("tbody tr td.link a").last.click()
    driver.settled(page)
    page.get_by_role("link", name="返回待办队列").click()
    driver.settled(page)
    assert (_listed(page), _asked(page)) == (shown, asked)


def test_a_link_shows_a_colleague_the_same_list(server: Server, open_page: OpenPage) -> None:
    mine, theirs = open_page(), open_page()
    steps.arrive(mine, server, "reviewer1", FILTERED)
    link = mine.url
    steps.arrive(theirs, server, "reviewer2", link.removeprefix(server.base))
    assert _listed(theirs) == _listed(mine) != []
    assert theirs.url == link
    for page in (mine, theirs):
        expect(page.get_by_role("radio", name="已结")).to_be_checked()


@pytest.mark.parametrize("username", ["applicant2", "analyst1"])
def test_a_link_to_a_case_explains_itself_to_a_role_that_may_not_read_it(
    server: Server, page: Page, ref: str, username: str
) -> None:
    steps.arrive(page, server, username, f"/case?ref={ref}")
    steps.sees(page, "您的角色不能使用此页面", "查看案件", "审查员", "您的角色")
    with steps.installation(server.data), db.reading() as session:
        name = session.scalar(select(Case.person_name).where(Case.ref == ref))
    assert str(name) not in steps.main_part(page).inner_text(), "personal data was shown"


def test_whoever_opens_a_link_signed_out_lands_on_it_after_signing_in(
    server: Server, page: Page, ref: str
) -> None:
    page.goto(f"{server.base}/case?ref={ref}")
    assert urlsplit(page.url).path == "/login"
    _fill(page, "reviewer1", server.password)
    page.wait_for_url(f"{server.base}/case?ref={ref}")
    driver.settled(page)
    steps.sees(page, ref)
    steps.unbroken(page)


def test_signing_out_cuts_off_every_window_of_that_sign_in(
    server: Server, page: Page, ref: str
) -> None:
    steps.arrive(page, server, "reviewer3", f"/case?ref={ref}")
    other = page.context.new_page()
    steps.visit(other, f"{server.base}/queue")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login?left")
    expect(page.get_by_text("您已退出登录。")).to_be_visible()

    other.get_by_role("radio", name="已结").click()
    driver.settled(other)
    steps.sees(other, "登录已失效")
    assert _listed(other) == []
    page.go_back()
    page.wait_for_load_state()
    page.goto(f"{server.base}/case?ref={ref}")
    assert urlsplit(page.url).path == "/login"
    assert page.context.request.get(f"{server.base}/files/1").status == 401


def test_an_expired_session_says_so_and_leads_back_to_the_same_address(
    server: Server, page: Page
) -> None:
    steps.arrive(page, server, "reviewer4", FILTERED)
    with steps.installation(server.data), db.transaction() as session:
        session.execute(
            update(LoginSession)
            .where(
                LoginSession.user_id
                == select(User.id).where(User.username == "reviewer4").scalar_subquery()
            )
            .values(expires_at=clock.now() - timedelta(minutes=1))
        )
    page.get_by_role("radio", name="受理").click()
    driver.settled(page)
    steps.sees(page, "登录已失效", "请重新登录后继续")
    assert page.locator("tbody tr").count() == 0, "nothing personal may stay on the page"
    page.get_by_role("link", name="重新登录").click()
    page.wait_for_url("**/login?**")
    _fill(page, "reviewer4", server.password)
    page.wait_for_url("**/queue?**")
    driver.settled(page)
    assert _asked(page) == parse_qs(urlsplit(FILTERED).query) | {"tab": ["acceptance"]}
    expect(page.get_by_role("radio", name="受理")).to_be_checked()


def test_a_wrong_password_keeps_the_user_name(server: Server, page: Page) -> None:
    page.goto(f"{server.base}/login?next=/account")
    _fill(page, "reviewer2", "Not-the-password-1")
    expect(page.get_by_role("alert")).to_have_text("用户名或密码不正确。")
    expect(page.get_by_label("用户名")).to_have_value("reviewer2")
    expect(page.get_by_label("密码", exact=True)).to_have_value("")
    page.get_by_label("密码", exact=True).fill(server.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/account")
    driver.settled(page)
    steps.sees(page, "reviewer2")


def test_the_language_is_switched_at_once_and_stays(server: Server, open_page: OpenPage) -> None:
    page = open_page()
    steps.arrive(page, server, "supervisor1", "/queue?tab=closed")
    steps.sees(page, "待办队列")
    page.get_by_role("radio", name="English").click()
    driver.settled(page)
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    assert _asked(page)["tab"] == ["closed"]
    page.reload()
    driver.settled(page)
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    elsewhere = open_page()
    steps.arrive(elsewhere, server, "supervisor1", "/register")
    expect(elsewhere.get_by_role("heading", name="Register")).to_be_visible()
    elsewhere.get_by_role("radio", name="中文").click()
    driver.settled(elsewhere)
    expect(elsewhere.get_by_role("heading", name="注册库")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{server.base}/login")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _fill(page: Page, username: str, password: str) -> None:
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
