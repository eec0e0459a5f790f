"""The catalogues, and the tool that keeps them in step with the source texts; how to add a text is in ``README.md``.

A source text is the first argument of ``words.text(…)`` and ``words.plural(…)``, or the reason of a refusal: a literal,
a constant of its module, or a choice between such. Text put together from pieces cannot be translated and is an error.
"""

import ast
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent
LANGUAGES = ("pl", "en")
WIDTH = 120
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
"""A sentence, or the two forms of a plural: for one and for many."""


class UnreadableText(Exception):
    """A text is put together from pieces, so that nobody could translate it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """A module: its tree, where its imported names are defined, its constants."""

    name: str
    tree: ast.Module
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)

    def definition(self, name: str) -> tuple[str, str]:
        """Tell in which module, and as what, a name is defined."""
        return self.imports.get(name, (self.name, name))


_Refusals = set[tuple[str, str]]


def source_texts() -> set[SourceText]:
    """Read every source text out of the package."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return texts_of([read_module(_name(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths])


def texts_of(modules: Sequence["Module"]) -> set[SourceText]:
    """Tell the source texts of modules. Raises ``UnreadableText``."""
    refusals = _refusals(modules)
    return {text for module in modules for text in (*_said(module), *_reasons(module, refusals))}


def catalogue(language: str) -> Catalog:
    """Read a catalogue as it stands."""
    with (PACKAGE / "locale" / language / "pim_bot.po").open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> bytes:
    """Write a catalogue as it should be: every source text, none that is gone, translations kept, in order."""
    template, kept = Catalog(locale=language), catalogue(language)
    for text in source_texts():
        template.add(text)
    kept.update(template, no_fuzzy_matching=True)
    file = io.BytesIO()
    write_po(file, kept, width=WIDTH, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    header = HEADER.format(language=language, plural_forms=kept.plural_forms)
    return header.encode() + file.getvalue().strip() + b"\n"


def untranslated(language: str) -> list[str]:
    """Tell the texts that wait for a translation; Polish is the source, so only its plurals need one."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue(language)
        if message.id and (message.pluralizable or language != "pl") and not all(said(message.string))
    ]


def said(string: object) -> tuple[str, ...]:
    """Give the translation of a message as its forms; a message that is no plural has one."""
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def read_module(name: str, tree: ast.Module) -> Module:
    """Note what a module imports, and its constants."""
    module = Module(name=name, tree=tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.imports.update({alias.asname or alias.name: (node.module, alias.name) for alias in node.names})
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign):
            module.constants.update({one.id: statement.value for one in statement.targets if isinstance(one, ast.Name)})
    return module


def _refusals(modules: Sequence[Module]) -> _Refusals:
    """Tell the classes of refusals: ``Refused`` and what derives from it."""
    known = {("pim_bot.errors", "Refused")}
    while True:
        found = {
            (module.name, node.name)
            for module in modules
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
            if any(isinstance(base, ast.Name) and module.definition(base.id) in known for base in node.bases)
        }
        if found <= known:
            return known
        known |= found


def _said(module: Module) -> Iterator[SourceText]:
    """Tell what a module says through ``Words``."""
    for call in _calls(module.tree):
        if not isinstance(call.func, ast.Attribute) or not _are_words(call.func.value, module):
            continue
        if call.func.attr == "text":
            yield from _read(call.args[0], module)
        elif call.func.attr == "plural":
            one, many = (next(_read(form, module)) for form in call.args[:2])
            yield one, many


def _are_words(speaker: ast.expr, module: Module) -> bool:
    written = ast.unparse(speaker)
    return written in {"words", "Words()"} or written.endswith(".words") or (module.name, written) == _WORDS_THEMSELVES


_WORDS_THEMSELVES = ("pim_bot.i18n", "self")


def _reasons(module: Module, refusals: _Refusals) -> Iterator[str]:
    """Tell the reasons of the refusals that a module makes, also those that a function of its own passes on."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Name(name), args=[reason, *_]) if module.definition(name) in refusals:
                yield from _read(reason, module)
            case ast.FunctionDef(name=name, args=ast.arguments(args=[first, *_])):
                if any(_passes_on(call, first.arg, module, refusals) for call in _calls(node)):
                    for call in _calls(module.tree):
                        if ast.unparse(call.func) == name:
                            yield from _read(call.args[0], module)
            case ast.ClassDef(name=name) if (module.name, name) in refusals:
                for call in _calls(node):
                    if ast.unparse(call.func) == "super().__init__":
                        yield from _read(call.args[0], module)


def _passes_on(call: ast.Call, parameter: str, module: Module, refusals: _Refusals) -> bool:
    match call:
        case ast.Call(func=ast.Name(name), args=[ast.Name(given), *_]):
            return module.definition(name) in refusals and given == parameter
    return False


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _read(written: ast.expr, module: Module) -> Iterator[str]:
    """Read a literal, a constant of the module or a choice; a variable was read where it got its value."""
    match written:
        case ast.Constant(str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _read(body, module)
            yield from _read(orelse, module)
        case ast.Name(name):
            if name in module.constants:
                yield from _read(module.constants[name], module)
        case ast.Attribute():
            return
        case _:
            raise UnreadableText(f"{module.name}:{written.lineno}: {ast.unparse(written)}")
