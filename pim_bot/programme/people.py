"""People of the programme, what they are in it, and who acts."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pim_bot.programme.preferences import AS_USUAL, Preferences


class RoleName(StrEnum):
    """What a person can be (see ``docs/glossary.md``)."""

    COORDINATOR = "coordinator"
    GUARDIAN = "guardian"
    EXPERT = "expert"
    OFFICIAL = "official"
    MINISTRY = "ministry"


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A dated role of a member in one edition. ``side`` is that of the institution (mfipr, ministry, world_bank)."""

    name: RoleName
    edition: str
    network: str = ""
    city: str = ""
    institution: str = ""
    side: str = ""
    contact: bool = False
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the role is in force on that day; ``until`` is its last day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A person of the programme. ``name`` and ``email`` are personal data.

    ``is_restricted`` tells that the person limited the use of their data: it is kept, and nothing else is done with it.
    """

    id: str
    name: str
    email: str = ""
    language: str = "pl"
    zone: str = "Europe/Warsaw"
    roles: tuple[Role, ...] = ()
    is_restricted: bool = False
    preferences: Preferences = AS_USUAL

    def has_role(self, name: RoleName, day: date, *, network: str = "", city: str = "", side: str = "") -> bool:
        """Tell whether the member holds the role on that day, for that network, city or side where given."""
        return any(
            role.name is name
            and role.holds_on(day)
            and network in ("", role.network)
            and city in ("", role.city)
            and side in ("", role.side)
            for role in self.roles
        )

    def in_edition(self, edition: str) -> "Member":
        """Tell who the member is in one edition; roles of another one give no right there."""
        return replace(self, roles=tuple(role for role in self.roles if role.edition == edition))

    def day_of(self, now: datetime) -> date:
        """Tell which day it is for this person."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def invitees(self, day: date) -> list[str]:
        """Tell for whom the member may answer that day: the teams they belong to, then themselves."""
        teams = [
            f"team:{role.network}/{role.city}"
            for role in self.roles
            if role.name is RoleName.OFFICIAL and role.holds_on(day)
        ]
        return [*teams, f"member:{self.id}"]

    def every_invitee(self) -> list[str]:
        """Tell for whom the member may answer on any day: the teams they ever belong to, then themselves."""
        teams = (f"team:{role.network}/{role.city}" for role in self.roles if role.name is RoleName.OFFICIAL)
        return [*dict.fromkeys(teams), f"member:{self.id}"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who does something, through which door. ``id`` is pseudonymous; the member is None for the hub itself."""

    door: str
    member: Member | None = None

    @property
    def id(self) -> str:
        """The pseudonymous id that events and audit keep."""
        return f"member:{self.member.id}" if self.member else self.door


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """A city's team in a network: the members who are its officials today."""

    network: str
    city: str
    members: tuple[Member, ...] = ()
    contacts: tuple[str, ...] = ()

    @property
    def invitee(self) -> str:
        """The team as an invitation names it."""
        return f"team:{self.network}/{self.city}"


def team_of(invitee: str) -> tuple[str, str] | None:
    """Split ``team:<network>/<city>`` into network and city; None for a person's own invitation."""
    kind, _, rest = invitee.partition(":")
    if kind != "team":
        return None
    network, _, city = rest.partition("/")
    return network, city
