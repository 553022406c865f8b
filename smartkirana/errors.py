"""The one family of errors whose words are written for the person at the counter."""


class Refusal(Exception):
    """An act was refused by a rule of the shop, the law or the books; nothing was written.

    code     short and stable, for tests and the API: "not_enough_stock"
    message  one or two plain sentences fit to show: what is wrong and what to do
    field    name of the form field it belongs to, if it belongs to one

    Each app has its own subclass. Views turn it into a form error; nothing else catches it.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(code, message, field)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return self.message
