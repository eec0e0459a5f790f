"""The week of somebody in a city's team, beside their normal job: advice, an invitation, a survey, the MID."""

from datetime import datetime

from pim_bot.blocks import ids
from tests.hub import RunningHub
from tests.weeks.week import Week, newest_with, schedule

WHO = "zory"
ME, COLLEAGUE, EXPERT = "Rozwój, Żory (przykład)", "Zieleń, Żory (przykład)", "Ekspert zieleni (przykład)"
WORKSHOP = {
    "Rodzaj": "warsztaty-sieci",
    "Sieć": ["miasto-zielone"],
    "Tytuł": "Woda opadowa",
    "Początek": "2022-01-20",
    "Początek, godzina": "10:00",
    "Koniec, godzina": "15:00",
    "Zgłoszenia do": "2022-01-17",
    "Miejsce": "Lublin, Ratusz",
    "Miasto": ["lublin"],
}
WEBINAR = {
    "Rodzaj": "webinarium",
    "Sieć": ["miasto-zielone"],
    "Tytuł": "Retencja",
    "Początek": "2022-01-11",
    "Początek, godzina": "12:00",
    "Koniec, godzina": "13:00",
    "Forma": "online",
}
TYPED = (
    "łąki kwietne",
    "Łąka przy szkole nr 3",
    "Przy szkole nr 5",
    "Wycena siewu",
    "Kiedy kosić?",
    "Brakuje terminu",
)


async def test_the_week_of_a_city_official(week: Week) -> None:
    await _monday(week)
    await _tuesday(week)
    await _wednesday(week)
    await _thursday(week)
    await _friday(week)
    if week.language == "en":
        assert week.polish_words(*TYPED) == set()


async def _monday(week: Week) -> None:
    """Two invitations come; the week is asked about; the team is registered, and advice asked for."""
    hub = week.hub
    await schedule(hub, WORKSHOP)
    week.heard(
        "Woda opadowa: czwartek, 20 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie). Prosimy o odpowiedź za "
        "zespół do: poniedziałek, 17 stycznia 2022, 16:00. Wystarczy jedna.",
        "Woda opadowa: Thursday, 20 January 2022, 10:00–15:00, Lublin, Ratusz (on site). Please answer for your team "
        "by Monday, 17 January 2022, 16:00. One answer is enough.",
    )
    await schedule(hub, WEBINAR)
    await week.press(None, ids.GOING)
    assert hub.texts("zory2")[-1] == (
        f"Retencja: wtorek, 11 stycznia 2022, 12:00–13:00, online. Odpowiedź: Wezmę udział. Zgłoszone osoby: {ME}. "
        f"Potwierdzenie: {ME}, Żory."
    )
    await _ask_about_the_workshop(week)
    await _register_two(week)
    await _ask_who_is_who(week)
    await _ask_for_advice(week)


async def _ask_about_the_workshop(week: Week) -> None:
    first = week.told(
        "Najbliższe: Woda opadowa: czwartek, 20 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie).",
        "Next: Woda opadowa: Thursday, 20 January 2022, 10:00–15:00, Lublin, Ratusz (on site).",
    )
    said = await week.ask("O której zaczynamy w Lublinie?", "What time do we start in Lublin?")
    assert said.text.splitlines()[0] == first
    said = await week.ask("Kiedy i gdzie najbliższe warsztaty?", "When and where is the next workshop?")
    assert said.text.splitlines()[0] == first
    said = await week.ask("Nie damy rady przyjechać, można online?", "We cannot come, is online possible?")
    assert said.text == week.told(
        "Tak odbywa się najbliższe wydarzenie. Odpowiedź można zmienić w formularzu.\n"
        "Retencja, wtorek, 11 stycznia 2022, 12:00–13:00: online\n"
        "O udziale zdalnym decyduje osoba, która planuje wydarzenie.",
        "This is how the next activity takes place. The answer can be changed in the form.\n"
        "Retencja, Tuesday, 11 January 2022, 12:00–13:00: online\n"
        "Whoever plans the activity decides about taking part online.",
    )


