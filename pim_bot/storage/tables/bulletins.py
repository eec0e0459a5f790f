"""Bulletins: what is told to many people at once, and who has read it."""

from sqlalchemy import Column, Index, Table

from pim_bot.storage.tables.base import Instant, key, metadata, reference, text, word

bulletin = Table(
    "bulletin",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    word("network"),
    word("audience"),
    text("title", personal=True),
    text("text", personal=True),
    text("link", personal=True),
    word("sent_by"),
    Column("sent_at", Instant, nullable=False),
)

bulletin_reader = Table(
    "bulletin_reader",
    metadata,
    key("bulletin_id", of="bulletin.id"),
    key("member_id", of="member.id"),
    Column("read_at", Instant),
    Index("ix_bulletin_reader_member_id", "member_id"),
)
"""Whom it was sent to; ``read_at`` is empty until they say that they have read it."""
