"""What goes into the API's operations and comes out of them, as one base class."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A shape of JSON, read from objects or dictionaries.

    Not the library's own base class: that looks every value up through Python to find resolvers, of which there are none here, and makes
    a list of a hundred products take half as long again.
    """

    model_config = ConfigDict(from_attributes=True)
