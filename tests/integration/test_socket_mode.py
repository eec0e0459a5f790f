"""Socket Mode: the same requests, over a socket that the hub opens itself; no public address is needed."""

from pim_bot.bootstrap import put_together, serving
from pim_bot.playground.server import LocalSlack
from pim_bot.storage.engine import make_engine, upgrade
from tests.engines import Engines
from tests.hub import (
    MONDAY_NINE,
    PEOPLE,
    SECRET,
    RunningHub,
    StillClock,
    import_text,
    make_workspace,
    settings_for,
    shipped,
)
from tests.integration.test_walk import LINE, WORKSHOP


async def _make_tables(address: str) -> None:
    engine = make_engine(address)
    await upgrade(engine)
    await engine.dispose()


async def test_an_activity_is_scheduled_and_answered_over_socket_mode(engines: Engines) -> None:
    machine = StillClock(MONDAY_NINE)
    workspace = make_workspace(machine)
    async with LocalSlack(workspace, signing_secret=SECRET) as slack:
        await engines.start_from("empty", _make_tables)
        settings = settings_for(
            engines.folder,
            slack.api_url,
            database_url=engines.database_url,
            SLACK_SIGNING_SECRET="",
            SLACK_APP_TOKEN=workspace.app_token,
        )
        async with put_together(settings, machine=machine) as parts:
            await parts.migrate()
            parts.clock.set_to(MONDAY_NINE)
            await import_text(parts, shipped("pim2-2021-2023.yaml"))
            await import_text(parts, PEOPLE.encode())
            async with serving(parts):
                hub = RunningHub(parts=parts, slack=slack, machine=machine)
                await hub.settle()
                planner = hub.user("koordynatorka")
                assert (await planner.command("/pim", "pomoc")).ok
                await planner.command("/pim", "wydarzenie")
                refused = await planner.submit(planner.modal, WORKSHOP | {"Koniec, godzina": "09:00"})
                assert list(refused.errors_by_label) == ["Koniec, godzina"]
                assert (await planner.submit(planner.modal, {"Koniec, godzina": "15:00"})).errors == {}
                await hub.settle()
                assert [message.text for message in hub.channel()] == [LINE]
                assert (await hub.user("zory").click(hub.channel()[0], "attend.going")).ok
                await hub.settle()
                assert "Odpowiedź: Wezmę udział." in hub.texts("zory")[0]
