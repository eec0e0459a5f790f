"""Working hours: when a message may reach a person, and where a reminder goes that would fall outside them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from pim_bot.programme.people import Member
from pim_bot.programme.preferences import CLOSES, OPENS

LAST_MINUTE = timedelta(minutes=1)


@cache
def polish_holidays(year: int) -> frozenset[date]:
    """Tell the public holidays of Poland in a year (24 December is one since 2025)."""
    return frozenset(holidays.country_holidays("PL", years=year))


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Working days, from 8:00 to 16:00 unless chosen otherwise, in the person's zone; Polish holidays are closed."""

    zone: ZoneInfo
    opens: time = OPENS
    closes: time = CLOSES

    def is_open(self, instant: datetime) -> bool:
        """Tell whether a message may come at that instant."""
        local = instant.astimezone(self.zone)
        return self.is_working_day(local.date()) and self.opens <= local.time() < self.closes

    @staticmethod
    def is_working_day(day: date) -> bool:
        """Tell whether people work on that day."""
        return day.weekday() < 5 and day not in polish_holidays(day.year)  # noqa: PLR2004 - Monday to Friday

    def next_open(self, instant: datetime) -> datetime:
        """Tell the first open moment at or after the instant."""
        if self.is_open(instant):
            return instant
        local = instant.astimezone(self.zone)
        day = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return datetime.combine(day, self.opens, self.zone).astimezone(instant.tzinfo)

    def last_open(self, instant: datetime) -> datetime:
        """Tell the last open moment at or before the instant; a working day's last one is a minute before it closes."""
        if self.is_open(instant):
            return instant
        local = instant.astimezone(self.zone)
        day = local.date() if local.time() >= self.closes else local.date() - timedelta(days=1)
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return (datetime.combine(day, self.closes, self.zone) - LAST_MINUTE).astimezone(instant.tzinfo)

    def end_of_day(self, instant: datetime) -> datetime:
        """Tell the midnight that ends the person's day."""
        local = instant.astimezone(self.zone)
        return datetime.combine(local.date() + timedelta(days=1), time(), self.zone).astimezone(instant.tzinfo)


def hours_of(zone: str) -> OpenHours:
    """Tell the usual working hours in that zone."""
    return OpenHours(ZoneInfo(zone))


def hours_for(member: Member) -> OpenHours:
    """Tell the hours that a person chose for messages, in their zone."""
    return OpenHours(ZoneInfo(member.zone), member.preferences.opens, member.preferences.closes)
