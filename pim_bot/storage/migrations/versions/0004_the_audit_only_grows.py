"""the audit only grows.

Written by hand: triggers keep rows of the audit and of its chain from being changed or deleted, whoever asks, and rows
that are there already are put in line to be sealed. Nobody but the retention may delete, and only rows that were
sealed two years ago, by the database's own clock.

A later migration that has SQLite make one of these tables anew (``batch_alter_table``) loses its triggers and has to
call ``protect`` again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("audit", "audit_seal")

OLD_ON_SQLITE = "EXISTS (SELECT 1 FROM audit_seal WHERE audit_id = OLD.id AND sealed_at <= datetime('now', '-2 years'))"
REFUSAL = "BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"
WHEN = {
    "audit_is_not_changed": "BEFORE UPDATE ON audit",
    "audit_is_not_deleted": f"BEFORE DELETE ON audit WHEN NOT {OLD_ON_SQLITE}",
    # INSERT OR REPLACE would delete without asking the trigger above.
    "audit_is_not_replaced": "BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)",
    "audit_seal_is_not_changed": "BEFORE UPDATE ON audit_seal",
    "audit_seal_is_not_deleted": "BEFORE DELETE ON audit_seal",
    "audit_seal_is_not_replaced": "BEFORE INSERT ON audit_seal WHEN EXISTS "
    "(SELECT 1 FROM audit_seal WHERE position = NEW.position OR audit_id = NEW.audit_id)",
}
"""SQLite's triggers: by their names, when each refuses."""

FUNCTION = """
CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit' THEN
        IF EXISTS (
            SELECT FROM audit_seal WHERE audit_id = OLD.id AND sealed_at <= now() - interval '2 years'
        ) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '%: rows are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""
EVENTS = {"only_grows": "BEFORE UPDATE OR DELETE", "is_not_emptied": "BEFORE TRUNCATE"}
"""PostgreSQL's triggers on each table."""


def protect() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for name, when in WHEN.items():
            refusal = REFUSAL.format(table=name.partition("_is_")[0])
            op.execute(sa.text(f"CREATE TRIGGER {name} {when} {refusal}"))
        return
    op.execute(sa.text(FUNCTION))
    for table in TABLES:
        for name, events in EVENTS.items():
            each = "STATEMENT" if name == "is_not_emptied" else "ROW"
            trigger = f"CREATE TRIGGER {table}_{name} {events} ON {table} FOR EACH {each} EXECUTE FUNCTION only_added()"
            op.execute(sa.text(trigger))


def upgrade() -> None:
    """Carry the change out."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_unsealed",
        sa.Column("audit_id", number, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_unsealed_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit_unsealed")),
    )
    op.execute(sa.text("INSERT INTO audit_unsealed (audit_id) SELECT id FROM audit ORDER BY id"))
    protect()


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in WHEN:
            op.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        for table in TABLES:
            for name in EVENTS:
                op.execute(sa.text(f"DROP TRIGGER {table}_{name} ON {table}"))
        op.execute(sa.text("DROP FUNCTION only_added()"))
    op.drop_table("audit_unsealed")
