"""Advisory sessions: the fact in one table, what was said to each city in another."""

from sqlalchemy import Column, Date, Index, Integer, String, Table
from sqlalchemy import text as sql

from pim_bot.storage.tables.base import Instant, key, many, metadata, reference, text, word

session = Table(
    "session",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    Column("activity_id", String(160), unique=True),
    Column("day", Date, nullable=False),
    Column("minutes", Integer, nullable=False),
    word("form"),
    word("status", default="held"),
    text("topic", personal=True),
    word("logged_by"),
    Column("logged_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Index("ix_session_edition_day", "edition", "day"),
)
"""``activity_id`` is empty (NULL) for a session that was never on the calendar."""

session_expert = Table(
    "session_expert",
    metadata,
    key("session_id", of="session.id"),
    key("member_id", of="member.id"),
    Index("ix_session_expert_member_id", "member_id"),
)

session_city = Table(
    "session_city",
    metadata,
    key("session_id", of="session.id"),
    key("city"),
    word("network"),
    Column("position", Integer, nullable=False, server_default="0"),
    text("agreed", personal=True),
    text("next_step", personal=True),
    text("owner", personal=True),
    Column("due", Date),
    text("notes", personal=True),
    many("sections"),
    text("correction", personal=True),
    word("corrected_by"),
    Column("corrected_at", Instant),
    Index("ix_session_city_city", "city"),
)
"""What is private between a city and its experts; everything that is said stands in tagged columns."""

session_request = Table(
    "session_request",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    word("network"),
    word("city"),
    word("side"),
    word("asked_by"),
    Column("asked_at", Instant, nullable=False),
    text("topic", personal=True),
    word("part"),
    text("question", personal=True),
    word("status", default="asked"),
    word("answered_by"),
    many("offers"),
    Column("minutes", Integer, nullable=False, server_default="0"),
    word("activity_id"),
    text("reason", personal=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    Index("ix_session_request_asked_by", "asked_by"),
    Index(
        "ix_session_request_open",
        "edition",
        sqlite_where=sql("status IN ('asked', 'offered')"),
        postgresql_where=sql("status IN ('asked', 'offered')"),
    ),
)
"""``offers`` holds instants in ISO 8601."""
