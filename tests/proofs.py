"""How far the long proofs go: a part of the way in each run of the suite, the whole way with `make prove`."""

from __future__ import annotations

import os

WHOLE = os.environ.get("PROVE") == "1"


def share(whole: int, *, part: int = 10) -> int:
    """`whole` with `make prove`; else one `part`-th of it, one at least."""
    return whole if WHOLE else max(whole // part, 1)
