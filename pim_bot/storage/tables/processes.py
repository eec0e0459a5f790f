"""Who is at work: the processes of the hub with their heartbeats, and which of them leads."""

from sqlalchemy import Column, Integer, Table

from pim_bot.storage.tables.base import Instant, key, many, metadata, word

process = Table(
    "process",
    metadata,
    key("id"),
    word("host"),
    word("machine"),
    word("boot"),
    Column("pid", Integer, nullable=False),
    many("roles"),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
)
"""One row per running process; one that ended well took its row away."""

leadership = Table(
    "leadership",
    metadata,
    key("duty"),
    word("process_id"),
    word("leader"),
    Column("until", Instant, nullable=False),
)
"""One row per duty that one process at a time has: who leads, and until when if nothing more is heard of it."""
