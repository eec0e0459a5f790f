"""Our own reading of RFC 5545's bytes, which no single library does in full: every broken rule, by name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

LINE = re.compile(r'[A-Z][A-Z0-9-]*(?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*:.*')
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC")
UNESCAPED = re.compile(r"(?<!\\)[,;]|\\(?![n,;])")
FORBIDDEN = ("METHOD", "ATTENDEE", "ORGANIZER", "BEGIN:VALARM", "RDATE", "EXDATE")
ONCE = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP")


def problems(body: bytes) -> list[str]:
    """Name every rule of the published form that the bytes break."""
    return [*_of_bytes(body), *_of_lines(lines(body)), *_of_components(lines(body))]


def lines(body: bytes) -> list[str]:
    return body.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def blocks(name: str, unfolded: list[str]) -> list[list[str]]:
    """Cut out the components of a name, without their BEGIN and END."""
    text = "\n".join(unfolded) + "\n"
    return [found.splitlines() for found in re.findall(rf"BEGIN:{name}\n(.*?)END:{name}\n", text, re.DOTALL)]


def names(block: list[str]) -> list[str]:
    return [re.split("[;:]", line, maxsplit=1)[0] for line in block]


def _of_bytes(body: bytes) -> Iterator[str]:
    if not body.startswith(b"BEGIN:VCALENDAR\r\n") or not body.endswith(b"\r\nEND:VCALENDAR\r\n"):
        yield "does not begin and end as a calendar"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", body):
        yield "a line end that is not CRLF"
    for line in body.split(b"\r\n")[:-1]:
        if not line.strip():
            yield "an empty line"
        if len(line) > 75:
            yield f"a line of {len(line)} octets"
        if line.endswith(b"\\") or _undecodable(line):
            yield f"folded inside a letter or an escape: {line!r}"


def _undecodable(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


def _of_lines(unfolded: list[str]) -> Iterator[str]:
    for line in unfolded:
        if not LINE.fullmatch(line) or not unicodedata.is_normalized("NFC", line):
            yield f"not a content line in NFC: {line!r}"
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in line):
            yield f"a control character: {line!r}"
        name, _, value = line.partition(":")
        if name in TEXTS and UNESCAPED.search(value):
            yield f"not escaped: {line!r}"
        if line.startswith(FORBIDDEN):
            yield f"has no place in a feed: {line!r}"


def _of_components(unfolded: list[str]) -> Iterator[str]:
    yield from _of_header(
        unfolded[1 : next(i for i, line in enumerate(unfolded[1:], 1) if line[:4] in ("BEGI", "END:"))]
    )
    events = blocks("VEVENT", unfolded)
    for event in events:
        found = Counter(names(event))
        yield from (f"{name} {found[name]} times in {event}" for name in ONCE if found[name] != 1)
    uids = Counter(line for event in events for line in event if line.startswith("UID:"))
    yield from (f"{uid} twice" for uid, times in uids.items() if times > 1)
    zones = [line[5:] for block in blocks("VTIMEZONE", unfolded) for line in block if line.startswith("TZID:")]
    used = {zone for event in events for line in event for zone in re.findall(r"^DT\w+;TZID=([^:;]+)", line)}
    if sorted(used) != zones:
        yield f"zones {zones} for events in {sorted(used)}"
    begins = [line for line in unfolded if line in ("BEGIN:VTIMEZONE", "BEGIN:VEVENT")]
    if begins != sorted(begins, reverse=True):
        yield "a zone after an event"


def _of_header(header: list[str]) -> Iterator[str]:
    found = Counter(names(header))
    for name in ("PRODID", "VERSION", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        if found[name] != 1:
            yield f"{name} {found[name]} times"
    if found["UID"]:
        yield "the calendar has a UID"
