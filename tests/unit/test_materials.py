"""Materials of activities: brought by the network, found by words in any case, taken away by who brought them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import MaterialAdded, MaterialRemoved
from pim_bot.programme.activity import Activity
from pim_bot.programme.material import Material
from pim_bot.programme.materials import add_material, find_materials, remove_material
from pim_bot.programme.people import Member, RoleName
from pim_bot.programme.scheduling import cancel_activity, schedule_activity
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    DRAFT,
    EDITION,
    EXPERT,
    GUARDIAN,
    HUB,
    LUBLIN,
    NOBODY,
    NOW,
    ZORY,
    acting,
    person,
    programme,
)

LINK = "https://pliki.example.org/laki.pdf"
ELSEWHERE = person("elsewhere", RoleName.OFFICIAL, network="cyfrowe", city="gdynia")


async def planned() -> tuple[FakeWork, Activity]:
    work = programme(ELSEWHERE)
    draft = replace(DRAFT, title="Piąta wizyta", place="Poznań, Urząd Miasta")
    return work, await schedule_activity(work, HUB, EDITION, draft, now=NOW)


async def added(work: FakeWork, activity: Activity, by: Member = ZORY, **changes: str) -> Material:
    facts = {"title": "Łąki kwietne", "link": LINK, **changes}
    return await add_material(work, acting(by), activity.id, now=NOW, **facts)


async def test_a_material_is_kept_and_the_same_address_again_is_the_same() -> None:
    work, activity = await planned()
    material = await added(work, activity)
    assert work.materials.by_id == {
        material.id: Material(
            id=material.id, activity_id=activity.id, title="Łąki kwietne", link=LINK, added_by="zory", added_at=NOW
        )
    }
    assert work.recorded[-1] == (
        MaterialAdded(material_id=material.id, activity_id=activity.id),
        "member:zory",
        NOW,
    )
    before = work.state()
    assert await added(work, activity, EXPERT, title="Inny tytuł") == material
    assert work.state() == before


async def test_it_can_be_added_after_the_activity_too_but_not_to_a_cancelled_one() -> None:
    work, activity = await planned()
    after = activity.ends_at + timedelta(days=3)
    await add_material(work, acting(GUARDIAN), activity.id, title="Nagranie", link=LINK, now=after)
    assert len(work.materials.by_id) == 1
    other = await schedule_activity(work, HUB, EDITION, DRAFT, now=NOW)
    await cancel_activity(work, HUB, other.id, reason="", now=NOW)
    before = work.state()
    with pytest.raises(Refused):
        await added(work, other)
    with pytest.raises(NotFound):
        await add_material(work, acting(ZORY), "no-such-activity", title="x", link=LINK, now=NOW)
    assert work.state() == before


async def test_people_of_other_networks_bring_nothing_unless_their_city_hosts() -> None:
    work, activity = await planned()
    for member in (ELSEWHERE, NOBODY):
        with pytest.raises(NotAllowed):
            await added(work, activity, member)
    work.activities.by_id[activity.id] = replace(activity, cities=("gdynia",))
    await added(work, activity, ELSEWHERE)
    assert [one.added_by for one in work.materials.by_id.values()] == ["elsewhere"]


async def test_everything_wrong_is_told_at_once() -> None:
    work, activity = await planned()
    before = work.state()
    with pytest.raises(Refused) as refused:
        await added(work, activity, title=" ", link="javascript:alert(1)")
    assert set(refused.value.fields) == {"title", "link"}
    assert work.state() == before


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("", True),
        ("Poznań", True),
        ("prezentację z Poznania", True),
        ("w Poznaniu", True),
        ("poznan laki", True),
        ("ŁĄK", True),
        ("slides from Poznań", True),
        ("Lublin", False),
        ("Poznań deszcz", False),
    ],
)
async def test_materials_are_found_by_words_in_any_case(typed: str, is_found: bool) -> None:  # noqa: FBT001
    work, activity = await planned()
    material = await added(work, activity)
    found = await find_materials(work, acting(LUBLIN), EDITION, typed, now=NOW)
    assert [(one.activity, list(one.materials), one.own) for one in found] == (
        [(activity, [material], frozenset())] if is_found else []
    )


async def test_what_belongs_to_advice_for_one_city_is_found_by_that_city_alone() -> None:
    work = programme()
    advice = replace(DRAFT, kind="doradztwo", cities=("zory",))
    activity = await schedule_activity(work, HUB, EDITION, advice, now=NOW)
    await added(work, activity)
    seeing = [
        member.id
        for member in (ZORY, LUBLIN, EXPERT, GUARDIAN)
        if await find_materials(work, acting(member), EDITION, "", now=NOW)
    ]
    assert seeing == ["zory", "expert"]
    with pytest.raises(NotAllowed):
        await added(work, activity, GUARDIAN, link="https://a.pl")


async def test_who_brought_it_and_who_plans_take_it_away() -> None:
    work, activity = await planned()
    for remover in (ZORY, GUARDIAN, COORDINATOR):
        material = await added(work, activity)
        with pytest.raises(NotAllowed):
            await remove_material(work, acting(LUBLIN), material.id, now=NOW)
        found = await find_materials(work, acting(remover), EDITION, "", now=NOW)
        assert found[0].own == {material.id}
        await remove_material(work, acting(remover), material.id, now=NOW)
        assert work.materials.by_id == {}
        assert work.recorded[-1][0] == MaterialRemoved(material_id=material.id, activity_id=activity.id)
    before = work.state()
    await remove_material(work, acting(ZORY), material.id, now=NOW)
    assert work.state() == before
