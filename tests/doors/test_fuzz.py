"""Every public door, fuzzed: no 5xx, no traceback, and nothing is written unless the answer is 200.

Requests are written by hand onto a socket, so that nothing of a client's good manners stands in between. In ``make
test`` a few hundred; ``PIM_SOAK=1`` sends 50,000 to each engine and prints how many, and the seed that sends the same
again: ``PIM_SEED=… pytest tests/doors/test_fuzz.py``.
"""

import asyncio
import copy
import json
import os
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as some
from sqlalchemy import event
from yarl import URL

from pim_bot.logs import _is_news
from pim_bot.playground.transport import signed
from tests.engines import Engines
from tests.hub import SECRET, RunningHub, running_hub
from tests.integration.test_bad_input import Logs, schedule, tokens, watched

SOAK = bool(os.environ.get("PIM_SOAK"))
INPUTS = int(os.environ.get("PIM_FUZZ_INPUTS", "50000" if SOAK else "150"))
SEED = int(os.environ.get("PIM_SEED", secrets.randbelow(10**9)))
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MORE_SECONDS = 0.3
OURS = re.compile(r"<(https?://[^<>|]+(\|[^<>]*)?|!date\^[^<>]*)>")

Json = dict[str, Any]


@dataclass
class Writes:
    """How many transactions that changed something were committed."""

    count: int = 0


@contextmanager
def counted(hub: RunningHub) -> Iterator[Writes]:
    """Count what is committed meanwhile, on either engine."""
    engine, writes = hub.parts.storage.engine.sync_engine, Writes()

    def execute(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            connection.info["fuzz"] = True

    def commit(connection: Any) -> None:
        writes.count += connection.info.pop("fuzz", False)

    def rollback(connection: Any) -> None:
        connection.info.pop("fuzz", None)

    listeners: dict[str, Any] = {"before_cursor_execute": execute, "commit": commit, "rollback": rollback}
    for name, listen in listeners.items():
        event.listen(engine, name, listen)
    try:
        yield writes
    finally:
        for name, listen in listeners.items():
            event.remove(engine, name, listen)


@dataclass(kw_only=True)
class Doors:
    """A hub whose doors are rattled at, and the real requests that it has answered."""

    hub: RunningHub
    logs: Logs
    writes: Writes
    real: list[Json]
    statuses: Counter[int] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def place(self) -> URL:
        assert self.hub.slack.app_url is not None
        return URL(self.hub.slack.app_url)

    async def send(self, raw: bytes, *, is_whole: bool) -> int:
        """Write bytes onto a connection of their own; tells the status of the answer, 0 when there is none."""
        reader, writer = await asyncio.open_connection(self.place.host, self.place.port)
        try:
            writer.write(raw)
            answer = await (reader.read() if is_whole else self._answer(reader, writer))
        except ConnectionError:
            answer = b""  # the door was shut in the middle
        finally:
            writer.close()
        found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
        status = int(found[1]) if found else 0
        self.statuses[status] += 1
        return status

    @staticmethod
    async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        """Read to the end; whoever waits for more of the request is told that there is none."""
        reading = asyncio.ensure_future(reader.read())
        done, _ = await asyncio.wait({reading}, timeout=MORE_SECONDS)
        if not done:
            writer.write_eof()
        return await reading

    async def hold(self, raw: bytes, *, is_whole: bool = True, may_be_ill: bool = False) -> int:
        """Send it, and see to it that the door held."""
        before = self.writes.count
        status = await self.send(raw, is_whole=is_whole)
        wrote, told = self.writes.count - before, self.logs.troubles
        self.logs.clear()
        context = f"seed {SEED}: {raw[:2000]!r}"
        assert status < 500 or (may_be_ill and status == 503), context
        assert told == [], context
        assert not wrote or status == 200, context
        return status

    def fresh(self, payload: Json) -> Json:
        """The same request as one that nobody has sent yet."""
        one, number = copy.deepcopy(payload), next(self.numbers)
        if "trigger_id" in one:
            one["trigger_id"] = f"{number}.1"
        if "event_id" in one:
            one["event_id"] = f"Ev{number}"
        if isinstance(one.get("view"), dict):
            one["view"]["id"] = f"V{number}"
        for action in one.get("actions") or ():
            action["action_ts"] = f"{number}.2"
        return one

    def wire(self, payload: Any) -> tuple[bytes, str]:
        """A request as Slack would encode it."""
        text = json.dumps(payload)
        if isinstance(payload, dict) and "command" in payload:
            fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()}
            return urlencode(fields, errors="replace").encode(), FORM
        if isinstance(payload, dict) and payload.get("type") in ("event_callback", "url_verification"):
            return text.encode(), JSON
        return urlencode({"payload": text}).encode(), FORM

    def signed(self, body: bytes, content_type: str) -> bytes:
        """The bytes of a request that Slack signed."""
        headers = signed(body, content_type=content_type, secret=SECRET, at=self.hub.machine()).headers
        return request("POST", "/slack/events", headers, body)


