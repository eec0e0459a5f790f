"""Text that people type: what is kept of it, and how long it may be."""

import re
import unicodedata

_UNWANTED = {"Cc", "Cs", "Co", "Cn"}
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0085\u2028\u2029]")
_MOST_MARKS = re.compile(
    r"([\u0300-\u036f\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3})[\u0300-\u036f\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)


_LOOK_EMPTY = frozenset("\u3164\u115f\u1160\uffa0\u2800")


def _shows(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" and sign not in _LOOK_EMPTY


def clean_text(text: str) -> str:
    """Keep what can be read: letters (NFC), line breaks, joined emoji; drop controls, direction marks, surrogates."""
    kept = "".join(
        sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or unicodedata.category(sign) not in _UNWANTED
    )
    kept = unicodedata.normalize("NFC", _INVISIBLE.sub("", kept))
    return _MOST_MARKS.sub(r"\1", kept).strip() if any(map(_shows, kept)) else ""


def clean_line(text: str) -> str:
    """Clean text that stands on one line: a title, a name, a place."""
    return " ".join(clean_text(text).split())
