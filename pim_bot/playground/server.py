"""Mounting the workspace onto an aiohttp application, and a server of its own for tests."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from pim_bot.playground.browser import BrowserPage
from pim_bot.playground.driver import Person
from pim_bot.playground.faults import Faults
from pim_bot.playground.files import FileDoor
from pim_bot.playground.model import Json
from pim_bot.playground.switchboard import Switchboard
from pim_bot.playground.transport import Answer, SignedRequest
from pim_bot.playground.web_api import WebApi
from pim_bot.playground.workspace import Workspace

LARGEST_CALL = 4 * 1024 * 1024


def attach(
    app: web.Application,
    *,
    switchboard: Switchboard,
    prefix: str = "",
    page: BrowserPage | None = None,
    base_url: str = "",
) -> None:
    """Mount the Web API, the Socket Mode door, the response URLs and, if given, the page under `prefix`.

    `base_url` is the address under which others reach this application (it may be set later by `set_base_url`).
    """
    api = WebApi(switchboard.workspace, link=lambda request: _link(request, prefix))
    app.router.add_route("*", f"{prefix}/api/{{method}}", api.handle)
    app.router.add_get(f"{prefix}/link", switchboard.sockets.handle)
    app.router.add_post(f"{prefix}/hooks/{{key}}", switchboard.response_urls.handle)
    app.router.add_get(f"{prefix}/files/{{id}}/{{rest:.*}}", FileDoor(switchboard.workspace).handle)
    if page is not None:
        page.attach(app, prefix)
    if base_url:
        set_base_url(switchboard, base_url, prefix=prefix)

    async def hang_up(_: web.Application) -> None:
        await api.close()
        await switchboard.hang_up()

    app.on_shutdown.append(hang_up)


def set_base_url(switchboard: Switchboard, base_url: str, *, prefix: str = "") -> None:
    """Tell where response URLs are to point, and where files are."""
    switchboard.response_urls.base = f"{base_url.rstrip('/')}{prefix}/hooks"
    switchboard.workspace.files_url = f"{base_url.rstrip('/')}{prefix}/files"


def _link(request: web.Request, prefix: str) -> str:
    return f"ws://{request.host}{prefix}/link?ticket=local"


class LocalSlack:
    """A workspace with its own server on a free port of the loopback interface: the Slack of the tests.

    Use it as an async context manager. The bot's client gets `api_url` as its base URL; where the bot listens is
    told by `app_url`, which may be set once it is known.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        app_url: str | None = None,
        signing_secret: str = "local-signing-secret",  # noqa: S107 - the name of a local toy, no secret
        switchboard: Switchboard | None = None,
        page: Callable[[Switchboard], BrowserPage] | None = None,
    ) -> None:
        self.workspace = workspace
        self.switchboard = switchboard or Switchboard(workspace, signing_secret=signing_secret, app_url=app_url)
        self.url = ""
        self._page = page
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """The base URL for a client of the Web API."""
        return f"{self.url}/api/"

    @property
    def signing_secret(self) -> str:
        """The secret with which requests to the app are signed."""
        return self.switchboard.signing_secret

    @property
    def app_url(self) -> str | None:
        """Where the app listens."""
        return self.switchboard.app_url

    @app_url.setter
    def app_url(self, url: str | None) -> None:
        self.switchboard.app_url = url

    @property
    def faults(self) -> Faults:
        """The faults planned for the Web API."""
        return self.workspace.faults

    @property
    def last_request(self) -> SignedRequest:
        """The newest request that went to the app over HTTP."""
        return self.switchboard.requests[-1]

    def as_user(self, user_id: str) -> Person:
        """Sit down at somebody's keyboard."""
        return Person(self.switchboard, user_id)

    async def event(self, event: Json) -> list[Answer]:
        """Send the app an event, with the retries that follow a failure."""
        return await self.switchboard.event(event)

    async def deliver(self, request: SignedRequest) -> Answer:
        """Send a request to the letter: again, or forged."""
        return await self.switchboard.deliver(request)

    def signed(self, body: bytes, content_type: str = "application/x-www-form-urlencoded") -> SignedRequest:
        """Sign any body, for requests that Slack would never send."""
        return self.switchboard.signed(body, content_type)

    async def until(self, is_so: Callable[[], bool], *, seconds: float = 5.0) -> None:
        """Wait for the workspace to become as described."""
        await self.workspace.until(is_so, seconds=seconds)

    async def start(self) -> Self:
        """Listen on a free port."""
        app = web.Application(client_max_size=LARGEST_CALL)
        attach(app, switchboard=self.switchboard, page=self._page(self.switchboard) if self._page else None)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        set_base_url(self.switchboard, self.url)
        return self

    async def stop(self) -> None:
        """Close every connection and the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
