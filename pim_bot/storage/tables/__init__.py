"""All tables, by subject; importing this package fills ``metadata``."""

from pim_bot.storage.tables import (
    activities,
    bulletins,
    contributions,
    dropped,
    edition,
    feedback,
    flow,
    marked,
    materials,
    newcomers,
    people,
    privacy,
    processes,
    questions,
    sessions,
    topics,
)
from pim_bot.storage.tables.base import metadata

__all__ = [
    "activities",
    "bulletins",
    "contributions",
    "dropped",
    "edition",
    "feedback",
    "flow",
    "marked",
    "materials",
    "metadata",
    "newcomers",
    "people",
    "privacy",
    "processes",
    "questions",
    "sessions",
    "topics",
]
