"""Make a migration from the difference between tables and migrations: ``python -m pim_bot.storage.migrations TEXT``."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from pim_bot.storage.engine import alembic_config, make_engine, upgrade

VERSIONS = Path(__file__).parent / "versions"


def _write(connection: Connection, text: str) -> None:
    config = alembic_config(connection)
    number = len(list(VERSIONS.glob("[0-9]*.py"))) + 1
    command.revision(config, message=text, autogenerate=True, rev_id=f"{number:04}")


async def _main(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        await upgrade(engine)
        async with engine.begin() as connection:
            await connection.run_sync(_write, text)
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_main(" ".join(sys.argv[1:]) or "change"))
