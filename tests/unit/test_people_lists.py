"""A list of people from the chat: kept as it was shown, saved as it was shown, by whoever brought it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pim_bot.errors import NotAllowed, Refused
from pim_bot.events.catalogue import PeopleListAccepted, PeopleListEnded, PeopleListLeft, PeopleListRead
from pim_bot.programme.dropping import DroppedFile, FileOfMessage, drop_files
from pim_bot.programme.people import Member, RoleName
from pim_bot.programme.people_list import PersonRow
from pim_bot.programme.people_lists import (
    MOST_ROWS,
    ListStatus,
    PeopleList,
    accept_list,
    bring_list,
    end_list,
    leave_list,
    take_list_over,
)
from tests.fakes import FakeWork
from tests.unit.green import COORDINATOR, EXPERT, GUARDIAN, NOW, acting, person, programme

ROW = PersonRow(number=2, name="Nowa osoba", email="nowa@zory.pl", city="Zory")
FILE = FileOfMessage(file_id="F1", name="Osoby.XLSX")
OFFICE = acting(COORDINATOR)


async def brought(on: FakeWork, *rows: PersonRow) -> PeopleList:
    return await bring_list(on, OFFICE, rows or [ROW], [], now=NOW)


async def test_a_file_is_noted_by_the_chats_id_only() -> None:
    on = programme()
    before = on.state()
    dropped = await drop_files(on, OFFICE, [FILE], now=NOW, at=NOW)
    assert dropped == DroppedFile(id=dropped.id, file_id="F1", member_id=COORDINATOR.id, next_at=NOW)
    assert on.state() == before | {
        "dropped_files": {dropped.id: dropped},
        "acts": [("FileDropped", f"member:{COORDINATOR.id}", f"member:{COORDINATOR.id}", NOW)],
    }


@pytest.mark.parametrize(
    ("files", "who"),
    [
        ([], COORDINATOR),
        ([FILE, FILE], COORDINATOR),
        ([replace(FILE, name="plan.ics")], COORDINATOR),
        ([FILE], GUARDIAN),
        ([FILE], EXPERT),
        ([replace(FILE, name="")], EXPERT),
    ],
)
async def test_a_file_that_nobody_will_read_leaves_nothing(files: list[FileOfMessage], who: Member) -> None:
    on = programme()
    before = on.state()
    with pytest.raises(Refused):
        await drop_files(on, acting(who), files, now=NOW, at=NOW)
    assert on.state() == before


async def test_what_a_list_would_do_is_kept_and_told() -> None:
    on = programme()
    before = on.state()
    one = await brought(on)
    assert (one.new, one.changed, one.same, one.status, one.waits) == (1, 0, 0, ListStatus.SHOWN, True)
    told = (PeopleListRead(list_id=one.id, revision=1), f"member:{COORDINATOR.id}", NOW)
    assert on.state() == before | {"people_lists": {one.id: one}, "recorded": [*before["recorded"], told]}


async def test_whoever_asked_to_be_forgotten_is_left_out_and_counted() -> None:
    on = programme()
    on.forgotten.emails = {ROW.email}
    one = await brought(on, ROW, replace(ROW, number=3, email="inna@zory.pl"))
    assert [step.row.email for step in one.plan.steps] == ["inna@zory.pl"]
    assert one.forgotten == 1


async def test_a_list_without_end_is_left_to_the_command_line() -> None:
    on = programme()
    before = on.state()
    with pytest.raises(Refused, match="na części"):
        await brought(on, *[ROW] * (MOST_ROWS + 1))
    assert on.state() == before


async def test_accepted_twice_is_accepted_once_and_then_neither_left_nor_ended() -> None:
    on = programme()
    one = await brought(on)
    accepted = await accept_list(on, OFFICE, one.id, revision=1, now=NOW)
    assert accepted == replace(one, status=ListStatus.ACCEPTED)
    assert on.recorded[-1][0] == PeopleListAccepted(list_id=one.id, revision=1)
    after = on.state()
    assert await accept_list(on, OFFICE, one.id, revision=1, now=NOW) == accepted
    with pytest.raises(Refused, match="nieaktualny"):
        await leave_list(on, OFFICE, one.id, revision=1, now=NOW)
    assert on.state() == after


async def test_left_or_past_its_hour_nothing_of_it_is_kept() -> None:
    on = programme()
    left, late = await brought(on), await brought(on)
    await leave_list(on, OFFICE, left.id, revision=1, now=NOW)
    await leave_list(on, OFFICE, left.id, revision=1, now=NOW)
    await end_list(on, OFFICE, late.id, now=NOW + timedelta(hours=1))
    await end_list(on, OFFICE, left.id, now=NOW + timedelta(hours=1))
    assert [(one.status, one.plan.steps) for one in on.people_lists.by_id.values()] == [("left", ()), ("ended", ())]
    events = [event for event, _, _ in on.recorded if not isinstance(event, PeopleListRead)]
    assert events == [PeopleListLeft(list_id=left.id, revision=1), PeopleListEnded(list_id=late.id, revision=1)]
    with pytest.raises(Refused, match="nieaktualny"):
        await accept_list(on, OFFICE, late.id, revision=1, now=NOW)


async def test_only_whoever_brought_it_decides_and_only_about_what_is_shown() -> None:
    on = programme()
    one = await brought(on)
    for other in (GUARDIAN, person("second-coordinator", RoleName.COORDINATOR)):
        with pytest.raises(NotAllowed):
            await accept_list(on, acting(other), one.id, revision=1, now=NOW)
    await on.people_lists.save(replace(one, revision=2))
    with pytest.raises(Refused, match="coś się zmieniło"):
        await accept_list(on, OFFICE, one.id, revision=1, now=NOW)


async def test_whoever_is_no_coordinator_any_more_saves_nothing() -> None:
    on = programme()
    one = await brought(on)
    await accept_list(on, OFFICE, one.id, revision=1, now=NOW)
    people = dict(on.people.by_id)
    former = acting(replace(COORDINATOR, roles=()))
    ended = await take_list_over(on, former, one.id, now=NOW)
    assert ended is not None
    assert ended.status is ListStatus.ENDED
    assert on.people.by_id == people