async def _register_two(week: Week) -> None:
    """The phrase opens the form with the team's people; one answer is the whole team's."""
    said = await week.ask("Zgłaszam dwie osoby", "I register two people")
    await week.press(said, f"{ids.REGISTER}/1")
    await week.send({"Osoby z zespołu": [ME, COLLEAGUE]})
    count = "Odpowiedzi: udział 1 (2 osoby), jeszcze bez decyzji 0, bez udziału 0, czekamy na 12."
    assert count in str(week.hub.channel()[0].blocks)
    assert f"Zgłoszone osoby: {ME}, {COLLEAGUE}." in week.hub.texts("zory2")[0]
    said = await week.ask("Co na mnie czeka?", "What is waiting for me?")
    assert said.text.splitlines()[0] == week.told("Nic na Państwa nie czeka.", "Nothing is waiting for you.")


async def _ask_who_is_who(week: Week) -> None:
    await week.ask("Kto jest naszym ekspertem?", "Who is our expert?")
    week.heard(
        "Ekspertki i eksperci Banku Światowego:\n"
        "Miasto Zielone: Ekspert zieleni (przykład)\n"
        "Wszystkie przypisania pokaże /pim eksperci.",
        "World Bank experts:\nMiasto Zielone: Ekspert zieleni (przykład)\nAll assignments are shown by /pim experts.",
    )
    await week.ask("Kto jedzie z Raciborza do Kopenhagi?", "Who goes from Racibórz to Copenhagen?")
    week.heard(
        "Zagraniczna wizyta studyjna Sieci Miasto Zielone: 31 maja – 3 czerwca 2022, Kopenhaga, Dania "
        "(stacjonarnie).\n"
        "Racibórz: jeszcze bez odpowiedzi",
        "Zagraniczna wizyta studyjna Sieci Miasto Zielone: 31 May – 3 June 2022, Kopenhaga, Denmark (on site).\n"
        "Racibórz: no answer yet",
    )
    await week.ask("Zmiana w zespole: od marca nowa osoba", "A change in the team: a new person from March")
    week.heard(
        "Skład zespołu zmienia opiekun lub opiekunka sieci z MFiPR albo koordynacja. Prosimy napisać do:\n"
        "Miasto Zielone: Opiekunka sieci (przykład) (MFiPR)",
        "A team is changed by the network's MFiPR guardian or the coordination. Please write to:\n"
        "Miasto Zielone: Opiekunka sieci (przykład) (MFiPR)",
    )


async def _ask_for_advice(week: Week) -> None:
    """The city asks, the expert offers two times, one press arranges it; nobody else hears of the question."""
    said = await week.ask(
        "Chcemy umówić konsultację w przyszłym tygodniu", "We want to arrange a consultation next week"
    )
    await week.press(said, ids.ASK_SESSION)
    await week.send({"Temat": "łąki kwietne", "Pytanie": "Kiedy kosić?"})
    expert = week.hub.user("ekspert")
    assert expert.last().text == (
        f"Prośba o doradztwo: {ME}. Żory, temat: łąki kwietne. Pytanie: Kiedy kosić? Prosimy zaproponować do trzech "
        "terminów."
    )
    assert (await expert.click(expert.last(), ids.OFFER_TIMES)).ok
    times = {"Termin 1": _at("2022-01-12T10:00+01:00"), "Termin 2": _at("2022-01-14T12:00+01:00")}
    assert (await expert.submit(expert.modal, times)).ok
    await week.hub.settle()
    week.heard(
        "Ekspert zieleni (przykład) proponuje terminy doradztwa (Żory, temat: łąki kwietne): środa, 12 stycznia "
        "2022, 10:00; piątek, 14 stycznia 2022, 12:00. Jedno kliknięcie wpisuje termin do kalendarza obu stron.",
        "Ekspert zieleni (przykład) offers times for advice (Żory, topic: łąki kwietne): Wednesday, 12 January "
        "2022, 10:00; Friday, 14 January 2022, 12:00. One click puts the time on both sides' calendars.",
    )
    await week.press(None, f"{ids.CHOOSE_TIME}/0")
    week.heard(
        "Wydarzenie jest zaplanowane. łąki kwietne: środa, 12 stycznia 2022, 10:00–11:00, online",
        "The activity is scheduled. łąki kwietne: Wednesday, 12 January 2022, 10:00–11:00, online",
    )
    assert not any(
        "kosić" in text for name in ("koordynatorka", "opiekunka", "lublin") for text in _all(week.hub, name)
    )


