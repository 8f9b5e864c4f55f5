"""Alembic environment: always online, on the connection that `core.db.migrate` hands over."""

from alembic import context

from core.model import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
