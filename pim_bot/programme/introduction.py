"""An introduction: what somebody says of themselves who writes to the bot and stands on no list of the programme."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IntroductionStatus(StrEnum):
    """Where an introduction stands; somebody who looks after the network confirms or declines it."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Introduction:
    """Who somebody says they are: of a city's team in a network, or of an institution.

    ``visitor`` is the pseudonymous id of the user of chat, ``account`` the one that the chat knows. ``decided_by`` and
    ``member_id`` are members' ids, "" until it is decided.
    """

    visitor: str
    edition: str
    name: str
    email: str
    network: str = ""
    city: str = ""
    institution: str = ""
    asked_at: datetime
    status: IntroductionStatus = IntroductionStatus.WAITING
    decided_by: str = ""
    decided_at: datetime | None = None
    member_id: str = ""
    revision: int = 1
    account: str = ""

    @property
    def waits(self) -> bool:
        """Tell whether somebody is still to decide."""
        return self.status is IntroductionStatus.WAITING
