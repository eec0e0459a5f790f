"""The reaction that keeps calendars right: an activity's item is made anew when it changes, its feeds get newer."""

from pim_bot.calendar.entry import CalendarEntry, Days, Hours, Status
from pim_bot.calendar.item import item_of
from pim_bot.calendar.ports import CalendarWork
from pim_bot.events.catalogue import ActivityEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity, ActivityStatus, Form
from pim_bot.programme.card import ActivityCard, card_of


async def publish_activity(work: CalendarWork, recorded: RecordedEvent) -> None:
    """Make the item of an activity from its present state; an older event does nothing."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await work.activities.get(event.activity_id)
    if activity is None or activity.revision != event.revision:
        return
    await publish(work, activity)


async def publish(work: CalendarWork, activity: Activity) -> None:
    """Put an activity into the feeds as it is now.

    The calendars of networks are public, so what is between one city and its experts is not in them.
    """
    card = await card_of(work, activity)
    if card.kind.scope.is_of_one_city:
        return
    await work.feeds.put_item(activity.id, item_of(entry_of(card)), revision=activity.revision)
    await work.feeds.touch(activity.edition, activity.networks, at=activity.changed_at)


def entry_of(card: ActivityCard) -> CalendarEntry:
    """Tell what the public calendar of a network says of an activity: no names of people, no join link."""
    activity, words = card.activity, Words()
    country = "" if activity.country == "PL" else words.country(activity.country)
    return CalendarEntry(
        uid=activity.uid,
        sequence=activity.sequence,
        changed_at=activity.changed_at,
        title=activity.title,
        when=_when(activity),
        status=_status(activity),
        place=activity.place,
        country=country,
        description=_description(words, card),
        categories=(card.kind.name, *(network.name for network in card.networks)),
        moved_from=_moved_from(activity),
    )


def _when(activity: Activity) -> Hours | Days:
    if activity.all_day:
        return Days(activity.first_day, activity.last_day)
    return Hours(activity.starts_at, activity.ends_at, activity.zone)


def _moved_from(activity: Activity) -> Hours | Days | None:
    if activity.moved_from is None:
        return None
    ends = activity.moved_from + (activity.ends_at - activity.starts_at)
    if activity.all_day:
        length = activity.last_day - activity.first_day
        first = Hours(activity.moved_from, ends, activity.zone).first_day
        return Days(first, first + length)
    return Hours(activity.moved_from, ends, activity.zone)


def _status(activity: Activity) -> Status:
    if activity.status is ActivityStatus.CANCELLED:
        return Status.CANCELLED
    return Status.PROVISIONAL if activity.provisional else Status.CONFIRMED


def _description(words: Words, card: ActivityCard) -> str:
    activity = card.activity
    hosts = ", ".join(city.name for city in card.cities)
    lines = [
        f"{words.text('Rodzaj')}: {card.kind.name}",
        f"{words.text('Sieć')}: {', '.join(network.name for network in card.networks)}",
        f"{words.text('Miasto')}: {hosts}" if hosts else "",
        words.text("Online: link dostaną osoby zaproszone.") if activity.form != Form.ON_SITE else "",
        f"{words.text('Program')}:\n{activity.agenda}" if activity.agenda else "",
        activity.description,
        words.text("Powód: {reason}", reason=activity.reason) if activity.reason else "",
    ]
    return "\n".join(line for line in lines if line)
