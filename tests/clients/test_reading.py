"""Files that somebody else made are read in a process of its own, within limits, and what it says is checked."""

import subprocess
import sys
from datetime import timedelta

import pytest

from pim_bot.clients.reading import Reading
from pim_bot.errors import Refused
from pim_bot.programme.people_list import HEADINGS, PersonRow
from pim_bot.reports.__main__ import told
from pim_bot.reports.spreadsheets import MOST_BYTES, Sheet, written

ROWS = [
    ("Anna Nowak", "anna@zory.example", "Żory", None, None, None, None),
    ("Kto", "=1+1", "Żory", None, None, None, None),
]
LIST = written([Sheet(name="Osoby", headings=HEADINGS, rows=ROWS)])


async def test_what_is_read_apart_is_what_the_list_says() -> None:
    rows, unread = await Reading().people(LIST)
    assert rows == [PersonRow(number=2, name="Anna Nowak", email="anna@zory.example", city="Żory")]
    assert [(one.number, one.why.reason) for one in unread] == [
        (3, "W wierszu jest formuła. Prosimy wkleić same wartości.")
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "nie jest plik Excela"), (b"PK", "nie jest plik Excela"), (bytes(MOST_BYTES + 1), "za duży")],
)
async def test_what_is_no_list_is_refused_as_in_the_hub_itself(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        await Reading().people(data)


async def test_a_file_that_takes_too_long_is_given_up_and_its_process_killed() -> None:
    with pytest.raises(Refused, match="w rozsądnym czasie"):
        await Reading(longest=timedelta(milliseconds=1)).people(LIST)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its memory")
@pytest.mark.parametrize(("act", "ends"), [("bytearray(1 << 30)", 1), ("exec('while True: pass')", -9)])
def test_the_process_may_not_take_more_than_its_share(act: str, ends: int) -> None:
    code = (
        "import resource, pim_bot.reports.__main__ as apart; apart.MOST_SECONDS = 1; apart.bound(); "
        f"resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {act}"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == ends


def test_a_refusal_keeps_its_facts() -> None:
    assert told(bytes(MOST_BYTES + 1)) == {
        "refused": {"reason": "Plik jest za duży: najwyżej {most} MB.", "facts": {"most": "5"}}
    }
