"""The way out leads to Slack and nowhere else: not into the inner network, not along a redirect, by no other road."""

import ast
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from socket import AddressFamily

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from pim_bot.clients.egress import (
    Egress,
    EgressRefused,
    EgressUnresolved,
    OuterResolver,
    guarded_session,
    is_outer,
)
from pim_bot.clients.slack import SlackChat, make_client
from pim_bot.clients.socket_mode import SocketMode
from pim_bot.clock import machine_clock
from pim_bot.notifications.delivery import Later, Sent, Unknown
from pim_bot.playground.server import LocalSlack
from tests.hub import make_workspace

PACKAGE = Path(__file__).parents[2] / "pim_bot"
SLACK = "https://slack.com/api/"

INNER = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 - nobody listens there
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "2002:0a00:0001::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "ff02::1",
]


def test_the_inner_network_is_known_in_all_its_disguises() -> None:
    assert [address for address in INNER if is_outer(address)] == []
    outer = ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:0101:0101::1"]
    assert [address for address in outer if not is_outer(address)] == []


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/",
        "http://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "http://slack.com/api/",
        "ws://wss-primary.slack.com/link",
        "https://slack.com:8443/api/",
        "https://slack.com.evil.example.org/",
        "https://evilslack.com/",
        "https://slack.com@evil.example.org/",
        "https://user:password@slack.com/",
        "https://evil.example.org/?slack.com",
        "https://hooks.example.org/services/T/B/x",
        "ftp://slack.com/",
        "file:///etc/passwd",
        "https://localhost/",
        "http://127.0.0.1:9/api/",
        "http://metadata.google.internal/",
    ],
)
def test_what_is_not_slack_is_refused_before_anything_is_asked(address: str) -> None:
    with pytest.raises(EgressRefused):
        Egress(SLACK).require(URL(address))


@pytest.mark.parametrize(
    ("api", "address"),
    [
        (SLACK, "https://slack.com/api/chat.postMessage"),
        (SLACK, "https://SLACK.com/api/x"),
        (SLACK, "https://slack.com./api/x"),
        (SLACK, "wss://wss-primary.slack.com/link/?ticket=x"),
        (SLACK, "https://files.slack.com/upload/v1/x"),
        (SLACK, "https://hooks.slack.com/commands/T/1/x"),
        ("https://slack-gov.com/api/", "wss://wss-primary.slack-gov.com/link"),
        ("http://127.0.0.1:8080/playground/api/", "http://127.0.0.1:8080/playground/api/x"),
        ("http://127.0.0.1:8080/playground/api/", "ws://127.0.0.1:8080/playground/link?ticket=local"),
        ("https://proxy.example.org/slack/", "https://proxy.example.org/slack/api/x"),
        ("https://proxy.example.org/slack/", "https://slack.com/api/x"),
    ],
)
def test_slack_and_what_the_operator_named_are_reached(api: str, address: str) -> None:
    Egress(api).require(URL(address))


@pytest.mark.parametrize("address", ["http://127.0.0.1:8081/", "https://127.0.0.1:8080/", "http://localhost:8080/"])
def test_the_operators_host_is_no_key_to_its_neighbours(address: str) -> None:
    with pytest.raises(EgressRefused):
        Egress("http://127.0.0.1:8080/playground/api/").require(URL(address))


class Names(AbstractResolver):
    """A name server that says what it is told to say."""

    def __init__(self, **addresses: list[str]) -> None:
        self.addresses = {name.replace("_", "."): found for name, found in addresses.items()}

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            {"hostname": host, "host": found, "port": port, "family": family, "proto": 0, "flags": 0}
            for found in self.addresses[host]
        ]

    async def close(self) -> None: ...


async def test_a_name_that_leads_into_the_inner_network_is_refused() -> None:
    names = Names(
        slack_com=["169.254.169.254"], files_slack_com=["1.1.1.1", "::ffff:10.0.0.1"], wss_slack_com=["1.1.1.1"]
    )
    names.addresses["proxy"] = ["10.0.0.1"]
    resolver = OuterResolver(names, trusted=["Proxy"])
    for host in ("slack.com", "files.slack.com"):
        with pytest.raises(EgressUnresolved, match=host):
            await resolver.resolve(host)
    assert [one["host"] for one in await resolver.resolve("wss.slack.com")] == ["1.1.1.1"]
    assert [one["host"] for one in await resolver.resolve("proxy")] == ["10.0.0.1"]


