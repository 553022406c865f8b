from smartkirana.errors import Refusal


class LedgerError(Refusal):
    """The books refuse: the message says why, fit to show."""
