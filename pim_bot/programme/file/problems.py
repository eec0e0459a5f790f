"""Everything that is wrong with a programme file, gathered so that a person can mend it in one go."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NoReturn

from pim_bot.errors import BrokenProgrammeFile

WHOLE_FILE = "plik"
MOST_PROBLEMS = 100
_SHOWN = 40


class Problems:
    """Collects problems of one file. Reading stops when there are more than anybody would mend at once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[tuple[int, str, str]] = []

    def add(self, line: int, field: str, text: str) -> None:
        """Note what is wrong in ``field``, and what to do."""
        self._found.append((line, field, text))
        if len(self._found) >= MOST_PROBLEMS:
            rest = f"To pierwsze {MOST_PROBLEMS} uwag. Prosimy je poprawić i wczytać plik ponownie."
            self._found.append((line, WHOLE_FILE, rest))
            self.refuse()

    def stop(self, line: int, text: str) -> NoReturn:
        """Refuse the file at once, because nothing after this place can be read."""
        self._found.append((line, WHOLE_FILE, text))
        self.refuse()

    def refuse(self) -> NoReturn:
        """Refuse the file with all that was found, in the order of its lines."""
        raise BrokenProgrammeFile(self._name, sorted(self._found, key=lambda problem: problem[0]))

    def refuse_if_any(self) -> None:
        """Refuse the file if anything is wrong with it."""
        if self._found:
            self.refuse()


def quoted(text: str) -> str:
    """Quote what the file says, short enough for one line and without characters that nobody sees."""
    seen = "".join(char if char.isprintable() else "�" for char in text[: _SHOWN + 1])
    return f"„{seen[:_SHOWN]}…”" if len(text) > _SHOWN else f"„{seen}”"


def nearest(word: str, known: Iterable[str]) -> str:
    """Ask about the known word that looks most like ``word``; empty if none does."""
    spelled = {name.lower(): name for name in sorted(known)}
    near = get_close_matches(word[:_SHOWN].lower(), spelled, n=1)
    return f"Czy chodziło o „{spelled[near[0]]}”? " if near else ""
