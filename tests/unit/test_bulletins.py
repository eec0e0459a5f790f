"""Bulletins: whom they are for, who may send them, and who has read them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import BulletinRead, BulletinSent
from pim_bot.programme.bulletin import Audience, Bulletin, BulletinDraft
from pim_bot.programme.bulletins import read_bulletin, readers_shown, send_bulletin
from pim_bot.programme.people import Member
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    LUBLIN,
    MINISTRY,
    NOW,
    ZORY,
    acting,
    programme,
)

DRAFT = BulletinDraft(edition=EDITION, network=GREEN, title="  Nabór ", text="Trwa do piątku.", link="https://a.pl")
LATER = NOW + timedelta(hours=2)


async def sent(work: FakeWork, by: Member = GUARDIAN, **changes: object) -> Bulletin:
    bulletin, _ = await send_bulletin(work, acting(by), replace(DRAFT, **changes), now=NOW)  # type: ignore[arg-type]
    return bulletin


@pytest.mark.parametrize(
    ("network", "audience", "readers"),
    [
        (GREEN, Audience.EVERYBODY, {"expert", "guardian", "ministry", "zory", "zory2", "lublin"}),
        (GREEN, Audience.CITIES, {"zory", "zory2", "lublin"}),
        (GREEN, Audience.WORLD_BANK, {"expert"}),
        (GREEN, Audience.MINISTRIES, {"guardian", "ministry"}),
        ("", Audience.EVERYBODY, {"expert", "guardian", "ministry", "zory", "zory2", "lublin"}),
    ],
)
async def test_a_bulletin_is_for_a_side_of_a_network_and_never_for_its_sender(
    network: str, audience: Audience, readers: set[str]
) -> None:
    work = programme()
    bulletin = await sent(work, COORDINATOR, network=network, audience=audience)
    assert set(await work.bulletins.readers(bulletin.id)) == readers
    assert bulletin == Bulletin(
        edition=EDITION,
        network=network,
        audience=audience,
        title="Nabór",
        text="Trwa do piątku.",
        link="https://a.pl",
        id=bulletin.id,
        sent_by="coordinator",
        sent_at=NOW,
    )
    assert work.recorded == [(BulletinSent(bulletin_id=bulletin.id), "member:coordinator", NOW)]


async def test_a_guardian_of_any_side_tells_their_network_and_no_other() -> None:
    work = programme()
    for guardian in (GUARDIAN, MINISTRY):
        assert guardian.id not in await work.bulletins.readers((await sent(work, guardian)).id)
    before = work.state()
    for member, network in ((GUARDIAN, ""), (GUARDIAN, "cyfrowe"), (EXPERT, GREEN), (ZORY, GREEN)):
        with pytest.raises(NotAllowed):
            await sent(work, member, network=network)
    assert work.state() == before


async def test_everything_wrong_is_told_at_once_and_nothing_is_sent() -> None:
    work = programme()
    with pytest.raises(Refused) as refused:
        await sent(work, title="\u200b", text="x" * 2001, link="javascript:alert(1)")
    assert set(refused.value.fields) == {"title", "text", "link"}
    with pytest.raises(Refused) as nobody:
        await sent(work, COORDINATOR, network="cyfrowe", audience=Audience.WORLD_BANK)
    assert set(nobody.value.fields) == {"audience"}
    assert (work.bulletins.by_id, work.recorded) == ({}, [])


async def test_a_person_says_once_that_they_have_read_it() -> None:
    work = programme()
    bulletin = await sent(work)
    await read_bulletin(work, acting(ZORY), bulletin.id, now=LATER)
    before = work.state()
    await read_bulletin(work, acting(ZORY), bulletin.id, now=LATER + timedelta(days=1))
    assert work.state() == before
    assert work.bulletins.read_at[bulletin.id, "zory"] == LATER
    assert work.recorded[-1] == (BulletinRead(bulletin_id=bulletin.id), "member:zory", LATER)


async def test_whoever_it_was_not_sent_to_has_nothing_to_confirm() -> None:
    work = programme()
    bulletin = await sent(work, audience=Audience.CITIES)
    before = work.state()
    with pytest.raises(Refused):
        await read_bulletin(work, acting(EXPERT), bulletin.id, now=LATER)
    with pytest.raises(NotFound):
        await read_bulletin(work, acting(ZORY), "no-such-bulletin", now=LATER)
    assert work.state() == before


async def test_the_sender_and_coordinators_see_who_has_read_it_by_city() -> None:
    work = programme()
    bulletin = await sent(work)
    await read_bulletin(work, acting(LUBLIN), bulletin.id, now=LATER)
    for member in (GUARDIAN, COORDINATOR):
        found = await readers_shown(work, acting(member), bulletin.id, now=LATER)
        assert [(one.member.id, one.side, one.city) for one in found.read] == [("lublin", Audience.CITIES, "lublin")]
        assert [(one.member.id, one.city) for one in found.unread] == [
            ("zory", "zory"),
            ("zory2", "zory"),
            ("ministry", ""),
            ("expert", ""),
        ]
    with pytest.raises(NotAllowed):
        await readers_shown(work, acting(ZORY), bulletin.id, now=LATER)
