"""Keys of channels are checked against their steps in the history, which tell all of them."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine, text

from core import db
from core.access.actors import SYSTEM
from core.audit import anchors, history, upgrade
from core.channels import keys
from core.vocabulary.cases import Channel
from tests import tampering
from tests.builders import NOW, a_person


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM channel_keys WHERE name = 'portal-1'", "channel key portal-1 was removed"),
        ("UPDATE channel_keys SET revoked_at = NULL", "channel key portal-2 was changed"),
        ("UPDATE channel_keys SET public_key = 'x'", "channel key portal-1 was changed"),
        ("UPDATE channel_keys SET name = 'evil' WHERE name = 'portal-1'", "channel key evil is in"),
    ],
)
def test_what_is_done_to_a_key_is_named(engine: Engine, statement: str, named: str) -> None:
    for number in (1, 2):
        public = Ed25519PrivateKey.generate().public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        with db.transaction() as session:
            keys.add(session, SYSTEM, f"portal-{number}", Channel.PORTAL, pem, now=NOW)
    with db.transaction() as session:
        keys.revoke(session, SYSTEM, "portal-2", now=NOW)
    anchors.add(NOW)
    with db.reading() as session:
        assert tampering.faults(session) == []
    with db.transaction() as session:
        session.connection().execute(text(statement))
    with db.reading() as session:
        assert any(named in line for line in tampering.told(tampering.faults(session)))


def test_what_a_history_was_begun_without_is_put_into_it_once(
    engine: Engine,
) -> None:
    with db.transaction() as session:
        a_person(session)
        history.record(session, SYSTEM, "test", "case:1", at=NOW, case_id=1)
        # As it was when people were not covered.
        session.connection().execute(
            text(
                "INSERT INTO employers (name, credit_code, legal_rep, province, city, address, "
                "industry, handler_name, handler_phone, verification_method, status, "
                "status_reason, created_at, version_id) VALUES ('甲', 'x', '', '37', '', '', '', "
                "'', '', '', 'verified', '', '2026-01-01 00:00:00', 1)"
            )
        )
    with db.reading() as session:
        assert any("employer 1 is in no row" in each.text.en for each in tampering.faults(session))
    upgrade.take_over(NOW)
    with db.reading() as session:
        assert tampering.faults(session) == []
    with db.transaction() as session:
        session.connection().execute(text("UPDATE employers SET status = 'cancelled'"))
    upgrade.take_over(NOW)
    with db.reading() as session:
        assert any("employer 1 was changed" in each.text.en for each in tampering.faults(session))
