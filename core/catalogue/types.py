"""Shapes of the service catalogue: frozen data that says what can be filed, by whom, with what.

A profession × business type that is absent from the catalogue is not offered. Nothing outside this
package names a profession or a business type: code asks the catalogue what a service needs and what
it does to the register (`Effect`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.text import Text
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Milestone


class Source(StrEnum):
    """Where a field's value comes from when a person files (domain D: 自动提取 / 录入 / 选择)."""

    AUTO = "auto"
    ENTERED = "entered"
    CHOSEN = "chosen"


class Subject(StrEnum):
    """Whom a field describes; also the group it is shown in."""

    PERSON = "person"
    EMPLOYER = "employer"
    REGISTRATION = "registration"  # what the register holds before this case
    REQUEST = "request"  # what this case asks for


class Kind(StrEnum):
    """How a field's value is written and checked."""

    TEXT = "text"
    NAME = "name"  # of a person or an employer
    LONG_TEXT = "long_text"
    DATE = "date"  # YYYY-MM-DD
    MONTH = "month"  # YYYY-MM
    NUMBER = "number"
    YES_NO = "yes_no"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    CREDIT_CODE = "credit_code"
    OPTION = "option"  # one of `options`
    OPTIONS = "options"  # several of `options`


class Effect(StrEnum):
    """What approval does to the register (domain H, last paragraph)."""

    CREATE = "create"  # 初始: a new registration
    MOVE = "move"  # 变更: new employer, new seal number, old term
    EXTEND = "extend"  # 延续: new end date; a cancelled one at the same employer revives
    REISSUE = "reissue"  # 补办: new seal number and/or a new certificate
    END = "end"  # 注销: the registration ends


@dataclass(frozen=True, slots=True)
class Option:
    """One allowed value of a field."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an application.

    register: name of the value in the register or the profile that this one is laid beside
    (`casefile`), or None when there is nothing to compare. highest: of a number.
    pattern: regular expression the value should match; a mismatch is reported as a warning unless
    `pattern_blocks`.
    """

    key: str
    label: Text
    subject: Subject
    source: Source = Source.ENTERED
    kind: Kind = Kind.TEXT
    required: bool = True
    options: tuple[Option, ...] = ()
    register: str | None = None
    max_length: int = 100
    pattern: str | None = None
    pattern_blocks: bool = False
    highest: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Material:
    """A picture to be supplied (domain D; formats M0, M3; sizes M4).

    when: key of a yes/no or option field and the value that makes the material mandatory, e.g.
    `("forced", "yes")`; None means always mandatory if `required`.
    """

    key: str
    label: Text
    required: bool = True
    when: tuple[str, str] | None = None
    max_kilobytes: int = 10_240
    width: int | None = None
    height: int | None = None
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded ground for correcting, refusing or rejecting, with the article it rests on.

    corrects: may be put right by the applicant (补正); refuses: ground for 不予受理;
    rejects: ground for 不予行政许可.
    """

    key: str
    label: Text
    article: Text
    corrects: bool = False
    refuses: bool = False
    rejects: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the reviewer's checklist.

    stages: desks that give a verdict on it. reasons: keys of `Reason` offered when it fails.
    materials: kinds of attachment that show it. rules: automatic rules whose findings speak to it.
    """

    key: str
    label: Text
    hint: Text
    stages: tuple[Stage, ...]
    reasons: tuple[str, ...]
    materials: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """A statement the applicant makes (个人承诺), point by point."""

    title: Text
    points: tuple[Text, ...]
    agree: Text
    decline: Text


@dataclass(frozen=True, slots=True)
class Notice:
    """What an applicant reads and ticks before filing (申报须知 / 审批条件 / 注销须知)."""

    title: Text
    intro: Text
    items: tuple[Text, ...]
    tick_all: Text


