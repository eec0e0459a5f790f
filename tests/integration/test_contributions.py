"""A message or a line becomes a credited contribution to a MID or a PU, and everybody concerned hears of it."""

from typing import Any

import pytest

from pim_bot.blocks import ids
from pim_bot.notifications.subjects import titles_of
from pim_bot.playground.model import Message
from pim_bot.playground.outcome import Outcome
from pim_bot.storage.tables.contributions import contribution
from tests.hub import RunningHub

EDITION = "pim2-2021-2023"
MID_ZORY = f"MID/{EDITION}/miasto-zielone/zory"
PU_GREEN = f"PU/{EDITION}/miasto-zielone"
MEADOWS = "W Lublinie łąki kwietne koszą dwa razy w roku."
FOR_MID = "Prosimy o decyzję: przyjąć albo zwrócić z powodem."


async def add(
    hub: RunningHub, who: str, document: str, text: str | None = None, *, kind: str = "idea", **more: Any
) -> Outcome:
    """Go through both steps of the form that stands open; what is not named stays as it was filled in."""
    person = hub.user(who)
    first = await person.submit(person.modal, {"Dokument": document, "Rodzaj": kind})
    assert (first.errors_by_label, first.withheld) == ({}, {})
    part = {"Część MID": "dzialania"} if document.startswith("MID") else {"Zakres zalecenia": "zmiany-prawne"}
    second = await person.submit(person.modal, part | ({"Treść": text} if text else {}) | more)
    await hub.settle()
    return second


async def add_by_command(hub: RunningHub, who: str, document: str, text: str, **more: Any) -> Outcome:
    await hub.user(who).command("/pim", f"dodaj {text}")
    return await add(hub, who, document, **more)


async def add_message(hub: RunningHub, who: str, message: Message, document: str, **more: Any) -> Outcome:
    await hub.user(who).shortcut(ids.CONTRIBUTE_SHORTCUT, message)
    return await add(hub, who, document, **more)


def shown(hub: RunningHub, who: str) -> str:
    """All that stands on the screen before somebody."""
    view = hub.user(who).modal
    assert view is not None
    return str(view.blocks)


async def kept(hub: RunningHub, *names: str) -> list[tuple[Any, ...]]:
    return await hub.rows(contribution, *(contribution.c[name] for name in names))


@pytest.fixture(autouse=True)
async def _met(hub: RunningHub) -> None:
    await hub.meet()


async def test_an_experts_line_becomes_a_contribution_the_city_accepts_it_and_the_expert_hears(
    hub: RunningHub,
) -> None:
    await add_by_command(hub, "ekspert", MID_ZORY, MEADOWS)
    asked = (
        "Nowy wkład. MID: Żory (Miasto Zielone). Część: Propozycje konkretnych działań i rozwiązań. "
        f"„{MEADOWS}” {FOR_MID}"
    )
    assert [hub.texts(name)[-1] for name in ("zory", "zory2")] == [asked, asked]
    thanked = "Dziękujemy za wkład. MID: Żory (Miasto Zielone). Czeka na decyzję."
    assert hub.texts("ekspert")[-1] == thanked
    await hub.user("zory2").click(hub.user("zory2").last(), ids.ACCEPT_CONTRIBUTION)
    await hub.settle()
    outcome = "Przyjęte: Zieleń, Żory (przykład), 10 stycznia 2022."
    assert [hub.texts(name)[-1] for name in ("zory", "zory2")] == [asked.replace(FOR_MID, outcome)] * 2
    assert "contribution.accept" not in str(hub.user("zory").last().blocks)
    assert hub.texts("ekspert")[-2:] == [
        thanked.replace("Czeka na decyzję.", outcome),
        f"Decyzja o wkładzie. MID: Żory (Miasto Zielone). {outcome}",
    ]
    assert await kept(hub, "status", "circle", "source", "text", "revision") == [
        ("accepted", "city", "form", MEADOWS, 2)
    ]
    assert not any("łąki" in text for name in ("ministerstwo", "koordynatorka", "lublin") for text in hub.texts(name))


async def test_the_form_says_before_saving_who_will_read_it(hub: RunningHub) -> None:
    await hub.user("ekspert").command("/pim", f"wkład {MEADOWS}")
    await hub.user("ekspert").submit(hub.user("ekspert").modal, {"Dokument": MID_ZORY, "Rodzaj": "idea"})
    assert "Kto to przeczyta: zespół (Żory) oraz ekspertki i eksperci Banku Światowego." in shown(hub, "ekspert")
    await hub.user("ministerstwo").command("/pim", "contribute")
    await hub.user("ministerstwo").submit(hub.user("ministerstwo").modal, {"Dokument": PU_GREEN, "Rodzaj": "comment"})
    assert "wszystkie osoby sieci Miasto Zielone" in shown(hub, "ministerstwo")
    assert "Uzasadnienie" not in shown(hub, "ministerstwo")


