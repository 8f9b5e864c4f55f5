"""Where packets lie: a folder or a zip of one. Nothing is unpacked, nothing outside is reached.

Names are listed once; a packet's file is looked up in that list and never joined to a path, so no
name in a packet or in an archive can lead elsewhere. Symbolic links are not followed.
"""

from __future__ import annotations

import os
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol

from core.errors import CoreError
from core.text import Text

MAX_DEPTH = 3
"""Folders between the source and a packet."""
MAX_NAMES = 500_000
_MAX_RATIO = 200  # deflate reaches 1032; pictures stay near 1
_RATIO_MATTERS = 1024 * 1024
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


class NoSuchSource(CoreError):
    text = Text("找不到文件夹或压缩包：{path}。", "There is no folder or zip file at {path}.")


class NotAnArchive(CoreError):
    text = Text(
        "{path} 不是可读取的 zip 压缩包（也不是文件夹）。",
        "{path} is neither a folder nor a zip file that can be read.",
    )


class TooManyNames(CoreError):
    text = Text(
        "来源中的文件超过 {most} 个，请分批导入。",
        "The source holds more than {most} files; please split it.",
    )


class Unreadable(CoreError):
    text = Text("文件无法读取：{name}（{why}）。", "{name} cannot be read: {why}.")


class TooBig(CoreError):
    text = Text(
        "文件为 {size} KB，超过上限 {limit} KB。",
        "The file has {size} KB, more than the limit of {limit} KB.",
    )


class Source(Protocol):
    """Names (relative, with `/`) and bytes of the files of a folder or an archive.

    refused: names that were left out, each with the reason.
    """

    names: frozenset[str]
    refused: Mapping[str, Text]

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of one of `names`. Raises TooBig (`limit` bytes) or Unreadable."""
        ...

    def close(self) -> None: ...


def opened(path: Path) -> Source:
    """The source at `path`. Raises NoSuchSource, NotAnArchive, TooManyNames."""
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise NoSuchSource(path=path)
    return Archive(path)


def _clutter(name: str) -> bool:
    """Files that systems leave beside real ones."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") for part in parts)


class Folder:
    """A folder and what lies in it, down to `MAX_DEPTH` folders."""

    def __init__(self, path: Path) -> None:
        self.refused: Mapping[str, Text] = {}
        self._paths: dict[str, Path] = {}
        for folder, below, files in os.walk(path, followlinks=False):
            inside = Path(folder).relative_to(path)
            if len(inside.parts) >= MAX_DEPTH:
                below.clear()
            for file in files:
                name = _decoded(os.fsencode((inside / file).as_posix()))
                place = Path(folder) / file
                if not _clutter(name) and not place.is_symlink():
                    self._paths[name] = place
            if len(self._paths) > MAX_NAMES:
                raise TooManyNames(most=MAX_NAMES)
        self.names = frozenset(self._paths)

    def read(self, name: str, limit: int) -> bytes:
        try:
            with self._paths[name].open("rb") as file:
                data = file.read(limit + 1)
                size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise Unreadable(name=name, why=error.strerror or error) from error
        if len(data) > limit:
            raise TooBig(size=-(-size // 1024), limit=limit // 1024)
        return data

    def close(self) -> None:
        """A folder holds nothing open."""


_UNSAFE = Text("名称含有绝对路径或“..”", "its name is absolute or holds “..”")
_ENCRYPTED_MEMBER = Text("已加密", "it is encrypted")
_TWICE = Text("压缩包中有同名文件", "the archive holds two files of this name")
_BOMB = Text("压缩比异常，疑似压缩炸弹", "it is compressed beyond any real file")


class Archive:
    """A zip file; members are read one by one, each within a limit."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise NotAnArchive(path=path) from error
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        if len(members) > MAX_NAMES:
            self._zip.close()
            raise TooManyNames(most=MAX_NAMES)
        self._members: dict[str, zipfile.ZipInfo] = {}
        refused: dict[str, Text] = {}
        for member in members:
            name = _name(member)
            if _clutter(name) and ".." not in PurePosixPath(name).parts:
                continue
            objection = _objection(name, member)
            if name in self._members or objection is not None:
                self._members.pop(name, None)
                refused[name] = objection or _TWICE
            elif name not in refused:
                self._members[name] = member
        self.refused: Mapping[str, Text] = refused
        self.names = frozenset(self._members)

    def read(self, name: str, limit: int) -> bytes:
        member = self._members[name]
        if member.file_size > limit:
            raise TooBig(size=-(-member.file_size // 1024), limit=limit // 1024)
        try:
            # Bounded here too: the size in the directory is only a claim.
            with self._zip.open(member) as file:
                data = file.read(limit + 1)
        except (
            zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError,
        ) as error:  # fmt: skip
            raise Unreadable(name=name, why=error) from error
        if len(data) > limit:
            raise TooBig(size=-(-len(data) // 1024), limit=limit // 1024)
        return data

    def close(self) -> None:
        self._zip.close()


def _decoded(raw: bytes) -> str:
    """A file's name as it was meant: UTF-8 if it fits, else GBK, as Chinese Windows writes it."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; the library reads one that does not claim to be UTF-8 as cp437."""
    name = member.orig_filename
    if not member.flag_bits & _UTF8_NAME:
        name = _decoded(name.encode("cp437", "replace"))
    return name.replace("\\", "/")


def _objection(name: str, member: zipfile.ZipInfo) -> Text | None:
    if escapes(name):
        return _UNSAFE
    if member.flag_bits & _ENCRYPTED:
        return _ENCRYPTED_MEMBER
    if member.file_size > _RATIO_MATTERS and member.file_size > _MAX_RATIO * max(
        1, member.compress_size
    ):
        return _BOMB
    return None


def escapes(name: str) -> bool:
    """True for a name that is absolute, climbs out, or could not be a file's name."""
    plain = name.replace("\\", "/")
    return (
        plain.startswith("/")
        or ".." in PurePosixPath(plain).parts
        or plain[1:2] == ":"
        or "\x00" in plain
    )


def packets(source: Source) -> list[str]:
    """Names of the JSON files, each one packet, in the order they are taken."""
    return sorted(name for name in source.names if name.lower().endswith(".json"))


def neighbours(source: Source) -> dict[str, dict[str, list[str]]]:
    """For each folder, the files in and below it by comparable name relative to it.

    Comparable: Unicode-composed and without case, as macOS and Windows compare names.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for name in source.names:
        path = PurePosixPath(name)
        for folder in path.parents:
            inside = found.setdefault(str(folder), {})
            inside.setdefault(comparable(str(path.relative_to(folder))), []).append(name)
    return found


def comparable(name: str) -> str:
    """The form in which a file's name is compared."""
    plain = str(PurePosixPath(name.replace("\\", "/")))
    return unicodedata.normalize("NFC", plain).casefold()
