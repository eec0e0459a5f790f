"""The pieces messages and forms are made of, with user text made harmless and cut to Block Kit's limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]

LONGEST_SECTION = 3000
LONGEST_HEADER = 150
LONGEST_FIELD = 2000
LONGEST_OPTION = 75
LONGEST_TEXT = 3500


@dataclass(frozen=True, slots=True)
class Message:
    """A message: ``text`` carries the whole point for those who do not see the blocks.

    ``text`` is plain here and is made harmless when the message goes out; text inside blocks is escaped where it is
    put together.
    """

    text: str
    blocks: tuple[Block, ...] = ()

    def as_payload(self) -> dict[str, Any]:
        """Give the message as the chat's API takes it."""
        payload: dict[str, Any] = {"text": cut(without_markup(self.text), LONGEST_TEXT)}
        return payload | {"blocks": list(self.blocks)} if self.blocks else payload


def without_markup(text: str) -> str:
    """Make text harmless where it may still be formatted: no mention or link of a stranger comes through."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return text


def escape(text: str) -> str:
    """Make user text harmless in mrkdwn: no mention, link or formatting of a stranger comes through."""
    text = without_markup(text)
    for sign in "*_~`":
        text = text.replace(sign, f"{sign}\u2060") if sign in text else text
    return text


def link(address: str) -> str:
    """Make a link of an http(s) address that shows where it leads; "" when it would be cut in the middle."""
    if not address:
        return ""
    for sign, code in (("<", "%3C"), (">", "%3E"), ("|", "%7C"), (" ", "%20"), ("&", "&amp;")):
        address = address.replace(sign, code)
    return f"<{address}>" if len(address) < LONGEST_FIELD else ""


def cut(text: str, most: int) -> str:
    """Shorten text that is escaped already, without leaving half an entity at its end."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    amp = kept.rfind("&", max(0, len(kept) - 5))
    if amp != -1 and ";" not in kept[amp:]:
        kept = kept[:amp]
    return kept + "…"


def ended(said: str) -> str:
    """Make a sentence of what is said: with a full stop where it has no end yet."""
    return said if said.endswith((".", "!", "?", "…", ":")) else f"{said}."


def plain(text: str, most: int = LONGEST_SECTION) -> Block:
    """Make a plain text object."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": True}


def header(text: str) -> Block:
    """Make a header."""
    return {"type": "header", "text": plain(text, LONGEST_HEADER)}


def section(mrkdwn: str, *, accessory: Block | None = None, block_id: str = "") -> Block:
    """Make a section; user text in it is escaped by the caller."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, LONGEST_SECTION)}}
    return block | ({"accessory": accessory} if accessory else {}) | ({"block_id": block_id} if block_id else {})


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Make a section of labelled values; values are escaped here. At most ten."""
    texts = [f"*{label}*\n{escape(value)}" for label, value in pairs if value][:10]
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": cut(text, LONGEST_FIELD)} for text in texts]}


def context(*mrkdwn: str) -> Block:
    """Make a line of details."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, LONGEST_SECTION)} for text in mrkdwn]}


def divider() -> Block:
    """Make a line between parts."""
    return {"type": "divider"}


def button(label: str, action_id: str, value: str, *, style: str = "", confirm: Block | None = None) -> Block:
    """Make a button; ``style`` is primary or danger."""
    block: Block = {"type": "button", "text": plain(label, LONGEST_OPTION), "action_id": action_id, "value": value}
    return block | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def actions(block_id: str, *elements: Block) -> Block:
    """Make a row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def confirmation(title: str, text: str, yes: str, no: str) -> Block:
    """Make the question that is asked before an irreversible click counts."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def option(label: str, value: str, description: str = "") -> Block:
    """Make one choice of a list."""
    block = {"text": plain(label, LONGEST_OPTION), "value": value}
    return block | ({"description": plain(description, LONGEST_OPTION)} if description else {})


def input_block(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """Make a field of a form; ``name`` is what an error points at."""
    block = {"type": "input", "block_id": name, "label": plain(label, 2000), "element": element, "optional": optional}
    return block | ({"hint": plain(hint, 2000)} if hint else {})


def modal(callback_id: str, title: str, submit: str, close: str, blocks: Sequence[Block], metadata: str) -> Block:
    """Make a form."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain(close, 24),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }
