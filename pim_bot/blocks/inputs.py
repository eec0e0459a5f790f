"""The fields that forms are made of; ``typed`` is what a person has filled in so far, by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from pim_bot.blocks import ids
from pim_bot.blocks.elements import Block, input_block, option
from pim_bot.programme.edition import City

Typed = Mapping[str, Any]

MOST_OPTIONS = 100


def line_field(
    name: str, label: str, typed: Typed, *, optional: bool = True, hint: str = "", lines: bool = False
) -> Block:
    """Make a field for typed text, of one line or of several."""
    element: Block = {"type": "plain_text_input", "action_id": ids.VALUE, "max_length": 3000, "multiline": lines}
    if typed.get(name):
        element["initial_value"] = typed[name]
    return input_block(name, label, element, optional=optional, hint=hint)


def select_field(name: str, label: str, options: Sequence[Block], typed: Typed, *, optional: bool = False) -> Block:
    """Make a field in which one thing is chosen."""
    options = list(options)[:MOST_OPTIONS]
    element: Block = {"type": "static_select", "action_id": ids.VALUE, "options": options}
    chosen = [one for one in options if one["value"] == typed.get(name)]
    return input_block(name, label, element | ({"initial_option": chosen[0]} if chosen else {}), optional=optional)


def several_field(name: str, label: str, options: Sequence[Block], typed: Typed, *, hint: str = "") -> Block:
    """Make a field in which several things are chosen."""
    options = list(options)[:MOST_OPTIONS]
    element: Block = {"type": "multi_static_select", "action_id": ids.VALUE, "options": options}
    chosen = [one for one in options if one["value"] in (typed.get(name) or ())]
    element |= {"initial_options": chosen} if chosen else {}
    return input_block(name, label, element, optional=True, hint=hint)


def cities_field(name: str, label: str, cities: Sequence[City], typed: Typed, *, hint: str = "") -> Block:
    """Make a field that asks for cities while somebody types."""
    element: Block = {"type": "multi_external_select", "action_id": ids.VALUE, "min_query_length": 0}
    chosen = [option(city.name, city.slug) for city in cities if city.slug in (typed.get(name) or ())]
    element |= {"initial_options": chosen} if chosen else {}
    return input_block(name, label, element, optional=True, hint=hint)


def day_field(name: str, label: str, typed: Typed, *, optional: bool = False, hint: str = "") -> Block:
    """Make a field for a day."""
    element: Block = {"type": "datepicker", "action_id": ids.VALUE}
    element |= {"initial_date": typed[name]} if typed.get(name) else {}
    return input_block(name, label, element, optional=optional, hint=hint)


def instant_field(name: str, label: str, *, optional: bool = True) -> Block:
    """Make a field for a day and a time in one, by the clock of whoever fills it in."""
    element: Block = {"type": "datetimepicker", "action_id": ids.VALUE}
    return input_block(name, label, element, optional=optional)


def time_field(name: str, label: str, typed: Typed, *, hint: str = "") -> Block:
    """Make a field for a time of day."""
    element: Block = {"type": "timepicker", "action_id": ids.VALUE}
    element |= {"initial_time": typed[name]} if typed.get(name) else {}
    return input_block(name, label, element, optional=True, hint=hint)
