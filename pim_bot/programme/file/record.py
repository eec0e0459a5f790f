"""A mapping of a programme file, read field by field.

Whatever is wrong is noted with its line and path, and a harmless value comes back, so that reading goes on and all
problems are told at once. A field that nobody asked for is unknown.
"""

from collections.abc import Callable
from typing import TypeVar

import yaml

from pim_bot.programme.file.problems import WHOLE_FILE, Problems, nearest, quoted
from pim_bot.programme.file.tree import line_of
from pim_bot.programme.file.values import NAME, Parse, Unfit, text_up_to

T = TypeVar("T")
_NULL = "tag:yaml.org,2002:null"
_LONGEST_LIST = 5000


class Record:
    """One mapping: ``path`` is how its fields are named to a person, e.g. ``networks[0].cities[2]``."""

    def __init__(self, node: yaml.MappingNode, path: str, problems: Problems) -> None:
        self.line = line_of(node)
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()
        self._lines: dict[str, int] = {}
        self._nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            self._keep(key, value)

    def _keep(self, key: yaml.Node, value: yaml.Node) -> None:
        if not isinstance(key, yaml.ScalarNode) or _blank(key):
            self.problems.add(line_of(key), self.path or WHOLE_FILE, "Pole nie ma nazwy. Prosimy ją wpisać.")
        elif key.value in self._nodes:
            first = self._lines[key.value]
            self.problems.add(
                line_of(key), self._named(key.value), f"To pole jest już w wierszu {first}. Prosimy zostawić jedno."
            )
        else:
            self._nodes[key.value] = value
            self._lines[key.value] = line_of(key)

    def _named(self, key: str) -> str:
        shown = quoted(key)[1:-1]
        return f"{self.path}.{shown}" if self.path else shown

    def has(self, key: str) -> bool:
        """Tell whether the field is there and not empty."""
        self._asked.add(key)
        node = self._nodes.get(key)
        return node is not None and not _blank(node)

    def problem(self, key: str, text: str) -> None:
        """Note what is wrong with a field."""
        self.problems.add(self._lines.get(key, self.line), self._named(key), text)

    def missing(self, key: str) -> None:
        """Note that a field must be there."""
        self.problem(key, f"Brakuje pola „{key}”. Prosimy je dopisać.")

    def read(self, key: str, parse: Parse[T], blank: T, *, required: bool = False) -> T:
        """Read a field of one value; ``blank`` if it is not there or unfit."""
        if not self.has(key):
            if required:
                self.missing(key)
            return blank
        return self._parsed(self._nodes[key], self._named(key), parse, blank)

    def text(self, key: str, *, limit: int = NAME, required: bool = False, lines: bool = False) -> str:
        """Read a field of text."""
        return self.read(key, text_up_to(limit, lines=lines), "", required=required)

    def every(self, key: str, parse: Parse[T]) -> tuple[T, ...]:
        """Read a field of several values; one value may stand without its list."""
        if not self.has(key):
            return ()
        node = self._nodes[key]
        if isinstance(node, yaml.ScalarNode):
            return tuple(self._parsed(node, self._named(key), lambda text: (parse(text),), ()))
        found: list[T] = []
        for index, entry in enumerate(self._entries(key)):
            found.extend(self._parsed(entry, f"{self._named(key)}[{index}]", lambda text: (parse(text),), ()))
        return tuple(found)

    def each(self, key: str, build: "Callable[[Record], T]", *, short: str = "") -> tuple[T, ...]:
        """Read a list of mappings; an entry of plain text is a mapping whose one field is ``short``."""
        found: list[T] = []
        for index, node in enumerate(self._entries(key)):
            path = f"{self._named(key)}[{index}]"
            if short and isinstance(node, yaml.ScalarNode):
                name = yaml.ScalarNode("", short, node.start_mark, node.end_mark)
                node = yaml.MappingNode("", [(name, node)], node.start_mark, node.end_mark)  # noqa: PLW2901
            if isinstance(node, yaml.MappingNode):
                record = Record(node, path, self.problems)
                found.append(build(record))
                record.refuse_unknown()
            else:
                wanted = "Oczekiwano wpisu z polami (nazwa: wartość)"
                self.problems.add(line_of(node), path, f"{wanted}, a jest {_kind(node)}. Prosimy poprawić zapis.")
        return tuple(found)

    def table(self, key: str, parse: Parse[T], blank: T) -> dict[str, T]:
        """Read a field that maps free names to values."""
        if not self.has(key):
            return {}
        node = self._nodes[key]
        if not isinstance(node, yaml.MappingNode):
            self.problem(key, f"Oczekiwano pól „nazwa: wartość”, a jest {_kind(node)}. Prosimy poprawić zapis.")
            return {}
        entries = Record(node, self._named(key), self.problems)
        return {name: entries.read(name, parse, blank) for name in entries._nodes}

    def refuse_unknown(self) -> None:
        """Note every field that the format does not have."""
        for key in [key for key in self._nodes if key not in self._asked]:
            near = nearest(key, self._asked)
            fields = ", ".join(sorted(self._asked))
            remedy = f"{near}Prosimy poprawić nazwę." if near else f"Prosimy usunąć je albo wybrać jedno z: {fields}."
            self.problem(key, f"Nie ma takiego pola. {remedy}")

    def _entries(self, key: str) -> list[yaml.Node]:
        if not self.has(key):
            return []
        node = self._nodes[key]
        if not isinstance(node, yaml.SequenceNode):
            self.problem(key, f"Oczekiwano listy, a jest {_kind(node)}. Prosimy zapisać wpisy jako listę (- …).")
            return []
        if len(node.value) > _LONGEST_LIST:
            self.problem(key, f"Lista ma ponad {_LONGEST_LIST} wpisów. Prosimy podzielić plik na mniejsze.")
            return []
        return list(node.value)

    def _parsed(self, node: yaml.Node, path: str, parse: Parse[T], blank: T) -> T:
        if not isinstance(node, yaml.ScalarNode):
            text = f"Oczekiwano jednej wartości, a jest {_kind(node)}. Prosimy wpisać tu jedną wartość."
            self.problems.add(line_of(node), path, text)
            return blank
        if _blank(node):
            self.problems.add(line_of(node), path, "Jest tu puste miejsce. Prosimy wpisać wartość albo je usunąć.")
            return blank
        try:
            return parse(str(node.value).strip())
        except Unfit as unfit:
            self.problems.add(line_of(node), path, str(unfit))
            return blank


def _blank(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and (node.tag == _NULL or not node.value.strip())


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "lista"
    if isinstance(node, yaml.MappingNode):
        return "wpis z polami"
    return f"tekst {quoted(node.value)}" if node.tag != _NULL else "puste miejsce"
