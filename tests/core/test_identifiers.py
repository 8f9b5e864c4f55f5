"""Identifier checks: the standards' own examples, and properties that must hold for all of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st
from stdnum.cn import ric, uscc

from core.identifiers import (
    CreditCodeProblem,
    IdProblem,
    born_on,
    check_credit_code,
    check_id_number,
    check_phone,
    id_card_term_years,
    mask_id,
    mask_phone,
    name_key,
    normalise_credit_code,
    normalise_id,
    normalise_phone,
    region_known,
    sex_of,
)

SAMPLE_ID = "11010519491231002X"
SAMPLE_CODE = "91350100M000100Y43"
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def complete_id(first_17: str) -> str:
    return first_17 + ric.calc_check_digit(first_17 + "0")


born = st.dates(date(1900, 1, 1), date(2025, 12, 31))
ids = st.builds(
    lambda region, day, order: complete_id(f"{region:06d}{day:%Y%m%d}{order:03d}"),
    st.integers(110000, 659999),
    born,
    st.integers(0, 999),
)
codes = st.builds(
    lambda head, region, body: (
        (stem := f"{head}{region:06d}{body}") + uscc.calc_check_digit(stem + "0")
    ),
    st.text(CODE_ALPHABET, min_size=2, max_size=2),
    st.integers(0, 999999),
    st.text(CODE_ALPHABET, min_size=9, max_size=9),
)


def test_the_example_of_the_id_standard_passes() -> None:
    assert check_id_number(SAMPLE_ID) is None
    assert born_on(SAMPLE_ID) == date(1949, 12, 31)
    assert sex_of(SAMPLE_ID) == "female"


def test_the_check_digit_follows_the_published_weights() -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for order in range(100):
        number = complete_id(f"37010119900307{order:03d}")
        total = sum(int(d) * w for d, w in zip(number, weights, strict=False))
        assert number[-1] == "10X98765432"[total % 11]


@pytest.mark.parametrize(
    "raw",
    [
        "11010519491231002x",
        " 110105 19491231 002X\n",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105\u300019491231\u00a0002X",
        "\u200b\ufeff11010519491231002X\u202c",
        "110105491231002",
    ],
    ids=["small x", "spaces", "full width", "wide spaces", "invisible marks", "15 digits"],
)
def test_untidy_forms_of_an_id_number_become_one(raw: str) -> None:
    assert normalise_id(raw) == SAMPLE_ID
    assert check_id_number(raw) is None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", IdProblem.LENGTH),
        ("11010519491231002", IdProblem.LENGTH),
        ("11010519491231002X0", IdProblem.LENGTH),
        ("110105194912310021", IdProblem.CHECK_DIGIT),
        ("1101051949123100X2", IdProblem.CHARACTERS),
        ("11010519491231002Х", IdProblem.CHARACTERS),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", IdProblem.CHARACTERS),
        ("11010519491231-02X", IdProblem.CHARACTERS),
        (complete_id("11010519490230002"), IdProblem.DATE),
        (complete_id("11010519491331002"), IdProblem.DATE),
        (complete_id("11010500001231002"), IdProblem.DATE),
        (complete_id("11010518491231002"), IdProblem.DATE),
        (complete_id("11010520230229002"), IdProblem.DATE),
        ("110105490230002", IdProblem.DATE),
    ],
)
def test_a_wrong_id_number_is_told_what_is_wrong(value: str, problem: IdProblem) -> None:
    assert check_id_number(value) is problem


@settings(deadline=None)
@given(ids, st.integers(0, 17), st.integers(1, 10))
def test_any_single_wrong_digit_of_an_id_number_is_noticed(
    number: str, place: int, shift: int
) -> None:
    assert check_id_number(number) is None
    alphabet = "0123456789X" if place == 17 else "0123456789"
    wrong = alphabet[(alphabet.index(number[place]) + shift) % len(alphabet)]
    typed = number[:place] + wrong + number[place + 1 :]
    noticed = check_id_number(typed) is not None
    assert noticed == (typed != number)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=24), st.text("0123456789xX０９ｘ \u3000", max_size=20), ids))
def test_normalising_an_id_number_twice_changes_nothing_more(raw: str) -> None:
    once = normalise_id(raw)
    assert normalise_id(once) == once


@settings(deadline=None)
@given(ids.filter(lambda number: number[6:8] == "19"))
def test_an_old_number_upgrades_to_the_number_it_became(number: str) -> None:
    assert normalise_id(number[:6] + number[8:17]) == number


@settings(deadline=None)
@given(born, st.integers(0, 999))
def test_birth_date_and_sex_are_read_from_the_number(day: date, order: int) -> None:
    number = complete_id(f"370101{day:%Y%m%d}{order:03d}")
    assert born_on(number) == day
    assert sex_of(number) == ("male" if order % 2 else "female")


def test_an_unknown_region_is_a_remark_and_no_problem() -> None:
    unknown = complete_id("99999919900307001")
    assert check_id_number(unknown) is None
    assert not region_known(unknown)
    assert not region_known(complete_id("11999919900307001"))


@pytest.mark.parametrize("region", ["110105", "370101", "440101"])
def test_a_listed_region_is_known(region: str) -> None:
    assert region_known(complete_id(f"{region}19900307001"))


def test_every_problem_has_words_in_both_languages() -> None:
    for problem in (*IdProblem, *CreditCodeProblem):
        assert problem.text.zh
        assert problem.text.en


def test_the_example_of_the_credit_code_standard_passes() -> None:
    assert check_credit_code(SAMPLE_CODE) is None
    assert normalise_credit_code(" 91350100m000100y43 ") == SAMPLE_CODE
    assert check_credit_code("９１３５０１００m000100y43") is None


def test_the_credit_check_character_follows_the_published_weights() -> None:
    weights = [pow(3, place, 31) for place in range(17)]
    total = sum(CODE_ALPHABET.index(c) * w for c, w in zip(SAMPLE_CODE, weights, strict=False))
    assert SAMPLE_CODE[-1] == CODE_ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", CreditCodeProblem.LENGTH),
        (SAMPLE_CODE[:-1], CreditCodeProblem.LENGTH),
        ("91350100I000100Y43", CreditCodeProblem.CHARACTERS),
        ("91350100O000100Y43", CreditCodeProblem.CHARACTERS),
        ("91350100Z000100Y43", CreditCodeProblem.CHARACTERS),
        ("91350100S000100Y43", CreditCodeProblem.CHARACTERS),
        ("91350100V000100Y43", CreditCodeProblem.CHARACTERS),
        ("9135A100M000100Y43", CreditCodeProblem.CHARACTERS),
        ("91350100-000100Y43", CreditCodeProblem.CHARACTERS),
        ("91350100M000100Y44", CreditCodeProblem.CHECK_DIGIT),
    ],
)
def test_a_wrong_credit_code_is_told_what_is_wrong(value: str, problem: CreditCodeProblem) -> None:
    assert check_credit_code(value) is problem


def test_only_the_check_character_of_a_credit_code_does_not_block() -> None:
    assert [p for p in CreditCodeProblem if not p.blocks] == [CreditCodeProblem.CHECK_DIGIT]


@settings(deadline=None)
@given(codes, st.integers(0, 17), st.integers(1, 30))
def test_any_single_wrong_character_of_a_credit_code_is_noticed(
    code: str, place: int, shift: int
) -> None:
    assert check_credit_code(code) is None
    wrong = CODE_ALPHABET[(CODE_ALPHABET.index(code[place]) + shift) % 31]
    assert check_credit_code(code[:place] + wrong + code[place + 1 :]) is not None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19900000001", "19900000001"),
        ("199 0000 0001", "19900000001"),
        ("199-0000-0001", "19900000001"),
        ("+86 19900000001", "19900000001"),
        ("008619900000001", "19900000001"),
        ("１９９００００００１１", "19900000011"),
    ],
)
def test_a_mobile_number_is_accepted_however_it_is_spaced(typed: str, kept: str) -> None:
    assert normalise_phone(typed) == kept
    assert check_phone(typed) is None


@pytest.mark.parametrize(
    "typed", ["", "1990000000", "199000000011", "29900000001", "1990000000a", "010-10000000"]
)
def test_what_is_no_mobile_number_is_told(typed: str) -> None:
    assert check_phone(typed) is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (SAMPLE_ID, "110***********002X"),
        ("110105491231002", "110********1002"),
        ("E12345678", "E12**5678"),
        ("1234567", "*******"),
        ("12", "**"),
        ("", ""),
    ],
)
def test_a_masked_identifier_shows_its_first_three_and_last_four(value: str, shown: str) -> None:
    assert mask_id(value) == shown


def test_a_masked_mobile_number_hides_its_middle() -> None:
    assert mask_phone("19900000001") == "199****0001"


@pytest.mark.parametrize("dot", ["·", "•", "・", "･", "‧", "．", ".", "∙", "⋅", " · ", "\u3000"])
def test_names_with_any_middle_dot_are_one_name(dot: str) -> None:
    assert name_key(f"阿卜杜拉{dot}买买提") == "阿卜杜拉买买提"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (" 张 伟 ", "张伟"),
        ("ｓmith　Ｊohn", "SMITHJOHN"),
        ("张\u200b伟", "张伟"),
        ("凉\uf979", "凉凉"),
        ("", ""),
    ],
    ids=["spaces", "full-width Latin", "invisible mark", "compatibility character", "nothing"],
)
def test_a_name_key_sees_through_the_way_a_name_was_typed(name: str, key: str) -> None:
    assert name_key(name) == key


@settings(deadline=None)
@given(st.text("张伟阿·•・‧．. 　aAéE\u0301ßｊ\u200b", max_size=12))
def test_a_name_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize(
    ("age", "years"),
    [(0, 5), (15, 5), (16, 10), (25, 10), (26, 20), (45, 20), (46, None), (90, None)],
)
def test_the_term_of_an_id_card_follows_the_age_at_issue(age: int, years: int | None) -> None:
    assert id_card_term_years(age) == years
