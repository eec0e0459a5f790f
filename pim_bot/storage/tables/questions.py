"""How often what is asked for, and which ideas were heard in what was not understood: nothing that a person wrote."""

from sqlalchemy import Column, Integer, Table

from pim_bot.storage.tables.base import key, metadata

question_count = Table(
    "question_count",
    metadata,
    key("month"),
    key("meaning"),
    key("heard"),
    Column("count", Integer, nullable=False, server_default="0"),
)
"""``meaning`` is "" where a question was not understood; only then ``heard`` names ideas of the bot's own grammar."""
