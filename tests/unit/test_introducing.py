"""Whoever stands on no list says who they are; only those who look after the network let them in."""

from dataclasses import replace
from typing import Any

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import (
    IntroductionConfirmed,
    IntroductionDeclined,
    MemberJoined,
    MemberMatched,
    TeamChanged,
    VisitorIntroduced,
)
from pim_bot.programme.edition import DatedName, Institution
from pim_bot.programme.introducing import confirm_introduction, decline_introduction, introduce
from pim_bot.programme.introduction import Introduction, IntroductionStatus
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
    acting,
    programme,
)

TYPED: dict[str, Any] = {"name": " Nowa  osoba ", "place": "z Żor", "email": "NOWA@zory.pl"}
ASKED = Introduction(
    visitor="v1",
    edition=EDITION,
    name="Nowa osoba",
    email="nowa@zory.pl",
    network=GREEN,
    city="zory",
    asked_at=NOW,
)
BANK = Institution(slug="bank", names=(DatedName(name="Bank Światowy", abbreviation="BŚ"),), side="world_bank")
KLIMAT = Institution(slug="klimat", names=(DatedName(name="Ministerstwo Klimatu"),), side="ministry")


def world() -> FakeWork:
    work = programme()
    cities = work.editions.cities_by_slug
    work.editions.cities_by_slug = cities | {"zory": replace(cities["zory"], name="Żory", genitive="Żor")}
    work.editions.institutions_by_slug = {"bank": BANK, "klimat": KLIMAT}
    return work


async def asked(work: FakeWork, **changes: Any) -> Introduction:
    return await introduce(work, "v1", **(TYPED | changes), now=NOW)


async def test_what_somebody_says_is_kept_and_gives_no_right() -> None:
    work = world()
    assert await asked(work) == ASKED
    assert work.introductions.by_visitor == {"v1": ASKED}
    assert work.people.by_id == world().people.by_id
    assert work.recorded == [(VisitorIntroduced(visitor="v1", revision=1), "chat", NOW)]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": "", "place": "", "email": ""}, {"name", "place", "email"}),
        ({"place": "Atlantyda"}, {"place"}),
        ({"place": "Rybnik"}, {"place"}),
        ({"email": "nowa"}, {"email"}),
    ],
)
async def test_what_cannot_be_is_told_on_its_fields(changes: dict[str, Any], fields: set[str]) -> None:
    work = world()
    with pytest.raises(Refused) as refused:
        await asked(work, **changes)
    assert set(refused.value.fields) == fields
    assert work.introductions.by_visitor == {}


@pytest.mark.parametrize("who", [GUARDIAN, COORDINATOR])
async def test_one_press_lets_somebody_in(who: Member) -> None:
    work = world()
    await asked(work)
    for _ in range(2):
        confirmed = await confirm_introduction(work, acting(who), "v1", now=NOW)
    new = confirmed.member_id
    role = Role(name=RoleName.OFFICIAL, edition=EDITION, network=GREEN, city="zory", since=DAY)
    assert work.people.by_id[new] == Member(id=new, name="Nowa osoba", email="nowa@zory.pl", roles=(role,))
    assert work.introductions.accounts == {"v1": new}
    assert confirmed == replace(
        ASKED, status=IntroductionStatus.CONFIRMED, decided_by=who.id, decided_at=NOW, member_id=new
    )
    joined = TeamChanged(edition=EDITION, network=GREEN, city="zory", member_id=new, change="joined")
    assert [event for event, _, _ in work.recorded[1:]] == [
        MemberJoined(member_id=new),
        joined,
        MemberMatched(member_id=new),
        IntroductionConfirmed(visitor="v1", revision=1),
    ]


async def test_an_address_that_is_known_ties_the_account_to_that_person() -> None:
    work = world()
    await asked(work, email="zory2@example.org")
    confirmed = await confirm_introduction(work, acting(GUARDIAN), "v1", now=NOW)
    assert confirmed.member_id == "zory2"
    assert work.people.by_id == world().people.by_id
    assert work.introductions.accounts == {"v1": "zory2"}


@pytest.mark.parametrize(("place", "name"), [("bś", RoleName.EXPERT), ("Ministerstwo Klimatu", RoleName.MINISTRY)])
async def test_people_of_institutions_are_let_in_by_coordinators_without_a_network(place: str, name: RoleName) -> None:
    work = world()
    await asked(work, place=place)
    with pytest.raises(NotAllowed):
        await confirm_introduction(work, acting(GUARDIAN), "v1", now=NOW)
    confirmed = await confirm_introduction(work, acting(COORDINATOR), "v1", now=NOW)
    (role,) = work.people.by_id[confirmed.member_id].roles
    assert (role.name, role.network, role.city, role.since) == (name, "", "", DAY)


@pytest.mark.parametrize("who", [MINISTRY, EXPERT, ZORY])
async def test_others_neither_confirm_nor_decline(who: Member) -> None:
    work = world()
    await asked(work)
    for act in (confirm_introduction, decline_introduction):
        with pytest.raises(NotAllowed):
            await act(work, acting(who), "v1", now=NOW)
    assert work.introductions.by_visitor == {"v1": ASKED}


async def test_whoever_is_declined_may_try_again_and_not_for_ever() -> None:
    work = world()
    for number in range(1, 4):
        assert (await asked(work)).revision == number
        with pytest.raises(Refused, match="już czeka"):
            await asked(work)
        await decline_introduction(work, acting(GUARDIAN), "v1", now=NOW)
        with pytest.raises(Refused, match="już zdecydował"):
            await confirm_introduction(work, acting(GUARDIAN), "v1", now=NOW)
    with pytest.raises(Refused, match="kontakt z koordynacją"):
        await asked(work)
    assert work.introductions.accounts == {}
    declined = [event for event, _, _ in work.recorded if isinstance(event, IntroductionDeclined)]
    assert [one.revision for one in declined] == [1, 2, 3]


async def test_what_is_not_there_cannot_be_confirmed() -> None:
    with pytest.raises(NotFound):
        await confirm_introduction(world(), acting(COORDINATOR), "v9", now=NOW)
