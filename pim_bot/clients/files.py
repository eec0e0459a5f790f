"""Files of the chat: what one is, and its bytes, from Slack's own host and within limits.

The bot's token goes to Slack's hosts for files only, and to the Web API's own address, which the operator names. No
redirect is followed: to whoever may not read a file Slack answers with one that leads to its sign-in page
(Slack: „Working with files”).
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from pim_bot.clients.egress import EgressRefused
from pim_bot.clients.slack import not_read
from pim_bot.errors import Refused
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Later
from pim_bot.notifications.ports import ChatFile

log = structlog.get_logger(__name__)

HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
PIECE = 64 * 1024
MEGABYTE = 1024 * 1024
HTTPS = 443

GONE = "Tego pliku nie ma już w komunikatorze. Prosimy wysłać go jeszcze raz."
NO_RIGHT = (
    "Bot nie może odczytać tego pliku: komunikator mu go nie wydaje. Prosimy wysłać plik wprost do rozmowy z botem; "
    "jeśli to nie pomoże, administrator/ka sprawdzi uprawnienie files:read."
)
ELSEWHERE = "Ten plik jest przechowywany poza komunikatorem. Prosimy wysłać sam plik, a nie odnośnik do niego."

_GONE = frozenset({"file_not_found", "file_deleted"})
_NO_LONGER = frozenset({"tombstone", "hidden_by_limit"})


class SlackFiles:
    """Implements ``notifications.ports.Files``. ``patience`` is how long one download may take."""

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, *, api_url: str, patience: timedelta
    ) -> None:
        self._client = client
        self._session = session
        self._api = URL(api_url).origin()
        self._patience = aiohttp.ClientTimeout(total=patience.total_seconds())

    async def look(self, file_id: str) -> ChatFile | Refused | Later:
        try:
            told = (await self._client.files_info(file=file_id)).get("file") or {}
        except SlackApiError as error:
            return _not_shown(error)
        except (aiohttp.ClientError, TimeoutError, SlackClientError) as error:
            return Later(delivery.FIRST_BACK_OFF, detail=type(error).__name__)
        return _described(told)

    async def load(self, file: ChatFile, *, most: int) -> bytes | Refused | Later:
        if file.size > most:
            return _too_big(most)
        if not self._is_slacks(file.address):
            return Refused(ELSEWHERE)
        try:
            return await self._loaded(file.address, most)
        except EgressRefused as refused:
            log.warning("file.led-elsewhere", why=str(refused))
            return Refused(NO_RIGHT)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Later(delivery.FIRST_BACK_OFF, detail=type(error).__name__)

    def _is_slacks(self, address: str) -> bool:
        """Tell whether the token may go there."""
        url = URL(address)
        return url.is_absolute() and (
            url.origin() == self._api or (url.scheme == "https" and url.port == HTTPS and url.host in HOSTS)
        )

    async def _loaded(self, address: str, most: int) -> bytes | Refused | Later:
        headers = {"Authorization": f"Bearer {self._client.token}", "Accept-Encoding": "identity"}
        async with self._session.get(
            address, headers=headers, allow_redirects=False, auto_decompress=False, timeout=self._patience
        ) as response:
            if response.status != HTTPStatus.OK:
                return _not_given(response.status)
            if (response.content_length or 0) > most:
                return _too_big(most)
            data = bytearray()
            async for piece in response.content.iter_chunked(PIECE):
                data += piece
                if len(data) > most:
                    return _too_big(most)
            return bytes(data)


def _described(told: Mapping[str, Any]) -> ChatFile | Refused:
    if told.get("mode") in _NO_LONGER:
        return Refused(GONE)
    if told.get("mode") == "external" or told.get("is_external"):
        return Refused(ELSEWHERE)
    address = str(told.get("url_private_download") or told.get("url_private") or "")
    size = told.get("size")
    name = str(told.get("name") or "")
    if not address:
        return Refused(NO_RIGHT)
    return ChatFile(name=name, size=size if isinstance(size, int) else 0, address=address)


def _not_shown(error: SlackApiError) -> Refused | Later:
    found = not_read(error)
    if isinstance(found, Later):
        return found
    log.warning("file.not-shown", error=found.detail)
    return Refused(GONE if found.detail in _GONE else NO_RIGHT)


def _not_given(status: int) -> Refused | Later:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Refused(GONE)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Later(delivery.FIRST_BACK_OFF, detail=str(status))
    return Refused(NO_RIGHT)


def _too_big(most: int) -> Refused:
    return Refused("Plik jest za duży: najwyżej {most} MB.", most=most // MEGABYTE)
