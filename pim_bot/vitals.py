"""What tells whether the hub is well: the numbers that are looked at, and the rules by which they are judged.

*Wrong* means that people do not get what they should, now; *attention* that somebody has to look at something while the
rest goes on. Why which is which: ``docs/decisions/0010-what-makes-readyz-red.md``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pim_bot.process import Sighting

Waited = Callable[[datetime], timedelta]
"""Tells how long something has waited since an instant of programme time."""

FRESH = timedelta(hours=1)
REMEMBERED = timedelta(days=7)
MANY = 5
"""So many recipients who were not reached within an hour are no fault of theirs."""
NAMED = 3
MEGABYTE = 1024 * 1024
LOW = 5
"""Free disk below so many times the least that is needed is worth a look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vitals:
    """What the database tells of the whole hub, read at one instant.

    ``machine_now`` is the time by which leases are judged: the database's own on PostgreSQL. ``dead`` are messages of
    the last seven days that will not be tried again, by kind; ``freshly_dead`` counts the recipients of the last hour.
    ``digests`` tells whether a weekly digest is planned for anybody, ``missed_runs`` names what should have fallen due.
    """

    machine_now: datetime
    oldest_waiting: datetime | None = None
    dead: Mapping[str, int] = field(default_factory=dict)
    freshly_dead: int = 0
    parked: int = 0
    edition: str = ""
    digests: bool = False
    pauses: Mapping[str, datetime] = field(default_factory=dict)
    missed_runs: tuple[str, ...] = ()
    leader: tuple[str, datetime, bool] | None = None
    processes: tuple[Sighting, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One connection of Socket Mode: whether it is open, and when it was heard last (machine time)."""

    is_open: bool
    heard_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What one process knows of itself at ``now`` (machine time); None and empty mean that it has nothing to tell.

    ``ahead`` is how far its clock is ahead of the chat's. ``free`` is the free space, in bytes, by folder; a folder
    that could not be looked at has None.
    """

    now: datetime
    beat_at: datetime | None = None
    ahead: timedelta | None = None
    free: Mapping[str, int | None] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    broker_away_since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """From where on something is ill."""

    waiting: timedelta = timedelta(minutes=15)
    silence: timedelta = timedelta(seconds=15)
    skew: timedelta = timedelta(seconds=60)
    deaf: timedelta = timedelta(seconds=20)
    least_disk: int = 100 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong and what needs somebody's attention, each by name with a sentence."""

    wrong: dict[str, str] = field(default_factory=dict)
    attention: dict[str, str] = field(default_factory=dict)

    def __or__(self, other: "Verdict") -> "Verdict":
        """Join two verdicts."""
        return Verdict(self.wrong | other.wrong, self.attention | other.attention)


def judge_hub(vitals: Vitals, waited: Waited, *, now: datetime, limits: Limits) -> Verdict:
    """Judge what the database tells; ``now`` is this process's machine time."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(vitals.dead.items()))
    dead = f"messages of the last 7 days that reached nobody: {kinds}; see `pim-bot deliveries`" if kinds else ""
    many = vitals.freshly_dead >= MANY
    wrong = {
        "backlog": _backlog(vitals, waited, limits),
        "missed-runs": _missed_runs(vitals),
        "pause": _pause(vitals),
        "dead-letters": f"{vitals.freshly_dead} recipients within an hour; {dead}" if many else "",
        "clock-skew": _skew(now - vitals.machine_now, "the database's", limits),
    }
    attention = {
        "dead-letters": "" if many else dead,
        "reactions": f"{vitals.parked} parked: see `pim-bot parked`" if vitals.parked else "",
        "clock": _clock(vitals),
        "digest": "nobody gets the weekly digest: the programme names no coordinator and no guardian"
        if vitals.edition and not vitals.digests
        else "",
    }
    return Verdict(_said(wrong), _said(attention))


def judge_process(signs: Signs, *, limits: Limits) -> Verdict:
    """Judge what a process knows of itself."""
    silent = [one for one in signs.links if signs.now - one.heard_at > limits.deaf]
    unheard = [one for one in signs.links if not one.is_open or one in silent]
    wrong = {
        "heartbeat": _heartbeat(signs, limits),
        "clock-skew": _skew(signs.ahead, "Slack's", limits) if signs.ahead is not None else "",
        "sockets": _deafness(signs) if signs.links and len(silent) == len(signs.links) else "",
        "disk": _disk(signs, limits.least_disk),
    }
    attention = {
        "sockets": f"{len(unheard)} of {len(signs.links)} Socket Mode connections not heard" if unheard else "",
        "disk": _disk(signs, limits.least_disk * LOW),
        "broker": f"away since {_time(signs.broker_away_since)}; messages come up to a polling period later"
        if signs.broker_away_since
        else "",
    }
    said = _said(wrong)
    return Verdict(said, {name: text for name, text in _said(attention).items() if name not in said})


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _backlog(vitals: Vitals, waited: Waited, limits: Limits) -> str:
    wait = waited(vitals.oldest_waiting) if vitals.oldest_waiting else timedelta()
    return f"the oldest message has waited {wait / timedelta(minutes=1):.0f} minutes" if wait > limits.waiting else ""


def _missed_runs(vitals: Vitals) -> str:
    runs = vitals.missed_runs
    more = f" and {len(runs) - NAMED} more" if len(runs) > NAMED else ""
    return f"did not run: {', '.join(runs[:NAMED])}{more}" if runs else ""


def _pause(vitals: Vitals) -> str:
    return ", ".join(f"nothing is sent since {_time(since)}: {why}" for why, since in sorted(vitals.pauses.items()))


def _clock(vitals: Vitals) -> str:
    if vitals.leader is None or vitals.leader[2]:
        return "" if vitals.leader else "no clock has ever led: start `pim-bot clock`"
    return f"no clock leads since {_time(vitals.leader[1])}: start `pim-bot clock`"


def _skew(ahead: timedelta, whose: str, limits: Limits) -> str:
    if abs(ahead) <= limits.skew:
        return ""
    side = "ahead of" if ahead > timedelta() else "behind"
    return f"this machine's clock is {abs(ahead).total_seconds():.0f} s {side} {whose}: set it by NTP"


def _heartbeat(signs: Signs, limits: Limits) -> str:
    silence = signs.now - signs.beat_at if signs.beat_at else timedelta()
    if silence <= limits.silence:
        return ""
    return f"this process could write nothing for {silence.total_seconds():.0f} s: is the disk full, the database held?"


def _deafness(signs: Signs) -> str:
    heard = max(one.heard_at for one in signs.links)
    silence = (signs.now - heard).total_seconds()
    return f"no Socket Mode connection is heard, the last one {silence:.0f} s ago: Slack's requests do not come in"


def _disk(signs: Signs, least: int) -> str:
    full = [
        f"{folder}: {'cannot be looked at' if free is None else f'{free // MEGABYTE} MB free'}"
        for folder, free in sorted(signs.free.items())
        if free is None or free < least
    ]
    return ", ".join(full)


def _time(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
