"""Invented people and companies: right check characters, recognisably invented, repeatable."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import pytest
from stdnum.cn import ric, uscc

from core.catalogue.regions import PROVINCES, short_name
from core.invented import names

# The table behind `ric.validate` knows no cards of these places.
UNLISTED = {"71", "81", "82"}
BORN = date(2001, 2, 28)


@pytest.mark.parametrize("province", PROVINCES)
@pytest.mark.parametrize(("sex", "parity"), [("男", 1), ("女", 0)])
def test_id_numbers_pass_the_public_check_and_state_place_birth_and_sex(
    province: str, sex: names.Sex, parity: int
) -> None:
    rng = Random(f"id {province}")
    for _ in range(20):
        number = names.id_number(rng, province, BORN, sex)
        assert re.fullmatch(r"\d{17}[\dX]", number)
        assert number[:2] == ("65" if province == "66" else province)
        assert number[4:6] == "01"
        assert number[6:14] == "20010228"
        assert int(number[16]) % 2 == parity
        assert number[-1] == ric.calc_check_digit(number)


@pytest.mark.parametrize("province", sorted(set(PROVINCES) - UNLISTED))
def test_the_regions_of_id_numbers_existed_for_people_born_lately(province: str) -> None:
    rng = Random(province)
    for _ in range(20):
        number = names.id_number(rng, province, date(2015, 6, 1), "女")
        assert ric.validate(number) == number


@pytest.mark.parametrize("province", PROVINCES)
def test_credit_codes_pass_the_public_check_and_begin_with_their_province(province: str) -> None:
    rng = Random(province)
    for _ in range(20):
        code = names.credit_code(rng, province)
        assert uscc.validate(code) == code
        assert re.match(f"91{province}010[01]", code)


def test_the_organisation_code_inside_a_credit_code_has_its_own_check() -> None:
    class Fixed(Random):
        def random(self) -> float:
            return 0.9

        def randrange(self, *_: object) -> int:  # type: ignore[override]
            return 60003734

        def choice(self, seq):  # type: ignore[no-untyped-def]
            return seq[0]

    # 91110000600037341L is a published code; only its region differs from this one.
    assert names.credit_code(Fixed(), "11")[8:17] == "600037341"


@pytest.mark.parametrize("province", PROVINCES)
@pytest.mark.parametrize("industry", names.INDUSTRIES)
def test_company_names_begin_with_demo_and_tell_place_and_industry(
    province: str, industry: str
) -> None:
    rng = Random(f"{province}{industry}")
    places = {short_name(province), *(city for _, city in names._CITIES[province])}
    for _ in range(10):
        name = names.company_name(rng, province, industry)
        assert name.startswith(tuple(f"演示{place}" for place in places))
        assert name.endswith(names.INDUSTRIES[industry])


def test_telephone_numbers_lie_in_the_one_demo_block() -> None:
    rng = Random(5)
    found = {names.phone(rng) for _ in range(500)}
    assert all(re.fullmatch(r"19900\d{6}", number) for number in found)
    assert len(found) > 450


@pytest.mark.parametrize("province", PROVINCES)
def test_qualification_numbers_carry_the_province_after_a1(province: str) -> None:
    rng = Random(province)
    for _ in range(20):
        assert re.fullmatch(rf"A1{province}\d{{5,7}}", names.qualification_number(rng, province))


def test_person_names_include_compound_families_and_dotted_names() -> None:
    rng = Random(11)
    found = [names.person_name(rng, "男") for _ in range(2000)]
    assert any("·" in name for name in found)
    assert any(name.startswith(tuple(names._WORDS["compound_surnames"])) for name in found)
    assert sum(name[0] in "王李张刘陈" for name in found) > 300
    assert len(set(found)) > 1200


def test_a_dotted_name_comes_with_the_ethnic_group_it_belongs_to() -> None:
    assert names.ethnic_group(Random(1), "艾力·卡德尔") == "维吾尔族"
    groups = [names.ethnic_group(Random(k), "李伟") for k in range(300)]
    assert 0.8 < groups.count("汉族") / 300 < 1


def test_universities_and_addresses_are_recognisably_invented() -> None:
    rng = Random(2)
    for _ in range(50):
        assert names.university(rng).startswith("演示")
        assert "演示区" in names.address(rng, "37")


@pytest.mark.parametrize(
    "make", [names.credit_code, names.qualification_number, names.address, names.company_name]
)
def test_an_unknown_province_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    rest = ["design"] if make is names.company_name else []
    with pytest.raises(KeyError):
        make(Random(1), "99", *rest)


def test_the_same_seed_gives_the_same_person() -> None:
    def person(seed: int) -> tuple[object, ...]:
        rng = Random(seed)
        return (
            names.person_name(rng, "女"),
            names.id_number(rng, "37", BORN, "女"),
            names.phone(rng),
            names.education(rng),
            names.job_title(rng),
            names.major(rng),
        )

    assert person(4) == person(4)
    assert person(4) != person(5)


def test_every_province_has_a_name_in_both_languages_and_the_corps_has_66() -> None:
    codes = "11-15 21-23 31-37 41-46 50-54 61-66 71-71 81-82"
    wanted = [
        str(code)
        for low, high in (part.split("-") for part in codes.split())
        for code in range(int(low), int(high) + 1)
    ]
    assert list(PROVINCES) == wanted
    assert all(name.zh and name.en for name in PROVINCES.values())
    assert (short_name("15"), short_name("66"), short_name("37")) == ("内蒙古", "兵团", "山东")
