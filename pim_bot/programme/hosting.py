"""Where an activity belongs: what rights about it are asked for, and who hosts it."""

from dataclasses import replace

from pim_bot.programme.activity import Activity
from pim_bot.programme.edition import ActivityKind, Scope
from pim_bot.programme.permissions import Place


def place_of(activity: Activity, kind: ActivityKind | None) -> Place:
    """Tell what rights about an activity are asked for; the city only where it is of one city."""
    scope = kind.scope if kind else None
    city = activity.cities[0] if scope and scope.is_of_one_city and activity.cities else ""
    return Place(edition=activity.edition, networks=activity.networks, city=city, scope=scope)


def hosted_place_of(activity: Activity, kind: ActivityKind | None) -> Place:
    """Tell the same, where those who host it have a right, too; a city that is advised hosts nobody."""
    place = place_of(activity, kind)
    return replace(place, hosts=() if place.scope is Scope.ONE_CITY else activity.cities)
