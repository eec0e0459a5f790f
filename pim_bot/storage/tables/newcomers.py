"""What people who stand on no list of the programme say of themselves."""

from sqlalchemy import Column, Integer, String, Table

from pim_bot.storage.tables.base import PERSONAL, Instant, key, metadata, reference, text, word

introduction = Table(
    "introduction",
    metadata,
    key("visitor"),
    reference("edition", "edition.slug"),
    text("name", personal=True),
    Column("email", String(320), nullable=False, server_default="", info=PERSONAL),
    word("network"),
    word("city"),
    word("institution"),
    Column("asked_at", Instant, nullable=False),
    word("status", default="waiting"),
    word("decided_by"),
    Column("decided_at", Instant),
    word("member_id"),
    Column("revision", Integer, nullable=False, server_default="1"),
)
"""``visitor`` is the pseudonymous id of a user of chat; ``member_id`` who they turned out to be, "" until then."""
