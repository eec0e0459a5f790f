"""A visiting card: what a person offers to help others with. Only whoever fills one in has one."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitingCard:
    """What a member can help with, in their own words; ``shares``: after a workshop others get their contact."""

    member_id: str
    offer: str
    shares: bool = False
    revision: int = 1
