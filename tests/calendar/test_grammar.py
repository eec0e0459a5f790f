"""Our own check of the bytes notices what it is there to notice."""

import pytest

from tests.calendar.grammar import problems
from tests.calendar.samples import FEED

LONG = b"X-LONG:" + b"x" * 80 + b"\r\n"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\n"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\n\r\n"),
        (b"VERSION:2.0\r\n", b""),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\n" + LONG),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nUID:calendar\r\n"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nNAME:twice\r\n"),
        (b"Terminy sieci\\,\\n", b"Terminy sieci\\,\\\r\n n"),
        (b"Terminy sieci\\,\\n", b"Terminy sieci, "),
        (b"Terminy sieci", b"C:\\\\sieci"),
        (b"Terminy sieci", b"Terminy \xc5\r\n \x82sieci"),
        (b"Terminy sieci", b"Terminy\x07 sieci"),
        (b"Terminy sieci", "Terminy\u2028sieci".encode()),
        (b"Terminy sieci", "Terminy sieci z\u0307".encode()),
        (b"UID:moved\r\n", b""),
        (b"UID:moved\r\n", b"UID:visit\r\n"),
        (b"UID:moved\r\n", b"UID:moved\r\nDTSTAMP:20260101T000000Z\r\n"),
        (b"UID:moved\r\n", b"UID:moved\r\nATTENDEE:mailto:a@b.example\r\n"),
        (b"UID:moved\r\n", b"UID:moved\r\nBEGIN:VALARM\r\nEND:VALARM\r\n"),
        (b"TZID:Asia/Tokyo\r\n", b"TZID:Tokyo\r\n"),
    ],
)
def test_a_broken_rule_is_noticed(right: bytes, wrong: bytes) -> None:
    assert right in FEED
    assert problems(FEED.replace(right, wrong, 1)) != []
