"""The import contracts hold something: a forbidden import breaks the contract that forbids it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the project's contracts."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "pim_bot", folder / "pim_bot", ignore=shutil.ignore_patterns("__pycache__", "*.yaml", "*.po")
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(house: Path) -> tuple[int, list[str]]:
    """The exit code, and the contracts that are broken."""
    environment = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200", "NO_COLOR": "1"}
    run = subprocess.run(
        [LINT, "--no-cache", "--config", "pyproject.toml"],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.strip() for line in run.stdout.splitlines()]
    return run.returncode, [line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")]


def test_the_package_as_it_is_keeps_every_contract(house: Path) -> None:
    assert lint(house) == (0, [])


@pytest.mark.parametrize(
    ("file", "line", "contracts"),
    [
        ("programme/scheduling.py", "import sqlalchemy", ["The core imports no driver"]),
        (
            "handlers/feedback.py",
            "from pim_bot.storage import engine",
            ["The doors are handed their adapters"],
        ),
        ("notifications/hours.py", "import icalendar", ["Only calendar knows icalendar"]),
        ("jobs/rounds.py", "import sqlalchemy.orm", ["Only storage speaks SQL"]),
        ("events/bus.py", "from pim_bot.programme import people", ["Imports point down"]),
    ],
)
def test_a_forbidden_import_breaks_its_contract(house: Path, file: str, line: str, contracts: list[str]) -> None:
    path = house / "pim_bot" / file
    whole = path.read_text(encoding="utf-8")
    path.write_text(f"{whole}\n{line}\n", encoding="utf-8")
    try:
        code, broken = lint(house)
    finally:
        path.write_text(whole, encoding="utf-8")
    assert (code != 0, [name for name in contracts if name not in broken]) == (True, [])


def test_a_folder_that_no_layer_names_breaks_the_layers(house: Path) -> None:
    stray = house / "pim_bot" / "stray.py"
    stray.write_text('"""Belongs nowhere."""\n', encoding="utf-8")
    try:
        assert lint(house)[0] != 0
    finally:
        stray.unlink()
