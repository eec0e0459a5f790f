"""Reading a question with the names of the programme as they are now."""

from datetime import datetime

from pim_bot.programme import ports
from pim_bot.programme.edition import City
from pim_bot.programme.names import city_names, network_names
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.questions.counting import count_question
from pim_bot.programme.questions.question import Meaning, Question
from pim_bot.programme.questions.understanding import Unclear, Vocabulary, understand


async def read_question(work: ports.ProgrammeWork, actor: Actor, text: str, *, now: datetime) -> Question | Unclear:
    """Tell what somebody asks for, and count it. Raises ``NotAllowed`` where they may not ask for it.

    Everybody may ask what is kept of them; everything else is for people who have a role in the programme.
    """
    assert actor.member is not None
    day = actor.member.day_of(now)
    understood = understand(text, await vocabulary_of(work, actor, now=now), today=day)
    if not (isinstance(understood, Question) and understood.meaning is Meaning.MY_DATA):
        require(actor, Action.SEE_PROGRAMME, now=now)
    await count_question(work, understood, day)
    return understood


async def vocabulary_of(work: ports.ProgrammeWork, actor: Actor, *, now: datetime) -> Vocabulary:
    """Gather the names that a question may bear."""
    assert actor.member is not None
    edition = await work.editions.in_force(actor.member.day_of(now))
    slug = edition.slug if edition else ""
    cities: dict[str, City] = {}
    for one in [*(known.slug for known in await work.editions.known() if known.slug != slug), slug]:
        cities |= {city.slug: city for city in await work.editions.cities(one)}
    return Vocabulary(
        cities=city_names(cities.values()),
        networks=network_names(await work.editions.networks(slug)),
        parts=await work.editions.parts(slug),
    )
