"""The barcodes of the loaded shop."""

from __future__ import annotations

import random

from catalog.barcodes import in_store_ean


def some_codes(count: int) -> list[str]:
    """So many different codes of the 20,000, each time others."""
    return [in_store_ean("21", n) for n in random.sample(range(20_000), count)]
