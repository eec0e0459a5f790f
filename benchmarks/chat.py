"""B16: Home, a question in plain words and every form that opens, in process, beside a bare Bolt handler."""

import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import count
from statistics import median
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from benchmarks.furnish import EDITION, NETWORK, Furnished
from benchmarks.measure import Row, beside, in_turns
from benchmarks.payloads import TEAM, click_body, event_body
from benchmarks.played import Playing, Press, forms_after_play
from pim_bot.blocks import ids
from pim_bot.handlers.dispatch import Dispatcher
from pim_bot.programme.people import RoleName
from pim_bot.routes import Hub, chat_tables, slack_routes
from tests.postman import Postman

MOST_MILLISECONDS = 100
QUESTIONS = ("Kiedy i gdzie najbliższe warsztaty?", "Kto jest naszym ekspertem?", "Które miasta są zagrożone?")


class Looking:
    """Screens that are counted and not shown: what the chat's answer takes is not ours. A refusal counts as none."""

    def __init__(self) -> None:
        self.opened = 0
        self.refused: list[str] = []

    async def open(self, trigger_id: str, view: dict[str, Any]) -> None:
        if "callback_id" in view or view["blocks"][-1]["type"] != "section":
            self.opened += 1
        else:
            self.refused.append(view["blocks"][-1]["text"]["text"])


@dataclass(kw_only=True)
class Chat:
    """The hub behind its own Bolt, a bare Bolt beside it, and what was opened and sent."""

    hub: Furnished
    ours: AsyncApp
    bare: AsyncApp
    screens: Looking
    postman: Postman

    async def ask(self, app: AsyncApp, body: dict[str, Any]) -> float:
        """Hand in one request; tells milliseconds."""
        request = AsyncBoltRequest(body=body, mode="socket_mode")
        started = time.perf_counter()
        response: BoltResponse = await app.async_dispatch(request)
        seconds = time.perf_counter() - started
        assert response.status == 200, response.body
        return seconds * 1000

    async def answer(self, body: dict[str, Any]) -> float:
        """Hand in something that is answered by a message or by Home, and let that be written and handed over."""
        started = time.perf_counter()
        await self.ask(self.ours, body)
        await self.hub.parts.delivery.run_due()
        return (time.perf_counter() - started) * 1000


def bolt() -> AsyncApp:
    """Make a Bolt as the hub's own is made."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-none")

    return AsyncApp(authorize=authorize, process_before_response=True, request_verification_enabled=False)


@contextmanager
def chatting(hub: Furnished) -> Iterator[Chat]:
    """Put the hub's routes behind a Bolt whose screens and messages go nowhere."""
    screens, postman = Looking(), Postman(TEAM)
    delivery = hub.parts.delivery
    before, delivery.chat = delivery.chat, postman
    handlers = looking_into(hub.parts.hub, screens)
    ours, bare = bolt(), bolt()
    slack_routes(ours, Dispatcher(door=handlers.activities.door, tables=chat_tables(handlers)))

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    bare.action(re.compile(".*", re.DOTALL))(acknowledge)
    bare.event("message")(acknowledge)
    bare.event("app_home_opened")(acknowledge)
    try:
        yield Chat(hub=hub, ours=ours, bare=bare, screens=screens, postman=postman)
    finally:
        delivery.chat = before


def looking_into(hub: Hub, screens: Looking) -> Hub:
    """Give every handler other screens."""
    named = {field.name: getattr(hub, field.name) for field in fields(hub)}
    changed: dict[str, Any] = {
        name: replace(one, screens=screens)
        for name, one in named.items()
        if is_dataclass(one) and not isinstance(one, type) and hasattr(one, "screens")
    }
    return replace(hub, **changed)


async def measured(hub: Furnished, *, repetitions: int, times: int) -> list[Row]:
    """B16: everything that a person opens, each in turns with the bare handler."""
    activity = (await hub.schedule()).id
    await hub.parts.bus.run_due()
    while await hub.parts.delivery.run_due():
        continue
    rows = []
    with chatting(hub) as chat:
        playing = await _playing(hub)
        planner, official, expert = playing.users()
        for who, user in (("city official", official), ("expert", expert), ("coordinator", planner)):
            body = event_body("app_home_opened", user, tab="home")
            rows.append(await _beside(chat, f"Home of a {who}", body, chat.answer, repetitions, times))
        for text in QUESTIONS:
            body = event_body("message", planner, text=text, channel_type="im")
            rows.append(await _beside(chat, f"question „{text}”", body, chat.answer, repetitions, times))
        rows += [await _opening(chat, one, repetitions, times) for one in await forms_of(hub, playing, activity)]
        rows += [await _opening(chat, one, repetitions, times) for one in await forms_after_play(playing)]
    return rows


