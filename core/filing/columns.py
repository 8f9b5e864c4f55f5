"""Where the values of a form are kept beside the form itself: column by field key.

A value longer than its column is refused while it can still be put right, so that nothing is cut
and no database has to say so.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import InstrumentedAttribute

from core.model import Employer, EmployerQualification, Person, Registration
from core.model.base import length_of

PERSON: Mapping[str, InstrumentedAttribute[str]] = {
    "name": Person.name,
    "id_type": Person.id_type,
    "id_number": Person.id_number,
    "sex": Person.sex,
    "phone": Person.phone,
    "ethnicity": Person.ethnicity,
    "school": Person.school,
    "major": Person.major,
    "education": Person.education,
    "degree": Person.degree,
    "graduated_on": Person.graduated_on,
    "title": Person.title,
}
EMPLOYER: Mapping[str, InstrumentedAttribute[str]] = {
    "employer_name": Employer.name,
    "credit_code": Employer.credit_code,
    "legal_rep": Employer.legal_rep,
    "employer_city": Employer.city,
    "employer_address": Employer.address,
    "industry": Employer.industry,
    "handler_phone": Employer.handler_phone,
}
COLUMNS: Mapping[str, InstrumentedAttribute[str]] = {
    **PERSON,
    **EMPLOYER,
    "qualification_number": EmployerQualification.number,
    "qualification_certificate": Registration.qualification_certificate,
}


def room(key: str) -> int | None:
    """Characters that the column of a field holds; None for one that stays in the form."""
    return length_of(COLUMNS[key]) if key in COLUMNS else None
