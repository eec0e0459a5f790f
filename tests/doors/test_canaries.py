"""P20, secrets stay in: a hub with canaries for secrets works, fails and ends; then everything it wrote is searched."""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

import aiohttp
from yarl import URL

from pim_bot.bootstrap import put_together
from pim_bot.clock import machine_clock
from pim_bot.playground.faults import Drop, ServerError
from pim_bot.playground.server import LocalSlack
from pim_bot.playground.workspace import Workspace
from tests.endtoend.running import environment, until
from tests.engines import SQLiteEngines
from tests.hub import BOT, MONDAY_NINE, PEOPLE, fill_workspace, import_text, settings_for, shipped
from tests.integration.test_bad_input import WORKSHOP
from tests.services import free_port

TOKEN = "kanarekLinku-0123456789abcdefghijklmnopqrstuvwxyz"
CANARIES = {
    "SLACK_BOT_TOKEN": "xoxb-1-kanarek-bota",
    "SLACK_SIGNING_SECRET": "kanarek-podpisu-nowy,kanarek-podpisu-stary",
    "PIM_SECRET_KEY": "kanarek-klucza-nowy-0123456789abcdef,kanarek-klucza-stary-0123456789abcdef",
}
ELSEWHERE = {
    "PIM_DATABASE_URL": "postgresql://pim:kanarek-bazy@127.0.0.1:9/pim",
    "PIM_BROKER_URL": "redis://:kanarek-kolejki@127.0.0.1:9/0",
    "SLACK_APP_TOKEN": "xapp-1-kanarek-aplikacji",
    "HTTPS_PROXY": "http://pim:kanarek-proxy@127.0.0.1:9",
}
EMAILS = ("koordynatorka@example.org", "rozwoj@zory.example.org", "rozwoj@lublin.example.org", "@example.org")


async def _fill(folder: Path, slack_api: str, address: str) -> None:
    settings = settings_for(folder, slack_api, database_url=address, SLACK_BOT_TOKEN=CANARIES["SLACK_BOT_TOKEN"])
    async with put_together(settings) as parts:
        await parts.migrate()
        parts.clock.set_to(MONDAY_NINE)
        await import_text(parts, shipped("pim2-2021-2023.yaml"))
        await import_text(parts, PEOPLE.encode())
        await parts.winding.settle()
        async with parts.storage.work() as work:
            await work.keep_offset(parts.clock.offset)


