"""An activity with everything a message, a list or a calendar says of it, read in one go from the present state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, Attendance, AttendanceCount, count_attendance
from pim_bot.programme.edition import ActivityKind, City, Network
from pim_bot.programme.hosting import hosted_place_of, place_of
from pim_bot.programme.names import folded
from pim_bot.programme.people import team_of
from pim_bot.programme.permissions import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityCard:
    """An activity, its kind, the networks and cities it names, and the answers so far."""

    activity: Activity
    kind: ActivityKind
    networks: tuple[Network, ...]
    cities: tuple[City, ...]
    attendances: tuple[Attendance, ...]
    count: AttendanceCount
    city_names: dict[str, str]
    teams_owing: tuple[str, ...]

    @property
    def place(self) -> Place:
        """What rights about this activity are asked for."""
        return place_of(self.activity, self.kind)

    @property
    def hosted_place(self) -> Place:
        """What rights of those who host it are asked for, too; a city that is advised hosts nobody."""
        return hosted_place_of(self.activity, self.kind)

    def is_over(self, now: datetime) -> bool:
        """Tell whether nothing can be answered any more."""
        return not self.activity.is_open or self.activity.starts_at <= now


async def card_of(work: ports.ProgrammeWork, activity: Activity) -> ActivityCard:
    """Read the card of an activity."""
    return (await cards_of(work, [activity]))[0]


async def cards_of(work: ports.ProgrammeWork, activities: Sequence[Activity]) -> list[ActivityCard]:
    """Read the cards of activities, in their order, with as many statements as one card takes."""
    attendances = await work.attendances.of_many([activity.id for activity in activities])
    cards: dict[str, ActivityCard] = {}
    for edition in dict.fromkeys(activity.edition for activity in activities):
        kinds = {kind.slug: kind for kind in await work.editions.kinds(edition)}
        networks = {network.slug: network for network in await work.editions.networks(edition)}
        cities = {city.slug: city for city in await work.editions.cities(edition)}
        for activity in activities:
            if activity.edition == edition:
                invited = attendances[activity.id]
                cards[activity.id] = _card(activity, kinds, networks, cities, invited)
    return [cards[activity.id] for activity in activities]


def _card(
    activity: Activity,
    kinds: Mapping[str, ActivityKind],
    networks: Mapping[str, Network],
    cities: Mapping[str, City],
    attendances: Sequence[Attendance],
) -> ActivityCard:
    owing = [team_of(one.invitee) for one in attendances if one.answer is None]
    names = {slug: city.name for slug, city in cities.items()}
    return ActivityCard(
        activity=activity,
        kind=kinds.get(activity.kind) or ActivityKind(slug=activity.kind, name=activity.kind),
        networks=tuple(networks[slug] for slug in activity.networks if slug in networks),
        cities=tuple(cities[slug] for slug in activity.cities if slug in cities),
        attendances=tuple(attendances),
        count=count_attendance(attendances),
        city_names=names,
        teams_owing=tuple(sorted((names[team[1]] for team in owing if team and team[1] in names), key=folded)),
    )
