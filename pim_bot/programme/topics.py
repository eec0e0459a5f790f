"""Choosing topics together: opened by whoever plans the activity, proposed and backed by cities, merged, settled.

Every act holds the round, so that two people of one team never count twice and no voice is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pim_bot.errors import NotAllowed, NotFound, Refused, StaleForm
from pim_bot.events.catalogue import TopicsBacked, TopicsMerged, TopicsOpened, TopicsSettled
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity
from pim_bot.programme.card import cards_of
from pim_bot.programme.names import folded
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, Place, can, require
from pim_bot.programme.scheduling import change_activity, details_now, planned_by
from pim_bot.programme.topic import ProposedTopic, TopicRound, TopicSort, TopicsStatus
from pim_bot.programme.words import clean_line

LONGEST_TOPIC = 150
MOST_TOPICS = 40
MOST_OF_CITY = 5
AHEAD = timedelta(days=365)


@dataclass(frozen=True, kw_only=True, slots=True)
class Voices:
    """What a city says: topics it backs from now on, topics it no longer backs, and perhaps one of its own."""

    backs: frozenset[int] = frozenset()
    drops: frozenset[int] = frozenset()
    proposes: str = ""
    sort: TopicSort = TopicSort.TOPIC


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicsAhead:
    """Where topics of coming activities are collected, and where they could be by whoever asks.

    ``led`` are the activities whose topics that person leads, ``spoken`` those in which their city speaks; ``names``
    are those of cities.
    """

    rounds: tuple[tuple[Activity, TopicRound], ...]
    led: frozenset[str]
    spoken: frozenset[str]
    without: tuple[Activity, ...]
    names: Mapping[str, str]


async def topics_ahead(work: ports.ProgrammeWork, actor: Actor, edition: str, *, now: datetime) -> TopicsAhead:
    """Tell it of the coming activities of whole networks that the person may see."""
    require(actor, Action.SEE_PROGRAMME, now=now)
    assert actor.member is not None
    day = actor.member.day_of(now)
    activities = await work.activities.between(edition, now, now + AHEAD)
    cards = await cards_of(work, [one for one in activities if one.is_open])
    shown = [one for one in cards if can(actor, Action.SEE_ACTIVITY, one.place, day=day)]
    coming = [one.activity for one in shown if not one.kind.scope.is_of_one_city]
    known = await work.topics.many([one.id for one in coming])
    led = frozenset(one.id for one in coming if can(actor, Action.LEAD_TOPICS, _place_of(one), day=day))
    return TopicsAhead(
        rounds=tuple((one, known[one.id]) for one in coming if one.id in known),
        led=led,
        spoken=frozenset(one.id for one in coming if city_speaking(actor.member, one, day)),
        without=tuple(one for one in coming if one.id in led and one.id not in known),
        names={city.slug: city.name for city in await work.editions.cities(edition)},
    )


def _place_of(activity: Activity) -> Place:
    return Place(edition=activity.edition, networks=activity.networks)


def city_speaking(member: Member, activity: Activity, day: date) -> str:
    """Tell for which city of the activity's networks a member speaks; "" for none."""
    roles = member.in_edition(activity.edition).roles
    mine = [one for one in roles if one.name is RoleName.OFFICIAL and one.holds_on(day)]
    return next((one.city for one in mine if one.network in activity.networks), "")


async def open_topics(
    work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, until: datetime | None, now: datetime
) -> TopicRound:
    """Collect topics for an activity until a moment; done again it moves the moment, and opens anew what is settled.

    Raises what ``planned_by`` does, and ``Refused`` with fields.
    """
    await work.hold(f"topics:{activity_id}")
    activity = await planned_by(work, actor, activity_id, Action.LEAD_TOPICS, now=now)
    kind = await work.editions.kind(activity.edition, activity.kind)
    if kind is None or kind.scope.is_of_one_city:
        raise Refused("Tematy zbieramy na wydarzenia całych sieci. To wydarzenie dotyczy jednego miasta.")
    if until is None or not now < until <= activity.ends_at:
        problem = Refused("Prosimy wybrać chwilę, która jeszcze nie minęła, nie późniejszą niż koniec wydarzenia.")
        raise Refused("Formularz wymaga poprawek.", fields={"until": problem})
    known = await work.topics.get(activity_id)
    if known is None:
        found = TopicRound(activity_id=activity_id, until=until, opened_by=actor.id, opened_at=now)
        await work.topics.add(found)
    else:
        found = replace(known, until=until, status=TopicsStatus.OPEN, revision=known.revision + 1)
        if replace(found, revision=known.revision) == known:
            return known
        await work.topics.save(found)
    work.record(TopicsOpened(activity_id=activity_id, revision=found.revision), actor=actor, at=now)
    return found


async def topics_of(work: ports.ProgrammeWork, activity_id: str) -> tuple[TopicRound, Activity]:
    """Read a round and its activity. Raises ``NotFound`` when no topics are collected for it."""
    activity = await work.activities.get(activity_id)
    found = await work.topics.get(activity_id)
    if activity is None or found is None:
        raise NotFound("Na to wydarzenie nie zbieramy tematów. Aktualny stan pokaże polecenie /pim temat.")
    return found, activity


async def speaking_round(
    work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime
) -> tuple[TopicRound, Activity, str]:
    """Read a round in which the actor's city may speak now, and the city.

    Raises ``NotFound``, ``NotAllowed``, and ``Refused`` when the collecting has ended.
    """
    found, activity = await topics_of(work, activity_id)
    day = actor.member.day_of(now) if actor.member else now.date()
    city = city_speaking(actor.member, activity, day) if actor.member else ""
    if not city:
        raise NotAllowed("Tematy zgłaszają i popierają zespoły miast z sieci tego wydarzenia.")
    require(actor, Action.BACK_TOPICS, now=now, edition=activity.edition, networks=activity.networks, city=city)
    if not activity.is_open or activity.ends_at <= now or not found.is_open(now):
        raise Refused("Zbieranie tematów na to wydarzenie już się zakończyło. Wynik pokaże polecenie /pim temat.")
    return found, activity, city


