"""An advisory session: what a World Bank expert and a city agreed on, day by day; and the request for one.

Private advice stays private: what was said is read by that city and its World Bank experts, coordinators see the fact.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pim_bot.programme.activity import Form
from pim_bot.programme.permissions import Place


class SessionStatus(StrEnum):
    """Whether a session took place; one that did not is kept so that nobody is asked about it again."""

    HELD = "held"
    NOT_HELD = "not_held"


@dataclass(frozen=True, kw_only=True, slots=True)
class CityWords:
    """What a session came to for one city.

    ``sections`` are the parts of its MID that it moved on.
    ``correction`` is what the city says of the agreements.
    """

    city: str
    network: str = ""
    agreed: str = ""
    next_step: str = ""
    owner: str = ""
    due: date | None = None
    notes: str = ""
    sections: tuple[str, ...] = ()
    correction: str = ""
    corrected_by: str = ""
    corrected_at: datetime | None = None

    @property
    def has_agreements(self) -> bool:
        """Tell whether there is anything that the city should hear of."""
        return bool(self.agreed or self.next_step)


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionDraft:
    """What an expert fills in. ``experts`` are members' ids; ``activity_id`` is what was on the calendar, or ""."""

    edition: str
    day: date
    minutes: int
    experts: tuple[str, ...]
    cities: tuple[CityWords, ...]
    topic: str = ""
    form: str = Form.ONLINE
    activity_id: str = ""
    status: SessionStatus = SessionStatus.HELD


@dataclass(frozen=True, kw_only=True, slots=True)
class AdvisorySession(SessionDraft):
    """A session as it was logged; ``logged_by`` is the actor."""

    id: str
    logged_by: str
    logged_at: datetime
    revision: int = 1

    def words_for(self, city: str) -> CityWords | None:
        """Tell what the session came to for a city; None for one that took no part."""
        return next((one for one in self.cities if one.city == city), None)

    def place_of(self, words: CityWords) -> Place:
        """Tell what rights about a city's part of the session are asked for."""
        return Place(edition=self.edition, networks=(words.network,) if words.network else (), city=words.city)

    def tells_the_same(self, draft: SessionDraft) -> bool:
        """Tell whether a draft speaks of this very session, so that it is not logged twice."""
        return (self.day, self.minutes, set(self.experts), self.topic, self.cities) == (
            draft.day,
            draft.minutes,
            set(draft.experts),
            draft.topic,
            draft.cities,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """A share of a session: so many minutes of an expert, for one city, on one day."""

    member_id: str
    day: date
    network: str
    city: str
    minutes: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The sessions of a city that took place: how many, how many minutes in all, the day of the last one."""

    count: int
    minutes: int
    last: date


class RequestStatus(StrEnum):
    """Where a request for a session stands."""

    ASKED = "asked"
    OFFERED = "offered"
    ARRANGED = "arranged"
    DECLINED = "declined"


class Side(StrEnum):
    """Who asks for a session: the city, or its expert."""

    CITY = "city"
    EXPERT = "expert"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRequestDraft:
    """What somebody fills in to ask for a session; ``part`` is the section of the MID that it is about, or ""."""

    edition: str
    city: str
    topic: str
    part: str = ""
    question: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRequest(SessionRequestDraft):
    """A request for a session. The other side offers times, and one of them is chosen.

    ``asked_by`` and ``answered_by`` are members' ids; ``side`` is that of whoever asked. The question is private as the
    session will be.
    """

    id: str
    network: str
    asked_by: str
    asked_at: datetime
    side: Side
    status: RequestStatus = RequestStatus.ASKED
    answered_by: str = ""
    offers: tuple[datetime, ...] = ()
    minutes: int = 0
    activity_id: str = ""
    reason: str = ""
    revision: int = 1

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for either side."""
        return self.status in (RequestStatus.ASKED, RequestStatus.OFFERED)

    @property
    def place(self) -> Place:
        """Tell what rights about the request are asked for."""
        return Place(edition=self.edition, networks=(self.network,) if self.network else (), city=self.city)

    @property
    def other_side(self) -> Side:
        """Tell whose turn it is to answer the request."""
        return Side.EXPERT if self.side is Side.CITY else Side.CITY
