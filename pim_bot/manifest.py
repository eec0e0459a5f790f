"""The Slack app's manifest for these settings, with the least scopes (Slack: „App manifest reference”)."""

from typing import Any

from pim_bot.blocks import ids
from pim_bot.settings import Settings

SCOPES = {
    "app_mentions:read": "Bot odpowiada na pytanie, gdy ktoś wspomni go w kanale; samego pytania nie zapisuje.",
    "chat:write": "Bot wysyła wiadomości i poprawia własne.",
    "commands": "Bot odpowiada na /pim i na skróty.",
    "users:read": "Bot poznaje język i strefę czasową osoby, żeby pisać w jej języku i w jej godzinach pracy.",
    "users:read.email": "Bot rozpoznaje osobę programu po adresie e-mail; innych adresów nie zapisuje.",
    "im:write": "Bot otwiera rozmowę z osobą, do której pisze.",
    "im:history": (
        "Bot odpowiada na pytania zadane w rozmowie z nim; samych pytań nie zapisuje. Gdy nie wiadomo, czy wiadomość "
        "dotarła, szuka jej w tej rozmowie, zanim wyśle ją jeszcze raz."
    ),
    "channels:read": "Bot znajduje kanał sieci po nazwie.",
    "channels:history": (
        "Gdy nie wiadomo, czy ogłoszenie dotarło, bot szuka go w kanale. Gdy ktoś zmieni albo usunie wpis dodany "
        "do MID lub PU, bot to zaznacza; innych wpisów osób nie zapisuje."
    ),
    "reactions:read": (
        "Gdy ktoś oznaczy wiadomość reakcją edycji, bot proponuje tej osobie dodanie wiadomości do MID albo PU; "
        "innych reakcji nie zapisuje."
    ),
    "files:read": (
        "Gdy koordynacja wyśle botowi listę osób w Excelu, bot ją odczytuje i pokazuje podgląd; samego pliku nie "
        "zapisuje i innych plików nie otwiera."
    ),
    "groups:read": "Bot znajduje prywatny kanał sieci, do którego został zaproszony.",
    "groups:history": "To samo w prywatnym kanale, do którego bot został zaproszony.",
}
"""Every scope and, in one sentence, why it is asked for (the least there is: RODO art. 25).

chat:write.public is left out on purpose: what cannot be read back is not posted.
"""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "tokens_revoked",
)

ABOUT = (
    "pim_bot pilnuje terminów programu sieci miast: ogłasza wydarzenia, zbiera odpowiedzi, przypomina i prowadzi "
    "kalendarz. O danych osobowych: /pim moje dane. Po co są uprawnienia:"
)


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
            "long_description": "\n".join([ABOUT, *(f"{scope}: {SCOPES[scope]}" for scope in sorted(SCOPES))]),
            "background_color": "#1f4e5f",
        },
        "features": {
            "bot_user": {"display_name": "pim_bot", "always_online": True},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "shortcuts": [
                {
                    "name": "Nowe wydarzenie",
                    "type": "global",
                    "callback_id": ids.NEW_ACTIVITY_SHORTCUT,
                    "description": "Zaplanuj wydarzenie sieci",
                },
                {
                    "name": "Dodaj do MID/PU",
                    "type": "message",
                    "callback_id": ids.CONTRIBUTE_SHORTCUT,
                    "description": "Dodaj tę wiadomość do MID albo PU",
                },
                {
                    "name": "Dodaj materiał",
                    "type": "message",
                    "callback_id": ids.MATERIAL_SHORTCUT,
                    "description": "Dodaj plik lub link do materiałów",
                },
                {
                    "name": "Zapisz doradztwo",
                    "type": "global",
                    "callback_id": ids.NEW_SESSION_SHORTCUT,
                    "description": "Zapisz sesję doradztwa z miastem",
                },
            ],
            "slash_commands": [
                {
                    "command": ids.COMMAND,
                    "description": "Co na Państwa czeka w programie",
                    "usage_hint": "terminy | doradztwo | dodaj | mid | pu | wydarzenie | temat | materiały | pomoc",
                    "should_escape": False,
                    **address,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {
                "bot_events": list(EVENTS),
                **request,
            },
            "interactivity": {"is_enabled": True, **request, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }
