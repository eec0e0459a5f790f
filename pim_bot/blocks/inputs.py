"""Fields of forms. ``typed`` is what was filled in so far, by field, so that a form shown again loses nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from pim_bot.blocks import ids
from pim_bot.blocks.elements import Block, input_block

Typed = Mapping[str, Any]
MOST_OPTIONS = 100
MOST_BOXES = 10


def line(
    name: str, label: str, typed: Typed, *, optional: bool = True, hint: str = "", lines: bool = False, most: int = 300
) -> Block:
    """Make a field for text, of one line or of ``lines``."""
    element: Block = {"type": "plain_text_input", "action_id": ids.VALUE, "max_length": most, "multiline": lines}
    element |= {"initial_value": typed[name][:most]} if typed.get(name) else {}
    return input_block(name, label, element, optional=optional, hint=hint)


def choice(
    name: str, label: str, options: Sequence[Block], typed: Typed, *, optional: bool = False, hint: str = ""
) -> Block:
    """Make a list of which one is chosen."""
    element: Block = {"type": "static_select", "action_id": ids.VALUE, "options": list(options)[:MOST_OPTIONS]}
    chosen = [one for one in element["options"] if one["value"] == typed.get(name)]
    element |= {"initial_option": chosen[0]} if chosen else {}
    return input_block(name, label, element, optional=optional, hint=hint)


def several(name: str, label: str, options: Sequence[Block], typed: Typed, *, hint: str = "") -> Block:
    """Make a list of which any number is chosen."""
    return _any_of("multi_static_select", name, label, list(options)[:MOST_OPTIONS], typed, hint)


def boxes(name: str, label: str, options: Sequence[Block], typed: Typed, *, hint: str = "") -> Block:
    """Make few choices that are all seen at once."""
    return _any_of("checkboxes", name, label, list(options)[:MOST_BOXES], typed, hint)


def _any_of(kind: str, name: str, label: str, options: Sequence[Block], typed: Typed, hint: str) -> Block:
    element: Block = {"type": kind, "action_id": ids.VALUE, "options": list(options)}
    chosen = [one for one in options if one["value"] in (typed.get(name) or ())]
    element |= {"initial_options": chosen} if chosen else {}
    return input_block(name, label, element, optional=True, hint=hint)


def day(name: str, label: str, typed: Typed, *, optional: bool = False, hint: str = "") -> Block:
    """Make a field for a day."""
    element: Block = {"type": "datepicker", "action_id": ids.VALUE}
    element |= {"initial_date": typed[name]} if typed.get(name) else {}
    return input_block(name, label, element, optional=optional, hint=hint)


def hour(name: str, label: str, typed: Typed, *, hint: str = "") -> Block:
    """Make a field for a time of the day."""
    element: Block = {"type": "timepicker", "action_id": ids.VALUE}
    element |= {"initial_time": typed[name]} if typed.get(name) else {}
    return input_block(name, label, element, hint=hint)
