"""The two servers that are compared, on loopback: the desk, and an almost empty Streamlit page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 90

STOCK = '''\
"""The floor: what any page of Streamlit costs before it does anything."""

import pandas  # noqa: F401  every real application has it
import streamlit as st

st.title("Almost empty")
st.write("One line.")
st.button("One button")
'''


class NotStarted(Exception):
    """A server did not come up; the message ends with what it printed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. base: its address without a slash."""

    base: str
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time it has used so far; 0 where the system does not tell.

        Unlike the time on the clock it does not grow with what else the machine is doing.
        """
        try:
            told = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return 0.0
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def environment(**settings: str) -> dict[str, str]:
    """The environment for a process of ours: nothing of the caller's own settings."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REGDESK_", "STREAMLIT_"))
    }
    return inherited | {"PYTHONUNBUFFERED": "1"} | settings


@contextmanager
def desk(data: Path, log: Path) -> Iterator[Server]:
    """The desk on the data folder `data`; raises NotStarted."""
    port = _free_port()
    env = environment(REGDESK_DATA=str(data), REGDESK_PORT=str(port))
    command = [sys.executable, "-m", "dashboard"]
    with _running(command, ROOT, env, log, f"http://127.0.0.1:{port}", "/readyz") as ready:
        yield ready


@contextmanager
def stock(folder: Path, log: Path, script: str = STOCK) -> Iterator[Server]:
    """A stock server with Streamlit's own defaults and one `script`.

    folder: an empty one; it becomes the server's home, so that no settings of anybody apply.
    Raises NotStarted.
    """
    (folder / "page.py").write_text(script, encoding="utf-8")
    port = _free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", "page.py", "--server.headless", "true",
        "--server.address", "127.0.0.1", "--server.port", str(port),
        "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    env = environment(HOME=str(folder))
    base = f"http://127.0.0.1:{port}"
    with _running(command, folder, env, log, base, "/_stcore/health") as ready:
        yield ready


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(
    command: list[str], folder: Path, env: dict[str, str], log: Path, base: str, health: str
) -> Iterator[Server]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait(process, base + health, log)
        yield Server(base, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.1)
    printed = log.read_text(errors="replace")[-2000:]
    raise NotStarted(f"{health} did not answer within {START_SECONDS} s\n{printed}")