async def test_a_recommendation_has_an_addressee_and_a_justification(hub: RunningHub) -> None:
    facts = {"Adresat": "MKiŚ", "Uzasadnienie": "Dziś nie wolno.", "Miasto": ["lublin"]}
    saved = await add_by_command(hub, "zory", PU_GREEN, "Uprościć prawo wodne.", kind="recommendation", **facts)
    assert (saved.errors_by_label, saved.withheld) == ({}, {})
    assert await kept(hub, "document", "city", "part", "type", "addressee", "justification", "cities", "circle") == [
        ("PU", "", "zmiany-prawne", "recommendation", "MKiŚ", "Dziś nie wolno.", ["lublin"], "network")
    ]
    assert hub.texts("ekspert")[-1].startswith("Nowy wkład. PU: Miasto Zielone.")


async def test_what_the_owner_adds_is_taken_in_at_once_and_nobody_is_asked(hub: RunningHub) -> None:
    before = hub.texts("zory2")
    await add_by_command(hub, "zory", MID_ZORY, MEADOWS)
    assert await kept(hub, "status") == [("accepted",)]
    assert hub.texts("zory2") == before
    assert hub.texts("zory")[-1] == (
        "Dziękujemy za wkład. MID: Żory (Miasto Zielone). Przyjęte: Rozwój, Żory (przykład), 10 stycznia 2022."
    )


async def test_a_public_message_counts_once_and_the_second_person_sees_what_is_there(hub: RunningHub) -> None:
    text = "Zobacz <https://a.pl|łąki> &amp; deszcz"
    message = hub.slack.workspace.post("CZIELONE", user="ULUBLIN", text=text)
    await add_message(hub, "ekspert", message, PU_GREEN, kind="practice")
    await hub.user("zory").shortcut(ids.CONTRIBUTE_SHORTCUT, message)
    assert "Ta wiadomość jest już dodana do dokumentu PU: Miasto Zielone." in shown(hub, "zory")
    (row,) = await kept(hub, "text", "source_key", "source_link", "consent", "source")
    assert row == (
        "Zobacz łąki (https://a.pl) & deszcz",
        f"slack:T1/CZIELONE/{message.ts}",
        f"https://t1.slack.com/archives/CZIELONE/p{message.ts.replace('.', '')}",
        "not-needed",
        "message",
    )
    assert hub.texts("lublin")[-1].startswith("Thank you for the contribution. PU: Miasto Zielone.")


async def test_two_who_add_the_same_message_at_once_add_it_once(hub: RunningHub) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    for who in ("zory", "ekspert"):
        await hub.user(who).shortcut(ids.CONTRIBUTE_SHORTCUT, message)
        await hub.user(who).submit(hub.user(who).modal, {"Dokument": PU_GREEN, "Rodzaj": "practice"})
    for who in ("zory", "ekspert"):
        await hub.user(who).submit(hub.user(who).modal, {"Zakres zalecenia": "dobre-praktyki"})
    assert "Dodane do dokumentu PU" in shown(hub, "zory")
    assert "Ta wiadomość jest już dodana do dokumentu PU" in shown(hub, "ekspert")
    assert len(await kept(hub, "id")) == 1


async def test_a_reply_in_a_thread_is_read_as_itself(hub: RunningHub) -> None:
    parent = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", "Kto robił łąki?")
    reply = hub.slack.switchboard.write("UZORY", "CZIELONE", MEADOWS, thread_ts=parent.ts)
    await add_message(hub, "ekspert", reply, PU_GREEN, kind="practice")
    (row,) = await kept(hub, "text", "source_key", "source_link")
    assert row == (
        MEADOWS,
        f"slack:T1/CZIELONE/{reply.ts}",
        f"https://t1.slack.com/archives/CZIELONE/p{reply.ts.replace('.', '')}?thread_ts={parent.ts}&cid=CZIELONE",
    )


async def _private(hub: RunningHub) -> Message:
    """Somebody's message in a private channel."""
    hub.slack.workspace.add_channel(id="CPRIV", name="privategroup", private=True, members=["UZORY", "UEKSPERT"])
    return hub.slack.switchboard.write("UZORY", "CPRIV", MEADOWS)


