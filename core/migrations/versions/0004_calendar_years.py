"""the calendar of working days in the database, with its source

Revision: 0004
"""

import datetime as dt
from importlib.metadata import version

import sqlalchemy as sa
from alembic import op
from chinese_calendar.constants import holidays, workdays

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    table = op.create_table(
        "calendar_years",
        sa.Column("year", BIG, autoincrement=False, nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("make_up_days", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("loaded_by", BIG, nullable=True),
        sa.Column("loaded_by_name", sa.String(length=60), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["loaded_by"], ["users.id"], name=op.f("fk_calendar_years_loaded_by")
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    # The package knows every notice up to its own release; from here on it is only where the rows
    # came from. A day in December that the next year's notice moved stands with its own year.
    at = op.get_bind().execute(sa.select(sa.func.current_timestamp())).scalar_one()
    if at.tzinfo is not None:
        at = at.astimezone(dt.UTC).replace(tzinfo=None)
    known = [*holidays, *workdays]
    op.bulk_insert(
        table,
        [
            {
                "year": year,
                "holidays": sorted(day.isoformat() for day in holidays if day.year == year),
                "make_up_days": sorted(day.isoformat() for day in workdays if day.year == year),
                "source": f"chinesecalendar {version('chinesecalendar')}（国务院办公厅历年通知）",
                "loaded_by": None,
                "loaded_by_name": "系统",
                "loaded_at": at,
                "version_id": 1,
            }
            for year in range(min(known).year, max(known).year + 1)
        ],
    )


def downgrade() -> None:
    op.drop_table("calendar_years")
