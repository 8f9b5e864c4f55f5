"""Invented people and companies, drawn from a `random.Random` so that a seed gives the same again.

Everything is recognisable as invented: companies and universities begin 演示, telephone numbers lie
in one unused-looking block, region codes end in 01 (市辖区), addresses name a 演示区. The check
characters are right all the same, since the product refuses numbers whose check fails.
"""

from __future__ import annotations

import tomllib
from datetime import date
from operator import mul
from pathlib import Path
from random import Random
from typing import Final, Literal

from core.catalogue.regions import PROVINCES, short_name
from core.invented.chances import Weighted

Sex = Literal["男", "女"]
MAINLAND: Final = tuple(code for code in PROVINCES if code < "70")
"""Provinces whose people have identity numbers of their own province."""

_WORDS: Final = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_CITIES: Final = {code: tuple(cities.items()) for code, cities in _WORDS["cities"].items()}
_STUDYING: Final = tuple(code for code in _CITIES if code < "66")
INDUSTRIES: Final = {kind: tuple(ends) for kind, ends in _WORDS["industries"].items()}
"""Kind of employer → endings of its name; `services` are employers outside construction."""
EMPLOYERS: Final = _WORDS["employers"]
"""How many there are where, of what kind, and how they stand in the end."""
_ETHNIC_GROUPS: Final = Weighted[str](_WORDS["ethnic_groups"].items())
_TITLES: Final = Weighted[str](_WORDS["titles"].items())
_EDUCATION: Final = Weighted[str](_WORDS["educations"].items())
# Families by frequency: the list is in the order of the census, the weights fall like 1/rank.
_FAMILIES: Final = Weighted[str](
    (name, 1 / (rank + 3)) for rank, name in enumerate(_WORDS["surnames"])
)

_ID_WEIGHTS: Final = tuple(2 ** (17 - place) % 11 for place in range(17))
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_VALUES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def person_name(rng: Random, sex: Sex) -> str:
    """A Chinese name: families weighted as in the census, 1 % compound, 1 % written with "·"."""
    kind = rng.random()
    if kind < 0.01:
        return f"{rng.choice(_WORDS['dotted_given'][sex])}·{rng.choice(_WORDS['dotted_fathers'])}"
    family = rng.choice(_WORDS["compound_surnames"]) if kind < 0.02 else _FAMILIES.draw(rng)
    letters = _WORDS["given"][sex]
    second = rng.choice(letters) if rng.random() < 0.8 else ""
    return f"{family}{rng.choice(letters)}{second}"


def ethnic_group(rng: Random, name: str = "") -> str:
    """民族, weighted as in the population; a name written with "·" is 维吾尔族 here."""
    return "维吾尔族" if "·" in name else _ETHNIC_GROUPS.draw(rng)


def id_number(rng: Random, province: str, born: date, sex: Sex) -> str:
    """公民身份号码 (GB 11643): region ending in 01, birth date, sequence (odd for men), check.

    province: two-digit code; cards of 66 (兵团) begin with 65, as no card begins with 66.
    Raises KeyError for an unknown province.
    """
    city, _ = rng.choice(_CITIES[province])
    region = f"{'65' if province == '66' else province}{city}01"
    sequence = rng.randrange(1, 1000, 2) if sex == "男" else rng.randrange(2, 1000, 2)
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return closed(body)


def closed(body: str) -> str:
    """`body` of 17 digits with its check character (GB 11643)."""
    return body + "10X98765432"[sum(map(mul, map(int, body), _ID_WEIGHTS)) % 11]


def phone(rng: Random) -> str:
    """A mobile number of 11 digits in the block 19900…, the same for all invented people."""
    return f"19900{rng.randrange(1_000_000):06d}"


def credit_code(rng: Random, province: str) -> str:
    """统一社会信用代码 (GB 32100): 91, region, organisation code (GB 11714), check character.

    Both check characters are right. Raises KeyError for an unknown province.
    """
    if province not in PROVINCES:
        raise KeyError(province)
    if rng.random() < 0.5:
        organisation = "MA" + "".join(rng.choices(_CREDIT_ALPHABET, k=6))
    else:
        organisation = f"{rng.randrange(10**7, 8 * 10**7):08d}"
    total = sum(
        weight * _ORGANISATION_VALUES.index(letter)
        for weight, letter in zip(_ORGANISATION_WEIGHTS, organisation, strict=True)
    )
    body = f"91{province}{rng.choice(('0100', '0101'))}{organisation}{'0X987654321'[total % 11]}"
    total = sum(
        weight * _CREDIT_ALPHABET.index(letter)
        for weight, letter in zip(_CREDIT_WEIGHTS, body, strict=True)
    )
    return body + _CREDIT_ALPHABET[-total % 31]


def company_name(rng: Random, province: str, industry: str) -> str:
    """演示 + place + trade name + ending, such as 演示济南恒筑建筑设计有限公司.

    industry: a key of `INDUSTRIES`. Raises KeyError for an unknown province or industry.
    """
    place = short_name(province)
    if rng.random() < 0.6:
        place = rng.choice(_CITIES[province])[1]
    trade = rng.choice(_WORDS["trade_first"]) + rng.choice(_WORDS["trade_second"])
    return f"演示{place}{trade}{rng.choice(INDUSTRIES[industry])}"


def qualification_number(rng: Random, province: str) -> str:
    """企业资质证书号: A1, the province, then 5 to 7 digits (A161003710).

    Raises KeyError for an unknown province.
    """
    if province not in PROVINCES:
        raise KeyError(province)
    digits = rng.choice((5, 6, 6, 6, 7))
    return f"A1{province}{rng.randrange(10**digits):0{digits}d}"


def address(rng: Random, province: str) -> str:
    """A postal address in a district that does not exist (演示区).

    Raises KeyError for an unknown province.
    """
    full = PROVINCES[province].zh
    city = rng.choice(_CITIES[province])[1]
    town = "" if full.startswith(city) else f"{city}市"
    return f"{full}{town}演示区{rng.choice(_WORDS['roads'])}路{rng.randrange(1, 400)}号"


def university(rng: Random) -> str:
    """An invented university, such as 演示西安建筑大学."""
    province = rng.choice(_STUDYING)
    return f"演示{rng.choice(_CITIES[province])[1]}{rng.choice(_WORDS['schools'])}"


def major(rng: Random) -> str:
    """所学专业, from the subjects that lead to these professions."""
    return str(rng.choice(_WORDS["majors"]))


def education(rng: Random) -> tuple[str, str]:
    """学历 and 学位 that go together; the degree is 无 where none was given."""
    learnt, _, degree = _EDUCATION.draw(rng).partition("/")
    return learnt, degree


def job_title(rng: Random) -> str:
    """现任专业技术职务, 无 for some."""
    return _TITLES.draw(rng)
