"""Whatever the data: each message and view of the house is within Block Kit's limits, harmless, and says its point.

Every builder in ``pim_bot/blocks`` is found by what it gives back and called with data made from the types of what it
takes: lists of 0 to 10,000 items, texts of none to 40,000 signs, both languages. A builder that cannot be called so
fails here, and so does one that gives back something that is not looked at.
"""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from pim_bot import blocks as house
from pim_bot.blocks.elements import Message, actions, button, escape, header, link, section
from pim_bot.blocks.limits import broken_limits, broken_message, broken_options, broken_view
from pim_bot.i18n import LANGUAGES, Words
from tests.unit.anything import Anything

Builder = Callable[..., Any]
Json = dict[str, Any]

PIECES = {"elements", "inputs", "limits", "markup", "printed", "letter"}
"""Modules of pieces, of which the others make messages; of checks; and of what is printed and never sent to chat."""

HARMLESS = re.compile(r"<https?://[^<>| ]+>|<https://t1\.slack\.com/[^<>|]*\|[^<>|]+>")
"""A link that shows where it leads; or one of ours to a message, with our own label."""
_TOKEN = re.compile(r"<[^<>]*>?")
_BARE = re.compile(r"&(?!amp;|lt;|gt;)")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

MENTIONS = "<!channel> <!here> <@U1> <#C1|x> <!subteam^S1> <https://zle.example|nasz.bank> &lt;!channel&gt; {x} %s "
UNSEEN = "\u202emoc\u202c \u2066a\u2069 NUL\x00 \x07\x9b\u200f nl\n\r\n\t *b* _i_ ~s~ `c` "
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
CASES: list[tuple[str, tuple[int, ...]]] = [
    ("", (0,)),
    ("", (3, 2)),
    (" \n\u200b", (2,)),
    ("Żory", (0,)),
    ("Żory", (1,)),
    (MENTIONS, (2,)),
    (UNSEEN, (3, 3)),
    (f"{MENTIONS}{UNSEEN}"[:149], (12, 3)),
    (FAMILY * 40, (11, 2)),
    ("&" * 150, (31, 3, 1)),
    ("&" * 150, (2, 31, 2)),
    ("ż" * 150, (101, 2, 1)),
    ("&" * 3000, (11, 2)),
    (MENTIONS * 400, (2,)),
    (UNSEEN * 700, (2,)),
    ("<" * 40_000, (6, 3)),
    ("Z\u0301\u0302" * 13_000, (2,)),
    ("<!here> & Żory", (10_000, 2, 1)),
    ("<!here> & Żory", (2, 10_000, 1)),
]
FEW, SEEDS = 20, 4
"""With few items everything is tried with several turns of chance; with many once."""


def builders() -> dict[str, Builder]:
    """Everything public in ``pim_bot/blocks`` that makes something for the chat."""
    found = {}
    for module in pkgutil.iter_modules(house.__path__):
        if module.name in PIECES:
            continue
        loaded = importlib.import_module(f"{house.__name__}.{module.name}")
        for name, made in vars(loaded).items():
            if inspect.isfunction(made) and made.__module__ == loaded.__name__ and not name.startswith("_"):
                found[f"{module.name}.{name}"] = made
    return {name: made for name, made in found.items() if not _is_for_others(made)}


def _is_for_others(builder: Builder) -> bool:
    """Words, sizes and what is typed: texts, cards and facts that other builders make blocks of, and escape."""
    made = get_type_hints(builder)["return"]
    if any(is_dataclass(one) and one is not Message for one in get_args(made)):
        return True
    return made in (str, bool, list[str], dict[str, Any] | None) or builder.__name__ in (
        "typed_details",
        "typed_times",
        "end_moved_along",
        "day_of",
        "topics_for",
    )


BUILDERS = builders()


def faults_of(made: Any) -> list[str]:
    """Everything that is wrong with what a builder gave back."""
    if isinstance(made, Message):
        payload = made.as_payload()
        view = {"type": "home", "blocks": payload.get("blocks")}
        return (broken_view(view) if made.is_home else broken_message(payload)) + harm_in(payload)
    if isinstance(made, tuple):  # lines, and the blocks that show them on Home
        return faults_of(Message("\n".join(made[0]), tuple(made[1]), is_home=True))
    if isinstance(made, list):
        return broken_limits("message", _as_blocks(made)) + harm_in(made)
    if "options" in made or made["type"] in ("modal", "home"):
        return (broken_options(made) if "options" in made else broken_view(made)) + harm_in(made)
    return faults_of([made])


