"""All tables, by subject; importing this package fills ``metadata``."""

from pim_bot.storage.tables import (
    activities,
    contributions,
    edition,
    flow,
    people,
    privacy,
    processes,
    questions,
    sessions,
)
from pim_bot.storage.tables.base import metadata

__all__ = [
    "activities",
    "contributions",
    "edition",
    "flow",
    "metadata",
    "people",
    "privacy",
    "processes",
    "questions",
    "sessions",
]
