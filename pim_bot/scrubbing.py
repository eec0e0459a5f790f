"""What must not be told in logs and error messages: secrets, tokens in addresses, passwords, e-mail addresses."""

import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any
from urllib.parse import quote, unquote

SECRET, TOKEN, PASSWORD, EMAIL = "[secret]", "[token]", "[password]", "[e-mail]"
SHORTEST_KNOWN = 8
"""A known secret shorter than that would be a common word, and taking it out would tell what it is."""
DEEPEST = 8
LONGEST = 50_000

_LOCAL = r"\w.!#$%&*+?^`{|}~'-"
_NAMED = "token|ticket|key|code|secret|password|sslpassword|signature"

# Each takes time in proportion to the text, whatever stands in it: what is logged may come from strangers.
_PATTERNS = (
    # Slack's tokens (docs.slack.dev/authentication/tokens): xoxb-, xoxp-, xoxe-1-, xoxe.xoxp-1-, xapp-1-
    (re.compile(r"xox[a-z](?:\.xox[a-z])?-[\w.%-]+|xapp-[\w.%-]+|xwfp-[\w.%-]+", re.ASCII), SECRET),
    (re.compile(r"hooks\.slack(-gov)?\.com/[^\s\"'<>]+"), rf"hooks.slack\1.com/{TOKEN}"),
    (re.compile(r"(?<=://)([^\s/\"'@:]{0,200}):([^\s/\"']{1,500})@"), rf"\1:{PASSWORD}@"),
    (re.compile(rf"([?&;](?:{_NAMED})=)[^&\s\"'#]+", re.IGNORECASE), rf"\1{TOKEN}"),
    (re.compile(r"(?<=/)[\w-]{40,}+", re.ASCII), TOKEN),
    (re.compile(rf"(?<![{_LOCAL}])(?<!://)[{_LOCAL}]++@[\w-]++(?:\.[\w-]++)++"), EMAIL),
)
_known: dict[str, None] = {}


def keep_out(secrets: Iterable[str]) -> None:
    """Remember secrets in use, so that they are taken out wherever they appear, as they are and inside an address."""
    for secret in secrets:
        for form in (secret, unquote(secret), quote(secret, safe="")):
            if len(form) >= SHORTEST_KNOWN:
                _known[form] = None


def scrubbed_text(text: str) -> str:
    """Take out of a text what must not be told; one of extraordinary length is cut."""
    for secret in _known:
        text = text.replace(secret, SECRET)
    text = text[:LONGEST]
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def scrubbed(value: Any, depth: int = 0) -> Any:
    """Take out of plain values, however deep, what must not be told; anything else becomes its scrubbed text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return scrubbed_text(value)
    if depth < DEEPEST and isinstance(value, Mapping):
        return {scrubbed_text(str(name)): scrubbed(one, depth + 1) for name, one in value.items()}
    if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [scrubbed(one, depth + 1) for one in value]
    return scrubbed_text(repr(value))


def tell_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print what ends the program, scrubbed; stands in for ``sys.excepthook``."""
    if issubclass(kind, KeyboardInterrupt):
        return
    sys.stderr.write(scrubbed_text("".join(traceback.format_exception(kind, error, trace))))
