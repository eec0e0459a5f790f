"""Contributions to MIDs and PUs."""

from sqlalchemy import Column, Index, Integer, String, Table
from sqlalchemy import text as sql

from pim_bot.storage.tables.base import PERSONAL, Instant, key, many, metadata, reference, text, word

contribution = Table(
    "contribution",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    word("document"),
    word("network"),
    word("city"),
    word("part"),
    word("type"),
    text("text", personal=True),
    text("justification", personal=True),
    text("addressee", personal=True),
    many("people"),
    many("cities"),
    many("bodies", personal=True),
    many("topics"),
    text("link", personal=True),
    word("circle", default="network"),
    word("source", default="form"),
    Column("source_key", String(320), unique=True, info=PERSONAL),
    text("source_link", personal=True),
    word("consent", default="not-needed"),
    Column("consent_from", String(320), nullable=False, server_default="", info=PERSONAL),
    word("author"),
    word("logged_by"),
    word("status", default="proposed"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("logged_at", Instant, nullable=False),
    word("decided_by"),
    Column("decided_at", Instant),
    text("reason", personal=True),
    text("newer_text", personal=True),
    Column("source_gone_at", Instant),
    Index("ix_contribution_document", "edition", "network", "city", "document"),
    Index("ix_contribution_author", "author"),
    Index(
        "ix_contribution_proposed",
        "edition",
        sqlite_where=sql("status = 'proposed'"),
        postgresql_where=sql("status = 'proposed'"),
    ),
)
"""``document`` is MID or PU; ``source_key`` is empty (NULL) where nothing can be logged twice."""
