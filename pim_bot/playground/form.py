"""Filling in a form: from what a person typed to Slack's `state.values`, and what Slack itself would not send."""

import re
from collections.abc import Mapping
from typing import Any

from pim_bot.playground.elements import (
    STATEFUL,
    chosen_state,
    each_element,
    held_options,
    initial_state,
    interactive_elements,
    is_empty,
    label_of,
)
from pim_bot.playground.model import Json

Values = dict[str, dict[str, Json]]
"""`state.values` as Slack sends it: block_id → action_id → state."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def fresh_values(blocks: list[Json], kept: Values | None = None) -> Values:
    """Tell the state of every field of the blocks: what was kept from before, else what the app set at first."""
    values: Values = {}
    for block, element in each_element(blocks):
        if element["type"] in STATEFUL:
            before = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
            same_kind = before is not None and before["type"] == element["type"]
            state = before if before is not None and same_kind else initial_state(element)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def fill(blocks: list[Json], values: Values, typed: Mapping[str, Any], offered: Mapping[str, list[Json]]) -> Values:
    """Put what was typed into the fields; the rest stays.

    `typed` names a field by its label (``{"Tytuł": "…"}``) or by block_id and action_id (``{"b": {"a": "…"}}``).
    """
    filled = {block_id: dict(states) for block_id, states in values.items()}
    for name, given in typed.items():
        block = _named_block(blocks, name)
        by_action = _by_action(block, given)
        for element in interactive_elements(block):
            action_id = element["action_id"]
            if action_id in by_action:
                states = filled.setdefault(block["block_id"], {})
                known = held_options(states.get(action_id, {})) + offered.get(action_id, [])
                states[action_id] = chosen_state(element, by_action[action_id], known)
    return filled


def _named_block(blocks: list[Json], name: str) -> Json:
    for block in blocks:
        if name == block.get("block_id") or (block["type"] == "input" and name == label_of(block)):
            return block
    there = [label_of(block) or block.get("block_id") for block in blocks if interactive_elements(block)]
    raise LookupError(f"There is no field “{name}” in this form, only {there}")


def _by_action(block: Json, given: Any) -> Mapping[str, Any]:
    action_ids = [element["action_id"] for element in interactive_elements(block)]
    if isinstance(given, Mapping) and set(given) <= set(action_ids):
        return given
    if len(action_ids) == 1:
        return {action_ids[0]: given}
    raise LookupError(f"Which of {action_ids} is meant?")


def unsendable(blocks: list[Json], values: Values) -> dict[str, str]:
    """Name the fields that Slack itself sends back to the person, with the reason as a code, before any app is asked.

    Codes: required, too_short, too_long, email, url, number, too_small, too_large, too_many.
    """
    wrong: dict[str, str] = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            state = values[block["block_id"]][element["action_id"]]
            reason = _fault_of(block, element, state)
            if reason:
                wrong[block["block_id"]] = reason
    return wrong


def _fault_of(block: Json, element: Json, state: Json) -> str | None:
    if is_empty(state):
        return None if block.get("optional") else "required"
    if "max_selected_items" in element:
        chosen = next(value for field, value in state.items() if field != "type")
        return "too_many" if len(chosen) > element["max_selected_items"] else None
    check = _CHECKS.get(element["type"])
    return check(element, str(state["value"])) if check else None


def _text_fault(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return "too_short"
    return "too_long" if len(value) > element.get("max_length", 3000) else None


def _number_fault(element: Json, value: str) -> str | None:
    try:
        number = float(value) if element["is_decimal_allowed"] else int(value)
    except ValueError:
        return "number"
    if "min_value" in element and number < float(element["min_value"]):
        return "too_small"
    return "too_large" if "max_value" in element and number > float(element["max_value"]) else None


def _email_fault(element: Json, value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "email"


def _url_fault(element: Json, value: str) -> str | None:
    return None if _URL.fullmatch(value) else "url"


_CHECKS = {
    "plain_text_input": _text_fault,
    "number_input": _number_fault,
    "email_text_input": _email_fault,
    "url_text_input": _url_fault,
}
