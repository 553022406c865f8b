from smartkirana.errors import Refusal


class ShopError(Refusal):
    """Something about a shop or its people cannot be saved so: the message says why and what to do, fit to show."""
