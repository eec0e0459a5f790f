"""Requests as the chat sends them."""

import json
from itertools import count
from typing import Any
from urllib.parse import urlencode

from benchmarks.load import signed_request

FORM = "application/x-www-form-urlencoded"
TEAM = "T1"
DOOR = "/slack/events"
ANSWERS = ("attend.going", "attend.unsure", "attend.not-going")

_numbers = count(1)


def unknown_event(path: str = DOOR) -> bytes:
    """An event that no handler hears of: only to be acknowledged."""
    body = {
        "token": "local",
        "team_id": TEAM,
        "api_app_id": "A1",
        "type": "event_callback",
        "event_id": f"Ev{next(_numbers):08}",
        "event_time": 1,
        "event": {"type": "reaction_added", "user": "U001", "reaction": "eyes", "event_ts": "1.000001"},
        "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
    return signed_request(path, json.dumps(body).encode(), "application/json")


def command_body(user: str, text: str) -> dict[str, str]:
    """The form of a slash command."""
    return {
        "token": "local",
        "team_id": TEAM,
        "team_domain": "t1",
        "channel_id": f"D{user[1:]}",
        "channel_name": "directmessage",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/pim",
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/hooks/none",
        "trigger_id": f"{next(_numbers)}.1.bench",
    }


def command(user: str, text: str, path: str = DOOR) -> bytes:
    """A slash command, signed."""
    return signed_request(path, urlencode(command_body(user, text)).encode(), FORM)


def event_body(kind: str, user: str, **more: str) -> dict[str, Any]:
    """Something that happens in the conversation of a person with the bot."""
    number = next(_numbers)
    event = {"type": kind, "user": user, "channel": f"D{user[1:]}", "ts": f"{number}.000001", **more}
    return {
        "token": "local",
        "team_id": TEAM,
        "api_app_id": "A1",
        "type": "event_callback",
        "event_id": f"Ev{number:08}",
        "event_time": 1,
        "event": event | {"event_ts": f"{number}.000001"},
        "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }


def click(user: str, action_id: str, value: str, path: str = DOOR) -> bytes:
    """A press of a button under a message, signed; never the same press twice."""
    payload = click_body(user, action_id, value)
    return signed_request(path, urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode(), FORM)


def click_body(user: str, action_id: str, value: str) -> dict[str, Any]:
    """The payload of a press."""
    number = next(_numbers)
    return {
        "type": "block_actions",
        "token": "local",
        "team": {"id": TEAM, "domain": "t1"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": "A1",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": f"{number}.2.bench",
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": f"D{user[1:]}", "is_ephemeral": False},
        "channel": {"id": f"D{user[1:]}", "name": "directmessage"},
        "state": {"values": {}},
        "response_url": "http://127.0.0.1:9/hooks/none",
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "answers",
                "text": {"type": "plain_text", "text": "Wezmę udział"},
                "value": value,
                "action_ts": f"{number}.000001",
            }
        ],
    }