async def test_a_private_message_reaches_nobody_before_its_author_agrees(hub: RunningHub) -> None:
    before = {name: hub.texts(name) for name in ("lublin", "ministerstwo", "opiekunka", "zory2")}
    await add_message(hub, "ekspert", await _private(hub), PU_GREEN, kind="practice")
    ask = hub.texts("zory")[-1]
    assert ask.startswith("Ekspert zieleni (przykład): prośba o zgodę na dodanie Państwa wiadomości.")
    assert {name: hub.texts(name) for name in before} == before
    assert await kept(hub, "status", "consent") == [("proposed", "asked")]
    await hub.user("zory").click(hub.user("zory").last(), ids.AGREE_TO_CONTRIBUTION)
    await hub.settle()
    assert await kept(hub, "status", "consent") == [("proposed", "given")]
    assert "Zgoda: tak." in hub.texts("zory")[-2]
    assert hub.texts("zory")[-1].startswith("Dziękujemy za wkład.")
    assert MEADOWS in hub.texts("ekspert")[-2] or MEADOWS in hub.texts("ekspert")[-1]


async def test_without_consent_the_words_are_deleted_and_whoever_put_it_in_is_told(hub: RunningHub) -> None:
    await add_message(hub, "ekspert", await _private(hub), PU_GREEN, kind="practice")
    await hub.user("zory").click(hub.user("zory").last(), ids.REFUSE_CONTRIBUTION)
    await hub.settle()
    assert await kept(hub, "status", "consent", "text") == [("withdrawn", "refused", "")]
    assert hub.texts("ekspert")[-1] == (
        "Decyzja o wkładzie. PU: Miasto Zielone. Bez zgody osoby, która to napisała. Treść została usunięta."
    )


async def test_ones_own_private_message_needs_no_consent(hub: RunningHub) -> None:
    message = hub.slack.switchboard.write("UEKSPERT", hub.user("ekspert").dm, MEADOWS)
    await add_message(hub, "ekspert", message, MID_ZORY)
    assert await kept(hub, "status", "consent") == [("proposed", "not-needed")]


async def test_a_private_message_of_somebody_unknown_is_refused_in_words(hub: RunningHub) -> None:
    hub.slack.workspace.add_user(id="UOBCA", name="obca", real_name="obca", email="obca@example.org")
    hub.slack.workspace.add_channel(id="CPRIV", name="privategroup", private=True, members=["UOBCA", "UEKSPERT"])
    message = hub.slack.switchboard.write("UOBCA", "CPRIV", MEADOWS)
    refused = await add_message(hub, "ekspert", message, PU_GREEN)
    assert "nie możemy zapytać o zgodę" in str(refused.errors_by_label)
    assert await kept(hub, "id") == []


async def test_returned_with_a_reason_that_those_who_made_it_read(hub: RunningHub) -> None:
    await add_by_command(hub, "ekspert", MID_ZORY, MEADOWS)
    zory = hub.user("zory")
    await zory.click(zory.last(), ids.RETURN_CONTRIBUTION)
    missing = await zory.submit(zory.modal, {"Powód": "\u200b"})
    assert missing.errors_by_label == {
        "Powód": "Prosimy napisać, dlaczego wkład wraca: autorka lub autor to przeczyta."
    }
    await zory.submit(zory.modal, {"Powód": "Mamy to już w harmonogramie."})
    await hub.settle()
    assert hub.texts("ekspert")[-1] == (
        "Decyzja o wkładzie. MID: Żory (Miasto Zielone). Zwrócone: Rozwój, Żory (przykład), 10 stycznia 2022. "
        "Powód: Mamy to już w harmonogramie."
    )


async def test_several_are_decided_at_once(hub: RunningHub) -> None:
    for text in ("Pierwszy", "Drugi", "Trzeci"):
        await add_by_command(hub, "ekspert", MID_ZORY, text)
    zory = hub.user("zory")
    await zory.click(zory.last(), ids.SHOW_WAITING)
    rows = {text: one for one, text in await kept(hub, "id", "text")}
    await zory.submit(zory.modal, {"chosen": {ids.VALUE: [rows["Pierwszy"], rows["Trzeci"]]}})
    await hub.settle()
    assert sorted(await kept(hub, "text", "status")) == [
        ("Drugi", "proposed"),
        ("Pierwszy", "accepted"),
        ("Trzeci", "accepted"),
    ]


async def test_its_author_withdraws_it_before_it_is_accepted_and_the_words_go(hub: RunningHub) -> None:
    await add_by_command(hub, "ekspert", MID_ZORY, MEADOWS)
    expert, zory = hub.user("ekspert"), hub.user("zory")
    await expert.click(expert.last(), ids.WITHDRAW_CONTRIBUTION)
    await hub.settle()
    assert await kept(hub, "status", "text") == [("withdrawn", "")]
    assert "Wycofane. Treść została usunięta." in zory.last().text
    assert MEADOWS not in str(zory.last().blocks) + zory.last().text


