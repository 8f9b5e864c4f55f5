"""Registrations as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from core.register.search import Entry, standing
from core.text import Language
from dashboard import labels
from dashboard.navigation import address


def rows_of(entries: Iterable[Entry], today: date, language: Language) -> list[dict[str, Any]]:
    """Registrations as rows of the table component; the id names profession and number."""
    return [
        {
            "id": f"{item.profession}/{item.number}",
            "href": address("register", number=item.number, profession=item.profession),
            "number": item.number,
            "person": item.person_name,
            "id_number": item.id_number,
            "specialty": labels.specialty_names(
                item.profession, (item.specialty, item.specialty2), language
            )
            or labels.profession_name(item.profession, language),
            "employer": item.employer_name,
            "seal": item.seal_number,
            "valid": item.valid_to,
            "status": labels.registration_cell(
                standing(item.status, item.valid_to, today).value, language
            ),
        }
        for item in entries
    ]
