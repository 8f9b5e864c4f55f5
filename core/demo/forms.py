"""What applicants fill in, field by field of the catalogue, and the pictures they add."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from core import catalogue
from core.catalogue.regions import PROVINCES
from core.demo.cast import Someone
from core.demo.types import Filing

# Filled from the register when the case is opened, as the portal does (自动提取).
FROM_REGISTER = ("registration_number", "seal_number", "valid_to")

_INDUSTRY = {"supervision": "supervision", "construction": "construction"}
_BOOK: Final = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))


@cache
def _keys(profession: str, business: str) -> tuple[str, ...]:
    return tuple(f.key for f in catalogue.current().services[profession, business].fields)


@cache
def _options(profession: str, business: str, key: str) -> tuple[str, ...]:
    fields = catalogue.current().services[profession, business].fields
    return next(tuple(o.key for o in f.options) for f in fields if f.key == key)


def fill(rng: Random, filing: Filing, day: date) -> dict[str, Any]:
    """The form of a filing on `day`; what the register knows stays empty for now."""
    person, company = filing.person.row, filing.company.row
    certificate, graduated = filing.person.certificate, filing.person.graduated_on
    profession, business = filing.profession, filing.business
    moves, new_specialty = filing.moves, filing.new_specialty
    since = date.fromordinal(day.toordinal() - rng.randrange(25, 70 if moves else 1500))
    known: dict[str, Any] = {
        "name": person.name,
        "sex": person.sex,
        "id_type": "resident_id",
        "id_number": person.id_number,
        "born_on": person.born_on.isoformat(),
        "phone": person.phone,
        "ethnicity": person.ethnicity,
        "school": person.school,
        "major": person.major,
        "education": person.education,
        "degree": person.degree,
        "graduated_on": graduated.isoformat()[: 10 if profession == "supervision" else 7],
        "title": person.title,
        "title_since": f"{graduated.year + 5}-12",
        "work_years": day.year - graduated.year,
        "employer_name": company.name,
        "credit_code": company.credit_code,
        "legal_rep": company.legal_rep,
        "employer_province": PROVINCES[company.province].zh,
        "employer_city": company.city,
        "employer_address": company.address,
        "industry": _INDUSTRY.get(company.industry, "survey_design"),
        "qualification_number": filing.company.qualification,
        "handler_phone": company.handler_phone,
        "employed_from": since.isoformat(),
        "employed_until": "" if rng.random() < 0.4 else f"{since.year + 3}-12-31",
        "former_employer_name": filing.former.row.name if filing.former else "",
        "qualification_certificate": certificate,
        "qualification_approved_on": f"{certificate[:4]}-12-20",
        "qualification_way": "examination",
        "change_kind": [k for k, on in (("employer", moves), ("specialty", new_specialty)) if on],
        "forced": "yes" if business == "cancellation" and rng.random() < 0.05 else "no",
    }
    keys = _keys(profession, business)
    if business == "replacement":
        reason = rng.choice(_options(profession, business, "replacement_reason"))
        seal = reason in {"employer_renamed", "qualification_renumbered"} or rng.random() < 0.2
        known["replacement_reason"] = reason
        known["replacement_request"] = ["new_seal"] if seal else ["new_certificate"]
        known["statement"] = _BOOK["said"].get(reason, "")
    elif business == "cancellation":
        forced = known["forced"] == "yes"
        known["cancellation_reason"] = (
            "employment_ended" if forced else rng.choice(_BOOK["endings"])
        )
        known["statement"] = _BOOK["statement_of_leaving"] if rng.random() < 0.3 else ""
    return {key: known.get(key, "") for key in keys}


def completed(
    form: Mapping[str, Any], number: str, seal_number: str, valid_to: str
) -> dict[str, Any]:
    """`form` with what the register holds, in the fields that the service has for it."""
    values = dict(zip(FROM_REGISTER, (number, seal_number, valid_to), strict=True))
    return {key: values.get(key, value) for key, value in form.items()}


def materials(rng: Random, business: str, form: Mapping[str, Any]) -> list[str]:
    """Kinds of pictures handed in: everything required and some of the optional."""
    kinds = [] if business == "cancellation" else ["photo", "signature"]
    if business == "change":
        kinds.append("dismissal")
    if form.get("forced") == "yes":
        kinds.append("arbitration")
    if form.get("cancellation_reason") == "death_or_incapacity":
        kinds.append("death_certificate")
    if form.get("replacement_reason") in {"lost", "damaged"}:
        if rng.random() < 0.6:
            kinds.append("loss_statement")
    elif business == "replacement" or form.get("cancellation_reason") == "other":
        kinds.append("other")  # what proves the reason
    if business in {"initial", "change", "renewal"}:
        chance = rng.random()
        if chance < 0.25 or chance > 0.8:
            kinds.append("insurance_proof" if chance < 0.25 else "other")
    return kinds


def picture(seed: int, kind: str, person: Someone, number: int) -> dict[str, Any]:
    """An attachment's row before any file exists: its hashes come from whose picture it is.

    Photo and signature belong to the profile: the same in every filing of a person.
    """
    own = {"photo": person.photo, "signature": person.row.id}.get(kind)
    subject = f"{seed}:{kind}:{number}" if own is None else f"{seed}:{kind}:p{own}"
    digest = hashlib.sha256(subject.encode()).hexdigest()
    chance = int(digest[:8], 16)
    width, height, size = _BOOK["sizes"].get(kind, (1000, 1414, 190_000))
    names = _BOOK["files"][kind]
    return {
        "kind": kind,
        "filename": names[chance % len(names)].format(n=f"{chance % 10**8:08d}"),
        "sha256": digest,
        "mime": "image/png" if kind == "signature" else "image/jpeg",
        "size": size + chance % 5000,
        "width": width,
        "height": height,
        "phash": digest[16:32],
        "white_share": 0.99,
    }
