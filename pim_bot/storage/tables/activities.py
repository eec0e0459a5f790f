"""Activities, who is invited to them and what was answered, and what is published as a calendar."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table

from pim_bot.storage.tables.base import PERSONAL, Instant, key, many, metadata, reference, text, word

activity = Table(
    "activity",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    word("kind"),
    text("title", personal=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    word("zone"),
    Column("all_day", Boolean, nullable=False, server_default="0"),
    Column("answer_by", Instant),
    text("place", personal=True),
    word("country", default="PL"),
    word("form", default="on_site"),
    word("theme"),
    text("agenda", personal=True),
    text("description", personal=True),
    text("link", personal=True),
    Column("provisional", Boolean, nullable=False, server_default="0"),
    Column("uid", String(160), nullable=False, unique=True),
    word("status", default="scheduled"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("changed_at", Instant, nullable=False),
    word("scheduled_by"),
    Column("moved_from", Instant),
    text("reason", personal=True),
    Column("capacity", Integer),
    Column("places_per_team", Integer),
    many("networks"),
    many("cities"),
    Index("ix_activity_edition_ends_at", "edition", "ends_at"),
)

activity_network = Table(
    "activity_network",
    metadata,
    key("activity_id", of="activity.id"),
    key("network"),
    reference("edition", "edition.slug"),
    Column("starts_at", Instant, nullable=False),
    Index("ix_activity_network_edition_network", "edition", "network", "starts_at"),
)
"""Which networks an activity concerns, for looking it up from a network; ``activity.networks`` keeps their order."""

attendance = Table(
    "attendance",
    metadata,
    key("activity_id", of="activity.id"),
    key("invitee"),
    Column("answer", String(20)),
    many("people", personal=True),
    word("answered_by"),
    Column("answered_at", Instant),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("waiting_since", Instant),
    Index("ix_attendance_invitee", "invitee"),
)

presence = Table(
    "presence",
    metadata,
    key("activity_id", of="activity.id"),
    key("invitee"),
    many("people", personal=True),
    word("marked_by"),
    Column("marked_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
)
"""Who came, by invitation; a row is there once it was marked."""

activity_report = Table(
    "activity_report",
    metadata,
    key("activity_id", of="activity.id"),
    Column("held_from", Date, nullable=False),
    Column("held_until", Date, nullable=False),
    text("came", personal=True),
    text("outcome", personal=True),
    word("reported_by"),
    Column("reported_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
)
"""The report after an activity; ``held_from`` and ``held_until`` are the actual days, beside the planned ones."""

feed_item = Table(
    "feed_item",
    metadata,
    key("activity_id", of="activity.id"),
    word("uid"),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("cancelled", Boolean, nullable=False, server_default="0"),
    word("zone"),
    Column("body", LargeBinary, nullable=False, info=PERSONAL),
    Column("revision", Integer, nullable=False),
)
"""An activity as the bytes of one calendar item, made when it changes."""

feed = Table(
    "feed",
    metadata,
    key("edition", of="edition.slug"),
    key("network"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed_at", Instant, nullable=False),
)
"""The version of a network's feed, and when anything in it changed last; neither ever goes back."""
