"""The mapped classes, by subject. Importing this package makes the whole schema known."""

from core.model.accounts import (
    LoginSession,
    SavedView,
    SignInBrake,
    User,
)
from core.model.anomalies import (
    Anomaly,
    AnomalyCase,
    Appeal,
    InsuranceRecord,
)
from core.model.audit import (
    AccessLog,
    ChainHead,
    Event,
)
from core.model.base import Base
from core.model.cases import (
    Attachment,
    Case,
    Correction,
    CorrectionItem,
    Draft,
    Note,
    Packet,
    StoredRulebook,
    Verdict,
)
from core.model.channels import ChannelKey, QuarantinedPacket
from core.model.correspondence import Message
from core.model.people import (
    Employer,
    EmployerChange,
    EmployerQualification,
    Person,
)
from core.model.procedures import Amendment, Hearing, Revocation
from core.model.register import Counter, Registration, RegistrationChange
from core.model.workdays import CalendarYear
from core.model.workflow import Clock, ClockPause, Decision, Lease

__all__ = [
    "AccessLog",
    "Amendment",
    "Anomaly",
    "AnomalyCase",
    "Appeal",
    "Attachment",
    "Base",
    "CalendarYear",
    "Case",
    "ChainHead",
    "ChannelKey",
    "Clock",
    "ClockPause",
    "Correction",
    "CorrectionItem",
    "Counter",
    "Decision",
    "Draft",
    "Employer",
    "EmployerChange",
    "EmployerQualification",
    "Event",
    "Hearing",
    "InsuranceRecord",
    "Lease",
    "LoginSession",
    "Message",
    "Note",
    "Packet",
    "Person",
    "QuarantinedPacket",
    "Registration",
    "RegistrationChange",
    "Revocation",
    "SavedView",
    "SignInBrake",
    "StoredRulebook",
    "User",
    "Verdict",
]
