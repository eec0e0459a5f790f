"""Puts the hub together and runs it; the only place that names concrete classes.

``building`` makes the parts, ``parts`` says which there are, ``running`` runs them, ``opening`` opens a hub that is
there.
"""

from pim_bot.bootstrap.building import put_together
from pim_bot.bootstrap.opening import opened_hub
from pim_bot.bootstrap.parts import CLOCK, EVERYTHING, WEB, WORKER, Parts
from pim_bot.bootstrap.running import background, run, serving, stop_signal

__all__ = [
    "CLOCK",
    "EVERYTHING",
    "WEB",
    "WORKER",
    "Parts",
    "background",
    "opened_hub",
    "put_together",
    "run",
    "serving",
    "stop_signal",
]
