"""Going through a source, packet by packet; what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from core import catalogue, db
from core.access.actors import Actor
from core.access.permissions import Permission
from core.catalogue.types import Catalogue, Service
from core.errors import CoreError
from core.filing import standing
from core.intake import (
    messages,
    packet as packets,
    pictures,
    source as sources,
    validate,
)
from core.intake.packet import Filing
from core.intake.problems import (
    Problem,
    blocking,
    refused,
)
from core.intake.take import take
from core.model import Case, Packet
from core.text import Text, filled
from core.vocabulary.cases import Channel

CHANGED = Text(
    "编号“{key}”的数据包已收过（案件 {ref}），但内容与这次不同。",
    "Packet “{key}” was taken in before (case {ref}) with other content.",
)
NEW_KEY = Text(
    "同样的内容，或新的编号；已收案件的修改走补正",
    "the same content, or a new id; a case taken in is changed by correction",
)


_TRIES = 3


class StoreUnavailable(CoreError):
    text = Text(
        "图片存储目录无法写入（{why}），导入已停止，未收的数据包可再次运行导入。",
        "The store of pictures cannot be written ({why}). The intake stopped; run it again later.",
    )


class PacketOutcome(StrEnum):
    """What became of a packet."""

    TAKEN = "taken"
    ALREADY = "already"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """One packet's fate. name: its file; key: its own id as far as known; ref: the case's number.

    problems: why it failed, or remarks on one that was taken.
    """

    name: str
    fate: PacketOutcome
    key: str = ""
    ref: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """A source opened for taking in. total: how many packets it holds."""

    source: sources.Source
    names: tuple[str, ...]
    actor: Actor

    @property
    def total(self) -> int:
        return len(self.names) + len(self.source.refused)


def opened(path: Path, actor: Actor) -> Intake:
    """Open a folder or zip. Raises NotPermitted and what `source.opened` raises."""
    actor.require(Permission.CASE_INTAKE)
    found = sources.opened(path)
    return Intake(found, tuple(sources.packets(found)), actor)


def run(intake: Intake, now: datetime) -> Iterator[Result]:
    """Take each packet in, one transaction each; stopping between two of them loses nothing.

    Raises Unavailable or StoreUnavailable when going on is pointless.
    """
    book = catalogue.current()
    checker = messages.validator(book)
    with closing(intake.source):
        for name, why in sorted(intake.source.refused.items()):
            error = sources.Unreadable(name=name, why=why)
            yield Result(name, PacketOutcome.FAILED, problems=(refused("$", error),))
        beside = sources.neighbours(intake.source)
        for name in intake.names:
            folder = beside[str(PurePosixPath(name).parent)]
            yield _one(intake, name, folder, checker, book, now)


def _one(
    intake: Intake,
    name: str,
    folder: dict[str, list[str]],
    checker: Draft202012Validator,
    book: Catalogue,
    now: datetime,
) -> Result:
    try:
        raw = intake.source.read(name, packets.MAX_JSON)
    except CoreError as error:
        return Result(name, PacketOutcome.FAILED, problems=(refused("$", error),))
    data, problems = packets.parse(raw)
    if data is None and problems:
        return Result(name, PacketOutcome.FAILED, problems=tuple(problems))
    key = data.get("packet") if isinstance(data, dict) else None
    key = key if isinstance(key, str) else ""
    service = messages.service_of(data, book)
    files = pictures.read(intake.source, folder, data, service)
    digest = packets.digest_of(data, [file.sha256 for file in files])
    with db.reading() as session:
        before = known(session, name, key, digest)
    if before is not None:
        return before
    form = validate.form_of(data, service) if service else {}
    problems += messages.schema_problems(checker, data, book)
    paths = {problem.path for problem in problems}
    problems += validate.check(data, service, form, known=paths, now=now)
    good: list[packets.Picture] = []
    if service is not None:
        problems += pictures.missing([file.kind for file in files], service, form)
        good, about = pictures.judge(files, service)
        problems += about
    else:
        problems += [file.problem for file in files if file.problem]
    if service is not None and _askable(problems):
        with db.reading() as session:
            found = standing.check(
                session,
                service.profession,
                service.business,
                data.get("specialties") or [],
                form,
            )
        problems += [validate.placed(service, problem) for problem in found]
    if service is None or blocking(problems):
        return Result(name, PacketOutcome.FAILED, key, problems=tuple(problems))
    ready = _filing(data, service, form, digest, good)
    return _taken(intake.actor, name, ready, tuple(problems), now)


def _askable(problems: list[Problem]) -> bool:
    """Whether service and specialties are sound enough to look into the register."""
    frame = ("$.profession", "$.business", "$.specialties")
    return not any(problem.path == "$" or problem.path.startswith(frame) for problem in problems)


def known(session: Session, name: str, key: str, digest: str) -> Result | None:
    """The fate of a packet whose id was seen before; None for a new one."""
    row = session.get(Packet, key) if key else None
    if row is None:
        return None
    ref = session.get_one(Case, row.case_id).ref
    if row.digest == digest:
        return Result(name, PacketOutcome.ALREADY, key, ref)
    problem = Problem("$.packet", filled(CHANGED, key=key, ref=ref), NEW_KEY)
    return Result(name, PacketOutcome.FAILED, key, problems=(problem,))


def _filing(
    data: dict[str, Any],
    service: Service,
    form: dict[str, Any],
    digest: str,
    good: list[packets.Picture],
) -> Filing:
    filed, reported, received = (
        packets.moment(data[key]) for key in ("filed_at", "reported_at", "received_at")
    )
    assert filed is not None and reported is not None and received is not None  # noqa: PT018
    return Filing(
        key=data["packet"],
        digest=digest,
        channel=Channel(data["channel"]),
        profession=service.profession,
        business=service.business,
        specialties=tuple(data.get("specialties") or ()),
        filed_at=filed,
        reported_at=reported,
        received_at=received,
        form=form,
        promise=bool(data.get("promise")),
        conditions=tuple(sorted(data.get("conditions") or ())),
        pictures=tuple(good),
    )


def _taken(
    actor: Actor, name: str, ready: Filing, remarks: tuple[Problem, ...], now: datetime
) -> Result:
    """Take one in; again when another writer got in the way.

    Two intakes at once may create the same packet, person or employer, or wait for each other.
    """
    for _ in range(_TRIES):
        try:
            with db.transaction() as session:
                before = known(session, name, ready.key, ready.digest)
                if before is not None:
                    return before
                case = take(session, actor, ready, now)
            return Result(name, PacketOutcome.TAKEN, ready.key, case.ref, remarks)
        except (db.Conflict, db.Unavailable) as error:
            hindrance = error
        except CoreError as error:
            problems = (*remarks, refused("$", error))
            return Result(name, PacketOutcome.FAILED, ready.key, problems=problems)
        except OSError as error:
            raise StoreUnavailable(why=error.strerror or error) from error
    raise db.Unavailable from hindrance
