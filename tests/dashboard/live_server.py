"""A running server, and what it answers to a browser or a script."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from dashboard.signin import COOKIE

PASSWORD = "Practice-2026"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What the server answered, read to its end."""

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
    """A server on this machine, by its port, and its data folder."""

    port: int
    data: Path

    def ask(
        self, method: str, path: str, *, token: str = "", body: str = "", **headers: str
    ) -> Answer:
        """Send one request; in names of headers `_` stands for `-`, no redirection is followed."""
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
        """Send a form as a browser does."""
        return self.ask("POST", path, token=token, body=urlencode(fields), **FORM, **headers)

    def sign_in(self, username: str = "reviewer1") -> str:
        """The token of a fresh session."""
        answer = self.post("/login", {"username": username, "password": PASSWORD})
        assert answer.status == 303, answer.text
        return answer.cookie
