"""Planning activities: schedule, move, cancel. Each is one act in one transaction, with its event."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pim_bot.clock import new_id
from pim_bot.errors import NotFound, Refused, StaleForm
from pim_bot.events.catalogue import ActivityCancelled, ActivityChanged, ActivityMoved, ActivityScheduled
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityDraft, ActivityStatus, Form, count_attendance
from pim_bot.programme.edition import ActivityKind, Scope
from pim_bot.programme.hosting import place_of
from pim_bot.programme.invitations import give_free_places, invitees_of
from pim_bot.programme.people import Actor, RoleName
from pim_bot.programme.permissions import Action, require, require_at
from pim_bot.programme.words import clean_line, clean_text

LONGEST = timedelta(days=60)
FARTHEST = timedelta(days=3 * 366)
LONGEST_LINE = 150
LONGEST_TEXT = 3000
LONGEST_LINK = 1000
MOST_PLACES = 10_000


Draft = TypeVar("Draft", bound=ActivityDraft)


def cleaned(draft: Draft) -> Draft:
    """Keep of the typed text what can be read."""
    return replace(
        draft,
        title=clean_line(draft.title),
        place=clean_line(draft.place),
        link=clean_line(draft.link),
        agenda=clean_text(draft.agenda),
        description=clean_text(draft.description),
    )


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http(s) address with a host, which a browser opens."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _text_problems(draft: ActivityDraft) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if not draft.title:
        problems["title"] = Refused("Prosimy wpisać tytuł.")
    limits = {
        "title": LONGEST_LINE,
        "place": LONGEST_LINE,
        "link": LONGEST_LINK,
        "agenda": LONGEST_TEXT,
        "description": LONGEST_TEXT,
    }
    for field, most in limits.items():
        length = len(getattr(draft, field))
        if length > most:
            problems[field] = Refused(
                "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
                length=length,
                most=most,
            )
    if draft.link and not is_web_address(draft.link):
        problems["link"] = Refused("Prosimy wkleić adres, który zaczyna się od https://")
    return problems


def _place_count_problems(draft: ActivityDraft) -> dict[str, Refused]:
    problems = {
        field: Refused("Prosimy podać liczbę od 1 do {most} albo zostawić puste pole.", most=MOST_PLACES)
        for field in ("capacity", "places_per_team")
        if (count := getattr(draft, field)) is not None and not 1 <= count <= MOST_PLACES
    }
    if not problems and draft.capacity and draft.places_per_team and draft.places_per_team > draft.capacity:
        problems["places_per_team"] = Refused("Na zespół nie może być więcej miejsc niż razem.")
    return problems


async def first_problems(
    work: ports.ProgrammeWork, edition: str, draft: ActivityDraft, *, now: datetime
) -> dict[str, Refused]:
    """Tell what is wrong already when only the kind, the title and the times of a draft are known, by field."""
    problems = _text_problems(cleaned(draft)) | time_problems(draft, now=now)
    if await work.editions.kind(edition, draft.kind) is None:
        problems["kind"] = Refused("Prosimy wybrać rodzaj wydarzenia.")
    return problems


def time_problems(draft: ActivityDraft, *, now: datetime) -> dict[str, Refused]:
    """Tell what is wrong with the times of a draft, by field."""
    problems: dict[str, Refused] = {}
    if draft.ends_at <= draft.starts_at:
        problems["ends_at"] = Refused("Koniec musi być później niż początek. Prosimy poprawić jedną z godzin.")
    elif draft.ends_at - draft.starts_at > LONGEST:
        problems["ends_at"] = Refused(
            "Wydarzenie trwałoby ponad {days} dni. Prosimy sprawdzić datę końca.", days=LONGEST.days
        )
    if draft.starts_at <= now:
        problems["starts_at"] = Refused("Ten termin już minął. Prosimy podać przyszły.")
    elif draft.starts_at - now > FARTHEST:
        problems["starts_at"] = Refused("To bardzo odległy termin. Prosimy sprawdzić rok.")
    if draft.answer_by is not None:
        if draft.answer_by > draft.starts_at:
            problems["answer_by"] = Refused("Termin zgłoszeń jest po rozpoczęciu. Prosimy podać wcześniejszy dzień.")
        elif draft.answer_by <= now:
            problems["answer_by"] = Refused(
                "Termin zgłoszeń już minął. Prosimy podać przyszły albo zostawić puste pole."
            )
    return problems


async def _place_problems(
    work: ports.ProgrammeWork, edition: str, kind: ActivityKind, draft: ActivityDraft
) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    known_networks = {network.slug for network in await work.editions.networks(edition)}
    if unknown := set(draft.networks) - known_networks:
        problems["networks"] = Refused(
            "Nie ma takiej sieci: {names}. Prosimy wybrać z listy.", names=", ".join(sorted(unknown))
        )
    elif not draft.networks and kind.scope is not Scope.LOCAL:
        problems["networks"] = Refused("Prosimy wybrać sieć.")
    known_cities = {city.slug for city in await work.editions.cities(edition)}
    if unknown := set(draft.cities) - known_cities:
        problems["cities"] = Refused(
            "Nie ma takiego miasta: {names}. Prosimy wybrać z listy.", names=", ".join(sorted(unknown))
        )
    elif kind.scope.is_of_one_city and len(draft.cities) != 1:
        problems["cities"] = Refused("To wydarzenie dotyczy jednego miasta. Prosimy je wybrać.")
    return problems


async def _networks_of(
    work: ports.ProgrammeWork, edition: str, kind: ActivityKind, draft: ActivityDraft
) -> tuple[str, ...]:
    """Fill in the networks that follow from the kind: all of them, or those of the one city."""
    if kind.scope is Scope.ALL_NETWORKS and not draft.networks:
        return tuple(network.slug for network in await work.editions.networks(edition))
    if kind.scope.is_of_one_city and draft.cities:
        return tuple(await work.editions.city_networks(edition, draft.cities[0], draft.starts_at.date()))
    return draft.networks


def _own_city(actor: Actor, kind: ActivityKind, now: datetime) -> tuple[str, ...]:
    """Fill in the city of a local meeting that its own official plans."""
    if kind.scope is not Scope.LOCAL or actor.member is None:
        return ()
    day = actor.member.day_of(now)
    roles = [role for role in actor.member.roles if role.name is RoleName.OFFICIAL and role.holds_on(day)]
    cities = {role.city for role in roles}
    return tuple(cities) if len(cities) == 1 else ()


async def checked_draft(
    work: ports.ProgrammeWork,
    actor: Actor,
    edition: str,
    draft: ActivityDraft,
    *,
    now: datetime,
    past_is_fine: bool = False,
    right: Action = Action.SCHEDULE_ACTIVITY,
) -> tuple[ActivityKind, ActivityDraft]:
    """Tell the kind and the draft as it would be scheduled.

    Raises ``NotAllowed``, or ``Refused`` whose ``fields`` names every field to be corrected. ``past_is_fine`` is for
    imports, which also tell what has been. ``right`` is another one for what people arrange among themselves.
    """
    kind = await work.editions.kind(edition, draft.kind)
    if kind is None:
        raise Refused("Formularz wymaga poprawek.", fields={"kind": Refused("Prosimy wybrać rodzaj wydarzenia.")})
    known = await work.editions.get(edition)
    draft = cleaned(draft)
    draft = replace(draft, theme=draft.theme if known and draft.theme in known.themes else "")
    draft = replace(draft, cities=draft.cities or _own_city(actor, kind, now))
    draft = replace(draft, networks=await _networks_of(work, edition, kind, draft))
    city = draft.cities[0] if kind.scope.is_of_one_city and draft.cities else ""
    require(actor, right, now=now, edition=edition, networks=draft.networks, city=city, scope=kind.scope)
    problems = _text_problems(draft) | _place_count_problems(draft)
    problems |= await _place_problems(work, edition, kind, draft)
    if not past_is_fine:
        problems |= time_problems(draft, now=now)
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return kind, draft


async def schedule_activity(
    work: ports.ProgrammeWork,
    actor: Actor,
    edition: str,
    draft: ActivityDraft,
    *,
    now: datetime,
    past_is_fine: bool = False,
    right: Action = Action.SCHEDULE_ACTIVITY,
    invitees: Sequence[str] | None = None,
) -> Activity:
    """Put an activity on the calendar and invite whom its kind invites, or exactly these ``invitees``.

    Raises what ``checked_draft`` does.
    """
    kind, draft = await checked_draft(work, actor, edition, draft, now=now, past_is_fine=past_is_fine, right=right)
    activity = Activity(
        **{name: getattr(draft, name) for name in ActivityDraft.__dataclass_fields__},
        id=new_id(),
        edition=edition,
        uid=f"{new_id()}",
        changed_at=now,
        scheduled_by=actor.id,
        status=ActivityStatus.HELD if draft.ends_at <= now else ActivityStatus.SCHEDULED,
    )
    await work.activities.add(activity)
    invited = await invitees_of(work, activity, kind) if invitees is None else invitees
    await work.attendances.invite(activity.id, invited)
    work.record(ActivityScheduled(activity_id=activity.id, revision=activity.revision), actor=actor, at=now)
    return activity


async def planned_by(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    action: Action,
    *,
    now: datetime,
    seen_revision: int | None = None,
) -> Activity:
    """Load an activity that the actor may plan and that can still be planned.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` when it is over or called off, ``StaleForm`` when it changed since
    ``seen_revision``.
    """
    activity = await work.activities.get(activity_id)
    if activity is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    kind = await work.editions.kind(activity.edition, activity.kind)
    require_at(actor, action, place_of(activity, kind), now=now)
    if activity.status is ActivityStatus.CANCELLED:
        raise Refused("To wydarzenie jest już odwołane. Aktualną listę pokaże polecenie /pim terminy.")
    if activity.status is ActivityStatus.HELD or activity.ends_at <= now:
        raise Refused("To wydarzenie już się odbyło, więc nie można go zmienić.")
    if seen_revision is not None and seen_revision != activity.revision:
        raise StaleForm(
            "To wydarzenie zmieniło się od otwarcia formularza. Poniżej są aktualne dane; prosimy je sprawdzić."
        )
    return activity


async def move_activity(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    answer_by: datetime | None,
    provisional: bool = False,
    seen_revision: int | None = None,
    now: datetime,
) -> Activity:
    """Give an activity another time. Answers stay; the same time again changes nothing."""
    await work.hold(f"activity:{activity_id}")
    activity = await planned_by(work, actor, activity_id, Action.MOVE_ACTIVITY, now=now, seen_revision=seen_revision)
    moved = replace(activity, starts_at=starts_at, ends_at=ends_at, answer_by=answer_by, provisional=provisional)
    if moved == activity:
        return activity
    if problems := time_problems(moved, now=now):
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    moved = replace(
        moved,
        moved_from=activity.starts_at if starts_at != activity.starts_at else activity.moved_from,
        revision=activity.revision + 1,
        sequence=activity.sequence + 1,
        changed_at=now,
    )
    await work.activities.save(moved)
    work.record(
        ActivityMoved(activity_id=moved.id, revision=moved.revision, previous_start=activity.starts_at),
        actor=actor,
        at=now,
    )
    return moved


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What of an activity can be changed without moving it."""

    place: str = ""
    form: str = Form.ON_SITE
    cities: tuple[str, ...] = ()
    link: str = ""
    capacity: int | None = None
    places_per_team: int | None = None
    agenda: str = ""
    description: str = ""
    theme: str = ""


def details_now(activity: Activity, **changes: Any) -> Details:
    """Tell the details of an activity as they are, but for these ``changes``."""
    return Details(**({field.name: getattr(activity, field.name) for field in fields(Details)} | changes))


async def change_activity(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    details: Details,
    *,
    seen_revision: int | None = None,
    now: datetime,
) -> Activity:
    """Change an activity's details; the same again changes nothing. More places let the waiting list move up.

    Raises what ``planned_by`` does, and ``Refused`` whose ``fields`` names every field to be corrected.
    """
    await work.hold(f"activity:{activity_id}")
    activity = await planned_by(work, actor, activity_id, Action.CHANGE_ACTIVITY, now=now, seen_revision=seen_revision)
    changed = await changed_details(work, activity, details)
    what = tuple(
        field.name for field in fields(Details) if getattr(changed, field.name) != getattr(activity, field.name)
    )
    if not what:
        return activity
    changed = replace(changed, revision=activity.revision + 1, sequence=activity.sequence + 1, changed_at=now)
    await work.activities.save(changed)
    work.record(ActivityChanged(activity_id=changed.id, revision=changed.revision, what=what), actor=actor, at=now)
    if "capacity" in what and changed.starts_at > now:
        await give_free_places(work, changed, now=now)
    return changed


async def changed_details(work: ports.ProgrammeWork, activity: Activity, details: Details) -> Activity:
    """Tell the activity with other details. Raises ``Refused`` with fields."""
    kind = await work.editions.kind(activity.edition, activity.kind)
    known = await work.editions.get(activity.edition)
    changed = cleaned(replace(activity, **asdict(details)))
    changed = replace(changed, theme=changed.theme if known and changed.theme in known.themes else "")
    problems = _text_problems(changed) | _place_count_problems(changed)
    if kind is not None:
        problems |= await _place_problems(work, activity.edition, kind, changed)
        if kind.scope.is_of_one_city and changed.cities != activity.cities:
            problems["cities"] = Refused("Miasta tego wydarzenia nie można zmienić. Prosimy zaplanować nowe.")
    taken = count_attendance(await work.attendances.of(activity.id)).people
    if changed.capacity is not None and changed.capacity < taken:
        problems.setdefault(
            "capacity", Refused("Zgłoszonych jest już więcej osób: {taken}. Prosimy podać większą liczbę.", taken=taken)
        )
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return changed


async def cancel_activity(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    *,
    reason: str,
    seen_revision: int | None = None,
    now: datetime,
) -> Activity:
    """Call an activity off; it stays readable, with the reason."""
    await work.hold(f"activity:{activity_id}")
    activity = await planned_by(work, actor, activity_id, Action.CANCEL_ACTIVITY, now=now, seen_revision=seen_revision)
    reason = clean_text(reason)
    if len(reason) > LONGEST_TEXT:
        raise Refused(
            "Formularz wymaga poprawek.",
            fields={
                "reason": Refused(
                    "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
                    length=len(reason),
                    most=LONGEST_TEXT,
                )
            },
        )
    cancelled = replace(
        activity,
        status=ActivityStatus.CANCELLED,
        reason=reason,
        revision=activity.revision + 1,
        sequence=activity.sequence + 1,
        changed_at=now,
    )
    await work.activities.save(cancelled)
    work.record(ActivityCancelled(activity_id=cancelled.id, revision=cancelled.revision), actor=actor, at=now)
    return cancelled
