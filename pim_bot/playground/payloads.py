"""The bodies of Slack's requests to an app, built exactly as Slack builds them."""

import json
from typing import Any

from pim_bot.playground.chat_methods import message_as_slack
from pim_bot.playground.model import Json, Message, User
from pim_bot.playground.views import View
from pim_bot.playground.workspace import Workspace


class Payloads:
    """Builds the payload of each thing that a person or the workspace can do."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def command(self, user: User, channel_id: str, command: str, text: str, response_url: str) -> dict[str, str]:
        """Build a slash command: a flat form, no JSON."""
        conversation = self._workspace.conversation(channel_id)
        return {
            "token": "local",
            "team_id": self._workspace.team_id,
            "team_domain": self._workspace.team_id.lower(),
            "channel_id": channel_id,
            "channel_name": "directmessage" if conversation.kind == "im" else conversation.name,
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self._workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": self._workspace.views.trigger(user.id),
        }

    def click(self, user: User, place: Message | View, action: Json, values: Json, response_url: str | None) -> Json:
        """Build block_actions for one element of a message, a modal or a Home tab."""
        payload = self._common("block_actions", user)
        payload["actions"] = [action]
        if isinstance(place, View):
            payload["trigger_id"] = self._workspace.views.trigger(user.id, in_view=place.id)
            payload["container"] = {"type": "view", "view_id": place.id}
            payload["view"] = {**self._workspace.views.as_slack(place), "state": {"values": values}}
            return payload
        payload["trigger_id"] = self._workspace.views.trigger(user.id)
        payload["container"] = {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": place.channel,
            "is_ephemeral": place.only_for is not None,
        }
        payload["channel"] = self._channel(place.channel)
        if place.only_for is None:
            payload["message"] = message_as_slack(self._workspace, place, with_metadata=True)
        payload["state"] = {"values": values}
        payload["response_url"] = response_url
        return payload

    def submission(self, user: User, view: View) -> Json:
        """Build view_submission from what the form holds now."""
        payload = self._common("view_submission", user)
        payload["trigger_id"] = self._workspace.views.trigger(user.id, in_view=view.id)
        payload["view"] = self._workspace.views.as_slack(view)
        payload["response_urls"] = []
        return payload

    def closing(self, user: User, view: View, *, is_cleared: bool) -> Json:
        """Build view_closed."""
        payload = self._common("view_closed", user)
        payload["view"] = self._workspace.views.as_slack(view)
        payload["is_cleared"] = is_cleared
        return payload

    def suggestion(self, user: User, place: Message | View, block: Json, element: Json, query: str) -> Json:
        """Build block_suggestion, which asks for the options of an external select."""
        payload = self._common("block_suggestion", user)
        payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": query}
        if isinstance(place, View):
            payload["container"] = {"type": "view", "view_id": place.id}
            payload["view"] = self._workspace.views.as_slack(place)
        else:
            payload["container"] = {"type": "message", "message_ts": place.ts, "channel_id": place.channel}
            payload["channel"] = self._channel(place.channel)
        return payload

    def shortcut(self, user: User, callback_id: str, message: Message | None, response_url: str | None) -> Json:
        """Build a global shortcut, or one on a message."""
        payload = self._common("shortcut" if message is None else "message_action", user)
        payload["callback_id"] = callback_id
        payload["trigger_id"] = self._workspace.views.trigger(user.id)
        payload["action_ts"] = self._workspace.next_ts()
        if message is not None:
            payload["channel"] = self._channel(message.channel)
            payload["message_ts"] = message.ts
            payload["message"] = message_as_slack(self._workspace, message, with_metadata=True)
            payload["response_url"] = response_url
        return payload

    def event(self, event: Json) -> Json:
        """Build the envelope of an event of the Events API."""
        workspace = self._workspace
        bot = {"team_id": workspace.team_id, "user_id": workspace.bot_user_id, "is_bot": True, "enterprise_id": None}
        return {
            "token": "local",
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.machine_clock().timestamp()),
            "event": {"event_ts": workspace.next_ts(), **event},
            "authorizations": [bot | {"is_enterprise_install": False}],
            "is_ext_shared_channel": self._is_shared(event),
        }

    def action(self, block: Json, element: Json, chosen: Json) -> Json:
        """Build one entry of `actions`: the element, and what was chosen in it."""
        shown: Json = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
        told: Json = shown if element["type"] in ("button", "workflow_button") else {}
        ids = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
        return {**told, **chosen, **ids, "action_ts": self._workspace.next_ts()}

    def _common(self, kind: str, user: User) -> Json:
        workspace = self._workspace
        home = workspace.team_of(user.id)
        who: dict[str, Any] = {"id": user.id, "username": user.name, "name": user.name, "team_id": home}
        # What happens in a form happens in the person's own workspace, a click where the message stands.
        # Sources: https://github.com/slackapi/bolt-js/pull/1615, https://github.com/slackapi/java-slack-sdk/issues/1041
        team = home if kind in ("view_submission", "view_closed") else workspace.team_id
        return {
            "type": kind,
            "token": "local",
            "team": {"id": team, "domain": team.lower()},
            "user": who,
            "api_app_id": workspace.app_id,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _is_shared(self, event: Json) -> bool:
        conversation = self._workspace.conversations.get(str(event.get("channel")))
        return conversation is not None and conversation.shared

    def _channel(self, channel_id: str) -> Json:
        conversation = self._workspace.conversation(channel_id)
        name = "directmessage" if conversation.kind == "im" else conversation.name
        return {"id": channel_id, "name": name}


def as_form_field(payload: Json) -> dict[str, str]:
    """Wrap an interaction as Slack sends it over HTTP: JSON in a form field."""
    return {"payload": json.dumps(payload, ensure_ascii=False)}
