"""Choosing how one is told: a person's own act, which holds at once."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import available_timezones

from pim_bot.errors import Refused
from pim_bot.events.catalogue import PreferencesChanged
from pim_bot.i18n import LANGUAGES
from pim_bot.programme import ports
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.preferences import Preferences

LONGEST_LEAD = 60 * 24 * 60
MOST_RUNGS = 6
WORKING_DAYS = range(5)
LEAST_OPEN = 60


async def change_preferences(
    work: ports.ProgrammeWork, actor: Actor, *, language: str, zone: str, preferences: Preferences, now: datetime
) -> Member:
    """Keep what a person chose; the same once more changes nothing. Raises ``Refused`` with fields."""
    assert actor.member is not None
    member = actor.member
    require(actor, Action.SET_PREFERENCES, now=now, owner=member.id)
    if problems := _problems(language, zone, preferences):
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    ladder = tuple(sorted(set(preferences.ladder), reverse=True))
    chosen = replace(member, language=language, zone=zone, preferences=replace(preferences, ladder=ladder))
    if chosen == member:
        return member
    await work.hold(actor.id)
    await work.people.prefer(chosen)
    work.record(PreferencesChanged(member_id=member.id), actor=actor, at=now)
    return chosen


def _problems(language: str, zone: str, preferences: Preferences) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if language not in LANGUAGES:
        problems["language"] = Refused("Prosimy wybrać język z listy.")
    if zone not in available_timezones():
        problems["zone"] = Refused("Prosimy wybrać strefę czasową z listy.")
    opens, closes = (one.hour * 60 + one.minute for one in (preferences.opens, preferences.closes))
    if closes - opens < LEAST_OPEN:
        problems["closes"] = Refused(
            "Koniec musi być co najmniej godzinę po początku. Prosimy poprawić jedną z godzin."
        )
    if len(set(preferences.ladder)) > MOST_RUNGS:
        problems["ladder"] = Refused("Prosimy wybrać najwyżej {most} przypomnień.", most=MOST_RUNGS)
    if any(not 0 < lead <= LONGEST_LEAD for lead in preferences.ladder):
        problems["ladder"] = Refused("Prosimy wybrać przypomnienia z listy.")
    if preferences.digest_day not in WORKING_DAYS:
        problems["digest_day"] = Refused("Prosimy wybrać dzień roboczy.")
    return problems
