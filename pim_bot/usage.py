"""What is said, in Polish, of a command that was typed wrongly. The library's own sentences are English only.

Its errors are told apart by the names of their classes and by their sentences: typer keeps the classes to itself. What
is not known here is said in its own words, after a Polish beginning.
"""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from typer.exceptions import TyperException

_VALUES = (
    (r"greater than or equal to (\S+)", "najmniej {}."),
    (r"less than or equal to (\S+)", "najwyżej {}."),
    (r"valid integer", "trzeba podać liczbę całkowitą."),
    (r"does not match the formats", "trzeba podać dzień tak: 2022-01-31."),
)
"""Why a value is refused: what the library says of it, and what we say."""

_SAID = (
    (r"unexpected extra argument\S* \((.+)\)", "Za dużo słów: {}."),
    (r"Option '(.+)' requires an argument", "Po {} trzeba podać wartość."),
    (r"Option '(.+)' requires (\d+) arguments", "Po {} trzeba podać tyle wartości: {}."),
    (r"Missing command", "Brakuje polecenia."),
    (r"(.+)", "Tego polecenia nie da się zrozumieć: {}"),
)


def is_call_for_help(error: TyperException) -> bool:
    """Tell whether nothing was typed after the command's name: then its message is the help itself."""
    return type(error).__name__ == "NoArgsIsHelpError"


def usage_sentence(error: TyperException) -> str:
    """Say what is wrong with what was typed, and where help is."""
    context: Any = getattr(error, "ctx", None)
    said = _what_is_wrong(error, context)
    if context is None:
        return f"{said}\nPomoc: pim-bot --help"
    usage = context.get_usage().removeprefix("Usage: ")
    return f"{said}\nTak: {usage}\nPomoc: {context.command_path} --help"


def _what_is_wrong(error: Any, context: Any) -> str:
    said, name = error.format_message(), type(error).__name__
    if name == "MissingParameter":
        return f"Brakuje: {_named(error)}."
    if name == "BadParameter":
        return f"{_named(error)}: {_said(error.message, _VALUES) or 'tej wartości nie da się odczytać.'}"
    if name == "NoSuchOption":
        return f"Nie ma opcji {error.option_name}.{_perhaps(error.possibilities or ())}"
    if command := re.match(r"No such command '(.+?)'", said):
        known = context.command.list_commands(context)
        return f"Nie ma polecenia {command[1]}.{_perhaps(difflib.get_close_matches(command[1], known))}"
    return _said(said, _SAID)


def _named(error: Any) -> str:
    """Name the option or the argument as people type it."""
    if error.param is None:
        return re.sub(r"[\[\]'\"]", "", str(error.param_hint or ""))
    return str(max(error.param.opts, key=len) if error.param.param_type_name == "option" else _metavar(error.param))


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _said(said: str, known: Iterable[tuple[str, str]]) -> str:
    """Say the first of these that the library's sentence matches, with what it names; "" when none does."""
    found = ((re.search(pattern, said), ours) for pattern, ours in known)
    return next((ours.format(*match.groups()) for match, ours in found if match), "")


def _perhaps(known: Iterable[str]) -> str:
    near = ", ".join(sorted(known))
    return f" Może chodzi o: {near}?" if near else ""
