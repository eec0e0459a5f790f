"""Taking a programme file over: what differs from the present is written, in one transaction, with its events."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from pim_bot.clock import instant_of
from pim_bot.events.catalogue import ActivityMoved, EditionChanged, MemberJoined
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityDraft
from pim_bot.programme.comparison import Change, What, differences
from pim_bot.programme.edition import Certainty, Edition, Network, Person, ProgrammeActivity
from pim_bot.programme.keys import guardianship_key, membership_key, role_key
from pim_bot.programme.people import Actor
from pim_bot.programme.periods import merged
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.scheduling import schedule_activity

ENDS_BY_DEFAULT = timedelta(hours=2)


class ProgrammeStore(Protocol):
    """Editions as files tell them."""

    async def load(self, slug: str) -> Edition | None: ...

    async def keep(self, edition: Edition) -> None: ...

    async def keep_person(self, edition: Edition, person: Person) -> tuple[str, int]: ...

    async def place_officials(self, edition: str) -> None: ...

    async def keep_activity(self, edition: str, told: ProgrammeActivity, activity_id: str) -> None: ...

    async def activity_id(self, edition: str, slug: str) -> str: ...


class Forgotten(Protocol):
    """Who asked to be forgotten; see ``storage.forgotten``."""

    async def among(self, emails: Sequence[str]) -> set[str]:
        """Tell which of these e-mails are theirs."""

    async def without_them(self, texts: Sequence[str]) -> list[str]:
        """Give texts without their names and e-mails."""


class ImportWork(ports.ProgrammeWork, Protocol):
    """One transaction as an import sees it."""

    @property
    def programme(self) -> ProgrammeStore: ...
    @property
    def forgotten(self) -> Forgotten: ...


async def import_edition(
    work: ImportWork, actor: Actor, wanted: Edition, *, now: datetime, dry_run: bool = False
) -> tuple[Change, ...]:
    """Write what differs and tell it; the same file again changes nothing. ``dry_run`` only tells.

    Whoever was erased at their wish does not come back by a file.
    """
    require(actor, Action.IMPORT_PROGRAMME, now=now)
    await work.hold(f"edition:{wanted.slug}")
    wanted = await without_forgotten(work, wanted)
    present = await work.programme.load(wanted.slug)
    changes = differences(present, wanted)
    if changes and not dry_run:
        await _apply(work, actor, completed(present, wanted), changes, now)
    return changes


async def forgotten_in(work: ImportWork, wanted: Edition) -> set[str]:
    """Tell the e-mails of a file whose owners asked to be forgotten."""
    guards = {one.person for network in wanted.networks for one in network.guardianships if one.person}
    return await work.forgotten.among(sorted({person.email for person in wanted.people} | guards))


async def without_forgotten(work: ImportWork, wanted: Edition) -> Edition:
    """Give what a file tells without the people who asked to be forgotten, and without their names in its texts."""
    gone = await forgotten_in(work, wanted)
    networks = tuple(
        replace(
            network,
            guardianships=tuple(
                replace(one, person="") if one.person in gone else one for one in network.guardianships
            ),
        )
        for network in wanted.networks
    )
    people = tuple(person for person in wanted.people if person.email not in gone)
    texts = [text for one in wanted.activities for text in (one.title, one.place, one.description, one.note)]
    said = iter(await work.forgotten.without_them(texts))
    activities = tuple(
        replace(one, title=next(said), place=next(said), description=next(said), note=next(said))
        for one in wanted.activities
    )
    return replace(wanted, networks=networks, people=people, activities=activities)


def completed(present: Edition | None, wanted: Edition) -> Edition:
    """Add to what a file tells what is present and not told: an import never takes anything away."""
    if present is None:
        return wanted
    networks = {network.slug: network for network in present.networks}
    networks |= {network.slug: _network(networks.get(network.slug), network) for network in wanted.networks}
    people = {person.email: person for person in present.people}
    people |= {person.email: _person(people.get(person.email), person) for person in wanted.people}
    return replace(
        wanted,
        channel=wanted.channel or present.channel,
        networks=tuple(networks[slug] for slug in sorted(networks)),
        people=tuple(people[email] for email in sorted(people)),
    )


def _network(before: Network | None, after: Network) -> Network:
    if before is None:
        return after
    return replace(
        after,
        channel=after.channel or before.channel,
        memberships=merged(before.memberships, after.memberships, membership_key),
        guardianships=merged(before.guardianships, after.guardianships, guardianship_key),
    )


def _person(before: Person | None, after: Person) -> Person:
    if before is None:
        return after
    return replace(
        after,
        roles=merged(before.roles, after.roles, role_key),
        language=after.language or before.language,
        zone=after.zone or before.zone,
    )


async def _apply(work: ImportWork, actor: Actor, wanted: Edition, changes: Sequence[Change], now: datetime) -> None:
    people = {change.key for change in changes if change.what is What.PERSON}
    people |= {change.owner for change in changes if change.what is What.ROLE}
    activities = [change.after for change in changes if change.what is What.ACTIVITY]
    work.act("ProgrammeImported", f"edition:{wanted.slug}", actor=actor, at=now)
    if any(change.what not in (What.PERSON, What.ROLE, What.ACTIVITY) for change in changes):
        await work.programme.keep(wanted)
        work.record(EditionChanged(edition=wanted.slug), actor=actor, at=now)
    for person in wanted.people:
        if person.email in people:
            member_id, revision = await work.programme.keep_person(wanted, person)
            work.record(MemberJoined(member_id=member_id, revision=revision), actor=actor, at=now)
    await work.programme.place_officials(wanted.slug)
    for told in activities:
        activity_id = await _take_over(work, actor, wanted, told, now)
        await work.programme.keep_activity(wanted.slug, told, activity_id)


async def _take_over(work: ImportWork, actor: Actor, wanted: Edition, told: ProgrammeActivity, now: datetime) -> str:
    """Bring the calendar into line with what the file tells of one activity; without a date it is only a fact."""
    known = await work.programme.activity_id(wanted.slug, told.slug)
    if told.first_day is None:
        return known
    draft = draft_of(told)
    present = await work.activities.get(known) if known else None
    if present is None:
        activity = await schedule_activity(work, actor, wanted.slug, draft, now=now, past_is_fine=True)
        return activity.id
    await _change(work, actor, present, draft, now)
    return present.id


async def _change(work: ImportWork, actor: Actor, present: Activity, draft: ActivityDraft, now: datetime) -> None:
    told = {
        name: getattr(draft, name) for name in ActivityDraft.__dataclass_fields__ if name not in ("networks", "all_day")
    }
    changed = replace(present, **told)
    if changed == present:
        return
    moved = (changed.starts_at, changed.ends_at) != (present.starts_at, present.ends_at)
    changed = replace(
        changed,
        moved_from=present.starts_at if moved else present.moved_from,
        revision=present.revision + 1,
        sequence=present.sequence + 1,
        changed_at=now,
    )
    await work.activities.save(changed)
    event = ActivityMoved(activity_id=changed.id, revision=changed.revision, previous_start=present.starts_at)
    work.record(event, actor=actor, at=now)


def draft_of(told: ProgrammeActivity) -> ActivityDraft:
    """Turn what a file tells into a draft: days become midnights, times of day become instants of the zone."""
    assert told.first_day is not None
    zone = ZoneInfo(told.zone)
    last_day = told.last_day or told.first_day
    if told.starts is None:
        starts_at = instant_of(datetime.combine(told.first_day, time()), zone, fold=0)
        ends_at = instant_of(datetime.combine(last_day + timedelta(days=1), time()), zone, fold=0)
    else:
        starts_at = instant_of(datetime.combine(told.first_day, told.starts), zone, fold=0)
        ends = datetime.combine(last_day, told.ends) if told.ends else None
        ends_at = instant_of(ends, zone, fold=0) if ends else starts_at + ENDS_BY_DEFAULT
    answer_by = datetime.combine(told.answer_by, time(16), zone) if told.answer_by else None
    return ActivityDraft(
        kind=told.kind,
        title=told.title,
        networks=told.networks,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=told.zone,
        all_day=told.starts is None,
        cities=told.hosts,
        answer_by=answer_by.astimezone(starts_at.tzinfo) if answer_by else None,
        place=told.place,
        country=told.country,
        form=told.form,
        theme=told.theme,
        description=told.description,
        provisional=told.certainty is not Certainty.CERTAIN,
    )
