"""What the kind of account gives and denies, before any week begins."""

import pytest

from pim_bot.playground.model import SlackError
from pim_bot.storage.tables.people import identity, member
from tests.weeks.week import ELSEWHERE, Account, Week

WHO = "zory"


async def test_everybody_is_known_on_monday(week: Week) -> None:
    team = ELSEWHERE if week.account is Account.STRANGER else "T1"
    columns = [identity.c[name] for name in ("team_id", "user_id", "state", "member_id")]
    ((*mine, member_id),) = [row for row in await week.hub.rows(identity, *columns) if row[1] == week.me.id]
    assert mine == [team, week.me.id, "matched"]
    named = await week.hub.rows(member, member.c.id, member.c.name, member.c.language)
    assert (member_id, "Rozwój, Żory (przykład)", week.language) in named


async def test_slack_connect_has_neither_commands_nor_shortcuts_nor_home(week: Week) -> None:
    if not week.is_stranger:
        assert (await week.me.command("/pim", "terminy")).text
        assert await week.home()
        return
    for refused, act in (
        ("unknown_command", week.me.command("/pim", "terminy")),
        ("unknown_shortcut", week.me.shortcut("contribution.shortcut")),
        ("no_home_tab", week.me.open_home()),
    ):
        with pytest.raises(SlackError, match=refused):
            await act
    before = week.me.taps
    await week.ask("Kiedy najbliższe warsztaty?", "When is the next workshop?")
    assert week.me.taps == before + 1