class Program:
    """The hub as a process; everything that it says is kept."""

    def __init__(self, settings: dict[str, str], cwd: Path) -> None:
        self._environment = environment(settings) | {"PYTHONPATH": os.environ.get("PYTHONPATH", os.getcwd())}  # noqa: PTH109
        self._cwd = cwd
        self.said = b""

    async def ran(self, *words: str, **settings: str) -> None:
        """Run a command to its end."""
        process = await self._start(*words, **settings)
        self.said += (await process.communicate())[0]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the hub meanwhile."""
        process = await self._start("run")
        reading = asyncio.create_task(self._read(process))
        try:
            await until(lambda: b'"started"' in self.said or reading.done(), seconds=60, what="the hub starts")
            yield
        finally:
            process.terminate()
            await reading

    async def _start(self, *words: str, **settings: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "pim_bot", *words,
            env=self._environment | settings, cwd=self._cwd,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said += line
        await process.wait()


async def work_and_fail(slack: LocalSlack, file: Path) -> list[str]:
    """Let people, strangers and a broken database have to do with the hub; tells every page that it answered."""
    planner = slack.as_user("UKOORDYNATORKA")
    for name in ("UKOORDYNATORKA", "UZORY", "ULUBLIN"):
        await slack.as_user(name).command("/pim", "pomoc")
    slack.faults.next("chat.postMessage", ServerError(), Drop(), ServerError())
    await planner.command("/pim", "wydarzenie")
    await planner.submit(planner.modal, WORKSHOP)
    pages = await knocked(slack)
    await asyncio.to_thread(rename, file, "activity", "activity_gone")
    pages += [repr(await planner.command("/pim", name)) for name in ("terminy", "wydarzenie")]
    await planner.command("/pim", f"terminy {EMAILS[1]}")  # what people type is shown to them, and logged nowhere
    await asyncio.to_thread(rename, file, "activity_gone", "activity")
    return pages


def rename(file: Path, old: str, new: str) -> None:
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")


async def knocked(slack: LocalSlack) -> list[str]:
    """What strangers read who know a secret and try it everywhere."""
    assert slack.app_url is not None
    start = URL(slack.app_url).origin()
    secrets = {"Authorization": f"Bearer {CANARIES['SLACK_BOT_TOKEN']}", "X-Slack-Signature": "v0=kanarek-podpisu-nowy"}
    paths = [f"/ical/siec/{TOKEN}.ics", f"/panel/{TOKEN}", f"/?token={TOKEN}", f"/%0d%0a{TOKEN}", "/readyz"]
    found = []
    async with aiohttp.ClientSession(headers=secrets) as session:
        for path in paths:
            for method in ("GET", "POST"):
                async with session.request(method, URL(f"{start}{path}", encoded=True)) as response:
                    found.append(f"{response.headers} {await response.text()}")
    for body in (b"{", b'{"type": "event_callback"}'):
        answer = await slack.deliver(slack.signed(body, "application/json"))
        found.append(f"{answer}")
    reader, writer = await asyncio.open_connection(start.host, start.port)
    writer.write(f"GET /{TOKEN} HTTP/1.1\r\nno header {CANARIES['SLACK_BOT_TOKEN']}\r\n\r\n".encode())
    await writer.drain()
    await reader.read()  # what no HTTP is comes back to its sender; it is the log that must not tell it
    writer.close()
    await writer.wait_closed()
    return found


def told(text: str, *, emails: bool) -> set[str]:
    """Which canaries are in a text."""
    secrets = {part for value in (*CANARIES.values(), *ELSEWHERE.values()) for part in value.split(",")}
    words = {"kanarek-", TOKEN, *secrets, *(EMAILS if emails else ())}
    return {word for word in words if word in text}


async def test_no_canary_is_found_in_anything_the_hub_wrote(sqlite: SQLiteEngines) -> None:
    bot = {"bot_user_id": BOT, "bot_token": CANARIES["SLACK_BOT_TOKEN"]}
    workspace = Workspace(machine_clock=machine_clock, programme_clock=machine_clock, **bot)
    fill_workspace(workspace)
    async with LocalSlack(workspace, signing_secret="kanarek-podpisu-stary") as slack:
        await sqlite.start_from("canaries", partial(_fill, sqlite.folder, slack.api_url))
        port = free_port()
        slack.app_url = f"http://127.0.0.1:{port}/slack/events"
        program = Program(
            CANARIES
            | {
                "PIM_DATABASE_URL": sqlite.database_url,
                "PIM_SLACK_API_URL": slack.api_url,
                "PIM_PORT": str(port),
                "PIM_POLL_SECONDS": "0.1",
                "PIM_DOUBT_SECONDS": "0.2",
                "PIM_LEASE_SECONDS": "0.5",
            },
            sqlite.folder,
        )
        async with program.running():
            pages = await work_and_fail(slack, sqlite.file)
            await until(
                lambda: any("Woda opadowa" in message.text for message in workspace.messages("CZIELONE")),
                seconds=60,
                what="the announcement comes in spite of all faults",
            )
        await asyncio.gather(
            program.ran("doctor"), program.ran("doctor", "--json", **ELSEWHERE), program.ran("run", **ELSEWHERE)
        )
    said = program.said.decode()
    # Without these the search would have found nothing because nothing was there.
    assert '"event": "request.failed"' in said
    assert "Traceback" in said
    assert "no such table" in said
    assert "request.not-http" in said
    calls = workspace.calls.all
    sent = [json.dumps([call.arguments, call.answer], default=str) for call in calls]
    metadata = [json.dumps(call.arguments["metadata"]) for call in calls if "metadata" in call.arguments]
    assert metadata
    dump = b"".join(path.read_bytes() for path in sqlite.folder.glob("pim_bot.db*")).decode("latin-1")
    assert "rozwoj@zory.example.org" in dump
    found = {
        "logs and the doctor": told(said, emails=True),
        "pages": told("".join(pages), emails=True),
        "messages": told("".join(sent), emails=False),
        "metadata": told("".join(metadata), emails=True),
        "database": told(dump, emails=False),
    }
    assert found == {name: set() for name in found}
