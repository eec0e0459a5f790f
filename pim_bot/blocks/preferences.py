"""The screen on which a person chooses what they are told, when and how far ahead; and the button that leads to it."""

from datetime import date, timedelta

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.absence import absence_line
from pim_bot.blocks.elements import Block, Message, actions, button, escape, modal, option, section
from pim_bot.blocks.ledger import lead_word
from pim_bot.blocks.privacy import LANGUAGES
from pim_bot.i18n import Words, language_of
from pim_bot.programme.countries import ZONES
from pim_bot.programme.people import Member
from pim_bot.programme.preferences import Topic

DAY, HOUR = 24 * 60, 60
LEADS = (30 * DAY, 14 * DAY, 7 * DAY, 3 * DAY, 2 * DAY, DAY, 4 * HOUR, 2 * HOUR, HOUR)
A_MONDAY = date(2022, 1, 3)
MORE = "more"


def topic_word(words: Words, topic: Topic) -> str:
    """Say what a person may be spared."""
    return {
        Topic.INVITATIONS: words.text("Prośby o odpowiedź (zawsze są też w kanale sieci)"),
        Topic.REMINDERS: words.text("Przypomnienia o wydarzeniach"),
        Topic.FEEDBACK: words.text("Prośby o opinię po wydarzeniach"),
        Topic.DIGEST: words.text("Przegląd tygodnia"),
        Topic.BULLETINS: words.text("Ogłoszenia, które są też w kanale sieci"),
    }[topic]


def topics_for(*, digest: bool) -> tuple[Topic, ...]:
    """Tell what a person is asked about; the digest only concerns those who may get it."""
    return tuple(topic for topic in Topic if digest or topic is not Topic.DIGEST)


def preferences_form(words: Words, member: Member, *, digest: bool) -> Block:
    """Make the screen of six questions; what few people change stands behind „Więcej”."""
    preferences = member.preferences
    topics = topics_for(digest=digest)
    typed = {
        "wanted": [topic.value for topic in topics if preferences.wants(topic)],
        "ladder": [str(lead) for lead in preferences.ladder],
        "opens": f"{preferences.opens:%H:%M}",
        "closes": f"{preferences.closes:%H:%M}",
        "language": language_of(member.language),
    }
    leads = sorted({*LEADS, *preferences.ladder}, reverse=True)
    blocks = [
        inputs.boxes(
            "wanted",
            words.text("Co przysyłać w wiadomościach"),
            [option(topic_word(words, topic), topic.value) for topic in topics],
            typed,
            hint=words.text("Zmiany, odwołania i sprawy skierowane imiennie przychodzą zawsze."),
        ),
        inputs.several(
            "ladder",
            words.text("Przypomnienia: ile wcześniej"),
            [option(lead_word(words, timedelta(minutes=lead)), str(lead)) for lead in leads],
            typed,
            hint=words.text("Puste pole: tak, jak przyjęto w programie dla rodzaju wydarzenia."),
        ),
        inputs.hour("opens", words.text("Wiadomości od godziny"), typed),
        inputs.hour(
            "closes",
            words.text("Wiadomości do godziny"),
            typed,
            hint=words.text("W dni robocze. Zmiany w ostatniej chwili przychodzą od razu."),
        ),
        inputs.select("language", words.text("Język"), [option(name, code) for code, name in LANGUAGES.items()], typed),
        _more(words) if digest else _zone(words, member),
        section(
            escape(absence_line(words, member)),
            accessory=button(words.text("Urlop"), ids.PLAN_ABSENCE, "absence"),
        ),
    ]
    title, submit, close = words.text("Ustawienia"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.PREFERENCES_FORM, title, submit, close, blocks, "")


def _more(words: Words) -> Block:
    box = option(words.text("Strefa czasowa, dzień i godzina przeglądu tygodnia"), MORE)
    return inputs.boxes(MORE, words.text("Więcej po zapisaniu"), [box], {})


def _zone(words: Words, member: Member) -> Block:
    zones = [option(zone.replace("_", " "), zone) for zone in sorted({member.zone, *ZONES.values()})]
    return inputs.select("zone", words.text("Strefa czasowa"), zones, {"zone": member.zone})


def more_form(words: Words, member: Member) -> Block:
    """Make the second screen: zone, and when the digest comes."""
    preferences = member.preferences
    typed = {"digest_day": str(preferences.digest_day), "digest_at": f"{preferences.digest_at:%H:%M}"}
    days = [option(words.weekday(A_MONDAY + timedelta(days=number)), str(number)) for number in range(5)]
    blocks = [
        _zone(words, member),
        inputs.select("digest_day", words.text("Przegląd tygodnia: dzień"), days, typed),
        inputs.hour("digest_at", words.text("Przegląd tygodnia: godzina"), typed),
    ]
    title, submit, close = words.text("Więcej ustawień"), words.text("Zapisz"), words.text("Zamknij")
    return modal(ids.PREFERENCES_MORE_FORM, title, submit, close, blocks, "")


def saved(words: Words, member: Member) -> str:
    """Say what holds from now on."""
    preferences = member.preferences
    said = words.text(
        "Zapisane. Wiadomości przychodzą w dni robocze od {opens} do {closes}.",
        opens=f"{preferences.opens:%H:%M}",
        closes=f"{preferences.closes:%H:%M}",
    )
    muted = [topic_word(words, topic) for topic in Topic if not preferences.wants(topic)]
    return " ".join([said, *([words.text("Wyłączone: {what}.", what="; ".join(muted))] if muted else [])])


def with_fewer(words: Words, message: Message) -> Message:
    """End an automatic message with the way to fewer of them."""
    own = message.blocks
    fewer = button(words.text("Mniej wiadomości"), ids.FEWER_MESSAGES, "fewer")
    return Message(message.text, (*own, actions("fewer", fewer))) if own else message
