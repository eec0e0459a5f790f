"""Slack's Web API as the worker uses it: one call is one call, and every answer is one of four outcomes.

The SDK's own retry of ``chat.postMessage`` posts twice when a connection drops after Slack accepted, so there is none
here (``retry_handlers=[]``); the outbox retries.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from pim_bot.errors import TooSlow
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import (
    Addressee,
    Finding,
    Later,
    Missing,
    Outcome,
    Refused,
    Sent,
    Unknown,
    Unreadable,
)
from pim_bot.notifications.ports import ChatProfile, Quotation, Way
from pim_bot.patience import within

log = structlog.get_logger(__name__)

EVENT_TYPE = "pim_outbox"
TIMEOUT = 10
PATIENCE = timedelta(seconds=3)
PAGE = 200
MARGIN = timedelta(seconds=60)
"""How long before the send the reading of a conversation begins: clocks differ."""

DEFINITE = {
    "not_in_channel": delivery.NOT_INVITED,
    "channel_not_found": delivery.UNKNOWN_CHANNEL,
    "is_archived": delivery.ARCHIVED,
    "users_not_found": delivery.UNKNOWN_PERSON,
    "user_not_found": delivery.UNKNOWN_PERSON,
    "user_disabled": delivery.DEACTIVATED,
    "cannot_dm_bot": delivery.UNKNOWN_PERSON,
    "message_not_found": delivery.NO_TARGET,
    "invalid_blocks": delivery.SPOILED_BLOCKS,
    "invalid_blocks_format": delivery.SPOILED_BLOCKS,
    "msg_blocks_too_long": delivery.SPOILED_BLOCKS,
}
AMBIGUOUS = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack says of these that some of the operation may have succeeded."""

WAITS_FOR_OPERATOR = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
OPERATOR_PAUSE = timedelta(seconds=60)


