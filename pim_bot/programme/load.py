"""Whether an expert can serve as many days as they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pim_bot.programme.assignment import ExpertAssignment

FRIDAY = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """The days that one person is asked for in a period, and the working days that there are in it."""

    asked: int
    available: int
    since: date
    until: date

    @property
    def is_too_much(self) -> bool:
        """Tell whether more is asked than there is."""
        return self.asked > self.available


def load_of(wanted: ExpertAssignment, others: Sequence[ExpertAssignment]) -> Load:
    """Add up what the person is asked for in the period of ``wanted`` and in all that overlap it."""
    mine = [
        one
        for one in others
        if one.is_open
        and one.id != wanted.id
        and one.member_id == wanted.member_id
        and one.since <= wanted.until
        and wanted.since <= one.until
    ]
    since = min([wanted.since, *(one.since for one in mine)])
    until = max([wanted.until, *(one.until for one in mine)])
    asked = wanted.days + sum(one.days for one in mine)
    return Load(asked=asked, available=weekdays(since, until), since=since, until=until)


def weekdays(since: date, until: date) -> int:
    """Count Mondays to Fridays, both ends included."""
    whole, rest = divmod((until - since).days + 1, 7)
    return 5 * whole + sum((since + timedelta(days=number)).weekday() <= FRIDAY for number in range(rest))
