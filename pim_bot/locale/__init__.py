"""The catalogues, and the tool that keeps them in step with the source texts; how to add a text is in ``README.md``.

A source text is the first argument of ``words.text(…)`` and ``words.plural(…)``, or the reason of a refusal. It is a
literal, a constant of its module, or a choice between such; anything else could not be translated and is an error here.
"""

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent
LANGUAGES = ("pl", "en")
WIDTH = 120
REFUSAL = ("pim_bot.errors", "Refused")
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: pim_bot\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""

SourceText = str | tuple[str, str]
"""A sentence, or the forms of a plural for one and for many."""


class HiddenText(Exception):
    """A text is put together where this tool cannot read it, so nobody could translate it."""


@dataclass(frozen=True, kw_only=True)
class _Module:
    """One module: its tree, where the names it imports come from, its constants, what passes a reason on."""

    name: str
    tree: ast.Module
    origins: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    forwards: set[str] = field(default_factory=set)

    def origin(self, name: str) -> tuple[str, str]:
        """Tell the module a name is defined in, and its name there."""
        return self.origins.get(name, (self.name, name))


def source_texts() -> set[SourceText]:
    """Read every source text out of the package."""
    modules = [_module(path) for path in sorted(PACKAGE.rglob("*.py"))]
    refusals = _refusals(modules)
    for module in modules:
        module.forwards.update(_forwarding(module, refusals))
    return {text for module in modules for text in _texts(module, refusals)}


def catalogue(language: str) -> Catalog:
    """Read a catalogue as it is kept."""
    with (PACKAGE / "locale" / language / "pim_bot.po").open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> bytes:
    """Write a catalogue as it should be: every source text in it, none that is gone, translations kept."""
    template, kept = Catalog(locale=language), catalogue(language)
    for text in source_texts():
        template.add(text)
    kept.update(template, no_fuzzy_matching=True)
    kept.obsolete.clear()
    file = io.BytesIO()
    write_po(file, kept, width=WIDTH, no_location=True, omit_header=True, sort_output=True)
    header = HEADER.format(language=language, plural_forms=kept.plural_forms)
    return header.encode() + file.getvalue().strip() + b"\n"


def untranslated(language: str) -> list[str]:
    """Tell the texts that still wait for words in this language; Polish needs them for plurals only."""
    waiting = []
    for message in catalogue(language):
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        needed = message.pluralizable or language != "pl"
        if message.id and needed and not all(forms):
            waiting.append(message.id if isinstance(message.id, str) else message.id[0])
    return waiting


def _module(path: Path) -> _Module:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    module = _Module(name=name, tree=ast.parse(path.read_text(encoding="utf-8")))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.origins.update({alias.asname or alias.name: (node.module, alias.name) for alias in node.names})
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign):
            module.constants.update({one.id: statement.value for one in statement.targets if isinstance(one, ast.Name)})
    return module


def _refusals(modules: list[_Module]) -> set[tuple[str, str]]:
    """Tell the classes of refusals: ``Refused`` and all that derive from it."""
    known = {REFUSAL}
    while True:
        found = {
            (module.name, node.name)
            for module in modules
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
            if any(isinstance(base, ast.Name) and module.origin(base.id) in known for base in node.bases)
        }
        if found <= known:
            return known
        known |= found


def _forwarding(module: _Module, refusals: set[tuple[str, str]]) -> Iterator[str]:
    """Tell the functions of a module that make a refusal of the reason they are given first."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef) and node.args.args:
            given = node.args.args[0].arg
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and _refuses(one, module, refusals)]
            if any(one.args and isinstance(one.args[0], ast.Name) and one.args[0].id == given for one in calls):
                yield node.name


def _refuses(call: ast.Call, module: _Module, refusals: set[tuple[str, str]]) -> bool:
    return isinstance(call.func, ast.Name) and module.origin(call.func.id) in refusals


def _texts(module: _Module, refusals: set[tuple[str, str]]) -> Iterator[SourceText]:
    for scope, call in _calls(module.tree, None):
        match call.func:
            case ast.Attribute(value=speaker, attr="text") if _speaks(speaker, module):
                yield from _read(call.args[0], module, scope)
            case ast.Attribute(value=speaker, attr="plural") if _speaks(speaker, module):
                one, many = (next(_read(argument, module, scope)) for argument in call.args[:2])
                yield one, many
            case ast.Attribute(value=ast.Call(func=ast.Name("super")), attr="__init__") if scope in refusals:
                yield from _read(call.args[0], module, scope)
            case ast.Name(name) if name in module.forwards or (
                _refuses(call, module, refusals) and not _has_own_reason(module.origin(name))
            ):
                yield from _read(call.args[0], module, scope)


def _calls(tree: ast.AST, scope: tuple[str, str] | None) -> Iterator[tuple[tuple[str, str] | None, ast.Call]]:
    raise NotImplementedError
