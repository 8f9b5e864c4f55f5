"""The gate: what is open, what leads to the sign-in page, what is refused without a session."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core import db
from dashboard import strings
from dashboard.gate import kind_of
from dashboard.signin import COOKIE
from tests.dashboard.live_server import Server


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


def test_an_address_without_a_page_is_said_to_have_none(server: Server) -> None:
    token = server.sign_in()
    for path in ("/nowhere", "/case/17", "/home/x"):
        assert server.ask("GET", path, token=token).status == 404
    answer = server.ask("GET", "/home", token=token)
    assert (answer.status, answer.headers["location"]) == (303, "/")


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
