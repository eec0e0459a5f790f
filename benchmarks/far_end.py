"""The far end in a process of its own: a local Slack that answers at once.

``python -m benchmarks.far_end PORT DATABASE``: the people and channels are those of the hub's database.
"""

import asyncio
import signal
import sys

from aiohttp import web

from benchmarks.furnish import chat_channels, chat_people
from benchmarks.payloads import TEAM
from pim_bot.clock import machine_clock
from pim_bot.playground.server import LARGEST_CALL, LocalSlack, attach
from pim_bot.playground.workspace import Workspace
from pim_bot.storage.engine import make_engine
from tests.hub import BOT, SECRET


async def serve(port: int, address: str) -> None:
    """Serve until SIGTERM."""
    engine = make_engine(address)
    people, channels = await chat_people(engine), await chat_channels(engine)
    await engine.dispose()
    workspace = Workspace(
        machine_clock=machine_clock,
        programme_clock=machine_clock,
        team_id=TEAM,
        bot_user_id=BOT,
        bot_token="xoxb-of-the-tests",
    )
    for user, email in people:
        workspace.add_user(id=user, name=email.split("@", maxsplit=1)[0], real_name=email, email=email, locale="pl-PL")
    for channel, name in channels:
        workspace.add_channel(id=channel, name=name, members=[BOT, *(user for user, _ in people)])
    slack = LocalSlack(workspace, signing_secret=SECRET)
    app = web.Application(client_max_size=LARGEST_CALL)
    attach(app, switchboard=slack.switchboard, base_url=f"http://127.0.0.1:{port}")

    async def ready(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app.router.add_get("/readyz", ready)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