def make_client(token: str, base_url: str, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """Make a client that never repeats a call by itself and leaves out the proxy where NO_PROXY says so."""
    client = AsyncWebClient(token=token, base_url=base_url, timeout=TIMEOUT, retry_handlers=[], session=session)
    if proxy_bypass(urlsplit(base_url).hostname or ""):
        client.proxy = None
    return client


def hearing_dates(hear: Callable[[datetime], None]) -> aiohttp.TraceConfig:
    """Listen to what time each answer says it is (the header ``Date``, RFC 9110 section 6.6.1)."""

    async def on_end(_session: object, _context: object, params: aiohttp.TraceRequestEndParams) -> None:
        try:
            said = parsedate_to_datetime(params.response.headers.get("Date", ""))
        except ValueError:
            return
        if said.tzinfo is not None:
            hear(said)

    listening = aiohttp.TraceConfig()
    listening.on_request_end.append(on_end)
    return listening


class SlackChat:
    """Implements ``notifications.ports.Chat`` for one workspace."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._channels: dict[str, str] = {}

    async def reach(self, addressee: Addressee) -> Way | Refused | Later:
        if addressee.conversation:
            return Way(conversation=addressee.conversation, address=addressee.address)
        try:
            if addressee.kind == "channel":
                return await self._reach_channel(addressee.address)
            return await self._reach_person(addressee)
        except SlackApiError as error:
            return _not_reached(error)
        except (aiohttp.ClientError, TimeoutError, SlackClientError) as error:
            return Later(delivery.FIRST_BACK_OFF, detail=type(error).__name__)

    async def _reach_channel(self, name: str) -> Way | Refused:
        if name not in self._channels:
            await self._read_channels()
        if name in self._channels:
            return Way(conversation=self._channels[name])
        return Refused(delivery.UNKNOWN_CHANNEL)

    async def _read_channels(self) -> None:
        cursor = ""
        while True:
            page = await self._client.conversations_list(
                types="public_channel,private_channel", exclude_archived=False, limit=PAGE, cursor=cursor
            )
            for channel in page.get("channels") or []:
                self._channels[channel["name"]] = self._channels[channel["id"]] = channel["id"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _reach_person(self, addressee: Addressee) -> Way | Refused:
        profile = None
        user_id = addressee.address
        if not user_id:
            if not addressee.email:
                return Refused(delivery.UNKNOWN_PERSON)
            profile = await self._person(addressee.email)
            user_id = profile.user_id
        opened = await self._client.conversations_open(users=user_id)
        return Way(conversation=opened["channel"]["id"], address=user_id, profile=profile)

    async def post(self, conversation: str, rendering: dict[str, Any], *, key: str, thread: str) -> Outcome:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        extra: dict[str, Any] = {"thread_ts": thread} if thread else {}
        return await self._outcome(
            conversation,
            lambda: self._client.chat_postMessage(
                channel=conversation,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                **extra,
                **rendering,
            ),
        )

    async def update(self, conversation: str, ts: str, rendering: dict[str, Any], *, key: str) -> Outcome:
        outcome = await self._outcome(
            conversation, lambda: self._client.chat_update(channel=conversation, ts=ts, **rendering)
        )
        # A change may be made again, so nothing about it is ever unknown.
        return Later(delivery.FIRST_BACK_OFF, detail=outcome.detail) if isinstance(outcome, Unknown) else outcome

    async def publish(self, user_id: str, rendering: dict[str, Any]) -> Outcome:
        view = {"type": "home", "blocks": rendering.get("blocks") or []}
        outcome = await self._outcome(user_id, lambda: self._client.views_publish(user_id=user_id, view=view))
        # What was shown may be shown again, so nothing about it is ever unknown.
        return Later(delivery.FIRST_BACK_OFF, detail=outcome.detail) if isinstance(outcome, Unknown) else outcome

    @staticmethod
    async def _outcome(conversation: str, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> Outcome:
        try:
            response = await call()
        except SlackApiError as error:
            return _outcome_of_error(conversation, error)
        except aiohttp.ClientConnectorError as error:
            return Later(delivery.FIRST_BACK_OFF, detail=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, SlackClientError, asyncio.IncompleteReadError) as error:
            return Unknown(conversation, type(error).__name__)
        return Sent(response.get("channel") or conversation, response.get("ts") or "")

    async def find(self, conversation: str, *, key: str, since: datetime, thread: str) -> Finding:
        found = await self._read(conversation, key=key, since=since, thread=thread, first_only=True)
        if isinstance(found, list):
            return Sent(conversation, found[0]) if found else Missing()
        return found

    async def copies(
        self, conversation: str, *, key: str, since: datetime, thread: str
    ) -> list[str] | Later | Unreadable:
        return await self._read(conversation, key=key, since=since, thread=thread, first_only=False)

    async def _read(
        self, conversation: str, *, key: str, since: datetime, thread: str, first_only: bool
    ) -> list[str] | Later | Unreadable:
        """Read every page since then for messages with the key; with ``first_only`` one is enough."""
        oldest = f"{(since - MARGIN).timestamp():.6f}"
        cursor, found = "", list[str]()
        try:
            while True:
                page = await self._page(conversation, oldest=oldest, cursor=cursor, thread=thread)
                found += [one["ts"] for one in page.get("messages") or [] if _key_of(one) == key]
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if found and first_only:
                    return found
                if not cursor:
                    is_partial = page.get("is_limited") or page.get("has_more")
                    return Unreadable("partial") if is_partial else sorted(found, key=float)
        except SlackApiError as error:
            return not_read(error)
        except (aiohttp.ClientError, TimeoutError, SlackClientError) as error:
            return Later(delivery.FIRST_BACK_OFF, detail=type(error).__name__)

    async def retract(self, conversation: str, ts: str) -> Outcome:
        outcome = await self._outcome(conversation, lambda: self._client.chat_delete(channel=conversation, ts=ts))
        if isinstance(outcome, Refused) and outcome.reason == delivery.NO_TARGET:
            return Sent(conversation, ts)
        return Later(delivery.FIRST_BACK_OFF, detail=outcome.detail) if isinstance(outcome, Unknown) else outcome

    async def _page(self, conversation: str, *, oldest: str, cursor: str, thread: str) -> AsyncSlackResponse:
        asked: dict[str, Any] = {
            "channel": conversation,
            "oldest": oldest,
            "limit": PAGE,
            "include_all_metadata": True,
        }
        asked |= {"cursor": cursor} if cursor else {}
        if thread:
            return await self._client.conversations_replies(ts=thread, **asked)
        return await self._client.conversations_history(**asked)

    async def quote(self, conversation: str, ts: str) -> Quotation | Unreadable | Later:
        try:
            page = await self._client.conversations_replies(
                channel=conversation, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=PAGE
            )
            is_private, link = await self._is_private(conversation), await self._permalink(conversation, ts)
        except SlackApiError as error:
            return not_read(error)
        except (aiohttp.ClientError, TimeoutError, SlackClientError) as error:
            return Later(delivery.FIRST_BACK_OFF, detail=type(error).__name__)
        # Asked for a reply, Slack may tell its whole thread: what was marked is the one with this very stamp.
        message = next((one for one in page.get("messages") or [] if one.get("ts") == ts), None)
        if message is None:
            return Unreadable("message_not_found")
        return _quotation(message, link=link, is_private=is_private)

    async def _is_private(self, conversation: str) -> bool:
        """Tell whether not everybody can read a conversation; one that the chat does not describe counts as private."""
        try:
            told = (await self._client.conversations_info(channel=conversation)).get("channel") or {}
        except SlackApiError as error:
            if isinstance(not_read(error), Later):
                raise
            log.info("slack.conversation-not-described", error=_code(error))
            return True
        return bool(told.get("is_private", True) or told.get("is_im") or told.get("is_mpim"))

    async def _permalink(self, conversation: str, ts: str) -> str:
        """Tell the address of a message; "" where the chat gives none."""
        try:
            found = await self._client.chat_getPermalink(channel=conversation, message_ts=ts)
        except SlackApiError as error:
            if isinstance(not_read(error), Later):
                raise
            log.info("slack.no-permalink", error=_code(error))
            return ""
        return str(found.get("permalink") or "")

    async def profile(self, user_id: str) -> ChatProfile | None:
        try:
            found = await self._client.users_info(user=user_id, include_locale=True)
        except SlackApiError as error:
            log.warning("slack.profile-refused", error=_code(error))
            return None
        return _profile(found["user"])

    async def person(self, email: str) -> ChatProfile | Refused | Later:
        try:
            return await self._person(email)
        except SlackApiError as error:
            return _not_reached(error)
        except (aiohttp.ClientError, TimeoutError, SlackClientError) as error:
            return Later(delivery.FIRST_BACK_OFF, detail=type(error).__name__)

    async def _person(self, email: str) -> ChatProfile:
        """Look a person up; their locale is told only by a second call."""
        found = await self._client.users_lookupByEmail(email=email)
        return await self.profile(found["user"]["id"]) or _profile(found["user"])

    async def ask_time(self) -> None:
        """Have Slack answer anything at all, so that its time is heard; whether it agrees does not matter."""
        with contextlib.suppress(SlackApiError, aiohttp.ClientError, TimeoutError, SlackClientError):
            await self._client.api_test()

    async def identity(self) -> dict[str, str]:
        """Tell who the bot is and where: team, team_id, user_id, url. Raises ``SlackApiError`` for a refused token."""
        answer = await self._client.auth_test()
        return {name: str(answer.get(name, "")) for name in ("team", "team_id", "user_id", "bot_id", "url")}

    async def channels_without_bot(self, names: list[str]) -> dict[str, str]:
        """Tell which of these channels the bot cannot post in, and why."""
        known: dict[str, bool] = {}
        cursor = ""
        while True:
            page = await self._client.conversations_list(
                types="public_channel,private_channel", limit=PAGE, cursor=cursor
            )
            for channel in page.get("channels") or []:
                known[channel["name"]] = known[channel["id"]] = bool(channel.get("is_member"))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        problems = {name: known.get(name) for name in names}
        return {
            name: delivery.UNKNOWN_CHANNEL if member is None else delivery.NOT_INVITED
            for name, member in problems.items()
            if not member
        }


async def workspace_address(chat: SlackChat) -> str:
    """Tell the address of the workspace, for permalinks; "" when the chat does not say so soon."""
    try:
        return (await within(PATIENCE, chat.identity()))["url"]
    except (SlackApiError, aiohttp.ClientError, TimeoutError, SlackClientError, TooSlow):
        return ""


class SlackScreens:
    """Opens forms for the person who clicked; losing one costs a second click, so nothing is stored."""

    def __init__(self, client: AsyncWebClient, *, timeout: float = 2.0) -> None:
        self._client = client
        self._timeout = timeout

    async def open(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Open a form, or put it on top of the one that is open."""
        try:
            async with asyncio.timeout(self._timeout):
                await self._client.views_open(trigger_id=trigger_id, view=view)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning(
                "slack.view-not-opened",
                error=_code(error) if isinstance(error, SlackApiError) else type(error).__name__,
            )


def _quotation(message: dict[str, Any], *, link: str, is_private: bool) -> Quotation:
    author = str(message.get("user") or "")
    files = [one for one in message.get("files") or () if isinstance(one, dict)]
    named = [(str(one.get("title") or one.get("name") or ""), str(one.get("permalink") or "")) for one in files]
    return Quotation(
        text=str(message.get("text") or ""),
        # Somebody from another organisation (Slack Connect) is keyed by their own workspace, not by ours.
        author_team=str(message.get("user_team") or message.get("team") or ""),
        author_user=author,
        by_bot=bool(message.get("bot_id")) or not author,
        is_private=is_private,
        link=link,
        files=tuple((name, address) for name, address in named if address.startswith("https://")),
    )


def _profile(user: dict[str, Any]) -> ChatProfile:
    return ChatProfile(
        team_id=user.get("team_id", ""),
        user_id=user["id"],
        email=((user.get("profile") or {}).get("email") or "").lower(),
        locale=user.get("locale") or "",
        zone=user.get("tz") or "",
        is_person=not (user.get("is_bot") or user.get("deleted") or user["id"] == "USLACKBOT"),
    )


def _key_of(message: dict[str, Any]) -> str:
    """Tell the key that a message of ours carries."""
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))


