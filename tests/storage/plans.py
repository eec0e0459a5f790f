"""How the engines would carry out a statement, and what of it reads a table or an index from one end to the other."""

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import psycopg
from psycopg.sql import SQL, Composable, Literal
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.storage.tables import metadata

FEW = 5_000
"""An index with no more rows than this may be read whole: it holds what is open."""

SMALL_TABLES = {
    "edition": "one row for each edition",
    "activity_kind": "a dozen for each edition",
    "city": "some thirty for each edition",
    "document_part": "some fifteen for each edition",
    "institution": "some ten for each edition",
    "network": "some eight for each edition",
    "recommendation": "some ten for each network of an edition",
    "guardianship": "up to three for each network",
    "feed": "one row for each network",
    "membership": "some forty for each edition",
    "audit_seal": "everyday work asks only for its end, which is sought by its key; a verification reads it all",
    "pause": "at most one row for each reason to be silent",
    "process": "one row for each running process",
    "leadership": "one row for each duty",
    "audit_unsealed": "what a minute or two brought",
    "programme_time": "one row",
    "programme_version": "one row",
    "feedback_mark": "one row for each answer to a round that is open; its closing deletes them",
    "pooled_mark": "the same for the rounds about values and advice",
    "parked_request": "requests that could not be read; none on most days, and kept for seven",
}
"""Tables that may be read whole, and why: all others grow with what happens."""

NARROWS_NOTHING = {"edition", "state", "kind", "medium"}
"""An index is not bounded by these columns alone: a whole history can have one edition, one state or one kind."""

NARROWS_HERE = {
    "expert_assignment": "edition",  # an edition has some dozens of them
    "recipient": "kind",  # only channels are asked for by their kind, and they are few
}
"""Where one of them bounds what is read after all, and why."""

ASKED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as the driver got it, with its own parameters."""

    statement: str
    parameters: Any


@contextmanager
def listening(engine: AsyncEngine) -> Iterator[dict[str, Asked]]:
    """Note every statement that is asked meanwhile, each of them once."""
    asked: dict[str, Asked] = {}

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if statement.lstrip().startswith(ASKED):
            one = parameters[0] if isinstance(parameters, list) else parameters
            asked.setdefault(statement, Asked(statement, one))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


def _counts(dialect: str) -> Iterator[tuple[str, str]]:
    """Tell the partial indexes, and how their rows are counted."""
    for table in metadata.sorted_tables:
        for index in table.indexes:
            if (condition := index.dialect_options[dialect]["where"]) is not None:
                yield str(index.name), f"SELECT count(*) FROM {table.name} WHERE {condition}"  # noqa: S608 - names of ours


class Planner(ABC):
    """Asks an engine for its plans."""

    @abstractmethod
    def whole(self, asked: Asked) -> list[str]:
        """Tell what the plan reads whole although it grows."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None: ...


class SQLitePlanner(Planner):
    """SQLite, with what ``ANALYZE`` found out, or without: a hub's own file was never analysed."""

    def __init__(self, url: str, *, analysed: bool) -> None:
        self._connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        self._small = {
            name for name, count in _counts("sqlite") if self._connection.execute(count).fetchone()[0] <= FEW
        }
        self._connection.execute("BEGIN")
        if not analysed:
            self._connection.execute("DELETE FROM sqlite_stat1")
            self._connection.execute("ANALYZE sqlite_schema")

    def whole(self, asked: Asked) -> list[str]:
        named = {alias: name for name, alias in re.findall(r"(\w+) AS (\w+)", asked.statement)}
        lines = [row[3] for row in self._connection.execute(f"EXPLAIN QUERY PLAN {asked.statement}", asked.parameters)]
        return [line for line in lines if self._reads_whole(line, named, asked)]

    def _reads_whole(self, line: str, named: Mapping[str, str], asked: Asked) -> bool:
        words = line.split()
        if words[0] not in ("SCAN", "SEARCH"):
            return False
        table = named.get(words[1], words[1])
        if table in SMALL_TABLES or table not in metadata.tables:
            return False
        index = words[words.index("INDEX") + 1] if "INDEX" in words else ""
        return index not in self._small and not _is_bounded(line, _narrows(table, asked))

    def close(self) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


def _narrows(table: str, asked: Asked) -> Callable[[str, str], bool]:
    """Tell which conditions on a table's columns bound what is read of an index.

    An upper limit in time is none, for it lets in all that has been; but what is deleted by its age is read once.
    """
    nothing = NARROWS_NOTHING - {NARROWS_HERE.get(table)}
    signs = "=><" if asked.statement.startswith("DELETE") else "=>"
    return lambda column, sign: column not in nothing and sign in signs


def _is_bounded(line: str, narrows: Callable[[str, str], bool]) -> bool:
    """Whether a search narrows an index down; without a condition in brackets it is a search for the end of it."""
    condition = re.search(r"\(([^()]*)\)( LEFT-JOIN)?$", line)
    if condition is None or "AUTOMATIC" in line:
        return False
    terms = re.findall(r"(\w+)([=<>])\?", condition[1])
    return any(narrows(column, sign) for column, sign in terms)


class PostgresPlanner(Planner):
    """PostgreSQL, for the very values, or with one plan for all values, as a prepared statement may come to be."""

    def __init__(self, url: str, *, generic: bool) -> None:
        self._connection = psycopg.connect(url)
        self._connection.execute(
            SQL("SET plan_cache_mode = {}").format(Literal("force_generic_plan" if generic else "force_custom_plan"))
        )
        counted = [(name, self._connection.execute(SQL(count)).fetchone()) for name, count in _counts("postgresql")]
        self._small = {name for name, found in counted if found and found[0] <= FEW}

    def whole(self, asked: Asked) -> list[str]:
        statement, values = _numbered(asked)
        self._connection.execute(b"PREPARE asked AS " + statement.encode())
        given = SQL("({})").format(SQL(", ").join(values)) if values else SQL("")
        found = self._connection.execute(SQL("EXPLAIN (FORMAT JSON) EXECUTE asked {}").format(given)).fetchone()
        self._connection.execute("DEALLOCATE asked")
        assert found is not None
        return [told for node in _nodes(found[0][0]["Plan"]) if (told := self._reads_whole(node, asked))]

    def _reads_whole(self, node: Mapping[str, Any], asked: Asked) -> str:
        """Say what a node reads whole, or nothing."""
        table, index = node.get("Relation Name", ""), node.get("Index Name", "")
        kind, condition = node["Node Type"], node.get("Index Cond", "")
        if table in SMALL_TABLES:
            return ""
        if kind == "Seq Scan":
            return f"{kind} on {table} ({node.get('Filter', '')})"
        terms = re.findall(r"\(?(\w+)\)?(?:::\w+)? (=|>|<)", condition)
        if not index or index in self._small or any(_narrows(table, asked)(*term) for term in terms):
            return ""
        return f"{kind} on {index} ({condition})"

    def close(self) -> None:
        self._connection.close()


def _numbered(asked: Asked) -> tuple[str, list[Composable]]:
    """Write a statement as the server gets it, with numbers for its parameters."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    statement = re.sub(r"%\((\w+)\)s", number, asked.statement).replace("%%", "%")
    return statement, [Literal(asked.parameters[name]) for name in names]


def _nodes(plan: Mapping[str, Any], table: str = "") -> Iterator[Mapping[str, Any]]:
    """Walk through a plan; the search of an index is told with the table of the node above it."""
    node = {"Relation Name": table, **plan}
    yield node
    for part in plan.get("Plans", ()):
        yield from _nodes(part, node["Relation Name"])
