"""No page shows a case to an account whose professions or province leave it out."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from core import db
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from dashboard.navigation import PAGES
from tests import builders as build
from tests.screens import open_page

STAFF = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.PUBLISHER, Role.ANOMALY_OFFICER)
SEEN_BY: dict[str, tuple[tuple[Role, ...], dict[str, object], set[str]]] = {
    "everybody": (STAFF, {}, {"queue", "case"}),
    "another profession": (STAFF, {"professions": ["architect"]}, set()),
    "another province": ((Role.PROVINCE,), {"province": "11"}, set()),
    "another applicant": ((Role.APPLICANT,), {}, set()),
}


@pytest.mark.parametrize("page", [spec.path for spec in PAGES if spec.path != "register"])
@pytest.mark.parametrize("account", SEEN_BY)
def test_a_page_shows_a_case_to_those_it_is_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, page: str, account: str
) -> None:
    roles, values, pages = SEEN_BY[account]
    with db.transaction() as session:
        person = build.a_person(session, name="KANARIENVOGEL")
        case = build.a_case(
            session,
            Status.RECEIVED,
            person=person,
            employer=build.an_employer(session, province="37"),
        )
        if account == "another applicant":
            values = {"person_id": build.a_person(session).id}
        user = build.a_user(session, *roles, **values)
    app = open_page(monkeypatch, user, page, ref=case.ref, tab="open")
    assert not app.exception
    sent = b"".join(
        proto.SerializeToString()
        for element in app._tree
        if hasattr(proto := getattr(element, "proto", None), "SerializeToString")
    )
    told = b"KANARIENVOGEL" in sent  # the address holds the number anyway
    assert told is (page in pages)
