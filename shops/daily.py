"""The job of each morning on this floor."""

from __future__ import annotations

from shops.codes import purge_codes
from shops.rates import purge_rates


def tidy_up() -> dict[str, int]:
    """Throw away old codes and counts that are over; how many of each."""
    return {"codes": purge_codes(), "counts": purge_rates()}
