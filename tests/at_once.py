"""Acts at the same moment, as by several workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from smartkirana.errors import Refusal


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all jobs at the same moment, each in its own thread and connection; their results in order, or the refusals they met."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return job()
        except Refusal as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def told(found: Sequence[Any]) -> list[Any]:
    """What `at_once` found, with the code of each refusal in its place."""
    return [one.code if isinstance(one, Refusal) else one for one in found]
