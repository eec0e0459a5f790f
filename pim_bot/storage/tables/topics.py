"""Topics that cities choose together for an activity."""

from sqlalchemy import Column, Integer, Table

from pim_bot.storage.tables.base import Instant, key, many, metadata, text, word

topic_round = Table(
    "topic_round",
    metadata,
    key("activity_id", of="activity.id"),
    Column("until", Instant, nullable=False),
    word("opened_by"),
    Column("opened_at", Instant, nullable=False),
    word("status", default="open"),
    Column("revision", Integer, nullable=False, server_default="1"),
)

topic = Table(
    "topic",
    metadata,
    key("activity_id", of="topic_round.activity_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text("text", personal=True),
    word("sort", default="topic"),
    word("city"),
    word("proposed_by"),
    many("cities"),
    Column("merged_into", Integer, nullable=False, server_default="0"),
)
"""``cities`` are the slugs of those that back it; ``proposed_by`` is a member's id."""
