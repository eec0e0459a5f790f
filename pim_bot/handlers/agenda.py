"""What a person asks first: what waits for me, what comes, which commands there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from pim_bot.blocks import lists
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.blocks.waiting import waiting as waiting_message
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command
from pim_bot.notifications.waiting import waiting_for
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.edition import Network
from pim_bot.programme.names import city_names, network_names
from pim_bot.programme.permissions import Action, can, needs, rights_of

AHEAD = timedelta(days=365)
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
        "temat",
        "ogłoszenie",
        "materiały",
        "doręczenia",
        "szukaj",
        "wizytówka",
        "urlop",
        "pytania",
        "eksperci",
        "zespół",
        "ocena",
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
        "topic",
        "announce",
        "materials",
        "deliveries",
        "questions",
        "experts",
        "search",
        "card",
        "absence",
        "team",
        "feedback",
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
            waits = await waiting_for(visit.work, visit.member, visit.now, shown=SHOWN)
            return waiting_message(visit.words, waits, await rights_in(visit))

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
            return lists.help_text(visit.words, await rights_in(visit))

    @needs(Action.SEE_PROGRAMME)
    async def unknown(self, command: Command) -> Message:
        """Answer a word that is no command with the nearest one."""
        async with self.door.look(command) as visit:
            near = get_close_matches(command.word[:40], COMMAND_WORDS[visit.words.language], n=1, cutoff=0.5)
            return lists.unknown_command(
                visit.words,
                command.word,
                nearest=next(iter(near), ""),
                rights=await rights_in(visit),
            )


async def rights_in(visit: Visit) -> frozenset[Action]:
    """Tell what of the commands that not everybody has the person may use."""
    return rights_of(visit.member, (await visit.edition()).slug, visit.member.day_of(visit.now))


def _may(visit: Visit, action: Action, card: ActivityCard) -> bool:
    return can(visit.actor, action, card.place, day=visit.member.day_of(visit.now))


def _concerns(card: ActivityCard, city: str | None) -> bool:
    """Tell whether an activity belongs into a city's list: another city's session does not."""
    return city is None or not card.kind.scope.is_of_one_city or city in card.activity.cities
