"""Somebody whom no list names writes to the bot, says who they are, and is let in with one press."""

from pim_bot.blocks import ids
from pim_bot.storage.tables.newcomers import introduction
from pim_bot.storage.tables.people import member, recipient
from tests.engines import Engines
from tests.hub import RunningHub, running_hub

TYPED = {"Imię i nazwisko": "Anna Nowa", "Miasto albo instytucja": "Żory", "Adres e-mail": "anna@zory.example.org"}


async def introduced(hub: RunningHub) -> None:
    """A guest whose account has another e-mail than the office's writes, and fills in the form."""
    hub.slack.workspace.add_user(id="UGOSC", name="gosc", real_name="gosc", email="prywatny@example.com")
    guest = hub.user("gosc")
    await guest.say("Dzień dobry")
    await hub.settle()
    assert hub.texts("gosc")[-1].startswith("Nie ma Państwa jeszcze na liście osób programu.")
    await guest.click(guest.last(), ids.INTRODUCE)
    assert (await guest.submit(guest.modal, TYPED)).errors_by_label == {}
    await hub.settle()


async def test_whoever_is_new_is_confirmed_greeted_and_handed_over(hub: RunningHub) -> None:
    await hub.meet()
    await introduced(hub)
    guardian, guest = hub.user("opiekunka"), hub.user("gosc")
    assert guardian.last().text.startswith("Do bota pisze nowa osoba: Anna Nowa, Żory, anna@zory.example.org.")
    assert "<@UGOSC>" in str(guardian.last().blocks)
    assert not any("Anna Nowa" in text for name in ("koordynatorka", "zory", "ekspert") for text in hub.texts(name))
    await guardian.click(guardian.last(), ids.CONFIRM_PERSON)
    await hub.settle()
    assert ids.CONFIRM_PERSON not in str(guardian.last().blocks)
    assert "Potwierdzenie: Opiekunka sieci (przykład), 10 stycznia 2022" in guardian.last().text
    said = "\n".join(hub.texts("gosc"))
    assert "Dzień dobry, Anna Nowa." in said
    assert "Na dobry początek: Żory" in said
    assert (await guest.command("/pim", "zespół")).text.splitlines()[0] == "Zespół: Żory"
    (member_id,) = [one for one, name in await hub.rows(member, member.c.id, member.c.name) if name == "Anna Nowa"]
    assert (f"slack:member:{member_id}", "UGOSC") in await hub.rows(recipient, recipient.c.id, recipient.c.address)


async def test_whoever_is_declined_hears_it_and_may_try_again(hub: RunningHub) -> None:
    await hub.meet()
    await introduced(hub)
    guardian, guest = hub.user("opiekunka"), hub.user("gosc")
    await guardian.click(guardian.last(), ids.DECLINE_PERSON)
    await hub.settle()
    assert "Odmowa: Opiekunka sieci (przykład)" in guardian.last().text
    assert hub.texts("gosc")[-1].startswith("Nie udało się potwierdzić Państwa zgłoszenia.")
    await guest.click(guest.last(), ids.INTRODUCE)
    assert (await guest.submit(guest.modal, TYPED)).ok
    assert [row[0] for row in await hub.rows(introduction, introduction.c.revision)] == [2]
    answer = await guest.command("/pim", "terminy")
    assert answer.text.startswith("Nie ma Państwa jeszcze na liście osób programu.")
    assert ids.INTRODUCE in str(answer.blocks)


async def test_a_member_has_nothing_to_introduce(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        await hub.meet("zory")
        await introduced(hub)
        zory, guest = hub.user("zory"), hub.user("gosc")
        before = await hub.rows(introduction)
        await zory.click(guest.last(), ids.INTRODUCE)
        await hub.settle()
        assert hub.texts("zory")[-1].startswith("To konto jest już rozpoznane")
        assert await hub.rows(introduction) == before
