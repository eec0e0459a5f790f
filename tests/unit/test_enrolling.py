"""Teams: people are added, their time ends, and one of them is the contact; only the network's own guardians do it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import MemberJoined, TeamChanged
from pim_bot.programme.enrolling import TeamPlace, add_to_team, end_in_team, make_contact, team_list
from pim_bot.programme.people import Member, Role, RoleName
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    DAY,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    MINISTRY,
    NOW,
    ZORY,
    ZORY2,
    acting,
    programme,
)

PLACE = TeamPlace(edition=EDITION, network=GREEN, city="zory")
NEW: dict[str, Any] = {"name": " Nowa  osoba ", "email": "NOWA@zory.pl", "contact": False, "since": DAY}


async def add(work: FakeWork, who: Member = GUARDIAN, **changes: Any) -> str:
    return await add_to_team(work, acting(who), PLACE, **(NEW | changes), now=NOW)


def changed(member_id: str, change: str) -> TeamChanged:
    return TeamChanged(edition=EDITION, network=GREEN, city="zory", member_id=member_id, change=change)


async def test_somebody_new_is_added_by_their_address() -> None:
    work = programme()
    added = await add(work)
    role = Role(name=RoleName.OFFICIAL, edition=EDITION, network=GREEN, city="zory", since=DAY)
    assert work.people.by_id[added] == Member(id=added, name="Nowa osoba", email="nowa@zory.pl", roles=(role,))
    assert [event for event, _, _ in work.recorded] == [MemberJoined(member_id=added), changed(added, "joined")]


async def test_somebody_known_keeps_who_they_are() -> None:
    work = programme()
    assert await add(work, email="lublin@example.org", name="Kto inny") == "lublin"
    assert work.people.by_id["lublin"].name == "Osoba lublin"
    assert [role.city for role in work.people.by_id["lublin"].roles] == ["lublin", "zory"]


@pytest.mark.parametrize("who", [MINISTRY, EXPERT, ZORY])
async def test_only_coordinators_and_the_guardian_of_the_ministry_change_teams(who: Member) -> None:
    work = programme()
    for act in (
        add(work, who),
        end_in_team(work, acting(who), PLACE, "zory2", last_day=DAY, now=NOW),
        make_contact(work, acting(who), PLACE, "zory2", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            await act
    assert work.people.by_id == programme().people.by_id
    assert work.recorded == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "x" * 121}, {"name"}),
        ({"email": "nowa"}, {"email"}),
        ({"email": "nowa@zory", "name": "\u200b"}, {"email", "name"}),
        ({"email": "zory2@example.org"}, {"email"}),
    ],
)
async def test_what_cannot_be_is_told_on_its_fields(changes: dict[str, Any], fields: set[str]) -> None:
    work = programme()
    with pytest.raises(Refused) as refused:
        await add(work, **changes)
    assert set(refused.value.fields) == fields
    assert work.people.by_id == programme().people.by_id


async def test_a_membership_ends_on_a_day_and_can_begin_again() -> None:
    work = programme()
    await end_in_team(work, acting(COORDINATOR), PLACE, "zory2", last_day=DAY, now=NOW)
    assert work.people.by_id["zory2"].roles == (replace(ZORY2.roles[0], until=DAY),)
    await add(work, email="zory2@example.org", since=date(2022, 3, 1))
    assert [role.since for role in work.people.by_id["zory2"].roles] == [None, date(2022, 3, 1)]


async def test_the_contact_is_one_person() -> None:
    work = programme()
    for _ in range(2):
        await make_contact(work, acting(GUARDIAN), PLACE, "zory2", now=NOW)
    contacts = [one for one in ("zory", "zory2") if work.people.by_id[one].roles[0].contact]
    assert contacts == ["zory2"]
    assert [event for event, _, _ in work.recorded] == [changed("zory2", "contact")]
    with pytest.raises(NotFound):
        await make_contact(work, acting(GUARDIAN), PLACE, "lublin", now=NOW)


async def test_everybody_sees_a_team_and_few_may_change_it() -> None:
    work = programme()
    for who, manages in ((ZORY, False), (GUARDIAN, True), (COORDINATOR, True), (MINISTRY, False)):
        found = await team_list(work, acting(who), PLACE, now=NOW)
        assert [member.id for member, _ in found.members] == ["zory", "zory2"]
        assert found.manages is manages
