"""Block Kit's limits as one pure check: blocks or a view in, sentences about what Slack would refuse out.

Nothing here knows Slack's SDK. An empty answer means that Slack takes the payload; a sentence begins with the
place of the fault as a JSON pointer, so that it can be read beside the payload.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Json = Mapping[str, Any]

BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
VIEW_BYTES = 250_000
MARKDOWN_TOTAL = 12_000
TEXT = 4000
MESSAGE_TOTAL = 11_000
"""Slack refuses a message whose blocks hold more together (``msg_blocks_too_long``) and does not document the number.

Seen refused: 13,172 characters (slackapi/bolt-js 2509) and 11,341 in nested blocks (2867).
"""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

_PICKS = {
    "users_select",
    "conversations_select",
    "channels_select",
    "static_select",
    "external_select",
}
_MULTI_PICKS = {f"multi_{kind}" for kind in _PICKS}
_SHARED = _PICKS | {"datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes"}
_TYPED = {
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
}
_ACTION_ELEMENTS = _SHARED | {"button", "overflow", "workflow_button"}
_ACCESSORIES = _ACTION_ELEMENTS | _MULTI_PICKS | {"image"}
_INPUT_ELEMENTS = _SHARED | _MULTI_PICKS | _TYPED
_CONTEXT_ACTIONS = {"feedback_buttons", "icon_button"}


class _Report:
    """Collects sentences; every check adds to it and goes on, so that all faults come at once."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, path: str, sentence: str) -> None:
        self.sentences.append(f"{path or '/'}: {sentence}")

    def text(self, path: str, value: object, most: int, *, least: int = 0) -> None:
        """Check a plain string's length."""
        if not isinstance(value, str):
            self.add(path, "must be a string")
        elif len(value) > most:
            self.add(path, f"{len(value)} characters, at most {most}")
        elif len(value) < least:
            self.add(path, f"must have at least {least} character")

    def optional_text(self, path: str, holder: Json, field: str, most: int) -> None:
        """Do the same for a field that may be left out."""
        if holder.get(field) is not None:
            self.text(f"{path}/{field}", holder[field], most)

    def text_object(self, path: str, value: object, most: int, *, plain: bool = False) -> None:
        """Check a text object: its type, and a text that is neither empty nor too long."""
        if not isinstance(value, Mapping):
            self.add(path, "a text object is missing")
            return
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if value.get("type") not in kinds:
            self.add(path, f"type must be {' or '.join(kinds)}")
        self.text(f"{path}/text", value.get("text"), most, least=1)

    def several(self, path: str, value: object, most: int) -> list[Json]:
        """Take a list of 1 to `most` objects; what is not an object is named and left out."""
        if not isinstance(value, list) or not value:
            self.add(path, "must hold at least 1 item")
            return []
        if len(value) > most:
            self.add(path, f"{len(value)} items, at most {most}")
        if not all(isinstance(item, Mapping) for item in value):
            self.add(path, "every item must be an object")
        return [item for item in value if isinstance(item, Mapping)]


def broken_limits(surface: Surface, blocks: list[dict[str, Any]]) -> list[str]:
    """Name every way in which these blocks break Slack's limits on that surface; empty if they do not."""
    report = _Report()
    if not isinstance(blocks, list):
        report.add("/blocks", "must be a list")
        return report.sentences
    if len(blocks) > BLOCKS[surface]:
        report.add("/blocks", f"{len(blocks)} blocks, at most {BLOCKS[surface]}")
    for index, block in enumerate(blocks):
        _block(report, surface, f"/blocks/{index}", block)
    objects = [block for block in blocks if isinstance(block, Mapping)]
    markdown = sum(len(str(block.get("text", ""))) for block in objects if block.get("type") == "markdown")
    _unique(report, "/blocks", "block_id", objects)
    if markdown > MARKDOWN_TOTAL:
        report.add("/blocks", f"{markdown} characters of markdown, at most {MARKDOWN_TOTAL} together")
    return report.sentences


def broken_message(message: Json) -> list[str]:
    """Do the same for a whole message: its blocks, its ``text``, and both against what the chat takes at once."""
    report = _Report()
    report.text("/text", message.get("text"), TEXT, least=1)
    blocks = message.get("blocks", [])
    if (total := shown(blocks)) > MESSAGE_TOTAL:
        report.add("/blocks", f"{total} characters of text, at most {MESSAGE_TOTAL} together")
    return report.sentences + broken_limits("message", blocks)


def shown(part: object) -> int:
    """Count the characters of every text in blocks."""
    if isinstance(part, Mapping):
        return sum(
            len(value) if isinstance(value, str) and key == "text" else shown(value) for key, value in part.items()
        )
    return sum(map(shown, part)) if isinstance(part, list | tuple) else 0


