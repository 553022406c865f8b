from smartkirana.errors import Refusal


class StockError(Refusal):
    """Stock cannot move so: the message names the goods and what to do, fit to show."""