def _as_blocks(made: list[Json]) -> list[Json]:
    """Put buttons into a row."""
    return [{"type": "actions", "elements": made}] if made and made[0]["type"] == "button" else made


def harm_in(payload: Any) -> list[str]:
    """What the chat would take for a mention, a strange link or a direction; what is cut in the middle or blank."""
    faults = []
    for kind, text in said_in(payload):
        faults += [f"not harmless: {one!r}" for one in _UNSEEN.findall(text)]
        faults += ["blank"] if not text.strip() else []
        if kind != "plain_text":
            faults += [f"token {one!r}" for one in _TOKEN.findall(text) if not HARMLESS.fullmatch(one)]
            faults += [f"bare & before {text[one.end() :][:10]!r}" for one in _BARE.finditer(text)]
    json.dumps(payload).encode()
    return [one[:200] for one in faults]


def said_in(part: Any) -> Iterator[tuple[str, str]]:
    """Everything that is shown, with how the chat formats it; what is typed into a field comes back as it is."""
    if isinstance(part, Mapping):
        if isinstance(part.get("text"), str):
            yield str(part.get("type", "mrkdwn")), part["text"]
        for name, value in part.items():
            if name not in ("text", "initial_value") or not isinstance(value, str):
                yield from said_in(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from said_in(value)


def typed_into(view: Json, make: Anything) -> Json:
    """Fill in every field of a form by its sort, as somebody could, or could send without the form."""
    typed: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            known = [one["value"] for one in element.get("options", [])]
            typed[block["block_id"]] = {
                "plain_text_input": make.text,
                "number_input": "12",
                "datepicker": "2022-10-30",
                "timepicker": "02:30",
                "datetimepicker": 1_650_000_000,
                "static_select": known[-1] if known else "none",
                "radio_buttons": known[-1] if known else "none",
            }.get(element["type"], known or [make.new_id()])
    return typed


def made_by(builder: Builder, make: Anything, **given: Any) -> Any:
    """Call a builder; a form is made once empty and once filled in."""
    arguments = make.arguments(builder, **given)
    made = builder(**arguments)
    if "typed" in arguments and isinstance(made, dict) and made.get("type") == "modal":
        assert faults_of(made) == []
        made = builder(**arguments | {"typed": typed_into(made, make)})
    return made


def test_every_module_of_messages_and_views_is_walked() -> None:
    assert len(BUILDERS) > 100
    assert {module.name for module in pkgutil.iter_modules(house.__path__)} >= PIECES


@pytest.mark.parametrize("name", BUILDERS)
def test_whatever_the_data_it_is_legal_and_harmless(name: str) -> None:
    builder = BUILDERS[name]
    says = "words" in get_type_hints(builder)
    for number, (text, sizes) in enumerate(CASES):
        for seed in range(SEEDS if max(sizes) < FEW else 1):
            make = Anything(text=text, sizes=sizes, seed=seed)
            language = LANGUAGES[(seed + number) % 2]
            made = made_by(builder, make, **({"words": Words(language)} if says else {}))
            assert made is None or faults_of(made) == [], (text[:20], len(text), sizes, seed, language)


def test_what_is_cut_ends_in_no_half_link_or_entity() -> None:
    for length in range(1, 60):
        said = section(f"{'&amp;' * 3}{'x' * (2950 + length)} {link('https://x.pl/?a=1&b=2')} &amp;")["text"]["text"]
        assert len(said) <= 3000
        assert harm_in([{"type": "mrkdwn", "text": said}]) == []


def test_a_message_that_is_too_long_together_loses_of_its_longest_texts_only() -> None:
    short, long = section("Wezmę udział"), section("ż" * 3000)
    row = actions("row", button("Wezmę udział", "attend.going", "1"))
    payload = Message("x", (short, *[long] * 5, row)).as_payload()
    assert broken_message(payload) == []
    assert [payload["blocks"][0], payload["blocks"][-1]] == [short, row]
    assert {len(block["text"]["text"]) for block in payload["blocks"][1:-1]} == {2187}


def test_what_nobody_can_see_or_read_is_not_said_and_nothing_is_said_as_a_dash() -> None:
    assert header("Faktura\u202egpj.exe\x00\ud800")["text"]["text"] == "Fakturagpj.exe"
    assert escape("\u2066a\u2069\x9b<b>") == "a&lt;b&gt;"
    assert [one["text"]["text"] for one in (header(""), section(" "), section(escape("\x00")))] == ["–"] * 3
    assert Message("").as_payload() == {"text": "–"}
