"""Who may read a contribution: the whole table of circle and person, and what consent changes in it."""

from dataclasses import replace

import pytest

from pim_bot.programme.circles import may_know_of, may_read
from pim_bot.programme.contribution import Circle, Consent, Contribution, ContributionType
from pim_bot.programme.document import mid_of, pu_of
from pim_bot.programme.people import Member, RoleName
from tests.unit.green import (
    COORDINATOR,
    DAY,
    DIGITAL,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    LUBLIN,
    MINISTRY,
    NOBODY,
    NOW,
    ZORY,
    ZORY2,
    person,
)

OTHER_EXPERT = person("other-expert", RoleName.EXPERT, network=DIGITAL, side="world_bank")
PEOPLE = (COORDINATOR, GUARDIAN, MINISTRY, EXPERT, ZORY, ZORY2, LUBLIN, NOBODY, OTHER_EXPERT)
EVERYBODY = {one.id for one in PEOPLE} - {"nobody"}
IN_CITY = {"expert", "zory", "zory2"}
OF_NETWORK = EVERYBODY - {"other-expert"}

MID = Contribution(
    id="c1",
    document=mid_of(EDITION, GREEN, "zory"),
    part="dzialania",
    type=ContributionType.IDEA,
    text="Łąki",
    circle=Circle.CITY,
    author="",
    logged_by="import",
    logged_at=NOW,
)
PU = replace(MID, document=pu_of(EDITION, GREEN), circle=Circle.NETWORK)


def readers(contribution: Contribution) -> set[str]:
    return {one.id for one in PEOPLE if may_read(one, contribution, DAY)}


def knowing(contribution: Contribution) -> set[str]:
    return {one.id for one in PEOPLE if may_know_of(one, contribution, DAY)}


@pytest.mark.parametrize(
    ("contribution", "read", "known"),
    [
        (MID, IN_CITY, IN_CITY | {"coordinator"}),
        (PU, OF_NETWORK, OF_NETWORK),
        (replace(MID, circle=Circle.NETWORK), OF_NETWORK, OF_NETWORK),
        (replace(MID, circle=Circle.PROGRAMME), EVERYBODY, EVERYBODY),
        (
            replace(PU, circle=Circle.CITY, cities=("lublin",)),
            {"expert", "lublin"},
            {"expert", "lublin", "coordinator"},
        ),
        (replace(PU, circle=Circle.CITY), set(), {"coordinator"}),
        (replace(MID, consent=Consent.GIVEN), IN_CITY, IN_CITY | {"coordinator"}),
        (replace(PU, consent=Consent.ASKED), set(), set()),
        (replace(PU, consent=Consent.REFUSED), set(), set()),
        (replace(PU, consent=Consent.ASKED, author="zory", logged_by="member:lublin"), {"zory", "lublin"}, None),
        (replace(MID, author="ministry", people=("guardian",)), IN_CITY | {"ministry"}, None),
    ],
)
def test_who_reads_and_who_knows_of_what(contribution: Contribution, read: set[str], known: set[str] | None) -> None:
    assert readers(contribution) == read
    assert knowing(contribution) == (known if known is not None else read | (knowing(contribution) & {"coordinator"}))


def test_a_role_that_ended_reads_nothing_any_more() -> None:
    left = Member(id="left", name="Osoba", roles=tuple(replace(role, until=DAY.replace(day=9)) for role in ZORY.roles))
    assert [may_read(left, one, DAY) for one in (MID, PU)] == [False, False]


def test_a_role_in_another_edition_reads_nothing() -> None:
    elsewhere = Member(id="before", name="Osoba", roles=tuple(replace(role, edition="e0") for role in ZORY.roles))
    assert [may_read(elsewhere, one, DAY) for one in (MID, PU)] == [False, False]
