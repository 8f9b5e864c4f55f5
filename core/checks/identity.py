"""Checks of who applies: identity number, identity data, age (domain F)."""

from __future__ import annotations

from datetime import date, timedelta

from core import identifiers
from core.catalogue.types import Effect
from core.checks.facts import Facts
from core.checks.findings import (
    FORM,
    FORM_AND_REGISTER,
    NOTHING,
    REGISTER,
    Evidence,
    Finding,
    Remark,
    conclude,
    fill,
    named,
    not_applicable,
)
from core.text import Text
from core.vocabulary.checks import FindingOutcome
from core.vocabulary.people import SEX_LABELS, Sex
from core.workdays import counting

FAIL, WARN, NO_DATA = FindingOutcome.FAIL, FindingOutcome.WARN, FindingOutcome.NO_DATA

STANDARD = Text("GB 11643《公民身份号码》", "GB 11643, Citizen identification number")

_ID = Text("证件号码", "Document number")
_NAME = Text("姓名", "Name")
_SEX = Text("性别", "Sex")
_BORN = Text("出生日期", "Date of birth")

OTHER_DOCUMENT = Text(
    "证件不是身份证，号码无校验规则。",
    "The document is not an identity card; its number has no check.",
)
MISSING = Text(
    "表单未填{field}，无法比对。", "The form gives no {field}, so it cannot be compared."
)
ID_FITS = Text("身份证号校验通过。", "The ID number passes its checks.")
UNBORN = Text(
    "身份证号中的出生日期{day}晚于申报日。",
    "The birth date in the ID number, {day}, lies after the filing.",
)
UNUSABLE_ID = Text(
    "身份证号有误，无法由其推算出生日期和性别。",
    "The ID number is wrong, so birth date and sex cannot be read from it.",
)
UNREADABLE = Text("{field}“{value}”无法识别。", "{field} “{value}” cannot be read.")
DIFFERS = Text(
    "{field}填报为“{given}”，{source}为“{known}”。",
    "{field}: the form says “{given}”, the {source} says “{known}”.",
)
IDENTITY_FITS = Text(
    "姓名、证件号码、性别、出生日期与证件号码推算及登记信息一致。",
    "Name, document number, sex and birth date agree with the number and the register.",
)
_BY_NUMBER = Text("证件号码推算", "document number")
_BY_REGISTER = Text("登记信息", "register")


@named("身份证号", "ID number")
def id_number(facts: Facts) -> Finding:
    """Length, characters, birth date, check digit; an unknown region only warns (GB 11643)."""
    typed = facts.text("id_number")
    number = identifiers.normalise_id(typed)
    remarks: list[Remark] = []
    if not facts.resident:
        remarks = not_applicable(OTHER_DOCUMENT)
    elif not typed:
        remarks.append((NO_DATA, fill(MISSING, field=_ID)))
    elif problem := identifiers.check_id_number(number):
        remarks.append((FAIL, problem.text))
    else:
        born = identifiers.born_on(number)
        if born > facts.filed_on:
            remarks.append((FAIL, fill(UNBORN, day=born)))
        if not identifiers.region_known(number):
            remarks.append((WARN, identifiers.REGION_UNKNOWN))
    return conclude(
        "id_number",
        remarks,
        ID_FITS,
        article=STANDARD,
        source=FORM,
        as_of=facts.filed_on,
        evidence=((_ID, identifiers.mask_id(number[:30]) or NOTHING),),
    )


def _sex(value: str) -> Sex | None:
    """A sex as the form writes it: its key, or its label in either language."""
    labels = SEX_LABELS.items()
    return next((sex for sex, label in labels if value in {sex, label.zh, label.en}), None)


def _card(facts: Facts) -> str | None:
    """The identity number of the form, when birth date and sex can be read from it."""
    number = identifiers.normalise_id(facts.text("id_number"))
    usable = facts.resident and identifiers.check_id_number(number) is None
    return number if usable else None


@named("身份信息一致", "Identity data agree")
def id_matches_form(facts: Facts) -> Finding:
    """Birth date and sex inside the number equal the form; name and number equal the register."""
    card = _card(facts)
    remarks: list[Remark] = []
    if card is None and facts.resident and facts.text("id_number"):
        remarks.append((NO_DATA, UNUSABLE_ID))
    remarks += _name_remarks(facts)
    remarks += _number_remarks(facts)
    remarks += _sex_remarks(facts, card)
    remarks += _birth_remarks(facts, card)
    given = facts.text("id_number")
    evidence: tuple[Evidence, ...] = (
        (_NAME, f"{facts.shown('name') or NOTHING} / {facts.person.name}"),
        (_ID, f"{_masked(given) or NOTHING} / {_masked(facts.person.id_number)}"),
        (_BORN, f"{facts.shown('born_on') or NOTHING} / {facts.person.born_on}"),
    )
    return conclude(
        "id_matches_form",
        remarks,
        IDENTITY_FITS,
        article=facts.article("data_mismatch"),
        source=FORM_AND_REGISTER,
        as_of=facts.today,
        evidence=evidence,
    )


def _masked(number: str) -> str:
    return identifiers.mask_id(identifiers.normalise_id(number)[:30])


def _differs(field: Text, given: object, known: object, source: Text) -> Remark:
    return FAIL, fill(DIFFERS, field=field, given=given, known=known, source=source)


def _name_remarks(facts: Facts) -> list[Remark]:
    given = facts.text("name")
    if not given:
        return [(NO_DATA, fill(MISSING, field=_NAME))]
    if identifiers.name_key(given) == identifiers.name_key(facts.person.name):
        return []
    return [_differs(_NAME, facts.shown("name"), facts.person.name, _BY_REGISTER)]


