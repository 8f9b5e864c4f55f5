"""The gate, signing in over HTTP, and pages cut off at once: against the real server."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
import streamlit
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core import clock, db
from core.access.actors import SYSTEM
from core.access.permissions import Permission
from core.accounts import signin, users
from core.config import settings
from core.model import AccessLog, LoginSession, User
from core.vocabulary.roles import Role
from dashboard import navigation, strings
from dashboard.gate import kind_of
from dashboard.session import SIGN_IN_KEY
from dashboard.signin import COOKIE, local_path
from tests.core.files.test_attachments import a_picture, an_attachment

ROOT = Path(__file__).parents[2]
PASSWORD = "Practice-2026"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def cookie(self) -> str:
        """The session token that this answer sets."""
        for line in self.headers.get_all("set-cookie") or []:
            if line.startswith(f"{COOKIE}="):
                return line.split(";")[0].removeprefix(f"{COOKIE}=")
        return ""

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Server:
    port: int
    data: Path

    def ask(
        self, method: str, path: str, *, token: str = "", body: str = "", **headers: str
    ) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["cookie"] = f"{COOKIE}={token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def post(self, path: str, fields: dict[str, str], *, token: str = "", **headers: str) -> Answer:
        return self.ask("POST", path, token=token, body=urlencode(fields), **FORM, **headers)

    def sign_in(self, username: str = "reviewer1") -> str:
        answer = self.post("/login", {"username": username, "password": PASSWORD})
        assert answer.status == 303, answer.text
        return answer.cookie


@pytest.fixture(scope="module")
def running(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("gate")
    shutil.copyfile(sqlite_template, data / "regdesk.db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("REGDESK_", "STREAMLIT_"))}
    env |= {"REGDESK_DATA": str(data), "REGDESK_PORT": str(port), "PYTHONPATH": str(ROOT)}
    log = data / "server.log"
    with log.open("wb") as output:
        # From another folder on purpose: the place must not matter.
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard"], cwd=data, env=env, stdout=output, stderr=output
        )
    server = Server(port, data)
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            try:
                if server.ask("GET", "/readyz").status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        assert process.wait(20) in {0, -signal.SIGTERM}
    assert "Traceback" not in log.read_text()


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server, with its database and its store open to the test as well."""
    monkeypatch.setenv("REGDESK_DATA", str(running.data))
    settings.cache_clear()
    engine = db.connect(f"sqlite:///{running.data / 'regdesk.db'}")
    db.use(engine)
    with db.transaction() as session:
        if session.scalar(select(User.id)) is None:
            people(session)
    yield running
    db.use(None)
    engine.dispose()


def people(session: db.Session) -> None:
    for username, role in (
        ("reviewer1", Role.REVIEWER),
        ("analyst1", Role.ANALYST),
        ("locked1", Role.REVIEWER),
        ("disabled1", Role.REVIEWER),
    ):
        user = users.create_user(
            session,
            SYSTEM,
            username=username,
            name="演示",
            password=PASSWORD,
            roles=[role],
            now=clock.now(),
        )
        user.disabled = username == "disabled1"


def age(token: str, **minutes: int) -> None:
    """Move the named moments of a session into the past."""
    with db.transaction() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.token_hash == signin.digest(token))
            .values({k: clock.now() - timedelta(minutes=v) for k, v in minutes.items()})
        )


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "/login"),
        ("/queue", "/login?next=%2Fqueue"),
        ("/case?ref=A-1&tab=2", "/login?next=%2Fcase%3Fref%3DA-1%26tab%3D2"),
        ("/nowhere", "/login?next=%2Fnowhere"),
    ],
)
def test_pages_lead_to_the_sign_in_page_and_back(server: Server, path: str, location: str) -> None:
    answer = server.ask("GET", path)
    assert (answer.status, answer.headers["location"]) == (303, location)


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/host-config",
        "/_stcore/upload_file/x/y",
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/queue/_stcore/health",
        "/media/0000.png",
        "/component/x/index.html",
        "/app/static/x",
        "/files/1",
        "/files/1/thumb",
        "/index.html",
        "//example.org/",
    ],
)
@pytest.mark.parametrize("token", ["", "made-up", "x" * 5000])
def test_everything_else_is_refused_without_a_session(
    server: Server, path: str, token: str
) -> None:
    assert server.ask("GET", path, token=token).status == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/queue", "/files/1", "/_stcore/upload_file/x/y"])
