"""Amounts in English words as bills and cheques carry them: lakh, crore, rupees and paise."""

from decimal import Decimal

from smartkirana.money import money

# fmt: off
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_PLACES = ((10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand"), (100, "hundred"))


def rupees_in_words(amount: Decimal) -> str:
    """Such as "Rupees one lakh twenty-three thousand four hundred fifty-six and fifty paise only".

    Rounds to the paisa first. Above a crore the crores are counted in the same words:
    9,999 crore is "nine thousand nine hundred ninety-nine crore".
    """
    exact = money(amount)
    whole, paise = divmod(abs(int(exact * 100)), 100)
    parts = []
    if whole or not paise:
        parts.append("rupees " + number_in_words(whole))
    if paise:
        parts.append(number_in_words(paise) + (" paisa" if paise == 1 else " paise"))
    text = ("minus " if exact < 0 else "") + " and ".join(parts) + " only"
    return text[0].upper() + text[1:]


def number_in_words(n: int) -> str:
    """A whole number from zero up in Indian English: 1_05_000 is "one lakh five thousand"."""
    if n < 0:
        raise ValueError("words are for numbers from zero up")
    if n < 20:
        return _SMALL[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
    size, name = next(place for place in _PLACES if n >= place[0])
    count, rest = divmod(n, size)
    return f"{number_in_words(count)} {name}" + (f" {number_in_words(rest)}" if rest else "")
