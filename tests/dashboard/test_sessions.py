"""A session over HTTP: signing out, idle time, and the exchange of its token."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from core import clock, db
from core.accounts import signin
from core.model import LoginSession
from tests.dashboard.live_server import Server


def age(token: str, **minutes: int) -> None:
    """Move the named moments of a session into the past."""
    with db.transaction() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.token_hash == signin.digest(token))
            .values({k: clock.now() - timedelta(minutes=v) for k, v in minutes.items()})
        )


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
