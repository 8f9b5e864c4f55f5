"""any subject with a status can be held, timed and decided on; clocks pause with a reason

Leases, clocks and decisions name their subject (`case:17`); tables that nothing reads go.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_CASE = sa.text("'case:' || case_id")
RUNNING = sa.text("ended_on IS NULL")
COUNTS = sa.text("four_eyes AND NOT superseded")


def upgrade() -> None:
    for table in ("leases", "clocks", "decisions"):
        op.add_column(table, sa.Column("subject", sa.String(40), nullable=True))
        op.execute(sa.text(f"UPDATE {table} SET subject = 'case:' || case_id"))  # noqa: S608

    with op.batch_alter_table("leases") as batch:
        batch.drop_constraint("pk_leases", type_="primary")
        batch.alter_column("subject", existing_type=sa.String(40), nullable=False)
        batch.alter_column("case_id", existing_type=BIG, nullable=True)
        batch.create_primary_key("pk_leases", ["subject"])
        batch.create_unique_constraint("uq_leases_case_id", ["case_id"])

    with op.batch_alter_table("clocks") as batch:
        batch.drop_index("ix_clocks_case_id")
        batch.alter_column("subject", existing_type=sa.String(40), nullable=False)
        batch.alter_column("case_id", existing_type=BIG, nullable=True)
    op.create_index("ix_clocks_subject", "clocks", ["subject"])
    op.create_index(
        "ix_clocks_running",
        "clocks",
        ["kind", "due_on", "id"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )

    op.drop_index("uq_decisions_four_eyes", "decisions")
    with op.batch_alter_table("decisions") as batch:
        batch.alter_column("subject", existing_type=sa.String(40), nullable=False)
        batch.alter_column("case_id", existing_type=BIG, nullable=True)
    op.create_index(
        "uq_decisions_four_eyes",
        "decisions",
        ["subject", "officer_id"],
        unique=True,
        sqlite_where=COUNTS,
        postgresql_where=COUNTS,
    )

    op.create_table(
        "clock_pauses",
        sa.Column("clock_id", BIG, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=False),
        sa.Column("paused_by", BIG, nullable=True),
        sa.Column("paused_by_name", sa.String(60), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clocks.id"], name="fk_clock_pauses_clock_id"),
        sa.ForeignKeyConstraint(["paused_by"], ["users.id"], name="fk_clock_pauses_paused_by"),
        sa.PrimaryKeyConstraint("id", name="pk_clock_pauses"),
    )
    op.create_index("ix_clock_pauses_clock_id", "clock_pauses", ["clock_id"])

    op.create_table(
        "revocations",
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("ground", sa.String(30), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name="fk_revocations_registration_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_revocations_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revocations"),
    )
    for column in ("registration_id", "person_id", "status"):
        op.create_index(f"ix_revocations_{column}", "revocations", [column])

    op.create_table(
        "hearings",
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("revocation_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("chair_id", BIG, nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_hearings_case_id"),
        sa.ForeignKeyConstraint(
            ["revocation_id"], ["revocations.id"], name="fk_hearings_revocation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_hearings_person_id"),
        sa.ForeignKeyConstraint(["chair_id"], ["users.id"], name="fk_hearings_chair_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hearings"),
    )
    for column in ("about", "case_id", "revocation_id", "person_id", "status"):
        op.create_index(f"ix_hearings_{column}", "hearings", [column])

    op.alter_column("events", "case_version", new_column_name="version")
    op.add_column("rulebooks", sa.Column("since", sa.DateTime(), nullable=True))
    op.execute(
        "UPDATE rulebooks SET since = "
        "(SELECT min(created_at) FROM cases WHERE cases.rulebook_id = rulebooks.id)"
    )
    for table in ("pair_memory", "outbox", "jobs"):
        op.drop_table(table)


def downgrade() -> None:
    raise NotImplementedError("the tables that nothing read are gone; restore a backup instead")
