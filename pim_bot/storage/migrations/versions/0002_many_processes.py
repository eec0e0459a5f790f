"""Many processes: who is at work and who leads; messages of one conversation stand in a line."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the change out."""
    op.create_table(
        "leadership",
        sa.Column("duty", sa.String(length=160), nullable=False),
        sa.Column("process_id", sa.String(length=160), server_default="", nullable=False),
        sa.Column("leader", sa.String(length=160), server_default="", nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_leadership")),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("host", sa.String(length=160), server_default="", nullable=False),
        sa.Column("machine", sa.String(length=160), server_default="", nullable=False),
        sa.Column("boot", sa.String(length=160), server_default="", nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    op.create_table(
        "programme_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=160), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_version")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line", sa.Integer(), server_default="0", nullable=False))

    _stand_in_line()
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_line", ["order_key", "line"], unique=False)
        batch_op.create_index(
            "ix_notification_open_line",
            ["order_key", "line"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'sending', 'doubtful')"),
            postgresql_where=sa.text("state IN ('planned', 'sending', 'doubtful')"),
        )
        batch_op.create_index(
            "uq_notification_one_in_flight",
            ["order_key"],
            unique=True,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )

    op.drop_index("ix_notification_in_flight", "notification")
    op.drop_index("ix_activity_edition_starts_at", "activity")
    for index in _INDEXES:
        _create_index(*index)


_IN_FLIGHT = "state IN ('sending', 'doubtful')"
_INDEXES = (
    ("ix_activity_edition_ends_at", "activity", ["edition", "ends_at"], ""),
    ("ix_due_item_batch", "due_item", ["member_id", "batch"], ""),
    ("ix_event_reaction_parked", "event_reaction", ["event_id"], "state = 'parked'"),
    ("ix_expert_assignment_edition", "expert_assignment", ["edition"], ""),
    ("ix_identity_new", "identity", ["seen_at"], "state = 'new'"),
    ("ix_member_not_looked_up", "member", ["id"], "looked_up_at IS NULL"),
    ("ix_notification_failed", "notification", ["not_before"], "state IN ('failed', 'needs-human')"),
    ("ix_notification_in_flight", "notification", ["order_key"], _IN_FLIGHT),
)
"""Name, table, columns and, of a partial index, its condition."""


def _create_index(name: str, table: str, columns: list[str], condition: str = "") -> None:
    where = sa.text(condition) if condition else None
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def _stand_in_line() -> None:
    """Give the messages of each conversation their places, by the time of their making."""
    op.execute(
        "UPDATE notification SET line = numbered.place FROM ("
        "SELECT id, row_number() OVER (PARTITION BY order_key ORDER BY id) AS place FROM notification"
        ") AS numbered WHERE numbered.id = notification.id"
    )
    op.execute("UPDATE notification SET state = 'doubtful', lease_token = '' WHERE state = 'sending'")


def downgrade() -> None:
    """Take the change back."""
    for name, table, *_ in _INDEXES:
        op.drop_index(name, table)
    _create_index("ix_activity_edition_starts_at", "activity", ["edition", "starts_at"])
    _create_index("ix_notification_in_flight", "notification", ["lease_until"], _IN_FLIGHT)
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_notification_one_in_flight",
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.drop_index(
            "ix_notification_open_line",
            sqlite_where=sa.text("state IN ('planned', 'sending', 'doubtful')"),
            postgresql_where=sa.text("state IN ('planned', 'sending', 'doubtful')"),
        )
        batch_op.drop_index("ix_notification_line")
        batch_op.drop_column("line")

    op.drop_table("programme_version")
    op.drop_table("process")
    op.drop_table("leadership")
