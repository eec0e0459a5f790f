"""What a person asks first: what waits for me, what comes, which commands there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from pim_bot.blocks import lists
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.handlers.contributions import waiting_for
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command
from pim_bot.programme.activity import Activity
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.edition import Network, Scope
from pim_bot.programme.names import city_names, network_names
from pim_bot.programme.permissions import Action, Place, can, needs

AHEAD = timedelta(days=365)
ASKED_AHEAD = timedelta(days=30)
SHOWN = 3
COMMAND_WORDS = {
    "pl": (
        "terminy",
        "plan",
        "wydarzenie",
        "działanie",
        "kto",
        "obecność",
        "przypisz",
        "doradztwo",
        "umów",
        "ustalenia",
        "dodaj",
        "mid",
        "pu",
        "doręczenia",
        "pytania",
        "eksperci",
        "zespół",
        "moje",
        "ustawienia",
        "pomoc",
    ),
    "en": (
        "agenda",
        "plan",
        "activity",
        "who",
        "presence",
        "assign",
        "session",
        "arrange",
        "agreements",
        "contribute",
        "mid",
        "pu",
        "deliveries",
        "questions",
        "experts",
        "team",
        "my",
        "settings",
        "help",
    ),
}
"""What may have been meant by a word that is no command, in the person's language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaHandlers:
    """``/pim``, ``/pim terminy``, ``/pim pomoc``. ``public_url`` is where calendars can be fetched."""

    door: Door
    screens: Screens
    public_url: str

    @needs(Action.SEE_PROGRAMME)
    async def waiting(self, command: Command) -> Message:
        """``/pim``: what waits for this person."""
        async with self.door.look(command) as visit:
            day = visit.member.day_of(visit.now)
            invited = await visit.work.attendances.of_invitees(visit.member.invitees(day), visit.now)
            open_ones = [pair for pair in invited if pair[0].is_open and pair[0].starts_at > visit.now]
            asked = [one for activity, one in open_ones if one.answer is None and _is_near(activity, visit.now)]
            owed = await cards_of(visit.work, [activity for activity, one in open_ones if one in asked])
            coming = await cards_of(visit.work, [activity for activity, one in open_ones if one not in asked][:SHOWN])
            return lists.waiting(
                visit.words,
                visit.member,
                owed=owed,
                assignments=await _proposed(visit),
                coming=coming,
                plans=await may_plan(visit),
                assigns=await may_assign(visit),
                undecided=len(await waiting_for(visit)),
            )

    @needs(Action.SEE_PROGRAMME)
    async def agenda(self, command: Command) -> Message:
        """``/pim terminy [name]``: what comes, in all networks, in one, or for one city."""
        async with self.door.look(command) as visit:
            return await self._agenda(visit, command.rest)

    @needs(Action.SEE_PROGRAMME)
    async def show_agenda(self, click: Click) -> None:
        """Show the agenda on a screen of its own."""
        async with self.door.look(click) as visit:
            message = await self._agenda(visit, "")
            view = done_view(visit.words, visit.words.text("Terminy"), message.text)
        await self.screens.open(click.trigger_id, view | {"blocks": list(message.blocks)})

    async def _agenda(self, visit: Visit, typed: str) -> Message:
        edition = await visit.edition()
        networks = await visit.work.editions.networks(edition.slug)
        cities = await visit.work.editions.cities(edition.slug)
        network = network_names(networks).find(typed) if typed else None
        city = city_names(cities).find(typed) if typed and network is None else None
        names = {one.slug: one.name for one in networks} | {one.slug: one.name for one in cities}
        if typed and network is None and city is None:
            near = [*city_names(cities).nearest(typed), *network_names(networks).nearest(typed, 1)]
            return lists.nothing_found(visit.words, typed, [names[slug] for slug in near])
        until = visit.now + AHEAD
        activities = await visit.work.activities.between(
            edition.slug, visit.now, until, networks=[network] if network else None
        )
        if city is not None:
            mine = await visit.work.editions.city_networks(edition.slug, city, visit.member.day_of(visit.now))
            networks = [one for one in networks if one.slug in mine]
            activities = [one for one in activities if city in one.cities or set(mine) & set(one.networks)]
        cards = await cards_of(visit.work, [activity for activity in activities if activity.is_open])
        cards = [card for card in cards if _concerns(card, city) and _may(visit, Action.SEE_ACTIVITY, card)]
        name = names.get(network or city or "", "")
        return lists.agenda(
            visit.words,
            cards,
            filtered_by=name,
            feeds=self._feeds([one for one in networks if network in (None, one.slug)]),
            plannable=frozenset(card.activity.id for card in cards if _may(visit, Action.MOVE_ACTIVITY, card)),
        )

    def _feeds(self, networks: Sequence[Network]) -> list[tuple[str, str]]:
        return [(network.name, f"{self.public_url}/ical/siec/{network.slug}.ics") for network in networks]

    @needs(Action.SEE_PROGRAMME)
    async def help(self, command: Command) -> Message:
        """``/pim pomoc``: which commands there are."""
        async with self.door.look(command) as visit:
            return lists.help_text(
                visit.words,
                plans=await may_plan(visit),
                assigns=await may_assign(visit),
                sessions=await session_rights(visit),
            )

    @needs(Action.SEE_PROGRAMME)
    async def unknown(self, command: Command) -> Message:
        """Answer a word that is no command with the nearest one."""
        async with self.door.look(command) as visit:
            near = get_close_matches(command.word[:40], COMMAND_WORDS[visit.words.language], n=1, cutoff=0.5)
            return lists.unknown_command(
                visit.words,
                command.word,
                nearest=next(iter(near), ""),
                plans=await may_plan(visit),
                assigns=await may_assign(visit),
                sessions=await session_rights(visit),
            )


