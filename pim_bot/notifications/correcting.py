"""Correcting and limiting what is kept of a person (RODO art. 16 and 18)."""

from datetime import datetime
from typing import Any, Protocol
from zoneinfo import available_timezones

from pim_bot.errors import Refused
from pim_bot.events.catalogue import CorrectionRequested, MemberCorrected, MemberRestricted, RestrictionLifted
from pim_bot.i18n import LANGUAGES
from pim_bot.notifications.direct import opening_for
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.words import clean_line

LONGEST_NAME = 120
LONGEST_EMAIL = 320


class PrivacyWork(NotificationWork, Protocol):
    """One transaction as a person's rights see it."""

    @property
    def privacy(self) -> Any: ...


async def correct(work: PrivacyWork, actor: Actor, who: str, *, name: str, email: str, now: datetime) -> None:
    """Correct a member's name or e-mail; what is empty stays. Raises ``NotFound`` and ``Refused``."""
    require(actor, Action.CORRECT_MEMBER, now=now)
    person = await work.privacy.person(who)
    said, address = _checked(name, email)
    if not person.is_member or not (said or address):
        raise Refused("Prosimy podać osobę programu i to, co poprawić: imię i nazwisko albo adres e-mail.")
    await work.hold(person.actor)
    values = {column: value for column, value in (("name", said), ("email", address)) if value}
    await work.privacy.correct(person.id, values)
    work.record(MemberCorrected(member_id=person.id), actor=actor, at=now)


async def choose(work: PrivacyWork, actor: Actor, *, language: str, zone: str, now: datetime) -> None:
    """Change one's own language and time zone, at once. Raises ``Refused``."""
    member = _oneself(actor, Action.CORRECT_OWN_DATA, now)
    if language not in LANGUAGES or zone not in available_timezones():
        raise Refused("Prosimy wybrać język i strefę czasową z listy.")
    if (language, zone) == (member.language, member.zone):
        return
    await work.hold(actor.id)
    await work.privacy.correct(member.id, {"language": language, "zone": zone})
    work.record(MemberCorrected(member_id=member.id), actor=actor, at=now)


async def ask_for_correction(
    work: PrivacyWork, actor: Actor, *, name: str, email: str, key: str, now: datetime
) -> bool:
    """Ask the coordinators to correct one's name or e-mail; tells whether anything differs. Raises ``Refused``."""
    member = _oneself(actor, Action.CORRECT_OWN_DATA, now)
    said, address = _checked(name, email)
    if (said or member.name, address or member.email) == (member.name, member.email):
        return False
    edition = await work.editions.in_force(now.date())
    coordinators = await work.people.coordinators(edition.slug, now.date()) if edition else []
    if not coordinators:
        raise Refused("Nie ma teraz osoby, która koordynuje program. Prosimy o kontakt z inspektorem ochrony danych.")
    recipients = await work.recipients.members([one.id for one in coordinators])
    facts = {"name": said or member.name, "email": address or member.email, "who": member.name, "id": member.id}
    intents = []
    for one in coordinators:
        not_before, why = opening_for(one, now)
        intents.append(
            Intent(
                kind=Kind.CORRECTION,
                recipient=recipients[one.id],
                subject=actor.id,
                occurrence=key,
                not_before=not_before,
                held_why=why,
                facts=facts,
            )
        )
    await work.hold(actor.id)
    await work.outbox.intend(intents)
    work.record(CorrectionRequested(member_id=member.id), actor=actor, at=now)
    return True


async def limit(work: PrivacyWork, actor: Actor, *, now: datetime) -> None:
    """Limit the use of one's own data: from now on it is kept, and nothing else; once more changes nothing."""
    member = _oneself(actor, Action.LIMIT_OWN_DATA, now)
    if member.is_restricted:
        return
    await work.hold(actor.id)
    await work.privacy.restrict(member.id, now)
    work.record(MemberRestricted(member_id=member.id), actor=actor, at=now)


async def lift_limit(work: PrivacyWork, actor: Actor, *, now: datetime) -> None:
    """End the limit; reminders and digests are planned again."""
    member = _oneself(actor, Action.LIMIT_OWN_DATA, now)
    if not member.is_restricted:
        return
    await work.hold(actor.id)
    await work.privacy.restrict(member.id, None)
    work.record(RestrictionLifted(member_id=member.id), actor=actor, at=now)


def _oneself(actor: Actor, action: Action, now: datetime) -> Member:
    assert actor.member is not None
    require(actor, action, now=now, owner=actor.member.id)
    return actor.member


def _checked(name: str, email: str) -> tuple[str, str]:
    """Clean what was typed. Raises ``Refused`` with fields."""
    said, address = clean_line(name), clean_line(email).lower()
    problems: dict[str, Refused] = {}
    if len(said) > LONGEST_NAME:
        problems["name"] = Refused("Prosimy skrócić: zmieści się najwyżej {most} znaków.", most=LONGEST_NAME)
    at, _, host = address.partition("@")
    if address and (not at or "." not in host or " " in address or len(address) > LONGEST_EMAIL):
        problems["email"] = Refused("To nie jest adres e-mail. Prosimy wpisać go w całości, na przykład imie@urzad.pl.")
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return said, address