def request(method: str, path: str, headers: Any, body: bytes = b"") -> bytes:
    """A request on the wire; its headers may be anything."""
    lines = [f"{method} {path} HTTP/1.1", "Host: hub.example.org", "Connection: close"]
    pairs = list(headers.items()) if hasattr(headers, "items") else list(headers)
    lines += [f"{name}: {value}" for name, value in pairs]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body


def decoded(body: bytes, content_type: str) -> Json:
    """A real request as an object."""
    if content_type.startswith(JSON):
        found: Json = json.loads(body)
        return found
    fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    return json.loads(fields["payload"]) if "payload" in fields else dict(fields)


async def walked(hub: RunningHub) -> list[Json]:
    """Let people do everything once; tells their requests."""
    await hub.settle()
    await schedule(hub)
    planner, zory, expert = hub.user("koordynatorka"), hub.user("zory"), hub.user("ekspert")
    for text in ("", "pomoc", "terminy", "terminy Żory", "nic"):
        await planner.command("/pim", text)
    await zory.click(zory.last(), "attend.going")
    await zory.click(zory.last(), "attend.register")
    await zory.submit(zory.modal, {"Osoby": "Anna N."})
    await planner.command("/pim", "przypisz")
    asked = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": "miasto-zielone", "Do": "2022-06-30"}
    await planner.submit(planner.modal, asked)
    await hub.settle()
    await expert.click(expert.last(), "assignment.accept")
    await planner.command("/pim", "wydarzenie")
    await hub.slack.event({"type": "member_joined_channel", "channel": "CZIELONE", "user": "UBOT"})
    await hub.slack.event({"type": "message", "channel": zory.dm, "channel_type": "im", "user": "UZORY", "text": "?"})
    await hub.settle()
    sent = hub.slack.switchboard.requests
    found = [decoded(one.body, one.headers["Content-Type"]) for one in sent]
    user, team = {"id": "UKOORDYNATORKA"}, {"id": "T1"}
    field_asks = {"type": "block_suggestion", "user": user, "team": team, "action_id": "value", "value": "Żo"}
    found.append(field_asks | {"block_id": "cities"})
    who = {"user": user, "team": team, "trigger_id": "1.1"}
    found.append({"type": "shortcut", "callback_id": "shortcut.activity", **who})
    kinds = {str(one.get("type") or "command") for one in found}
    assert kinds >= {"command", "block_actions", "view_submission", "block_suggestion", "shortcut", "event_callback"}
    return found


@pytest.fixture
async def doors(engines: Engines, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Doors]:
    caplog.handler.addFilter(_is_news)
    watching = watched(caplog)
    logs = next(watching)
    async with running_hub(engines, looked_up=True) as hub:
        real = await walked(hub)
        logs.clear()
        with counted(hub) as writes:
            yield Doors(hub=hub, logs=logs, writes=writes, real=real)
    next(watching, None)


# What is sent.

SIGNS = some.characters(codec=None, exclude_categories=[])
HOSTILE = some.sampled_from(
    ["", " ", "\0", "\ud800", "\u202e", "<!channel>", "<https://evil.example|x>", "&" * 500, "x" * 4000, "'; --",
     "../../etc/passwd", "%00", "{}", "[]", "null", "-1", "1e309", "9" * 400, "9999-12-31", "0001-01-01", "25:61",
     "miasto-zielone", "UKOORDYNATORKA", "T2", "activity.form", "attend.going", "feedback.score/9", "/pim"]
)  # fmt: skip
TEXTS = HOSTILE | some.text(SIGNS, max_size=60)
LEAVES = some.none() | some.booleans() | some.integers(-(2**70), 2**70) | some.floats() | TEXTS
VALUES = some.recursive(
    LEAVES, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)
TYPES = some.sampled_from(
    ["block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action",
     "event_callback", "url_verification", "app_rate_limited", "dialog_submission", "no_such_type"]
)  # fmt: skip
BODIES = some.binary(max_size=300) | some.text(SIGNS, max_size=200).map(lambda text: text.encode("utf-8", "replace"))
CONTENT_TYPES = some.sampled_from(
    [FORM, JSON, "text/plain", "", f"{JSON}; charset=utf-16", "multipart/form-data", "x/y;"]
)
HEADER_NAMES = some.sampled_from(
    ["X-Slack-Signature", "X-Slack-Request-Timestamp", "X-Slack-Retry-Num", "If-None-Match", "If-Modified-Since",
     "Range", "Accept-Encoding", "X-Forwarded-For", "Content-Encoding", "Transfer-Encoding", "Content-Length", "Host",
     "Expect", "Upgrade", "Cookie", "Authorization", "Content-Type", "X y", "Connection"]
)  # fmt: skip
HEADER_VALUES = HOSTILE | some.text(SIGNS, max_size=30) | some.sampled_from(
    ["gzip", "deflate", "chunked", "bytes=0-", "100-continue", "websocket", "*", '"x"', "0", "-1", "v0=" + "0" * 64,
     "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 99999 99:99:99 GMT", "1772442000"]
)  # fmt: skip
HEADERS = some.lists(some.tuples(HEADER_NAMES, HEADER_VALUES), max_size=4)
METHODS = some.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
SEGMENTS = some.text(SIGNS, max_size=20).map(lambda text: quote(text, safe="", errors="replace")) | HOSTILE.map(
    lambda text: quote(text, safe="%", errors="replace")
)
PATHS = some.one_of(
    some.sampled_from(["/", "/healthz", "/readyz", "/metrics", "/slack/events", "/panel", "/playground/", "*", "//x"]),
    SEGMENTS.map(lambda part: f"/ical/siec/{part}.ics"),
    some.just("/ical/siec/miasto-zielone.ics"),
    some.lists(SEGMENTS, max_size=5).map(lambda parts: "/" + "/".join(parts)),
)


