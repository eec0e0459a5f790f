"""The page in the browser: its files, its state, its stream of changes, and what people do on it."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from aiohttp import hdrs, web

from pim_bot.playground.model import Json, SlackError
from pim_bot.playground.outcome import Outcome
from pim_bot.playground.snapshot import Snapshot
from pim_bot.playground.switchboard import Place, Switchboard

HERE = Path(__file__).parent
KEEP_ALIVE = 15.0
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class Winder(Protocol):
    """Winds programme time for the page; whatever falls due on the way happens."""

    async def forward(self, *, hours: int = 0, days: int = 0) -> datetime:
        """Wind by hours and days; tells the time then."""
        ...

    async def to_next_due(self) -> datetime | None:
        """Wind to the next instant at which something is due; None if nothing is."""
        ...


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """A shortcut of the app, as its manifest names it; `on_message` puts it into the menu of every message."""

    callback_id: str
    name: str
    on_message: bool = False


@dataclass(frozen=True, kw_only=True)
class PageText:
    """What the host tells the page: its name, the command, what to try first (in each language), the shortcuts."""

    product: str = "pim_bot"
    command: str = "/pim"
    try_first: Mapping[str, Sequence[str]] = field(default_factory=dict)
    examples: Sequence[str] = ()
    """Texts after the command that the composer offers."""
    shortcuts: Sequence[Shortcut] = ()
    reactions: Sequence[str] = ()
    """Reactions that the menu of every message offers, by name."""
    zone: str = "Europe/Warsaw"
    home: bool = True
    """Whether the app has a Home tab, as its manifest says."""

    def as_json(self) -> Json:
        """Tell it to the browser."""
        return {
            "product": self.product,
            "command": self.command,
            "try_first": {language: list(lines) for language, lines in self.try_first.items()},
            "examples": list(self.examples),
            "shortcuts": [vars(shortcut) for shortcut in self.shortcuts],
            "reactions": list(self.reactions),
            "zone": self.zone,
            "home": self.home,
        }


class BrowserPage:
    """The page and its routes. Without a winder the clock stands as it is; before it is ``ready`` the page waits."""

    def __init__(
        self,
        switchboard: Switchboard,
        *,
        winder: Winder | None = None,
        text: PageText | None = None,
        ready: asyncio.Event | None = None,
    ) -> None:
        self._switchboard = switchboard
        self._workspace = switchboard.workspace
        self._snapshot = Snapshot(switchboard)
        self._winder = winder
        self._text = text or PageText()
        self._ready = ready
        self._winding = asyncio.Lock()
        self._streams: set[asyncio.Event] = set()
        self._closing = False
        self._events: set[asyncio.Task[Any]] = set()

    def attach(self, app: web.Application, prefix: str) -> None:
        """Mount the page under `prefix`."""
        app.router.add_get(f"{prefix}/", self._page)
        if prefix:
            app.router.add_get(prefix, _to(prefix))
        app.router.add_get(f"{prefix}/static/{{name}}", self._static)
        app.router.add_get(f"{prefix}/ui/settings", self._settings)
        app.router.add_get(f"{prefix}/ui/state", self._state)
        app.router.add_get(f"{prefix}/ui/changes", self._changes)
        for name, act in self._acts().items():
            app.router.add_post(f"{prefix}/ui/{name}", _guarded(act))
        app.on_shutdown.append(self._end)

    def _acts(self) -> dict[str, Callable[[Json], Awaitable[Json]]]:
        return {
            "command": self._command,
            "say": self._say,
            "drop": self._drop,
            "click": self._click,
            "suggest": self._suggest,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "shortcut": self._shortcut,
            "react": self._react,
            "edit": self._edit,
            "remove": self._remove,
            "read": self._read,
            "wind": self._wind,
        }

    # Files and state

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(HERE / "templates" / "playground.html", headers=HEADERS)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        files = {path.name: path for path in (HERE / "static").iterdir()}
        path = files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=HEADERS)

    async def _settings(self, request: web.Request) -> web.Response:
        if self._ready is not None:
            await self._ready.wait()
        told = self._text.as_json() | {"people": self._snapshot.people(), "can_wind": self._winder is not None}
        return web.json_response(told, headers=HEADERS)

    async def _state(self, request: web.Request) -> web.Response:
        try:
            told = self._snapshot.of(request.query.get("user", ""), request.query.get("channel"))
        except SlackError as refusal:
            return web.json_response({"error": refusal.error}, status=404, headers=HEADERS)
        return web.json_response(told, headers=HEADERS)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Tell the browser whenever something is different, as Server-Sent Events."""
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await response.prepare(request)
        woken = asyncio.Event()
        woken.set()
        self._streams.add(woken)
        unsubscribe = self._workspace.subscribe(woken.set)
        try:
            await self._tell(response, woken)
        except ConnectionError:
            pass  # the browser has left
        finally:
            unsubscribe()
            self._streams.discard(woken)
        return response

    async def _tell(self, response: web.StreamResponse, woken: asyncio.Event) -> None:
        while not self._closing:
            try:
                await asyncio.wait_for(woken.wait(), KEEP_ALIVE)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            woken.clear()
            await response.write(f"data: {self._workspace.revision}\n\n".encode())

    async def _end(self, _: web.Application) -> None:
        self._closing = True
        for woken in self._streams:
            woken.set()
        for task in self._events:
            task.cancel()
        await asyncio.gather(*self._events, return_exceptions=True)

    # What people do

    async def _command(self, given: Json) -> Json:
        command, _, text = str(given["text"]).strip().partition(" ")
        outcome = await self._switchboard.command(given["user"], command, text.strip(), given["channel"])
        return _told(outcome)

    async def _say(self, given: Json) -> Json:
        message = self._switchboard.write(given["user"], given["channel"], given["text"])
        self._in_background(self._switchboard.tell_of(message))
        return {}

    async def _drop(self, given: Json) -> Json:
        data = base64.b64decode(str(given["data"]), validate=True)
        file = self._workspace.store(given["user"], str(given["name"]), data)
        message = self._switchboard.write_files(given["user"], given["channel"], [file])
        self._in_background(self._switchboard.tell_of_files(message))
        return {}

    async def _click(self, given: Json) -> Json:
        outcome = await self._switchboard.click(
            given["user"],
            self._place(given),
            given["action_id"],
            given.get("value"),
            block_id=given.get("block_id"),
            typed=given.get("typed"),
        )
        return _told(outcome)

    async def _suggest(self, given: Json) -> Json:
        place = self._place(given)
        outcome = await self._switchboard.suggest(
            given["user"], place, given["action_id"], given["query"], block_id=given.get("block_id")
        )
        return _told(outcome) | {"options": list(outcome.options)}

    async def _submit(self, given: Json) -> Json:
        view = self._workspace.views.find(given["view_id"])
        return _told(await self._switchboard.submit(given["user"], view, given["typed"]))

    async def _close(self, given: Json) -> Json:
        view = self._workspace.views.find(given["view_id"])
        answers = await self._switchboard.close(given["user"], view, all_of_them=bool(given.get("all")))
        return {"error": next((answer.error for answer in answers if answer.error), None)}

    async def _home(self, given: Json) -> Json:
        self._in_background(self._switchboard.open_home(given["user"]))
        return {}

    async def _shortcut(self, given: Json) -> Json:
        message = self._workspace.message(given["channel"], given["ts"]) if given.get("ts") else None
        return _told(await self._switchboard.shortcut(given["user"], given["callback_id"], message))

    async def _react(self, given: Json) -> Json:
        message = self._workspace.message(given["channel"], given["ts"])
        self._in_background(self._switchboard.react(given["user"], message, str(given["name"])))
        return {}

    async def _edit(self, given: Json) -> Json:
        message = self._workspace.message(given["channel"], given["ts"])
        self._switchboard.refuse_others(given["user"], message, "cant_update_message")
        self._in_background(self._switchboard.edit(given["user"], message, str(given["text"])))
        return {}

    async def _remove(self, given: Json) -> Json:
        message = self._workspace.message(given["channel"], given["ts"])
        self._switchboard.refuse_others(given["user"], message, "cant_delete_message")
        self._in_background(self._switchboard.remove(given["user"], message))
        return {}

    async def _read(self, given: Json) -> Json:
        self._workspace.mark_read(given["user"], given["channel"])
        return {}

    async def _wind(self, given: Json) -> Json:
        """Wind the clock; a second press waits for the first."""
        if self._winder is None:
            raise SlackError("no_winder")
        async with self._winding:
            if given.get("next"):
                now = await self._winder.to_next_due()
            else:
                now = await self._winder.forward(hours=_forward(given, "hours"), days=_forward(given, "days"))
        self._workspace.changed()
        return {"now": now.isoformat() if now is not None else None}

    def _place(self, given: Json) -> Place:
        if given.get("view_id"):
            return self._workspace.views.find(given["view_id"])
        return self._workspace.message(given["channel"], given["ts"])

    def _in_background(self, work: Any) -> None:
        # A failed event is sent again after minutes; the person at the page does not wait for that.
        task = asyncio.ensure_future(work)
        self._events.add(task)
        task.add_done_callback(self._events.discard)


def _to(prefix: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Send whoever left out the last stroke of the address to the page."""

    async def to_page(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"{prefix}/")

    return to_page


def _forward(given: Json, unit: str) -> int:
    count = int(given.get(unit, 0))
    if count < 0:
        raise ValueError("time goes forward only")
    return count


def _told(outcome: Outcome) -> Json:
    return {"error": outcome.error, "errors": dict(outcome.errors), "withheld": dict(outcome.withheld)}


def _guarded(act: Callable[[Json], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Let in only the page itself: another site can send neither JSON nor this header from a browser."""

    async def handle(request: web.Request) -> web.Response:
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise web.HTTPForbidden
        if request.headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0] != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            told = await act(await request.json())
        except (SlackError, LookupError, ValueError, TypeError) as problem:
            return web.json_response({"error": str(problem)}, status=400, headers=HEADERS)
        return web.json_response(told, headers=HEADERS)

    return handle