async def _tuesday(week: Week) -> None:
    """The consultation is moved; after the webinar two presses say how it was."""
    await week.hub.wind(days=1)
    said = await week.ask(
        "Przełóżmy konsultację, koleżanka na urlopie", "Let us move the consultation, a colleague is on leave"
    )
    await week.press(said, ids.MOVE)
    await week.send({"Początek": "2022-01-13"})
    await week.send()
    week.heard(
        "Zmiana terminu: łąki kwietne. Nowy termin: czwartek, 13 stycznia 2022, 10:00–11:00. Poprzedni termin: "
        "środa, 12 stycznia 2022, 10:00.",
        "New date: łąki kwietne. Now: Thursday, 13 January 2022, 10:00–11:00. Before: Wednesday, 12 January 2022,"
        " 10:00.",
    )
    assert week.hub.texts("ekspert")[-1] == (
        "Zmiana terminu: łąki kwietne. Nowy termin: czwartek, 13 stycznia 2022, 10:00–11:00. Poprzedni termin: "
        "środa, 12 stycznia 2022, 10:00."
    )
    await week.hub.wind(hours=6)
    week.heard(
        "Retencja. Jak Państwo oceniają to spotkanie? 1 to najniższa, a 5 najwyższa ocena. Czekamy do: wtorek, 25"
        " stycznia 2022, 13:00. Odpowiedź jest anonimowa: zapisujemy ją bez nazwiska i godziny.",
        "Retencja. How was this meeting for you? 1 is the lowest score, 5 the highest. Open until: Tuesday, 25 "
        "January 2022, 13:00. The answer is anonymous: we save it without name or time.",
    )
    taps = week.me.taps
    await week.press(None, f"{ids.SCORE}/5")
    await week.send()
    assert week.me.taps == taps + 2
    week.heard(
        "Retencja. Dziękujemy. Państwa opinia jest zapisana, bez nazwiska i godziny.",
        "Retencja. Thank you. Your feedback is saved, without your name or the time.",
    )


async def _wednesday(week: Week) -> None:
    """Tomorrow is prepared; what others know and have is asked for."""
    await week.hub.wind(hours=18)
    await week.ask("Co mamy przygotować na jutro?", "What should we prepare for tomorrow?")
    week.heard(
        "Co jest zapisane do przygotowania:\n"
        "PRZENIESIONE: łąki kwietne: czwartek, 13 stycznia 2022, 10:00–11:00, online\n"
        "W szczegółach tego wydarzenia nie zapisano, co przygotować.",
        "What is written down to prepare:\n"
        "MOVED: łąki kwietne: Thursday, 13 January 2022, 10:00–11:00, online\n"
        "The details of this activity do not say what to prepare.",
    )
    await week.ask("Do kiedy oddajemy harmonogram do MID?", "By when do we hand in the schedule for the MID?")
    week.heard(
        "Terminu oddania części MID nie zapisano w programie. Zna go opieka sieci:\n"
        "Miasto Zielone: Ministerstwo (przykład) (ministerstwo)\n"
        "Miasto Zielone: Opiekunka sieci (przykład) (MFiPR)",
        "The date for this part of the MID is not in the programme. The network's guardians know it:\n"
        "Miasto Zielone: Ministerstwo (przykład) (ministry)\n"
        "Miasto Zielone: Opiekunka sieci (przykład) (MFiPR)",
    )
    await week.ask("Wyślij prezentację z Poznania", "Send the presentation from Poznań")
    week.heard(
        "Bot nie ma zapisanej prezentacji z tego wydarzenia. Prosimy zapytać osobę, która je prowadzi.\n"
        "Piąta wizyta studyjna Sieci Miast Zielonych: 7–9 listopada 2022, Poznań (stacjonarnie)",
        "The bot holds no presentation from this activity. Please ask whoever leads it.\n"
        "Piąta wizyta studyjna Sieci Miast Zielonych: 7–9 November 2022, Poznań (on site)",
    )
    await week.ask("Kto ma doświadczenie z otwieraniem danych?", "Who has experience with opening data?")
    week.heard(
        "„otwieraniem danych” – kto ma z tym doświadczenie:\n"
        "Miasto Cyfrowe (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): uporządkowanie, przetwarzanie i "
        "otwieranie danych publicznych",
        '"opening data" – who has experience with it:\n'
        "Miasto Cyfrowe (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): uporządkowanie, przetwarzanie i "
        "otwieranie danych publicznych",
    )
    said = await week.ask(
        "Mam pytanie do eksperta: jak policzyć retencję?",
        "I have a question for the expert: how do we measure retention?",
    )
    await week.press(said, ids.ASK_SESSION)
    assert week.me.modal is not None
    await week.me.close()


