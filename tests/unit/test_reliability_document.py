"""docs/reliability.md names tests that exist, and a test for each promise and each row of the fault matrix."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
DOCUMENT = (TESTS.parent / "docs" / "reliability.md").read_text("utf-8")
NAMED = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")
BY_POINT = re.compile(r"`[a-z]+\.[a-z*-]+`")
"""A named point at which the hub is killed: the test that walks them all is named in the first row."""


@cache
def known_in(file: str) -> set[str]:
    path = TESTS / file
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def rows_of(heading: str) -> list[str]:
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


@pytest.mark.parametrize("named", sorted({f"{file}::{name}" for file, name in NAMED.findall(DOCUMENT)}))
def test_every_test_that_is_named_exists(named: str) -> None:
    file, _, name = named.partition("::")
    assert name in known_in(file)


def test_every_promise_is_there_with_a_test() -> None:
    promises = {row.split("|")[1].strip(): row for row in rows_of("Promises")}
    assert list(promises) == [f"P{number}" for number in range(1, 27)]
    assert [number for number, row in promises.items() if not NAMED.search(row)] == []


def test_every_row_of_the_fault_matrix_has_a_test() -> None:
    rows = rows_of("Fault matrix")
    assert len(rows) == 32
    assert [row for row in rows if not NAMED.search(row) and not BY_POINT.search(row)] == []
