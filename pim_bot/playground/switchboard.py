"""Carries what people do to the app, and does with the answer what Slack does with it."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pim_bot.blocks.limits import broken_options
from pim_bot.playground.chat_methods import message_as_slack
from pim_bot.playground.elements import STATEFUL, chosen_state, find_element, held_options, options_of
from pim_bot.playground.files import in_message
from pim_bot.playground.form import Values, fill, fresh_values, unsendable
from pim_bot.playground.model import SLACKBOT, Json, Message, SlackError, StoredFile
from pim_bot.playground.outcome import Outcome
from pim_bot.playground.payloads import Payloads
from pim_bot.playground.response_urls import ResponseUrls, answer_as_bot
from pim_bot.playground.transport import Answer, HttpLine, Kind, SignedRequest, SocketLine, encoded, signed
from pim_bot.playground.views import View
from pim_bot.playground.workspace import Workspace

EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "member_joined_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "reaction_added",
        "team_join",
        "tokens_revoked",
    }
)
RETRY_DELAYS = (0.0, 60.0, 300.0)

Place = Message | View
"""Where an element stands: in a message, a modal or a Home tab."""


class Switchboard:
    """The workspace's side of the protocol. Requests go by Socket Mode if the app is connected, else over HTTP.

    `events` are those that the app has subscribed to; a failed one is sent again after each of `retry_delays`.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        signing_secret: str,
        app_url: str | None = None,
        transport: Literal["http", "socket"] | None = None,
        answer_within: float = 3.0,
        events: frozenset[str] = EVENTS,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.workspace = workspace
        self.signing_secret = signing_secret
        self.app_url = app_url
        self.transport = transport
        self.events = events
        self.retry_delays = tuple(retry_delays)
        self.http = HttpLine(answer_within)
        self.sockets = SocketLine(answer_within, workspace.changed)
        self.response_urls = ResponseUrls(workspace)
        self.payloads = Payloads(workspace)
        self.requests: list[SignedRequest] = []
        """Everything that went out over HTTP, in order."""
        self._sleep = sleep
        self._picked: dict[tuple[str, str], Values] = {}
        self._offered: dict[tuple[str, str], dict[str, list[Json]]] = {}

    # What people do

    async def command(self, user_id: str, command: str, text: str, channel_id: str) -> Outcome:
        """Send a slash command; its answer appears in the conversation."""
        self._refuse_strangers(user_id, "unknown_command")
        url = self.response_urls.new(user_id, channel_id)
        payload = self.payloads.command(self.workspace.user(user_id), channel_id, command, text, url)
        answer = await self.send("slash_commands", payload)
        if not answer.ok:
            return Outcome(answer=answer, message=self._notice(user_id, channel_id, command, str(answer.error)))
        given = {"text": answer.content} if isinstance(answer.content, str) else answer.json
        if not given.get("text") and not given.get("blocks"):
            return Outcome(answer=answer)
        try:
            message = answer_as_bot(self.workspace, given, user_id=user_id, channel_id=channel_id)
        except SlackError as refusal:
            failed = replace(answer, error=refusal.error)
            return Outcome(answer=failed, message=self._notice(user_id, channel_id, command, refusal.error))
        return Outcome(answer=answer, message=message)

    async def click(
        self,
        user_id: str,
        place: Place,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Press a button, or choose `value` in another element; `typed` is what stands in the other fields."""
        block, element = find_element(place.blocks, action_id, block_id)
        values = self.values_of(user_id, place)
        offered = self._offered.get((user_id, _key(place)), {})
        values = fill(place.blocks, values, typed or {}, offered)
        chosen: Json = {}
        if element["type"] in STATEFUL:
            before = values.get(block["block_id"], {}).get(action_id, {})
            chosen = chosen_state(element, value, held_options(before) + offered.get(action_id, []))
            values.setdefault(block["block_id"], {})[action_id] = chosen
        elif element["type"] == "overflow":
            chosen = chosen_state(element, value)
        self._keep(user_id, place, values)
        url = None if isinstance(place, View) else self.response_urls.new(user_id, place.channel, place)
        action = self.payloads.action(block, element, chosen)
        payload = self.payloads.click(self.workspace.user(user_id), place, action, values, url)
        return Outcome(answer=await self.send("interactive", payload))

    async def suggest(
        self, user_id: str, place: Place, action_id: str, query: str, *, block_id: str | None = None
    ) -> Outcome:
        """Type into an external select: ask the app for options."""
        block, element = find_element(place.blocks, action_id, block_id)
        payload = self.payloads.suggestion(self.workspace.user(user_id), place, block, element, query)
        answer = await self.send("interactive", payload)
        if not answer.ok:
            return Outcome(answer=answer)
        if broken_options(answer.json):
            return Outcome(answer=replace(answer, error="invalid_options"))
        options = options_of(answer.json)
        known = self._offered.setdefault((user_id, _key(place)), {}).setdefault(action_id, [])
        known += [option for option in options if option not in known]
        return Outcome(answer=answer, options=tuple(options))

    async def submit(self, user_id: str, view: View, typed: Mapping[str, Any] | None = None) -> Outcome:
        """Fill in a modal and submit it; what was typed stays in it if the app or Slack complains."""
        offered = self._offered.get((user_id, view.id), {})
        view.values = fill(view.blocks, view.values, typed or {}, offered)
        view.errors = {}
        withheld = unsendable(view.blocks, view.values)
        if withheld:
            return Outcome(answer=Answer(), withheld=withheld, view=view)
        answer = await self.send("interactive", self.payloads.submission(self.workspace.user(user_id), view))
        if not answer.ok:
            return Outcome(answer=answer, view=view)
        try:
            self._apply(view, answer.content)
        except SlackError as refusal:
            return Outcome(answer=replace(answer, error=refusal.error), view=view)
        return Outcome(answer=answer, errors=dict(view.errors), view=view)

    async def close(self, user_id: str, view: View, *, all_of_them: bool = False) -> list[Answer]:
        """Close a modal; the app hears of it only if it asked to."""
        cleared = all_of_them or bool(view.body.get("clear_on_close"))
        closed = self.workspace.views.close(view, all_of_them=cleared)
        user = self.workspace.user(user_id)
        return [
            await self.send("interactive", self.payloads.closing(user, one, is_cleared=cleared))
            for one in closed
            if one.body.get("notify_on_close")
        ]

    async def shortcut(self, user_id: str, callback_id: str, message: Message | None = None) -> Outcome:
        """Use a global shortcut, or one on a message."""
        self._refuse_strangers(user_id, "unknown_shortcut")
        url = self.response_urls.new(user_id, message.channel, message) if message is not None else None
        payload = self.payloads.shortcut(self.workspace.user(user_id), callback_id, message, url)
        return Outcome(answer=await self.send("interactive", payload))

    async def say(self, user_id: str, channel_id: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Write a message and let the app hear of it."""
        message = self.write(user_id, channel_id, text, thread_ts=thread_ts)
        await self.tell_of(message)
        return message

    async def drop(self, user_id: str, channel_id: str, files: Sequence[StoredFile]) -> Message:
        """Send a message that is nothing but files, and let the app hear of it."""
        message = self.write_files(user_id, channel_id, files)
        await self.tell_of_files(message)
        return message

    def write_files(self, user_id: str, channel_id: str, files: Sequence[StoredFile]) -> Message:
        """Write a message with files, without a word to the app yet."""
        message = self.write(user_id, channel_id, "")
        message.files = [in_message(self.workspace, one) for one in files]
        return message

    async def tell_of_files(self, message: Message) -> list[Answer]:
        """Tell the app of a message with files, where it is a member."""
        told = message_as_slack(self.workspace, message) | self._message_event("file_share", message)
        del told["hidden"]
        return await self._tell_members(told | {"upload": False, "event_ts": message.ts}, message)

    def write(self, user_id: str, channel_id: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Write a message, without a word to the app yet."""
        conversation = self.workspace.conversation(channel_id)
        if user_id not in conversation.members:
            raise SlackError("not_in_channel")
        if conversation.archived:
            raise SlackError("is_archived")
        return self.workspace.post(channel_id, user=user_id, text=self._as_typed(text), thread_ts=thread_ts)

    async def tell_of(self, message: Message) -> list[Answer]:
        """Tell the app of a message: in a direct conversation always, elsewhere when it is mentioned."""
        event = {"user": message.user, "text": message.text, "ts": message.ts, "channel": message.channel}
        event |= {"event_ts": message.ts, "team": self.workspace.team_of(message.user)}
        if self.workspace.user(message.user).stranger:
            event |= {"user_team": event["team"], "source_team": event["team"]}
        if message.thread_ts is not None:
            event["thread_ts"] = message.thread_ts
        if self.workspace.conversation(message.channel).kind == "im":
            return await self.event({"type": "message", "channel_type": "im", **event})
        if f"<@{self.workspace.bot_user_id}>" in message.text:
            return await self.event({"type": "app_mention", **event})
        return []

    async def react(self, user_id: str, message: Message, name: str) -> list[Answer]:
        """Put a reaction on a message, or take one's own away again."""
        if user_id not in self.workspace.conversation(message.channel).members:
            raise SlackError("not_in_channel")
        is_new = self.workspace.react(message, user_id, name)
        event: Json = {"user": user_id, "reaction": name, "item_user": message.user}
        event["item"] = {"type": "message", "channel": message.channel, "ts": message.ts}
        return await self._tell_members({"type": "reaction_added" if is_new else "reaction_removed", **event}, message)

    async def edit(self, user_id: str, message: Message, text: str) -> list[Answer]:
        """Change the text of one's own message."""
        self.refuse_others(user_id, message, "cant_update_message")
        before = message_as_slack(self.workspace, message)
        self.workspace.edit(message, text=self._as_typed(text), blocks=None, metadata=None)
        event = {"message": message_as_slack(self.workspace, message), "previous_message": before}
        return await self._tell_members(self._message_event("message_changed", message) | event, message)

    async def remove(self, user_id: str, message: Message) -> list[Answer]:
        """Delete one's own message."""
        self.refuse_others(user_id, message, "cant_delete_message")
        before = message_as_slack(self.workspace, message)
        self.workspace.delete(message.channel, message.ts)
        event = {"deleted_ts": message.ts, "previous_message": before}
        return await self._tell_members(self._message_event("message_deleted", message) | event, message)

    def _refuse_strangers(self, user_id: str, error: str) -> None:
        """Refuse what does not exist where the app is not installed: its commands, shortcuts and Home tab.

        Source: https://docs.slack.dev/apis/slack-connect
        """
        if self.workspace.user(user_id).stranger:
            raise SlackError(error)

    @staticmethod
    def refuse_others(user_id: str, message: Message, error: str) -> None:
        """Refuse what only the author of a message may do."""
        if message.user != user_id or message.only_for is not None:
            raise SlackError(error)

    def _message_event(self, subtype: str, message: Message) -> Json:
        conversation = self.workspace.conversation(message.channel)
        kind = "im" if conversation.kind == "im" else "group" if conversation.private else "channel"
        return {"type": "message", "subtype": subtype, "channel": message.channel, "channel_type": kind, "hidden": True}

    async def _tell_members(self, event: Json, message: Message) -> list[Answer]:
        """Tell the app of what happened to a message, where it is a member."""
        members = self.workspace.conversation(message.channel).members
        return await self.event(event) if self.workspace.bot_user_id in members else []

    async def open_home(self, user_id: str) -> list[Answer]:
        """Look at the bot's Home tab."""
        self._refuse_strangers(user_id, "no_home_tab")
        event: Json = {"type": "app_home_opened", "user": user_id, "tab": "home"}
        event["channel"] = self.workspace.direct(user_id).id
        home = self.workspace.views.homes.get(user_id)
        if home is not None:
            event["view"] = self.workspace.views.as_slack(home)
        return await self.event(event)

    async def join(self, user_id: str, channel_id: str) -> list[Answer]:
        """Join a channel."""
        self.workspace.join(user_id, channel_id)
        event = {"user": user_id, "channel": channel_id, "channel_type": "C", "team": self.workspace.team_id}
        return await self.event({"type": "member_joined_channel", **event})

    # The protocol

    async def event(self, event: Json) -> list[Answer]:
        """Send an event the app has subscribed to, again after a failure; tells the answer to each attempt."""
        name = f"message.{_MESSAGES[event['channel_type']]}" if event["type"] == "message" else event["type"]
        if name not in self.events:
            return []
        return await self.envelope(self.payloads.event(event))

    async def envelope(self, payload: Json) -> list[Answer]:
        """Send a whole event envelope, which may be one that was sent before."""
        answers = [await self.send("events_api", payload)]
        for attempt, delay in enumerate(self.retry_delays, start=1):
            last = answers[-1]
            if last.ok or last.headers.get("X-Slack-No-Retry") == "1":
                break
            await self._sleep(delay)
            reason = _REASONS.get(last.error or "", "http_error") if last.status is None else "http_error"
            answers.append(await self.send("events_api", payload, attempt=attempt, reason=reason))
        return answers

    async def send(self, kind: Kind, payload: Json, *, attempt: int = 0, reason: str = "") -> Answer:
        """Send one payload by the transport in use."""
        if self.transport == "socket" or (self.transport is None and self.sockets.is_open):
            return await self.sockets.send(kind, payload, attempt=attempt, reason=reason)
        body, content_type = encoded(kind, payload)
        request = self.signed(body, content_type)
        if attempt:
            request = request.with_headers(X_Slack_Retry_Num=str(attempt), X_Slack_Retry_Reason=reason)
        return await self.deliver(request)

    def signed(self, body: bytes, content_type: str) -> SignedRequest:
        """Sign any body with the app's secret, now."""
        at = self.workspace.machine_clock()
        return signed(body, content_type=content_type, secret=self.signing_secret, at=at)

    async def deliver(self, request: SignedRequest) -> Answer:
        """Send a request to the letter, also one that was sent before or was forged."""
        self.requests.append(request)
        if self.app_url is None:
            return Answer(error="dispatch_failed")
        return await self.http.send(self.app_url, request)

    async def hang_up(self) -> None:
        """Close all connections."""
        await self.sockets.close()
        await self.http.close()

    def values_of(self, user_id: str, place: Place) -> Values:
        """Tell what stands in the fields of a message or view, for that person."""
        kept = place.values if isinstance(place, View) else self._picked.get((user_id, _key(place)))
        return fresh_values(place.blocks, kept)

    def _keep(self, user_id: str, place: Place, values: Values) -> None:
        if isinstance(place, View):
            place.values = values
        else:
            self._picked[user_id, _key(place)] = values

    def _apply(self, view: View, content: Any) -> None:
        """Do what the answer to a submission says."""
        views = self.workspace.views
        if not content:
            if view in views.stacks.get(view.user, []):
                views.close(view)
            return
        action = content.get("response_action") if isinstance(content, dict) else None
        if action == "errors":
            inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            if not content.get("errors") or not set(content["errors"]) <= inputs:
                raise SlackError("invalid_response_errors")
            view.errors = dict(content["errors"])
            self.workspace.changed()
        elif action == "clear":
            views.close(view, all_of_them=True)
        elif action == "update":
            views.update(content.get("view") or {}, view_id=view.id)
        elif action == "push":
            views.lay_over(view.user, content.get("view") or {})
        else:
            raise SlackError("invalid_response")

    def _notice(self, user_id: str, channel_id: str, command: str, error: str) -> Message:
        text = f"{command} failed with the error “{error}”"
        return self.workspace.post(channel_id, user=SLACKBOT, text=text, only_for=user_id, notice=error)

    def _as_typed(self, text: str) -> str:
        """Turn what a person typed into Slack's wire text: entities escaped, names turned into mentions."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        ids = {user.name: user.id for user in self.workspace.users.values()}
        return re.sub(r"@([\w.-]+)", lambda m: f"<@{ids[m[1]]}>" if m[1] in ids else m[0], escaped)


_MESSAGES = {"im": "im", "channel": "channels", "group": "groups", "mpim": "mpim"}
"""What kind of conversation a message stands in → which subscription tells of it."""
_REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "connection_failed"}


def _key(place: Place) -> str:
    return place.id if isinstance(place, View) else f"{place.channel}/{place.ts}"
