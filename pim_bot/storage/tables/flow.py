"""The flow: the event log, reactions, what falls due, notifications, what was handled, and who did what."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)

from pim_bot.storage.tables.base import PERSONAL, Instant, key, metadata, reference, text, word

RowId = BigInteger().with_variant(Integer, "sqlite")

event_log = Table(
    "event_log",
    metadata,
    Column("id", RowId, primary_key=True),
    word("type"),
    Column("version", Integer, nullable=False),
    Column("subject", String(400), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    word("actor"),
    Column("body", JSON, nullable=False),
)

event_reaction = Table(
    "event_reaction",
    metadata,
    Column("event_id", RowId, ForeignKey("event_log.id"), primary_key=True, autoincrement=False),
    key("reaction"),
    Column("subject", String(400), nullable=False),
    word("type"),
    Column("version", Integer, nullable=False),
    word("state", default="due"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("try_at", Instant),
    text("error", personal=True),
    Index(
        "ix_event_reaction_open",
        "reaction",
        "subject",
        "event_id",
        sqlite_where=sql("state IN ('due', 'parked')"),
        postgresql_where=sql("state IN ('due', 'parked')"),
    ),
    Index(
        "ix_event_reaction_due",
        "event_id",
        sqlite_where=sql("state = 'due'"),
        postgresql_where=sql("state = 'due'"),
    ),
    Index(
        "ix_event_reaction_parked",
        "event_id",
        sqlite_where=sql("state = 'parked'"),
        postgresql_where=sql("state = 'parked'"),
    ),
)
"""One row per event and reaction: due until its receipt (done) is written; parked or skipped when it cannot run."""

due_item = Table(
    "due_item",
    metadata,
    key("id"),
    word("kind"),
    Column("subject", String(400), nullable=False, index=True),
    Column("member_id", String(160), nullable=False, server_default=""),
    word("occurrence"),
    Column("due_at", Instant, nullable=False),
    Column("nominal_at", Instant, nullable=False),
    word("state", default="planned"),
    word("why"),
    word("batch"),
    UniqueConstraint("kind", "subject", "member_id", "occurrence"),
    Index(
        "ix_due_item_planned",
        "due_at",
        sqlite_where=sql("state = 'planned'"),
        postgresql_where=sql("state = 'planned'"),
    ),
    Index(
        "ix_due_item_planned_member",
        "member_id",
        "due_at",
        sqlite_where=sql("state = 'planned'"),
        postgresql_where=sql("state = 'planned'"),
    ),
    Index("ix_due_item_batch", "member_id", "batch"),
)
"""Everything that falls due by programme time: reminders, feedback, digests, ends of activities."""

notification = Table(
    "notification",
    metadata,
    key("id"),
    Column("key", String(36), nullable=False, unique=True),
    word("kind"),
    reference("recipient_id", "recipient.id"),
    Column("subject", String(400), nullable=False),
    word("occurrence"),
    word("operation", default="post"),
    reference("target_id", "notification.id", optional=True),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant, nullable=False),
    word("held_why"),
    word("state", default="planned"),
    Column("order_key", String(400), nullable=False),
    Column("line", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("try_at", Instant),
    Column("started_at", Instant),
    Column("lease_until", Instant),
    word("lease_token"),
    Column("facts", JSON, nullable=False, server_default="{}", info=PERSONAL),
    Column("rendering", JSON, info=PERSONAL),
    Column("conversation", String(160), nullable=False, server_default="", info=PERSONAL),
    word("ts"),
    Column("sent_at", Instant),
    text("error"),
    word("late_why"),
    Column("posts", Integer, nullable=False, server_default="0"),
    Column("sweep_at", Instant),
    Column("sweeps", Integer, nullable=False, server_default="0"),
    UniqueConstraint("kind", "recipient_id", "subject", "occurrence"),
    Index("ix_notification_subject", "subject"),
    Index("ix_notification_recipient_id", "recipient_id", "state"),
    Index(
        "ix_notification_planned",
        "not_before",
        sqlite_where=sql("state = 'planned'"),
        postgresql_where=sql("state = 'planned'"),
    ),
    Index(
        "ix_notification_failed",
        "not_before",
        sqlite_where=sql("state IN ('failed', 'needs-human')"),
        postgresql_where=sql("state IN ('failed', 'needs-human')"),
    ),
    Index(
        "ix_notification_in_flight",
        "order_key",
        sqlite_where=sql("state IN ('sending', 'doubtful')"),
        postgresql_where=sql("state IN ('sending', 'doubtful')"),
    ),
    Index("ix_notification_line", "order_key", "line"),
    Index(
        "ix_notification_sweep",
        "sweep_at",
        sqlite_where=sql("sweep_at IS NOT NULL"),
        postgresql_where=sql("sweep_at IS NOT NULL"),
    ),
    Index("ix_notification_target_id", "target_id"),
    Index(
        "ix_notification_open_line",
        "order_key",
        "line",
        sqlite_where=sql("state IN ('planned', 'sending', 'doubtful')"),
        postgresql_where=sql("state IN ('planned', 'sending', 'doubtful')"),
    ),
    Index(
        "uq_notification_one_in_flight",
        "order_key",
        unique=True,
        sqlite_where=sql("state = 'sending'"),
        postgresql_where=sql("state = 'sending'"),
    ),
    Index(
        "uq_notification_one_refresh",
        "target_id",
        unique=True,
        sqlite_where=sql("operation = 'update' AND state = 'planned'"),
        postgresql_where=sql("operation = 'update' AND state = 'planned'"),
    ),
)
"""What is to be said to whom and why, and how far its delivery has come.

