"""The list of participants from chat: a link that gives the Excel file once, to whoever may still have it."""

import re

import aiohttp
import pytest

from pim_bot.blocks import ids
from pim_bot.reports.spreadsheets import read
from pim_bot.storage.tables.flow import audit
from pim_bot.storage.tables.people import member_role
from pim_bot.storage.tables.privacy import one_time_token
from tests.hub import RunningHub
from tests.integration.test_walk import schedule


async def link_of(hub: RunningHub) -> str:
    """The link that the guardian is shown, at the address where the hub listens."""
    await hub.meet()
    await schedule(hub)
    await hub.user("zory").click(hub.user("zory").last(), ids.GOING)
    guardian = hub.user("opiekunka")
    listed = await guardian.command("/pim", "kto")
    assert listed.message is not None
    await guardian.click(listed.message, ids.EXPORT_ATTENDANCE)
    assert guardian.modal is not None
    found = re.search(r"http://hub\.example\.org(/lista/[\w-]+)", str(guardian.modal.blocks))
    assert found is not None
    return str(hub.slack.app_url).replace("/slack/events", found.group(1))


async def test_the_link_gives_the_list_once(hub: RunningHub) -> None:
    link = await link_of(hub)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):  # whoever only looks spends nothing
            async with session.get(link) as page:
                assert page.status == 200
                assert '<form method="post">' in await page.text()
        async with session.post(link) as answer:
            assert answer.headers["Content-Disposition"] == 'attachment; filename="obecnosc.xlsx"'
            rows = read(await answer.read())
        async with session.post(link) as again:
            assert again.status == 410
    assert [row[5] for row in rows] == ["Imię i nazwisko", "Rozwój, Żory (przykład)"]
    actions = [row[0] for row in await hub.rows(audit, audit.c.action)]
    assert actions.count("ParticipantsExported") == 1
    token = link.rpartition("/")[2]
    assert token not in str(await hub.rows(one_time_token))


async def test_a_link_is_of_no_use_later_elsewhere_or_to_whoever_lost_the_right(hub: RunningHub) -> None:
    link = await link_of(hub)
    hub.machine.advance(minutes=16)
    async with aiohttp.ClientSession() as session:
        for wrong in (link, link[:-3] + "xyz", link.rpartition("/")[0] + "/none"):
            async with session.post(wrong) as answer:
                assert answer.status == 410
        hub.machine.advance(minutes=-16)
        async with hub.parts.storage.engine.begin() as connection:
            await connection.execute(member_role.delete().where(member_role.c.role == "guardian"))
        async with session.post(link) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("name", ["zory", "ekspert", "ministerstwo"])
async def test_others_are_shown_no_link(hub: RunningHub, name: str) -> None:
    await hub.meet()
    await schedule(hub)
    guardian, other = hub.user("opiekunka"), hub.user(name)
    listed = await guardian.command("/pim", "kto")
    assert listed.message is not None
    before = await hub.rows(one_time_token)
    await other.click(listed.message, ids.EXPORT_ATTENDANCE)
    await hub.settle()
    assert hub.texts(name)[-1].startswith("Do tego potrzebna jest inna rola w programie.")
    assert await hub.rows(one_time_token) == before
