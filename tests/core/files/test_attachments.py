"""The store of pictures, and who may read one."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.access.actors import SYSTEM, Actor
from core.accounts import users
from core.config import settings
from core.errors import NotFound
from core.files import attachments
from core.model import (
    AccessLog,
    Case,
    User,
)
from core.vocabulary.roles import Role
from tests.core.files.stored import a_picture, an_attachment


def someone(session: Session, role: Role, **about: object) -> Actor:
    count = len(session.scalars(select(User.id)).all())
    user = users.create_user(
        session,
        SYSTEM,
        username=f"user{count}",
        name=f"演示{count}",
        password="Practice-2026",
        roles=[role],
        now=clock.now(),
        **about,  # type: ignore[arg-type]
    )
    return users.actor_of(user)


def test_content_is_kept_under_its_own_hash_and_once() -> None:
    data = a_picture()
    sha256 = attachments.store(data)
    assert sha256 == hashlib.sha256(data).hexdigest() == attachments.store(data)
    path = attachments.path_of(sha256)
    assert path.read_bytes() == data
    assert path.parent == settings().data / "attachments" / sha256[:2] / sha256[2:4]
    assert [each.name for each in path.parent.iterdir()] == [sha256]


def test_a_write_that_breaks_off_leaves_nothing_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(attachments.os, "fsync", disk_full)
    data = a_picture()
    with pytest.raises(OSError, match="No space"):
        attachments.store(data)
    folder = attachments.path_of(hashlib.sha256(data).hexdigest()).parent
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_a_hash_is_a_place_in_the_store(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        attachments.path_of(name)


@pytest.mark.usefixtures("engine")
def test_reading_an_original_is_logged_and_a_thumbnail_is_not() -> None:
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    with db.transaction() as session:
        attachment = an_attachment(session, data=a_picture())
        reviewer = someone(session, Role.REVIEWER)
        attachments.open_for(session, reviewer, attachment.id, now, thumb=True)
        assert session.scalars(select(AccessLog)).all() == []
        served = attachments.open_for(session, reviewer, attachment.id, now, thumb=False)
        (row,) = session.scalars(select(AccessLog)).all()
    assert served.sha256 == attachment.sha256
    assert served.name == f"TEST-0-photo-{attachment.id}", "ours, whatever the file was called"
    assert (row.at, row.user_id, row.subject, row.what) == (
        now,
        reviewer.user_id,
        f"case:{attachment.case_id}",
        f"attachment:{attachment.id}",
    )


@pytest.mark.usefixtures("engine")
def test_foreign_missing_and_lost_files_are_refused_alike() -> None:
    now = clock.now()
    with db.transaction() as session:
        attachment = an_attachment(session, data=a_picture())
        other = an_attachment(session, data=a_picture("red"))
        refused = [
            someone(session, Role.ANALYST),
            someone(session, Role.ADMIN),
            someone(session, Role.SUPPORT),
            someone(session, Role.APPLICANT, person_id=other.person_id),
            someone(session, Role.PROVINCE, province="44"),
            SYSTEM,
        ]
        messages = set()
        for actor in refused:
            with pytest.raises(NotFound) as caught:
                attachments.open_for(session, actor, attachment.id, now, thumb=False)
            messages.add(str(caught.value))
        reviewer = someone(session, Role.REVIEWER)
        for gone in (attachment.id + 999, other.id):
            Path(attachments.path_of(other.sha256)).unlink(missing_ok=True)
            with pytest.raises(NotFound) as caught:
                attachments.open_for(session, reviewer, gone, now, thumb=False)
            messages.add(str(caught.value))
        assert len(messages) == 1
        assert session.scalars(select(AccessLog)).all() == []


@pytest.mark.usefixtures("engine")
def test_people_see_their_own_and_provinces_theirs() -> None:
    with db.transaction() as session:
        attachment = an_attachment(session, data=a_picture())
        case = session.get_one(Case, attachment.case_id)
        for actor in (
            someone(session, Role.APPLICANT, person_id=case.person_id),
            someone(session, Role.EMPLOYER, employer_id=case.employer_id),
            someone(session, Role.PROVINCE, province="37"),
        ):
            assert attachments.open_for(session, actor, attachment.id, clock.now(), thumb=False)
