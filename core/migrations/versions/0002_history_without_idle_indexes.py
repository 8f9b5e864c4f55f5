"""the history without two indexes that nothing reads and every change has to write

Revision: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_events_actor", "events")
    op.drop_index("ix_events_subject", "events")


def downgrade() -> None:
    op.create_index("ix_events_actor", "events", ["actor_id", "at"])
    op.create_index("ix_events_subject", "events", ["subject", "id"])