async def _thursday(week: Week) -> None:
    """The session takes place and is logged; the city corrects what was agreed, and takes the draft into its MID."""
    hub, expert = week.hub, week.hub.user("ekspert")
    await hub.wind(days=1, hours=6)
    assert (await expert.click(expert.last(), ids.NEW_SESSION)).ok
    words = {"Ustalenia": "Łąka przy szkole nr 3", "Dalsze kroki": "Wycena siewu"}
    assert (await expert.submit(expert.modal, words)).ok
    await hub.settle()
    week.heard(
        "Doradztwo: Żory, 13 stycznia 2022, 1 h, temat: łąki kwietne, Ekspert zieleni (przykład). Ustalenia: Łąka"
        " przy szkole nr 3. Dalsze kroki: Wycena siewu. Jeśli coś jest inaczej, prosimy to poprawić. Przeczytają "
        "to tylko eksperci BŚ Państwa miasta.",
        "Advice: Żory, 13 January 2022, 1 h, topic: łąki kwietne, Ekspert zieleni (przykład). Agreements: Łąka "
        "przy szkole nr 3. Next steps: Wycena siewu. If anything is different, please correct it. Only the World "
        "Bank experts of your city will read it.",
    )
    await week.press(None, ids.CORRECT_SESSION)
    await week.send({"Co jest inaczej": "Przy szkole nr 5"})
    assert expert.last().text == (
        "Żory, Rozwój, Żory (przykład) poprawia ustalenia (Doradztwo: Żory, 13 stycznia 2022, 1 h, temat: łąki "
        "kwietne, Ekspert zieleni (przykład)): Przy szkole nr 5"
    )
    assert (await expert.click(newest_with(expert, ids.SESSION_TO_MID), f"{ids.SESSION_TO_MID}/zory")).ok
    assert (await expert.submit(expert.modal, {"Część MID": "wyzwanie"})).ok
    await hub.settle()
    week.heard(
        "Nowy wkład. MID: Żory (Miasto Zielone). Część: Wyzwanie / problem. „łąki kwietne: Łąka przy szkole nr 3”"
        " Prosimy o decyzję: przyjąć albo zwrócić z powodem.",
        'New contribution. MID: Żory (Miasto Zielone). Part: Wyzwanie / problem. "łąki kwietne: Łąka przy szkole '
        'nr 3" Please decide: accept it, or return it with a reason.',
    )
    await week.press(None, ids.ACCEPT_CONTRIBUTION)
    week.heard(
        "Nowy wkład. MID: Żory (Miasto Zielone). Część: Wyzwanie / problem. „łąki kwietne: Łąka przy szkole nr 3”"
        " Przyjęte: Rozwój, Żory (przykład), 13 stycznia 2022.",
        'New contribution. MID: Żory (Miasto Zielone). Part: Wyzwanie / problem. "łąki kwietne: Łąka przy szkole '
        'nr 3" Accepted: Rozwój, Żory (przykład), 13 January 2022.',
    )
    assert expert.last().text == (
        "Decyzja o wkładzie. MID: Żory (Miasto Zielone). Przyjęte: Rozwój, Żory (przykład), 13 stycznia 2022."
    )
    await week.ask("Co ustaliliśmy ostatnio?", "What did we agree last time?")
    week.heard(
        "Ostatnie doradztwo\n"
        "Doradztwo: Żory, 13 stycznia 2022, 1 h, temat: łąki kwietne, Ekspert zieleni (przykład). Ustalenia: Łąka"
        " przy szkole nr 3. Dalsze kroki: Wycena siewu. Poprawka miasta: Przy szkole nr 5.",
        "Latest advice\n"
        "Advice: Żory, 13 January 2022, 1 h, topic: łąki kwietne, Ekspert zieleni (przykład). Agreements: Łąka "
        "przy szkole nr 3. Next steps: Wycena siewu. The city's correction: Przy szkole nr 5.",
    )


