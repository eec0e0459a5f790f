"""The hub's processes: who is at work, who leads, who died, and who must not be there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pim_bot.bootstrap import CLOCK, WEB, WORKER
from pim_bot.finding import Finding, well, wrong
from pim_bot.process import Process, Sighting

NAME = "procesy"
NAMED = 3
LATE = 1.5
"""A heart that beats comes within so many times its period."""
ROLES = (WEB, WORKER, CLOCK)

Leader = tuple[str, datetime, bool]
"""Who leads, until when, and whether that is still to come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What the processes are judged by: who asks and when, how often a heart beats, and how the hub is to be run.

    On a database of ``one_host`` (SQLite) processes of other hosts must not be there. With ``many`` processes each
    role is one of its own.
    """

    this: Process
    now: datetime
    beat: timedelta
    one_host: bool
    many: bool = False


def look_at_processes(seen: list[Sighting], leader: Leader | None, setting: Setting) -> list[Finding]:
    """Tell how the processes stand."""
    if not seen:
        commands = _commands(ROLES, many=setting.many)
        return [well(NAME, f"żaden teraz nie działa; prosimy uruchomić: {commands}")]
    live = [one for one in seen if one.live]
    dead = [one for one in seen if not one.live]
    covered = {role for one in live for role in one.process.roles}
    missing = [role for role in ROLES if role not in covered]
    found = [_live(one, setting) for one in live]
    missed = [one for one in dead if not covered.issuperset(one.process.roles)]
    replaced = [one for one in dead if one not in missed]
    if missing:
        found.append(
            wrong(
                NAME,
                f"nikt nie pełni roli: {', '.join(missing)}. {_blame(missed)}"
                f"Prosimy uruchomić: {_commands(missing, many=setting.many)}",
            )
        )
    if replaced:
        found.append(well(NAME, f"zakończone nagle, a ich role pełnią inne: {_named(replaced)}"))
    return [*found, _lead(leader, live, setting)] if CLOCK in covered else found


def _live(one: Sighting, setting: Setting) -> Finding:
    name = f"proces {one.process.name}"
    if not setting.one_host or one.process.shares_host_with(setting.this):
        return well(name, ", ".join(_in_order(one.process.roles)) + _silence(one, setting))
    return wrong(
        name,
        f"używa tej bazy SQLite na innej maszynie (ostatni znak życia {_time(one.beat_at)}), a dwie maszyny naraz "
        "by ją zniszczyły, więc tutaj nic nie wystartuje. Prosimy zatrzymać tamten proces albo użyć PostgreSQL.",
    )


def _in_order(roles: Iterable[str]) -> list[str]:
    return sorted(roles, key=lambda role: (ROLES.index(role) if role in ROLES else len(ROLES), role))


def _blame(missed: list[Sighting]) -> str:
    return f"Zakończone nagle: {_named(missed)}; przyczynę powie ich dziennik. " if missed else ""


def _named(dead: list[Sighting]) -> str:
    latest = sorted(dead, key=lambda one: one.beat_at, reverse=True)
    said = [f"{one.process.name} (ostatni znak życia {_time(one.beat_at)})" for one in latest[:NAMED]]
    more = [f"wcześniejszych: {len(latest) - NAMED}"] if len(latest) > NAMED else []
    return ", ".join([*said, *more])


def _silence(one: Sighting, setting: Setting) -> str:
    """Say of a process that is late with a sign of life for how long; it counts as living for two beats more."""
    silence = setting.now - one.beat_at
    late = silence > setting.beat * LATE
    return f" (od {silence.total_seconds():.0f} s bez znaku życia; być może właśnie padł)" if late else ""


def _commands(missing: Sequence[str], *, many: bool) -> str:
    together = len(missing) == len(ROLES) and not many
    return "pim-bot run" if together else ", ".join(f"pim-bot {role}" for role in missing)


def _lead(leader: Leader | None, live: list[Sighting], setting: Setting) -> Finding:
    if leader is None or not leader[2]:
        since = f" od {_time(leader[1])}" if leader else ""
        return wrong(
            "zegar",
            f"nikt go nie prowadzi{since}. Prosimy sprawdzić za chwilę, a potem obejrzeć dzienniki procesów z clock.",
        )
    silence = [_silence(one, setting) for one in live if one.process.name == leader[0]]
    return well("zegar", f"prowadzi {leader[0]}{''.join(silence)}")


def _time(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