def broken_view(view: Json) -> list[str]:
    """Do the same for a whole view: a modal or a Home tab."""
    report = _Report()
    kind = view.get("type")
    if kind not in ("modal", "home"):
        report.add("/type", "must be modal or home")
        return report.sentences
    if kind == "modal":
        _modal(report, view)
    report.optional_text("", view, "private_metadata", 3000)
    report.optional_text("", view, "callback_id", 255)
    report.optional_text("", view, "external_id", 255)
    if len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass")) > VIEW_BYTES:
        report.add("", f"the view is larger than {VIEW_BYTES} bytes")
    surface: Surface = "modal" if kind == "modal" else "home"
    blocks = view.get("blocks")
    return report.sentences + broken_limits(surface, blocks if isinstance(blocks, list) else [])


def _modal(report: _Report, view: Json) -> None:
    report.text_object("/title", view.get("title"), 24, plain=True)
    for field in ("submit", "close"):
        if view.get(field) is not None:
            report.text_object(f"/{field}", view[field], 24, plain=True)
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        report.add("/blocks", "must be a list")
        return
    if view.get("submit") is None and any(isinstance(b, Mapping) and b.get("type") == "input" for b in blocks):
        report.add("/submit", "is required when there is an input block")


def _unique(report: _Report, path: str, field: str, items: Iterable[Json]) -> None:
    seen: set[object] = set()
    for item in items:
        name = item.get(field)
        if name is None:
            continue
        if name in seen:
            report.add(path, f"{field} “{name}” is used twice")
        seen.add(name)


def _block(report: _Report, surface: Surface, path: str, block: object) -> None:
    if not isinstance(block, Mapping):
        report.add(path, "must be an object")
        return
    kind = block.get("type")
    report.optional_text(path, block, "block_id", 255)
    check = _BLOCK_CHECKS.get(str(kind))
    if check is None:
        report.add(path, f"unsupported type: {kind}")
    elif surface not in _SURFACES.get(str(kind), ("message", "modal", "home")):
        report.add(path, f"{kind} is not allowed in a {surface}")
    else:
        check(report, path, block)


def _section(report: _Report, path: str, block: Json) -> None:
    if block.get("text") is None and block.get("fields") is None:
        report.add(path, "needs text or fields")
    if block.get("text") is not None:
        report.text_object(f"{path}/text", block["text"], 3000)
    if block.get("fields") is not None:
        for index, field in enumerate(report.several(f"{path}/fields", block["fields"], 10)):
            report.text_object(f"{path}/fields/{index}", field, 2000)
    if block.get("accessory") is not None:
        _element(report, f"{path}/accessory", block["accessory"], _ACCESSORIES)


def _header(report: _Report, path: str, block: Json) -> None:
    report.text_object(f"{path}/text", block.get("text"), 150, plain=True)


def _actions(report: _Report, path: str, block: Json) -> None:
    elements = report.several(f"{path}/elements", block.get("elements"), 25)
    _unique(report, f"{path}/elements", "action_id", elements)
    for index, element in enumerate(elements):
        _element(report, f"{path}/elements/{index}", element, _ACTION_ELEMENTS)


def _context(report: _Report, path: str, block: Json) -> None:
    for index, element in enumerate(report.several(f"{path}/elements", block.get("elements"), 10)):
        place = f"{path}/elements/{index}"
        if element.get("type") == "image":
            _image_source(report, place, element)
        else:
            report.text_object(place, element, 3000)


def _context_actions(report: _Report, path: str, block: Json) -> None:
    elements = report.several(f"{path}/elements", block.get("elements"), 5)
    _unique(report, f"{path}/elements", "action_id", elements)
    for index, element in enumerate(elements):
        if element.get("type") not in _CONTEXT_ACTIONS:
            report.add(f"{path}/elements/{index}", f"unsupported element: {element.get('type')}")


def _image_source(report: _Report, path: str, image: Json) -> None:
    if image.get("image_url") is None and image.get("slack_file") is None:
        report.add(path, "needs image_url or slack_file")
    report.optional_text(path, image, "image_url", 3000)
    report.text(f"{path}/alt_text", image.get("alt_text"), 2000, least=1)


def _image(report: _Report, path: str, block: Json) -> None:
    _image_source(report, path, block)
    if block.get("title") is not None:
        report.text_object(f"{path}/title", block["title"], 2000, plain=True)


