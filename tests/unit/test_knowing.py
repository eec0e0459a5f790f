"""Visiting cards are their owner's choice; people are found by them; contacts go to those who agreed."""

from dataclasses import replace
from typing import Any

import pytest

from pim_bot.errors import NotAllowed, Refused
from pim_bot.events.catalogue import ActivityHeld, VisitingCardChanged
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.contacts import share_contacts
from pim_bot.notifications.intent import Kind
from pim_bot.programme.activity import ActivityStatus, Answer
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.knowing import Found, find_people, keep_card
from pim_bot.programme.people import Member
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.programme.visiting_card import VisitingCard
from tests.fakes import FakeWork
from tests.unit.green import (
    DRAFT,
    EDITION,
    EXPERT,
    GREEN,
    HUB,
    LUBLIN,
    NOBODY,
    NOW,
    ZORY,
    acting,
    programme,
)

MEADOWS = "Łąki kwietne przy szkołach, zamówienia na nasadzenia"


async def kept(work: FakeWork, member: Member, offer: str = MEADOWS, *, shares: bool = False) -> None:
    await keep_card(work, acting(member), offer=offer, shares=shares, now=NOW)


async def found(work: FakeWork, typed: str, member: Member = LUBLIN) -> list[str]:
    return [one.member.id for one in await find_people(work, acting(member), EDITION, typed, now=NOW)]


async def test_a_card_is_kept_changed_and_taken_away_each_with_one_event() -> None:
    work = programme()
    for offer, shares in ((MEADOWS, False), (MEADOWS, False), (MEADOWS, True), ("  ", False), ("", False)):
        await kept(work, ZORY, offer, shares=shares)
    assert work.visiting_cards.by_member == {}
    assert [event for event, _, _ in work.recorded] == [VisitingCardChanged(member_id="zory")] * 3
    await kept(work, ZORY, shares=True)
    assert work.visiting_cards.by_member == {"zory": VisitingCard(member_id="zory", offer=MEADOWS, shares=True)}


@pytest.mark.parametrize(("offer", "shares"), [("x" * 601, False), (" ", True)])
async def test_what_cannot_be_is_told_on_the_field(offer: str, shares: bool) -> None:  # noqa: FBT001
    work = programme()
    with pytest.raises(Refused) as refused:
        await kept(work, ZORY, offer, shares=shares)
    assert set(refused.value.fields) == {"offer"}
    assert work.state() == programme().state()


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("łąki", ["zory"]),
        ("lakach", ["zory"]),
        ("łąki przy szkole", ["zory"]),
        ("nasadzeń", ["zory"]),
        ("Żory", ["zory", "zory2"]),
        ("zielone lublin", ["lublin"]),
        ("osoba expert", ["expert"]),
        ("rower", []),
    ],
)
async def test_people_are_found_by_what_they_offer_and_what_they_are(typed: str, ids: list[str]) -> None:
    work = programme()
    await kept(work, ZORY)
    assert await found(work, typed) == ids


async def test_whoever_offers_it_comes_first_and_all_is_told() -> None:
    work = programme()
    await kept(work, LUBLIN, "Żory znam dobrze")
    assert await found(work, "zory") == ["lublin", "zory", "zory2"]
    (one,) = await find_people(work, acting(ZORY), EDITION, "znam", now=NOW)
    assert one == Found(member=LUBLIN, roles=LUBLIN.roles, offer="Żory znam dobrze")


async def test_nothing_is_found_for_nothing_and_for_nobody() -> None:
    with pytest.raises(Refused, match="czego Państwo szukają"):
        await found(programme(), "w z")
    with pytest.raises(NotAllowed):
        await found(programme(), "łąki", NOBODY)


async def held(work: FakeWork, **changes: Any) -> RecordedEvent:
    activity = await schedule_activity(work, HUB, EDITION, replace(DRAFT, **changes), now=NOW)
    for member in (ZORY, EXPERT) if changes else (ZORY, LUBLIN, EXPERT):
        await answer_invitation(work, acting(member), activity.id, Answer.GOING, people=None, now=NOW)
    work.activities.by_id[activity.id] = replace(activity, status=ActivityStatus.HELD)
    event = ActivityHeld(activity_id=activity.id, revision=activity.revision)
    return RecordedEvent(id=1, event=event, actor="clock", at=NOW)


async def test_those_who_agreed_get_each_others_contact_once() -> None:
    work = programme()
    for member, shares in ((ZORY, True), (LUBLIN, False), (EXPERT, True)):
        await kept(work, member, shares=shares)
    event = await held(work)
    for _ in range(2):
        await share_contacts(work, event)
    assert {(kind, to) for kind, to, _, _ in work.outbox.planned} == {
        (Kind.CONTACTS, "to:member:zory"),
        (Kind.CONTACTS, "to:member:expert"),
    }


async def test_one_alone_has_nobody_to_share_with() -> None:
    work = programme()
    await kept(work, ZORY, shares=True)
    await share_contacts(work, await held(work))
    assert work.outbox.planned == {}


async def test_advice_to_one_city_shares_nothing() -> None:
    work = programme()
    for member in (ZORY, EXPERT):
        await kept(work, member, shares=True)
    await share_contacts(work, await held(work, kind="doradztwo", networks=(GREEN,), cities=("zory",)))
    assert work.outbox.planned == {}
