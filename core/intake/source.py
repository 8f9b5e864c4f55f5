"""Where packets lie: a folder or a zip of one. Nothing is unpacked, nothing outside is reached.

Names are listed once; a packet's file is looked up in that list and never joined to a path, so no
name in a packet or in an archive can lead elsewhere. Symbolic links are not followed, and only
regular files are opened: a pipe would be waited for.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import Protocol

from core.errors import CoreError
from core.intake import limits
from core.intake.directory import Measured, TooManyNames
from core.text import Text, filled
from core.typed import shown

_RATIO_MATTERS = 1024 * 1024  # deflate reaches 1032; pictures stay near 1
_LOCAL_HEADER = 30  # bytes before a member's name
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_NAME_SHOWN = 120
# Of other kinds the library unpacks as much as comes out, whatever it is asked for.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class NoSuchSource(CoreError):
    text = Text("找不到文件夹或压缩包：{path}。", "There is no folder or zip file at {path}.")


class NotAnArchive(CoreError):
    text = Text(
        "{path} 不是可读取的 zip 压缩包（也不是文件夹）。",
        "{path} is neither a folder nor a zip file that can be read.",
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

    place: where it is, for people and for trying again. refused: files that were left out, each
    with the reason; the first `limits.MAX_REFUSED`. more_refused: how many more there are.
    """

    place: str
    names: frozenset[str]
    refused: Mapping[str, Text]
    more_refused: int

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of one of `names`. Raises TooBig (`limit` bytes) or Unreadable."""
        ...

    def close(self) -> None: ...


def opened(path: Path) -> Source:
    """The source at `path`. Raises NoSuchSource, NotAnArchive, TooManyNames, Unreadable."""
    try:
        folder, file = path.is_dir(), path.is_file()
    except OSError:  # such as a name longer than any file's
        folder = file = False
    if folder:
        return Folder(path)
    if not file:
        raise NoSuchSource(path=shown(path, _NAME_SHOWN))
    return Archive(path)


def _place(path: Path) -> str:
    """The path in full, as text that any column can hold."""
    return os.fsencode(path.absolute()).decode("utf-8", "backslashreplace")


def _clutter(name: str) -> bool:
    """Files that systems leave beside real ones."""
    return any(part == "__MACOSX" or (part[:1] == "." and part != "..") for part in name.split("/"))


_NOT_A_FILE = Text("不是普通文件", "it is no regular file")
_TWICE = Text("有同名文件", "there are two files of this name")
_CLOSED = Text("无法打开：{why}", "it cannot be opened: {why}")


class _Refused(dict[str, Text]):
    """Files left out, by name with the reason: the first hundred, and how many more."""

    more = 0

    def note(self, name: str, why: Text) -> None:
        """Leave `name` out."""
        told = shown(name, _NAME_SHOWN)
        if told in self or len(self) < limits.MAX_REFUSED:
            self[told] = why
        else:
            self.more += 1


class Folder:
    """A folder and what lies in it, down to `limits.MAX_FOLDERS` folders."""

    def __init__(self, path: Path) -> None:
        self.place = _place(path)
        refused = _Refused()
        self._paths: dict[str, Path] = {}
        twice: set[str] = set()
        for place in _files(path, path, refused):
            name = _relative(place, path)
            if name in self._paths:
                twice.add(name)
            self._paths[name] = place
            if len(self._paths) + refused.more > limits.MAX_NAMES:
                raise TooManyNames(most=limits.MAX_NAMES)
        for name in sorted(twice):
            del self._paths[name]
            refused.note(name, _TWICE)
        self.refused: Mapping[str, Text] = refused
        self.more_refused = refused.more
        self.names = frozenset(self._paths)

    def read(self, name: str, limit: int) -> bytes:
        try:
            # Another file may stand there by now: neither a link nor a pipe is followed.
            handle = os.open(self._paths[name], os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode):
                    raise Unreadable(name=shown(name, _NAME_SHOWN), why=_NOT_A_FILE)
                data = file.read(limit + 1) if found.st_size <= limit else b""
        except OSError as error:
            why = error.strerror or error
            raise Unreadable(name=shown(name, _NAME_SHOWN), why=why) from error
        size = max(found.st_size, len(data))
        if size > limit:
            raise TooBig(size=-(-size // 1024), limit=limit // 1024)
        return data

    def close(self) -> None:
        """A folder holds nothing open."""


def _relative(place: Path, root: Path) -> str:
    return _decoded(os.fsencode(place.relative_to(root).as_posix()))


def _files(folder: Path, root: Path, refused: _Refused) -> Iterator[Path]:
    """Regular files in and below `folder`; what is neither file, folder nor link is refused."""
    below: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            # A folder may open and still not be listed; then it fails by itself.
            found = list(islice(entries, limits.MAX_NAMES + 1))
    except OSError as error:
        why = filled(_CLOSED, why=error.strerror or error)
        if folder == root:
            raise Unreadable(name=shown(folder, _NAME_SHOWN), why=why) from error
        refused.note(_relative(folder, root), why)
        return
    for entry in found:
        place = Path(entry.path)
        if entry.is_symlink() or _clutter(_decoded(os.fsencode(entry.name))):
            continue
        if entry.is_dir(follow_symlinks=False):
            below.append(place)
        elif entry.is_file(follow_symlinks=False):
            yield place
        else:
            refused.note(_relative(place, root), _NOT_A_FILE)
    if len(folder.relative_to(root).parts) < limits.MAX_FOLDERS:
        for place in below:
            yield from _files(place, root, refused)


_UNSAFE = Text("名称含有绝对路径或“..”", "its name is absolute or holds “..”")
_ENCRYPTED_MEMBER = Text("已加密", "it is encrypted")
_TWICE_INSIDE = Text("压缩包中有同名文件", "the archive holds two files of this name")
_METHOD = Text(
    "压缩方式不受支持，请用普通 zip（Deflate）压缩",
    "it is compressed in a way that is not accepted; use an ordinary zip (Deflate)",
)
_BOMB = Text("压缩比异常，疑似压缩炸弹", "it is compressed beyond any real file")
_OVERLAPPING = Text(
    "与压缩包中另一文件重叠，疑似压缩炸弹", "it shares its bytes with another file of the archive"
)
_TOO_LONG = Text("名称超过 {most} 个字符", "its name has more than {most} characters")
_TOO_DEEP = Text("位于 {most} 层以下的文件夹中", "it lies more than {most} folders deep")
_NAMELESS = Text("没有名称", "it has no name")


class Archive:
    """A zip file; members are read one by one, each within a limit."""

    def __init__(self, path: Path) -> None:
        self.place = _place(path)
        self._file, self._zip = _opened_zip(path)
        members = [item for item in self._zip.infolist() if not item.orig_filename.endswith("/")]
        if len(members) > limits.MAX_NAMES:
            self.close()
            raise TooManyNames(most=limits.MAX_NAMES)
        self._members: dict[str, zipfile.ZipInfo] = {}
        refused = _Refused()
        out: set[str] = set()
        overlapping = _overlapping(members)
        for member in members:
            name = _name(member)
            if _clutter(name) and ".." not in name.split("/"):
                continue
            objection = _objection(name, member)
            if objection is None and member.header_offset in overlapping:
                objection = _OVERLAPPING
            if name in self._members or objection is not None:
                self._members.pop(name, None)
                out.add(name)
                refused.note(name, objection or _TWICE_INSIDE)
            elif name not in out:
                self._members[name] = member
        self.refused: Mapping[str, Text] = refused
        self.more_refused = refused.more
        self.names = frozenset(self._members)

    def read(self, name: str, limit: int) -> bytes:
        member = self._members[name]
        if member.file_size > limit:
            raise TooBig(size=-(-member.file_size // 1024), limit=limit // 1024)
        try:
            # Bounded here too: the size in the directory is only a claim.
            with self._zip.open(member) as file:
                data = file.read(limit + 1)
        except Exception as error:
            # On a damaged member the library and its decompressors raise almost anything.
            why = shown(error, _NAME_SHOWN)
            raise Unreadable(name=shown(name, _NAME_SHOWN), why=why) from error
        if len(data) > limit:
            raise TooBig(size=-(-len(data) // 1024), limit=limit // 1024)
        return data

    def close(self) -> None:
        self._zip.close()
        self._file.close()


def _opened_zip(path: Path) -> tuple[Measured, zipfile.ZipFile]:
    """Raises NotAnArchive, TooManyNames."""
    try:
        file = Measured(io.FileIO(path))
    except OSError as error:
        raise NotAnArchive(path=shown(path, _NAME_SHOWN)) from error
    try:
        return file, zipfile.ZipFile(file)
    except TooManyNames:
        file.close()
        raise
    except Exception as error:
        # A damaged list of members makes the library raise almost anything, like a damaged member.
        file.close()
        raise NotAnArchive(path=shown(path, _NAME_SHOWN)) from error


def _overlapping(members: list[zipfile.ZipInfo]) -> set[int]:
    """Where members begin that reach over the begin of the next one, or begin where it does.

    Each would be unpacked with the bytes of the others; the one that is reached into is whole.
    """
    starts = sorted(member.header_offset for member in members)
    found = {start for start, following in pairwise(starts) if start == following}
    for member in members:
        end = member.header_offset + _LOCAL_HEADER + member.compress_size
        after = bisect_right(starts, member.header_offset)
        if after < len(starts) and end > starts[after]:
            found.add(member.header_offset)
    return found


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
    if not name.strip("\x00 "):
        return _NAMELESS
    if len(name) > limits.MAX_NAME:
        return filled(_TOO_LONG, most=limits.MAX_NAME)
    if escapes(name):
        return _UNSAFE
    if name.count("/") > limits.MAX_FOLDERS:
        return filled(_TOO_DEEP, most=limits.MAX_FOLDERS)
    if member.flag_bits & _ENCRYPTED:
        return _ENCRYPTED_MEMBER
    if member.compress_type not in _METHODS:
        return _METHOD
    if member.file_size > _RATIO_MATTERS and member.file_size > limits.MAX_RATIO * max(
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


def is_packet(name: str) -> bool:
    """Whether a file of this name is a packet."""
    return name.lower().endswith(".json")


def packets(source: Source) -> list[str]:
    """Names of the JSON files, each one packet, in the order they are taken."""
    return sorted(name for name in source.names if is_packet(name))


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
