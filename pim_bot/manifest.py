"""The Slack app's manifest for these settings, with the least scopes (Slack: „App manifest reference”)."""

from typing import Any

from pim_bot.blocks import ids
from pim_bot.settings import Settings

SCOPES = {
    "chat:write": "to post, and to change its own messages",
    "commands": "for /pim and the shortcuts",
    "users:read": "for the language and the time zone of a person",
    "users:read.email": "to match a person of the programme by e-mail",
    "im:write": "to open a direct message",
    "im:history": "to look whether a doubtful direct message arrived",
    "channels:read": "to find a network's channel by its name",
    "channels:history": "to look whether a doubtful announcement arrived",
    "groups:read": "the same for private channels",
    "groups:history": "the same for private channels",
}
"""Every scope and what it is for. chat:write.public is left out on purpose: what cannot be read back is not posted."""


def manifest_for(settings: Settings) -> dict[str, Any]:
    """Make the manifest: Socket Mode unless there is a public https address that Slack can reach."""
    socket_mode = bool(settings.slack_app_token.get_secret_value()) or not settings.public.startswith("https://")
    address = {} if socket_mode else {"url": f"{settings.public}/slack/events"}
    request = {} if socket_mode else {"request_url": f"{settings.public}/slack/events"}
    options = {} if socket_mode else {"message_menu_options_url": f"{settings.public}/slack/events"}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "pim_bot",
            "description": "Wydarzenia, odpowiedzi i kalendarze programu sieci miast",
            "background_color": "#1f4e5f",
        },
        "features": {
            "bot_user": {"display_name": "pim_bot", "always_online": True},
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True},
            "shortcuts": [
                {
                    "name": "Nowe wydarzenie",
                    "type": "global",
                    "callback_id": ids.NEW_ACTIVITY_SHORTCUT,
                    "description": "Zaplanuj wydarzenie sieci",
                }
            ],
            "slash_commands": [
                {
                    "command": ids.COMMAND,
                    "description": "Co na Państwa czeka w programie",
                    "usage_hint": "terminy | wydarzenie | przypisz | pomoc",
                    "should_escape": False,
                    **address,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {
                "bot_events": ["app_uninstalled", "member_joined_channel", "message.im", "tokens_revoked"],
                **request,
            },
            "interactivity": {"is_enabled": True, **request, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }
