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
