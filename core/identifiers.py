"""Pure checks of the identifiers on a form: 身份证号, 统一社会信用代码, mobile number, name.

Source: domain F "Identifier checks" (GB 11643, GB 32100). Nothing here knows a person or a case;
the functions take what was typed and answer what is wrong with it, if anything.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Literal

from stdnum import numdb
from stdnum.cn import ric, uscc

from core import typed
from core.text import Text

Sex = Literal["male", "female"]

_ID_18 = re.compile(r"[0-9]{17}[0-9X]")
_ID_15 = re.compile(r"[0-9]{15}")
# Region digits are always digits; the first two may be letters (A, N, Y are in use), which is why
# the library's own format check, digits only, is not used.
_CREDIT_CODE = re.compile(
    r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}[0-9A-HJ-NPQRTUWXY]"
)
_DOCUMENT = re.compile(r"[0-9A-Z]{4,20}")
_MOBILE = re.compile(r"1[0-9]{10}")
_COUNTRY_PREFIX = re.compile(r"(?:\+|00)86(?=1[0-9]{10}$)")
_EARLIEST_BIRTH_YEAR = 1900
# Name dots as typed on different keyboards, after NFKC: · • ‧ ∙ ⋅ ・ and the full stop.
_NAME_DOTS = str.maketrans("", "", "\u00b7\u2022\u2027\u2219\u22c5\u30fb.")
_ASCII_UPPER = {lower: lower - 32 for lower in range(ord("a"), ord("z") + 1)}

REGION_UNKNOWN = Text(
    "身份证号前六位不在已知的行政区划代码中，可能为已撤销的代码，请核对。",
    "The first six digits are not a known region code; it may have been retired, please compare.",
)
DOCUMENT_UNUSABLE = Text(
    "证件号码须由 4 至 20 位数字和字母（A–Z）组成。",
    "A document number consists of 4 to 20 digits and letters A–Z.",
)
PHONE_UNUSABLE = Text(
    "手机号码须为11位数字，以1开头。",
    "A mobile number has 11 digits and starts with 1.",
)


class IdProblem(StrEnum):
    """Why a 身份证号 cannot be right; every one of them blocks."""

    LENGTH = "length"
    CHARACTERS = "characters"
    DATE = "date"
    CHECK_DIGIT = "check_digit"

    @property
    def text(self) -> Text:
        """The sentence for the person who typed it."""
        return _ID_TEXTS[self]


_ID_TEXTS = {
    IdProblem.LENGTH: Text(
        "身份证号应为18位（旧证15位）。", "An ID number has 18 characters (15 on old cards)."
    ),
    IdProblem.CHARACTERS: Text(
        "身份证号只能由数字组成，最后一位可为X。",
        "An ID number consists of digits; only the last character may be X.",
    ),
    IdProblem.DATE: Text(
        "身份证号中的出生日期不存在。", "The birth date inside the ID number does not exist."
    ),
    IdProblem.CHECK_DIGIT: Text(
        "身份证号校验位不符，请逐位核对。",
        "The check digit of the ID number does not fit; please compare digit by digit.",
    ),
}


class CreditCodeProblem(StrEnum):
    """What is wrong with a 统一社会信用代码."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"

    @property
    def text(self) -> Text:
        """The sentence for the person who typed it."""
        return _CREDIT_CODE_TEXTS[self]

    @property
    def blocks(self) -> bool:
        """False for the check digit: genuine codes that fail it are reported, so it only warns."""
        return self is not CreditCodeProblem.CHECK_DIGIT


_CREDIT_CODE_TEXTS = {
    CreditCodeProblem.LENGTH: Text(
        "统一社会信用代码应为18位。", "A unified social credit code has 18 characters."
    ),
    CreditCodeProblem.CHARACTERS: Text(
        "统一社会信用代码只能由数字和大写字母（不含I、O、S、V、Z）组成，第3至8位为数字。",
        "A unified social credit code consists of digits and capitals without I, O, S, V and Z; "
        "characters 3 to 8 are digits.",
    ),
    CreditCodeProblem.CHECK_DIGIT: Text(
        "统一社会信用代码校验位不符。个别真实代码也有此情况，请与营业执照核对。",
        "The check character of the credit code does not fit. Some genuine codes fail it too; "
        "please compare with the business licence.",
    ),
}


def _plain(raw: str) -> str:
    """ASCII forms of full-width characters, no spaces or invisible marks, capitals.

    Character by character, so that a second pass can change nothing.
    """
    if not raw.isascii():
        raw = "".join(unicodedata.normalize("NFKC", character) for character in raw)
        raw = "".join(c for c in raw if unicodedata.category(c) != "Cf")
    return "".join(raw.split()).translate(_ASCII_UPPER)