async def _event(hub: RunningHub, subtype: str, channel: str, **more: Any) -> None:
    event = {"type": "message", "subtype": subtype, "channel": channel, "channel_type": "channel", **more}
    await hub.slack.switchboard.envelope(hub.slack.switchboard.payloads.event(event))
    await hub.settle()


async def test_an_edit_of_the_message_is_offered_to_its_author_and_decided_on_anew(hub: RunningHub) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    await add_message(hub, "zory", message, PU_GREEN, kind="practice")
    await hub.user("ekspert").click(hub.user("ekspert").last(), ids.ACCEPT_CONTRIBUTION)
    await hub.settle()
    before = {"ts": message.ts, "user": "ULUBLIN", "text": MEADOWS}
    # A preview of a link is added: the words are the same.
    await _event(hub, "message_changed", "CZIELONE", message=before, previous_message=before)
    newer = "W Lublinie łąki kwietne koszą raz w roku."
    await _event(hub, "message_changed", "CZIELONE", message=before | {"text": newer}, previous_message=before)
    assert hub.texts("lublin")[-1].startswith("The message that the contribution comes from was edited.")
    assert await kept(hub, "text", "newer_text", "status") == [(MEADOWS, newer, "accepted")]
    await hub.user("lublin").click(hub.user("lublin").last(), ids.TAKE_OVER_EDIT)
    await hub.settle()
    assert await kept(hub, "text", "newer_text", "status") == [(newer, "", "proposed")]
    assert newer in hub.texts("ekspert")[-1]


async def test_a_deleted_message_leaves_the_text_and_marks_its_source_gone(hub: RunningHub) -> None:
    message = hub.slack.switchboard.write("ULUBLIN", "CZIELONE", MEADOWS)
    await add_message(hub, "zory", message, PU_GREEN, kind="practice")
    await _event(hub, "message_deleted", "CZIELONE", deleted_ts=message.ts)
    ((text, gone),) = await kept(hub, "text", "source_gone_at")
    assert (text, gone is not None) == (MEADOWS, True)
    assert "Wiadomość źródłowa jest usunięta." in str(hub.user("ekspert").last().blocks)


async def test_a_document_shows_to_each_what_they_may_read(hub: RunningHub) -> None:
    await add_by_command(hub, "ekspert", MID_ZORY, MEADOWS)

    async def mid(who: str) -> str:
        answer = await hub.user(who).command("/pim", "mid w Żorach")
        return answer.text + str(answer.blocks)

    said = {who: await mid(who) for who in ("zory", "ekspert", "koordynatorka", "ministerstwo", "opiekunka", "lublin")}
    assert {who for who, text in said.items() if "łąki" in text} == {"zory", "ekspert"}
    assert {who for who, text in said.items() if "1 wkład" in text} == {"zory", "ekspert", "koordynatorka"}
    assert "Treść widzi zespół miasta" in said["koordynatorka"]


async def test_a_coordinator_has_no_document_to_add_to_and_is_told_so(hub: RunningHub) -> None:
    answer = await hub.user("koordynatorka").command("/pim", "dodaj")
    assert "Wkład do MID dodają zespoły miast i Bank Światowy" in answer.text + str(answer.blocks)


async def test_plan_ulepszen_is_the_pu_and_plan_the_agenda(hub: RunningHub) -> None:
    pu = await hub.user("zory").command("/pim", "plan ulepszeń miasto zielone")
    agenda = await hub.user("zory").command("/pim", "plan")
    assert "PU: Miasto Zielone" in pu.text
    assert "Najbliższe terminy" in agenda.text


async def test_what_waits_for_a_decision_stands_in_the_list_of_those_who_decide(hub: RunningHub) -> None:
    await add_by_command(hub, "ekspert", MID_ZORY, MEADOWS)
    said = {who: (await hub.user(who).command("/pim")).text for who in ("zory", "ekspert", "koordynatorka")}
    line = "Wkład do MID i PU, który czeka na Państwa decyzję: 1"
    assert {who: line in text for who, text in said.items()} == {"zory": True, "ekspert": False, "koordynatorka": False}
    assert said["zory"].startswith("Czeka na Państwa 1 sprawa.")


async def test_the_ledger_names_the_document_and_not_the_words(hub: RunningHub) -> None:
    await add_by_command(hub, "ekspert", MID_ZORY, MEADOWS)
    ((one,),) = await kept(hub, "id")
    async with hub.parts.storage.reading() as work:
        assert await titles_of(work, [f"contribution:{one}"]) == {f"contribution:{one}": "MID Żory"}