def _code(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 0) or 0)


def _method(error: SlackApiError) -> str:
    return str(getattr(error.response, "api_url", "")).rpartition("/")[2]


def _retry_after(error: SlackApiError) -> timedelta:
    headers = {str(name).lower(): value for name, value in dict(getattr(error.response, "headers", {})).items()}
    seconds = str(headers.get("retry-after", "1"))
    return timedelta(seconds=int(seconds) if seconds.isdigit() else 1)


def _outcome_of_error(conversation: str, error: SlackApiError) -> Outcome:
    code, status = _code(error), _status(error)
    if status == 429 or code in ("ratelimited", "rate_limited", "message_limit_exceeded"):  # noqa: PLR2004
        wait, method = _retry_after(error), _method(error)
        return Later(wait, counted=False, detail=code, why=delivery.RATE_LIMITED, method=method)
    if status >= 500 or code in AMBIGUOUS or not code:  # noqa: PLR2004 - a fault of the server
        return Unknown(conversation, code or str(status))
    if code in WAITS_FOR_OPERATOR:
        return Later(OPERATOR_PAUSE, counted=False, detail=code, why=delivery.REFUSED_TOKEN)
    return Refused(DEFINITE.get(code, delivery.REFUSED), code)


def not_read(error: SlackApiError) -> Unreadable | Later:
    """Tell why something could not be read, and whether it is worth trying again."""
    match _outcome_of_error("", error):
        case Later() as later:
            return later
        case Unknown(_, detail):
            return Later(delivery.FIRST_BACK_OFF, detail=detail)
        case _:
            return Unreadable(_code(error))


def _not_reached(error: SlackApiError) -> Refused | Later:
    outcome = _outcome_of_error("", error)
    if isinstance(outcome, Unknown):
        return Later(delivery.FIRST_BACK_OFF, detail=outcome.detail)
    assert isinstance(outcome, (Refused, Later))
    return outcome
