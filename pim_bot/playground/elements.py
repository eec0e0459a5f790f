"""The elements that a person acts on: where they stand in blocks, and what state a value gives them."""

from collections.abc import Iterator
from typing import Any

from pim_bot.playground.model import Json

TYPED_TEXT = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}

_ONE_VALUE = {
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
_ONE_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
_MANY_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
STATEFUL = TYPED_TEXT | set(_ONE_VALUE) | _ONE_OPTION - {"overflow"} | _MANY_OPTIONS


def interactive_elements(block: Json) -> list[Json]:
    """List the elements of a block that a person can act on."""
    found = list(block.get("elements", [])) if block.get("type") == "actions" else []
    found += [block[place] for place in ("accessory", "element") if isinstance(block.get(place), dict)]
    return [element for element in found if element.get("type") != "image"]


def each_element(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Walk through all elements with the block that each stands in."""
    for block in blocks:
        for element in interactive_elements(block):
            yield block, element


def find_element(blocks: list[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """Find an element by its action_id, and by its block_id where the action_id alone is not enough."""
    for block, element in each_element(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    there = sorted(element["action_id"] for _, element in each_element(blocks))
    raise LookupError(f"There is no element “{action_id}” here, only {there}")


def options_of(element: Json) -> list[Json]:
    """List the fixed options of an element, those in groups included."""
    found = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        found += group["options"]
    return found


def initial_state(element: Json) -> Json:
    """Tell the state of an element that nobody has touched."""
    kind = element["type"]
    if kind in TYPED_TEXT:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    field, initial = _ONE_VALUE[kind]
    return {"type": kind, field: element.get(initial, [] if field.endswith("s") else None)}


def chosen_state(element: Json, value: Any, offered: list[Json] | None = None) -> Json:
    """Tell the state of an element for which a person gave `value`.

    An option is given by its value or its text (or as a whole object), several as a list; LookupError tells which
    options there are if it is none of them. `offered` are the options that the app suggested for an external select.
    """
    kind = element["type"]
    options = options_of(element) + (offered or [])
    if kind in TYPED_TEXT:
        return {"type": kind, "value": None if value in (None, "") else str(value)}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": None if value in (None, "") else pick(options, value)}
    if kind in _MANY_OPTIONS:
        return {"type": kind, "selected_options": [pick(options, one) for one in value or []]}
    return {"type": kind, _ONE_VALUE[kind][0]: value if value != "" else None}


def pick(options: list[Json], value: Any) -> Json:
    """Choose an option by its value, its text, or itself."""
    for option in options:
        if value in (option, option["value"], option["text"]["text"]):
            return option
    raise LookupError(f"“{value}” is not offered, only {[option['text']['text'] for option in options]}")


def held_options(state: Json) -> list[Json]:
    """List the options that a state holds already; whoever holds one may choose it again."""
    held = [state["selected_option"]] if state.get("selected_option") else []
    return held + list(state.get("selected_options") or [])


def is_empty(state: Json) -> bool:
    """Tell whether nothing was typed or chosen."""
    return all(value in (None, "", []) for field, value in state.items() if field != "type")


def label_of(block: Json) -> str:
    """Tell the label of an input block."""
    return str(block.get("label", {}).get("text", ""))
