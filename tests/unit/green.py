"""A small programme for unit tests: two networks, three cities, and one person of every role."""

from datetime import UTC, date, datetime

from pim_bot.programme.activity import ActivityDraft
from pim_bot.programme.edition import ActivityKind, City, Membership, Network, Scope
from pim_bot.programme.people import Actor, Member, Role, RoleName
from pim_bot.programme.ports import EditionInForce
from tests.fakes import FakeEditions, FakeWork

EDITION = "e1"
NOW = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)
DAY = date(2022, 1, 10)
GREEN, DIGITAL = "zielone", "cyfrowe"

WORKSHOP = ActivityKind(slug="warsztaty", name="Warsztaty", ladder=(7 * 1440, 1440))
ADVICE = ActivityKind(
    slug="doradztwo", name="Doradztwo", scope=Scope.ONE_CITY, invites=("cities", "world_bank"), ladder=(2880, 120)
)
LOCAL = ActivityKind(slug="lokalne", name="Lokalne", scope=Scope.LOCAL, invites=("cities", "world_bank"))
CONFERENCE = ActivityKind(slug="konferencja", name="Konferencja", scope=Scope.ALL_NETWORKS)

DRAFT = ActivityDraft(
    kind="warsztaty",
    title="Woda",
    networks=(GREEN,),
    starts_at=datetime(2022, 1, 20, 9, 0, tzinfo=UTC),
    ends_at=datetime(2022, 1, 20, 14, 0, tzinfo=UTC),
    answer_by=datetime(2022, 1, 17, 15, 0, tzinfo=UTC),
    zone="Europe/Warsaw",
    place="Lublin, Ratusz",
)


def person(member_id: str, name: RoleName | None = None, **role: object) -> Member:
    """A member with at most one role."""
    roles = (Role(name=name, edition=EDITION, **role),) if name else ()  # type: ignore[arg-type]
    return Member(id=member_id, name=f"Osoba {member_id}", email=f"{member_id}@example.org", roles=roles)


COORDINATOR = person("coordinator", RoleName.COORDINATOR)
GUARDIAN = person("guardian", RoleName.GUARDIAN, network=GREEN, side="mfipr")
MINISTRY = person("ministry", RoleName.GUARDIAN, network=GREEN, side="ministry")
EXPERT = person("expert", RoleName.EXPERT, network=GREEN, side="world_bank")
ZORY = person("zory", RoleName.OFFICIAL, network=GREEN, city="zory", contact=True)
ZORY2 = person("zory2", RoleName.OFFICIAL, network=GREEN, city="zory")
LUBLIN = person("lublin", RoleName.OFFICIAL, network=GREEN, city="lublin", contact=True)
NOBODY = person("nobody")
MEMBERS = (COORDINATOR, GUARDIAN, MINISTRY, EXPERT, ZORY, ZORY2, LUBLIN, NOBODY)

HUB = Actor(door="command-line")


def acting(member: Member) -> Actor:
    """A member who acts in chat."""
    return Actor(door="chat", member=member)


def programme(*more: Member) -> FakeWork:
    """The programme with nothing planned yet."""
    editions = FakeEditions(
        edition=EditionInForce(slug=EDITION, name="Edycja", themes=("Smart City",)),
        kinds_by_slug={kind.slug: kind for kind in (WORKSHOP, ADVICE, LOCAL, CONFERENCE)},
        networks_by_slug={
            GREEN: Network(
                slug=GREEN,
                name="Miasto Zielone",
                channel="pim-zielone",
                memberships=(
                    Membership(city="zory"),
                    Membership(city="lublin"),
                    Membership(city="rybnik", until=date(2021, 12, 31)),
                ),
            ),
            DIGITAL: Network(slug=DIGITAL, name="Miasto Cyfrowe", memberships=(Membership(city="gdynia"),)),
        },
        cities_by_slug={slug: City(slug=slug, name=slug.title()) for slug in ("zory", "lublin", "rybnik", "gdynia")},
    )
    return FakeWork(editions, [*MEMBERS, *more])
