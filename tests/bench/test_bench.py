"""The benchmark counts what it should: failures, the page that ran, its content. No timings."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import client, measure, servers
from tests.bench.__main__ import main
from tests.bench.client import Run
from tests.bench.measure import HOME, QUEUE, STOCK, Measured, Target, fault

FAULTY = """\
import streamlit as st

if "fail" in st.query_params:
    raise RuntimeError("on purpose")
st.title("Sound")
st.write("A line.")
st.button("A button")
"""


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """A stock server whose page fails when asked to."""
    folder = tmp_path_factory.mktemp("stock")
    with servers.stock(folder, folder / "log", FAULTY) as server:
        yield server


def runs_of(server: servers.Server, address: str, times: int = 1) -> list[Run]:
    async def all_of_them() -> list[Run]:
        async with client.tab(server.base, address) as tab:
            return [await tab.run() for _ in range(times)]

    return asyncio.run(all_of_them())


def test_a_run_is_read_whole_again_and_again(stock: servers.Server) -> None:
    for run in runs_of(stock, "/", 3):
        assert (run.elements, run.exceptions, run.whole, run.page) == (3, 0, True, "")
        assert "Sound" in run.words
        assert fault(run, STOCK) is None


def test_an_exception_on_a_page_is_a_failure(stock: servers.Server) -> None:
    (run,) = runs_of(stock, "/?fail=1")
    assert run.exceptions == 1
    assert "1 exceptions" in str(fault(run, STOCK))


def test_a_crowd_counts_the_failures_of_each_run_and_of_those_who_never_got_in(
    stock: servers.Server,
) -> None:
    failing = replace(STOCK, address="/?fail=1")
    people = [(STOCK, ""), (failing, "")]
    seen = asyncio.run(measure.crowd("both", stock, people, runs=2, pause=0))
    assert len(seen.runs) == 4
    assert len(seen.faults) == 3  # the one before the clock started is one of them
    nowhere = servers.Server("http://127.0.0.1:9", stock.pid)
    gone = asyncio.run(measure.crowd("none", nowhere, [(STOCK, "")], runs=1, pause=0))
    assert (gone.runs, len(gone.faults)) == ([], 1)


SOUND = Run("queue", 0.01, 20, 0, ("2026000000001",), "待办队列", 1000, whole=True)


@pytest.mark.parametrize(
    ("run", "target", "word"),
    [
        (replace(SOUND, page=""), QUEUE, "the page that ran"),
        (replace(SOUND, refs=()), QUEUE, "without a case"),
        (replace(SOUND, elements=3), QUEUE, "only 3 elements"),
        (replace(SOUND, whole=False), QUEUE, "did not run to its end"),
        (replace(SOUND, page="", elements=4), HOME, "only 4 elements"),
        (replace(SOUND, page="case"), measure.case("2026000000002"), "does not speak of"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_page_without_its_content_is_a_failure(run: Run, target: Target, word: str) -> None:
    assert fault(SOUND, QUEUE) is None
    assert word in str(fault(run, target))


def test_quantiles_are_those_of_the_nearest_rank() -> None:
    runs = [replace(SOUND, seconds=number / 1000) for number in range(100, 0, -1)]
    measured = Measured("queue", runs)
    assert round(measured.quantile(0.5)) == 51
    assert round(measured.quantile(0.95)) == 96
    assert Measured("nothing").quantile(0.5) == 0


def test_a_wrong_password_is_refused(stock: servers.Server) -> None:
    with pytest.raises(client.SignInRefused):
        client.sign_in(stock.base, "reviewer1", "wrong")


def test_a_server_that_ends_is_told_with_what_it_printed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no licence')"]
    ending = servers._running(command, tmp_path, {}, tmp_path / "log", "http://127.0.0.1:9", "/")
    with pytest.raises(servers.NotStarted, match="no licence"), ending:
        pass


def test_the_whole_benchmark_runs_on_a_small_database_and_uses_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--quick", "--data", str(tmp_path)]) == 0
    built = (tmp_path / "60-in-90-days" / "built.json").read_text(encoding="utf-8")
    told = capsys.readouterr().out
    for name in ("queue, warm", "home, warm", "case, warm", "4 reviewers, without a pause"):
        assert f"| {name} |" in told
    assert "0 failed" in told
    assert main(["--quick", "--data", str(tmp_path)]) == 0
    assert (tmp_path / "60-in-90-days" / "built.json").read_text(encoding="utf-8") == built


def test_a_failure_ends_the_benchmark_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = Measured("queue", faults=["/queue: 1 exceptions on the page"])
    monkeypatch.setattr("tests.bench.__main__.measured", lambda *_asked: ([failed], []))
    assert main(["--quick", "--data", str(tmp_path)]) == 1
    assert "failed: /queue" in capsys.readouterr().err


def test_the_command_line_is_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--cases", "1"], ["--sessions", "100000"], ["--rounds", "0"]):
        with pytest.raises(SystemExit):
            main(arguments)
