"""The fake Slack as a process of its own: ``python -m tests.harness.fake_slack FILE --app-url URL``.

Its semantics are those of ``pim_bot.playground``; its state is a file, so that a SIGKILL loses nothing that it answered
for, and started again on the same file it goes on. Under ``/control`` it is told who is there, which faults strike and
what people do; that address is no part of Slack's API and listens on the loopback only.
"""

import argparse
import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

from pim_bot.playground.driver import Person
from pim_bot.playground.faults import Drop, Fault, Late, PartialHistory, Refuse, ServerError, TooMany
from pim_bot.playground.model import Json, Message, SlackError
from pim_bot.playground.outcome import Outcome
from pim_bot.playground.server import LARGEST_CALL, attach, set_base_url
from pim_bot.playground.switchboard import Switchboard
from tests.harness.kept import KeptWorkspace
from tests.harness.slack_file import SlackFile

BOT_TOKEN = "xoxb-of-the-tests"
SIGNING_SECRET = "a-signing-secret-of-the-harness"
FAULTS: dict[str, Callable[..., Fault]] = {
    "drop": Drop,
    "server-error": ServerError,
    "late": Late,
    "too-many": TooMany,
    "refuse": Refuse,
    "partial-history": PartialHistory,
}


def fault_of(told: Json) -> Fault:
    """Read a fault: ``{"drop": {"after_accept": true}}``."""
    ((name, values),) = told.items()
    return FAULTS[name](**values)


class Control:
    """What the harness may ask of the fake beside Slack's API."""

    def __init__(self, workspace: KeptWorkspace, switchboard: Switchboard, file: SlackFile) -> None:
        self._workspace = workspace
        self._switchboard = switchboard
        self._file = file
        for name, body in file.orders():
            self._obey(name, body)

    def attach(self, app: web.Application) -> None:
        app.router.add_post("/control/{name}", self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        body = await request.json()
        asked: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "act": self._act,
            "messages": self._messages,
            "change": self._change,
        }
        if name in asked:
            return web.json_response(await asked[name](body))
        if name in ("people", "channels"):
            self._move_in(name, body)
        elif name in ("faults", "pace", "token", "calm"):
            self._obey(name, body)
            self._file.keep_order(name, body)
        else:
            raise web.HTTPNotFound
        return web.json_response({})

    def _move_in(self, name: str, body: Json) -> None:
        add = self._workspace.add_user if name == "people" else self._workspace.add_channel
        for one in body[name]:
            add(**one)

    def _obey(self, name: str, body: Json) -> None:
        """Let an order hold from now on. Each life of the fake draws from a source of its own, made of the seed."""
        faults = self._workspace.faults
        if name == "calm":
            faults.clear()
        elif name == "pace":
            faults.pace(body["method"], per_second=body["per_second"], burst=body["burst"])
        elif name == "token":
            self._workspace.refuses_token = body["refused_with"]
        elif "chance" in body:
            source = Random(f"{body['seed']}/{body['method']}/{self._workspace.life}")  # noqa: S311 - replayable
            drawn = [fault_of(one) for one in body["faults"]]
            faults.randomly(body["method"], *drawn, chance=body["chance"], source=source)
        elif body.get("always"):
            faults.always(body["method"], fault_of(body["faults"][0]))
        else:
            faults.next(body["method"], *[fault_of(one) for one in body["faults"]])

    async def _act(self, body: Json) -> Json:
        """Be a person: ``{"user": …, "do": "command" | "click" | "submit", …}``; tells what came of it."""
        person = Person(self._switchboard, body["user"])
        try:
            outcome = await self._done(person, body)
        except (LookupError, SlackError) as error:
            return {"ok": False, "error": str(error)}
        if "note" in body:
            self._workspace.note_act(body["user"], body["note"], acknowledged=outcome.ok)
        modal = person.modal
        return {
            "ok": outcome.ok,
            "text": outcome.text,
            "error": outcome.error,
            "errors": dict(outcome.errors) | dict(outcome.withheld),
            "modal": modal.id if modal is not None else None,
        }

    async def _done(self, person: Person, body: Json) -> Outcome:
        match body["do"]:
            case "command":
                return await person.command("/pim", body["text"])
            case "submit":
                return await person.submit(person.modal, body["values"])
            case "click":
                return await person.click(self._message(body), body["button"])
        raise LookupError(body["do"])

    def _message(self, body: Json) -> Message:
        return self._workspace.message(body["channel"], body["ts"])

    async def _change(self, body: Json) -> Json:
        """Let an administrator do something: archive, deactivate, leave, join, delete."""
        what: Any = getattr(self._workspace, body["what"])
        what(*body["of"])
        return {}

    async def _messages(self, body: Json) -> Json:
        """How many messages the bot has in the workspace, or those of one person's direct conversation."""
        if "user" in body:
            person = Person(self._switchboard, body["user"])
            found = [{"channel": one.channel, "ts": one.ts, "text": one.text} for one in person.messages()]
            return {"messages": found}
        return {"messages": self._workspace.standing}


async def serve(path: Path, *, port: int, app_url: str) -> None:
    """Serve until SIGTERM."""
    file = SlackFile(path)
    workspace = KeptWorkspace(file, bot_token=BOT_TOKEN)
    switchboard = Switchboard(workspace, signing_secret=SIGNING_SECRET, app_url=app_url, retry_delays=(0.05, 0.5, 2.0))
    app = web.Application(client_max_size=LARGEST_CALL)
    attach(app, switchboard=switchboard)
    Control(workspace, switchboard, file).attach(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    set_base_url(switchboard, url)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    print(url, flush=True)  # noqa: T201 - the harness reads where it listens
    await ended.wait()
    await runner.cleanup()
    file.close()


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("file", type=Path)
    reader.add_argument("--port", type=int, default=0, help="0 = any that is free")
    reader.add_argument("--app-url", default="http://127.0.0.1:8080/slack/events", help="where the hub listens")
    given = reader.parse_args()
    asyncio.run(serve(given.file, port=given.port, app_url=given.app_url))


if __name__ == "__main__":
    main()
