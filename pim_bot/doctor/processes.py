"""The hub's processes: who is at work, who leads, who died, and who must not be there."""

from collections.abc import Iterable
from datetime import datetime

from pim_bot.bootstrap import CLOCK, WEB, WORKER
from pim_bot.finding import Finding, well, wrong
from pim_bot.process import Process, Sighting

NAME = "procesy"
NAMED = 3
ROLES = (WEB, WORKER, CLOCK)

Leader = tuple[str, datetime, bool]
"""Who leads, until when, and whether that is still to come."""


def look_at_processes(seen: list[Sighting], leader: Leader | None, *, this: Process, one_host: bool) -> list[Finding]:
    """Tell how the processes stand. On a database of ``one_host`` (SQLite) those of other hosts must not be there."""
    if not seen:
        return [well(NAME, "żaden teraz nie działa; uruchamia je: pim-bot run")]
    live = [one for one in seen if one.live]
    dead = [one for one in seen if not one.live]
    covered = {role for one in live for role in one.process.roles}
    missing = [role for role in ROLES if role not in covered]
    found = [_live(one, welcome=not one_host or one.process.shares_host_with(this)) for one in live]
    missed = [one for one in dead if not covered.issuperset(one.process.roles)]
    replaced = [one for one in dead if one not in missed]
    if missing:
        found.append(wrong(NAME, f"nikt nie pełni roli: {', '.join(missing)}. {_blame(missed)}{_start(missing)}"))
    if replaced:
        found.append(well(NAME, f"zakończone nagle, a ich role pełnią inne: {_named(replaced)}"))
    return [*found, _lead(leader)] if CLOCK in covered else found


def _live(one: Sighting, *, welcome: bool) -> Finding:
    name = f"proces {one.process.name}"
    if welcome:
        return well(name, ", ".join(_in_order(one.process.roles)))
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


def _start(missing: list[str]) -> str:
    commands = ["pim-bot run"] if len(missing) == len(ROLES) else [f"pim-bot {role}" for role in missing]
    return f"Prosimy uruchomić: {', '.join(commands)}"


def _lead(leader: Leader | None) -> Finding:
    if leader is None or not leader[2]:
        since = f" od {_time(leader[1])}" if leader else ""
        return wrong(
            "zegar",
            f"nikt go nie prowadzi{since}. Prosimy sprawdzić za chwilę, a potem obejrzeć dzienniki procesów z clock.",
        )
    return well("zegar", f"prowadzi {leader[0]}")


def _time(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