async def _friday(week: Week) -> None:
    """The MID is looked at, a comment is put into the PU, and nothing is left to do."""
    await week.hub.wind(hours=18)
    said = await week.ask("Co nam jeszcze brakuje w MID-zie?", "What is still missing in our MID?")
    assert said.text == week.told(
        "MID, Żory: tego jeszcze brakuje.\n"
        "Ścieżka dojścia do rozwiązania: jeszcze pusto\n"
        "Propozycje konkretnych działań i rozwiązań: jeszcze pusto\n"
        "Harmonogram: jeszcze pusto\n"
        "Opis interesariuszy / Lokalne Partnerstwo: jeszcze pusto\n"
        "Odpowiedzialni: jeszcze pusto\n"
        "Koszty i źródła finansowania: jeszcze pusto\n"
        "Wskaźniki i monitoring: jeszcze pusto\n"
        "Ryzyka: jeszcze pusto",
        "MID, Żory: this is still missing.\n"
        "Ścieżka dojścia do rozwiązania: still empty\n"
        "Propozycje konkretnych działań i rozwiązań: still empty\n"
        "Harmonogram: still empty\n"
        "Opis interesariuszy / Lokalne Partnerstwo: still empty\n"
        "Odpowiedzialni: still empty\n"
        "Koszty i źródła finansowania: still empty\n"
        "Wskaźniki i monitoring: still empty\n"
        "Ryzyka: still empty",
    )
    await week.ask("Które miasto robiło łąki kwietne?", "Which city made flower meadows?")
    week.heard(
        "„łąki kwietne” – kto ma z tym doświadczenie:\n"
        "Żory (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): łąki kwietne: Łąka przy szkole nr 3",
        '"flower meadows" – who has experience with it:\n'
        "Żory (Partnerska Inicjatywa Miast 2021-2023 (druga edycja)): łąki kwietne: Łąka przy szkole nr 3",
    )
    said = await week.ask("Mamy uwagę do PU: brakuje terminu", "We have a comment on the PU: a date is missing")
    await week.press(said, ids.CONTRIBUTE)
    await week.send()
    await week.send({"Zakres zalecenia": "zmiany-prawne", "Treść": "Brakuje terminu"})
    await week.me.close(all_of_them=True)
    week.heard(
        "Dziękujemy za wkład. PU: Miasto Zielone. Czeka na decyzję.",
        "Thank you for the contribution. PU: Miasto Zielone. Waits for a decision.",
    )
    assert week.hub.texts("ekspert")[-1] == (
        "Nowy wkład. PU: Miasto Zielone. Część: Analiza uwarunkowań prawnych i propozycje konkretnych zmian "
        "prawnych i/lub nowych uregulowań. „Brakuje terminu” Prosimy o decyzję: przyjąć albo zwrócić z powodem."
    )
    said = await week.ask("Co na mnie czeka?", "What is waiting for me?")
    assert said.text.splitlines()[0] == week.told("Nic na Państwa nie czeka.", "Nothing is waiting for you.")
    if not week.is_stranger:
        assert (await week.home()).splitlines()[0] == week.told(
            "Nic na Państwa nie czeka.", "Nothing is waiting for you."
        )


def _at(text: str) -> int:
    """An instant as the chat's field for a day and a time sends it."""
    return int(datetime.fromisoformat(text).timestamp())


def _all(hub: RunningHub, name: str) -> list[str]:
    """All that somebody sees of the bot, blocks included."""
    return [f"{one.text} {one.blocks}" for one in hub.user(name).messages()]
