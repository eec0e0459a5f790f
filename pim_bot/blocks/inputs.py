"""Fields of forms. ``typed`` is what a person has filled in so far, by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from pim_bot.blocks import ids
from pim_bot.blocks.elements import NOTHING, Block, input_block, option
from pim_bot.programme.edition import City

Typed = Mapping[str, Any]

LONGEST_INPUT = 3000
MOST_OPTIONS = 100
MOST_BOXES = 10


def line(
    name: str,
    label: str,
    typed: Typed,
    *,
    optional: bool = True,
    hint: str = "",
    lines: bool = False,
    most: int = LONGEST_INPUT,
) -> Block:
    """Make a field for typed text of at most ``most`` signs: a line, or several ``lines``."""
    element: Block = {"type": "plain_text_input", "action_id": ids.VALUE, "max_length": most, "multiline": lines}
    if typed.get(name):
        element["initial_value"] = typed[name][:most]
    return input_block(name, label, element, optional=optional, hint=hint)


def select(
    name: str, label: str, options: Sequence[Block], typed: Typed, *, optional: bool = False, hint: str = ""
) -> Block:
    """Make a field in which one thing is chosen from a list."""
    options = _some(options, MOST_OPTIONS)
    element: Block = {"type": "static_select", "action_id": ids.VALUE, "options": options}
    chosen = [one for one in options if one["value"] == typed.get(name)]
    element |= {"initial_option": chosen[0]} if chosen else {}
    return input_block(name, label, element, optional=optional, hint=hint)


def several(name: str, label: str, options: Sequence[Block], typed: Typed, *, hint: str = "") -> Block:
    """Make a field in which several things are chosen from a list."""
    return _any_of("multi_static_select", name, label, _some(options, MOST_OPTIONS), typed, hint)


def boxes(name: str, label: str, options: Sequence[Block], typed: Typed | None = None, *, hint: str = "") -> Block:
    """Make a field with boxes to tick, at most ten."""
    return _any_of("checkboxes", name, label, _some(options, MOST_BOXES), typed or {}, hint)


def _some(options: Sequence[Block], most: int) -> list[Block]:
    """Take as many choices as the chat shows; where there is none it wants one all the same, which nobody knows."""
    return list(options[:most]) or [option(NOTHING, "-")]


def _any_of(kind: str, name: str, label: str, options: Sequence[Block], typed: Typed, hint: str) -> Block:
    chosen = [one for one in options if one["value"] in (typed.get(name) or ())]
    element: Block = {"type": kind, "action_id": ids.VALUE, "options": options}
    element |= {"initial_options": chosen} if chosen else {}
    return input_block(name, label, element, optional=True, hint=hint)


def cities(name: str, label: str, known: Sequence[City], typed: Typed, *, hint: str = "") -> Block:
    """Make a field in which cities are found by typing."""
    element: Block = {"type": "multi_external_select", "action_id": ids.VALUE, "min_query_length": 0}
    chosen = [option(city.name, city.slug) for city in known if city.slug in (typed.get(name) or ())]
    element |= {"initial_options": chosen[:MOST_OPTIONS]} if chosen else {}
    return input_block(name, label, element, optional=True, hint=hint)


def people(name: str, label: str, chosen: Sequence[tuple[str, str]], *, hint: str = "") -> Block:
    """Make a field in which people are found by typing; ``chosen`` are (name, id) of those in it already."""
    element: Block = {"type": "multi_external_select", "action_id": ids.VALUE, "min_query_length": 0}
    options = [option(label, value) for label, value in chosen[:MOST_OPTIONS]]
    element |= {"initial_options": options} if options else {}
    return input_block(name, label, element, optional=True, hint=hint)


def choice(name: str, label: str, options: Sequence[Block], typed: Typed) -> Block:
    """Make a field in which one of few things is chosen, all to be seen."""
    element: Block = {"type": "radio_buttons", "action_id": ids.VALUE, "options": _some(options, MOST_BOXES)}
    chosen = [one for one in options if one["value"] == typed.get(name)]
    return input_block(name, label, element | ({"initial_option": chosen[0]} if chosen else {}))


def day(name: str, label: str, typed: Typed, *, optional: bool = False, hint: str = "") -> Block:
    """Make a field for a day."""
    element: Block = {"type": "datepicker", "action_id": ids.VALUE}
    element |= {"initial_date": typed[name]} if typed.get(name) else {}
    return input_block(name, label, element, optional=optional, hint=hint)


def hour(name: str, label: str, typed: Typed, *, hint: str = "") -> Block:
    """Make a field for a time of day, which may be left empty."""
    element: Block = {"type": "timepicker", "action_id": ids.VALUE}
    element |= {"initial_time": typed[name]} if typed.get(name) else {}
    return input_block(name, label, element, optional=True, hint=hint)


def instant(name: str, label: str, typed: Typed | None = None, *, optional: bool = True) -> Block:
    """Make a field for a day and a time in one (seconds since 1970), by the clock of whoever fills it in."""
    element: Block = {"type": "datetimepicker", "action_id": ids.VALUE}
    element |= {"initial_date_time": typed[name]} if typed and typed.get(name) else {}
    return input_block(name, label, element, optional=optional)


def number(name: str, label: str, typed: Typed, *, most: int, hint: str = "") -> Block:
    """Make a field for a whole number from one to ``most``, which may be left empty."""
    element: Block = {
        "type": "number_input",
        "action_id": ids.VALUE,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(most),
    }
    element |= {"initial_value": str(typed[name])} if typed.get(name) else {}
    return input_block(name, label, element, optional=True, hint=hint)