def _input(report: _Report, path: str, block: Json) -> None:
    report.text_object(f"{path}/label", block.get("label"), 2000, plain=True)
    if block.get("hint") is not None:
        report.text_object(f"{path}/hint", block["hint"], 2000, plain=True)
    _element(report, f"{path}/element", block.get("element"), _INPUT_ELEMENTS)


def _rich_text(report: _Report, path: str, block: Json) -> None:
    allowed = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
    for index, element in enumerate(report.several(f"{path}/elements", block.get("elements"), 1000)):
        if element.get("type") not in allowed:
            report.add(f"{path}/elements/{index}", f"unsupported element: {element.get('type')}")


def _markdown(report: _Report, path: str, block: Json) -> None:
    report.text(f"{path}/text", block.get("text"), MARKDOWN_TOTAL, least=1)


def _table(report: _Report, path: str, block: Json, *, rows: int = 100) -> None:
    value = block.get("rows")
    if not isinstance(value, list) or not value:
        report.add(f"{path}/rows", "must hold at least 1 row")
        return
    if len(value) > rows:
        report.add(f"{path}/rows", f"{len(value)} rows, at most {rows}")
    for index, row in enumerate(value):
        cells = len(row) if isinstance(row, list) else 0
        if not 1 <= cells <= 20:  # noqa: PLR2004 - Slack's own number, named in the sentence
            report.add(f"{path}/rows/{index}", f"{cells} cells, 1 to 20")


def _data_table(report: _Report, path: str, block: Json) -> None:
    _table(report, path, block, rows=200)


def _alert(report: _Report, path: str, block: Json) -> None:
    report.text_object(f"{path}/text", block.get("text"), 200)


def _card(report: _Report, path: str, block: Json) -> None:
    for field, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        if block.get(field) is not None:
            report.text_object(f"{path}/{field}", block[field], most)


def _unlimited(report: _Report, path: str, block: Json) -> None:
    """Accept a block that is known and has no limit worth checking here."""


_BLOCK_CHECKS: dict[str, Callable[[_Report, str, Json], None]] = {
    "section": _section,
    "header": _header,
    "divider": _unlimited,
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "image": _image,
    "input": _input,
    "rich_text": _rich_text,
    "markdown": _markdown,
    "table": _table,
    "data_table": _data_table,
    "alert": _alert,
    "card": _card,
    "file": _unlimited,
    "video": _unlimited,
}
_SURFACES: dict[str, tuple[Surface, ...]] = {
    "markdown": ("message",),
    "table": ("message",),
    "data_table": ("message",),
    "context_actions": ("message",),
    "file": ("message",),
    "alert": ("modal",),
}


def _element(report: _Report, path: str, element: object, allowed: set[str]) -> None:
    if not isinstance(element, Mapping):
        report.add(path, "an element is missing")
        return
    kind = str(element.get("type"))
    if kind not in allowed:
        report.add(path, f"unsupported element: {kind}")
        return
    if element.get("action_id") is not None:
        report.text(f"{path}/action_id", element["action_id"], 255, least=1)
    if element.get("placeholder") is not None:
        report.text_object(f"{path}/placeholder", element["placeholder"], 150, plain=True)
    if element.get("confirm") is not None:
        _confirm(report, f"{path}/confirm", element["confirm"])
    check = _ELEMENT_CHECKS.get(kind)
    if check is not None:
        check(report, path, element)


def _confirm(report: _Report, path: str, confirm: object) -> None:
    if not isinstance(confirm, Mapping):
        report.add(path, "must be an object")
        return
    report.text_object(f"{path}/title", confirm.get("title"), 100, plain=True)
    report.text_object(f"{path}/text", confirm.get("text"), 300)
    for field in ("confirm", "deny"):
        report.text_object(f"{path}/{field}", confirm.get(field), 30, plain=True)


def _button(report: _Report, path: str, element: Json) -> None:
    report.text_object(f"{path}/text", element.get("text"), 75, plain=True)
    report.optional_text(path, element, "value", 2000)
    report.optional_text(path, element, "url", 3000)
    report.optional_text(path, element, "accessibility_label", 75)
    if element.get("style") not in (None, "primary", "danger"):
        report.add(f"{path}/style", "must be primary or danger")


def _option(report: _Report, path: str, option: Json, *, plain: bool) -> None:
    report.text_object(f"{path}/text", option.get("text"), 75, plain=plain)
    report.text(f"{path}/value", option.get("value"), 150)
    report.optional_text(path, option, "url", 3000)
    if option.get("description") is not None:
        report.text_object(f"{path}/description", option["description"], 75, plain=plain)


def _options(report: _Report, path: str, value: object, most: int, *, plain: bool = True) -> list[Json]:
    options = report.several(path, value, most)
    for index, option in enumerate(options):
        _option(report, f"{path}/{index}", option, plain=plain)
    return options


