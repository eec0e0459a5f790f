"""A small bot made with the real Bolt, which does each thing once: commands, forms, clicks, options, events."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.playground.server import LocalSlack

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


FORM: Json = {
    "type": "modal",
    "callback_id": "activity",
    "title": plain("Nowe wydarzenie"),
    "submit": plain("Zapisz"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": plain("Tytuł"),
            "element": {"type": "plain_text_input", "action_id": "title", "max_length": 50},
        },
        {
            "type": "input",
            "block_id": "day",
            "label": plain("Początek"),
            "element": {"type": "datepicker", "action_id": "day", "initial_date": "2022-05-10"},
        },
        {
            "type": "input",
            "block_id": "cities",
            "label": plain("Miasto"),
            "optional": True,
            "element": {"type": "multi_external_select", "action_id": "cities", "min_query_length": 1},
        },
        {
            "type": "actions",
            "block_id": "more",
            "elements": [{"type": "button", "action_id": "more", "text": plain("Więcej pól")}],
        },
    ],
}
CITIES = ["Żory", "Żyrardów", "Lublin"]


@dataclass
class RunningBot:
    app: AsyncApp
    heard: list[Json] = field(default_factory=list)
    fails: int = 0
    """How many events are still to fail."""


def question(text: str) -> list[Json]:
    buttons = [{"type": "button", "action_id": "answer", "text": plain("Wezmę udział"), "value": "yes"}]
    menu = {"type": "static_select", "action_id": "form", "options": [option("Stacjonarnie", "on_site")]}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "block_id": "ask", "elements": [*buttons, menu]},
    ]


def make_bot(slack: LocalSlack) -> RunningBot:
    client = AsyncWebClient(token=slack.workspace.bot_token, base_url=slack.api_url, retry_handlers=[])
    client.proxy = None
    app = AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    bot = RunningBot(app)
    _commands(app)
    _form(app, bot)
    _events(app, bot)
    return bot


def _commands(app: AsyncApp) -> None:
    async def pim(ack: Any, command: Json, client: AsyncWebClient, respond: Any) -> None:
        match command["text"]:
            case "forma":
                await client.views_open(trigger_id=command["trigger_id"], view=FORM)
                await ack()
            case "pytanie":
                blocks = question("Prosimy o odpowiedź.")
                await client.chat_postMessage(channel=command["user_id"], text="Prosimy o odpowiedź.", blocks=blocks)
                await ack()
            case "wszystkim":
                await ack({"response_type": "in_channel", "text": "Do wszystkich"})
            case "później":
                await respond("Odpowiedź później")
                await ack()
            case "błąd":
                raise RuntimeError("on purpose")
            case text:
                await ack(f"Polecenie: {text}")

    app.command("/pim")(pim)


def _form(app: AsyncApp, bot: RunningBot) -> None:
    async def submitted(ack: Any, view: Json) -> None:
        bot.heard.append(view["state"]["values"])
        title = view["state"]["values"]["title"]["title"]["value"]
        answers: dict[str, Json] = {
            "źle": {"response_action": "errors", "errors": {"day": "Ten dzień już minął."}},
            "zmień": {"response_action": "update", "view": {**FORM, "title": plain("Zmienione")}},
            "dalej": {"response_action": "push", "view": {**FORM, "title": plain("Następne")}},
            "koniec": {"response_action": "clear"},
        }
        await ack(**answers.get(title, {}))

    async def closed(ack: Any, body: Json) -> None:
        bot.heard.append({"closed": body["view"]["title"]["text"], "is_cleared": body["is_cleared"]})
        await ack()

    async def more(ack: Any, body: Json, client: AsyncWebClient) -> None:
        blocks = [*FORM["blocks"], {"type": "divider"}]
        view = body["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view={**FORM, "blocks": blocks})
        await ack()

    async def cities(ack: Any, payload: Json) -> None:
        found = [option(city, city.lower()) for city in CITIES if payload["value"].lower() in city.lower()]
        await ack(options=found)

    async def answer(ack: Any, body: Json, client: AsyncWebClient) -> None:
        bot.heard.append({"action": body["actions"][0], "values": body["state"]["values"]})
        message = body["message"]
        await client.chat_update(channel=body["channel"]["id"], ts=message["ts"], text="Dziękujemy.", blocks=[])
        await ack()

    async def chosen(ack: Any, body: Json) -> None:
        bot.heard.append({"selected": body["actions"][0]["selected_option"]["value"]})
        await ack()

    app.view("activity")(submitted)
    app.view_closed("activity")(closed)
    app.action("more")(more)
    app.options("cities")(cities)
    app.action("answer")(answer)
    app.action("form")(chosen)


def _events(app: AsyncApp, bot: RunningBot) -> None:
    async def mentioned(event: Json, say: Any, body: Json) -> None:
        bot.heard.append({"mention": event["text"], "id": body["event_id"]})
        if bot.fails:
            bot.fails -= 1
            raise RuntimeError("on purpose")
        await say("Słucham.")

    async def home(event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "header", "text": plain("Co czeka")}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async def joined(event: Json) -> None:
        bot.heard.append({"joined": event["user"], "channel": event["channel"]})

    async def shortcut(ack: Any, body: Json) -> None:
        bot.heard.append({"shortcut": body["callback_id"], "ts": body.get("message_ts")})
        await ack()

    app.event("app_mention")(mentioned)
    app.event("app_home_opened")(home)
    app.event("member_joined_channel")(joined)
    app.shortcut("new_activity")(shortcut)
    app.shortcut("add_to_mid")(shortcut)


@asynccontextmanager
async def bot_over_http(slack: LocalSlack) -> AsyncIterator[RunningBot]:
    bot = make_bot(slack)

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bot.app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", handle)
    runner = web.AppRunner(server, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield bot
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bot_over_socket(slack: LocalSlack) -> AsyncIterator[RunningBot]:
    bot = make_bot(slack)
    handler = AsyncSocketModeHandler(bot.app, slack.workspace.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield bot
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
