"""Files that somebody drops into the conversation with the bot: noted here, fetched and read by a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pim_bot.clock import new_id
from pim_bot.errors import NotAllowed, Refused
from pim_bot.programme import ports
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, Place, can

LIST = ".xlsx"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileOfMessage:
    """A file as the message tells it; ``name`` is "" where the chat tells it only when asked (Slack Connect)."""

    file_id: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DroppedFile:
    """A file that waits to be fetched. Only the chat's id of it is kept, never its name or address.

    ``next_at`` is machine time: when to try, after so many ``tries`` without an answer.
    """

    id: str
    file_id: str
    member_id: str
    next_at: datetime
    tries: int = 0


class DroppedFiles(Protocol):
    """Files that are still to be fetched."""

    async def add(self, one: DroppedFile) -> None: ...


class DropWork(ports.ProgrammeWork, Protocol):
    """One transaction in which a file is dropped."""

    @property
    def dropped_files(self) -> DroppedFiles: ...


def require_readable(name: str) -> None:
    """Raise ``Refused`` that says what can be done with a file, unless it is one that the bot reads."""
    if not name.lower().endswith(LIST):
        raise Refused(
            "Z rozmowy bot czyta jeden rodzaj pliku: listę osób w Excelu (.xlsx). Prezentację albo inny plik do "
            "materiałów wydarzenia dodaje skrót „Dodaj materiał” pod wiadomością z plikiem, a treść wiadomości do MID "
            "lub PU skrót „Dodaj do MID/PU”."
        )


async def drop_files(
    work: DropWork, actor: Actor, files: Sequence[FileOfMessage], *, now: datetime, at: datetime
) -> DroppedFile:
    """Note a file to be fetched, for whoever may bring what it is; ``at`` is machine time. Raises ``Refused``."""
    if len(files) != 1:
        raise Refused("Prosimy wysłać jeden plik w jednej wiadomości.")
    (file,) = files
    if file.name:
        require_readable(file.name)
    assert actor.member is not None
    if not can(actor, Action.BRING_PEOPLE, Place(owner=actor.member.id), day=actor.member.day_of(now)):
        raise NotAllowed(
            "Listę osób wczytuje koordynacja programu, więc tego pliku nie czytamy i niczego nie zapisano. Zmianę "
            "w jednym zespole zapisuje opiekun/ka sieci poleceniem /pim zespół."
        )
    dropped = DroppedFile(id=new_id(), file_id=file.file_id, member_id=actor.member.id, next_at=at)
    await work.dropped_files.add(dropped)
    work.act("FileDropped", f"member:{actor.member.id}", actor=actor, at=now)
    return dropped
