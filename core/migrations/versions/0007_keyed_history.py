"""history hashed with a key, and covering the rows it speaks of

Revision: 0007
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("evidence", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("key", sa.String(length=8), nullable=True))
    op.add_column("chain_heads", sa.Column("key", sa.String(length=8), nullable=True))
    # The name by which anchors outside know this database again.
    with op.batch_alter_table("chain_heads") as batch:
        batch.add_column(
            sa.Column(
                "origin", sa.String(length=32), nullable=False, server_default=secrets.token_hex(16)
            )
        )
    with op.batch_alter_table("chain_heads") as batch:
        batch.alter_column("origin", server_default=None)


def downgrade() -> None:
    op.drop_column("chain_heads", "origin")
    op.drop_column("chain_heads", "key")
    op.drop_column("events", "key")
    op.drop_column("events", "evidence")
