"""A message marked with the edition's reaction: its marker is offered the form, filled in with its very words."""

import pytest

from pim_bot.blocks import ids
from pim_bot.playground.model import Message
from pim_bot.storage.tables.contributions import contribution
from pim_bot.storage.tables.flow import handled_request
from pim_bot.storage.tables.marked import marked_message
from tests.hub import RunningHub
from tests.integration.test_contributions import MEADOWS, PU_GREEN, add, add_message

OFFER = "Czy dodać tę wiadomość do MID albo PU? Nic nie jest jeszcze zapisane."


@pytest.fixture(autouse=True)
async def _met(hub: RunningHub) -> None:
    await hub.meet()


async def marked(hub: RunningHub, who: str, message: Message, reaction: str = "memo") -> None:
    await hub.user(who).react(message, reaction)
    await hub.settle()


async def kept(hub: RunningHub) -> list[tuple[object, ...]]:
    return await hub.rows(contribution, contribution.c.text, contribution.c.source_link)


async def test_the_button_opens_the_filled_form_and_the_message_counts_once_however_it_is_logged(
    hub: RunningHub,
) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    await marked(hub, "ekspert", message)
    assert hub.texts("ekspert")[-1] == f"{OFFER} „{MEADOWS}”"
    assert await hub.rows(marked_message) == []
    offer = hub.user("ekspert").last()
    await hub.user("ekspert").click(offer, ids.CONTRIBUTE_OFFERED)
    await add(hub, "ekspert", PU_GREEN, kind="practice")
    link = f"https://t1.slack.com/archives/CZIELONE/p{message.ts.replace('.', '')}"
    assert await kept(hub) == [(MEADOWS, link)]
    # By the shortcut, by another reaction and by the old button it is there already.
    await add_again(hub, message)
    await marked(hub, "zory", message)
    assert hub.texts("zory")[-1] == "Wiadomość oznaczona reakcją jest już dodana do MID albo PU."
    await hub.user("ekspert").click(offer, ids.CONTRIBUTE_OFFERED)
    view = hub.user("ekspert").modal
    assert view is not None
    assert "Ta wiadomość jest już dodana" in str(view.blocks)
    assert await kept(hub) == [(MEADOWS, link)]


async def add_again(hub: RunningHub, message: Message) -> None:
    await hub.user("zory").shortcut(ids.CONTRIBUTE_SHORTCUT, message)
    view = hub.user("zory").modal
    assert view is not None
    assert "Ta wiadomość jest już dodana" in str(view.blocks)
    await hub.user("zory").close()


async def test_a_reply_in_a_thread_is_read_as_itself(hub: RunningHub) -> None:
    parent = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", "Co z trawnikami?")
    reply = hub.slack.switchboard.write("UZORY", "CZIELONE", MEADOWS, thread_ts=parent.ts)
    hub.slack.switchboard.write("UZORY2", "CZIELONE", "Zgoda.", thread_ts=parent.ts)
    await marked(hub, "ekspert", reply)
    assert hub.texts("ekspert")[-1] == f"{OFFER} „{MEADOWS}”"
    await marked(hub, "ekspert", parent)
    assert hub.texts("ekspert")[-1] == f"{OFFER} „Co z trawnikami?”"


async def test_the_same_person_is_offered_a_message_once(hub: RunningHub) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    await marked(hub, "ekspert", message)
    before = hub.texts("ekspert")
    await marked(hub, "ekspert", message)  # takes it away
    await marked(hub, "ekspert", message)
    assert hub.texts("ekspert") == before


async def test_other_reactions_and_people_who_may_add_nothing_are_left_alone_and_leave_no_trace(
    hub: RunningHub,
) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    hub.slack.workspace.add_user(id="UOBCA", name="obca", real_name="obca", email="obca@example.org")
    hub.slack.workspace.join("UOBCA", "CZIELONE")
    before = {name: hub.texts(name) for name in ("ekspert", "koordynatorka", "obca")}
    requests = await hub.rows(handled_request)
    await marked(hub, "ekspert", message, "tada")
    await marked(hub, "koordynatorka", message)
    await marked(hub, "obca", message)
    assert {name: hub.texts(name) for name in before} == before
    assert await hub.rows(handled_request) == requests


async def test_a_message_that_cannot_be_read_is_told_with_another_way(hub: RunningHub) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    await hub.user("ekspert").react(message, "memo")
    hub.slack.workspace.delete("CZIELONE", message.ts)
    await hub.settle()
    assert hub.texts("ekspert")[-1] == (
        "Nie udało się przeczytać wiadomości oznaczonej reakcją. Prosimy użyć na niej skrótu „Dodaj do MID/PU”."
    )


async def test_a_message_of_a_private_channel_still_needs_its_authors_consent(hub: RunningHub) -> None:
    hub.slack.workspace.add_channel(
        id="GPRYWATNY", name="prywatny", members=["UBOT", "UEKSPERT", "ULUBLIN"], private=True
    )
    message = hub.slack.switchboard.write("ULUBLIN", "GPRYWATNY", MEADOWS)
    await marked(hub, "ekspert", message)
    await hub.user("ekspert").click(hub.user("ekspert").last(), ids.CONTRIBUTE_OFFERED)
    await add(hub, "ekspert", PU_GREEN, kind="practice")
    assert await hub.rows(contribution, contribution.c.consent) == [("asked",)]


async def test_a_file_is_kept_as_a_link_and_the_form_says_what_that_means(hub: RunningHub) -> None:
    message = hub.slack.workspace.post("CZIELONE", user="ULUBLIN", text="Nasza prezentacja")
    message.files.append({"title": "Łąki.pdf", "permalink": "https://t1.slack.com/files/ULUBLIN/F1/laki.pdf"})
    await marked(hub, "ekspert", message)
    expert = hub.user("ekspert")
    await expert.click(expert.last(), ids.CONTRIBUTE_OFFERED)
    await expert.submit(expert.modal, {"Dokument": PU_GREEN, "Rodzaj": "practice"})
    assert expert.modal is not None
    assert "Do wiadomości dołączony jest plik „Łąki.pdf”. Zapiszemy link do niego, a nie sam plik" in str(
        expert.modal.blocks
    )
    assert (await expert.submit(expert.modal, {"Zakres zalecenia": "zmiany-prawne"})).ok
    assert await hub.rows(contribution, contribution.c.link) == [("https://t1.slack.com/files/ULUBLIN/F1/laki.pdf",)]


async def test_a_persons_own_edit_and_deletion_reach_the_contribution(hub: RunningHub) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    await add_message(hub, "zory", message, PU_GREEN, kind="practice")
    await hub.user("lublin").edit(message, "Koszą raz w roku.")
    await hub.settle()
    assert await hub.rows(contribution, contribution.c.newer_text) == [("Koszą raz w roku.",)]
    await hub.user("lublin").remove(message)
    await hub.settle()
    ((gone,),) = await hub.rows(contribution, contribution.c.source_gone_at)
    assert gone is not None
