"""Decoding in processes of bounded time and memory: same answers, and nothing gets out."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from core.errors import CoreError
from core.files import headers, images, limited
from core.files.images import TooLarge
from core.files.limited import Busy, Decoder, Decoders, Drawn, Meter, TooCostly, TooSlow
from tests.core.files import hostile
from tests.core.files.pictures import file_of, portrait, turned_file

ROOT = Path(__file__).parents[3]


@pytest.fixture
def misbehaving() -> Iterator[Decoder]:
    decoder = Decoder("tests.core.files.misbehaving")
    yield decoder
    decoder.stop()


@pytest.mark.parametrize(("name", "data"), [*hostile.oddities(), ("turned", turned_file(6))])
def test_a_decoder_answers_as_the_functions_themselves_do(name: str, data: bytes) -> None:
    assert limited.inspect(data, f"{name}.png") == images.inspect(data, f"{name}.png")
    assert limited.thumbnail(data, 90) == images.thumbnail(data, 90)
    assert limited.whole(data) == images.whole(data)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", headers.EmptyFile),
        (b"GIF89a", headers.WrongFormat),
        (b"<html>", headers.NotAnImage),
        (file_of(portrait())[:-9], headers.TruncatedImage),
        (hostile.progressive(65), headers.TooManyScans),
        (hostile.png(20_000, 20_000, depth=1, colour=0), headers.TooManyPixels),
        (hostile.png(1, 30_001), headers.TooLongSide),
        (hostile.with_chunks(b"teXt", b"", headers.MAX_PARTS), headers.UnusualPicture),
    ],
)
def test_a_refusal_comes_through_by_its_name_with_its_figures(
    data: bytes, refusal: type[CoreError]
) -> None:
    for ask in (lambda: limited.inspect(data, "a"), lambda: limited.whole(data)):
        with pytest.raises(refusal) as caught:
            ask()
        with pytest.raises(refusal) as direct:
            images.inspect(data, "a")
        assert caught.value.words == direct.value.words


def test_bytes_over_the_limit_are_not_even_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "decoders", lambda: pytest.fail("a decoder was asked"))
    with pytest.raises(TooLarge):
        limited.inspect(b"x" * 2_000, "a.jpg", max_bytes=1_999)


def test_a_picture_that_burns_the_processor_is_given_up(misbehaving: Decoder) -> None:
    meter = Meter()
    with pytest.raises(TooCostly):
        misbehaving.ask("burn", b"", {}, meter)
    assert meter.cpu >= limited.CPU_SECONDS
    assert misbehaving.ask("whole", file_of(portrait()), {}).body


def test_what_pictures_cost_adds_up_refused_ones_too() -> None:
    meter = Meter()
    limited.inspect(file_of(portrait()), "a.jpg", meter=meter)
    once = meter.cpu
    with pytest.raises(headers.TruncatedImage):
        limited.inspect(file_of(portrait(), "PNG")[:-20], "a.png", meter=meter)
    limited.inspect(file_of(portrait()), "a.jpg", meter=meter)
    assert 0 < once < meter.cpu


def test_a_picture_that_hangs_is_given_up(
    misbehaving: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    misbehaving.ask("tell", b"", {})
    monkeypatch.setattr(limited, "WALL_SECONDS", 0.2)
    with pytest.raises(TooSlow, match="try again"):
        misbehaving.ask("hang", b"", {})
    monkeypatch.undo()
    assert misbehaving.ask("whole", file_of(portrait()), {}).body


def test_a_picture_that_hoards_memory_is_refused_and_the_decoder_stays(
    misbehaving: Decoder,
) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is limited on Linux only")
    misbehaving.ask("tell", b"", {})
    process = misbehaving._process
    with pytest.raises(TooCostly):
        misbehaving.ask("hoard", b"", {})
    assert misbehaving.ask("whole", file_of(portrait()), {}).peak < 200_000
    assert misbehaving._process is process, "refused for its memory, not for the time it took"


@pytest.mark.parametrize("task", ["crash", "fail", "babble"])
def test_a_picture_that_breaks_its_decoder_is_damaged_and_the_next_one_is_read(
    misbehaving: Decoder, task: str
) -> None:
    with pytest.raises(headers.TruncatedImage):
        misbehaving.ask(task, b"", {})
    assert misbehaving.ask("whole", file_of(portrait()), {}).body


def test_a_decoder_reads_no_file_and_knows_no_secret(
    misbehaving: Decoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGDESK_SECRET", "hush")
    secret = tmp_path / "secret"
    secret.write_text("hush")
    with pytest.raises(headers.TruncatedImage):
        misbehaving.ask("steal", b"", {"path": str(secret)})
    known = misbehaving.ask("tell", b"", {}).facts["environment"]
    assert [name for name in known if name.startswith(("REGDESK", "PG"))] == []


def test_a_decoder_that_was_killed_while_idle_is_started_again() -> None:
    decoder = Decoder()
    try:
        decoder.ask("whole", file_of(portrait()), {})
        assert decoder._process is not None
        os.kill(decoder._process.pid, 9)
        decoder._process.wait()
        assert decoder.ask("whole", file_of(portrait()), {}).body
    finally:
        decoder.stop()


def test_more_than_the_queue_holds_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = Event(), Event()

    def wait(_self: Decoder, _task: str, _data: bytes, *_rest: object) -> Drawn:
        begun.set()
        assert go_on.wait(30)
        return Drawn({}, b"drawn", 0, 0)

    monkeypatch.setattr(Decoder, "ask", wait)
    few = Decoders(count=1, waiting=1)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(few.ask, "whole", b"")
        assert begun.wait(30)
        # The one place to wait in is taken by hand, so that the order is certain.
        assert few._places.acquire(blocking=False)
        with pytest.raises(Busy):
            few.ask("whole", b"")
        few._places.release()
        go_on.set()
        assert first.result().body == b"drawn"
    assert few.ask("whole", b"").body == b"drawn"


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    none = Decoders(count=0, waiting=1)
    monkeypatch.setattr(limited, "PATIENCE_SECONDS", 0.01)
    for _ in range(3):
        with pytest.raises(Busy):
            none.ask("whole", b"")


def test_only_decoders_and_the_demos_own_drawings_are_decoded_in_place() -> None:
    direct = {
        str(path.relative_to(ROOT))
        for room in ("core", "dashboard", "pages", "exports")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"images.inspect", "images.thumbnail", "images.whole"}
    }
    assert direct == {"core/files/decoder.py", "core/demo/drawing/files.py"}


def test_changed_bytes_end_in_a_picture_or_a_sentence() -> None:
    read, refused = 0, set()
    for data in hostile.mutated(seed=2, count=150):
        for ask in (limited.whole, lambda data: limited.inspect(data, "a.png")):
            try:
                ask(data)
                read += 1
            except CoreError as error:
                refused.add(error.key)
    assert read > 20
    assert refused
