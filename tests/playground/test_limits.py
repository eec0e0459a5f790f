"""Block Kit's limits: at the limit it passes, one beyond it is named; the SDK's models agree where they look at all."""

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from pim_bot.blocks.limits import Surface, broken_limits, broken_message, broken_options, broken_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def options(count: int, text: str = "o") -> list[Json]:
    return [{"text": plain(f"{text}{number}"), "value": str(number)} for number in range(count)]


def section(length: int) -> Json:
    return {"type": "section", "text": mrkdwn("x" * length)}


def fields(count: int, length: int = 1) -> Json:
    return {"type": "section", "fields": [mrkdwn("x" * length) for _ in range(count)]}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "a", "text": plain("Zapisz"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def many_buttons(count: int) -> Json:
    return actions(*[button(action_id=f"a{number}") for number in range(count)])


def element(kind: str, **more: Any) -> Json:
    return actions({"type": kind, "action_id": "a", **more})


def with_input(kind: str, **more: Any) -> Json:
    return {"type": "input", "label": plain("Tytuł"), "element": {"type": kind, "action_id": "a", **more}}


def confirm(**more: str) -> Json:
    texts = {"title": "Tak?", "text": "Na pewno?", "confirm": "Tak", "deny": "Nie", **more}
    return {name: plain(text) for name, text in texts.items()}


def view(**more: Any) -> Json:
    return {"type": "modal", "title": plain("Okno"), "submit": plain("Zapisz"), "blocks": [], **more}


AT_THE_LIMIT: list[tuple[Json, Json, str]] = [
    (section(3000), section(3001), "/blocks/0/text/text: 3001 characters, at most 3000"),
    (fields(10), fields(11), "/blocks/0/fields: 11 items, at most 10"),
    ({"type": "header", "text": plain("x" * 150)}, {"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    (many_buttons(25), many_buttons(26), "/blocks/0/elements: 26 items, at most 25"),
    (
        {"type": "context", "elements": [mrkdwn("x")] * 10},
        {"type": "context", "elements": [mrkdwn("x")] * 11},
        "/blocks/0/elements: 11 items, at most 10",
    ),
    (actions(button(text=plain("x" * 75))), actions(button(text=plain("x" * 76))), "/blocks/0/elements/0/text/text"),
    (actions(button(value="x" * 2000)), actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
    (
        actions(button(url="https://e.org/" + "x" * 2986)),
        actions(button(url="https://e.org/" + "x" * 2987)),
        "/blocks/0/elements/0/url",
    ),
    (actions(button(action_id="x" * 255)), actions(button(action_id="x" * 256)), "/blocks/0/elements/0/action_id"),
    (section(1) | {"block_id": "x" * 255}, section(1) | {"block_id": "x" * 256}, "/blocks/0/block_id"),
    (
        actions(button(confirm=confirm(title="x" * 100))),
        actions(button(confirm=confirm(title="x" * 101))),
        "/blocks/0/elements/0/confirm/title/text",
    ),
    (
        element("static_select", options=options(100)),
        element("static_select", options=options(101)),
        "/blocks/0/elements/0/options: 101 items, at most 100",
    ),
    (
        element("overflow", options=options(5)),
        element("overflow", options=options(6)),
        "/blocks/0/elements/0/options: 6 items, at most 5",
    ),
    (
        element("static_select", options=options(1), placeholder=plain("x" * 150)),
        element("static_select", options=options(1), placeholder=plain("x" * 151)),
        "/blocks/0/elements/0/placeholder/text",
    ),
    (
        {"type": "image", "image_url": "https://e.org/a.png", "alt_text": "x" * 2000},
        {"type": "image", "image_url": "https://e.org/a.png", "alt_text": "x" * 2001},
        "/blocks/0/alt_text",
    ),
    (
        with_input("plain_text_input") | {"label": plain("x" * 2000)},
        with_input("plain_text_input") | {"label": plain("x" * 2001)},
        "/blocks/0/label/text",
    ),
]


def sdk_refuses(block: Json) -> bool:
    try:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.to_dict()
    except SlackObjectFormationError:
        return True
    return False


@pytest.mark.parametrize(("fits", "breaks", "sentence"), AT_THE_LIMIT)
def test_a_limit_is_held_and_the_sdk_agrees(fits: Json, breaks: Json, sentence: str) -> None:
    assert broken_limits("modal", [fits]) == []
    assert [found[: len(sentence)] for found in broken_limits("modal", [breaks])] == [sentence]
    assert (sdk_refuses(fits), sdk_refuses(breaks)) == (False, True)


BEYOND_THE_SDK: list[tuple[Json, str]] = [
    (section(0), "/blocks/0/text/text: must have at least 1 character"),
    (fields(1, 2001), "/blocks/0/fields/0/text: 2001 characters, at most 2000"),
    (actions(button(), button()), "/blocks/0/elements: action_id “a” is used twice"),
    (element("static_select", options=[]), "/blocks/0/elements/0/options: must hold at least 1 item"),
    (element("radio_buttons", options=options(11)), "/blocks/0/elements/0/options: 11 items, at most 10"),
    (
        element("static_select", options=options(1, "x" * 75)),
        "/blocks/0/elements/0/options/0/text/text: 76 characters, at most 75",
    ),
    (with_input("plain_text_input", max_length=3001), "/blocks/0/element/max_length: must be 1 to 3000"),
    (element("checkboxes", options=options(11)), "/blocks/0/elements/0/options: 11 items, at most 10"),
]


@pytest.mark.parametrize(("block", "sentence"), BEYOND_THE_SDK)
def test_what_the_sdk_lets_through_is_named_here(block: Json, sentence: str) -> None:
    assert broken_limits("message", [block]) == [sentence]
    assert not sdk_refuses(block)


def test_the_value_of_an_option_may_have_150_characters() -> None:
    fits, breaks = ([{"text": plain("o"), "value": "x" * length}] for length in (150, 151))
    assert broken_limits("message", [element("static_select", options=fits)]) == []
    assert broken_limits("message", [element("static_select", options=breaks)]) == [
        "/blocks/0/elements/0/options/0/value: 151 characters, at most 150"
    ]


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_the_number_of_blocks(surface: Surface, most: int) -> None:
    assert broken_limits(surface, [section(1)] * most) == []
    assert broken_limits(surface, [section(1)] * (most + 1)) == [f"/blocks: {most + 1} blocks, at most {most}"]


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ([section(1) | {"block_id": "b"}, section(1) | {"block_id": "b"}], "/blocks: block_id “b” is used twice"),
        ([{"type": "section"}], "/blocks/0: needs text or fields"),
        ([{"type": "marquee"}], "/blocks/0: unsupported type: marquee"),
        ([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text: type must be plain_text"),
        ([element("multi_static_select", options=options(1))], "/blocks/0/elements/0: unsupported element: multi_"),
        ([with_input("button")], "/blocks/0/element: unsupported element: button"),
        ([actions(button(style="green"))], "/blocks/0/elements/0/style: must be primary or danger"),
        ([element("datepicker", initial_date="10.01.2022")], "/blocks/0/elements/0/initial_date: must look like"),
        (
            [element("static_select", options=options(1), initial_option=options(2)[1])],
            "/blocks/0/elements/0: an initial option is not among the options",
        ),
        ([{"type": "alert", "text": plain("x")}], "/blocks/0: alert is not allowed in a message"),
        ([{"type": "table", "rows": [[plain("x")] * 21]}], "/blocks/0/rows/0: 21 cells, 1 to 20"),
        ([{"type": "markdown", "text": "x" * 7000}] * 2, "/blocks: 14000 characters of markdown, at most 12000"),
        (["text"], "/blocks/0: must be an object"),
        (
            [with_input("multi_external_select", initial_options=options(1, "x" * 75))],
            "/blocks/0/element/initial_options/0/text/text: 76 characters, at most 75",
        ),
        (
            [with_input("external_select", initial_option=options(1)[0] | {"value": "x" * 151})],
            "/blocks/0/element/initial_option/value: 151 characters, at most 150",
        ),
        (
            [with_input("number_input", is_decimal_allowed=False, min_value="0", initial_value="401", max_value="400")],
            "/blocks/0/element: min_value, initial_value and max_value must rise",
        ),
        (
            [with_input("number_input", is_decimal_allowed=False, initial_value="dwa")],
            "/blocks/0/element: its values must be numbers in strings",
        ),
    ],
)
def test_what_else_is_refused(blocks: list[Any], sentence: str) -> None:
    assert [found[: len(sentence)] for found in broken_limits("message", blocks)] == [sentence]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": plain("x" * 25)}, "/title/text: 25 characters, at most 24"),
        ({"submit": plain("x" * 25)}, "/submit/text: 25 characters, at most 24"),
        ({"private_metadata": "x" * 3001}, "/private_metadata: 3001 characters, at most 3000"),
        ({"callback_id": "x" * 256}, "/callback_id: 256 characters, at most 255"),
    ],
)
def test_a_view_has_limits_of_its_own(more: Json, sentence: str) -> None:
    assert broken_view(view(**more)) == [sentence]
    with pytest.raises(SlackObjectFormationError):
        View(**view(**more)).to_dict()


def test_a_message_has_limits_of_its_own() -> None:
    blocks = [section(2750)] * 4
    assert broken_message({"text": "x" * 4000, "blocks": blocks}) == []
    assert broken_message({"text": "x" * 4001}) == ["/text: 4001 characters, at most 4000"]
    assert broken_message({"text": ""}) == ["/text: must have at least 1 character"]
    assert broken_message({"text": "x", "blocks": [*blocks, section(1)]}) == [
        "/blocks: 11001 characters of text, at most 11000 together"
    ]


def test_a_view_with_fields_needs_a_submit_button() -> None:
    blocks = [with_input("plain_text_input")]
    assert broken_view(view(blocks=blocks)) == []
    assert broken_view(view(blocks=blocks, submit=None)) == ["/submit: is required when there is an input block"]


def test_a_view_is_a_modal_or_a_home_tab() -> None:
    assert broken_view({"type": "dialog"}) == ["/type: must be modal or home"]
    assert broken_view({"type": "home", "blocks": [section(1)]}) == []
    assert broken_view({"type": "modal", "title": plain("Okno")}) == ["/blocks: must be a list"]


def test_suggested_options_are_a_hundred_at_most() -> None:
    assert broken_options({"options": []}) == []
    assert broken_options({"options": options(100)}) == []
    assert broken_options({"options": options(101)}) == ["/options: 101 items, at most 100"]
    assert broken_options({}) == ["/: needs either options or option_groups"]