def paths_in(part: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a payload."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, value in inside:
        yield (*at, name)
        yield from paths_in(value, (*at, name))


def changed(payload: Json, changes: list[tuple[int, str, Any]]) -> Any:
    """A payload with other values, without some, or with more."""
    for where, how, value in changes:
        places = list(paths_in(payload))
        if not places:
            break
        *way, name = places[where % len(places)]
        part: Any = payload
        for step in way:
            part = part[step]
        if how == "drop":
            del part[name]
        elif how == "wrap":
            part[name] = [part[name]]
        elif how == "add" and isinstance(part, dict):
            part[str(value)[:50]] = part[name]
        else:
            part[name] = value
    return payload


CHANGE = some.tuples(some.integers(0, 10_000), some.sampled_from(["set", "set", "drop", "wrap", "add"]), VALUES)
TEXT_SET = some.tuples(some.integers(0, 10_000), some.just("set"), TEXTS)
CHANGES = some.lists(CHANGE, min_size=1, max_size=4)
TYPED = some.lists(TEXT_SET, max_size=2)  # what has still the right shape gets farther in
FORGED = some.sampled_from(["v0=" + "0" * 64, "v0=", "", "v1=" + "a" * 64])
NOBODYS = some.tuples(METHODS, PATHS, HEADERS, BODIES)
KINDS = some.one_of(
    some.tuples(some.just("changed"), some.integers(0, 10_000), CHANGES),
    some.tuples(some.just("changed"), some.integers(0, 10_000), TYPED),
    some.tuples(some.just("forged"), BODIES, FORGED),
    some.tuples(some.just("made up"), TYPES, some.dictionaries(TEXTS, VALUES, max_size=5)),
    some.tuples(some.just("signed"), BODIES, CONTENT_TYPES),
    some.tuples(some.just("nobody's"), NOBODYS, some.none()),
    some.tuples(some.just("raw"), some.binary(max_size=200), some.none()),
)


async def rattle(doors: Doors, kind: tuple[str, Any, Any]) -> None:
    """Send one input."""
    how, first, second = kind
    if how == "changed":
        payload = changed(doors.fresh(doors.real[first % len(doors.real)]), second)
        await doors.hold(doors.signed(*doors.wire(payload)))
    elif how == "made up":
        await doors.hold(doors.signed(*doors.wire(second | {"type": first})))
    elif how == "signed":
        await doors.hold(doors.signed(first, second))
    elif how == "forged":
        now = str(int(doors.hub.machine().timestamp()))
        headers = {"X-Slack-Signature": second, "X-Slack-Request-Timestamp": now, "Content-Type": FORM}
        assert await doors.hold(request("POST", "/slack/events", headers, first)) == 401, f"seed {SEED}"
    elif how == "nobody's":
        method, path, headers, body = first
        raw, is_health = request(method, path, headers, body), path.startswith("/readyz")
        status = await doors.hold(raw, is_whole=False, may_be_ill=is_health)
        assert path != "/slack/events" or status != 200, f"seed {SEED}"
    else:
        await doors.hold(first, is_whole=False)


PROFILE = settings(
    max_examples=INPUTS,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


async def test_no_input_breaks_a_door(doors: Doors, capsys: pytest.CaptureFixture[str]) -> None:
    loop = asyncio.get_running_loop()

    def one(kind: tuple[str, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(rattle(doors, kind), loop).result()

    await asyncio.to_thread(seed(SEED)(PROFILE(given(kind=KINDS)(one))))
    sent = sum(doors.statuses.values())
    assert sent >= INPUTS
    assert {200, 400, 401, 404} <= set(doors.statuses)
    await doors.hub.settle()
    assert {token for token in tokens(doors.hub) if not OURS.fullmatch(token)} == set(), f"seed {SEED}"
    if SOAK:
        engine = doors.hub.parts.storage.engine.dialect.name
        with capsys.disabled():
            print(f"\n{engine}: {sent} inputs, seed {SEED}, answers {dict(sorted(doors.statuses.items()))}, "  # noqa: T201
                  f"writes {doors.writes.count}")  # fmt: skip