def broken_options(answer: Json) -> list[str]:
    """Name what Slack would refuse in the answer to a suggestion: options or groups of them, 100 at most."""
    report = _Report()
    _choices(report, "", answer, empty_is_fine=True)
    return report.sentences


def _choices(report: _Report, path: str, element: Json, *, empty_is_fine: bool = False) -> list[Json]:
    if (element.get("options") is None) == (element.get("option_groups") is None):
        report.add(path, "needs either options or option_groups")
        return []
    field = "options" if element.get("options") is not None else "option_groups"
    if empty_is_fine and element[field] == []:
        return []
    if field == "options":
        return _options(report, f"{path}/options", element["options"], 100)
    found: list[Json] = []
    for index, group in enumerate(report.several(f"{path}/option_groups", element["option_groups"], 100)):
        place = f"{path}/option_groups/{index}"
        report.text_object(f"{place}/label", group.get("label"), 75, plain=True)
        found += _options(report, f"{place}/options", group.get("options"), 100)
    return found


def _among(report: _Report, path: str, element: Json, options: list[Json]) -> None:
    """Hold that what is chosen at first is one of the options."""
    chosen = [element["initial_option"]] if element.get("initial_option") is not None else []
    chosen += element.get("initial_options") or []
    values = {option.get("value") for option in options}
    for option in chosen:
        if not isinstance(option, Mapping) or option.get("value") not in values:
            report.add(path, "an initial option is not among the options")


def _static_select(report: _Report, path: str, element: Json) -> None:
    _among(report, path, element, _choices(report, path, element))
    _most_selected(report, path, element)


def _external_select(report: _Report, path: str, element: Json) -> None:
    if element.get("initial_option") is not None:
        _option(report, f"{path}/initial_option", element["initial_option"], plain=True)
    if element.get("initial_options") is not None:
        _options(report, f"{path}/initial_options", element["initial_options"], 100)
    _most_selected(report, path, element)


def _most_selected(report: _Report, path: str, element: Json) -> None:
    most = element.get("max_selected_items")
    if most is not None and (not isinstance(most, int) or most < 1):
        report.add(f"{path}/max_selected_items", "must be 1 or more")


def _overflow(report: _Report, path: str, element: Json) -> None:
    _options(report, f"{path}/options", element.get("options"), 5)


def _ticks(report: _Report, path: str, element: Json) -> None:
    _among(report, path, element, _options(report, f"{path}/options", element.get("options"), 10, plain=False))


def _shape(field: str, pattern: re.Pattern[str], example: str) -> Callable[[_Report, str, Json], None]:
    def check(report: _Report, path: str, element: Json) -> None:
        value = element.get(field)
        if value is not None and not pattern.fullmatch(str(value)):
            report.add(f"{path}/{field}", f"must look like {example}")

    return check


def _text_input(report: _Report, path: str, element: Json) -> None:
    least, most = element.get("min_length"), element.get("max_length")
    if least is not None and not 0 <= least <= 3000:  # noqa: PLR2004 - Slack's own number, named in the sentence
        report.add(f"{path}/min_length", "must be 0 to 3000")
    if most is not None and not 1 <= most <= 3000:  # noqa: PLR2004 - the same
        report.add(f"{path}/max_length", "must be 1 to 3000")
    if least is not None and most is not None and least > most:
        report.add(f"{path}/min_length", "is above max_length")
    report.optional_text(path, element, "initial_value", most if isinstance(most, int) else 3000)


def _number_input(report: _Report, path: str, element: Json) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        report.add(f"{path}/is_decimal_allowed", "is required")
    least, value, most = (element.get(name) for name in ("min_value", "initial_value", "max_value"))
    try:
        numbers = [float(one) for one in (least, value, most) if one is not None]
    except (TypeError, ValueError):
        report.add(path, "its values must be numbers in strings")
    else:
        if numbers != sorted(numbers):
            report.add(path, "min_value, initial_value and max_value must rise")


_ELEMENT_CHECKS: dict[str, Callable[[_Report, str, Json], None]] = {
    "button": _button,
    "workflow_button": _button,
    "static_select": _static_select,
    "multi_static_select": _static_select,
    "external_select": _external_select,
    "multi_external_select": _external_select,
    "multi_users_select": _most_selected,
    "overflow": _overflow,
    "radio_buttons": _ticks,
    "checkboxes": _ticks,
    "datepicker": _shape("initial_date", _DATE, "2022-01-10"),
    "timepicker": _shape("initial_time", _TIME, "09:00"),
    "plain_text_input": _text_input,
    "number_input": _number_input,
    "image": _image_source,
}
