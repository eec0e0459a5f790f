"""Preferences: chosen by the person alone, checked field by field, and what is planned follows them."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from pim_bot.errors import Refused
from pim_bot.events.catalogue import MemberJoined, PreferencesChanged
from pim_bot.events.event import Event, RecordedEvent
from pim_bot.notifications.digests import DIGEST, plan_digest
from pim_bot.notifications.reminders import plan_reminders_for_member
from pim_bot.programme.people import Member
from pim_bot.programme.preferences import AS_USUAL, Preferences, Topic
from pim_bot.programme.preferring import change_preferences
from pim_bot.programme.scheduling import schedule_activity
from tests.fakes import FakeWork
from tests.unit.green import COORDINATOR, DRAFT, EDITION, NOW, ZORY, acting, programme

EARLY = Preferences(opens=time(6), closes=time(10), ladder=(60, 1440, 60), muted=frozenset({Topic.FEEDBACK}))


async def chosen(work: FakeWork, member: Member, **changes: Any) -> Member:
    wanted: dict[str, Any] = {"language": "pl", "zone": "Europe/Warsaw", "preferences": AS_USUAL}
    return await change_preferences(work, acting(member), **(wanted | changes), now=NOW)


def happened(event: Event) -> RecordedEvent:
    return RecordedEvent(id=1, event=event, actor="member:zory", at=NOW)


async def test_what_was_chosen_is_kept_with_one_event() -> None:
    work = programme()
    await chosen(work, ZORY, zone="Europe/London", language="en", preferences=EARLY)
    assert work.people.by_id["zory"] == replace(
        ZORY, zone="Europe/London", language="en", preferences=replace(EARLY, ladder=(1440, 60))
    )
    assert work.recorded == [(PreferencesChanged(member_id="zory"), "member:zory", NOW)]


async def test_choosing_what_holds_already_changes_nothing() -> None:
    work = programme()
    await chosen(work, ZORY)
    assert work.state() == programme().state()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"language": "de"}, {"language"}),
        ({"zone": "Mars/Phobos"}, {"zone"}),
        ({"preferences": Preferences(opens=time(16), closes=time(8))}, {"closes"}),
        ({"preferences": Preferences(opens=time(8), closes=time(8, 59))}, {"closes"}),
        ({"preferences": Preferences(ladder=tuple(range(60, 67)))}, {"ladder"}),
        ({"preferences": Preferences(ladder=(0,))}, {"ladder"}),
        ({"preferences": Preferences(ladder=(100_000,))}, {"ladder"}),
        ({"preferences": Preferences(digest_day=5)}, {"digest_day"}),
        (
            {"zone": "", "preferences": Preferences(opens=time(9), closes=time(9), digest_day=-1)},
            {"zone", "closes", "digest_day"},
        ),
    ],
)
async def test_what_cannot_be_is_told_on_its_fields_and_nothing_is_kept(
    changes: dict[str, Any], fields: set[str]
) -> None:
    work = programme()
    with pytest.raises(Refused) as refused:
        await chosen(work, ZORY, **changes)
    assert set(refused.value.fields) == fields
    assert work.people.by_id["zory"] == ZORY
    assert work.recorded == []


async def planned(work: FakeWork) -> list[tuple[str, str, datetime]]:
    await plan_reminders_for_member(work, happened(PreferencesChanged(member_id="zory")))
    mine = [item for item in work.due_items.planned() if item.member_id == "zory"]
    return [(item.kind, item.occurrence, item.due_at) for item in mine]


async def test_rungs_follow_what_was_chosen_and_come_back() -> None:
    work = programme()
    await schedule_activity(work, acting(COORDINATOR), EDITION, DRAFT, now=NOW)
    usual = await planned(work)
    assert [(kind, lead) for kind, lead, _ in usual] == [
        ("reminder-start", "10080"),
        ("reminder-answer", "1440"),
        ("reminder-start", "1440"),
    ]
    await chosen(work, ZORY, preferences=EARLY)
    assert await planned(work) == [
        ("reminder-answer", "1440", datetime(2022, 1, 14, 8, 59, tzinfo=UTC)),
        ("reminder-answer", "60", datetime(2022, 1, 17, 8, 59, tzinfo=UTC)),
        ("reminder-start", "1440", datetime(2022, 1, 19, 8, 59, tzinfo=UTC)),
        ("reminder-start", "60", datetime(2022, 1, 20, 8, 0, tzinfo=UTC)),
    ]
    dropped = {(state, item.why) for state, item in work.due_items.by_id.values() if item.occurrence == "10080"}
    assert dropped == {("dropped", "preferred")}
    await chosen(work, work.people.by_id["zory"], preferences=Preferences(muted=frozenset({Topic.REMINDERS})))
    assert await planned(work) == []
    await chosen(work, work.people.by_id["zory"])
    assert await planned(work) == usual


async def digests_after(work: FakeWork, event: Event) -> list[tuple[str, datetime]]:
    await plan_digest(work, happened(event))
    return [(item.occurrence, item.due_at) for item in work.due_items.planned() if item.kind == DIGEST]


async def test_the_digest_moves_to_the_chosen_day_and_is_one_a_week() -> None:
    work = programme()
    joined = MemberJoined(member_id="coordinator")
    assert await digests_after(work, joined) == [
        ("2022-W03", datetime(2022, 1, 17, 7, 0, tzinfo=UTC)),
        ("2022-W04", datetime(2022, 1, 24, 7, 0, tzinfo=UTC)),
    ]
    changed = PreferencesChanged(member_id="coordinator")
    await chosen(work, COORDINATOR, preferences=Preferences(digest_day=3, digest_at=time(14, 30)))
    thursdays = [
        ("2022-W02", datetime(2022, 1, 13, 13, 30, tzinfo=UTC)),
        ("2022-W03", datetime(2022, 1, 20, 13, 30, tzinfo=UTC)),
    ]
    assert await digests_after(work, changed) == thursdays
    await work.due_items.fell([work.due_items.planned()[0]])  # this week's was sent
    await chosen(work, work.people.by_id["coordinator"], preferences=Preferences(digest_day=4))
    assert await digests_after(work, changed) == [("2022-W03", datetime(2022, 1, 21, 7, 0, tzinfo=UTC))]
    await chosen(work, work.people.by_id["coordinator"], preferences=Preferences(muted=frozenset({Topic.DIGEST})))
    assert await digests_after(work, changed) == []