@dataclass(frozen=True, slots=True)
class Specialty:
    """A registrable specialty (注册专业).

    letters: in certificate and seal numbers; empty where the number carries none.
    open: may be filed for now; closed ones stay readable in old cases.
    """

    key: str
    label: Text
    letters: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class TimelineNode:
    """One dot of the progress bar that applicants and officers see (M1 图12).

    A case rests at the dot of its status (`StatusSpec.milestone`); where the profession's bar has
    no such dot, at the first one after it in the order of `Milestone`, or else at the last.
    """

    milestone: Milestone
    label: Text


@dataclass(frozen=True, slots=True)
class Profession:
    """A register and its rules.

    specialties: empty where the register knows none (一级注册建筑师).
    max_specialties: how many one application may name. per_specialty: True when each specialty is a
    registration of its own (勘察设计), False when they share one (监理).
    number_pattern: format string of the registration number with the fields letters, year (2
    digits), region (2 digits), serial; serial_width digits. number_check: regular expression for
    numbers that come from outside (warning only).
    seal_pattern: format string with enterprise, letters, serial.
    parameters: values that differ from `PARAMETERS`' defaults, by parameter key.
    decided_by: the body named in decisions (TL §12 for architects).
    regulation: what its grounds for rejecting rest on; articles: those that rest on another, by key
    of the ground. bars: coded grounds that no other register knows (domain F).
    changes_specialty: another specialty may be asked for on 变更 (M0 图9-2).
    """

    key: str
    label: Text
    short: Text
    specialties: tuple[Specialty, ...]
    max_specialties: int
    per_specialty: bool
    number_pattern: str
    serial_width: int
    serial_scope: str
    number_check: str
    seal_pattern: str | None
    decided_by: Text
    timeline: tuple[TimelineNode, ...]
    regulation: Text
    articles: Mapping[str, Text] = field(default_factory=dict)
    bars: tuple[str, ...] = ()
    changes_specialty: bool = False
    parameters: Mapping[str, int | bool] = field(default_factory=dict)

    def specialty(self, key: str | None) -> Specialty | None:
        """The specialty named `key`, or None."""
        return next((item for item in self.specialties if item.key == key), None)


@dataclass(frozen=True, slots=True)
class Business:
    """A business type (业务类型); aliases are its names in other channels (domain D, "Names").

    act: what is granted or refused, as a decision words it: 准予 or 不予 … (M.27).
    """

    key: str
    label: Text
    act: Text
    aliases: tuple[str, ...]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Service:
    """A profession × business type that can be filed.

    path: desks a case passes after acceptance, in order; the last one decides.
    parameters: values that differ from the profession's, by parameter key.
    """

    profession: str
    business: str
    title: Text
    item_code: str
    notice: Notice
    promise: Promise | None
    fields: tuple[Field, ...]
    materials: tuple[Material, ...]
    checks: tuple[ChecklistItem, ...]
    path: tuple[Stage, ...] = (Stage.REVIEW, Stage.RECHECK, Stage.DECISION)
    parameters: Mapping[str, int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A weak fact kept adjustable (domain F, L): its default, unit and source."""

    key: str
    label: Text
    default: int | bool
    unit: Text
    source: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be filed. Replace it whole; never change it in place."""

    professions: Mapping[str, Profession]
    businesses: Mapping[str, Business]
    services: Mapping[tuple[str, str], Service]
    reasons: Mapping[str, Reason]
    parameters: Mapping[str, Parameter]

    def service(self, profession: str, business: str) -> Service | None:
        """The service, or None when it is not offered."""
        return self.services.get((profession, business))

    def effect(self, business: str) -> Effect:
        """What approval of this business type does to the register."""
        return self.businesses[business].effect

    def parameter(self, key: str, profession: str, business: str | None = None) -> int | bool:
        """The value in force for a service: its own, else its profession's, else the default.

        Raises KeyError for an unknown parameter.
        """
        default = self.parameters[key].default
        service = self.services.get((profession, business)) if business else None
        if service and key in service.parameters:
            return service.parameters[key]
        owner = self.professions.get(profession)
        return owner.parameters.get(key, default) if owner else default
