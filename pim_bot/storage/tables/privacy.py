"""What the law asks for: notices that were shown, holds, erasures, retention, and tokens that are spent once."""

from sqlalchemy import JSON, Column, Date, Index, Integer, LargeBinary, String, Table

from pim_bot.storage.tables.base import PERSONAL, Instant, key, metadata, text, word

notice = Table(
    "notice",
    metadata,
    key("team_id"),
    key("user_id", personal=True),
    Column("version", String(40), primary_key=True),
    Column("shown_at", Instant, nullable=False),
)
"""Which version of the notice (RODO art. 13) a user of chat was shown, and when."""

legal_hold = Table(
    "legal_hold",
    metadata,
    key("category"),
    text("reason"),
    Column("until", Date),
    word("set_by"),
    Column("set_at", Instant, nullable=False),
)
"""A category of data that must be kept although a person asks for its erasure: why, and until when."""

held = Table(
    "held",
    metadata,
    key("category"),
    key("member_id"),
    Column("at", Instant, nullable=False),
    Column("rows", JSON, nullable=False, info=PERSONAL),
)
"""What of an erased person must be kept, taken out of the tables that anything works with (RODO art. 18, motyw 67).

It goes when the hold of its category ends or is lifted.
"""

forgotten = Table(
    "forgotten",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("length", Integer, nullable=False),
)
"""Keyed hashes of the e-mails and names of erased people, so that no file brings them back.

They stand beside no id and no time, so that whoever guesses an e-mail learns nothing of what its owner did here.
``length`` is how many words were hashed; an e-mail is one.
"""

forgotten_key = Table(
    "forgotten_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", LargeBinary, nullable=False),
)
"""One row: the key of those hashes, random, made at the first erasure."""

erasure = Table(
    "erasure",
    metadata,
    key("member_id"),
    Column("at", Instant, nullable=False),
    word("asked_by"),
    Column("kept", JSON, nullable=False, server_default="[]"),
    Column("counts", JSON, nullable=False, server_default="{}"),
)
"""Whose data was erased and when, by pseudonymous id only: after a restore it is erased again."""

retention_run = Table(
    "retention_run",
    metadata,
    key("category"),
    Column("ran_at", Instant, nullable=False),
    Column("deleted", Integer, nullable=False, server_default="0"),
)
"""When the retention period of a category was applied last, and how many rows went."""

one_time_token = Table(
    "one_time_token",
    metadata,
    Column("digest", String(64), primary_key=True),
    word("purpose"),
    word("member_id"),
    Column("facts", JSON, nullable=False, server_default="{}"),
    Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("spent_at", Instant),
    Index("ix_one_time_token_ends_at", "ends_at"),
)
"""A token that opens one door once: only its keyed hash is here."""
