"""What is shown of stored pictures: drawn once, sealed, and never what was not filed."""

from __future__ import annotations

import io
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from PIL import Image

from core.config import settings
from core.errors import NotFound
from core.files import attachments, copies, headers, limited
from core.files.copies import Altered, NotKept, Size
from tests.core.files import hostile
from tests.core.files.pictures import file_of, opened, portrait
from tests.core.files.stored import a_picture


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_refusals", copies._Refusals())


def never(*_arguments: object) -> bytes:
    pytest.fail("drawn")


@pytest.mark.parametrize(
    ("size", "side"), [(Size.THUMB, attachments.THUMB_SIDE), (Size.WHOLE, 800)]
)
def test_a_copy_is_drawn_once_and_kept(
    size: Size, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = attachments.store(a_picture())
    assert copies.kept(sha256, size) is None
    copy = copies.of(sha256, size)
    assert max(opened(copy.path.read_bytes()).size) == side
    for name in ("thumbnail", "whole"):
        monkeypatch.setattr(limited, name, never)
    assert copies.of(sha256, size) == copies.kept(sha256, size) == copy


@pytest.mark.parametrize(("name", "data"), hostile.polyglots().items())
def test_no_copy_holds_anything_but_the_picture(name: str, data: bytes) -> None:
    sha256 = attachments.store(data)
    for size in Size:
        copy = copies.of(sha256, size)
        content = copy.path.read_bytes()
        assert hostile.HTML not in content
        assert b"payload" not in content
        png = name.startswith("PNG") and size is Size.WHOLE
        assert (copy.extension, copy.mime) == (
            (".png", "image/png") if png else (".jpg", "image/jpeg")
        )


def test_no_copy_tells_where_a_picture_was_taken() -> None:
    data = hostile.with_gps()
    assert b"SECRET-PLACE" in data
    for size in Size:
        content = copies.of(attachments.store(data), size).path.read_bytes()
        assert b"SECRET" not in content
        assert dict(Image.open(io.BytesIO(content)).getexif()) == {}


def test_an_original_that_is_not_what_was_filed_is_refused_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sha256 = attachments.store(a_picture())
    copies.of(sha256, Size.WHOLE)
    attachments.path_of(sha256).write_bytes(a_picture("red"))
    for size in Size:
        with caplog.at_level(logging.ERROR), pytest.raises(Altered):
            copies.of(sha256, size)
        assert sha256 in caplog.text
        caplog.clear()


def test_a_copy_that_was_exchanged_is_drawn_again() -> None:
    sha256, other = (attachments.store(a_picture(colour)) for colour in ("white", "red"))
    copy, exchanged = copies.of(sha256, Size.WHOLE), copies.of(other, Size.WHOLE)
    honest = copy.path.read_bytes()
    copy.path.write_bytes(exchanged.path.read_bytes())
    assert copies.of(sha256, Size.WHOLE).path.read_bytes() == honest
    # Nor does the seal of another picture's copy fit, nor another ending.
    seal = exchanged.path.name.split("-")[1]
    copy.path.with_name(f"{sha256}.whole-{seal}").write_bytes(exchanged.path.read_bytes())
    copy.path.rename(copy.path.with_suffix(".png"))
    assert copies.of(sha256, Size.WHOLE).path.read_bytes() == honest
    assert sorted(path.name for path in copy.path.parent.iterdir()) == [sha256, copy.path.name]


def test_a_copy_of_another_installation_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGDESK_SECRET", "one")
    settings.cache_clear()
    sha256 = attachments.store(a_picture())
    copy = copies.of(sha256, Size.THUMB)
    assert copies.kept(sha256, Size.THUMB) == copy
    monkeypatch.setenv("REGDESK_SECRET", "another")
    settings.cache_clear()
    assert copies.kept(sha256, Size.THUMB) is None


def test_a_picture_whose_file_is_gone_is_not_found() -> None:
    for size in Size:
        with pytest.raises(NotFound):
            copies.of("0" * 64, size)


def test_one_drawing_serves_all_who_ask_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = attachments.store(a_picture())
    draw, drawn = limited.whole, []
    together, all_here = Barrier(6), Event()

    def slow(data: bytes) -> bytes:
        drawn.append(len(data))
        assert all_here.wait(30)
        return draw(data)

    monkeypatch.setattr(limited, "whole", slow)

    def ask() -> copies.Copy:
        together.wait(30)
        return copies.of(sha256, Size.WHOLE)

    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(ask) for _ in range(6)]
        all_here.set()
        answers = {future.result() for future in asked}
    assert len(answers) == len(drawn) == 1


def test_a_picture_that_cannot_be_drawn_is_not_tried_again_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sha256 = attachments.store(hostile.progressive(100))
    with caplog.at_level(logging.WARNING), pytest.raises(headers.TooManyScans):
        copies.of(sha256, Size.THUMB)
    assert sha256 in caplog.text
    monkeypatch.setattr(limited, "thumbnail", never)
    with pytest.raises(headers.TooManyScans):
        copies.of(sha256, Size.THUMB)
    monkeypatch.undo()
    monkeypatch.setattr(copies, "REMEMBERED_SECONDS", -1.0)
    monkeypatch.setattr(copies, "_refusals", copies._Refusals())
    for _ in range(2):
        with pytest.raises(headers.TooManyScans):
            copies.of(sha256, Size.THUMB)


def test_a_busy_moment_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_data: bytes) -> bytes:
        raise limited.Busy

    sha256 = attachments.store(file_of(portrait()))
    with monkeypatch.context() as patched:
        patched.setattr(limited, "whole", busy)
        with pytest.raises(limited.Busy):
            copies.of(sha256, Size.WHOLE)
    assert copies.of(sha256, Size.WHOLE).path.exists()


def test_a_full_disk_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = attachments.store(a_picture())

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(attachments, "write", full)
    with pytest.raises(NotKept):
        copies.of(sha256, Size.THUMB)
