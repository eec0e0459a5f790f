"""The week of an expert who serves several cities: talks, notes, drafts for MIDs, what the PU collects."""

from pim_bot.blocks import ids
from pim_bot.storage.tables.sessions import session
from tests.hub import USERS, RunningHub
from tests.weeks.week import Week, schedule

WHO = "ekspert"
EXPERT = "Ekspert zieleni (przykład)"
ADVICE = {
    "Rodzaj": "doradztwo-indywidualne",
    "Tytuł": "Łąki kwietne",
    "Początek": "2022-01-12",
    "Początek, godzina": "10:00",
    "Koniec, godzina": "11:30",
    "Miasto": ["zory"],
}
TYPED = (
    "Łąki kwietne",
    "łąki kwietne",
    "Koszty siewu",
    "Łąka przy szkole nr 3",
    "Krótsze terminy zamówień",
    "Zielone zamówienia: kryterium retencji",
)


async def test_the_week_of_an_expert(week: Week) -> None:
    await _monday(week)
    await _tuesday(week)
    await _wednesday(week)
    await _thursday(week)
    await _friday(week)
    if week.language == "en":
        assert week.polish_words(*TYPED) == set()


async def _monday(week: Week) -> None:
    """An assignment is accepted, a session that was planned is confirmed; which cities are silent is asked."""
    await _be_assigned(week)
    await schedule(week.hub, ADVICE)
    week.heard(
        "Łąki kwietne: środa, 12 stycznia 2022, 10:00–11:30, stacjonarnie. Prosimy o odpowiedź.",
        "Łąki kwietne: Wednesday, 12 January 2022, 10:00–11:30, on site. Please answer.",
    )
    await week.press(None, ids.GOING)
    await week.ask("Które miasta nie odzywały się od miesiąca?", "Which cities have been silent for a month?")
    week.heard(
        "Bez doradztwa i bez wkładu od 11 grudnia 2021:\n"
        "Gdańsk: jeszcze nic nie zapisano\n"
        "Kostrzyn nad Odrą: jeszcze nic nie zapisano\n"
        "Lublin: jeszcze nic nie zapisano\n"
        "Międzyrzec Podlaski: jeszcze nic nie zapisano\n"
        "Racibórz: jeszcze nic nie zapisano\n"
        "Ruda Śląska: jeszcze nic nie zapisano\n"
        "Słupsk: jeszcze nic nie zapisano\n"
        "Uniejów: jeszcze nic nie zapisano\n"
        "Żory: jeszcze nic nie zapisano\n"
        "Żyrardów: jeszcze nic nie zapisano\n"
        "Są tu tylko miasta, o których pracy mogą Państwo wiedzieć.",
        "Without advice or a contribution since 11 December 2021:\n"
        "Gdańsk: nothing is written down yet\n"
        "Kostrzyn nad Odrą: nothing is written down yet\n"
        "Lublin: nothing is written down yet\n"
        "Międzyrzec Podlaski: nothing is written down yet\n"
        "Racibórz: nothing is written down yet\n"
        "Ruda Śląska: nothing is written down yet\n"
        "Słupsk: nothing is written down yet\n"
        "Uniejów: nothing is written down yet\n"
        "Żory: nothing is written down yet\n"
        "Żyrardów: nothing is written down yet\n"
        "Only cities of whose work you may know are listed here.",
    )
    await week.ask("Ile konsultacji miała Świdnica?", "How many consultations has Świdnica had?")
    week.heard(
        "To jest sprawa miasta i jego ekspertów Banku Światowego, więc mogą ją czytać tylko te osoby. W razie "
        "potrzeby prosimy zapytać zespół miasta.",
        "This is between the city and its World Bank experts, so only they may read it. If needed, please ask the"
        " city's team.",
    )


async def _be_assigned(week: Week) -> None:
    planner = week.hub.user("koordynatorka")
    await planner.command("/pim", "przypisz")
    asked = {"Ekspert/ka": EXPERT, "Sieć": "miasto-zielone", "Od": "2022-01-01", "Do": "2022-12-31", "Budżet dni": "12"}
    assert (await planner.submit(planner.modal, asked)).ok
    await week.hub.settle()
    week.heard(
        "Prośba o wsparcie: Miasto Zielone, od 1 stycznia 2022 do 31 grudnia 2022, budżet dni: 12. Prosimy o "
        "odpowiedź.",
        "Request for support: Miasto Zielone, from 1 January 2022 until 31 December 2022, budget of days: 12. "
        "Please answer.",
    )
    await week.press(None, ids.ACCEPT)
    assert planner.last().text == ("Ekspert zieleni (przykład), Miasto Zielone: Odpowiedź: przyjmuję.")


