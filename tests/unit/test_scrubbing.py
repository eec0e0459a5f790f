"""What must not be told is taken out of every line of the log, wherever in it it stands, and no line is forged."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pim_bot.scrubbing import LONGEST, keep_out, scrubbed, scrubbed_text
from pim_bot.settings import Settings

OWN = "Zażółć-gęślą/jaźń+7"  # a secret with everything that addresses and JSON write in another way
TOKEN = "mR3v_kq1-Zt0aXc9LwPq8sYbN4dEfGh7JkUiOpQrStU"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("token xoxb-1-2-aBc refused", "token [secret] refused"),
        ("xoxe.xoxp-1-Mi0yLTEyMw and xoxe-1-My0x", "[secret] and [secret]"),
        ("'xapp-1-A0B-1-abc'", "'[secret]'"),
        ("https://hooks.slack.com/commands/T1/2/abc", "https://hooks.slack.com/[token]"),
        ("postgresql://pim:tajne@baza.example.org/pim", "postgresql://pim:[password]@baza.example.org/pim"),
        ("redis://:ta:jne@kolejka:6379/0", "redis://:[password]@kolejka:6379/0"),
        ("postgresql://pim@baza.example.org/pim", "postgresql://pim@baza.example.org/pim"),
        ("http://hub.example.org:8080/readyz", "http://hub.example.org:8080/readyz"),
        ("wss://wss-primary.slack.com/link/?ticket=abc-1&x=2", "wss://wss-primary.slack.com/link/?ticket=[token]&x=2"),
        (f"GET /ical/moje/{TOKEN}.ics", "GET /ical/moje/[token].ics"),
        (f"/panel/{TOKEN}?x=1", "/panel/[token]?x=1"),
        ("/ical/siec/miasto-zielone.ics", "/ical/siec/miasto-zielone.ics"),
        ("anna.nowak+pim@urzad.zory.pl, b@c.pl", "[e-mail], [e-mail]"),
        ("mailto:zażółć@gęślą.example.org", "mailto:[e-mail]"),
        ("activity 018f6b1e0c5b7d3e8f9a0b1c2d3e4f50 moved", "activity 018f6b1e0c5b7d3e8f9a0b1c2d3e4f50 moved"),
        ("@channel i a@b", "@channel i a@b"),
    ],
)
def test_what_is_taken_out_and_what_stays(said: str, told: str) -> None:
    assert scrubbed_text(said) == told


def test_secrets_in_use_are_known_in_every_form() -> None:
    keep_out([OWN, "short"])
    said = f"{OWN} %C5%BB {OWN!r} Za%C5%BC%C3%B3%C5%82%C4%87-g%C4%99%C5%9Bl%C4%85%2Fja%C5%BA%C5%84%2B7 short"
    assert scrubbed_text(said) == "[secret] %C5%BB '[secret]' [secret] short"


class Odd:
    def __repr__(self) -> str:
        return "<Odd xoxb-1-of-odd>"


def test_nothing_is_too_deep_for_it() -> None:
    deep: Any = "xoxb-1-deep"
    for _ in range(20):
        deep = [deep]
    found = scrubbed(
        {"a": [{"b": ("xoxb-1-b", {"xapp-1-c": 1})}], "odd": Odd(), "bytes": b"xoxb-1-d", "n": 1, "deep": deep}
    )
    assert "xox" not in repr(found)
    assert "xapp" not in repr(found)
    assert (found["n"], found["a"]) == (1, [{"b": ["[secret]", {"[secret]": 1}]}])


@given(some.text(some.sampled_from("xob-ap@.:/żA1 \n\"'?=&%["), max_size=200))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once = scrubbed_text(text)
    assert "xoxb-a" not in once
    assert scrubbed_text(once) == once


@pytest.mark.parametrize("piece", ["a", "a.", "://a:", "/a", "xoxb-", "a@", "a@a.", "?key=", "@", "://", "xoxe.xox"])
def test_strangers_cannot_make_it_slow(piece: str) -> None:
    """Were a pattern to try again and again, this would take minutes in place of milliseconds."""
    text = piece * (LONGEST // len(piece))
    for _ in range(5):
        assert len(scrubbed_text(text * 2)) <= 2 * LONGEST


def test_every_secret_of_the_settings_is_known() -> None:
    settings = Settings.model_validate(
        {
            "database_url": "postgresql://pim:of%40the-database@h/x",
            "broker_url": "amqp://a:of-the-broker@h/;amqp://a:of-the-second@h/",
            "secret_key": "first-secret-key,second-secret-key",
            "SLACK_SIGNING_SECRET": "signing-one,signing-two",
            "SLACK_BOT_TOKEN": "xoxb-bot",
            "SLACK_APP_TOKEN": "xapp-app",
            "metrics_token": "of-the-metrics",
        }
    )
    passwords = {"of%40the-database", "of-the-broker", "of-the-second"}
    keys = {"first-secret-key", "second-secret-key", "signing-one", "signing-two"}
    assert set(settings.secrets) >= {"xoxb-bot", "xapp-app", "of-the-metrics"} | keys | passwords


PROGRAM = """
import asyncio, logging, sys, threading, warnings
import structlog
from pim_bot.logs import set_up_logging
from pim_bot.scrubbing import keep_out
keep_out(["canary-secret-1"])
set_up_logging(for_people={for_people})
log = structlog.get_logger("ours")
log.info("canary-secret-1", key="xoxb-1-canary", deep={{"a": ["canary-secret-1"]}}, mail="kanarek@example.org")
log.info("forged\\n{{\\"event\\": \\"forged\\"}}\\r\\nforged", value="x\\nforged\\x1b[2J\\u2028")
try:
    raise ValueError("postgresql://u:canary-password@h/x\\nforged line")
except ValueError:
    log.exception("failed")
    logging.getLogger("library").exception("of a library %s %s", "canary-secret-1", {{"k": "xapp-1-canary"}})
warnings.warn("canary-secret-1")
threading.Thread(target=lambda: 1 / 0 if not keep_out(["canary-thread"]) and (_ for _ in ()).throw(
    RuntimeError("canary-thread canary-secret-1")) else 0).start()
async def lose():
    asyncio.get_running_loop().call_soon(lambda: (_ for _ in ()).throw(KeyError("canary-secret-1")))
    await asyncio.sleep(0.01)
asyncio.run(lose())
raise RuntimeError("canary-secret-1 at the end")
"""


@pytest.mark.parametrize("for_people", [False, True])
def test_no_line_of_a_program_tells_a_secret_or_is_forged(for_people: bool) -> None:  # noqa: FBT001
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(for_people=for_people)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    assert "canary" not in run.stderr + run.stdout
    assert "kanarek" not in run.stderr
    assert "[secret] at the end" in run.stderr
    assert run.stderr.count("ValueError") >= 2
    if not for_people:
        entries = [json.loads(line) for line in run.stderr.splitlines() if line.startswith("{")]
        assert [entry["event"] for entry in entries[:4]] == [
            "[secret]",
            'forged\n{"event": "forged"}\r\nforged',
            "failed",
            "of a library [secret] {'k': '[secret]'}",
        ]
    assert not any(line.startswith(("forged\x1b", '{"event": "forged"')) for line in run.stderr.splitlines())


def test_the_root_has_one_handler_only() -> None:
    """A library that writes past it would write unscrubbed."""
    handlers = {name: logging.getLogger(name).handlers for name in logging.root.manager.loggerDict}
    writing = {name for name, found in handlers.items() if any(type(one) is not logging.NullHandler for one in found)}
    assert writing == set()