async def session_rights(visit: Visit) -> frozenset[Action]:
    """Tell whether the person logs advisory sessions, or may at least know of some."""
    edition, day = await visit.edition(), visit.member.day_of(visit.now)
    places = [
        Place(edition=edition.slug, networks=(role.network,) if role.network else (), city=role.city or "any")
        for role in visit.member.roles
    ]
    asked = (Action.LOG_SESSION, Action.SEE_SESSION, Action.ARRANGE_SESSION)
    return frozenset(action for action in asked if any(can(visit.actor, action, place, day=day) for place in places))


async def may_plan(visit: Visit) -> bool:
    """Tell whether the person plans activities in any network, or meetings of their own city."""
    edition, day = await visit.edition(), visit.member.day_of(visit.now)
    roles = visit.member.roles
    places = [Place(edition=edition.slug, networks=(role.network,)) for role in roles if role.network]
    places += [Place(edition=edition.slug, city=role.city, scope=Scope.LOCAL) for role in roles if role.city]
    places.append(Place(edition=edition.slug))
    return any(can(visit.actor, Action.SCHEDULE_ACTIVITY, place, day=day) for place in places)


async def may_assign(visit: Visit) -> bool:
    """Tell whether the person assigns experts."""
    place = Place(edition=(await visit.edition()).slug)
    return can(visit.actor, Action.ASSIGN_EXPERT, place, day=visit.member.day_of(visit.now))


def _may(visit: Visit, action: Action, card: ActivityCard) -> bool:
    return can(visit.actor, action, card.place, day=visit.member.day_of(visit.now))


def _concerns(card: ActivityCard, city: str | None) -> bool:
    """Tell whether an activity belongs into a city's list: another city's session does not."""
    return city is None or not card.kind.scope.is_of_one_city or city in card.activity.cities


def _is_near(activity: Activity, now: datetime) -> bool:
    """Tell whether an answer is worth asking for now: its date, or the activity itself, is not far off."""
    return (activity.answer_by or activity.starts_at) < now + ASKED_AHEAD


async def _proposed(visit: Visit) -> list[tuple[ExpertAssignment, str]]:
    """Tell the assignments that wait for this person's answer, each with the name of its place."""
    edition = await visit.edition()
    names = {one.slug: one.name for one in await visit.work.editions.networks(edition.slug)}
    names |= {one.slug: one.name for one in await visit.work.editions.cities(edition.slug)}
    return [
        (one, names.get(one.city or one.network, ""))
        for one in await visit.work.assignments.of_edition(edition.slug)
        if one.member_id == visit.member.id and one.status is AssignmentStatus.PROPOSED
    ]
