from smartkirana.errors import Refusal


class OrderError(Refusal):
    """A bill cannot be made or changed so: the message says why and what to do, fit to show."""