def test_writing_is_refused_without_a_session(server: Server, method: str, path: str) -> None:
    assert server.ask(method, path, body="x").status == 401


@pytest.mark.parametrize("path", ["/login", "/healthz", "/readyz", "/_stcore/health"])
def test_sign_in_and_health_are_open(server: Server, path: str) -> None:
    assert server.ask("GET", path).status == 200


def test_static_files_are_open_and_the_database_is_not_asked_for_them(server: Server) -> None:
    index = server.ask("GET", "/", token=server.sign_in()).text
    script = index.split('src="./static/')[1].split('"')[0]
    assert server.ask("GET", f"/static/{script}").status == 200
    assert kind_of(f"/static/{script}") == "open"


@pytest.mark.parametrize(
    "path", ["/static/../files/1", "/static/%2e%2e/files/1", "/files/../login"]
)
def test_a_path_cannot_be_smuggled_past_the_gate(server: Server, path: str) -> None:
    answer = server.ask("GET", path)
    assert "regdesk" not in answer.text.lower() or answer.status in {303, 400, 401}
    assert answer.headers["content-type"] != "image/jpeg"


@pytest.mark.parametrize("token", ["", "made-up"])
def test_the_websocket_is_refused_without_a_session(server: Server, token: str) -> None:
    with pytest.raises(InvalidStatus) as caught:
        _open_websocket(server, token)
    assert caught.value.response.status_code == 403


def test_the_websocket_is_refused_to_another_site(server: Server) -> None:
    with pytest.raises(InvalidStatus) as caught:
        _open_websocket(server, server.sign_in(), origin="https://example.org")
    assert caught.value.response.status_code == 403


def test_the_websocket_opens_with_a_session(server: Server) -> None:
    _open_websocket(server, server.sign_in())


def _open_websocket(server: Server, token: str, origin: str | None = None) -> None:
    with connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        origin=origin,  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={"cookie": f"{COOKIE}={token}"},
    ):
        pass


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


def test_signing_out_ends_the_session_on_the_server(server: Server) -> None:
    token = server.sign_in()
    assert server.ask("GET", "/logout", token=token).status == 200
    assert server.ask("GET", "/queue", token=token).status == 200
    answer = server.post("/logout", {}, token=token)
    assert (answer.status, answer.headers["location"]) == (303, "/login?left")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert server.ask("GET", "/queue", token=token).status == 303


def test_an_idle_session_is_over(server: Server) -> None:
    token = server.sign_in()
    age(token, seen_at=31)
    assert server.ask("GET", "/queue", token=token).status == 303


def test_the_token_is_exchanged_on_page_loads_only_when_it_is_old(server: Server) -> None:
    token = server.sign_in()
    assert server.ask("GET", "/queue", token=token).cookie == ""
    age(token, rotated_at=16)
    assert server.ask("GET", "/_stcore/host-config", token=token).cookie == ""
    successor = server.ask("GET", "/queue", token=token).cookie
    assert successor not in {"", token}
    # The old one still serves requests under way, and is told its successor again.
    assert server.ask("GET", "/_stcore/host-config", token=token).status == 200
    assert server.ask("GET", "/queue", token=token).cookie == successor
    age(successor, rotated_at=2)
    assert server.ask("GET", "/queue", token=token).status == 303
    assert server.ask("GET", "/queue", token=successor).status == 200


@pytest.mark.parametrize("path", ["/", "/login", "/static/x.js", "/files/1", "/healthz"])
def test_every_answer_carries_its_guards(server: Server, path: str) -> None:
    headers = server.ask("GET", path, token=server.sign_in()).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "camera=()" in headers["permissions-policy"]


def test_pages_are_not_kept_by_the_browser(server: Server) -> None:
    assert server.ask("GET", "/queue", token=server.sign_in()).headers["cache-control"] == (
        "no-store"
    )


