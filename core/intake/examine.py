"""One packet, from its file to its fate: read, checked by every rule, and taken in if it is sound.

Cheap checks come before dear ones, and who sent it before what it says: of a packet whose signature
is missing or wrong nothing more is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.catalogue.types import Catalogue, Service
from core.channels import keys
from core.errors import CoreError
from core.filing import standing
from core.intake import (
    limits,
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
from core.typed import shown
from core.vocabulary.cases import Channel

CHANGED = Text(
    "编号“{key}”的数据包已收过（案件 {ref}），但内容与这次不同。",
    "Packet “{key}” was taken in before (case {ref}) with other content.",
)
NEW_KEY = Text(
    "同样的内容，或新的编号；已收案件的修改走补正",
    "the same content, or a new id; a case taken in is changed by correction",
)
SIGNATURE = ".sig"
"""What the name of a signature's file adds to that of its packet."""
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

    problems: why it failed, or remarks on one that was taken. signed_by: name of the channel's key.
    """

    name: str
    fate: PacketOutcome
    key: str = ""
    ref: str = ""
    problems: tuple[Problem, ...] = ()
    signed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Examiner:
    """What the packets of a run share. beside: files of each folder (`source.neighbours`)."""

    source: sources.Source
    actor: Actor
    book: Catalogue
    now: datetime
    beside: dict[str, dict[str, list[str]]]
    checker: Draft202012Validator = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "checker", messages.validator(self.book))

    def examine(self, name: str, folder: str) -> Result:
        """The fate of the packet in file `name` of `folder`.

        Raises StoreUnavailable, db.Unavailable, and whatever nobody expected.
        """
        try:
            raw = self.source.read(name, limits.MAX_JSON)
        except CoreError as error:
            return _failed(name, "", [refused("$", error)])
        data, problems = packets.parse(raw)
        if data is None and problems:
            return _failed(name, "", problems)
        key = validate.packet_id(data)
        service = messages.service_of(data, self.book)
        files = pictures.read(self.source, self.beside.get(folder, {}), data, service)
        digest = packets.digest_of(data, [file.sha256 for file in files])
        hashes = [hashlib.sha256(raw).hexdigest(), *(file.sha256 for file in files)]
        with db.reading() as session:
            before = known(session, name, key, digest)
            if before is not None and before.fate is PacketOutcome.ALREADY:
                return before
            try:
                signer = self._signer(session, name, data, hashes)
            except CoreError as error:
                return _failed(name, key, [refused("$", error)])
        if before is not None:
            return before
        result = self._judged(name, key, data, service, files, digest, signer, problems)
        if result.fate is PacketOutcome.FAILED and key:
            # Another intake may have taken the same packet in meanwhile; what stands in the way
            # then is the packet itself.
            with db.reading() as session:
                again = known(session, name, key, digest)
            if again is not None and again.fate is PacketOutcome.ALREADY:
                return again
        return result

    def _signer(self, session: Session, name: str, data: Any, hashes: list[str]) -> str | None:
        """Name of the key that signed the packet; None for an unsigned one that may be.

        Raises NotSigned, what `keys.verify` raises, and Unreadable or TooBig of the signature.
        """
        beside = f"{name}{SIGNATURE}"
        if beside not in self.source.names:
            if keys.unsigned_allowed(session):
                return None
            raise keys.NotSigned(file=shown(beside))
        signature = self.source.read(beside, keys.MAX_SIGNATURE)
        channel = data.get("channel") if isinstance(data, dict) else None
        return keys.verify(session, signature, channel, keys.manifest(hashes[0], hashes[1:]))

    def _judged(
        self,
        name: str,
        key: str,
        data: Any,
        service: Service | None,
        files: list[pictures.Found],
        digest: str,
        signer: str | None,
        problems: list[Problem],
    ) -> Result:
        form = validate.form_of(data, service) if service else {}
        problems = problems + messages.schema_problems(self.checker, data, self.book)
        paths = {problem.path for problem in problems}
        problems += validate.check(data, service, form, known=paths, now=self.now)
        good: list[packets.Picture] = []
        if service is not None:
            problems += pictures.missing([file.kind for file in files], service, form)
            good, about = pictures.judge(self.source, files, service)
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
                    validate.sound(service, form, problems),
                    reported_elsewhere=True,
                )
            problems += [validate.placed(service, problem) for problem in found]
        if service is None or not key or blocking(problems):
            return _failed(name, key, problems)
        ready = _filing(data, service, form, digest, good, signer)
        return self._taken(name, ready, tuple(problems))

    def _taken(self, name: str, ready: Filing, remarks: tuple[Problem, ...]) -> Result:
        """Take one in; again when another writer got in the way.

        Two intakes at once may create the same packet, person or employer, or wait for each other.
        Raises db.Unavailable, StoreUnavailable.
        """
        for last in (False,) * (_TRIES - 1) + (True,):
            try:
                with db.transaction() as session:
                    before = known(session, name, ready.key, ready.digest)
                    if before is not None:
                        return before
                    case = take(session, self.actor, ready, self.now)
            except (db.Conflict, db.Unavailable) as error:
                if not last:
                    continue
                if isinstance(error, db.Unavailable):
                    raise
                return _failed(name, ready.key, [*remarks, refused("$", error)])
            except CoreError as error:
                return _failed(name, ready.key, [*remarks, refused("$", error)])
            except OSError as error:
                raise StoreUnavailable(why=error.strerror or error) from error
            return Result(name, PacketOutcome.TAKEN, ready.key, case.ref, remarks, ready.signed_by)
        raise AssertionError("unreachable")


def _failed(name: str, key: str, problems: list[Problem]) -> Result:
    return Result(name, PacketOutcome.FAILED, key, problems=tuple(problems))


def _askable(problems: list[Problem]) -> bool:
    """Whether service, specialties and what people are known by are sound enough to look up."""
    frame = ("$.profession", "$.business", "$.specialties", "$.person", "$.employer")
    return not any(
        problem.path == "$" or (problem.path.startswith(frame[:3]) or problem.path in frame[3:])
        for problem in problems
    )


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
    signer: str | None,
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
        signed_by=signer,
    )
