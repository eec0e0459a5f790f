"""A database that is open stays locked, whatever the hub does with its files meanwhile.

Closing any descriptor of a file ends all locks of its process on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pim_bot.storage.engine import make_engine
from pim_bot.storage.leftovers import stand_in

INTRUDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """A database in which this process is writing."""
    path = tmp_path / "pim_bot.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE kept (word TEXT)")
        connection.execute("INSERT INTO kept VALUES ('Zieleń')")
        connection.execute("BEGIN IMMEDIATE")
        yield path


def intruded(path: Path) -> str:
    """What another process hears that wants to write, too."""
    intruder = [sys.executable, "-c", INTRUDER, str(path)]
    return subprocess.run(intruder, capture_output=True, text=True, check=True).stdout.strip()


def test_looking_for_leftovers_ends_no_lock(held: Path) -> None:
    assert stand_in(held, ["Zieleń".encode()])
    assert not stand_in(held, [b"Beton"])
    assert intruded(held) == "database is locked"


async def test_another_connection_ends_no_lock(held: Path) -> None:
    engine = make_engine(f"sqlite:///{held}")
    with pytest.raises(Exception, match="locked"):
        async with engine.connect():
            pass  # it wants another mode of the journal, which needs the database for itself
    await engine.dispose()
    assert intruded(held) == "database is locked"


def test_files_that_cannot_be_read_are_no_files_without_leftovers(tmp_path: Path) -> None:
    (tmp_path / "pim_bot.db").mkdir()
    with pytest.raises(OSError, match="could not be read"):
        stand_in(tmp_path / "pim_bot.db", [b"x"])
