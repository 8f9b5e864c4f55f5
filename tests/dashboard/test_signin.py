"""The sign-in page over HTTP: the form, its cookie, its refusals and the way back."""

from __future__ import annotations

import pytest

from core.accounts import signin
from dashboard.signin import local_path
from tests.dashboard.live_server import PASSWORD, Server


def test_a_script_signs_in_with_two_fields(server: Server) -> None:
    answer = server.post("/login", {"username": "reviewer1", "password": PASSWORD})
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert server.ask("GET", "/queue", token=answer.cookie).status == 200


def test_the_cookie_is_for_this_site_and_out_of_reach_of_scripts(server: Server) -> None:
    answer = server.post("/login", {"username": "reviewer1", "password": PASSWORD})
    flags = {flag.strip().lower() for flag in answer.headers["set-cookie"].split(";")[1:]}
    assert flags == {"httponly", "path=/", "samesite=lax"}


def test_signing_in_always_gives_a_fresh_token_and_ends_the_old_session(server: Server) -> None:
    planted = server.sign_in()
    fields = {"username": "analyst1", "password": PASSWORD}
    answer = server.post("/login", fields, token=planted)
    assert answer.cookie not in {"", planted}
    assert server.ask("GET", "/files/1", token=planted).status == 401


def test_a_refusal_says_why_and_keeps_the_name_and_the_way(server: Server) -> None:
    fields = {"username": 'reviewer1"<b>', "password": "secret-guess-1", "next": "/case?ref=7"}
    answer = server.post("/login", fields, accept_language="en-GB")
    assert answer.status == 401
    assert answer.cookie == ""
    assert str(signin.BadCredentials()) in answer.text
    assert 'value="reviewer1&#34;&lt;b&gt;"' in answer.text
    assert 'value="/case?ref=7"' in answer.text
    assert "secret-guess-1" not in answer.text


def test_a_disabled_account_is_told_so(server: Server) -> None:
    answer = server.post("/login", {"username": "disabled1", "password": PASSWORD})
    assert answer.status == 403
    assert signin.AccountDisabled.text.zh in answer.text or (
        signin.AccountDisabled.text.en in answer.text
    )


def test_a_locked_account_says_when_to_come_back(server: Server) -> None:
    for _ in range(5):
        fields = {"username": "locked1", "password": "wrong-1"}
        answer = server.post("/login", fields, x_forwarded_for="203.0.113.8")
    assert answer.status == 429
    assert 50 <= int(answer.headers["retry-after"]) <= 60


def test_empty_and_oversized_forms_are_refused(server: Server) -> None:
    assert server.post("/login", {"username": "reviewer1"}).status == 400
    assert server.post("/login", {"username": "x" * 20_000, "password": "y"}).status == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://example.org"},
        {"origin": "null"},
        {"referer": "https://example.org/page"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_a_post_from_another_site_is_refused(
    server: Server, path: str, headers: dict[str, str]
) -> None:
    token = server.sign_in()
    fields = {"username": "reviewer1", "password": PASSWORD}
    answer = server.post(path, fields, token=token, **headers)
    assert (answer.status, answer.cookie) == (403, "")
    assert server.ask("GET", "/queue", token=token).status == 200


def test_a_post_from_the_own_form_is_taken(server: Server) -> None:
    fields = {"username": "reviewer1", "password": PASSWORD}
    own = f"http://127.0.0.1:{server.port}"
    assert server.post("/login", fields, origin=own, sec_fetch_site="same-origin").status == 303
    assert server.post("/login", fields, origin=own).status == 303


@pytest.mark.parametrize(
    "wish",
    [
        "https://example.org",
        "//example.org",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "javascript:alert(1)",
        "queue",
        "/login",
        "/logout",
        "/\r\nset-cookie: x=y",
        " /queue",
        "/" + "a" * 3000,
        "",
        None,
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(wish: str | None) -> None:
    assert local_path(wish) == "/"


def test_the_way_back_survives_signing_in(server: Server) -> None:
    fields = {"username": "reviewer1", "password": PASSWORD, "next": "/case?ref=注-1"}
    answer = server.post("/login", fields)
    assert answer.headers["location"] == "/case?ref=%E6%B3%A8-1"
    fields["next"] = "https://example.org/"
    assert server.post("/login", fields).headers["location"] == "/"


def test_whoever_is_signed_in_does_not_see_the_form(server: Server) -> None:
    answer = server.ask("GET", "/login?next=/queue", token=server.sign_in())
    assert (answer.status, answer.headers["location"]) == (303, "/queue")


def test_the_form_speaks_the_language_of_the_browser_or_the_one_asked_for(server: Server) -> None:
    def language(path: str = "/login", **headers: str) -> str:
        return server.ask("GET", path, **headers).text.split('<html lang="')[1][:2]

    assert language() == "zh"
    assert language(accept_language="zh-TW,en;q=0.5") == "zh"
    assert language(accept_language="en;q=0.4, zh;q=0.9") == "zh"
    assert language(accept_language="fr-FR,zh;q=0.5") == "en"
    assert language("/login?lang=en", accept_language="zh-CN") == "en"
    assert language(cookie="language=en", accept_language="zh-CN") == "en"
    chosen = server.ask("GET", "/login?lang=en&next=/queue")
    assert "language=en" in chosen.headers["set-cookie"]
    assert 'value="/queue"' in chosen.text
