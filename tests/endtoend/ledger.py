"""What the database of a running hub says, read beside it: what is still to be done, who led, what was in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, LiteralString

import psycopg

from tests.endtoend.running import found

MICROSECONDS_PER_DAY = 86_400_000_000

OPEN_WORK = """
WITH present AS (SELECT now() + offset_microseconds * interval '1 microsecond' AS at FROM programme_time)
SELECT 'reactions', count(*) FROM event_reaction WHERE state <> 'done'
UNION ALL SELECT 'messages', count(*) FROM notification, present
    WHERE state IN ('planned', 'sending', 'doubtful') AND not_before <= at
UNION ALL SELECT 'undelivered', count(*) FROM notification WHERE state IN ('failed', 'needs_human')
UNION ALL SELECT 'due items', count(*) FROM due_item, present WHERE state = 'planned' AND due_at <= at
UNION ALL SELECT 'parked requests', count(*) FROM parked_request
"""

KEEP_RECORD = """
CREATE TABLE led (
    number bigint GENERATED ALWAYS AS IDENTITY, at timestamptz, process_id text, leader text, until timestamptz
);
CREATE FUNCTION keep_leader() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO led (at, process_id, leader, until)
        VALUES (statement_timestamp(), NEW.process_id, NEW.leader, NEW.until);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_leader AFTER INSERT OR UPDATE ON leadership FOR EACH ROW EXECUTE FUNCTION keep_leader();

CREATE TABLE doubted (id text);
CREATE FUNCTION keep_doubt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO doubted VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_doubt AFTER UPDATE ON notification FOR EACH ROW
    WHEN (NEW.state = 'doubtful' AND OLD.state <> 'doubtful') EXECUTE FUNCTION keep_doubt();
"""


@dataclass(frozen=True)
class Led:
    """That a process said of itself that it leads: when, by the database's clock, and until when."""

    at: datetime
    process_id: str
    leader: str
    until: datetime


@dataclass(frozen=True)
class Takeover:
    """That another process leads than before."""

    before: Led
    after: Led

    @property
    def pause(self) -> timedelta:
        """How long nobody led; less than nothing when two led at once."""
        return self.after.at - self.before.until


@dataclass(frozen=True)
class Ledger:
    """The database at an address."""

    url: str

    async def rows(self, statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement of SQL in a connection of its own."""
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            cursor = await connection.execute(statement, parameters or None)
            return await cursor.fetchall() if cursor.description else []

    async def wind(self, *, days: int) -> None:
        """Wind programme time forward; the processes take it over with their next heartbeat."""
        statement = "UPDATE programme_time SET offset_microseconds = offset_microseconds + %s"
        await self.rows(statement, days * MICROSECONDS_PER_DAY)

    async def settled(self, *, seconds: float) -> None:
        """Wait until the hub has done everything that is due by now."""
        left: dict[str, int] = {}

        async def nothing_left() -> bool:
            left.clear()
            left.update({name: number for name, number in await self.rows(OPEN_WORK) if number})
            return not left

        try:
            await found(nothing_left, seconds=seconds, what="everything is done")
        except AssertionError as error:
            raise AssertionError(f"{error}; left: {left}") from None

    async def keep_record(self) -> None:
        """Write down from now on who leads and what is in doubt."""
        await self.rows(KEEP_RECORD)

    async def takeovers(self) -> list[Takeover]:
        """Every change of the leader."""
        rows = await self.rows("SELECT at, process_id, leader, until FROM led ORDER BY number")
        led = [Led(*row) for row in rows]
        return [Takeover(before, after) for before, after in pairwise(led) if before.process_id != after.process_id]

    async def leaders(self) -> set[int]:
        """The numbers of all processes that ever led."""
        return {number_in(leader) for (leader,) in await self.rows("SELECT DISTINCT leader FROM led")}

    async def leads(self) -> int:
        """The number of the process that leads now; 0 when none does."""
        rows = await self.rows("SELECT leader FROM leadership WHERE until > now()")
        return number_in(rows[0][0]) if rows else 0

    async def doubts(self) -> int:
        """How often nobody knew whether a message had been sent."""
        return int((await self.rows("SELECT count(*) FROM doubted"))[0][0])


def number_in(name: str) -> int:
    """The number of a process, from its name as an operator reads it."""
    return int(name.rpartition(":")[2])
