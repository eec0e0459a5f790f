"""Moving a hub from SQLite to PostgreSQL: one transaction, in which everything is compared before it is kept."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, func, inspect, make_url, select
from sqlalchemy import table as unknown_table
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pim_bot.clock import machine_clock
from pim_bot.errors import PimBotError, SettingsError, StorageBusy
from pim_bot.storage import postgresql, sqlite
from pim_bot.storage.copying import (
    CARRIED,
    OF_THE_MOMENT,
    NotCopied,
    carry_over,
    compared,
    count_rows,
    names_of,
    require_nobody,
    reserve,
    said_by,
)
from pim_bot.storage.engine import make_engine, make_reading, newest_version, upgrade, version
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.tables import metadata
from pim_bot.storage.trouble import trouble_of

_SECRETS = ("password", "sslpassword")


class NotMoved(NotCopied):
    """The hub was not moved and PostgreSQL holds nothing of it; the sentence says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """What was carried over and found equal: how many rows of each table; ``left_out`` are tables that were not.

    ``address`` is the new one, without a password. ``again`` tells that everything had been there already.
    """

    rows: dict[str, int]
    left_out: tuple[str, ...]
    address: str
    again: bool


async def move(source_url: str, target_url: str, *, within: timedelta) -> Moved:
    """Carry a hub over from SQLite to PostgreSQL; whoever wants to write to SQLite has to wait meanwhile.

    An interruption leaves nothing on PostgreSQL, so the same move can be made again; one that was complete is told as
    such. ``within`` is how fresh the last beat of a living process is. Raises ``NotMoved`` when either database is in
    use or unfit, and ``SettingsError`` when the hub is not on SQLite.
    """
    source = _source(source_url)
    target = _target(target_url)
    try:
        async with _held(source, within=within) as old:
            await _made_ready(target)
            async with _reserved(target, within=within) as new:
                again = bool(await count_rows(new))
                rows = await _compared_with_what_is_there(old, new) if again else await carry_over(old, new)
                await new.commit()
        return Moved(rows=rows, left_out=names_of(OF_THE_MOMENT), address=_shown(target.url), again=again)
    finally:
        await source.dispose()
        await target.dispose()


def _source(url: str) -> AsyncEngine:
    engine = make_engine(url)
    if engine.dialect.name != "sqlite":
        raise SettingsError(
            "PIM_DATABASE_URL: przenosi się z bazy SQLite, a to jest adres PostgreSQL. "
            "Prosimy podać adres starej bazy, na przykład sqlite:///data/pim_bot.db"
        )
    if not Path(engine.url.database or "").is_file():
        raise SettingsError(
            f"PIM_DATABASE_URL: nie ma pliku {engine.url.database}. Prosimy podać adres bazy, którą mamy przenieść."
        )
    return engine


def _target(url: str) -> AsyncEngine:
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):  # their texts would tell a piece of the password
        backend = ""
    if backend not in ("postgresql", "postgres"):
        raise NotMoved(
            "Cel musi być adresem bazy PostgreSQL, na przykład postgresql://UŻYTKOWNIK:HASŁO@SERWER:5432/BAZA. "
            "Znaki @ : / ? # w haśle prosimy zapisać jako %40 %3A %2F %3F %23."
        )
    return make_engine(url)


def _shown(url: URL) -> str:
    """Write an address so that it can be printed: a password is three stars, or is left out of the parameters."""
    return url.set(drivername="postgresql").difference_update_query(_SECRETS).render_as_string()


@asynccontextmanager
async def _held(engine: AsyncEngine, *, within: timedelta) -> AsyncIterator[AsyncConnection]:
    """Hold the old database, so that nobody writes to it; nothing is committed, so nothing changes in it."""
    path = engine.url.database
    async with AsyncExitStack() as opened:
        try:
            connection = await opened.enter_async_context(engine.connect())
            present = await connection.run_sync(version)
        except DBAPIError as error:
            raise _not_held(engine.url, error) from error
        if present < newest_version():
            raise NotMoved(f"Baza {path} nie ma najnowszej postaci. Prosimy najpierw użyć: pim-bot db upgrade")
        if present > newest_version():
            raise NotMoved(f"Baza {path} jest nowsza niż ten program. Prosimy zaktualizować program.")
        await require_nobody(connection, MachineTime(machine_clock), within)
        yield connection


