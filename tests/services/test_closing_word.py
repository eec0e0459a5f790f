"""Nothing is skipped in silence: the end of a run names what was covered, what was not, and how it could be."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import closing_lines
from tests.services.rabbitmq import INSTALL, MISSING

CONFTEST = """
from pathlib import Path
import tests.services.rabbitmq
tests.services.rabbitmq.BINARY = Path("nowhere")
"""
TESTS = """
import pytest
from sqlalchemy import create_engine

def test_with_sqlite():
    create_engine("sqlite://").connect().close()

def test_with_redis(redis):
    pass

def test_with_rabbitmq(rabbitmq):
    pass

@pytest.mark.rabbitmq
def test_marked():
    pass

def test_of_another_mind():
    pytest.skip("for a reason of its own")
"""


def test_a_run_without_rabbitmq_says_so_and_how_it_could_be_covered(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = rabbitmq\naddopts = -q --strict-markers\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_all.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", str(tmp_path)]
    run = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "2 passed, 3 skipped" in run.stdout
    assert f"Not covered: RabbitMQ (2 tests). To cover: {INSTALL} && make test" in run.stdout
    assert "Skipped (1 test): for a reason of its own\n    test_all.py::test_of_another_mind" in run.stdout
    covered = next(line for line in run.stdout.splitlines() if line.startswith("Covered: "))
    assert covered.startswith("Covered: SQLite 3.")
    assert "RabbitMQ" not in covered


def test_where_nothing_was_skipped_only_the_engines_are_named() -> None:
    assert closing_lines([], {}) == []
    assert closing_lines(["SQLite 3", "PostgreSQL 15"], {}) == ["Covered: SQLite 3, PostgreSQL 15"]
    assert closing_lines([], {MISSING: ["a"]}) == [f"Not covered: RabbitMQ (1 test). To cover: {INSTALL} && make test"]
