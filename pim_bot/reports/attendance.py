"""The list of participants and their presence, as a spreadsheet."""

from zoneinfo import ZoneInfo

from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity, Answer, Attendance
from pim_bot.programme.participants import Participants
from pim_bot.programme.people import team_of
from pim_bot.programme.presence import OTHERS
from pim_bot.reports.spreadsheets import Sheet, Value, written


def participants_file(words: Words, found: Participants) -> bytes:
    """Write who is registered and who came, one person a row, and beside it what was answered by whom."""
    return written([_people(words, found), _answers(words, found)])


def _people(words: Words, found: Participants) -> Sheet:
    activity = found.activity
    came = {one.invitee: one.people for one in found.presences}
    rows: list[tuple[Value, ...]] = []
    for one in found.attendances:
        registered = _registered(found, one)
        besides = [name for name in came.get(one.invitee, ()) if name not in registered]
        for name in [*registered, *besides]:
            here = _yes_or_no(words, name in came[one.invitee]) if one.invitee in came else ""
            rows.append((*_about(words, activity), *_whose(found, one.invitee), name, here))
    rows += [(*_about(words, activity), "", "", name, words.text("tak")) for name in came.get(OTHERS, ())]
    headings = (
        words.text("Wydarzenie"),
        words.text("Początek"),
        words.text("Koniec"),
        words.text("Sieć"),
        words.text("Miasto"),
        words.text("Imię i nazwisko"),
        words.text("Obecność"),
    )
    return Sheet(name=words.text("Lista osób"), headings=headings, rows=rows)


def _answers(words: Words, found: Participants) -> Sheet:
    zone = ZoneInfo(found.activity.zone)
    rows: list[tuple[Value, ...]] = [
        (
            *_whose(found, one.invitee),
            found.members.get(one.invitee.removeprefix("member:"), ""),
            _answer_word(words, one.answer),
            one.size if one.answer is Answer.GOING else None,
            found.members.get(one.answered_by, ""),
            one.answered_at.astimezone(zone) if one.answered_at else None,
        )
        for one in found.attendances
    ]
    headings = (
        words.text("Sieć"),
        words.text("Miasto"),
        words.text("Osoba"),
        words.text("Odpowiedź"),
        words.text("Liczba osób"),
        words.text("Kto odpowiada"),
        words.text("Kiedy"),
    )
    return Sheet(name=words.text("Odpowiedzi"), headings=headings, rows=rows)


def _about(words: Words, activity: Activity) -> tuple[Value, ...]:
    if activity.all_day:
        return activity.title, activity.first_day, activity.last_day
    zone = ZoneInfo(activity.zone)
    return activity.title, activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)


def _registered(found: Participants, one: Attendance) -> tuple[str, ...]:
    if one.answer is not Answer.GOING:
        return ()
    if team_of(one.invitee) is None:
        name = found.members.get(one.invitee.removeprefix("member:"), "")
        return (name,) if name else ()
    return one.people


def _whose(found: Participants, invitee: str) -> tuple[str, str]:
    network, city = team_of(invitee) or ("", "")
    return found.networks.get(network, network), found.cities.get(city, city)


def _yes_or_no(words: Words, value: bool) -> str:  # noqa: FBT001 - a cell
    return words.text("tak") if value else words.text("nie")


def _answer_word(words: Words, answer: Answer | None) -> str:
    if answer is None:
        return words.text("brak odpowiedzi")
    return {
        Answer.GOING: words.text("weźmie udział"),
        Answer.UNSURE: words.text("jeszcze nie wiadomo"),
        Answer.NOT_GOING: words.text("nie weźmie udziału"),
        Answer.WAITING: words.text("lista rezerwowa"),
    }[answer]
