"""Messages that somebody marked with the edition's reaction, until their words are read; then the row goes."""

from sqlalchemy import Column, Table

from pim_bot.storage.tables.base import Instant, key, metadata, word

marked_message = Table(
    "marked_message",
    metadata,
    key("source_key", personal=True),
    key("member_id", of="member.id"),
    word("team_id"),
    word("channel_id"),
    word("ts"),
    Column("marked_at", Instant, nullable=False),
)
"""``marked_at`` is machine time: it tells when to give up."""
