"""A material of an activity: a presentation, a recording or another thing to read, by its title and address."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What belongs to an activity. The hub keeps the address; the thing itself stays where it is.

    ``added_by`` is a member's id.
    """

    id: str
    activity_id: str
    title: str
    link: str
    added_by: str
    added_at: datetime
