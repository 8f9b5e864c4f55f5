"""Headers that guard every answer."""

from __future__ import annotations

import pytest

from tests.dashboard.live_server import Server


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
