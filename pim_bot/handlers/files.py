"""Files dropped into the conversation with the bot, and what is decided about a list of people that came so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pim_bot.errors import Refused
from pim_bot.handlers.channels import of_sender
from pim_bot.handlers.door import Door, UnknownVisitor
from pim_bot.handlers.payloads import Click, Happening
from pim_bot.programme.dropping import FileOfMessage, drop_files
from pim_bot.programme.people_lists import accept_list, leave_list
from pim_bot.programme.permissions import Action, needs, open_to_all


@dataclass(frozen=True, kw_only=True, slots=True)
class FileHandlers:
    """A file in a direct message, and the two buttons below the list that it was."""

    door: Door

    @open_to_all("everybody is told what the bot can do with a file; whose list it reads is decided where it is noted")
    async def dropped(self, happening: Happening) -> None:
        """Note a file to be fetched, or tell in a sentence why it is not."""
        event = happening.event
        if event.get("channel_type") != "im" or event.get("bot_id") or not happening.user_id:
            return
        request = of_sender(happening)
        try:
            async with self.door.act(request) as visit:
                at = self.door.machine_clock()
                await drop_files(visit.work, visit.actor, files_in(event), now=visit.now, at=at)
        except UnknownVisitor:
            await self.door.meet(request)
        except Refused as refused:
            await self.door.tell_refusal(request, refused)

    @needs(Action.BRING_PEOPLE)
    async def save_list(self, click: Click) -> None:
        """„Zapisz”."""
        list_id, revision = _meant(click)
        async with self.door.act(click) as visit:
            await accept_list(visit.work, visit.actor, list_id, revision=revision, now=visit.now)

    @needs(Action.BRING_PEOPLE)
    async def leave_list(self, click: Click) -> None:
        """„Zostawiam jak jest”."""
        list_id, revision = _meant(click)
        async with self.door.act(click) as visit:
            await leave_list(visit.work, visit.actor, list_id, revision=revision, now=visit.now)


def files_in(event: Mapping[str, Any]) -> list[FileOfMessage]:
    """Read which files hang on a message; of one shared from another organisation only the id may be told."""
    files = event.get("files")
    found = [one for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    return [
        FileOfMessage(file_id=str(one["id"]), name=str(one.get("name") or ""))
        for one in found
        if isinstance(one.get("id"), str) and one["id"]
    ]


def _meant(click: Click) -> tuple[str, int]:
    list_id, _, revision = click.value.rpartition("/")
    return list_id, int(revision) if revision.isdecimal() else 0