async def give_voices(
    work: ports.ProgrammeWork, actor: Actor, activity_id: str, voices: Voices, *, now: datetime
) -> TopicRound:
    """Say what the actor's city backs and proposes; the same again changes nothing.

    A proposal that is there already, in whatever spelling, is backed instead. Raises what ``speaking_round`` does, and
    ``Refused`` with fields.
    """
    await work.hold(f"topics:{activity_id}")
    before, _, city = await speaking_round(work, actor, activity_id, now=now)
    after = before
    for number in sorted(voices.backs):
        after = after.with_voice(number, city)
    for number in sorted(voices.drops - voices.backs):
        after = after.without_voice(number, city)
    after = _with_proposal(after, actor, city, voices)
    if after == before:
        return before
    after = replace(after, revision=before.revision + 1)
    await work.topics.save(after)
    work.record(TopicsBacked(activity_id=activity_id, revision=after.revision), actor=actor, at=now)
    return after


def _with_proposal(found: TopicRound, actor: Actor, city: str, voices: Voices) -> TopicRound:
    text = clean_line(voices.proposes)
    if not text:
        return found
    same = next((one for one in found.topics if folded(one.text) == folded(text)), None)
    if same is not None:
        return found.with_voice(same.merged_into or same.number, city)
    if problem := _proposal_problem(found, city, text):
        raise Refused("Formularz wymaga poprawek.", fields={"proposal": problem})
    topic = ProposedTopic(
        number=len(found.topics) + 1,
        text=text,
        sort=voices.sort,
        city=city,
        proposed_by=actor.member.id if actor.member else "",
        cities=(city,),
    )
    return replace(found, topics=(*found.topics, topic))


def _proposal_problem(found: TopicRound, city: str, text: str) -> Refused | None:
    if len(text) > LONGEST_TOPIC:
        return Refused(
            "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
            length=len(text),
            most=LONGEST_TOPIC,
        )
    if sum(one.city == city for one in found.topics) >= MOST_OF_CITY:
        return Refused("Jedno miasto zgłasza najwyżej {most} tematów. Można jeszcze poprzeć inne.", most=MOST_OF_CITY)
    if len(found.topics) >= MOST_TOPICS:
        return Refused(
            "Tematów jest już {most}, więcej się nie zmieści. Prosimy poprzeć jeden z nich.", most=MOST_TOPICS
        )
    return None


async def led_round(
    work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime
) -> tuple[TopicRound, Activity]:
    """Read a round for whoever plans its activity. Raises what ``planned_by`` does, and ``NotFound``."""
    await planned_by(work, actor, activity_id, Action.LEAD_TOPICS, now=now)
    return await topics_of(work, activity_id)


async def merge_topics(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    numbers: Sequence[int],
    *,
    text: str = "",
    apart: Sequence[int] = (),
    now: datetime,
) -> TopicRound:
    """Make one of several topics, perhaps in other words; every voice stays and counts once for its city.

    ``apart`` are topics that were merged and stand by themselves again. Raises what ``led_round`` does, and ``Refused``
    with fields.
    """
    await work.hold(f"topics:{activity_id}")
    before, _ = await led_round(work, actor, activity_id, now=now)
    text = clean_line(text)
    chosen = sorted({one.topic.number for one in before.standings()} & set(numbers))
    problems: dict[str, Refused] = {}
    if len(chosen) == 1 or (not chosen and not apart):
        problems["together"] = Refused("Prosimy wybrać przynajmniej dwa tematy.")
    if len(text) > LONGEST_TOPIC:
        problems["text"] = Refused(
            "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
            length=len(text),
            most=LONGEST_TOPIC,
        )
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    after = replace(before, topics=tuple(_merged(one, chosen, text, apart) for one in before.topics))
    if after == before:
        return before
    after = replace(after, revision=before.revision + 1)
    await work.topics.save(after)
    work.record(TopicsMerged(activity_id=activity_id, revision=after.revision), actor=actor, at=now)
    return after


def _merged(one: ProposedTopic, chosen: Sequence[int], text: str, apart: Sequence[int]) -> ProposedTopic:
    if one.number in apart:
        return replace(one, merged_into=0)
    if chosen and one.number == chosen[0]:
        return replace(one, text=text or one.text)
    if one.number in chosen or one.merged_into in chosen:
        return replace(one, merged_into=chosen[0])
    return one


async def settle_topics(
    work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, agenda: str, seen_revision: int, now: datetime
) -> Activity:
    """End the collecting and make its result the activity's agenda, so that every copy of the announcement shows it.

    Raises what ``change_activity`` does, and ``StaleForm`` when topics changed since ``seen_revision``.
    """
    await work.hold(f"topics:{activity_id}")
    before, activity = await led_round(work, actor, activity_id, now=now)
    if before.revision != seen_revision:
        raise StaleForm("Tematy zmieniły się od otwarcia formularza. Poniżej są aktualne; prosimy je sprawdzić.")
    changed = await change_activity(work, actor, activity_id, details_now(activity, agenda=agenda), now=now)
    if before.status is TopicsStatus.OPEN:
        after = replace(before, status=TopicsStatus.SETTLED, revision=before.revision + 1)
        await work.topics.save(after)
        work.record(TopicsSettled(activity_id=activity_id, revision=after.revision), actor=actor, at=now)
    return changed
