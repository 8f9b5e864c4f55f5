"""The pictures of a packet: found beside it, read once for the digest, judged afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from core.catalogue.types import Material, Service
from core.errors import CoreError
from core.files import images, limited
from core.filing import validation
from core.intake import limits
from core.intake.packet import Picture
from core.intake.problems import (
    NOTHING,
    Problem,
    refused,
)
from core.intake.source import Source, comparable, escapes
from core.intake.validate import placed
from core.text import Text, filled
from core.typed import shown

OUTSIDE = Text("文件名“{file}”指向数据包文件夹之外。", "“{file}” leads out of the packet's folder.")
INSIDE = Text("JSON 所在文件夹内的相对文件名", "a file name relative to the folder of the JSON")
NO_FILE = Text("找不到文件“{file}”。", "There is no file “{file}”.")
BESIDE = Text("与 JSON 放在一起的文件", "a file beside the JSON")
AMBIGUOUS = Text(
    "有多个文件的名称与“{file}”只差大小写，无法确定。",
    "Several files differ from “{file}” only in case, so it is not clear which is meant.",
)
SAME_FILE = Text("与 {other} 是同一个文件。", "It is the same file as {other}.")
SAME_PICTURE = Text("与 {other} 的图片内容完全相同。", "It is the very same picture as {other}.")
OTHER_PICTURE = Text("每项材料各自的图片", "a picture of its own for each material")
MATERIAL_WANTED = Text("一张 kind 为 {key} 的图片", "a picture with kind {key}")
DIMENSIONS = Text(
    "“{name}”应为宽{want_width}×高{want_height}像素，实际为宽{width}×高{height}像素，已收下供审核。",
    "“{name}” should be {want_width} wide × {want_height} high in pixels; it is {width} × "
    "{height}. It was taken for the officers to judge.",
)
MISNAMED = Text(
    "文件名的后缀与内容（{format}）不符，按内容收下。",
    "The ending of the name does not fit the content ({format}); it is taken by its content.",
)


class PictureChanged(CoreError):
    text = Text(
        "文件“{file}”在收件过程中被改动，请重新收件。",
        "“{file}” was changed while it was taken in; take the packet in again.",
    )


class PicturesTooCostly(CoreError):
    text = Text(
        "此数据包的图片合计处理时间已超过上限{seconds}秒，这张未再打开；"
        "请将图片用常用软件另存为普通的jpg或png后重新提交。",
        "The packet's pictures take more than the {seconds} seconds they may take together, and "
        "this one was not opened; save them as ordinary jpg or png and send the packet again.",
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A file that a packet lists: its hash, or what is wrong. index: its place in `files`.

    name: of the file in the source. limit: bytes it may have.
    """

    index: int
    kind: str
    file: str
    name: str = ""
    sha256: str = ""
    limit: int = 0
    problem: Problem | None = None

    @property
    def path(self) -> str:
        return f"$.files[{self.index}].file"


def read(
    source: Source, inside: Mapping[str, list[str]], data: Any, service: Service | None
) -> list[Found]:
    """The files that a packet lists, with their hashes; no picture is decoded.

    No more than `limits.MAX_FILES` are looked at, each is read once, and none is held.
    inside: the files of the packet's folder (`source.neighbours`).
    """
    entries = data.get("files") if isinstance(data, dict) else None
    found: list[Found] = []
    by_name: dict[tuple[str, int], Found] = {}
    listed = entries[: limits.MAX_FILES] if isinstance(entries, list) else []
    for index, entry in enumerate(listed):
        if not isinstance(entry, dict):
            continue
        kind, file = entry.get("kind"), entry.get("file")
        if isinstance(kind, str) and isinstance(file, str) and file:
            limit = _limit(_materials(service).get(kind))
            placed_file = _found(inside, Found(index, kind, file, limit=limit))
            if placed_file.problem is None:
                key = (placed_file.name, limit)
                before = by_name.get(key) or _hashed(source, placed_file)
                by_name[key] = before
                placed_file = replace(
                    placed_file,
                    sha256=before.sha256,
                    problem=before.problem and replace(before.problem, path=placed_file.path),
                )
            found.append(placed_file)
    return found


