"""The page to read says each thing once: a second entry of one key would silently take the place of the first."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from pim_bot import routes
from pim_bot.blocks import ids


def written_twice(source: str) -> list[str]:
    """Tell the keys that stand more than once in one literal of a dict."""
    literals = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict)]
    counted = [Counter(ast.unparse(key) for key in literal.keys if key is not None) for literal in literals]
    return [key for keys in counted for key, times in keys.items() if times > 1]


def test_no_command_button_form_event_or_address_stands_twice() -> None:
    assert written_twice(Path(routes.__file__).read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{"mid": one, "pu": two}', []),
        ('{"mid": one, "pu": two, "mid": three}', ["'mid'"]),
        ("{ids.MOVE: one, ids.CANCEL: two, ids.MOVE: three}", ["ids.MOVE"]),
        ("Tables(buttons={ids.MOVE: one}, forms={ids.MOVE: one, **more, **more})", []),
    ],
)
def test_a_second_entry_of_a_key_is_seen(source: str, found: list[str]) -> None:
    assert written_twice(source) == found


def test_no_two_names_on_the_wire_are_alike() -> None:
    named = {name: value for name, value in vars(ids).items() if name.isupper()}
    assert [value for value, times in Counter(named.values()).items() if times > 1] == []
