from smartkirana.errors import Refusal


class OrderError(Refusal):
    """A bill cannot be made or changed so: the message says why and what to do, fit to show."""


class UnknownCode(OrderError):
    """A code that nothing has; `unknown` is all of it, as scanned, so that a product can be made with it ("" when none can)."""

    def __init__(self, code: str, message: str, unknown: str) -> None:
        super().__init__(code, message, "code")
        self.unknown = unknown
