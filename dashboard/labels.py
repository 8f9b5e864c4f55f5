"""Words and colours that screens share: names of services and statuses, days left, safe text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from core import catalogue
from core.catalogue.regions import PROVINCES
from core.text import Language, Text
from core.vocabulary.cases import STATUS_LABELS, STATUSES, Status
from core.vocabulary.register import REGISTRATION_STATUS_LABELS, RegistrationStatus
from core.vocabulary.tones import Tone
from core.workdays import counting

DAYS_LEFT = Text("还剩 {days} 个工作日", "{days} working days left")
ONE_DAY_LEFT = Text("还剩 1 个工作日", "1 working day left")
DUE_TODAY = Text("今日到期", "Due today")
OVERDUE = Text("超期 {days} 个工作日", "{days} working days over")
ONE_DAY_OVER = Text("超期 1 个工作日", "1 working day over")
SHORT_LEFT = Text("还剩 {days} 个工作日", "{days} left")
SHORT_TODAY = Text("今日到期", "Due today")
SHORT_OVER = Text("超期 {days} 个工作日", "{days} over")
NEAR_DAYS = 2

# Badge colours of Streamlit's markdown, by tone.
BADGE_COLOURS: dict[Tone, str] = {
    "neutral": "gray",
    "info": "blue",
    "good": "green",
    "warn": "orange",
    "bad": "red",
}

REGISTRATION_TONES: dict[RegistrationStatus, Tone] = {
    RegistrationStatus.ACTIVE: "good",
    RegistrationStatus.EXPIRED: "warn",
    RegistrationStatus.CANCELLED: "neutral",
    RegistrationStatus.REVOKED: "bad",
}

# A symbol beside every colour, so that nothing is told by colour alone.
TONE_ICONS: dict[Tone, str] = {
    "neutral": ":material/radio_button_unchecked:",
    "info": ":material/pending:",
    "good": ":material/check_circle:",
    "warn": ":material/warning:",
    "bad": ":material/cancel:",
}

ASKED = Text("补正内容：{content}　补正原因：{reason}", "Correct: {content} — because: {reason}")
"""What a correction asks for, as officer and applicant read it."""


def status_tone(status: Status) -> Tone:
    """Colour family of a status."""
    return STATUSES[status].tone


def status_cell(status: str, language: Language) -> dict[str, str]:
    """A status as the table component draws it."""
    known = Status(status)
    return {"text": STATUS_LABELS[known](language), "tone": status_tone(known)}


def registration_cell(status: str, language: Language) -> dict[str, str]:
    """A registration's state as the table component draws it."""
    known = RegistrationStatus(status)
    return {"text": REGISTRATION_STATUS_LABELS[known](language), "tone": REGISTRATION_TONES[known]}


def profession_name(key: str, language: Language, *, short: bool = False) -> str:
    """Name of a profession; the key itself when the catalogue no longer knows it."""
    found = catalogue.current().professions.get(key)
    return (found.short if short else found.label)(language) if found else key


def business_name(key: str, language: Language) -> str:
    """Name of a business type."""
    found = catalogue.current().businesses.get(key)
    return found.label(language) if found else key


def specialty_names(profession: str, keys: Iterable[str], language: Language) -> str:
    """Names of specialties, joined; "" when there are none."""
    owner = catalogue.current().professions.get(profession)
    found = [owner.specialty(key) if owner else None for key in keys if key]
    joiner = "、" if language == "zh" else ", "
    return joiner.join(item.label(language) for item in found if item)


def province_name(code: str | None, language: Language) -> str:
    """Name of a province by its two-digit code."""
    found = PROVINCES.get(code or "")
    return found(language) if found else (code or "—")


def days_left(due: date, today: date, language: Language) -> tuple[str, Tone]:
    """Working days left until `due` in words, with the tone that says how urgent it is."""
    days = counting.days_left(today, due)
    if days < 0:
        return (ONE_DAY_OVER if days == -1 else OVERDUE)(language, days=-days), "bad"
    if days == 0:
        return DUE_TODAY(language), "bad"
    words = ONE_DAY_LEFT if days == 1 else DAYS_LEFT
    return words(language, days=days), "warn" if days <= NEAR_DAYS else "neutral"


def days_left_short(due: date, today: date, language: Language) -> tuple[str, Tone]:
    """As `days_left`, for a column whose head says that these are working days."""
    _, tone = days_left(due, today, language)
    days = counting.days_left(today, due)
    words = SHORT_TODAY if days == 0 else SHORT_LEFT if days > 0 else SHORT_OVER
    return words(language, days=abs(days)), tone


_BLANKS = re.compile(r"[\t-\r\x1c-\x20\x85\u2028\u2029]+")
_SIGNS = re.compile(
    # Signs that mean something to a reader of the finished text, whatever was escaped before it:
    # icons, emoji and addresses (`:`), addresses without one, arrows and dashes.
    r"(?P<apart>:(?=[\w+/-])|@|(?<=[wW]{3})\.|[<>~-](?=[-=>]))|(?P<sign>[!-/:-@\[-`{-~])"
)


def plain(text: object) -> str:
    """`text` for a place that renders markdown, so that it reads as it was typed, on one line.

    A backslash takes a sign's meaning for the parser. Streamlit then looks through what was parsed
    for names of icons, addresses, dashes and arrows, backslash or not; there the sign is set apart
    by a `:color[…]` that names no colour, which leaves nothing but two pieces of text.
    """
    return _SIGNS.sub(
        lambda found: f":color[\\{found[0]}]" if found["apart"] else f"\\{found[0]}",
        _BLANKS.sub(" ", str(text)),
    )


def lines(text: object) -> str:
    """As `plain`, with its line breaks; not for headings and labels, which are one line."""
    return "\\\n".join(plain(line.strip()) for line in str(text).strip().splitlines())


def badge(words: str, tone: Tone = "neutral") -> str:
    """Markdown of a small coloured label with its symbol; `words` are shown as typed."""
    return f":{BADGE_COLOURS[tone]}-badge[{TONE_ICONS[tone]} {plain(words)}]"
