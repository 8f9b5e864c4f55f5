"""The mapped classes, by subject. Importing this package makes the whole schema known."""

from core.model.accounts import (
    Lease,
    LoginSession,
    SavedView,
    User,
)
from core.model.anomalies import (
    Anomaly,
    AnomalyCase,
    Appeal,
    InsuranceRecord,
    PairMemory,
)
from core.model.audit import (
    AccessLog,
    Amendment,
    ChainHead,
    Event,
    Job,
    Outgoing,
)
from core.model.base import Base
from core.model.cases import (
    Attachment,
    Case,
    Clock,
    Correction,
    CorrectionItem,
    Decision,
    Draft,
    Note,
    Packet,
    StoredRulebook,
    Verdict,
)
from core.model.correspondence import Message
from core.model.people import (
    Employer,
    EmployerChange,
    EmployerQualification,
    Person,
)
from core.model.register import Counter, Registration, RegistrationChange

__all__ = [
    "AccessLog",
    "Amendment",
    "Anomaly",
    "AnomalyCase",
    "Appeal",
    "Attachment",
    "Base",
    "Case",
    "ChainHead",
    "Clock",
    "Correction",
    "CorrectionItem",
    "Counter",
    "Decision",
    "Draft",
    "Employer",
    "EmployerChange",
    "EmployerQualification",
    "Event",
    "InsuranceRecord",
    "Job",
    "Lease",
    "LoginSession",
    "Message",
    "Note",
    "Outgoing",
    "Packet",
    "PairMemory",
    "Person",
    "Registration",
    "RegistrationChange",
    "SavedView",
    "StoredRulebook",
    "User",
    "Verdict",
]
