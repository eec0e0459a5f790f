"""One client may ask only so much; Slack may ask whatever it likes; who a client is, nobody can make up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as some

from pim_bot.errors import SettingsError
from pim_bot.settings import Settings, read_settings
from pim_bot.web.throttle import Clients, Throttle, per_minute, throttled
from tests.doors.test_headers import address
from tests.engines import SQLiteEngines
from tests.hub import RunningHub, StillClock, running_hub
from tests.integration.test_doors import queries

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PER_MINUTE = 20


@given(
    steps=some.lists(some.tuples(some.sampled_from("ab"), some.integers(0, 90)), max_size=60),
    burst=some.integers(1, 5),
)
def test_in_any_stretch_of_time_no_more_is_let_in_than_was_said(steps: list[tuple[str, int]], burst: int) -> None:
    clock = StillClock(START)
    throttle = Throttle(every=timedelta(seconds=10), burst=burst, machine_clock=clock)
    let_in: dict[str, list[datetime]] = {"a": [], "b": []}
    for key, seconds in steps:
        clock.advance(seconds=seconds)
        wait = throttle.wait_for(key)
        if wait:
            # Whoever waits so long is let in, and nobody sooner: at the latest after one request's time.
            assert wait <= timedelta(seconds=10)
            clock.advance(seconds=wait.total_seconds() - 0.001)
            assert throttle.wait_for(key) == timedelta(milliseconds=1)
            clock.advance(seconds=0.001)
            assert not throttle.wait_for(key)
        let_in[key].append(clock())
    for times in let_in.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                allowed = (times[last] - times[first]) / timedelta(seconds=10) + burst
                assert last - first + 1 <= allowed


def test_memory_is_bounded_and_whoever_asks_now_is_remembered() -> None:
    clock = StillClock(START)
    throttle = Throttle(every=timedelta(minutes=1), burst=1, machine_clock=clock, most_keys=100)
    assert not throttle.wait_for("loud")
    for number in range(1000):
        throttle.wait_for(f"flood {number}")
        assert throttle.wait_for("loud")
    assert throttle.kept == 100


def test_no_limit_is_none() -> None:
    assert per_minute(0, StillClock(START)) is None


def client(remote: str, forwarded: str | None, *trusted: str) -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    request = make_mocked_request("GET", "/", headers=headers)
    request = request.clone(remote=remote)
    return Clients([ip_network(network) for network in trusted]).address_of(request)


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "found"),
    [
        ("203.0.113.9", None, (), "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),  # whoever writes it himself
        ("203.0.113.9", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),  # the rest he wrote himself
        ("10.0.0.5", "1.2.3.4, 198.51.100.1, 10.9.9.9", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.5", "10.0.0.7", ("10.0.0.0/8",), "10.0.0.7"),
        ("10.0.0.5", "", ("10.0.0.0/8",), "10.0.0.5"),
        ("10.0.0.5", "unknown", ("10.0.0.0/8",), "10.0.0.5"),
        ("10.0.0.5", "1.2.3.4, unknown", ("10.0.0.0/8",), "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1:4711", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.5", "[2001:db8:1:2:3::9]:4711", ("10.0.0.0/8",), "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.5", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("::1", "198.51.100.1", ("::1/128",), "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", None, (), "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", None, (), "198.51.100.1"),
        ("", None, (), ""),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(
    remote: str, forwarded: str | None, trusted: tuple[str, ...], found: str
) -> None:
    assert client(remote, forwarded, *trusted) == found


@given(some.text(some.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=200))
def test_whatever_a_client_writes_it_stays_itself(forwarded: str) -> None:
    assert client("203.0.113.9", forwarded, "10.0.0.0/8") == "203.0.113.9"
    assert client("10.0.0.5", f"{forwarded}, 203.0.113.9", "10.0.0.0/8") == "203.0.113.9"


def test_a_proxy_that_is_no_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIM_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    assert read_settings().proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    monkeypatch.setenv("PIM_TRUSTED_PROXIES", "proxy.example.org")
    with pytest.raises(SettingsError, match="PIM_TRUSTED_PROXIES: prosimy podać adresy IP albo sieci"):
        read_settings()
    assert Settings.model_fields["trusted_proxies"].default == ""


@pytest.fixture
async def hub(sqlite: SQLiteEngines) -> AsyncIterator[RunningHub]:
    async with running_hub(
        sqlite, looked_up=True, requests_per_minute=PER_MINUTE, trusted_proxies="127.0.0.1"
    ) as running:
        yield running


async def ask(hub: RunningHub, path: str, *, client: str = "198.51.100.1") -> aiohttp.ClientResponse:
    async with (
        aiohttp.ClientSession(headers={"X-Forwarded-For": client}) as session,
        session.get(f"{address(hub)}{path}") as response,
    ):
        await response.read()
        return response


async def test_a_flood_on_a_feed_is_answered_in_words_and_touches_no_database(hub: RunningHub) -> None:
    feed = "/ical/siec/miasto-zielone.ics"
    assert [(await ask(hub, feed)).status for _ in range(PER_MINUTE // 2)] == [200] * (PER_MINUTE // 2)
    with queries(hub) as asked:
        refused = [await ask(hub, path) for path in (feed, feed, "/ical/siec/none.ics", "/nothing")]
    assert ([one.status for one in refused], asked) == ([429] * 4, [])
    assert refused[0].headers["Retry-After"] == "3"
    assert (await refused[0].text()).splitlines() == [
        "Za dużo zapytań naraz. Prosimy spróbować ponownie za 3 s.",
        "Too many requests at once. Please try again in 3 s.",
    ]
    assert (await ask(hub, feed, client="198.51.100.2")).status == 200
    hub.machine.advance(seconds=2.9)
    assert (await ask(hub, feed)).status == 429
    hub.machine.advance(seconds=0.1)
    assert [(await ask(hub, feed)).status for _ in range(2)] == [200, 429]


async def test_a_supervisor_is_always_answered(hub: RunningHub) -> None:
    for _ in range(PER_MINUTE):
        await ask(hub, "/nothing")
    assert {(await ask(hub, "/healthz")).status for _ in range(PER_MINUTE * 10)} == {200}
    ready = [(await ask(hub, "/readyz")).status for _ in range(PER_MINUTE * 5)]
    assert ready.index(429) == PER_MINUTE * 5 // 2


async def test_slack_is_never_held_up_by_those_who_pretend_to_be_it(hub: RunningHub) -> None:
    good = hub.slack.signed(b"command=%2Fpim&text=pomoc&user_id=UZORY&team_id=T1&trigger_id=1.2")
    forged = good.with_headers(X_Slack_Signature="v0=" + "0" * 64)
    with queries(hub) as asked:
        found = [(await hub.slack.deliver(forged)).status for _ in range(PER_MINUTE)]
    assert (found, asked) == ([401] * (PER_MINUTE // 2) + [429] * (PER_MINUTE // 2), [])
    for number in range(PER_MINUTE * 2):
        again = hub.slack.signed(b"command=%%2Fpim&text=pomoc&user_id=UZORY&team_id=T1&trigger_id=%d.2" % number)
        assert (await hub.slack.deliver(again)).status == 200


async def test_one_token_cannot_be_worn_out_from_many_addresses() -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response()

    clock = StillClock(START)
    limit = per_minute(PER_MINUTE, clock)
    proxies = Clients([ip_network("127.0.0.1")])
    app = web.Application(middlewares=[throttled({}, otherwise=limit, clients=proxies)])
    app.router.add_get("/moje/{token}.ics", page)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        start = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as session:
            statuses = []
            for number in range(PER_MINUTE):
                headers = {"X-Forwarded-For": f"198.51.100.{number}"}
                async with session.get(f"{start}/moje/secret-token.ics", headers=headers) as response:
                    statuses.append(response.status)
            async with session.get(f"{start}/moje/another.ics") as response:
                statuses.append(response.status)
    finally:
        await runner.cleanup()
    half = PER_MINUTE // 2
    assert statuses == [200] * half + [429] * half + [200]
    assert limit is not None
    assert "secret-token" not in repr(limit)
