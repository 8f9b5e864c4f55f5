"""The doors of a server: a small part of the drill, and what once got through as an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings as rules, strategies as st

from tests.drill import doors
from tests.drill.doors import Door, fire, guesses, request, sockets

FORM = (b"Content-Type", b"application/x-www-form-urlencoded")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with doors.opened(tmp_path_factory.mktemp("doors"), doors.free_port()) as opened:
        yield opened
    assert "Traceback" not in opened.log.read_text(errors="replace")


def status(
    door: Door, method: bytes, path: bytes, *headers: tuple[bytes, bytes], **more: bytes
) -> int:
    body = more.get("body", b"")
    sent = [(b"Host", b"desk"), *headers]
    if body:
        sent.append((b"Content-Length", b"%d" % len(body)))
    if more.get("token"):
        sent.append((b"Cookie", b"regdesk_session=" + more["token"]))
    return int(door.send(request(method, path, sent, body)).split(b" ")[1])


@pytest.mark.parametrize("name", ["Origin", "Referer"])
@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "://", "http://[v1.x]"])
def test_an_origin_that_is_none_comes_from_elsewhere(door: Door, name: str, origin: str) -> None:
    header = (name.encode(), origin.encode())
    for path in (b"/login", b"/logout", b"/queue"):
        assert status(door, b"POST", path, FORM, header, body=b"username=a&password=b") == 403


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (b"application/x-www-form-urlencoded; charset=UTF-8", 401),
        (b'multipart/form-data; boundary=x; charset="utf-8"', 401),
        (b"multipart/form-data; boundary=x; charset=idna", 415),
        (b"multipart/form-data; boundary=x; charset=undefined", 415),
        (b"multipart/form-data; boundary=x; charset=utf-16", 415),
        (b"multipart/form-data", 400),
        (b"multipart/form-data; boundary=", 400),
        (b"multipart/form-data; boundary=y", 400),
        (b"application/json", 415),
        (b"text/plain", 415),
        (b"", 415),
    ],
)
def test_a_form_is_read_in_one_charset_only(door: Door, kind: bytes, expected: int) -> None:
    field = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\nnobody-1\r\n'
    body = field % b"username" + field % b"password" + b"--x--\r\n"
    if b"urlencoded" in kind:
        body = b"username=nobody-1&password=wrong-1"
    assert status(door, b"POST", b"/login", (b"Content-Type", kind), body=body) == expected


@pytest.mark.parametrize(
    "name", [b"a%00b", b"%00", b"%ff%fe", b"%ed%a0%80", b"x" * 3000, b"%E2%80%AEx", b"\xff"]
)
def test_a_user_name_that_nobody_can_have_is_refused_like_any_other(
    door: Door, name: bytes
) -> None:
    body = b"username=" + name + b"&password=%00wrong"
    assert status(door, b"POST", b"/login", FORM, body=body) in {401, 429}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"/static/%00", 400),
        (b"/%00", 400),
        (b"/queue%0d%0ax:y", 400),
        (b"/files/" + b"9" * 5000, 414),
        (b"/files/" + b"9" * 1900, 404),
        (b"/login?next=" + b"x" * 9000, 414),
        (b"/login?lang=%00&next=%ff", 303),
        (b"/%ff%fe", 404),
        (b"/case?ref=%00", 200),
    ],
)
def test_addresses_that_mean_nothing_are_answered_as_such(
    door: Door, path: bytes, expected: int
) -> None:
    assert status(door, b"GET", path, token=door.token.encode()) == expected
    assert status(door, b"GET", path) < 500


@pytest.mark.parametrize("host", [b"[", b"a b", b"\xff", b"x" * 300, b"a:b:c"])
def test_a_host_that_is_none_is_refused(door: Door, host: bytes) -> None:
    answer = door.send(request(b"GET", b"/queue", [(b"Host", host)]))
    assert answer.split(b" ")[1] == b"400"


def test_a_form_without_a_length_is_refused_before_it_is_read(door: Door) -> None:
    sent = [(b"Host", b"desk"), FORM, (b"Transfer-Encoding", b"chunked")]
    for body in (b"0\r\n\r\n", b"zz\r\n", b"5\r\nabc"):
        answer = door.send(request(b"POST", b"/login", sent, body))
        assert answer.split(b" ")[1] in {b"400", b"411"}


@pytest.mark.parametrize("kind", sorted(doors.KINDS))
def test_a_part_of_the_drill_finds_no_trouble(door: Door, kind: str) -> None:
    assert fire(door, kind, 30 if kind == "lines" else 80, seed=7).trouble == ()


def test_messages_that_are_none_end_their_connection_alone(door: Door) -> None:
    assert sockets(door, 6).trouble == ()


@rules(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.binary(max_size=60).filter(lambda path: not {9, 10, 13, 32} & set(path)),
    name=st.sampled_from([b"Origin", b"Referer", b"Cookie", b"Accept-Language", b"Range"]),
    value=st.binary(max_size=80).filter(lambda value: not {0, 10, 13} & set(value)),
    signed_in=st.booleans(),
)
def test_no_address_or_header_is_answered_with_an_error_of_ours(
    door: Door, path: bytes, name: bytes, value: bytes, signed_in: bool
) -> None:
    sent = [(b"Host", b"desk"), (name, value)]
    if signed_in and name != b"Cookie":
        sent.append((b"Cookie", b"regdesk_session=" + door.token.encode()))
    first = door.send(request(b"GET", b"/" + path, sent), patience=5)
    assert first[9:10] != b"5", first


def test_guessing_is_slowed_and_the_server_goes_on(door: Door) -> None:
    """Last, since it uses up what this address may try."""
    assert guesses(door, 140).trouble == ()
    assert status(door, b"GET", b"/login") == 200


def test_the_drill_runs(tmp_path: Path) -> None:
    results = list(doors.run(0.01, tmp_path))
    assert [result.name for result in results] == [*doors.KINDS, "websocket messages", "guesses"]
    assert all(result.tried for result in results)
    assert [result.trouble for result in results if result.trouble] == []
