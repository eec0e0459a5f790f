"""Feedback: rounds, the marks of who answered, and the bags of answers that nothing ties to them.

The rounds after an activity have tables of their own, since their scores are one number.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table
from sqlalchemy import text as sql

from pim_bot.storage.tables.base import PERSONAL, Instant, key, many, metadata, reference, text, word

feedback_round = Table(
    "feedback_round",
    metadata,
    key("activity_id", of="activity.id"),
    word("state", default="open"),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("result", JSON),
    Column("named", Boolean, nullable=False, server_default="0"),
    Index(
        "ix_feedback_round_open",
        "closes_at",
        sqlite_where=sql("state = 'open'"),
        postgresql_where=sql("state = 'open'"),
    ),
)

feedback_mark = Table("feedback_mark", metadata, key("activity_id", of="activity.id"), key("member_id", of="member.id"))
"""That this person has answered; deleted when the round closes."""

feedback_answer = Table(
    "feedback_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("activity_id", "activity.id", index=True),
    Column("score", Integer, nullable=False),
    Column("comment", JSON, info=PERSONAL),
)
"""The bag: a score without person, time or key, under a random number; rewritten when the round closes."""

pooled_round = Table(
    "pooled_round",
    metadata,
    key("subject"),
    word("state", default="open"),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("result", JSON),
    Column("named", Boolean, nullable=False, server_default="0"),
    Index(
        "ix_pooled_round_open", "closes_at", sqlite_where=sql("state = 'open'"), postgresql_where=sql("state = 'open'")
    ),
)
"""A round about the five values, or about a quarter of advisory sessions."""

pooled_mark = Table(
    "pooled_mark", metadata, key("subject", of="pooled_round.subject"), key("member_id", of="member.id")
)

pooled_answer = Table(
    "pooled_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    reference("subject", "pooled_round.subject", index=True),
    Column("scores", JSON, nullable=False),
    text("comment", personal=True),
)

named_answer = Table(
    "named_answer",
    metadata,
    key("subject"),
    key("member_id", of="member.id"),
    many("scores"),
    text("comment", personal=True),
    Index("ix_named_answer_member_id", "member_id"),
)
"""Answers of rounds in the named mode, which said so before the first tap; all others go into a bag."""
