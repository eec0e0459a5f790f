"""``/pim eksperci``: who serves where; an assignment is ended, or handed on with a summary for the new person."""

from tests.hub import RunningHub, import_text

SECOND = """
supplements: pim2-2021-2023
people:
  - name: Druga ekspertka (przykład)
    email: druga@example.org
    roles: [{role: expert, network: miasto-zielone, institution: bank-swiatowy}]
"""
FIRST, NEXT = "Ekspert zieleni (przykład)", "Druga ekspertka (przykład)"


async def assign(hub: RunningHub, **changes: object) -> None:
    """Let the coordinator assign the expert to Żory, and the expert accept."""
    await import_text(hub.parts, SECOND.encode())
    hub.slack.workspace.add_user(id="UDRUGA", name="druga", real_name="druga", email="druga@example.org")
    await hub.settle()
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "przypisz")
    wanted = {"Ekspert/ka": FIRST, "Sieć": "miasto-zielone", "Miasto": ["zory"], "Do": "2022-06-30", "Budżet dni": "12"}
    outcome = await planner.submit(planner.modal, wanted | changes)
    assert outcome.errors_by_label == {}
    await hub.settle()


async def test_who_serves_where_and_the_button_to_hand_it_on(hub: RunningHub) -> None:
    await assign(hub)
    expert, planner, second = hub.user("ekspert"), hub.user("koordynatorka"), hub.user("druga")
    await expert.click(expert.last(), "assignment.accept")
    await hub.settle()
    assert hub.texts("ekspert")[-1].startswith("Na dobry początek: Żory, ")
    outcome = await planner.command("/pim", "eksperci")
    line = f"Żory: {FIRST}, od 10 stycznia 2022 do 30 czerwca 2022"
    assert f"{line}. Wykorzystane dni: 0 z 12" in outcome.text.splitlines()
    assert line in (await hub.user("zory").command("/pim", "Eksperci")).text.splitlines()

    assert outcome.message is not None
    await planner.click(outcome.message, "assignment.replace")
    done = await planner.submit(planner.modal, {"Ekspert/ka": NEXT, "Od": "2022-02-01", "Budżet dni": "8"})
    assert done.errors_by_label == {}
    await hub.settle()
    assert hub.texts("ekspert")[-1] == (
        "Zmiana w przypisaniu: Żory, ostatni dzień to 31 stycznia 2022. Dziękujemy za współpracę."
    )
    await second.click(second.last(), "assignment.accept")
    await hub.settle()
    summary = hub.texts("druga")[-1].splitlines()
    assert summary[1] == f"Dotychczas zajmuje się tym: {FIRST}."
    assert [line.split(":")[0] for line in summary[2:]] == [
        "Dokumenty",
        "Ostatnie ustalenia",
        "Najbliższe terminy",
        "Osoby",
    ]
    assert "Rozwój, Żory (przykład) (zespół miasta)" in summary[-1]


async def test_an_overrun_is_shown_before_it_is_saved(hub: RunningHub) -> None:
    await assign(hub, **{"Do": "2022-01-14", "Budżet dni": "6"})
    planner = hub.user("koordynatorka")
    assert planner.modal is not None
    assert planner.modal.blocks[0]["text"]["text"] == (
        ":warning: Ta osoba miałaby razem 6 dni wsparcia, a od 10 stycznia 2022 do 14 stycznia 2022 jest 5 dni "
        "roboczych.\nJeśli tak ma być, prosimy potwierdzić. Powrót do formularza: Anuluj."
    )
    assert "Prośba o wsparcie" not in str(hub.texts("ekspert"))
    await planner.submit(planner.modal)
    await hub.settle()
    assert "budżet dni: 6" in hub.texts("ekspert")[-1]


async def test_an_assignment_is_ended_and_the_expert_is_told(hub: RunningHub) -> None:
    await assign(hub)
    planner, expert = hub.user("koordynatorka"), hub.user("ekspert")
    listed = await planner.command("/pim", "experts")
    assert listed.message is not None
    await planner.click(listed.message, "assignment.release")
    await planner.submit(planner.modal, {"Ostatni dzień": "2022-01-20"})
    await hub.settle()
    assert hub.texts("ekspert")[-1] == "Prośba o wsparcie nie jest już aktualna: Żory. Dziękujemy."
    question = next(message for message in expert.messages() if message.text.startswith("Prośba o wsparcie: Żory"))
    assert "assignment.accept" not in str(question.blocks)
