"""Free text made fit for a calendar: what RFC 5545 3.1 forbids is taken out, and what readers are known to break on.

Escaping and folding are icalendar's work and come after this.
"""

import re
import unicodedata
from urllib.parse import quote

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters, which strict readers refuse the whole feed for
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction overrides, which can disguise a text
    "\ufeff\ufdd0-\ufdef\ud800-\udfff]"  # byte order mark, non-characters, halves of a pair
    "|[" + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)) + "]"
)
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_ALLOWED_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%~"  # RFC 3986 2.2, and percent signs that are already there


def several_lines(text: str) -> str:
    r"""Clean a text that may have line breaks; each becomes ``\n``.

    A backslash becomes a slash: some readers take ``\n`` in "C:\nowe" for a line break however well it is escaped.
    """
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ").replace("\\", "/")
    visible = unicodedata.normalize("NFC", _UNWANTED.sub("", lines))
    return "\n".join(line.rstrip() for line in visible.split("\n")).strip()


def one_line(text: str) -> str:
    """Clean a text that stands on one line: a title, a place, a name."""
    return " ".join(several_lines(text).split())


def web_address(text: str) -> str:
    """Give an http(s) address in ASCII (RFC 3986), or nothing when the text is not one."""
    address = one_line(text)
    return quote(address, safe=_ALLOWED_IN_ADDRESS) if _WEB_ADDRESS.fullmatch(address) else ""
