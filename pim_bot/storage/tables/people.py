"""People, their dated roles, and how chat and other media reach them."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy import text as sql

from pim_bot.storage.tables.base import PERSONAL, Instant, fact_columns, key, many, metadata, reference, text, word

member = Table(
    "member",
    metadata,
    key("id"),
    text("name", personal=True),
    Column("email", String(320), unique=True, info=PERSONAL),
    word("language"),
    word("zone"),
    word("told_language"),
    word("told_zone"),
    Column("looked_up_at", Instant),
    Column("restricted_at", Instant),
    Column("revision", Integer, nullable=False, server_default="1"),
    Index(
        "ix_member_not_looked_up",
        "id",
        sqlite_where=sql("looked_up_at IS NULL"),
        postgresql_where=sql("looked_up_at IS NULL"),
    ),
)
"""``told_…`` is what the programme file says; ``language`` and ``zone`` also take what chat knows.

``looked_up_at`` is when chat was asked for the e-mail; None asks for it. ``restricted_at`` is since when the
person's data is only kept and no longer used (RODO art. 18).
"""

member_role = Table(
    "member_role",
    metadata,
    key("id"),
    reference("member_id", "member.id", index=True),
    word("role"),
    reference("edition", "edition.slug"),
    word("network"),
    word("told_network"),
    word("city"),
    word("institution"),
    word("side"),
    Column("contact", Boolean, nullable=False, server_default="0"),
    Column("since", Date),
    Column("until", Date),
    Index("ix_member_role_place", "edition", "network", "city"),
    Index("ix_member_role_role", "edition", "role"),
)
"""``told_network`` is what the programme file says; an official's ``network`` follows from the city's membership."""

identity = Table(
    "identity",
    metadata,
    key("team_id"),
    key("user_id", personal=True),
    Column("visitor", String(160), nullable=False, server_default="", index=True),
    reference("member_id", "member.id", optional=True, index=True),
    word("state", default="new"),
    word("locale"),
    word("zone"),
    Column("seen_at", Instant, nullable=False),
    Index(
        "ix_identity_new",
        "seen_at",
        sqlite_where=sql("state = 'new'"),
        postgresql_where=sql("state = 'new'"),
    ),
)
"""A user of chat; ``state`` is new, matched or stranger.

``visitor`` is the pseudonymous id under which events and the audit know somebody whom the programme does not know.
"""

recipient = Table(
    "recipient",
    metadata,
    key("id"),
    word("kind"),
    word("medium", default="slack"),
    reference("member_id", "member.id", optional=True),
    word("team_id"),
    Column("address", String(320), nullable=False, server_default="", info=PERSONAL),
    Column("conversation", String(160), nullable=False, server_default="", info=PERSONAL),
    word("language"),
    word("problem"),
    UniqueConstraint("kind", "medium", "member_id"),
    Index("ix_recipient_address", "kind", "medium", "address"),
    Index("ix_recipient_conversation", "conversation"),
)
"""Whom a message is for: a member or a channel, by a medium (slack or e-mail).

``address`` is a Slack user id, a channel's name or an e-mail; ``conversation`` the Slack conversation once it is known;
``problem`` says why nothing can be delivered there now (unknown-person, unknown-channel, not-invited).
"""

preference = Table(
    "preference",
    metadata,
    Column("member_id", String(160), ForeignKey("member.id"), primary_key=True, nullable=False),
    word("opens"),
    word("closes"),
    many("ladder"),
    Column("digest_day", Integer, nullable=False, server_default="0"),
    word("digest_at"),
    many("muted"),
    Column("away_since", Date),
    Column("away_until", Date),
    word("deputy"),
)
"""What a person prefers who chose anything.

Hours are such as 08:00; ``ladder`` holds minutes, and an empty one is the programme's.
"""

visiting_card = Table(
    "visiting_card",
    metadata,
    Column("member_id", String(160), ForeignKey("member.id"), primary_key=True, nullable=False),
    text("offer", personal=True),
    Column("shares", Boolean, nullable=False, server_default="0"),
    Column("revision", Integer, nullable=False, server_default="1"),
)
"""What a person offers to help with, who chose to; ``shares``: others get their contact after a workshop."""

expert_assignment = Table(
    "expert_assignment",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    reference("member_id", "member.id", index=True),
    word("network"),
    word("city"),
    Column("role", String(160), nullable=False, server_default="", info=PERSONAL),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("days", Integer, nullable=False, server_default="0"),
    word("status", default="proposed"),
    Column("revision", Integer, nullable=False, server_default="1"),
    word("assigned_by"),
    word("replaces"),
    *fact_columns(),
    Index("ix_expert_assignment_edition", "edition"),
)
