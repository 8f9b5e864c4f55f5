"""What an automatic check says, and how the sentences of a check make up its finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from core.text import Text
from core.vocabulary.checks import FindingOutcome

Evidence = tuple[Text, str]
Remark = tuple[FindingOutcome, Text]
Rule = TypeVar("Rule", bound=Callable[[Any], "Finding"])

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


LABELS: dict[str, Text] = {}
"""What officers call each check, by its key; `named` fills it."""


def named(zh: str, en: str) -> Callable[[Rule], Rule]:
    """Makes a function an automatic check: its name is the key, `zh` and `en` what it is called."""

    def known(rule: Rule) -> Rule:
        LABELS[rule.__name__] = Text(zh, en)
        return rule

    return known


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
