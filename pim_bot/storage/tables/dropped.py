"""Files that somebody dropped into the chat, until they are fetched, and what a list of people among them would do."""

from sqlalchemy import JSON, Column, Integer, Table

from pim_bot.storage.tables.base import PERSONAL, Instant, key, metadata, reference, word

dropped_file = Table(
    "dropped_file",
    metadata,
    key("id"),
    word("file_id"),
    reference("member_id", "member.id"),
    Column("next_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
)
"""``next_at`` is machine time; the row goes once the file is read or given up."""

people_list = Table(
    "people_list",
    metadata,
    key("id"),
    word("edition"),
    reference("member_id", "member.id"),
    Column("brought_at", Instant, nullable=False),
    Column("plan", JSON, nullable=False, info=PERSONAL),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("same", Integer, nullable=False, server_default="0"),
    Column("forgotten", Integer, nullable=False, server_default="0"),
    word("status"),
    Column("revision", Integer, nullable=False),
)
"""``plan`` is empty once the list is saved, left or past its hour."""
