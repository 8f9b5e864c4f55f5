"""The doors of a running server: requests that no browser sends, and guesses at passwords.

Everything goes to a server of the drill's own on the loopback address, bounded in number.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from core import clock, db
from core.access.actors import SYSTEM
from core.accounts import brakes, signin, users
from core.config import settings
from core.vocabulary.roles import Role
from dashboard.signin import COOKIE
from tests.drill.result import Result

ROOT = Path(__file__).parents[2]
PASSWORD = "Practice-2026"
SLOWEST, MOST_GROWTH = 10.0, 500.0  # seconds, megabytes

JUNK = (
    b"\x00", b"\xff\xfe", b"%00", b"%", b"%zz", b"%c0%ae%c0%ae/", b"../../", b"\\..\\", b"[", b"]:",
    b"://", b"a" * 3000, b"\xe4\xb8\xad", b"%ed%a0%80", b"%0d%0aset-cookie:x=1", b"<script>",
    b"'\"", b"{{7*7}}", b"%2e%2e%2f", b"\xc2\xb2", b";", b"&&&==&", b"9" * 5000, b"-1",
    b"%E2%80%AE", b"\x7f",
)  # fmt: skip
ADDRESSES = (
    b"/", b"/login", b"/logout", b"/queue", b"/case", b"/files/1", b"/files/1/thumb", b"/static/x",
    b"/media/x", b"/component/x/y", b"/healthz", b"/readyz", b"/_stcore/health", b"/favicon.png",
    b"/_stcore/host-config", b"/_stcore/upload_file/a/b", b"/_stcore/stream", b"/account",
)  # fmt: skip
STAYING = tuple(address for address in ADDRESSES if address != b"/logout")
"""Those that do not end the sign-in that the drill is made with."""
METHODS = (b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"BREW")
ORIGINS = (
    b"http://[", b"http://[::1", b"null", b"://", b"http://a:b:c", b"http://\xff", b"", b"http://]",
    b"http://127.0.0.1:99999999", b"\xe2\x84\x80://x", b"http://[v1.x]", b"http://a\xe2\x84\x80b",
)  # fmt: skip
HOSTS = (b"[", b"[::", b"a b", b"", b"\xff", b"x" * 300, b"a:b:c", b"evil.example", b"[::1]:x")
COOKIES = (
    b"\x80\x81", b"=", b";;;", COOKIE.encode() + b"=" + b"x" * 4000, COOKIE.encode() + b'="\\777"',
    b'regdesk_device="\\303\\050.1.2"', b"regdesk_device=..", b"language=%00", b'a="', b"x" * 8000,
    b"regdesk_device=9" + b"9" * 150 + b".a.b",
)  # fmt: skip
CHARSETS = (
    "utf-8", "UTF-16", "utf-7", "idna", "punycode", "undefined", "zlib", "base64", "unicode_escape",
    "raw_unicode_escape", "rot13", "\x00", "mbcs", "x" * 500, '"', "utf-8;charset=idna",
)  # fmt: skip
TYPES = (
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
    'multipart/form-data; boundary="', "application/json", "text/plain", "", ";", "x",
    "application/x-www-form-urlencoded",
)  # fmt: skip


@dataclass(frozen=True)
class Door:
    """A running server. process: its number; log: what it prints."""

    port: int
    process: int
    log: Path
    token: str

    def send(self, request: bytes, *, patience: float = SLOWEST) -> bytes:
        """The first line of the answer; empty when the server hung up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as line:
            with suppress(OSError):  # it may refuse before it has read everything
                line.sendall(request)
            answer = b""
            with suppress(OSError):
                while b"\r\n" not in answer and (more := line.recv(4096)):
                    answer += more
        return answer.partition(b"\r\n")[0]

    def ready(self) -> bool:
        """True when the server answers and its database is within reach."""
        return b" 200 " in self.send(request(b"GET", b"/readyz", [(b"Host", b"x")]))

    def megabytes(self) -> float:
        """Memory of the server's process."""
        pages = Path(f"/proc/{self.process}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def seconds(self) -> float:
        """CPU time that the server's process has used."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def opened(folder: Path, port: int) -> Iterator[Door]:
    """A server on `port` with an empty desk in `folder`, and one officer who is signed in."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'regdesk.db'}"
    before = {name: value for name, value in os.environ.items() if name.startswith("REGDESK_")}
    for name in before:
        del os.environ[name]
    os.environ["REGDESK_DATA"] = str(folder)
    settings.cache_clear()
    db.migrate(url)
    engine = db.connect(url)
    db.use(engine)
    try:
        with db.transaction() as session:
            user = users.create_user(
                session, SYSTEM, username="reviewer1", name="演示", password=PASSWORD,
                roles=[Role.REVIEWER], now=clock.now(),
            )  # fmt: skip
            token = signin.open_session(session, user, address="", agent="", now=clock.now())
    finally:
        db.use(None)
        engine.dispose()
        del os.environ["REGDESK_DATA"]
        os.environ.update(before)
        settings.cache_clear()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("REGDESK_", "STREAMLIT_"))}
    env |= {"REGDESK_DATA": str(folder), "REGDESK_PORT": str(port), "PYTHONPATH": str(ROOT)}
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard"], cwd=folder, env=env, stdout=output, stderr=output
        )
    try:
        door = Door(port, process.pid, log, token)
        _wait(door, process)
        yield door
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(door: Door, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            if b" 200 " in door.send(
                b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            ):
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{door.log.read_text(errors='replace')}")


def request(
    method: bytes, path: bytes, headers: Iterable[tuple[bytes, bytes]], body: bytes = b""
) -> bytes:
    """A request as bytes, however wrong."""
    lines = [b"%s: %s" % pair for pair in headers]
    return b"\r\n".join(
        [b"%s %s HTTP/1.1" % (method, path), *lines, b"Connection: close", b"", body]
    )


def addresses(chance: random.Random, token: str, host: bytes) -> Iterator[bytes]:
    """Paths and queries with signs, bytes and lengths that mean nothing."""
    while True:
        path = chance.choice(STAYING) + chance.choice([b"", b"/", b"/", b"?", b"?lang="])
        path += b"".join(chance.choices(JUNK, k=chance.randint(0, 3)))
        if chance.random() < 0.7:  # as a client would send it
            path = quote_from_bytes(path, safe="/?&=%").encode()
        headers = [(b"Host", host)]
        if chance.random() < 0.5:
            headers.append((b"Cookie", f"{COOKIE}={token}".encode()))
        yield request(chance.choice(METHODS), path.replace(b" ", b""), headers)


def headers(chance: random.Random, token: str, host: bytes) -> Iterator[bytes]:
    """Origins, hosts, cookies and other headers that nobody can read."""
    while True:
        sent = [(b"Host", chance.choice([host, host, *HOSTS]))]
        if chance.random() < 0.5:
            sent.append((b"Cookie", f"{COOKIE}={token}".encode()))
        for name, values in (
            (b"Origin", ORIGINS), (b"Referer", ORIGINS), (b"Cookie", COOKIES),
            (b"Accept-Language", (b"zh;q=nan", b"," * 500, b";q=", b"en;q=1e999,zh;q=-1", b"\xff")),
            (b"Range", (b"bytes=-", b"bytes=9-1", b"bytes=" + b"0-1," * 200, b"x")),
            (b"X-Forwarded-For", (b"\xff", b"," * 100, b"1.2.3.4, x")),
            (b"If-None-Match", (b"\xff", b'"')), (b"User-Agent", (b"\xff\x01", b"x" * 4000)),
            (b"Sec-Fetch-Site", (b"none", b"\xff")), (b"Content-Length", (b"-1", b"\xb2", b"x")),
            (b"Upgrade", (b"websocket", b"h2c")), (b"Connection", (b"Upgrade",)),
        ):  # fmt: skip
            if chance.random() < 0.25:
                sent.append((name, chance.choice(values)))
        yield request(chance.choice(METHODS[:3]), chance.choice(STAYING), sent)


def forms(chance: random.Random, _token: str, host: bytes) -> Iterator[bytes]:
    """Sign-in forms with fields, charsets, boundaries and lengths that do not fit."""
    while True:
        kind = chance.choice(TYPES)
        if chance.random() < 0.5:
            kind += f"; charset={chance.choice(CHARSETS)}"
        word = b"".join(chance.choices(JUNK, k=chance.randint(0, 2)))
        if "multipart" in kind:
            part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
            body = part % (b"username", chance.choice([b"", b'; filename="a"', b"; x"]), word)
            body += part % (chance.choice([b"password", word]), b"", b"wrong-1")
            body += chance.choice([b"--x--\r\n", b"", b"--x"])
        else:
            body = b"username=%s&password=%s&next=%s" % (word, b"wrong-1", chance.choice(JUNK))
        sent = [(b"Host", host), (b"Content-Type", kind.replace("\x00", "\\").encode())]
        how = chance.random()
        if how < 0.8:
            sent.append((b"Content-Length", str(len(body)).encode()))
        elif how < 0.9:
            sent.append((b"Content-Length", chance.choice([b"0", b"-5", b"99999999999", b"1e3"])))
        else:
            sent.append((b"Transfer-Encoding", b"chunked"))
            body = chance.choice([b"zz\r\n", b"5\r\nabc", b"0\r\n\r\n", b"-1\r\n", b"f" * 50])
        yield request(b"POST", chance.choice([b"/login", b"/login", b"/logout"]), sent, body)


def lines(chance: random.Random, _token: str, _host: bytes) -> Iterator[bytes]:
    """What is hardly HTTP."""
    while True:
        yield b"".join(
            chance.choices(
                [b"GET ", b"/", b" HTTP/1.1", b"HTTP/9.9", b"\r\n", b"\n", b"Host: x", b":", *JUNK],
                k=chance.randint(1, 12),
            )
        )


COUNTS = {"addresses": 3000, "headers": 3000, "sign-in forms": 3000, "lines": 500}
KINDS = {"addresses": addresses, "headers": headers, "sign-in forms": forms, "lines": lines}
# Seconds to wait for an answer where the server may rightly wait for the rest of the request.
UNFINISHED = {"headers": 1.0, "sign-in forms": 1.0, "lines": 0.1}


def fire(door: Door, name: str, count: int, seed: int = 1) -> Result:
    """Send `count` requests of a kind, one after the other."""
    made = KINDS[name](random.Random(seed), door.token, b"127.0.0.1:%d" % door.port)
    memory, logged = door.megabytes(), door.log.stat().st_size
    refused, longest, trouble = 0, 0.0, []
    for _ in range(count):
        sent = next(made)
        used = door.seconds()
        first = door.send(sent, patience=UNFINISHED.get(name, SLOWEST))
        longest = max(longest, door.seconds() - used)
        status = first.split(b" ")[1:2]
        if status and status[0].startswith(b"5"):
            trouble.append(f"{first.decode(errors='replace')} for {sent[:300]!r}")
        refused += not (status and status[0] in {b"200", b"303", b"304"})
    return _result(door, name, count, refused, longest, memory, logged, trouble)


def sockets(door: Door, count: int, seed: int = 1) -> Result:
    """Websockets of somebody who is signed in, with messages that are none."""
    chance, memory, logged = random.Random(seed), door.megabytes(), door.log.stat().st_size
    refused, longest, trouble = 0, 0.0, []
    for _ in range(count):
        used = door.seconds()
        try:
            with connect(
                f"ws://127.0.0.1:{door.port}/_stcore/stream",
                subprotocols=["streamlit"],  # type: ignore[list-item]
                additional_headers={"cookie": f"{COOKIE}={door.token}"},
                open_timeout=SLOWEST, close_timeout=2,
            ) as line:  # fmt: skip
                for _message in range(3):
                    junk = chance.randbytes(chance.choice([0, 1, 20, 3000]))
                    line.send(junk if chance.random() < 0.8 else junk.hex())
        except (WebSocketException, OSError, EOFError):
            refused += 1
        longest = max(longest, door.seconds() - used)
    name = "websocket messages"
    return _result(door, name, count, refused, longest, memory, logged, trouble)


def guesses(door: Door, count: int) -> Result:
    """Wrong passwords for one account, and one account after the other, then the right one."""
    memory, logged = door.megabytes(), door.log.stat().st_size
    refused, longest, trouble = 0, 0.0, []
    kind = [(b"Host", b"x"), (b"Content-Type", b"application/x-www-form-urlencoded")]
    answers: dict[bytes, int] = {}
    for number in range(count):
        name = "reviewer1" if number % 2 else f"nobody{number}"
        body = f"username={name}&password=wrong-{number}".encode()
        used = door.seconds()
        length = (b"Content-Length", b"%d" % len(body))
        first = door.send(request(b"POST", b"/login", [*kind, length], body))
        longest = max(longest, door.seconds() - used)
        status = first[9:12]
        answers[status] = answers.get(status, 0) + 1
        refused += status in {b"401", b"429"}
    if refused < count:
        trouble.append(f"answers other than 401 and 429: {answers}")
    if answers.get(b"401", 0) > brakes.PER_ADDRESS.limit + 20:  # some drain away meanwhile
        trouble.append(f"guessing was not slowed: {answers}")
    return _result(door, "guesses", count, refused, longest, memory, logged, trouble)


def _result(
    door: Door, name: str, count: int, refused: int, longest: float, memory: float, logged: int,
    trouble: list[str],
) -> Result:  # fmt: skip
    with door.log.open("rb") as log:
        log.seek(logged)
        printed = log.read().decode(errors="replace")
    if "Traceback" in printed:
        trouble.append("a traceback: " + printed[printed.index("Traceback") :][:2000])
    grown = max(0.0, door.megabytes() - memory)
    if longest > SLOWEST or grown > MOST_GROWTH:
        trouble.append(f"{longest:.1f} s, {grown:.0f} MB")
    if not door.ready():
        trouble.append("the server answers no more")
    return Result(name, count, refused, count - refused, longest, grown, tuple(trouble))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(scale: float, folder: Path) -> Iterator[Result]:
    """Every kind of request; at scale 1 some ten thousand."""
    with opened(folder / "doors", free_port()) as door:
        for name in KINDS:
            yield fire(door, name, max(50, int(COUNTS[name] * scale)))
        yield sockets(door, max(5, int(200 * scale)))
        yield guesses(door, max(30, int(400 * scale)))
