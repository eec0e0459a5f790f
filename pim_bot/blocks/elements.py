"""The pieces messages and forms are made of, with user text made harmless and cut to Block Kit's limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pim_bot.blocks.limits import MESSAGE_TOTAL, shown
from pim_bot.i18n import Words

Block = dict[str, Any]

LONGEST_SECTION = 3000
LONGEST_HEADER = 150
LONGEST_FIELD = 2000
LONGEST_OPTION = 75
LONGEST_OPTION_VALUE = 150
LONGEST_TEXT = 3500
NOTHING = "–"
"""Stands where a text is empty, which the chat does not take."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, marks of direction, lone surrogates: what people type is free of them, what comes otherwise may not be."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: ``text`` carries the whole point for those who do not see the blocks.

    ``text`` is plain here and is made harmless when the message goes out; text inside blocks is escaped where it is
    put together. A Home tab, ``is_home``, holds more than a message.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    is_home: bool = False

    def as_payload(self) -> dict[str, Any]:
        """Give the message as the chat's API takes it."""
        payload: dict[str, Any] = {"text": _said(cut(without_markup(self.text), LONGEST_TEXT))}
        if not self.blocks:
            return payload
        return payload | {"blocks": list(self.blocks) if self.is_home else fitting(self.blocks)}


def fitting(blocks: Sequence[Block], most: int = MESSAGE_TOTAL) -> list[Block]:
    """Cut the longest texts of blocks, all of them alike, until the texts together are no longer than ``most``."""
    longest = LONGEST_SECTION
    while shown(blocks) > most:
        longest = longest * 9 // 10
        blocks = [_cut_within(block, longest) for block in blocks]
    return list(blocks)


def _cut_within(part: Any, most: int) -> Any:
    if isinstance(part, dict):
        return {
            name: cut(value, most) if name == "text" and isinstance(value, str) else _cut_within(value, most)
            for name, value in part.items()
        }
    return [_cut_within(one, most) for one in part] if isinstance(part, list) else part


def _said(text: str) -> str:
    return text if text.strip() else NOTHING


def without_markup(text: str) -> str:
    """Make text harmless where it may still be formatted: no mention or link of a stranger comes through."""
    text = _UNSEEN.sub("", text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return text


def escape(text: str) -> str:
    """Make user text harmless in mrkdwn: no mention, link or formatting of a stranger comes through."""
    text = without_markup(text)
    for sign in "*_~`":
        text = text.replace(sign, f"{sign}\u2060") if sign in text else text
    return text


def in_quotes(words: Words, text: str) -> str:
    """Quote what somebody wrote, with the marks of the reader's language."""
    return words.text("„{text}”", text=text)


def link(address: str) -> str:
    """Make a link of an http(s) address that shows where it leads; "" when it would be cut in the middle."""
    if not address:
        return ""
    for sign, code in (("<", "%3C"), (">", "%3E"), ("|", "%7C"), (" ", "%20"), ("&", "&amp;")):
        address = address.replace(sign, code)
    return f"<{address}>" if len(address) < LONGEST_FIELD else ""


def cut(text: str, most: int) -> str:
    """Shorten text that is escaped already, without leaving half an entity or half a link at its end."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    opened = max(kept.rfind("<http"), kept.rfind("<", max(0, len(kept) - 5)))
    if opened > kept.rfind(">"):
        kept = kept[:opened]
    amp = kept.rfind("&", max(0, len(kept) - 5))
    if amp != -1 and ";" not in kept[amp:]:
        kept = kept[:amp]
    return kept + "…"


def ended(said: str) -> str:
    """Make a sentence of what is said: with a full stop where it has no end yet."""
    return said if said.endswith((".", "!", "?", "…", ":")) else f"{said}."


def plain(text: str, most: int = LONGEST_SECTION) -> Block:
    """Make a plain text object."""
    return {"type": "plain_text", "text": _said(cut(_UNSEEN.sub("", text), most)), "emoji": True}


def header(text: str) -> Block:
    """Make a header."""
    return {"type": "header", "text": plain(text, LONGEST_HEADER)}


def section(mrkdwn: str, *, accessory: Block | None = None, block_id: str = "") -> Block:
    """Make a section; user text in it is escaped by the caller."""
    block: Block = {"type": "section", "text": _formatted(mrkdwn, LONGEST_SECTION)}
    return block | ({"accessory": accessory} if accessory else {}) | ({"block_id": block_id} if block_id else {})


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Make a section of labelled values; values are escaped here. At most ten."""
    texts = [f"*{label}*\n{escape(value)}" for label, value in pairs if value.strip()][:10]
    return {"type": "section", "fields": [_formatted(text, LONGEST_FIELD) for text in texts]}


def context(*mrkdwn: str) -> Block:
    """Make a line of details."""
    return {"type": "context", "elements": [_formatted(text, LONGEST_SECTION) for text in mrkdwn]}


def _formatted(mrkdwn: str, most: int) -> Block:
    return {"type": "mrkdwn", "text": _said(cut(mrkdwn, most))}


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
