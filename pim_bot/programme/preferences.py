"""What a person prefers to be told, when, and how far ahead; they choose it themselves."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

OPENS = time(8, 0)
CLOSES = time(16, 0)
DIGEST_AT = time(8, 0)


class Topic(StrEnum):
    """What a person may be spared in direct messages.

    Changes, cancellations and whatever somebody asks this very person are told in any case.
    """

    INVITATIONS = "invitations"
    REMINDERS = "reminders"
    FEEDBACK = "feedback"
    DIGEST = "digest"
    BULLETINS = "bulletins"


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """Hours of working days in which messages come, the ladder of reminders, the digest's day, and what is muted.

    ``ladder`` holds leads in minutes, longest first; an empty one is that of each kind of activity. ``digest_day``
    counts from Monday, 0. From ``away_since`` until ``away_until``, inclusive, the person is away, and ``deputy`` is
    the id of whoever stands in, or "".
    """

    opens: time = OPENS
    closes: time = CLOSES
    ladder: tuple[int, ...] = ()
    digest_day: int = 0
    digest_at: time = DIGEST_AT
    muted: frozenset[Topic] = frozenset()
    away_since: date | None = None
    away_until: date | None = None
    deputy: str = ""

    def is_away(self, day: date) -> bool:
        """Tell whether the person is away on that day."""
        return bool(self.away_since and self.away_until and self.away_since <= day <= self.away_until)

    def wants(self, topic: Topic) -> bool:
        """Tell whether messages of this sort may come."""
        return topic not in self.muted


AS_USUAL = Preferences()
"""What holds for whoever chose nothing."""
