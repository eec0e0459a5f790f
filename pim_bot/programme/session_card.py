"""A session with the names that people know, for one reader: which part of it they may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pim_bot.programme import ports
from pim_bot.programme.advising import may_read
from pim_bot.programme.people import Actor
from pim_bot.programme.session import AdvisorySession


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionCard:
    """A session with the names of its cities, of its experts and of the parts of a MID.

    ``readable`` are the cities whose words the reader may read.
    """

    session: AdvisorySession
    cities: Mapping[str, str]
    experts: Sequence[str]
    parts: Mapping[str, str]
    readable: frozenset[str] = frozenset()


async def session_cards(
    work: ports.ProgrammeWork, sessions: Sequence[AdvisorySession], reader: Actor, now: datetime
) -> list[SessionCard]:
    """Read the cards of sessions, in their order, with as many statements as one card takes."""
    people = await work.people.many(sorted({one for session in sessions for one in session.experts}))
    names = {one.id: one.name for one in people}
    day = reader.member.day_of(now) if reader.member else now.date()
    cards: dict[str, SessionCard] = {}
    for edition in dict.fromkeys(session.edition for session in sessions):
        cities = {city.slug: city.name for city in await work.editions.cities(edition)}
        parts = {part.slug: part.name for part in await work.editions.parts(edition) if part.document == "MID"}
        for session in sessions:
            if session.edition == edition:
                cards[session.id] = SessionCard(
                    session=session,
                    cities=cities,
                    experts=[names[one] for one in session.experts if one in names],
                    parts=parts,
                    readable=frozenset(one.city for one in session.cities if may_read(reader, session, one, day)),
                )
    return [cards[session.id] for session in sessions]