async def _tuesday(week: Week) -> None:
    """A talk by telephone is noted from a phrase; what was agreed reaches the city and nobody else."""
    await week.hub.wind(days=1)
    said = await week.ask(
        "Zapisz notatkę z konsultacji z Żorami: łąki kwietne, 2h",
        "Save a note from the consultation with Żory: meadows, 2h",
    )
    await week.press(said, ids.NEW_SESSION)
    await week.send({"Czas trwania": "2h", "Ustalenia": "Łąka przy szkole nr 3", "Dalsze kroki": "Koszty siewu"})
    week.heard(
        "Zapisane. Doradztwo: Żory, 11 stycznia 2022, 2 h, Ekspert zieleni (przykład). Wykorzystane dni: 0,25 z 12.",
        "Saved. Advice: Żory, 11 January 2022, 2 h, Ekspert zieleni (przykład). Days used: 0.25 of 12.",
    )
    assert week.hub.texts("zory")[-1] == (
        "Doradztwo: Żory, 11 stycznia 2022, 2 h, Ekspert zieleni (przykład). Ustalenia: Łąka przy szkole nr 3. "
        "Dalsze kroki: Koszty siewu. Jeśli coś jest inaczej, prosimy to poprawić. Przeczytają to tylko eksperci "
        "BŚ Państwa miasta."
    )
    assert _who_reads(week.hub, "szkole") == {"zory", "ekspert"}


async def _wednesday(week: Week) -> None:
    """After the session on the calendar the bot asks, and one press saves it; then it becomes a draft for the MID."""
    await week.hub.wind(days=1, hours=3)
    week.heard(
        "Łąki kwietne, środa, 12 stycznia 2022, 10:00–11:30. Czy doradztwo odbyło się jak w planie (1 h 30 min)? "
        "Jedno kliknięcie zapisze sesję.",
        "Łąki kwietne, Wednesday, 12 January 2022, 10:00–11:30. Did the session take place as planned (1 h 30 "
        "min)? One click logs it.",
    )
    taps = week.me.taps
    await week.press(None, ids.AS_PLANNED)
    assert week.me.taps == taps + 1
    week.heard(
        "Zapisane. Doradztwo: Żory, 12 stycznia 2022, 1 h 30 min, temat: Łąki kwietne, Ekspert zieleni "
        "(przykład). Wykorzystane dni: 0,44 z 12.",
        "Saved. Advice: Żory, 12 January 2022, 1 h 30 min, topic: Łąki kwietne, Ekspert zieleni (przykład). Days "
        "used: 0.44 of 12.",
    )
    assert await week.hub.rows(session, session.c.minutes, session.c.topic) == [(120, ""), (90, "Łąki kwietne")]
    await week.press(None, f"{ids.SESSION_TO_MID}/zory")
    await week.send({"Część MID": "wyzwanie", "Treść": "Łąki kwietne"})
    week.heard(
        "Dziękujemy za wkład. MID: Żory (Miasto Zielone). Czeka na decyzję.",
        "Thank you for the contribution. MID: Żory (Miasto Zielone). Waits for a decision.",
    )
    zory = week.hub.user("zory")
    assert zory.last().text == (
        "Nowy wkład. MID: Żory (Miasto Zielone). Część: Wyzwanie / problem. „Łąki kwietne” Prosimy o decyzję: "
        "przyjąć albo zwrócić z powodem."
    )
    assert (await zory.click(zory.last(), ids.ACCEPT_CONTRIBUTION)).ok
    await week.hub.settle()
    week.heard(
        "Decyzja o wkładzie. MID: Żory (Miasto Zielone). Przyjęte: Rozwój, Żory (przykład), 12 stycznia 2022.",
        "Decision on a contribution. MID: Żory (Miasto Zielone). Accepted: Rozwój, Żory (przykład), 12 January 2022.",
    )


async def _thursday(week: Week) -> None:
    """Problems are collected for the PU: what cities said, a recommendation, a city's practice that is accepted."""
    await week.hub.wind(hours=21)
    said = await week.ask(
        "Dodaj rekomendację do PU: zmiany prawne, krótsze terminy",
        "Add a recommendation to the PU: law, shorter deadlines",
    )
    await week.press(said, ids.CONTRIBUTE)
    await week.send()
    await week.send({"Zakres zalecenia": "zmiany-prawne", "Treść": "Krótsze terminy zamówień", "Adresat": "MKiŚ"})
    await week.me.close(all_of_them=True)
    week.heard(
        "Dziękujemy za wkład. PU: Miasto Zielone. Przyjęte: Ekspert zieleni (przykład), 13 stycznia 2022.",
        "Thank you for the contribution. PU: Miasto Zielone. Accepted: Ekspert zieleni (przykład), 13 January 2022.",
    )
    await _accept_what_a_city_adds(week)
    await week.ask("Co miasta mówiły o zamówieniach?", "What did cities say about procurement?")
    week.heard(
        "O „zamówieniach” w tej edycji:\n"
        "Miasto Zielone (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): Krótsze terminy zamówień\n"
        "Lublin (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): Zielone zamówienia: kryterium retencji",
        'On "procurement" in this edition:\n'
        "Miasto Zielone (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): Krótsze terminy zamówień\n"
        "Lublin (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): Zielone zamówienia: kryterium retencji",
    )


