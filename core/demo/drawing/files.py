"""Real files for the demo's attachments: drawn by several processes, stored, and told to the rows.

Until a picture is drawn its row carries made-up hashes (`core.demo.forms.picture`); the same
made-up hash means the same picture, so that a person's photo is one file in all their filings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core import clock
from core.demo import drawing
from core.demo.names import Sex
from core.files import attachments, images
from core.model import Attachment, Case, Person
from core.vocabulary.cases import Status

_INLINE = 24  # fewer than this are not worth starting processes for
_SHARED = 16  # pictures per kind (and sex) that old finished cases share
_LATELY_DAYS = 60
_ALL = 10**6
_CLEAR_PHOTOS = 30  # one photo in so many is a snapshot by telephone

_DESKS = (Status.RECEIVED, Status.ACCEPTED, Status.REVIEW, Status.RECHECK, Status.DECISION)

_TITLES = {
    "dismissal": "解除劳动合同证明",
    "insurance_proof": "社会保险缴费证明",
    "loss_statement": "证书遗失声明",
    "arbitration": "劳动人事争议仲裁裁决书",
    "death_certificate": "居民死亡医学证明（推断）书",
    "other": "情况说明",
}


class Order(NamedTuple):
    """A picture to be drawn. made_up: the hash that stands for it in the rows."""

    made_up: str
    kind: str
    filename: str
    name: str
    man: bool
    company: str
    day: str


class Drawn(NamedTuple):
    """What became of an order."""

    made_up: str
    sha256: str
    mime: str
    size: int
    width: int
    height: int
    phash: str
    white_share: float


def draw(order: Order) -> Drawn:
    """Draw and store one picture."""
    seed = int(order.made_up[:8], 16)
    sex: Sex = "男" if order.man else "女"
    if order.kind == "photo":
        snapshot = seed % _CLEAR_PHOTOS == 0
        data = (drawing.phone_portrait if snapshot else drawing.portrait)(seed, sex)
    elif order.kind == "signature":
        data = drawing.signature(seed, order.name)
    else:
        lines, stamp = _wording(order)
        data = drawing.document(seed, _TITLES.get(order.kind, _TITLES["other"]), lines, stamp=stamp)
    facts = images.inspect(data, order.filename)
    return Drawn(
        order.made_up,
        attachments.store(data),
        facts.mime,
        facts.size,
        facts.width,
        facts.height,
        f"{facts.phash:016x}",
        facts.white_background_share,
    )


def _wording(order: Order) -> tuple[list[str], str | None]:
    name, company, day = order.name, order.company, order.day
    match order.kind:
        case "dismissal":
            said = (
                f"兹证明{name}与我单位经协商一致，已于{day}解除劳动合同，双方无劳动争议。特此证明。"
            )
            return [f"姓名：{name}", said, company, day], company
        case "insurance_proof":
            said = (
                f"经查，{company}已为职工{name}缴纳养老、失业、医疗、工伤、生育保险，近期无欠缴。"
            )
            office = "演示社会保险经办机构"
            return [f"参保人：{name}", said, office, day], office
        case "arbitration":
            said = (
                f"申请人{name}与被申请人{company}解除劳动关系争议一案，本委裁决双方劳动关系解除。"
            )
            court = "演示劳动人事争议仲裁委员会"
            return [said, "本裁决已发生法律效力。", court, day], court
        case "death_certificate":
            return [f"姓名：{name}", "本证明仅供演示。", "演示医院", day], "演示医院"
        case _:
            said = f"本人{name}，注册证书不慎遗失或破损，特此声明，并对真实性负责。"
            return [said, name, day], None


def _orders(session: Session, condition: Any, limit: int, *first: Any) -> Iterator[Order]:
    """Pictures under `condition`, in the order of `first` or else the newest first."""
    rows = session.execute(
        select(
            Attachment.sha256,
            Attachment.kind,
            Attachment.filename,
            Attachment.added_at,
            Case.person_name,
            Case.employer_name,
            Case.form,
            Person.sex,
        )
        .join(Case, Case.id == Attachment.case_id)
        .join(Person, Person.id == Attachment.person_id)
        .where(condition)
        .order_by(*(first or (Attachment.case_id.desc(),)), Attachment.id)
        .limit(limit)
    )
    for row in rows:
        former = row.form.get("former_employer_name") if row.kind == "dismissal" else ""
        day = clock.local(row.added_at) - timedelta(days=20)
        yield Order(
            row.sha256,
            row.kind,
            row.filename,
            row.person_name,
            row.sex == "male",
            former or row.employer_name,
            f"{day.year}年{day.month}月{day.day}日",
        )


def develop(
    session: Session,
    now: datetime,
    *,
    everything: bool,
    most: int,
    report: Callable[[int, int], None],
) -> int:
    """Draw what open cases hold; returns how many files.

    everything: all of them, also the pictures of cases finished lately, and a few that older ones
    share. Otherwise at most `most`: of the newest cases, and of those next at each desk.
    """
    if everything:
        lately = Attachment.added_at > now - timedelta(days=_LATELY_DAYS)
        wanted = [*_orders(session, Case.is_open | lately, _ALL)]
    else:
        wanted = list(_orders(session, Case.is_open, most // 2))
        for status in _DESKS:
            at_desk = Case.is_open & (Case.status == status)
            wanted += _orders(session, at_desk, most // 2 // len(_DESKS), Case.due_on, Case.id)
    orders = {order.made_up: order for order in wanted}
    # Which picture each of the older ones uses, by their made-up hashes.
    borrowed = _shared(session, orders) if everything else {}
    done = {one.made_up: one for one in _drawn(list(orders.values()), report)}
    drawn = [*done.values(), *(done[of]._replace(made_up=one) for one, of in borrowed.items())]
    if drawn:
        # Past the mapper: rows are found by the made-up hash, not by their key.
        session.connection().execute(
            update(Attachment.__table__)  # type: ignore[arg-type]
            .where(Attachment.sha256 == bindparam("made"))
            .values(
                {name: bindparam(f"new_{name}") for name in Drawn._fields if name != "made_up"}
            ),
            [
                {"made": one.made_up}
                | {f"new_{key}": value for key, value in one._asdict().items() if key != "made_up"}
                for one in drawn
            ],
        )
    return len({one.sha256 for one in drawn})


def _drawn(orders: list[Order], report: Callable[[int, int], None]) -> Iterator[Drawn]:
    if len(orders) <= _INLINE:
        yield from map(draw, orders)
        return
    workers = max(1, min(8, os.cpu_count() or 1))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done, one in enumerate(pool.map(draw, orders, chunksize=16), 1):
            if done % 200 == 0:
                report(done, len(orders))
            yield one


def _shared(session: Session, orders: dict[str, Order]) -> dict[str, str]:
    """Pictures of old finished cases: a few of each kind, added to `orders`, stand in for all.

    Returns the made-up hash of the picture to use, by that of each picture that is not drawn.
    """
    chosen: dict[tuple[str, bool, int], str] = {}
    borrowed: dict[str, str] = {}
    for order in _orders(session, ~Case.is_open, _ALL):
        if order.made_up in orders or order.made_up in borrowed:
            continue
        key = order.kind, order.man, int(order.made_up[:6], 16) % _SHARED
        if key in chosen:
            borrowed[order.made_up] = chosen[key]
        else:
            chosen[key] = order.made_up
            orders[order.made_up] = order
    return borrowed
