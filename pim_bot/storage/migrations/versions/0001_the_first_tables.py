"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the change out."""
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=160), server_default="", nullable=False),
        sa.Column("door", sa.String(length=160), server_default="", nullable=False),
        sa.Column("action", sa.String(length=160), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_subject"), ["subject"], unique=False)

    op.create_table(
        "due_item",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=160), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("member_id", sa.String(length=160), server_default="", nullable=False),
        sa.Column("occurrence", sa.String(length=160), server_default="", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nominal_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=160), server_default="planned", nullable=False),
        sa.Column("why", sa.String(length=160), server_default="", nullable=False),
        sa.Column("batch", sa.String(length=160), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_item")),
        sa.UniqueConstraint(
            "kind", "subject", "member_id", "occurrence", name=op.f("uq_due_item_kind_subject_member_id_occurrence")
        ),
    )
    with op.batch_alter_table("due_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_due_item_planned",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index(
            "ix_due_item_planned_member",
            ["member_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index(batch_op.f("ix_due_item_subject"), ["subject"], unique=False)

    op.create_table(
        "edition",
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("short", sa.String(length=160), server_default="", nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("zone", sa.String(length=160), server_default="Europe/Warsaw", nullable=False),
        sa.Column("hours_per_day", sa.Integer(), server_default="8", nullable=False),
        sa.Column("channel", sa.String(length=160), server_default="", nullable=False),
        sa.Column("themes", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_edition")),
    )
    op.create_table(
        "event_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.String(length=160), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=160), server_default="", nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_log")),
    )
    with op.batch_alter_table("event_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_log_subject"), ["subject"], unique=False)

    op.create_table(
        "handled_request",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_handled_request")),
    )
    with op.batch_alter_table("handled_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handled_request_at"), ["at"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("language", sa.String(length=160), server_default="", nullable=False),
        sa.Column("zone", sa.String(length=160), server_default="", nullable=False),
        sa.Column("told_language", sa.String(length=160), server_default="", nullable=False),
        sa.Column("told_zone", sa.String(length=160), server_default="", nullable=False),
        sa.Column("looked_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email", name=op.f("uq_member_email")),
    )
    op.create_table(
        "parked_request",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=160), server_default="", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_request")),
    )
    op.create_table(
        "programme_time",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offset_microseconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_time")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=160), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=160), server_default="", nullable=False),
        sa.Column("all_day", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.String(length=160), server_default="PL", nullable=False),
        sa.Column("form", sa.String(length=160), server_default="on_site", nullable=False),
        sa.Column("theme", sa.String(length=160), server_default="", nullable=False),
        sa.Column("agenda", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("link", sa.Text(), server_default="", nullable=False),
        sa.Column("provisional", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("uid", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(length=160), server_default="scheduled", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_by", sa.String(length=160), server_default="", nullable=False),
        sa.Column("moved_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("places_per_team", sa.Integer(), nullable=True),
        sa.Column("networks", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("cities", sa.JSON(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_activity_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("uid", name=op.f("uq_activity_uid")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_edition_starts_at", ["edition", "starts_at"], unique=False)

    op.create_table(
        "activity_kind",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("scope", sa.String(length=160), server_default="network", nullable=False),
        sa.Column("invites", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("ladder", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("all_day", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_activity_kind_edition")),
        sa.PrimaryKeyConstraint("edition", "slug", name=op.f("pk_activity_kind")),
    )
    op.create_table(
        "city",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=160), server_default="city", nullable=False),
        sa.Column("genitive", sa.Text(), server_default="", nullable=False),
        sa.Column("locative", sa.Text(), server_default="", nullable=False),
        sa.Column("also", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_city_edition")),
        sa.PrimaryKeyConstraint("edition", "slug", name=op.f("pk_city")),
    )
    op.create_table(
        "document_part",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("group", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_document_part_edition")),
        sa.PrimaryKeyConstraint("edition", "document", "slug", name=op.f("pk_document_part")),
    )
    op.create_table(
        "event_reaction",
        sa.Column(
            "event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("reaction", sa.String(length=160), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("type", sa.String(length=160), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=160), server_default="due", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event_log.id"], name=op.f("fk_event_reaction_event_id")),
        sa.PrimaryKeyConstraint("event_id", "reaction", name=op.f("pk_event_reaction")),
    )
    with op.batch_alter_table("event_reaction", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_reaction_due",
            ["event_id"],
            unique=False,
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        )
        batch_op.create_index(
            "ix_event_reaction_open",
            ["reaction", "subject", "event_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('due', 'parked')"),
            postgresql_where=sa.text("state IN ('due', 'parked')"),
        )

    op.create_table(
        "expert_assignment",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("member_id", sa.String(length=160), nullable=False),
        sa.Column("network", sa.String(length=160), server_default="", nullable=False),
        sa.Column("city", sa.String(length=160), server_default="", nullable=False),
        sa.Column("role", sa.String(length=160), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.String(length=160), server_default="proposed", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("assigned_by", sa.String(length=160), server_default="", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_expert_assignment_edition")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_expert_assignment_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_assignment")),
    )
    with op.batch_alter_table("expert_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expert_assignment_member_id"), ["member_id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("network", sa.String(length=160), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_feed_edition")),
        sa.PrimaryKeyConstraint("edition", "network", name=op.f("pk_feed")),
    )
    op.create_table(
        "goal",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_goal_edition")),
        sa.PrimaryKeyConstraint("edition", "number", name=op.f("pk_goal")),
    )
    op.create_table(
        "guardianship",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("network", sa.String(length=160), server_default="", nullable=False),
        sa.Column("institution", sa.String(length=160), server_default="", nullable=False),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_guardianship_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.create_index("ix_guardianship_place", ["edition", "network"], unique=False)

    op.create_table(
        "identity",
        sa.Column("team_id", sa.String(length=160), nullable=False),
        sa.Column("user_id", sa.String(length=160), nullable=False),
        sa.Column("member_id", sa.String(length=160), nullable=True),
        sa.Column("state", sa.String(length=160), server_default="new", nullable=False),
        sa.Column("locale", sa.String(length=160), server_default="", nullable=False),
        sa.Column("zone", sa.String(length=160), server_default="", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_identity_member_id")),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_identity")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_member_id"), ["member_id"], unique=False)

    op.create_table(
        "institution",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("names", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("side", sa.String(length=160), server_default="other", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_institution_edition")),
        sa.PrimaryKeyConstraint("edition", "slug", name=op.f("pk_institution")),
    )
    op.create_table(
        "member_role",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("member_id", sa.String(length=160), nullable=False),
        sa.Column("role", sa.String(length=160), server_default="", nullable=False),
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("network", sa.String(length=160), server_default="", nullable=False),
        sa.Column("told_network", sa.String(length=160), server_default="", nullable=False),
        sa.Column("city", sa.String(length=160), server_default="", nullable=False),
        sa.Column("institution", sa.String(length=160), server_default="", nullable=False),
        sa.Column("side", sa.String(length=160), server_default="", nullable=False),
        sa.Column("contact", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_member_role_edition")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_role_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_role")),
    )
    with op.batch_alter_table("member_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_role_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_member_role_place", ["edition", "network", "city"], unique=False)
        batch_op.create_index("ix_member_role_role", ["edition", "role"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("network", sa.String(length=160), server_default="", nullable=False),
        sa.Column("city", sa.String(length=160), server_default="", nullable=False),
        sa.Column("role", sa.String(length=160), server_default="member", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("mid", sa.Text(), server_default="", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_membership_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_place", ["edition", "network", "city"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("precision", sa.String(length=160), server_default="day", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_milestone_edition")),
        sa.PrimaryKeyConstraint("edition", "slug", name=op.f("pk_milestone")),
    )
    op.create_table(
        "network",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("also", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("type", sa.String(length=160), server_default="", nullable=False),
        sa.Column("topics", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("channel", sa.String(length=160), server_default="", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_network_edition")),
        sa.PrimaryKeyConstraint("edition", "slug", name=op.f("pk_network")),
    )
    op.create_table(
        "programme_activity",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("told", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("activity_id", sa.String(length=160), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_programme_activity_edition")),
        sa.PrimaryKeyConstraint("edition", "slug", name=op.f("pk_programme_activity")),
    )
    op.create_table(
        "recipient",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=160), server_default="", nullable=False),
        sa.Column("medium", sa.String(length=160), server_default="slack", nullable=False),
        sa.Column("member_id", sa.String(length=160), nullable=True),
        sa.Column("team_id", sa.String(length=160), server_default="", nullable=False),
        sa.Column("address", sa.String(length=320), server_default="", nullable=False),
        sa.Column("conversation", sa.String(length=160), server_default="", nullable=False),
        sa.Column("language", sa.String(length=160), server_default="", nullable=False),
        sa.Column("problem", sa.String(length=160), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_recipient_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("kind", "medium", "member_id", name=op.f("uq_recipient_kind_medium_member_id")),
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index("ix_recipient_address", ["kind", "medium", "address"], unique=False)
        batch_op.create_index("ix_recipient_conversation", ["conversation"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("network", sa.String(length=160), server_default="", nullable=False),
        sa.Column("part", sa.String(length=160), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("text_en", sa.Text(), server_default="", nullable=False),
        sa.Column("addressee", sa.Text(), server_default="", nullable=False),
        sa.Column("sources", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("certainty", sa.String(length=160), server_default="certain", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_recommendation_edition")),
        sa.PrimaryKeyConstraint("edition", "slug", name=op.f("pk_recommendation")),
    )
    op.create_table(
        "activity_network",
        sa.Column("activity_id", sa.String(length=160), nullable=False),
        sa.Column("network", sa.String(length=160), nullable=False),
        sa.Column("edition", sa.String(length=160), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_network_activity_id")),
        sa.ForeignKeyConstraint(["edition"], ["edition.slug"], name=op.f("fk_activity_network_edition")),
        sa.PrimaryKeyConstraint("activity_id", "network", name=op.f("pk_activity_network")),
    )
    with op.batch_alter_table("activity_network", schema=None) as batch_op:
        batch_op.create_index("ix_activity_network_edition_network", ["edition", "network", "starts_at"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("activity_id", sa.String(length=160), nullable=False),
        sa.Column("invitee", sa.String(length=160), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("people", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("answered_by", sa.String(length=160), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_attendance_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "invitee", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index("ix_attendance_invitee", ["invitee"], unique=False)

    op.create_table(
        "feed_item",
        sa.Column("activity_id", sa.String(length=160), nullable=False),
        sa.Column("uid", sa.String(length=160), server_default="", nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("zone", sa.String(length=160), server_default="", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_feed_item_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_feed_item")),
    )
    op.create_table(
        "feedback_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.String(length=160), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_feedback_answer_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_answer")),
    )
    with op.batch_alter_table("feedback_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_answer_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "feedback_mark",
        sa.Column("activity_id", sa.String(length=160), nullable=False),
        sa.Column("member_id", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_feedback_mark_activity_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_feedback_mark_member_id")),
        sa.PrimaryKeyConstraint("activity_id", "member_id", name=op.f("pk_feedback_mark")),
    )
    op.create_table(
        "feedback_round",
        sa.Column("activity_id", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=160), server_default="open", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_feedback_round_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_feedback_round")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=160), server_default="", nullable=False),
        sa.Column("recipient_id", sa.String(length=160), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("occurrence", sa.String(length=160), server_default="", nullable=False),
        sa.Column("operation", sa.String(length=160), server_default="post", nullable=False),
        sa.Column("target_id", sa.String(length=160), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_why", sa.String(length=160), server_default="", nullable=False),
        sa.Column("state", sa.String(length=160), server_default="planned", nullable=False),
        sa.Column("order_key", sa.String(length=400), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.String(length=160), server_default="", nullable=False),
        sa.Column("facts", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("rendering", sa.JSON(), nullable=True),
        sa.Column("conversation", sa.String(length=160), server_default="", nullable=False),
        sa.Column("ts", sa.String(length=160), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_notification_recipient_id")),
        sa.ForeignKeyConstraint(["target_id"], ["notification.id"], name=op.f("fk_notification_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("key", name=op.f("uq_notification_key")),
        sa.UniqueConstraint(
            "kind",
            "recipient_id",
            "subject",
            "occurrence",
            name=op.f("uq_notification_kind_recipient_id_subject_occurrence"),
        ),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notification_in_flight",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("state IN ('sending', 'doubtful')"),
            postgresql_where=sa.text("state IN ('sending', 'doubtful')"),
        )
        batch_op.create_index(
            "ix_notification_planned",
            ["not_before"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index("ix_notification_recipient_id", ["recipient_id", "state"], unique=False)
        batch_op.create_index("ix_notification_subject", ["subject"], unique=False)
        batch_op.create_index(
            "uq_notification_one_refresh",
            ["target_id"],
            unique=True,
            sqlite_where=sa.text("operation = 'update' AND state = 'planned'"),
            postgresql_where=sa.text("operation = 'update' AND state = 'planned'"),
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_notification_one_refresh",
            sqlite_where=sa.text("operation = 'update' AND state = 'planned'"),
            postgresql_where=sa.text("operation = 'update' AND state = 'planned'"),
        )
        batch_op.drop_index("ix_notification_subject")
        batch_op.drop_index("ix_notification_recipient_id")
        batch_op.drop_index(
            "ix_notification_planned",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.drop_index(
            "ix_notification_in_flight",
            sqlite_where=sa.text("state IN ('sending', 'doubtful')"),
            postgresql_where=sa.text("state IN ('sending', 'doubtful')"),
        )

    op.drop_table("notification")
    op.drop_table("feedback_round")
    op.drop_table("feedback_mark")
    with op.batch_alter_table("feedback_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_answer_activity_id"))

    op.drop_table("feedback_answer")
    op.drop_table("feed_item")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index("ix_attendance_invitee")

    op.drop_table("attendance")
    with op.batch_alter_table("activity_network", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_network_edition_network")

    op.drop_table("activity_network")
    op.drop_table("recommendation")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_index("ix_recipient_conversation")
        batch_op.drop_index("ix_recipient_address")

    op.drop_table("recipient")
    op.drop_table("programme_activity")
    op.drop_table("network")
    op.drop_table("milestone")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_place")

    op.drop_table("membership")
    with op.batch_alter_table("member_role", schema=None) as batch_op:
        batch_op.drop_index("ix_member_role_role")
        batch_op.drop_index("ix_member_role_place")
        batch_op.drop_index(batch_op.f("ix_member_role_member_id"))

    op.drop_table("member_role")
    op.drop_table("institution")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_member_id"))

    op.drop_table("identity")
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.drop_index("ix_guardianship_place")

    op.drop_table("guardianship")
    op.drop_table("goal")
    op.drop_table("feed")
    with op.batch_alter_table("expert_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expert_assignment_member_id"))

    op.drop_table("expert_assignment")
    with op.batch_alter_table("event_reaction", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_reaction_open",
            sqlite_where=sa.text("state IN ('due', 'parked')"),
            postgresql_where=sa.text("state IN ('due', 'parked')"),
        )
        batch_op.drop_index(
            "ix_event_reaction_due", sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'")
        )

    op.drop_table("event_reaction")
    op.drop_table("document_part")
    op.drop_table("city")
    op.drop_table("activity_kind")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_edition_starts_at")

    op.drop_table("activity")
    op.drop_table("programme_time")
    op.drop_table("parked_request")
    op.drop_table("member")
    with op.batch_alter_table("handled_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handled_request_at"))

    op.drop_table("handled_request")
    with op.batch_alter_table("event_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_log_subject"))

    op.drop_table("event_log")
    op.drop_table("edition")
    with op.batch_alter_table("due_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_due_item_subject"))
        batch_op.drop_index(
            "ix_due_item_planned_member",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.drop_index(
            "ix_due_item_planned",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )

    op.drop_table("due_item")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_subject"))

    op.drop_table("audit")