async def test_a_message_to_a_name_that_leads_inside_waits_and_connects_nowhere() -> None:
    resolver = OuterResolver(Names(slack_com=["127.0.0.1"]), trusted=[])
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=resolver), middlewares=(Egress(SLACK),)
    ) as session:
        client = make_client("xoxb-of-the-tests", SLACK, session)
        client.proxy = None
        outcome = await SlackChat(client).post("C1", {"text": "x"}, key="k", thread="")
    assert isinstance(outcome, Later)
    assert outcome.detail == "ClientConnectorDNSError"


@asynccontextmanager
async def redirecting(to: str, status: int) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that sends every call elsewhere; tells its address and who called."""
    called: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        called.append(request.path)
        return web.Response(status=status, headers={"Location": to})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", redirect)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/", called
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed_not_even_to_slack(status: int) -> None:
    async with LocalSlack(make_workspace()) as slack, redirecting(f"{slack.api_url}chat.postMessage", status) as found:
        address, called = found
        for to in (slack.api_url, address):
            async with guarded_session(address) as session:
                client = make_client("xoxb-of-the-tests", address, session)
                outcome = await SlackChat(client).post("CZIELONE", {"text": to}, key="k", thread="")
            assert isinstance(outcome, Unknown)
        assert called == ["/api/chat.postMessage"] * 2
        assert slack.workspace.messages("CZIELONE") == []


async def test_slack_itself_is_reached_through_the_guard() -> None:
    async with LocalSlack(make_workspace()) as slack, guarded_session(slack.api_url) as session:
        client = make_client("xoxb-of-the-tests", slack.api_url, session)
        assert isinstance(await SlackChat(client).post("CZIELONE", {"text": "x"}, key="k", thread=""), Sent)
        with pytest.raises(EgressRefused):
            await session.get("http://169.254.169.254/")
        with pytest.raises(EgressRefused):
            await session.get("http://[::ffff:127.0.0.1]/")
        with pytest.raises(EgressRefused):
            await session.ws_connect("ws://127.0.0.1:9/link")


async def test_socket_mode_goes_through_the_guard_too() -> None:
    """Slack's answer names the address of the socket: one that names another host is not followed."""
    gave_up: list[str] = []

    async def elsewhere() -> str:
        return "wss://evil.example.org/link"

    async def answer(_: dict[str, object]) -> None:
        raise AssertionError("nothing can come in")

    sockets = SocketMode(
        open_address=elsewhere,
        make_session=partial(guarded_session, SLACK),
        answer=answer,
        machine_clock=machine_clock,
        deaf_after=timedelta(seconds=20),
        end_after=timedelta(seconds=300),
        give_up=gave_up.append,
    )
    session = sockets.make_session()
    with pytest.raises(EgressRefused):
        await session.ws_connect("wss://evil.example.org/link")
    await session.close()
    assert await sockets.start(within=timedelta(seconds=0.5)) is False
    assert [link.is_open for link in sockets.links()] == [False, False]
    await sockets.stop(within=timedelta(seconds=1))


async def test_a_proxy_may_be_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def proxy(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        return web.json_response({"ok": True})

    server = web.Server(proxy)  # type: ignore[arg-type]
    runner = web.ServerRunner(server)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        monkeypatch.setenv("HTTP_PROXY", f"http://localhost:{port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with (
            guarded_session("http://slack.example.org/api/") as session,
            session.get("http://slack.example.org/api/x") as response,
        ):
            assert await response.json() == {"ok": True}
        assert asked == ["http://slack.example.org/api/x"]
    finally:
        await runner.cleanup()


WAYS_OUT = {
    "ClientSession",
    "TCPConnector",
    "urlopen",
    "HTTPConnection",
    "HTTPSConnection",
    "AsyncWebhookClient",
    "WebhookClient",
    "WebClient",
    "AsyncWebClient",
    "SocketModeClient",
    "AsyncSocketModeHandler",
    "create_connection",
    "open_connection",
}
FOREIGN = {"requests", "httpx", "urllib3", "http.client", "ftplib", "telnetlib", "smtplib"}


def ways_out() -> Iterator[str]:
    """Where the package opens a connection of its own to anywhere, or imports what does."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith("playground/"):
            continue  # the local chat is the other end: it calls the hub, in the demo only
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in WAYS_OUT:
                    yield f"{name}: {called}"
            elif isinstance(node, ast.Import | ast.ImportFrom):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
                yield from (f"{name}: {module}" for module in modules if module in FOREIGN)


def test_there_is_no_other_way_out() -> None:
    assert list(ways_out()) == [
        "clients/egress.py: ClientSession",
        "clients/egress.py: TCPConnector",
        "clients/slack.py: AsyncWebClient",  # with the guarded session
        "doctor/reach.py: create_connection",  # the database and the broker of the settings
    ]