``line`` numbers the messages of one ``order_key`` as they were planned; at most one of them is on its way. ``posts``
counts how often it was handed to the chat as a new message; where that was more than once, its conversation is read
again at ``sweep_at`` for a late double. ``late_why`` says what it waits for beside its own time.
"""

bucket = Table(
    "bucket",
    metadata,
    key("name"),
    Column("free_at", Instant),
    Column("closed_until", Instant),
)
"""Pace, shared by all workers: of a conversation, or of a method of the chat.

``free_at`` is when its allowance will be whole again; ``closed_until`` is how long the chat asked to be left alone.
"""

pause = Table(
    "pause",
    metadata,
    key("why"),
    Column("since", Instant, nullable=False),
    Column("facts", JSON, nullable=False, server_default="{}"),
)
"""Why nothing is sent at present: the chat refuses the token, or a backup was restored and doubts are open."""

handled_request = Table(
    "handled_request",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)
"""The hash of a request's key, since the key names the user of chat."""

parked_request = Table(
    "parked_request",
    metadata,
    key("id"),
    Column("at", Instant, nullable=False),
    word("why"),
    Column("body", LargeBinary, nullable=False, info=PERSONAL),
)
"""A request that could not be decoded, as raw bytes, kept seven days."""

audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at", Instant, nullable=False),
    word("actor"),
    word("door"),
    word("action"),
    Column("subject", String(400), nullable=False, index=True),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("before", String(64), nullable=False, server_default=""),
    Column("after", String(64), nullable=False, server_default=""),
)
"""Who did what to what; pseudonymous ids and kinds only, one row for each act. Triggers let rows only be added.

``before`` and ``after`` are keyed hashes of the subject, without free text, under the key of the person who acted; ""
where the subject was not there, or where nothing of it is noted.
"""

audit_unsealed = Table(
    "audit_unsealed",
    metadata,
    Column("audit_id", RowId, ForeignKey("audit.id"), primary_key=True, autoincrement=False),
)
"""Which rows of the audit have no seal yet: written with the row, deleted with the seal."""

audit_seal = Table(
    "audit_seal",
    metadata,
    Column("position", RowId, primary_key=True, autoincrement=False),
    Column("audit_id", RowId, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("chain", String(64), nullable=False),
    Column("sealed_at", Instant, nullable=False),
)
"""The chain over the audit: each link is made of the one before and of the digest of one audit row.

Seals stay when the retention takes the rows away; triggers let nobody change or delete one.
"""

person_key = Table(
    "person_key",
    metadata,
    key("actor"),
    Column("value", LargeBinary, nullable=False),
)
"""The key of an actor's hashes in the audit. An erasure deletes it, and the hashes tell nobody anything any more."""

programme_time = Table(
    "programme_time",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("offset_microseconds", RowId, nullable=False),
)
"""One row: how far programme time was wound from machine time."""
