"""An edition as data: networks, dated memberships, institutions, kinds of activity, parts of documents."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table

from pim_bot.storage.tables.base import fact_columns, key, many, metadata, reference, text, word

edition = Table(
    "edition",
    metadata,
    key("slug"),
    text("name"),
    text("name_en"),
    word("short"),
    Column("first_day", Date),
    Column("last_day", Date),
    word("zone", default="Europe/Warsaw"),
    Column("hours_per_day", Integer, nullable=False, server_default="8"),
    word("channel"),
    word("contribution_reaction"),
    many("themes"),
    many("values_days"),
    Column("named_feedback", Boolean, nullable=False, server_default="0"),
    *fact_columns(),
)

goal = Table(
    "goal",
    metadata,
    key("edition", of="edition.slug"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text("text"),
    *fact_columns(),
)

institution = Table(
    "institution",
    metadata,
    key("edition", of="edition.slug"),
    key("slug"),
    many("names"),
    text("name_en"),
    word("side", default="other"),
    *fact_columns(),
)

city = Table(
    "city",
    metadata,
    key("edition", of="edition.slug"),
    key("slug"),
    text("name"),
    word("kind", default="city"),
    text("genitive"),
    text("locative"),
    many("also"),
    *fact_columns(),
)

network = Table(
    "network",
    metadata,
    key("edition", of="edition.slug"),
    key("slug"),
    text("name"),
    text("name_en"),
    many("also"),
    word("type"),
    many("topics"),
    word("channel"),
    *fact_columns(),
)

membership = Table(
    "membership",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    word("network"),
    word("city"),
    word("role", default="member"),
    Column("since", Date),
    Column("until", Date),
    text("mid"),
    *fact_columns(),
    Index("ix_membership_place", "edition", "network", "city"),
)

guardianship = Table(
    "guardianship",
    metadata,
    key("id"),
    reference("edition", "edition.slug"),
    word("network"),
    word("institution"),
    text("person", personal=True),
    Column("since", Date),
    Column("until", Date),
    *fact_columns(),
    Index("ix_guardianship_place", "edition", "network"),
)

activity_kind = Table(
    "activity_kind",
    metadata,
    key("edition", of="edition.slug"),
    key("slug"),
    text("name"),
    text("name_en"),
    word("scope", default="network"),
    many("invites"),
    many("ladder"),
    Column("all_day", Boolean, nullable=False, server_default="0"),
    Column("position", Integer, nullable=False, server_default="0"),
    *fact_columns(),
)

document_part = Table(
    "document_part",
    metadata,
    key("edition", of="edition.slug"),
    key("document"),
    key("slug"),
    text("name"),
    text("group"),
    Column("position", Integer, nullable=False, server_default="0"),
    *fact_columns(),
)

recommendation = Table(
    "recommendation",
    metadata,
    key("edition", of="edition.slug"),
    key("slug"),
    word("network"),
    word("part"),
    text("text"),
    text("text_en"),
    text("addressee"),
    *fact_columns(),
)

milestone = Table(
    "milestone",
    metadata,
    key("edition", of="edition.slug"),
    key("slug"),
    Column("day", Date, nullable=False),
    text("text"),
    word("precision", default="day"),
    *fact_columns(),
)

programme_activity = Table(
    "programme_activity",
    metadata,
    key("edition", of="edition.slug"),
    key("slug"),
    many("told", personal=True),
    word("activity_id"),
)
"""What a programme file tells of an activity, word for word, and the activity on the calendar that came of it."""

programme_version = Table(
    "programme_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    word("version"),
)
"""One row: an id that is new whenever the facts of an edition change, so that nobody keeps old ones in memory."""
