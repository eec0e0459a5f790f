"""Materials of activities: what they are called, and where they are."""

from sqlalchemy import Column, Index, Table

from pim_bot.storage.tables.base import Instant, key, metadata, reference, text, word

material = Table(
    "material",
    metadata,
    key("id"),
    reference("activity_id", "activity.id"),
    text("title", personal=True),
    text("link", personal=True),
    word("added_by"),
    Column("added_at", Instant, nullable=False),
    Index("ix_material_activity_id", "activity_id"),
)
