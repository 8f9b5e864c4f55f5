"""A case with a picture in the store."""

from __future__ import annotations

import io
from datetime import date

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.files import attachments
from core.model import (
    Attachment,
    Case,
    Employer,
    Person,
    StoredRulebook,
)
from core.vocabulary.cases import Status
from core.vocabulary.employers import EmployerStatus


def a_picture(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), colour).save(out, "JPEG")
    return out.getvalue()


def an_attachment(session: Session, *, data: bytes, filename: str = "证件照.jpg") -> Attachment:
    """A picture of a case of its own person and employer, in province 37."""
    now, count = clock.now(), len(session.scalars(select(Case.id)).all())
    person = Person(
        name="演示甲",
        name_key="演示甲",
        id_number=f"37010119900101{count:04d}",
        sex="male",
        born_on=date(1990, 1, 1),
        created_at=now,
    )
    employer = Employer(
        name="演示工程咨询有限公司",
        credit_code=f"DEMO{count:014d}",
        province="37",
        status=EmployerStatus.VERIFIED.value,
        created_at=now,
    )
    book = session.get(StoredRulebook, "0" * 64) or StoredRulebook(id="0" * 64, content={})
    session.add_all([person, employer, book])
    session.flush()
    case = Case(
        ref=f"TEST-{count}",
        profession="supervision",
        business="initial",
        channel="desk",
        person_id=person.id,
        employer_id=employer.id,
        rulebook_id=book.id,
        form={},
        status=Status.RECEIVED.value,
        is_open=True,
        province="37",
        person_name=person.name,
        employer_name=employer.name,
        created_at=now,
        changed_at=now,
    )
    session.add(case)
    session.flush()
    attachment = Attachment(
        case_id=case.id,
        person_id=person.id,
        kind="photo",
        filename=filename,
        sha256=attachments.store(data),
        mime="image/jpeg",
        size=len(data),
        width=600,
        height=800,
        added_at=now,
    )
    session.add(attachment)
    session.flush()
    return attachment
