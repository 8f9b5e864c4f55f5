"""Letters as served: composed when something happens, kept word for word in both languages.

What a person was told is evidence (行政许可法 §32, §38): no later change of a template, of the
catalogue or of a checklist alters it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core import catalogue
from core.catalogue.rulebooks import AND, STOP, Rulebook, ground, rulebook_of
from core.correspondence.templates import REMEDIES, TEMPLATES
from core.model import Case, Correction, Message
from core.text import LANGUAGES, Language, Text, same

NO_REASON = same("—")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a letter is about, whatever the language.

    grounds: coded reasons with their articles. asked, due: 补正内容 and 补正原因 of everything that
    a correction asks for, and until when. found: what was found wanting, and why. act: what is
    granted or refused (M.27). remedies: with the bodies and the time (M.28).
    """

    ref: str
    service: Text
    employer: str
    act: Text
    remedies: Text
    reason: Text = NO_REASON
    grounds: tuple[Text, ...] = ()
    asked: tuple[tuple[Text, Text], ...] = ()
    due: date | None = None
    found: tuple[tuple[Text, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter in both languages. version: of the template it was composed from."""

    title: Text
    body: Text
    version: str


def compose(template: str, about: Particulars) -> Composed:
    """The letter `template` says about `about`.

    Raises KeyError for an unknown template, and ValueError for a letter that has to ask for
    something and is given nothing, or no day until when.
    """
    found = TEMPLATES[template]
    if found.asks and not (about.asked and about.due):
        raise ValueError(f"{template} asks for something: it needs the open round of correction")

    def body(language: Language) -> str:
        return found.body(
            language,
            ref=about.ref,
            service=about.service,
            employer=about.employer,
            reason=about.reason,
            grounds=_sentence(about.grounds, language),
            asked=_list(found.line, about.asked, language),
            found=_list(found.line, about.found, language),
            stated=_stated(found.statement, about.reason, language),
            due=about.due,
            act=about.act,
            remedies=about.remedies,
        ).strip()

    def title(language: Language) -> str:
        words = found.title(language, act=about.act)
        return words[:1].upper() + words[1:]

    return Composed(Text(*map(title, LANGUAGES)), Text(*map(body, LANGUAGES)), found.version)


def _sentence(grounds: Iterable[Text], language: Language) -> str:
    words = AND(language).join(item(language) for item in grounds)
    return words and words + STOP(language)


def _list(line: Text | None, asked: Iterable[tuple[Text, Text]], language: Language) -> str:
    """Everything asked for, item by item (行政许可法 §32)."""
    if line is None:
        return ""
    return "".join(
        # The line has a full stop of its own.
        line(language, number=number, content=content, reason=reason(language).rstrip("。. "))
        for number, (content, reason) in enumerate(asked, 1)
    )


def _stated(statement: Text | None, reason: Text, language: Language) -> str:
    """What the officer adds to the coded grounds; nothing where they added nothing."""
    if statement is None or reason == NO_REASON:
        return ""
    return statement(language, reason=reason(language).rstrip("。. "))


def particulars(
    case: Case,
    rules: Rulebook,
    *,
    reason: str | Text = "",
    codes: Iterable[str] = (),
    correction: Correction | None = None,
    found: tuple[tuple[Text, Text], ...] = (),
) -> Particulars:
    """What there is to tell of `case` now. rules: its rulebook, whose reasons are cited."""
    book = catalogue.current()
    service, business = book.service(case.profession, case.business), book.businesses
    return Particulars(
        ref=case.ref,
        service=service.title if service else same(case.business),
        employer=case.employer_name,
        act=business[case.business].act if case.business in business else same(case.business),
        remedies=_remedies(rules),
        reason=reason if isinstance(reason, Text) else same(reason.strip() or NO_REASON.zh),
        grounds=tuple(_ground(rules, code) for code in codes),
        asked=tuple(item.asked for item in correction.items) if correction else (),
        due=correction.due_on if correction else None,
        found=found,
    )


def _remedies(rules: Rulebook) -> Text:
    """行政复议 and 行政诉讼 with their bodies and times (行政复议法 §20, 行政诉讼法 §46; M.28)."""
    days, months = rules.number("reconsideration_days"), rules.number("litigation_months")
    return Text(*(REMEDIES(language, days=days, months=months) for language in LANGUAGES))


def _ground(rules: Rulebook, code: str) -> Text:
    found = rules.reasons.get(code)
    if found is None:
        return same(code)
    return Text(*(ground(found, language) for language in LANGUAGES))


def serve(
    session: Session,
    case: Case,
    template: str,
    at: datetime,
    *,
    reason: str | Text = "",
    codes: Sequence[str] = (),
    correction: Correction | None = None,
    found: tuple[tuple[Text, Text], ...] = (),
) -> Message:
    """Serve a letter on the applicant and the employer of `case`, in the caller's transaction.

    template: key of a row of `TEMPLATES`. reason: as it was stated, or a `Text` where the house
    states it. codes: keys of coded reasons, cited as the case's rulebook has them. correction: the
    open round, for the letter that asks for it. found: what was found wanting, and
    why. Raises what `compose` raises.
    """
    rules = rulebook_of(session, case.rulebook_id)
    about = particulars(case, rules, reason=reason, codes=codes, correction=correction, found=found)
    letter = compose(template, about)
    message = Message(
        person_id=case.person_id,
        employer_id=case.employer_id,
        case_id=case.id,
        template=template,
        template_version=letter.version,
        title_zh=letter.title.zh,
        title_en=letter.title.en,
        body_zh=letter.body.zh,
        body_en=letter.body.en,
        sent_at=at,
    )
    session.add(message)
    return message