async def _playing(hub: Furnished) -> Playing:
    """Tell who acts: somebody of a city's team, and one of the network's experts."""
    day = hub.parts.clock().date()
    async with hub.parts.storage.reading() as work:
        known = [one for one in await work.people.experts(EDITION, day) if one.email in hub.users]
        teams = await work.people.teams(EDITION, [NETWORK], day)
    team = next(one for one in teams if hub.officials[0] in one.members)
    experts = [one for one in known if one.has_role(RoleName.EXPERT, day, network=NETWORK)]
    assert experts, f"nobody is {RoleName.EXPERT} in the demo"
    return Playing(hub=hub, city=team.city, official=hub.officials[0], expert=experts[0])


async def forms_of(hub: Furnished, playing: Playing, activity: str) -> list[Press]:
    """Tell the buttons that open a form from Home, a command's answer or a message about an activity."""
    planner, official, expert = playing.users()
    team = f"{EDITION}/{NETWORK}/{playing.city}"
    return [
        (planner, ids.NEW_ACTIVITY, "new"),
        (planner, ids.MOVE, activity),
        (planner, ids.CHANGE, activity),
        (planner, ids.CANCEL, activity),
        (official, ids.ANSWER, activity),
        (official, ids.REGISTER, activity),
        (planner, ids.WHO_OWES, activity),
        (planner, ids.ADD_MATERIAL, activity),
        (planner, ids.OPEN_TOPICS, activity),
        (planner, ids.NEW_BULLETIN, "new"),
        (planner, ids.ASSIGN, "new"),
        (planner, ids.JOIN_TEAM, team),
        (expert, ids.NEW_SESSION, "new"),
        (official, ids.ASK_SESSION, "new"),
        (official, ids.CONTRIBUTE, "new"),
        (official, ids.SHOW_AGENDA, "agenda"),
        (official, ids.OPEN_CARD, "card"),
        (official, ids.PLAN_ABSENCE, "absence"),
        (official, ids.FEWER_MESSAGES, "all"),
        (planner, ids.FEWER_MESSAGES, "all"),
    ]


_stamps = count(1)


async def _opening(chat: Chat, press: Press, repetitions: int, times: int) -> Row:
    user, button, value = press
    before = chat.screens.opened

    async def ours(body: dict[str, Any]) -> float:
        return await chat.ask(chat.ours, body)

    row = await _beside(chat, f"form {button}", click_body(user, button, value), ours, repetitions, times)
    assert chat.screens.opened - before == (repetitions + 1) * times, f"{button}: {chat.screens.refused}"
    return row


async def _beside(
    chat: Chat,
    what: str,
    body: dict[str, Any],
    ours: Callable[[dict[str, Any]], Awaitable[float]],
    repetitions: int,
    times: int,
) -> Row:
    """Measure a request in turns with a handler that only acknowledges; each is the median of some."""

    cpu: list[float] = []

    async def mine() -> float:
        before = time.process_time()
        found = median([await ours(_again(body)) for _ in range(times)])
        cpu.append((time.process_time() - before) / times * 1000)
        return found

    async def bare() -> float:
        return median([await chat.ask(chat.bare, _again(body)) for _ in range(times)])

    samples = await in_turns(repetitions, mine, bare)
    return beside(
        *samples,
        id="B16",
        what=f"{what}, in process, one at a time: median",
        unit="ms",
        ceiling_is="a bare Bolt handler that acknowledges the same",
        most=MOST_MILLISECONDS,
        facts={"CPU of it, ms": round(median(cpu), 1)},
    )


def _again(body: dict[str, Any]) -> dict[str, Any]:
    """Make the same request a new one, which no dedupe key knows."""
    number = next(_stamps)
    if "event" in body:
        stamp = f"{number}.000002"
        return body | {"event_id": f"EvB{number:07}", "event": body["event"] | {"event_ts": stamp, "ts": stamp}}
    return body | {
        "trigger_id": f"{number}.3.bench",
        "actions": [one | {"action_ts": f"{number}.000003"} for one in body["actions"]],
    }
