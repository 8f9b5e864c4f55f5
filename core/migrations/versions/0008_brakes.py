"""failed sign-ins count in the database, and officers' names are unique

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op

from core.identifiers import name_key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sign_in_brakes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("failures", BIG, nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_brakes_user_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_brakes")),
    )
    op.create_index(op.f("ix_sign_in_brakes_user_id"), "sign_in_brakes", ["user_id"])
    op.create_index(op.f("ix_sign_in_brakes_forgotten_at"), "sign_in_brakes", ["forgotten_at"])
    # Locks in force are given up: the longest would have ended within half an hour.
    op.drop_column("users", "failures")
    op.drop_column("users", "locked_until")
    op.add_column("users", sa.Column("name_key", sa.String(length=120), nullable=True))
    op.create_index("uq_users_name_key", "users", ["name_key"], unique=True)
    _name_officers()


def _name_officers() -> None:
    """Where two officers share a name already, the older account keeps it to itself."""
    accounts = sa.table(
        "users",
        sa.column("id", BIG),
        sa.column("name", sa.String),
        sa.column("name_key", sa.String),
        sa.column("person_id", BIG),
        sa.column("employer_id", BIG),
    )
    connection = op.get_bind()
    taken: set[str] = set()
    for row in connection.execute(
        sa.select(accounts.c.id, accounts.c.name)
        .where(accounts.c.person_id.is_(None), accounts.c.employer_id.is_(None))
        .order_by(accounts.c.id)
    ).all():
        key = name_key(row.name)[:120]
        if key and key not in taken:
            taken.add(key)
            connection.execute(
                accounts.update().where(accounts.c.id == row.id).values(name_key=key)
            )


def downgrade() -> None:
    op.drop_index("uq_users_name_key", "users")
    op.drop_column("users", "name_key")
    op.add_column("users", sa.Column("locked_until", sa.DateTime(), nullable=True))
    op.add_column("users", sa.Column("failures", BIG, nullable=False, server_default="0"))
    op.drop_table("sign_in_brakes")