def test_an_address_without_a_page_is_said_to_have_none(server: Server) -> None:
    token = server.sign_in()
    for path in ("/nowhere", "/case/17", "/home/x"):
        assert server.ask("GET", path, token=token).status == 404
    answer = server.ask("GET", "/home", token=token)
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_a_picture_is_served_to_whoever_may_see_it_and_each_reading_logged(server: Server) -> None:
    data = a_picture()
    with db.transaction() as session:
        attachment = an_attachment(session, data=data, filename='照片"\r\n.jpg')
    path, token = f"/files/{attachment.id}", server.sign_in()
    answer = server.ask("GET", path, token=token)
    assert (answer.status, answer.body) == (200, data)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("inline; filename*=utf-8''")
    assert answer.headers["cache-control"] == "private, no-cache"
    tag = answer.headers["etag"]
    assert tag == f'"{attachment.sha256}"'
    assert server.ask("GET", path, token=token, if_none_match=tag).status == 304
    small = server.ask("GET", f"{path}/thumb", token=token)
    assert small.status == 200
    assert len(small.body) < len(data)
    with db.reading() as session:
        assert len(session.scalars(select(AccessLog)).all()) == 2
    refused = [
        server.ask("GET", path, token=server.sign_in("analyst1")),
        server.ask("GET", "/files/987654", token=token),
        server.ask("GET", f"/files/{10**30}", token=token),
    ]
    assert {(each.status, each.body) for each in refused} == {(404, b"not found")}


def test_a_database_out_of_reach_is_said_calmly_in_both_languages(server: Server) -> None:
    token = server.sign_in()
    database = server.data / "regdesk.db"
    hidden = server.data / "away.db"
    with db.transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE login_sessions RENAME TO away")
    try:
        page = server.ask("GET", "/queue", token=token)
        other = server.ask("GET", "/files/1", token=token)
    finally:
        with db.transaction() as session:
            session.connection().exec_driver_sql("ALTER TABLE away RENAME TO login_sessions")
    assert (page.status, other.status) == (503, 503)
    assert strings.UNAVAILABLE_TITLE.zh in page.text
    assert strings.UNAVAILABLE_TITLE.en in page.text
    assert database.exists()
    assert not hidden.exists()


@pytest.fixture
def browser_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the browser tells the application; the test harness has no answer of its own."""
    said = SimpleNamespace(cookies={}, url="http://desk.test/account", locale="zh-CN")
    monkeypatch.setattr(streamlit, "context", said)


def _visit(role: Role) -> tuple[AppTest, int]:
    """The application as a person of `role` has it open, and the number of their sign-in."""
    now = clock.now()
    with db.transaction() as session:
        user = users.create_user(
            session,
            SYSTEM,
            username=f"page-{role.value}".replace("_", "-"),
            name="演示员",
            password=PASSWORD,
            roles=[role],
            now=now,
        )
        token = signin.open_session(session, user, address="", agent="", now=now)
        found = signin.visitor(session, token, now)
    assert found is not None
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30)
    app.session_state[SIGN_IN_KEY] = (found.session_id, signin.digest(""))
    return app, found.session_id


def _words(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in (*app.header, *app.info, *app.subheader))


@pytest.mark.usefixtures("engine", "browser_says")
def test_signing_out_elsewhere_cuts_an_open_page_off_at_its_next_run() -> None:
    app, row = _visit(Role.SUPPORT)
    app.switch_page(str(navigation.FOLDER / "account.py")).run()
    assert not app.exception
    assert "演示员" in _words(app)
    with db.transaction() as session:
        found = signin.visitor(session, row, clock.now())
        assert found is not None
        signin.sign_out_everywhere(session, found.actor, now=clock.now())
    app.run()
    assert strings.EXPIRED_TITLE.zh in _words(app)
    assert "演示员" not in _words(app)


@pytest.mark.usefixtures("engine", "browser_says")
def test_a_page_beyond_ones_role_names_the_roles_that_have_it() -> None:
    app, _row = _visit(Role.ANALYST)
    app.switch_page(str(navigation.FOLDER / "case.py")).run()
    assert not app.exception
    assert strings.NOT_PERMITTED_TITLE.zh in _words(app)
    assert "审查员" in _words(app)


@pytest.mark.usefixtures("engine", "browser_says")
def test_nobody_sees_a_page_without_having_signed_in() -> None:
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30).run()
    assert strings.EXPIRED_TITLE.zh in _words(app)


def test_every_page_has_its_script_and_every_permission_a_holder() -> None:
    assert {spec.path for spec in navigation.PAGES} == {
        path.stem for path in navigation.FOLDER.glob("*.py")
    }
    assert all(isinstance(spec.permission, Permission) for spec in navigation.PAGES)
