"""What varies from copy to copy: names, numbers with their check digits, pictures.

Equal values stay equal within a copy, so that people who share a telephone number still do.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from core import catalogue
from core.identifiers import name_key
from core.invented import names
from core.model import Base, Employer
from core.register import numbers

TABLES = Base.metadata.tables
VARIED = {
    "people.id_number": "identity",
    "insurance_records.id_number": "identity",
    "employers.credit_code": "credit_code",
    "insurance_records.payer_code": "credit_code",
    "insurance_records.fund_payer_code": "credit_code",
    **dict.fromkeys(
        (
            *("people.name", "cases.person_name", "registrations.person_name"),
            *("insurance_records.name", "employers.legal_rep", "employers.handler_name"),
        ),
        "name",
    ),
    "people.name_key": "name_key",
    "employers.name": "company",
    "cases.employer_name": "company",
    "insurance_records.payer_name": "company",
    "people.phone": "phone",
    "employers.handler_phone": "phone",
    "employer_qualifications.number": "qualification",
    "cases.ref": "ref",
    "registrations.number": "number",
    "registrations.seal_number": "seal",
    "cases.seal_number": "seal",
    "registrations.qualification_certificate": "certificate",
    "attachments.phash": "picture",
    "packets.key": "packet",
}
"""Columns whose values are made anew for each copy, and the kind of value they hold."""
REWRITTEN = ("cases.form", "anomalies.evidence")
"""JSON columns in which those values stand too."""


Variants = dict[str, dict[str, str]]
"""New values by kind (or JSON column) and old value (or id of the row)."""


class Originals:
    """The values that vary, as they were played; `varied` makes those of one copy."""

    def __init__(self, connection: Connection, strides: dict[str, int]) -> None:
        def rows(path: str, *more: str) -> list[Any]:
            of, _, name = path.partition(".")
            chosen = [TABLES[of].c[each] for each in (name, *more)]
            found = select(*chosen).order_by(*chosen[:1])
            # JSON has no equality in PostgreSQL; a row with its id is distinct anyway.
            return list(connection.execute(found if "id" in (*more, name) else found.distinct()))

        self.strides = strides
        self.people = rows("people.id_number", "born_on", "sex", "name", "name_key", "phone")
        self.companies = rows(
            "employers.credit_code", "province", "industry", "name", "handler_phone", "legal_rep",
            "handler_name", "id",
        )  # fmt: skip
        self.qualifications = dict(
            map(tuple, rows("employer_qualifications.employer_id", "number"))
        )
        self.insured = [row[0] for row in rows("insurance_records.name")]
        self.numbers = rows("registrations.number", "profession")
        self.seals = [row[0] for row in rows("cases.seal_number")]
        self.seals += [row[0] for row in rows("registrations.seal_number")]
        self.plain = {
            kind: [row[0] for row in rows(path)]
            for kind, path in (
                ("ref", "cases.ref"),
                ("picture", "attachments.phash"),
                ("packet", "packets.key"),
            )
        }
        self.embedded = {
            path: rows(path.split(".")[0] + ".id", path.split(".")[1]) for path in REWRITTEN
        }
        forms = [form for _, form in self.embedded["cases.form"]]
        self.certificates = sorted({form.get("qualification_certificate", "") for form in forms})
        counters = TABLES["counters"]
        self.counters = {row.name: row.value for row in connection.execute(select(counters)).all()}
        series = [value for name, value in self.counters.items() if name.startswith("number:")]
        self.serials = max(series, default=0)
        self.enterprises: dict[str, list[str]] = {}
        self._taken = {row.id_number for row in self.people}
        self._taken |= {row.credit_code for row in self.companies}

    def varied(self, rng: Random, copy: int) -> Variants:
        """New values by kind and old value for copy number `copy`."""
        made: Variants = {kind: {} for kind in dict.fromkeys(VARIED.values())}
        for row in self.people:
            sex: names.Sex = "男" if row.sex == "male" else "女"
            number = row.id_number
            while number in self._taken:
                number = names.id_number(rng, rng.choice(names.MAINLAND), row.born_on, sex)
            self._taken.add(number)
            made["identity"][row.id_number] = number
            name = made["name"].setdefault(row.name, names.person_name(rng, sex))
            made["name_key"][row.name_key] = name_key(name)
            made["phone"].setdefault(row.phone, names.phone(rng))
        enterprises = {}
        for row in self.companies:
            code = row.credit_code
            while code in self._taken:
                code = names.credit_code(rng, row.province)
            self._taken.add(code)
            made["credit_code"][row.credit_code] = code
            made["company"][row.name] = names.company_name(rng, row.province, row.industry)
            made["phone"].setdefault(row.handler_phone, names.phone(rng))
            for name in (row.legal_rep, row.handler_name):
                made["name"].setdefault(name, names.person_name(rng, rng.choice(("男", "女"))))
            old = self.qualifications.get(row.id, "")
            new = names.qualification_number(rng, row.province)
            made["qualification"][old] = new
            before = Employer(province=row.province, credit_code=row.credit_code)
            after = Employer(province=row.province, credit_code=code)
            enterprise = numbers.enterprise_code(after, new)
            enterprises[numbers.enterprise_code(before, old)] = enterprise
        for name in self.insured:  # 王小明儿 is told apart from 王小明 in every copy
            if name not in made["name"] and name[:-1] in made["name"]:
                made["name"][name] = made["name"][name[:-1]] + name[-1]
        self._renumber(made, enterprises, copy)
        for picture in self.plain["picture"]:
            made["picture"][picture] = f"{rng.getrandbits(64):016x}"
        told = (values for kind, values in made.items() if kind != "name_key")
        known = {old: new for values in told for old, new in values.items() if old}
        for path, rows in self.embedded.items():
            made[path] = {str(row[0]): json.dumps(_rewritten(row[1], known)) for row in rows}
        return made

    def _renumber(self, made: Variants, enterprises: dict[str, str], copy: int) -> None:
        """Numbers that hold an id, a serial or the employer's code."""
        for ref in self.plain["ref"]:
            number = int(ref[4:]) + copy * self.strides["cases"]
            made["ref"][ref] = numbers.case_ref(number, int(ref[:4]))
        for number, profession in self.numbers:
            width = catalogue.current().professions[profession].serial_width
            serial = int(number[-width:]) + copy * self.serials
            made["number"][number] = f"{number[:-width]}{serial:0{width}d}"
        for seal in self.seals:
            enterprise, dash, rest = seal.partition("-")
            if dash:
                made["seal"][seal] = f"{enterprises.get(enterprise, enterprise)}-{rest}"
        for old, new in enterprises.items():
            self.enterprises.setdefault(old, []).append(new)
        for certificate in filter(None, self.certificates):
            own = int(certificate[8:]) + copy * self.strides["people"]
            made["certificate"][certificate] = f"{certificate[:8]}{own:07d}"
        made["packet"] = {key: f"{key}+{copy}" for key in self.plain["packet"]}


def _rewritten(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, dict):
        return {key: _rewritten(each, known) for key, each in value.items()}
    return [_rewritten(each, known) for each in value] if isinstance(value, list) else value