def _not_held(url: URL, error: DBAPIError) -> PimBotError:
    if problem := sqlite.problem_of(url, error):
        return SettingsError(problem)
    if isinstance(trouble_of(error), StorageBusy):
        return NotMoved(
            f"Do bazy {url.database} pisze teraz inny proces. "
            "Prosimy zatrzymać centrum i uruchomić polecenie jeszcze raz."
        )
    return NotMoved(f"Bazy {url.database} nie da się odczytać ({said_by(error)}). Prosimy sprawdzić plik i prawa.")


async def _made_ready(engine: AsyncEngine) -> None:
    """Bring the new database to the newest migration, unless it is somebody's old one."""
    try:
        async with make_reading(engine).connect() as connection:
            if counts := await connection.run_sync(_counts_of_others):
                raise NotMoved(_not_empty(counts))
        await upgrade(engine)
    except SettingsError as error:
        raise NotMoved(_of_target(str(error))) from error
    except DBAPIError as error:
        if problem := postgresql.problem_of(engine.url, error):
            raise NotMoved(_of_target(problem)) from error
        raise NotMoved(
            f"W docelowej bazie nie da się założyć tabel ({said_by(error)}). "
            "Prosimy podać bazę, w której jeszcze niczego nie ma."
        ) from error


def _of_target(problem: str) -> str:
    return f"Docelowa baza: {problem.removeprefix('PIM_DATABASE_URL: ')}"


def _counts_of_others(connection: Connection) -> dict[str, int]:
    """Count the rows of what stands in the way: tables that are not the hub's, and those of a hub that is older.

    An older hub would have to be migrated first, whatever its tables were at that time.
    """
    present = version(connection)
    if present > newest_version():
        return {}  # told by the migration
    names = set(inspect(connection).get_table_names()) - {"alembic_version", *names_of(OF_THE_MOMENT)}
    is_older = "" < present < newest_version()
    if present == newest_version():
        names -= set(metadata.tables)
    counts = {
        name: connection.execute(select(func.count()).select_from(unknown_table(name))).scalar_one()
        for name in sorted(names)
    }
    return {name: count for name, count in counts.items() if count or not is_older}


def _not_empty(counts: Mapping[str, int]) -> str:
    found = ", ".join(f"{name} {count}" for name, count in counts.items())
    return (
        f"Docelowa baza nie jest pusta i nie jest kopią tej bazy; ma wiersze: {found}. "
        "Nic w niej nie zmieniono. Prosimy podać pustą bazę, na przykład nową: createdb NAZWA"
    )


@asynccontextmanager
async def _reserved(engine: AsyncEngine, *, within: timedelta) -> AsyncIterator[AsyncConnection]:
    """Open the one transaction on the new database, with its tables to ourselves; left early, it keeps nothing."""
    from psycopg import Error  # noqa: PLC0415 - an extra

    try:
        async with engine.connect() as connection:
            await reserve(connection, within)
            yield connection
    except (DBAPIError, Error) as error:
        raise NotMoved(
            f"Przenoszenie zostało przerwane ({said_by(error)}). Prosimy usunąć przyczynę i uruchomić polecenie "
            "jeszcze raz: zapisało się wszystko albo nic, a polecenie samo to sprawdzi."
        ) from error


async def _compared_with_what_is_there(old: AsyncConnection, new: AsyncConnection) -> dict[str, int]:
    """Tell the rows of a move that was complete; anything else that is there is not ours to touch."""
    try:
        return {table.name: await compared(old, new, table) for table in CARRIED}
    except NotCopied as error:
        raise NotMoved(_not_empty(await count_rows(new))) from error
