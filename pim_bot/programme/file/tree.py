"""From the bytes of a programme file to the nodes of its one YAML document.

YAML can do more than a programme file needs. Anchors, tags and deep nesting are refused, since they are the ways in
which a small file becomes a large one in memory.
"""

import re
from typing import Any

import yaml

from pim_bot.programme.file.problems import Problems

MOST_BYTES = 5_000_000
_MOST_NODES = 200_000
_DEEPEST = 12
_INVISIBLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HINTS = {
    "mapping values are not allowed": "W wierszu jest drugi dwukropek. Prosimy ująć tekst w cudzysłów.",
    "cannot start any token": "Wiersz zaczyna się od znaku, który ma w YAML inne znaczenie (np. tabulator, @, %). "
    "Prosimy użyć spacji albo ująć tekst w cudzysłów.",
    "found unexpected end of stream": "Brakuje zamknięcia cudzysłowu. Prosimy je dopisać.",
    "could not find expected ':'": "Brakuje dwukropka po nazwie pola albo wcięcia. Prosimy je dopisać.",
    "did not find expected": "Nie zgadza się wcięcie, przecinek albo nawias. Prosimy porównać ten wiersz z sąsiednimi.",
}
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def root_of(text: bytes, problems: Problems) -> yaml.MappingNode:
    """Read the fields at the top of the file; raises ``BrokenProgrammeFile`` if there are none."""
    written = _decoded(text, problems)
    try:
        _refuse_tricks(written, problems)
        root = yaml.compose(written, Loader=_LOADER)
    except yaml.YAMLError as error:
        problems.stop(*_explained(error))
    if root is None:
        problems.stop(1, "Plik jest pusty. Prosimy zacząć od pól „slug” i „name”.")
    if not isinstance(root, yaml.MappingNode):
        problems.stop(line_of(root), "Plik musi zaczynać się od pól, np. „slug: pim2-2021-2023”. Prosimy je dopisać.")
    return root


def line_of(node: yaml.Node) -> int:
    """Tell the line on which a node begins, counted from 1."""
    return _line(node.start_mark)


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark else 1


def _decoded(text: bytes, problems: Problems) -> str:
    if len(text) > MOST_BYTES:
        problems.stop(1, "Plik ma ponad 5 MB. Prosimy podzielić go na mniejsze, np. osoby zapisać w uzupełnieniu.")
    try:
        written = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        problems.stop(line, "Plik nie jest zapisany w kodowaniu UTF-8. Prosimy zapisać go ponownie jako UTF-8.")
    if found := _INVISIBLE.search(written):
        line = written.count("\n", 0, found.start()) + 1
        problems.stop(line, f"Jest tu niewidoczny znak U+{ord(found[0]):04X}. Prosimy go usunąć.")
    return written


def _refuse_tricks(written: str, problems: Problems) -> None:
    depth = documents = nodes = 0
    for event in yaml.parse(written, Loader=_LOADER):
        line = _line(event.start_mark)
        nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            problems.stop(line, "Kotwice i odwołania YAML („&”, „*”) nie są obsługiwane. Prosimy powtórzyć wartość.")
        if getattr(event, "tag", None) not in {None, "!"}:
            problems.stop(line, "Znaczniki YAML („!…”) nie są obsługiwane. Prosimy usunąć znacznik.")
        if depth > _DEEPEST:
            problems.stop(line, "Plik jest zagnieżdżony zbyt głęboko. Prosimy sprawdzić wcięcia i nawiasy.")
        if documents > 1:
            problems.stop(line, "Plik zawiera drugi dokument (po „---”). Prosimy zapisać go jako osobny plik.")
        if nodes > _MOST_NODES:
            problems.stop(line, "Plik ma zbyt wiele wpisów. Prosimy podzielić go na mniejsze.")


def _explained(error: yaml.YAMLError) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", "") or "")
    hint = next((hint for part, hint in _HINTS.items() if part in said), "Prosimy sprawdzić wcięcia i cudzysłowy.")
    return _line(mark), f"Tego miejsca nie da się odczytać jako YAML. {hint}"
