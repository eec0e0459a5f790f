"""An expert's assignment to a network or a city: asked, accepted or declined, with a budget of days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AssignmentStatus(StrEnum):
    """Where an assignment stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RELEASED = "released"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpertAssignment:
    """An expert serves a network, or one city of it, from a day until a day; ``days`` is the budget.

    ``replaces`` names the assignment of the person whose work it goes on with.
    """

    id: str
    edition: str
    member_id: str
    network: str = ""
    city: str = ""
    role: str = ""
    since: date
    until: date
    days: int = 0
    status: AssignmentStatus = AssignmentStatus.PROPOSED
    revision: int = 1
    assigned_by: str = ""
    replaces: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether it still binds the expert or waits for them."""
        return self.status in (AssignmentStatus.PROPOSED, AssignmentStatus.ACCEPTED)

    def doubles(self, other: "ExpertAssignment") -> bool:
        """Tell whether both ask the same person for the same place in overlapping periods."""
        return (
            other.is_open
            and (self.member_id, self.network, self.city) == (other.member_id, other.network, other.city)
            and self.since <= other.until
            and other.since <= self.until
        )
