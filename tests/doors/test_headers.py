"""Every answer of every address says what a browser may do with it, and none sends anybody elsewhere."""

import ast
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from pim_bot.bootstrap import Parts, put_together, serving
from pim_bot.demo import demo_settings, furnish
from pim_bot.playground.browser import HERE
from pim_bot.web.headers import HEADERS, YEAR_SECONDS, secured
from tests.engines import SQLiteEngines
from tests.hub import RunningHub, running_hub

PACKAGE = Path(__file__).parents[2] / "pim_bot"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
IN_PATHS = {
    "name": "playground.js",
    "method": "api.test",
    "key": "none",
    "slug": "miasto-zielone",
    "token": "none",
    "id": "F1",
    "rest": "lista.xlsx",
}
HOSTILE = {"Host": "evil.example.org", "X-Forwarded-Host": "evil.example.org", "Referer": "https://evil.example.org/"}
QUERY = dict.fromkeys(("next", "url", "return", "redirect", "to", "continue"), "https://evil.example.org/")


def problems(response: aiohttp.ClientResponse) -> list[str]:
    """What the headers of an answer lack."""
    headers = response.headers
    wrong = [name for name, value in ALWAYS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";") if rule.strip())
    wrong += [
        f"policy {name}" for name in ("default-src", "base-uri", "frame-ancestors") if rules.get(name) != "'none'"
    ]
    wrong += [f"policy allows {word}" for word in ("unsafe", "*", "http", "data:", "blob:") if word in policy]
    wrong += ["Server"] if "Server" in headers else []
    wrong += ["Cache-Control"] if "Cache-Control" not in headers else []
    return wrong


@asynccontextmanager
async def the_demo(folder: Path) -> AsyncIterator[tuple[Parts, URL]]:
    """The hub with every page there is: the demo has the playground besides."""
    settings = demo_settings(folder, host="127.0.0.1", port=0)
    async with put_together(settings) as parts:
        await parts.migrate()
        switchboard = await furnish(parts)
        async with serving(parts) as port:
            switchboard.app_url = f"http://127.0.0.1:{port}/slack/events"
            yield parts, URL(f"http://127.0.0.1:{port}")


def addresses(app: web.Application, start: URL) -> list[tuple[str, URL]]:
    """A method and an address of every route."""
    found = []
    for route in app.router.routes():
        assert route.resource is not None
        path = route.resource.canonical
        for name, value in IN_PATHS.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, f"what stands there in {path}? Please name it in IN_PATHS."
        found.append(("POST" if route.method == "*" else route.method, start.with_path(path)))
    return found


async def test_every_page_there_is_says_what_a_browser_may_do_with_it(tmp_path: Path) -> None:
    wrong: dict[str, object] = {}
    statuses = set()
    timeout = aiohttp.ClientTimeout(total=5)
    async with the_demo(tmp_path) as (parts, start), aiohttp.ClientSession(timeout=timeout) as session:
        asked = addresses(parts.app, start)
        asked += [("GET", start / "playground" / "static" / path.name) for path in (HERE / "static").iterdir()]
        asked += [("GET", start / "no" / "such" / "page"), ("DELETE", start / "healthz")]
        asked += [("GET", start / "playground" / "static" / "none"), ("POST", start / "playground" / "api" / "x")]
        for method, address in asked:
            async with session.request(method, address, allow_redirects=False) as response:
                statuses.add(response.status)
                if found := problems(response):
                    wrong[f"{method} {address.path} {response.status}"] = found
    assert wrong == {}
    assert statuses >= {200, 302, 401, 404, 405, 415}


async def test_an_error_of_ours_says_it_too_and_nothing_else() -> None:
    async def broken(_: web.Request) -> web.Response:
        raise RuntimeError("a-secret-of-the-inside")

    app = web.Application()
    app.on_response_prepare.append(secured(https=False))
    app.router.add_get("/", broken)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as response:
            assert (response.status, problems(response)) == (500, [])
            assert "secret" not in await response.text()
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("public", "said"), [("https://hub.example.org", f"max-age={YEAR_SECONDS}"), ("http://hub.example.org", None)]
)
async def test_browsers_are_told_to_stay_encrypted_only_where_it_is(
    sqlite: SQLiteEngines, public: str, said: str | None
) -> None:
    async with running_hub(sqlite, public_url=public) as hub, aiohttp.ClientSession() as session:
        for path in ("/healthz", "/none", "/ical/siec/miasto-zielone.ics"):
            async with session.get(f"{address(hub)}{path}") as response:
                assert response.headers.get("Strict-Transport-Security") == said, path


def address(hub: RunningHub) -> str:
    assert hub.slack.app_url is not None
    return hub.slack.app_url.removesuffix("/slack/events")


async def test_a_calendar_may_be_kept_by_its_subscriber(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite) as hub, aiohttp.ClientSession() as session:
        async with session.get(f"{address(hub)}/ical/siec/miasto-zielone.ics") as response:
            assert (response.headers["Cache-Control"], problems(response)) == ("private, max-age=300", [])
            etag = response.headers["ETag"]
        async with session.get(
            f"{address(hub)}/ical/siec/miasto-zielone.ics", headers={"If-None-Match": etag}
        ) as response:
            assert (response.status, problems(response)) == (304, [])
        async with session.get(f"{address(hub)}/healthz") as response:
            assert response.headers["Cache-Control"] == HEADERS["Cache-Control"] == "no-store"


async def test_nobody_is_sent_elsewhere(tmp_path: Path) -> None:
    redirects = {}
    async with the_demo(tmp_path) as (parts, start), aiohttp.ClientSession() as session:
        paths = [at for method, at in addresses(parts.app, start) if method == "GET" and "changes" not in at.path]
        twisted = [
            "//evil.example.org",
            "//evil.example.org/playground",
            "/playground//evil.example.org",
            "/%2F%2Fevil",
        ]
        for at in [*paths, *(URL(f"{start}{path}", encoded=True) for path in twisted)]:
            async with session.get(at.update_query(QUERY), headers=HOSTILE, allow_redirects=False) as response:
                if 300 <= response.status < 400:
                    redirects[at.path] = response.headers["Location"]
    assert redirects == {
        "/": "/playground/",
        "/playground": "/playground/",
        "/playground/files/F1/lista.xlsx": "/signin",  # as the chat answers whoever has no token
    }


def test_the_code_knows_where_it_sends_people() -> None:
    """Where somebody is sent is written in the code, never read from the request."""
    redirecting = {name for name in dir(web) if name.startswith("HTTP") and _is_redirect(getattr(web, name))}
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in redirecting:
                found.append(f"{path.name}: {ast.unparse(node)}")
            elif isinstance(node, ast.Constant) and node.value in ("Location", "LOCATION", "Refresh"):
                found.append(f"{path.name}: {node.value}")
    assert sorted(found) == [
        "browser.py: web.HTTPFound(f'{prefix}/')",
        "demo.py: web.HTTPFound('/playground/')",
        "files.py: web.HTTPFound('/signin')",
        "files.py: web.HTTPFound(file.leads_to)",  # only a test sets it, to see that no token follows
    ]


def _is_redirect(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, web.HTTPRedirection) and thing is not web.HTTPRedirection
