from smartkirana.errors import Refusal


class CatalogError(Refusal):
    """A product, category or import cannot be saved so: the message says why and what to do, fit to show."""
