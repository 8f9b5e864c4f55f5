"""Rows on their way into the tables: columns in a fixed order, values as both databases take them.

Where nothing else in bulk refers to a row by its id, the database gives it one.
Moments and dates are ISO text, JSON is text, yes and no are 1 and 0.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import orjson

from core.model import Base

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "rulebooks": "id content",
        "employers": "id name credit_code legal_rep province city address industry handler_name"
        " handler_phone verification_method status status_reason verified_at created_at version_id",
        "employer_qualifications": "employer_id number industry valid_to",
        "people": "id name name_key id_type id_number sex born_on phone ethnicity school major"
        " education degree graduated_on title created_at version_id",
        "registrations": "id profession specialty specialty2 person_id employer_id person_name"
        " number seal_number qualification_certificate status first_registered_on valid_from"
        " valid_to issue ended_on end_reason version_id",
        "cases": "id ref profession business specialty specialty2 channel person_id employer_id"
        " registration_id rulebook_id form status resumes is_open forced province person_name"
        " employer_name seal_number flags_block flags_other created_at filed_at reported_at"
        " received_at accepted_at decided_at closed_at accepted_by_lapse clock due_on changed_at"
        " version_id",
        "clocks": "case_id kind started_on days extension_days paused_days paused_on due_on"
        " ended_on",
        "attachments": "case_id person_id kind filename sha256 mime size width height phash"
        " white_share correction_item_id added_at",
        "corrections": "id case_id round issued_by issued_at due_on answered_at override_reason",
        "correction_items": "correction_id check_key content reason answer content_en reason_en",
        "verdicts": "case_id stage check_key outcome reasons note officer_id changed_at",
        "decisions": "case_id stage action approves officer_id officer_name reasons note"
        " decided_at four_eyes superseded",
        "notes": "case_id author_id author_name text written_at",
        "leases": "case_id user_id taken_at expires_at",
        "registration_changes": "registration_id case_id effect before after changed_at",
        "messages": "person_id employer_id case_id template template_version title_zh title_en"
        " body_zh body_en sent_at read_at",
        "insurance_records": "id_number name payer_name payer_code month kinds fund_payer_code"
        " source as_of",
        "events": "chain seq at actor_id actor_name action subject case_id version before"
        " after detail previous hash",
        "counters": "name value",
    }.items()
}


_EPOCH = date(1970, 1, 1)


def check_columns() -> None:
    """Raise ValueError when a table of the model has other columns than are written here."""
    for name, columns in COLUMNS.items():
        known = set(Base.metadata.tables[name].columns.keys())
        if set(columns) not in (known, known - {"id"}):
            raise ValueError(f"{name}: {sorted(known ^ set(columns))} are not as in the model")


def stamp(moment: datetime) -> str:
    """An aware moment in UTC as the databases keep it."""
    return moment.isoformat(" ", "microseconds")[:26]


@cache
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).isoformat()


_MINUTES = [f" {minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440)]
_SECONDS = [f"{second:02d}.000000" for second in range(60)]


def written(moment: int) -> str:
    """`moment` (seconds since 1970) as `stamp` gives it."""
    minutes, second = divmod(moment, 60)
    days, minute = divmod(minutes, 1440)
    return _day(days) + _MINUTES[minute] + _SECONDS[second]


def packed(value: Any) -> str:
    """A JSON value as text."""
    return orjson.dumps(value).decode()