def _number_remarks(facts: Facts) -> list[Remark]:
    given = identifiers.normalise_id(facts.text("id_number"))
    if not given:
        return [(NO_DATA, fill(MISSING, field=_ID))]
    if given == identifiers.normalise_id(facts.person.id_number):
        return []
    return [_differs(_ID, _masked(given), _masked(facts.person.id_number), _BY_REGISTER)]


def _sex_remarks(facts: Facts, card: str | None) -> list[Remark]:
    typed = facts.text("sex")
    if not typed:
        return [(NO_DATA, fill(MISSING, field=_SEX))]
    given = _sex(typed)
    if given is None:
        return [(FAIL, fill(UNREADABLE, field=_SEX, value=facts.shown("sex")))]
    known = _sex(identifiers.sex_of(card) if card else facts.person.sex)
    if known is None or given is known:
        return []
    source = _BY_NUMBER if card else _BY_REGISTER
    return [_differs(_SEX, SEX_LABELS[given], SEX_LABELS[known], source)]


def _birth_remarks(facts: Facts, card: str | None) -> list[Remark]:
    if not facts.text("born_on"):
        return [(NO_DATA, fill(MISSING, field=_BORN))]
    given = facts.day("born_on")
    if given is None:
        return [(FAIL, fill(UNREADABLE, field=_BORN, value=facts.shown("born_on")))]
    known = identifiers.born_on(card) if card else facts.person.born_on
    if given == known:
        return []
    return [_differs(_BORN, given, known, _BY_NUMBER if card else _BY_REGISTER)]


NO_LIMIT = Text("本专业无年龄上限。", "This profession has no age limit.")
BIRTH_UNKNOWN = Text(
    "出生日期{day}晚于今天，无法计算年龄。",
    "The birth date {day} lies in the future, so no age can be computed.",
)
TOO_OLD = Text(
    "已于{day}年满{limit}周岁，现超过{limit}周岁。",
    "Turned {limit} on {day} and is now over {limit}.",
)
TOO_NEAR = Text(
    "申报日距年满{limit}周岁（{day}）不足{guard}日，停止受理。",
    "Filed less than {guard} days before turning {limit} ({day}), when filing has stopped.",
)
NEAR = Text("将于{day}年满{limit}周岁，还有{left}日。", "Turns {limit} on {day}, in {left} days.")
TERM_TOO_LONG = Text(
    "注册有效期预计至{end}，超过年满{limit}周岁之日（{day}），应止于该日。",
    "The term would run until {end}, past the day of turning {limit} ({day}), and should end then.",
)
YOUNG_ENOUGH = Text("现{age}周岁，未超过{limit}周岁。", "Now {age} years old, not over {limit}.")
_LIMIT_DAY = Text("达到年龄上限日", "Day of reaching the limit")


@named("年龄", "Age")
def age(facts: Facts) -> Finding:
    """Over the age limit registration is refused; near it the officer is told (147号令, domain F).

    The limit's birthday itself is not yet over the limit. The parameters may stop filing some days
    before, and may let the term end on that birthday.
    """
    limit, born = facts.number("age_limit"), facts.person.born_on
    evidence: list[Evidence] = [(_BORN, born.isoformat())]
    remarks: list[Remark] = []
    passed = NO_LIMIT
    if not limit:
        remarks = not_applicable(NO_LIMIT)
    elif born > facts.today:
        remarks.append((NO_DATA, fill(BIRTH_UNKNOWN, day=born)))
    else:
        birthday = counting.add_years(born, limit)
        evidence.append((_LIMIT_DAY, birthday.isoformat()))
        remarks = _age_remarks(facts, limit, birthday)
        passed = fill(YOUNG_ENOUGH, age=_years(born, facts.today), limit=limit)
    return conclude(
        "age",
        remarks,
        passed,
        article=facts.article("over_age"),
        source=REGISTER,
        as_of=facts.today,
        evidence=evidence,
    )


def _years(born: date, today: date) -> int:
    full = today.year - born.year
    return full if counting.add_years(born, full) <= today else full - 1


def _age_remarks(facts: Facts, limit: int, birthday: date) -> list[Remark]:
    if facts.today > birthday:
        return [(FAIL, fill(TOO_OLD, day=birthday, limit=limit))]
    remarks: list[Remark] = []
    guard = facts.number("age_guard_days")
    left = (birthday - facts.today).days
    if guard and (birthday - facts.filed_on).days < guard:
        remarks.append((FAIL, fill(TOO_NEAR, day=birthday, limit=limit, guard=guard)))
    elif left <= facts.number("age_warning_days"):
        remarks.append((WARN, fill(NEAR, day=birthday, limit=limit, left=left)))
    end = _term_end(facts)
    if facts.switch("term_ends_at_age_limit") and end is not None and end > birthday:
        remarks.append((WARN, fill(TERM_TOO_LONG, end=end, day=birthday, limit=limit)))
    return remarks


def _term_end(facts: Facts) -> date | None:
    """The last day that approval today would give; None when the case gives no term."""
    years = facts.number("validity_years")
    current = facts.registration
    if facts.effect is Effect.CREATE:
        return counting.add_years(facts.today, years) - timedelta(days=1)
    if current is None:
        return None
    if current.valid_to.year + years > date.max.year:
        return current.valid_to
    if facts.effect is Effect.EXTEND and current.valid_to >= facts.today:
        return counting.add_years(current.valid_to, years)
    if facts.effect is Effect.EXTEND:
        return counting.add_years(facts.today, years) - timedelta(days=1)
    return current.valid_to