async def _accept_what_a_city_adds(week: Week) -> None:
    lublin = week.hub.user("lublin")
    await lublin.command("/pim", "contribute Zielone zamówienia: kryterium retencji")
    first = {"Document": "PU/pim2-2021-2023/miasto-zielone", "Kind": "practice"}
    assert (await lublin.submit(lublin.modal, first)).ok
    assert (await lublin.submit(lublin.modal, {"Category of the recommendation": "dobre-praktyki"})).ok
    await week.hub.settle()
    week.heard(
        "Nowy wkład. PU: Miasto Zielone. Część: Zbiór najlepszych praktyk, studia przypadków: rekomendacje dla "
        "innych miast. „Zielone zamówienia: kryterium retencji” Prosimy o decyzję: przyjąć albo zwrócić z "
        "powodem.",
        "New contribution. PU: Miasto Zielone. Part: Zbiór najlepszych praktyk, studia przypadków: rekomendacje "
        'dla innych miast. "Zielone zamówienia: kryterium retencji" Please decide: accept it, or return it with a'
        " reason.",
    )
    await week.press(None, ids.ACCEPT_CONTRIBUTION)
    week.heard(
        "Nowy wkład. PU: Miasto Zielone. Część: Zbiór najlepszych praktyk, studia przypadków: rekomendacje dla "
        "innych miast. „Zielone zamówienia: kryterium retencji” Przyjęte: Ekspert zieleni (przykład), 13 stycznia"
        " 2022.",
        "New contribution. PU: Miasto Zielone. Part: Zbiór najlepszych praktyk, studia przypadków: rekomendacje "
        'dla innych miast. "Zielone zamówienia: kryterium retencji" Accepted: Ekspert zieleni (przykład), 13 '
        "January 2022.",
    )
    assert lublin.last().text == (
        "Decision on a contribution. PU: Miasto Zielone. Accepted: Ekspert zieleni (przykład), 13 January 2022."
    )


async def _friday(week: Week) -> None:
    """A MID is looked at, comments are asked for, an arranged talk is offered; nothing is left to do."""
    await week.hub.wind(days=1)
    await week.ask("Pokaż MID Dębicy, część działania", "Show the MID of Dębica, the section on actions")
    week.heard(
        "MID: Dębica (Miasto Cyfrowe)\nPropozycje konkretnych działań i rozwiązań: jeszcze pusto",
        "MID: Dębica (Miasto Cyfrowe)\n"
        "Wyzwanie / problem: nothing yet\n"
        "Ścieżka dojścia do rozwiązania: nothing yet\n"
        "Propozycje konkretnych działań i rozwiązań: nothing yet\n"
        "Harmonogram: nothing yet\n"
        "Opis interesariuszy / Lokalne Partnerstwo: nothing yet\n"
        "Odpowiedzialni: nothing yet\n"
        "Koszty i źródła finansowania: nothing yet\n"
        "Wskaźniki i monitoring: nothing yet\n"
        "Ryzyka: nothing yet",
    )
    await week.ask("Ile konsultacji miały Żory?", "How many consultations has Żory had?")
    week.heard(
        "Żory: sesje doradztwa: 2, godziny razem: 3,5. Ostatni kontakt: środa, 12 stycznia 2022.",
        "Żory: advisory sessions: 2, hours in all: 3.5. Last contact: Wednesday, 12 January 2022.",
    )
    await week.ask("Poproś sieć o uwagi do piątku", "Ask the network for comments by Friday")
    week.heard(
        "Rund uwag bot jeszcze nie prowadzi. Co jest w PU, pokaże pytanie: Pokaż PU naszej sieci.",
        "The bot does not run rounds of comments yet. To see what is in the PU, ask: Show the PU of our network.",
    )
    await week.ask("Co ustaliliśmy ostatnio?", "What did we agree last time?")
    week.heard(
        "Ostatnie doradztwo\n"
        "Doradztwo: Żory, 12 stycznia 2022, 1 h 30 min, temat: Łąki kwietne, Ekspert zieleni (przykład).\n"
        "Doradztwo: Żory, 11 stycznia 2022, 2 h, Ekspert zieleni (przykład). Ustalenia: Łąka przy szkole nr 3. "
        "Dalsze kroki: Koszty siewu.",
        "Latest advice\n"
        "Advice: Żory, 12 January 2022, 1 h 30 min, topic: Łąki kwietne, Ekspert zieleni (przykład).\n"
        "Advice: Żory, 11 January 2022, 2 h, Ekspert zieleni (przykład). Agreements: Łąka przy szkole nr 3. Next "
        "steps: Koszty siewu.",
    )
    said = await week.ask("Co na mnie czeka?", "What is waiting for me?")
    assert said.text.splitlines()[0] == week.told("Nic na Państwa nie czeka.", "Nothing is waiting for you.")
    if not week.is_stranger:
        assert (await week.home()).splitlines()[0] == week.told(
            "Nic na Państwa nie czeka.", "Nothing is waiting for you."
        )


def _who_reads(hub: RunningHub, word: str) -> set[str]:
    """Who sees a word in what the bot wrote to them."""
    return {name for name in USERS if any(word in f"{one.text} {one.blocks}" for one in hub.user(name).messages())}
