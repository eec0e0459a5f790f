"""A web that starts while Slack is away, or refuses the token, takes in all the same what Slack delivers to it."""

import pytest

from pim_bot.playground.faults import EVERY_METHOD, Drop, Fault, Refuse, ServerError
from pim_bot.storage.tables.flow import event_log
from tests.engines import Engines
from tests.hub import running_hub


@pytest.mark.parametrize("fault", [Drop(), ServerError(), Refuse("invalid_auth"), Refuse("account_inactive")], ids=str)
async def test_from_the_first_request_on_nothing_is_asked_of_slack_and_nothing_is_dropped(
    engines: Engines, fault: Fault
) -> None:
    async with running_hub(engines, looked_up=True) as hub:
        hub.slack.faults.always(EVERY_METHOD, fault)
        answer = await hub.user("zory").command("/pim", "terminy w Żorach")
        assert answer.ok
        assert answer.message is not None
        assert answer.message.text.startswith("Terminy: Żory")
        asked = len(hub.slack.workspace.calls.all)
        delivered = await hub.slack.event({"type": "member_joined_channel", "user": "UBOT", "channel": "CZIELONE"})
        assert [one.ok for one in delivered] == [True]
        assert len(hub.slack.workspace.calls.all) == asked == 0
        kept = await hub.rows(event_log, event_log.c.type)
        assert ("ChannelOpened",) in kept