def _found(inside: Mapping[str, list[str]], entry: Found) -> Found:
    """The entry with the name of its file in the source, or with what is wrong."""

    def bad(what: Text, expected: Text = NOTHING) -> Found:
        problem = Problem(entry.path, filled(what, file=shown(entry.file)), expected)
        return replace(entry, problem=problem)

    if len(entry.file) > limits.MAX_NAME:
        return bad(NO_FILE, BESIDE)
    if escapes(entry.file):
        return bad(OUTSIDE, INSIDE)
    names = inside.get(comparable(entry.file), [])
    plain = str(PurePosixPath(entry.file.replace("\\", "/")))
    exact = [name for name in names if name == plain or name.endswith(f"/{plain}")]
    if not names:
        return bad(NO_FILE, BESIDE)
    if len(names) > 1 and len(exact) != 1:
        return bad(AMBIGUOUS)
    return replace(entry, name=exact[0] if len(exact) == 1 else names[0])


def _hashed(source: Source, entry: Found) -> Found:
    try:
        content = source.read(entry.name, entry.limit)
    except CoreError as error:
        return replace(entry, problem=refused(entry.path, error))
    return replace(entry, sha256=hashlib.sha256(content).hexdigest())


def _again(source: Source, entry: Found) -> bytes:
    """The same content once more. Raises PictureChanged and what `source.read` raises."""
    content = source.read(entry.name, entry.limit)
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise PictureChanged(file=shown(entry.file))
    return content


def _materials(service: Service | None) -> dict[str, Material]:
    return {item.key: item for item in service.materials} if service else {}


def _limit(material: Material | None) -> int:
    return min(images.MAX_BYTES, material.max_kilobytes * 1024 if material else images.MAX_BYTES)


def judge(
    source: Source, found: list[Found], service: Service
) -> tuple[list[Picture], list[Problem]]:
    """Decode each picture, one after the other; what is good, what is wrong or worth a remark."""
    pictures: list[Picture] = []
    problems: list[Problem] = []
    by_name: dict[str, Found] = {}
    by_content: dict[str, Found] = {}
    materials = _materials(service)
    meter = limited.Meter()
    for entry in found:
        if entry.problem is not None:
            problems.append(entry.problem)
            continue
        if entry.name in by_name:
            other = by_name[entry.name].path
            problems.append(Problem(entry.path, filled(SAME_FILE, other=other), OTHER_PICTURE))
            continue
        by_name[entry.name] = entry
        if entry.sha256 in by_content:
            other = by_content[entry.sha256].path
            problems.append(Problem(entry.path, filled(SAME_PICTURE, other=other), OTHER_PICTURE))
            continue
        by_content[entry.sha256] = entry
        material = materials.get(entry.kind)
        try:
            if meter.cpu > limits.MAX_DECODING:
                raise PicturesTooCostly(seconds=limits.MAX_DECODING)
            content = _again(source, entry)
            facts = limited.inspect(content, entry.file, max_bytes=entry.limit, meter=meter)
        except CoreError as error:
            problems.append(refused(entry.path, error))
            continue
        problems.extend(_remarks(entry, facts, material))
        load = partial(_again, source, entry)
        pictures.append(Picture(entry.kind, entry.file, facts, load))
    return pictures, problems


def _remarks(entry: Found, facts: images.ImageFacts, material: Material | None) -> list[Problem]:
    remarks = []
    if (
        material
        and material.width
        and (facts.width, facts.height)
        != (
            material.width,
            material.height,
        )
    ):
        what = filled(
            DIMENSIONS,
            name=material.label,
            want_width=material.width,
            want_height=material.height,
            width=facts.width,
            height=facts.height,
        )
        remarks.append(Problem(entry.path, what, warns=True))
    if not facts.extension_matches:
        what = filled(MISNAMED, format=facts.format)
        remarks.append(Problem(entry.path, what, warns=True))
    return remarks


def missing(kinds: list[str], service: Service, form: Mapping[str, Any]) -> list[Problem]:
    """What `validation.materials` says of the list of pictures; expected is what to list."""
    problems = []
    for problem in validation.materials(service, form, kinds):
        key = problem.field.removeprefix(validation.MATERIALS)
        wanted = filled(MATERIAL_WANTED, key=key) if key not in kinds else None
        problems.append(placed(service, replace(problem, wanted=wanted)))
    return problems
