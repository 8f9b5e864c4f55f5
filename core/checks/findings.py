"""What an automatic check says, and how the sentences of a check make up its finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.text import Text
from core.vocabulary.checks import FindingOutcome

Evidence = tuple[Text, str]
Remark = tuple[FindingOutcome, Text]

NOTHING = "—"
"""Shown in evidence where there is no value."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one rule for one case, with everything a reader needs to check it.

    summary: the sentence to read, its values filled in. evidence: the values looked at, by label.
    source: where they came from. as_of: the day up to which the source is known to be right.
    """

    rule: str
    label: Text
    outcome: FindingOutcome
    summary: Text
    evidence: tuple[Evidence, ...]
    article: Text
    source: Text
    as_of: date | None


LABELS: dict[str, Text] = {
    "id_number": Text("身份证号", "ID number"),
    "id_matches_form": Text("身份信息一致", "Identity data agree"),
    "age": Text("年龄", "Age"),
    "photo": Text("证件照", "Photo"),
    "signature": Text("手写签名", "Signature"),
    "materials": Text("必交材料", "Required material"),
    "employer_standing": Text("聘用单位状态", "Standing of the employer"),
    "credit_code": Text("统一社会信用代码", "Unified social credit code"),
    "same_employer": Text("原单位与现单位", "Former and new employer"),
    "renewal_window": Text("延续申报期", "Renewal period"),
    "registration_active": Text("现有注册", "Present registration"),
    "qualification": Text("资格证书填报与期限", "Qualification: data given and time limit"),
    "one_initial": Text("重复初始注册", "Repeated initial registration"),
    "open_case": Text("在办业务", "Open cases"),
    "insurance": Text("社保比对", "Social insurance"),
    "duplicates": Text("人员查重", "Duplicates"),
    "contract_term": Text("聘用期限", "Term of employment"),
    "specialty_open": Text("注册专业", "Specialty"),
}

FORM = Text("申报表单", "Application form")
FORM_AND_REGISTER = Text("申报表单、注册库", "Application form and register")
REGISTER = Text("本系统注册库", "This system's register")
REGISTER_AND_CASES = Text("本系统注册库、在办业务", "This system's register and open cases")
EMPLOYERS = Text("企业库", "Employer register")
UPLOADS = Text("上传材料", "Uploaded material")


def fill(pattern: Text, **values: object) -> Text:
    """`pattern` with its fields filled in both languages."""
    return Text(pattern("zh", **values), pattern("en", **values))


def listed(items: Sequence[Text]) -> Text:
    """Names one after the other, in the way of each language."""
    return Text("、".join(item.zh for item in items), ", ".join(item.en for item in items))


# An anomaly outweighs what could not be compared, and both outweigh what is in order.
_GRAVITY = (
    FindingOutcome.FAIL,
    FindingOutcome.WARN,
    FindingOutcome.NO_DATA,
    FindingOutcome.NOT_APPLICABLE,
    FindingOutcome.PASS,
)


def conclude(
    rule: str,
    remarks: Sequence[Remark],
    otherwise: Text,
    *,
    article: Text,
    source: Text,
    as_of: date | None,
    evidence: Sequence[Evidence] = (),
) -> Finding:
    """What `remarks` amount to: the gravest outcome, and all of them in words, gravest first.

    otherwise: the sentence of a check that found nothing; its outcome is PASS.
    """
    ranked = sorted(remarks, key=lambda remark: _GRAVITY.index(remark[0]))
    texts = [text for _, text in ranked] or [otherwise]
    return Finding(
        rule=rule,
        label=LABELS[rule],
        outcome=ranked[0][0] if ranked else FindingOutcome.PASS,
        summary=Text("".join(text.zh for text in texts), " ".join(text.en for text in texts)),
        evidence=tuple(evidence),
        article=article,
        source=source,
        as_of=as_of,
    )


def not_applicable(why: Text) -> list[Remark]:
    """The remarks of a rule that has nothing to say on this case."""
    return [(FindingOutcome.NOT_APPLICABLE, why)]
