"""Samples, ratios and the table: every figure has a ceiling beside it, taken in turns with it."""

import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

_BEGAN = time.monotonic()

Sample = Callable[[], Awaitable[float]]
"""Measures once; tells a figure in the unit of its row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """What repetitions gave: median, least and most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(median=median(values), least=min(values), most=max(values))

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.least)}–{_short(self.most)})"

    def as_json(self) -> dict[str, float]:
        return {"median": self.median, "min": self.least, "max": self.most}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table: ours, its ceiling and the ratio of the two, sample by sample.

    ``at_least`` and ``at_most`` are the target of the ratio, ``most`` is one of ours as it is, in its unit; without any
    the line is for information.
    """

    id: str
    what: str
    unit: str
    ours: Spread
    ceiling: Spread | None = None
    ceiling_is: str = ""
    ratio: Spread | None = None
    at_least: float | None = None
    at_most: float | None = None
    most: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Tell whether every target is met by the median; None when there is none."""
        found = []
        if self.ratio is not None and self.at_least is not None:
            found.append(self.ratio.median >= self.at_least)
        if self.ratio is not None and self.at_most is not None:
            found.append(self.ratio.median <= self.at_most)
        if self.most is not None:
            found.append(self.ours.median <= self.most)
        return all(found) if found else None

    @property
    def target(self) -> str:
        of_ratio = [f"{sign} {value:g}" for sign, value in (("≥", self.at_least), ("≤", self.at_most)) if value]
        return ", ".join(of_ratio + ([f"ours ≤ {self.most:g} {self.unit}"] if self.most is not None else []))

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours.as_json(),
            "ceiling": self.ceiling.as_json() if self.ceiling else None,
            "ceiling_is": self.ceiling_is,
            "ratio": self.ratio.as_json() if self.ratio else None,
            "target": self.target,
            "met": self.met,
            "facts": self.facts,
        }


def beside(ours: Sequence[float], ceiling: Sequence[float], **row: Any) -> Row:
    """Make a row of samples that were taken in turns; each ratio is of neighbours in time."""
    ratios = [one / other for one, other in zip(ours, ceiling, strict=True)]
    return Row(ours=Spread.of(ours), ceiling=Spread.of(ceiling), ratio=Spread.of(ratios), **row)


async def in_turns(
    repetitions: int, ours: Sample, ceiling: Sample, *, warm_up: bool = True
) -> tuple[list[float], list[float]]:
    """Measure both in turns, after one round that is thrown away; who begins changes every time."""
    if warm_up:
        await ceiling()
        await ours()
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(repetitions):
        for measured, samples in ((ours, mine), (ceiling, theirs))[:: 1 if number % 2 else -1]:
            samples.append(await measured())
    return mine, theirs


def percentile(values: Sequence[float], share: float) -> float:
    """Tell the value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def say(text: str) -> None:
    """Tell on standard error how far the run has come, after how many seconds."""
    print(f"{time.monotonic() - _BEGAN:5.0f} s  {text}", file=sys.stderr, flush=True)


def table(rows: Sequence[Row]) -> str:
    """Write the rows for people."""
    lines = []
    for row in rows:
        verdict = {True: "met", False: "NOT MET", None: ""}[row.met]
        lines.append(f"{row.id:<6} {row.what}")
        lines.append(f"         ours     {row.ours} {row.unit}")
        if row.ceiling is not None:
            lines.append(f"         ceiling  {row.ceiling} {row.unit}: {row.ceiling_is}")
        if row.ratio is not None:
            lines.append(f"         ratio    {row.ratio}   target {row.target or '-'}   {verdict}")
        elif row.target:
            lines.append(f"         target {row.target}   {verdict}")
        lines.extend(f"         {name}: {value}" for name, value in row.facts.items())
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
