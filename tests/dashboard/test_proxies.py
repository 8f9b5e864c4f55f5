"""Whose address counts: a proxy is believed only where the settings name it."""

from __future__ import annotations

import asyncio

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from core.config import Unusable, settings


def seen(peer: str, forwarded: list[str], trusted: str) -> str:
    """The client's address as the application sees it."""
    found: list[str] = []

    async def app(scope: dict, _receive: object, _send: object) -> None:  # type: ignore[type-arg]
        found.append(scope["client"][0])

    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope = {"type": "http", "client": (peer, 1), "headers": headers, "scheme": "http"}
    asyncio.run(ProxyHeadersMiddleware(app, trusted)(scope, None, None))  # type: ignore[arg-type]
    return found[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("127.0.0.1", ["203.0.113.9"], "", "127.0.0.1"),
        ("10.0.0.5", ["203.0.113.9"], "10.0.0.0/24", "203.0.113.9"),
        ("10.0.0.5", ["6.6.6.6, 203.0.113.9"], "10.0.0.0/24", "203.0.113.9"),
        ("10.0.0.5", ["6.6.6.6", "203.0.113.9, 10.0.0.7"], "10.0.0.0/24", "203.0.113.9"),
        ("192.0.2.1", ["6.6.6.6"], "10.0.0.0/24", "192.0.2.1"),
        ("10.0.0.5", [], "10.0.0.5", "10.0.0.5"),
        ("10.0.0.5", [""], "10.0.0.5", "10.0.0.5"),
        ("fd00::1", ["2001:db8::9"], "10.0.0.5,fd00::/8", "2001:db8::9"),
    ],
)
def test_the_right_most_address_that_is_no_trusted_proxy_is_the_client(
    peer: str, forwarded: list[str], trusted: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGDESK_TRUSTED_PROXIES", trusted)
    settings.cache_clear()
    assert seen(peer, forwarded, ",".join(settings().trusted_proxies)) == expected


@pytest.mark.parametrize("named", ["10.0.0.1/8", "proxy.example", "10.0.0.0/33", "*", "1.2.3"])
def test_what_names_no_network_is_refused_at_start(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGDESK_TRUSTED_PROXIES", named)
    settings.cache_clear()
    with pytest.raises(Unusable, match="REGDESK_TRUSTED_PROXIES"):
        settings()
