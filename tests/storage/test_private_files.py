"""The files with personal data are their owner's alone, and a command that only looks makes none."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pim_bot.finding import Finding
from pim_bot.programme.privacy import ErasureNote
from pim_bot.storage.erasures import FILE, note_erasures
from tests.hub import KEY, shipped
from tests.storage.test_command_line import ROOT, pim_bot
from tests.storage.test_doctor import found

LOOKS = [
    ("audit", "verify"),
    ("deliveries",),
    ("deliveries", "resend", "numer"),
    ("deliveries", "drop", "numer"),
    ("plan",),
    ("parked",),
    ("member", "export", "ktos@example.org"),
    ("member", "erase", "ktos@example.org"),
    ("member", "hold"),
    ("member", "readmit", "ktos@example.org"),
    ("member", "correct", "ktos@example.org", "--name", "Ktoś"),
    ("db", "backup", "kopia.db"),
    ("db", "move", "postgresql://127.0.0.1:1/pim_bot"),
]

IN_ONE_PROCESS = """
import json, sys
from pim_bot.cli import main

for words in json.loads(sys.argv[1]):
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as ended:
        print(ended.code)
"""


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """Whoever does not care makes files for everybody."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_command_for_a_hub_that_is_there_makes_none(tmp_path: Path) -> None:
    missing = tmp_path / "dane" / "baza.db"
    command = [sys.executable, "-c", IN_ONE_PROCESS, json.dumps(LOOKS)]
    settings = {"PIM_DATABASE_URL": f"sqlite:///{missing}", "PIM_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=True, timeout=60)
    said = (
        f"Nie ma bazy {missing}. Prosimy sprawdzić PIM_DATABASE_URL i PIM_DATA_DIR albo folder, w którym działa "
        "polecenie; nową bazę zakłada: pim-bot db upgrade"
    )
    assert run.stdout.splitlines() == ["1"] * len(LOOKS)
    assert run.stderr.splitlines() == [said] * len(LOOKS)
    assert list(tmp_path.iterdir()) == []


def test_a_new_hub_and_a_restored_one_are_their_owners_alone(tmp_path: Path) -> None:
    edition = tmp_path / "program.yaml"
    edition.write_bytes(shipped("pim2-2021-2023.yaml"))
    first, second, kept = tmp_path / "pierwsze", tmp_path / "drugie", tmp_path / "kopia.db"
    for folder, words in (
        (first, ("import", str(edition))),
        (first, ("db", "backup", str(kept))),
        (second, ("db", "restore", str(kept))),
    ):
        run = pim_bot(tmp_path, *words, PIM_DATA_DIR=str(folder), PIM_SECRET_KEY="")
        assert (run.returncode, run.stderr) == (0, "")
    assert {path.name: mode(path) for path in (first, second, kept, *first.iterdir(), *second.iterdir())} == {
        "pierwsze": 0o700,
        "drugie": 0o700,
        "kopia.db": 0o600,
        "pim_bot.db": 0o600,
        "pim_bot.key": 0o600,
    }


def test_what_lies_beside_an_open_database_is_private_too(tmp_path: Path) -> None:
    assert pim_bot(tmp_path, "db", "upgrade").returncode == 0
    with closing(sqlite3.connect(tmp_path / "pim_bot.db")) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
        modes = {path.name: mode(path) for path in tmp_path.glob("pim_bot.db*")}
    assert modes == {"pim_bot.db": 0o600, "pim_bot.db-wal": 0o600, "pim_bot.db-shm": 0o600}


def test_the_list_of_erasures_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "dane"
    note_erasures(folder, [ErasureNote(member_id="m1")])
    assert (mode(folder), mode(folder / FILE)) == (0o700, 0o600)


async def test_doctor_names_what_others_can_read(tmp_path: Path) -> None:
    database, erasures = tmp_path / "pim_bot.db", tmp_path / FILE
    assert pim_bot(tmp_path, "db", "upgrade", PIM_SECRET_KEY=KEY).returncode == 0
    erasures.write_text("")
    erasures.chmod(0o600)
    assert [one for one in await found(tmp_path) if one.name == "pliki"] == []
    database.chmod(0o640)
    erasures.chmod(0o604)
    assert [one for one in await found(tmp_path) if one.name == "pliki"] == [
        Finding(
            name="pliki",
            ok=False,
            text=(f"dane osobowe mogą czytać inne konta tej maszyny. Prosimy użyć: chmod 600 {database} {erasures}"),
        )
    ]
