"""Files that people drop into conversations: `files.info`, and the private address that demands the bot's token."""

import mimetypes
from urllib.parse import quote

from aiohttp import web

from pim_bot.playground.arguments import Arguments
from pim_bot.playground.model import Json, SlackError, StoredFile
from pim_bot.playground.workspace import Workspace


def file_as_slack(workspace: Workspace, file: StoredFile) -> Json:
    """Tell a file as Slack does in full."""
    mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.name,
        "mimetype": mimetype,
        "filetype": file.name.rpartition(".")[2].lower(),
        "user": file.user,
        "size": len(file.data) if file.said_size is None else file.said_size,
        "mode": "hosted",
        "is_external": False,
        "url_private": f"{workspace.files_url}/{file.id}/{quote(file.name)}",
        "url_private_download": f"{workspace.files_url}/{file.id}/download/{quote(file.name)}",
        "permalink": f"https://{workspace.team_id.lower()}.slack.com/files/{file.user}/{file.id}/{quote(file.name)}",
    }


def in_message(workspace: Workspace, file: StoredFile) -> Json:
    """Tell a file as a message does."""
    if file.shared:
        return {"id": file.id, "file_access": "check_file_info"}
    return file_as_slack(workspace, file)


def files_info(workspace: Workspace, arguments: Arguments) -> Json:
    """files.info."""
    file = workspace.files.get(arguments.required("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"ok": True, "file": file_as_slack(workspace, file)}


class FileDoor:
    """Answers `…/files/<id>/…` with the bytes; to whoever has no token with a redirect to the sign-in page."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one download."""
        if request.headers.get("Authorization") != f"Bearer {self._workspace.bot_token}":
            raise web.HTTPFound("/signin")
        file = self._workspace.files.get(request.match_info["id"])
        if file is None or file.gone:
            raise web.HTTPNotFound
        if file.held is not None:
            await file.held.wait()
        if file.leads_to:
            raise web.HTTPFound(file.leads_to)
        return web.Response(body=file.data, content_type="application/octet-stream")