def normalise_id(raw: str) -> str:
    """The form in which ID numbers are stored and compared.

    Spaces, full-width characters and a small x are put right; a 15-digit number is upgraded by
    inserting 19 before the year and computing the check digit (domain F). Anything else comes
    back as typed, for `check_id_number` to judge.
    """
    value = _plain(raw)
    if _ID_15.fullmatch(value):
        longer = f"{value[:6]}19{value[6:]}"
        return longer + ric.calc_check_digit(longer + "0")
    return value


def check_id_number(value: str) -> IdProblem | None:
    """The first problem of an ID number, or None. Old and untidy forms are normalised first.

    An unknown region code is no problem, because codes are retired: see `region_known`.
    """
    number = normalise_id(value)
    if len(number) != 18:
        return IdProblem.LENGTH
    if not _ID_18.fullmatch(number):
        return IdProblem.CHARACTERS
    try:
        born = born_on(number)
    except ValueError:
        return IdProblem.DATE
    if born.year < _EARLIEST_BIRTH_YEAR:
        return IdProblem.DATE
    if number[-1] != ric.calc_check_digit(number):
        return IdProblem.CHECK_DIGIT
    return None


def region_known(id18: str) -> bool:
    """Whether the first six digits are a county-level code, in use or retired.

    When not, show `REGION_UNKNOWN` as a warning and go on.
    """
    return all(properties for _, properties in numdb.get("cn/loc").info(id18[:6]))


def born_on(id18: str) -> date:
    """The birth date inside an 18-character number. Raises ValueError when there is none."""
    return date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))


def sex_of(id18: str) -> Sex:
    """The sex inside an 18-character number: its 17th digit is odd for men."""
    return "male" if int(id18[16]) % 2 else "female"


def id_card_term_years(age: int) -> int | None:
    """How many years a card issued at `age` full years is valid; None is 长期.

    居民身份证法 §5. Meant for a soft check of the dates entered.
    """
    if age < 16:
        return 5
    if age <= 25:
        return 10
    return 20 if age <= 45 else None


def check_document_number(value: str) -> Text | None:
    """What is wrong with the number of a passport or permit, or None.

    Such numbers consist of capitals and digits (ICAO 9303, part 3). Letters that only look like
    them, which would make one document two, are refused.
    """
    return None if _DOCUMENT.fullmatch(normalise_id(value)) else DOCUMENT_UNUSABLE


def normalise_credit_code(raw: str) -> str:
    """The form in which credit codes are stored and compared: no spaces, capitals."""
    return _plain(raw)


def check_credit_code(value: str) -> CreditCodeProblem | None:
    """The first problem of a credit code, or None; look at `blocks` before refusing it."""
    code = normalise_credit_code(value)
    if len(code) != 18:
        return CreditCodeProblem.LENGTH
    if not _CREDIT_CODE.fullmatch(code):
        return CreditCodeProblem.CHARACTERS
    if code[-1] != uscc.calc_check_digit(code):
        return CreditCodeProblem.CHECK_DIGIT
    return None


def normalise_phone(raw: str) -> str:
    """The form in which mobile numbers are stored and compared: digits, no +86, no hyphens."""
    return _COUNTRY_PREFIX.sub("", _plain(raw).replace("-", ""))


def check_phone(value: str) -> Text | None:
    """What is wrong with a mobile number, or None."""
    return None if _MOBILE.fullmatch(normalise_phone(value)) else PHONE_UNUSABLE


def mask_id(value: str) -> str:
    """An ID number or other identifier for screens: first three and last four characters."""
    return _masked(value)


def mask_phone(value: str) -> str:
    """A mobile number for screens: first three and last four digits."""
    return _masked(value)


def _masked(value: str, head: int = 3, tail: int = 4) -> str:
    """`value` with its middle starred; starred altogether when too short to hide anything."""
    hidden = len(value) - head - tail
    if hidden <= 0:
        return "*" * len(value)
    return value[:head] + "*" * hidden + value[-tail:]


def name_key(name: str) -> str:
    """The form of a name used for search and duplicates, never for showing.

    Full-width and compatibility characters are unified, spaces and every kind of middle dot go,
    Latin letters become capitals: 阿卜杜拉・买买提 and 阿卜杜拉·买买提 are one name.
    """
    key = unicodedata.normalize("NFKC", name).translate(_NAME_DOTS)
    key = "".join(c for c in key if not c.isspace() and unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", key.upper())


def usable_name(raw: str, label: Text, longest: int) -> str:
    """The name of a person, an employer or an account as it is stored.

    White space and invisible characters around it go. label: what it is the name of. longest:
    characters that its column holds (`core.model.base.length_of`), of the name and of its
    `name_key`, which can be longer.

    Raises NothingTyped, InvisibleTyped, TooLongTyped and NoName of `core.typed`.
    """
    name = typed.line(raw, label, longest)
    if not name:
        raise typed.NothingTyped(name=label)
    if not typed.has_letter(name):
        raise typed.NoName(name=label, value=typed.shown(name))
    if (count := len(name_key(name))) > longest:
        raise typed.TooLongTyped(name=label, count=count, longest=longest)
    return name
