"""One entry of a zip's list that is wrong is left out; the others are read."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from core.intake import directory, source as sources
from tests.drill import hostile_packets as hostile

NAMES = frozenset({"z/a.json", "z/b.json"})
SOUND = dict.fromkeys(NAMES, b"{}" * 40)


def opened(path: Path, raw: bytes) -> sources.Archive:
    path.write_bytes(raw)
    return sources.Archive(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_only_stored_and_deflated_members_are_ever_opened(tmp_path: Path, method: int) -> None:
    archive = opened(tmp_path / "in.zip", hostile.with_entry(SOUND, method=method))
    assert archive.names == NAMES
    assert "Deflate" in archive.refused["x.json"].zh
    archive.close()


def test_pictures_are_under_the_same_rule_as_packets(tmp_path: Path) -> None:
    raw = hostile.with_entry(SOUND, name=b"z/photo.jpg", method=zipfile.ZIP_BZIP2)
    archive = opened(tmp_path / "in.zip", raw)
    assert set(archive.refused) == {"z/photo.jpg"}
    archive.close()


def test_only_the_member_that_reaches_over_others_is_refused(tmp_path: Path) -> None:
    archive = opened(tmp_path / "in.zip", hostile.with_entry(SOUND, packed=50_000_000))
    assert archive.names == NAMES
    assert "重叠" in archive.refused["x.json"].zh
    assert archive.read("z/a.json", 1000) == SOUND["z/a.json"]
    archive.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": b"\xff\xfe.json", "flags": 0x800},
        {"extra": b"\x01\x00\xff\xff"},
        {"extra": b"\x01\x00\x00\x00", "size": 0xFFFF_FFFF},
        {"version": 99},
    ],
)
def test_an_entry_that_makes_no_sense_does_not_take_the_others_with_it(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    raw = hostile.with_entry(SOUND, **wrong)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"."):  # noqa: PT012 whatever the library raises
        zipfile.ZipFile(io.BytesIO(raw))
        raise AssertionError("the library reads it by now")
    archive = opened(tmp_path / "in.zip", raw)
    assert archive.names >= NAMES
    assert archive.read("z/b.json", 1000) == SOUND["z/b.json"]
    archive.close()


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=40),
    st.sampled_from((7, 0xFFFF_FFFF)),
    st.integers(0, 0xFFFF),
    st.binary(min_size=1, max_size=12),
    st.integers(0, 0xFFFF),
)
def test_the_library_reads_every_list_that_was_made_legible(
    extra: bytes, size: int, flags: int, name: bytes, version: int
) -> None:
    raw = hostile.with_entry(
        SOUND, extra=extra, size=size, packed=size, flags=flags, name=name, version=version
    )
    end = raw.rfind(b"PK\x05\x06")
    length, start = struct.unpack_from("<LL", raw, end + 12)
    listed = directory.legible(raw[start : start + length])
    assert len(listed) == length
    with zipfile.ZipFile(io.BytesIO(raw[:start] + listed + raw[end:])) as archive:
        assert len(archive.infolist()) == 1 + len(SOUND)
