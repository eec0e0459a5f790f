"""The bot's door: Slack's Web API over HTTP, with its refusals, its limits and, where planned, its faults."""

import asyncio
import copy
from collections.abc import Awaitable, Callable
from email.utils import format_datetime

from aiohttp import web

from pim_bot.playground import chat_methods, files, people_methods, view_methods
from pim_bot.playground.arguments import Arguments, read_arguments
from pim_bot.playground.call_log import Call
from pim_bot.playground.faults import Drop, Fault, Late, PartialHistory, Refuse, ServerError, TooMany
from pim_bot.playground.model import Json, SlackError
from pim_bot.playground.workspace import Workspace

Method = Callable[[Workspace, Arguments], Json]

METHODS: dict[str, Method] = {
    "api.test": people_methods.api_test,
    "auth.test": people_methods.auth_test,
    "bots.info": people_methods.bots_info,
    "chat.delete": chat_methods.delete,
    "chat.getPermalink": chat_methods.get_permalink,
    "chat.postEphemeral": chat_methods.post_ephemeral,
    "chat.postMessage": chat_methods.post_message,
    "chat.update": chat_methods.update,
    "conversations.history": chat_methods.history,
    "conversations.info": people_methods.conversations_info,
    "conversations.join": people_methods.conversations_join,
    "conversations.list": people_methods.conversations_list,
    "conversations.members": people_methods.conversations_members,
    "conversations.open": people_methods.open_conversation,
    "conversations.replies": chat_methods.replies,
    "files.info": files.files_info,
    "reactions.add": chat_methods.add_reaction,
    "team.info": people_methods.team_info,
    "users.info": people_methods.users_info,
    "users.list": people_methods.users_list,
    "users.lookupByEmail": people_methods.users_look_up_by_email,
    "views.open": view_methods.views_open,
    "views.publish": view_methods.views_publish,
    "views.push": view_methods.views_push,
    "views.update": view_methods.views_update,
}


class WebApi:
    """Answers `…/api/<method>`. `link` gives the address of a new Socket Mode connection."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        link: Callable[[web.Request], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._workspace = workspace
        self._link = link
        self._sleep = sleep
        self._late: set[asyncio.Task[Json]] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call; the header says what time it is in the workspace."""
        response = await self._answer(request)
        response.headers["Date"] = format_datetime(self._workspace.machine_clock(), usegmt=True)
        return response

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """Read one call, let it meet its fault, do it, log it, answer."""
        method = request.match_info["method"]
        try:
            token, arguments = await read_arguments(request)
        except SlackError as refusal:
            return web.json_response(refusal.as_slack())
        try:
            self._check_token(method, token)
        except SlackError as refusal:
            self._log(method, arguments, refusal.as_slack(), None)
            return web.json_response(refusal.as_slack())
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": self._link(request)})
        fault = self._workspace.faults.take(method, arguments.text("channel"))
        if fault is None:
            return web.json_response(self._do(method, arguments))
        self._workspace.changed()
        return await self._meet(fault, request, method, arguments)

    async def close(self) -> None:
        """Drop what was still to be accepted late."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    def _check_token(self, method: str, token: str | None) -> None:
        workspace = self._workspace
        if token is None:
            raise SlackError("not_authed")
        if token not in (workspace.bot_token, workspace.app_token):
            raise SlackError("invalid_auth")
        if (token == workspace.app_token) != (method == "apps.connections.open"):
            raise SlackError("not_allowed_token_type")
        if workspace.refuses_token is not None:
            raise SlackError(workspace.refuses_token)

    def _do(self, method: str, arguments: Arguments, fault: Fault | None = None) -> Json:
        """Do the work and log it."""
        try:
            run = _method(method)
            answer = (
                SlackError(fault.error).as_slack() if isinstance(fault, Refuse) else run(self._workspace, arguments)
            )
        except SlackError as refusal:
            answer = refusal.as_slack()
        if isinstance(fault, PartialHistory) and answer["ok"]:
            answer = _shortened(answer, fault)
        self._log(method, arguments, answer, fault)
        return answer

    def _log(self, method: str, arguments: Arguments, answer: Json | None, fault: Fault | None) -> None:
        now = self._workspace.machine_clock()
        asked, told = copy.deepcopy(arguments.given), copy.deepcopy(answer)
        self._workspace.calls.all.append(Call(method=method, arguments=asked, at=now, answer=told, fault=fault))
        self._workspace.changed()

    async def _meet(self, fault: Fault, request: web.Request, method: str, arguments: Arguments) -> web.StreamResponse:
        if isinstance(fault, TooMany):
            self._log(method, arguments, None, fault)
            headers = {"Retry-After": str(fault.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if isinstance(fault, Late):
            return await self._answer_late(fault, request, method, arguments)
        if isinstance(fault, Drop | ServerError) and not fault.after_accept:
            self._log(method, arguments, None, fault)
            answer: Json = {}
        else:
            answer = self._do(method, arguments, fault)
        if isinstance(fault, Drop):
            return _hang_up(request)
        if isinstance(fault, ServerError):
            return web.Response(status=fault.status, text="<html>Server Error</html>", content_type="text/html")
        return web.json_response(answer)

    async def _answer_late(
        self, fault: Late, request: web.Request, method: str, arguments: Arguments
    ) -> web.StreamResponse:
        # A task of its own, so that the work is done even if the caller has long gone away.
        task = asyncio.create_task(self._accept_late(fault, method, arguments))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        if fault.drop:
            return _hang_up(request)
        return web.json_response(await asyncio.shield(task))

    async def _accept_late(self, fault: Late, method: str, arguments: Arguments) -> Json:
        if fault.gate is not None:
            await fault.gate.wait()
        await self._sleep(fault.seconds)
        return self._do(method, arguments, fault)


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _shortened(answer: Json, fault: PartialHistory) -> Json:
    if "messages" not in answer:
        return answer
    told = {"has_more": True, "is_limited": True} if fault.admitted else {"has_more": False}
    newest = sorted(answer["messages"], key=lambda message: str(message["ts"]), reverse=True)[: fault.keep]
    kept = [message for message in answer["messages"] if message in newest]
    return {**answer, "messages": kept, "response_metadata": {"next_cursor": ""}, **told}


def _hang_up(request: web.Request) -> web.Response:
    """Break the connection; the answer that is returned finds nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
