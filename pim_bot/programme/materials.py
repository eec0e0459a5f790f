"""Materials of activities: brought by the people of its networks, found by the words of title, place and city."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pim_bot.clock import new_id
from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import MaterialAdded, MaterialRemoved
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.card import ActivityCard, card_of, cards_of
from pim_bot.programme.material import Material
from pim_bot.programme.names import folded, stems
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, can, require
from pim_bot.programme.scheduling import is_web_address
from pim_bot.programme.words import clean_line

LONGEST_TITLE = 150
LONGEST_LINK = 1000
MOST_OF_ACTIVITY = 50
SHORTEST = 3
LEADING = frozenset(
    {
        *("z", "ze", "w", "we", "na", "o", "od", "do", "dla", "i", "gdzie", "sa", "jest", "wyslij", "pokaz"),
        *("materialy", "material", "materialow", "prezentacja", "prezentacje", "prezentacji", "slajdy", "nagranie"),
        *("from", "the", "of", "for", "in", "send", "show", "where"),
        *("slides", "presentation", "materials", "recording"),
    }
)
"""Words that only lead to what is looked for: „Wyślij prezentację z Poznania”."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An activity with those of its materials that are asked for; ``own`` are what the reader may take away."""

    activity: Activity
    materials: Sequence[Material]
    own: frozenset[str] = frozenset()


async def open_activity(work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime) -> ActivityCard:
    """Read an activity to which the actor may add a material. Raises ``NotFound``, ``NotAllowed`` and ``Refused``."""
    activity = await work.activities.get(activity_id)
    if activity is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    card = await card_of(work, activity)
    place = card.hosted_place
    require(
        actor,
        Action.ADD_MATERIAL,
        now=now,
        edition=place.edition,
        networks=place.networks,
        city=place.city,
        scope=place.scope,
        hosts=place.hosts,
    )
    if activity.status is ActivityStatus.CANCELLED:
        raise Refused("To wydarzenie jest już odwołane. Aktualną listę pokaże polecenie /pim terminy.")
    return card


async def add_material(
    work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, title: str, link: str, now: datetime
) -> Material:
    """Keep the title and the address of something that belongs to an activity; the same address again is the same.

    Raises what ``open_activity`` does, and ``Refused`` whose ``fields`` names every field to be corrected.
    """
    await work.hold(f"activity:{activity_id}", changes=False)
    await open_activity(work, actor, activity_id, now=now)
    title, link = clean_line(title), clean_line(link)
    known = await work.materials.of(activity_id)
    if same := next((one for one in known if one.link == link), None):
        return same
    problems = _problems(title, link)
    if not problems and len(known) >= MOST_OF_ACTIVITY:
        problems["title"] = Refused("To wydarzenie ma już {most} materiałów.", most=MOST_OF_ACTIVITY)
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    by = actor.member.id if actor.member else ""
    material = Material(id=new_id(), activity_id=activity_id, title=title, link=link, added_by=by, added_at=now)
    await work.materials.add(material)
    work.record(MaterialAdded(material_id=material.id, activity_id=activity_id), actor=actor, at=now)
    return material


def _problems(title: str, link: str) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if not title:
        problems["title"] = Refused("Prosimy wpisać tytuł.")
    for name, text, most in (("title", title, LONGEST_TITLE), ("link", link, LONGEST_LINK)):
        if len(text) > most:
            problems[name] = Refused(
                "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
                length=len(text),
                most=most,
            )
    if not is_web_address(link):
        problems["link"] = Refused("Prosimy wkleić adres, który zaczyna się od https://")
    return problems


async def remove_material(work: ports.ProgrammeWork, actor: Actor, material_id: str, *, now: datetime) -> None:
    """Take a material away; one that is gone already stays gone. Raises ``NotAllowed``."""
    await work.hold(f"material:{material_id}")
    material = await work.materials.get(material_id)
    if material is None:
        return
    activity = await work.activities.get(material.activity_id)
    require(
        actor,
        Action.REMOVE_MATERIAL,
        now=now,
        edition=activity.edition if activity else "",
        networks=activity.networks if activity else (),
        owner=material.added_by or "nobody",
    )
    await work.materials.remove(material_id)
    work.record(MaterialRemoved(material_id=material_id, activity_id=material.activity_id), actor=actor, at=now)


async def find_materials(
    work: ports.ProgrammeWork, actor: Actor, edition: str, typed: str, *, now: datetime
) -> list[Found]:
    """Tell the materials that some words name, of the latest activity first; without words, all that may be seen."""
    day = actor.member.day_of(now) if actor.member else now.date()
    by_activity: dict[str, list[Material]] = {}
    for one in await work.materials.of_edition(edition):
        by_activity.setdefault(one.activity_id, []).append(one)
    activities = await work.activities.many(by_activity)
    latest_first = sorted(activities.values(), key=lambda one: (one.starts_at, one.id), reverse=True)
    wanted = [word for word in folded(typed).split() if word not in LEADING]
    found = []
    for card in await cards_of(work, latest_first):
        if can(actor, Action.SEE_ACTIVITY, card.place, day=day):
            of_activity = _called(card)
            meant = [
                one
                for one in by_activity[card.activity.id]
                if all(_is_named(word, of_activity | stems(one.title)) for word in wanted)
            ]
            if meant:
                found.append(Found(activity=card.activity, materials=meant, own=_own(actor, card, meant, now)))
    return found


def _called(card: ActivityCard) -> frozenset[str]:
    """Tell by which words an activity is known."""
    names = [card.activity.title, card.activity.place, card.kind.name, *(one.name for one in card.networks)]
    names += [name for one in card.cities for name in (one.name, one.genitive, one.locative)]
    return frozenset(word for name in names for word in stems(name))


def _is_named(word: str, known: frozenset[str]) -> bool:
    """Tell whether a word as typed is one of these, in whatever case of Polish grammar."""
    mine = stems(word)
    return any(
        one == other or (min(len(one), len(other)) > SHORTEST and (one.startswith(other) or other.startswith(one)))
        for one in mine
        for other in known
    )


def _own(actor: Actor, card: ActivityCard, materials: Sequence[Material], now: datetime) -> frozenset[str]:
    day = actor.member.day_of(now) if actor.member else now.date()
    return frozenset(
        one.id
        for one in materials
        if can(actor, Action.REMOVE_MATERIAL, replace(card.place, owner=one.added_by or "nobody"), day=day)
    )
