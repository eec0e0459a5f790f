"""Scheduling, moving, cancelling and holding: the state afterwards and the events, whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused, StaleForm
from pim_bot.events.catalogue import ActivityCancelled, ActivityHeld, ActivityMoved, ActivityScheduled
from pim_bot.programme.activity import Activity, ActivityDraft, ActivityStatus, Attendance
from pim_bot.programme.edition import Membership
from pim_bot.programme.holding import hold_activity
from pim_bot.programme.people import Actor, Member, Role, RoleName
from pim_bot.programme.scheduling import cancel_activity, move_activity, schedule_activity
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    DIGITAL,
    DRAFT,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    HUB,
    LUBLIN,
    MINISTRY,
    NOW,
    ZORY,
    acting,
    programme,
)

LATER = NOW + timedelta(hours=1)
LOCAL = replace(DRAFT, kind="lokalne", networks=(), cities=("zory",), answer_by=None)
ADVICE = replace(LOCAL, kind="doradztwo")


async def scheduled(work: FakeWork, draft: ActivityDraft = DRAFT, *, by: Actor | None = None) -> Activity:
    return await schedule_activity(work, by or acting(COORDINATOR), EDITION, draft, now=NOW)


async def problems_of(draft: ActivityDraft) -> dict[str, tuple[str, dict[str, object]]]:
    """What is wrong with a draft, by field; nothing is kept of it."""
    work = programme()
    before = work.state()
    with pytest.raises(Refused) as refused:
        await scheduled(work, draft)
    assert work.state() == before
    return {name: (one.reason, one.facts) for name, one in refused.value.fields.items()}


async def test_a_scheduled_activity_stands_with_its_invitations_and_its_event() -> None:
    work = programme()
    activity = await scheduled(work)
    wanted = Activity(
        **{name: getattr(DRAFT, name) for name in ActivityDraft.__dataclass_fields__},
        id=activity.id,
        edition=EDITION,
        uid=activity.uid,
        changed_at=NOW,
        scheduled_by="member:coordinator",
    )
    invitees = ("member:expert", "member:guardian", "member:ministry", f"team:{GREEN}/lublin", f"team:{GREEN}/zory")
    assert work.state() == programme().state() | {
        "activities": {activity.id: wanted},
        "attendances": {(activity.id, one): Attendance(activity_id=activity.id, invitee=one) for one in invitees},
        "recorded": [(ActivityScheduled(activity_id=activity.id, revision=1), "member:coordinator", NOW)],
    }
    assert len({activity.id, activity.uid}) == 2


@pytest.mark.parametrize(
    ("draft", "networks", "invitees"),
    [
        (LOCAL, (GREEN,), {"member:expert", f"team:{GREEN}/zory"}),
        (ADVICE, (GREEN,), {"member:expert", f"team:{GREEN}/zory"}),
        (
            replace(DRAFT, kind="konferencja", networks=()),
            (DIGITAL, GREEN),
            {
                "member:expert",
                "member:guardian",
                "member:ministry",
                f"team:{DIGITAL}/gdynia",
                f"team:{GREEN}/lublin",
                f"team:{GREEN}/zory",
            },
        ),
    ],
)
async def test_the_kind_says_which_networks_it_concerns_and_whom_it_invites(
    draft: ActivityDraft, networks: tuple[str, ...], invitees: set[str]
) -> None:
    work = programme()
    activity = await scheduled(work, draft)
    found = {one.invitee for one in await work.attendances.of(activity.id)}
    assert (tuple(sorted(activity.networks)), found) == (networks, invitees)


async def test_whoever_joins_before_the_day_is_invited_and_whoever_left_is_not() -> None:
    work = programme()
    green = work.editions.networks_by_slug[GREEN]
    work.editions.networks_by_slug[GREEN] = replace(
        green,
        memberships=(
            Membership(city="zory", until=date(2022, 1, 19)),
            Membership(city="lublin", since=date(2022, 1, 20)),
            Membership(city="rybnik", since=date(2022, 1, 21)),
        ),
    )
    activity = await scheduled(work)
    teams = [one.invitee for one in await work.attendances.of(activity.id) if one.invitee.startswith("team:")]
    assert teams == [f"team:{GREEN}/lublin"]


@pytest.mark.parametrize(
    ("member", "draft", "allowed"),
    [
        (COORDINATOR, DRAFT, True),
        (GUARDIAN, DRAFT, True),
        (GUARDIAN, replace(DRAFT, kind="konferencja", networks=()), False),
        (GUARDIAN, replace(DRAFT, networks=(GREEN, DIGITAL)), False),
        (MINISTRY, DRAFT, False),
        (EXPERT, DRAFT, False),
        (ZORY, DRAFT, False),
        (ZORY, LOCAL, True),
        (ZORY, ADVICE, False),
        (LUBLIN, LOCAL, False),
        (GUARDIAN, LOCAL, True),
        (GUARDIAN, ADVICE, True),
    ],
)
async def test_who_may_schedule_what(member: Member, draft: ActivityDraft, allowed: bool) -> None:  # noqa: FBT001
    work = programme()
    before = work.state()
    try:
        await scheduled(work, draft, by=acting(member))
        assert allowed
    except NotAllowed:
        assert (allowed, work.state()) == (False, before)


async def test_a_role_in_an_earlier_edition_gives_no_right_in_this_one() -> None:
    former = Member(id="former", name="Osoba", roles=(Role(name=RoleName.COORDINATOR, edition="e0"),))
    work = programme(former)
    before = work.state()
    with pytest.raises(NotAllowed):
        await scheduled(work, by=acting(former))
    assert work.state() == before


TOO_LONG = "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić."


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"title": " \u200b\u2066\n"}, {"title": ("Prosimy wpisać tytuł.", {})}),
        ({"title": "a" * 151}, {"title": (TOO_LONG, {"length": 151, "most": 150})}),
        (
            {"agenda": "a" * 3001, "description": "b" * 3002},
            {
                "agenda": (TOO_LONG, {"length": 3001, "most": 3000}),
                "description": (TOO_LONG, {"length": 3002, "most": 3000}),
            },
        ),
        ({"link": "javascript:alert(1)"}, {"link": ("Prosimy wkleić adres, który zaczyna się od https://", {})}),
        ({"link": "https://"}, {"link": ("Prosimy wkleić adres, który zaczyna się od https://", {})}),
        ({"networks": ()}, {"networks": ("Prosimy wybrać sieć.", {})}),
        (
            {"networks": ("cudza",)},
            {"networks": ("Nie ma takiej sieci: {names}. Prosimy wybrać z listy.", {"names": "cudza"})},
        ),
        (
            {"cities": ("atlantyda",)},
            {"cities": ("Nie ma takiego miasta: {names}. Prosimy wybrać z listy.", {"names": "atlantyda"})},
        ),
        (
            {"kind": "doradztwo", "cities": ("zory", "lublin")},
            {"cities": ("To wydarzenie dotyczy jednego miasta. Prosimy je wybrać.", {})},
        ),
        (
            {"ends_at": DRAFT.starts_at},
            {"ends_at": ("Koniec musi być później niż początek. Prosimy poprawić jedną z godzin.", {})},
        ),
        (
            {"ends_at": DRAFT.starts_at + timedelta(days=61)},
            {"ends_at": ("Wydarzenie trwałoby ponad {days} dni. Prosimy sprawdzić datę końca.", {"days": 60})},
        ),
        (
            {"starts_at": NOW, "answer_by": None},
            {"starts_at": ("Ten termin już minął. Prosimy podać przyszły.", {})},
        ),
        (
            {"starts_at": NOW + timedelta(days=1099), "ends_at": NOW + timedelta(days=1100), "answer_by": None},
            {"starts_at": ("To bardzo odległy termin. Prosimy sprawdzić rok.", {})},
        ),
        (
            {"answer_by": DRAFT.starts_at + timedelta(seconds=1)},
            {"answer_by": ("Termin zgłoszeń jest po rozpoczęciu. Prosimy podać wcześniejszy dzień.", {})},
        ),
        (
            {"answer_by": NOW},
            {"answer_by": ("Termin zgłoszeń już minął. Prosimy podać przyszły albo zostawić puste pole.", {})},
        ),
        ({"kind": "bal"}, {"kind": ("Prosimy wybrać rodzaj wydarzenia.", {})}),
    ],
)
async def test_a_draft_that_cannot_be_names_its_fields_and_leaves_no_trace(
    changes: dict[str, Any], problems: dict[str, object]
) -> None:
    assert await problems_of(replace(DRAFT, **changes)) == problems


async def test_everything_that_is_wrong_is_told_at_once() -> None:
    draft = replace(DRAFT, title="", networks=("cudza",), cities=("atlantyda",), link="x", ends_at=DRAFT.starts_at)
    assert set(await problems_of(draft)) == {"title", "networks", "cities", "link", "ends_at"}


async def test_a_title_at_the_limit_and_an_answer_by_at_the_start_are_fine() -> None:
    work = programme()
    activity = await scheduled(work, replace(DRAFT, title="ż" * 150, answer_by=DRAFT.starts_at))
    assert (activity.title, activity.answer_by) == ("ż" * 150, DRAFT.starts_at)


async def test_a_theme_that_the_edition_does_not_have_falls_away() -> None:
    work = programme()
    themes = [(await scheduled(work, replace(DRAFT, theme=theme))).theme for theme in ("Smart City", "Inny", "")]
    assert themes == ["Smart City", "", ""]


MOVED: dict[str, Any] = {
    "starts_at": DRAFT.starts_at + timedelta(days=14),
    "ends_at": DRAFT.ends_at + timedelta(days=14),
    "answer_by": None,
}


async def test_a_move_keeps_answers_and_says_where_it_came_from() -> None:
    work = programme()
    activity = await scheduled(work)
    before = work.state()
    moved = await move_activity(work, acting(GUARDIAN), activity.id, seen_revision=1, now=LATER, **MOVED)
    assert moved == replace(activity, **MOVED, moved_from=DRAFT.starts_at, revision=2, sequence=1, changed_at=LATER)
    event = ActivityMoved(activity_id=activity.id, revision=2, previous_start=DRAFT.starts_at)
    assert work.state() == before | {
        "activities": {activity.id: moved},
        "recorded": [*before["recorded"], (event, "member:guardian", LATER)],
    }


async def test_the_same_time_again_changes_nothing() -> None:
    work = programme()
    activity = await scheduled(work)
    await move_activity(work, HUB, activity.id, now=LATER, **MOVED)
    before = work.state()
    await move_activity(work, HUB, activity.id, now=LATER + timedelta(hours=1), **MOVED)
    assert work.state() == before


async def test_a_form_opened_on_an_older_revision_is_refused_and_changes_nothing() -> None:
    work = programme()
    activity = await scheduled(work)
    await move_activity(work, HUB, activity.id, now=LATER, **MOVED)
    before = work.state()
    with pytest.raises(StaleForm):
        await move_activity(work, HUB, activity.id, seen_revision=1, now=LATER, **(MOVED | {"provisional": True}))
    with pytest.raises(StaleForm):
        await cancel_activity(work, HUB, activity.id, reason="", seen_revision=1, now=LATER)
    assert work.state() == before


async def test_a_cancelled_activity_stays_readable_with_its_reason() -> None:
    work = programme()
    activity = await scheduled(work)
    before = work.state()
    cancelled = await cancel_activity(work, HUB, activity.id, reason=" Choroba \u202e", now=LATER)
    assert cancelled == replace(
        activity, status=ActivityStatus.CANCELLED, reason="Choroba", revision=2, sequence=1, changed_at=LATER
    )
    event = ActivityCancelled(activity_id=activity.id, revision=2)
    assert work.state() == before | {
        "activities": {activity.id: cancelled},
        "recorded": [*before["recorded"], (event, "command-line", LATER)],
    }


async def test_what_is_over_called_off_or_gone_can_be_neither_moved_nor_cancelled() -> None:
    work = programme()
    cancelled, held = await scheduled(work), await scheduled(work)
    await cancel_activity(work, HUB, cancelled.id, reason="", now=LATER)
    await hold_activity(work, HUB, held.id, now=DRAFT.ends_at)
    running = await scheduled(work)
    before = work.state()
    reasons = []
    for activity_id, now, error in (
        (cancelled.id, LATER, Refused),
        (held.id, LATER, Refused),
        (running.id, DRAFT.ends_at, Refused),
        ("gone", LATER, NotFound),
    ):
        with pytest.raises(error) as moving:
            await move_activity(work, HUB, activity_id, now=now, **MOVED)
        with pytest.raises(error) as cancelling:
            await cancel_activity(work, HUB, activity_id, reason="", now=now)
        assert str(moving.value) == str(cancelling.value)
        reasons.append(str(moving.value))
    assert work.state() == before
    assert reasons == [
        "To wydarzenie jest już odwołane. Aktualną listę pokaże polecenie /pim terminy.",
        "To wydarzenie już się odbyło, więc nie można go zmienić.",
        "To wydarzenie już się odbyło, więc nie można go zmienić.",
        "Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.",
    ]


async def test_an_activity_is_held_once_its_end_has_passed_and_not_before() -> None:
    work = programme()
    activity = await scheduled(work)
    assert await hold_activity(work, Actor(door="clock"), activity.id, now=DRAFT.ends_at - timedelta(seconds=1)) is None
    before = work.state()
    held = await hold_activity(work, Actor(door="clock"), activity.id, now=DRAFT.ends_at)
    assert held == replace(activity, status=ActivityStatus.HELD, revision=2)
    assert await hold_activity(work, Actor(door="clock"), activity.id, now=DRAFT.ends_at) is None
    assert work.state() == before | {
        "activities": {activity.id: held},
        "recorded": [
            *before["recorded"],
            (ActivityHeld(activity_id=activity.id, revision=2), "clock", DRAFT.ends_at),
        ],
    }


async def test_a_moved_activity_is_not_held_at_its_old_end() -> None:
    work = programme()
    activity = await scheduled(work)
    await move_activity(work, HUB, activity.id, now=LATER, **MOVED)
    before = work.state()
    assert await hold_activity(work, Actor(door="clock"), activity.id, now=datetime(2022, 1, 21, tzinfo=UTC)) is None
    assert work.state() == before
