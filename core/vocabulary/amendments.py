"""Course of an identity amendment (信息更正, domain E)."""

from __future__ import annotations

from enum import StrEnum


class AmendmentStatus(StrEnum):
    """Course of an identity amendment (信息更正, domain E)."""

    DRAFT = "draft"
    FILED = "filed"
    PASSED = "passed"
    FAILED = "failed"
