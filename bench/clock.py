"""Timing: warm up, repeat, compare with a floor measured in turn, print one line."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

WARM = 3  # runs before those that count


@dataclass(frozen=True)
class Result:
    """One printed line: what, here and floor (milliseconds unless said), whether the budget was kept."""

    what: str
    here: float
    floor: float | None
    budget: str
    kept: bool


def in_turn(work: Callable[[], object], floor: Callable[[], object], *, times: int, warm: int = WARM) -> tuple[list[float], list[float]]:
    """Milliseconds of `work` and `floor`, A B A B …, so that a machine's drift falls on both."""
    ours, theirs = [], []
    for n in range(times + warm):
        a, b = _once(work), _once(floor)
        if n >= warm:
            ours.append(a)
            theirs.append(b)
    return ours, theirs


def _once(work: Callable[[], object]) -> float:
    gc.disable()
    started = perf_counter()
    work()
    elapsed = (perf_counter() - started) * 1000
    gc.enable()
    return elapsed


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def ratio(what: str, work, floor, *, most: float, times: int = 60, of: Callable[[list[float]], float] = median) -> Result:
    """Median (or p95) against the floor's: at most `most` times it."""
    ours, theirs = in_turn(work, floor, times=times)
    here, base = of(ours), of(theirs)
    name = "p95 " if of is p95 else ""
    return told(Result(what, here, base, f"{name}≤ {most:g} × floor", here <= most * base))


def within(what: str, work, floor, *, most: float, times: int = 60, of: Callable[[list[float]], float] = p95) -> Result:
    """p95 (or another figure) at most `most` milliseconds; the floor stands beside it."""
    ours, theirs = in_turn(work, floor, times=times)
    here, base = of(ours), of(theirs)
    name = "p95" if of is p95 else "median"
    return told(Result(what, here, base, f"{name} ≤ {most:g} ms", here <= most))


def alike(what: str, one, other, *, by: float, times: int = 60) -> Result:
    """The medians differ by at most this part of the larger: nobody can tell the one from the other by its time."""
    ours, theirs = in_turn(one, other, times=times)
    here, base = median(ours), median(theirs)
    return told(Result(what, here, base, f"within {by:.0%} of each other", abs(here - base) <= by * max(here, base)))


def count(what: str, here: float, *, most: float, unit: str) -> Result:
    """A plain figure with a ceiling."""
    return told(Result(what, here, None, f"≤ {most:g} {unit}", here <= most))


def told(r: Result) -> Result:
    floor = f"{r.floor:>9.2f} ms" if r.floor is not None else " " * 12
    times = f"{r.here / r.floor:>7.2f}×" if r.floor else " " * 8
    here = f"{r.here:>9.2f} ms" if r.floor is not None else f"{r.here:>12.0f}"
    print(f"{r.what:54}{here:>12}{floor}{times}   {r.budget} {'✓' if r.kept else '✗ missed'}", flush=True)
    return r
