"""Text as people type it: a form to search by, and names made safe to keep and show."""

import unicodedata

MAX_WORDS = 40
MAX_WORD = 40

_NUKTA_CLASS = 7  # the combining class of the nukta in every Indian script that has one
_JOINERS = "\u200c\u200d"
# Letters by category, yet drawn as nothing: a name of these alone would look empty.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u3164\uffa0")


def normalise(text: str) -> str:
    """The search form: what is equal here is found by the other spelling.

    Case, Latin accents, nukta (ज़ = ज), full-width forms and joiners make no difference, Indian
    digits are read as 0-9, and every run of anything but letters, digits and their marks is
    one space. Vowel signs stay: कि is not का. Applying it twice changes nothing.
    """
    if text.isascii():
        return " ".join(_plain(text.casefold()).split())
    folded = text
    for _ in range(2):  # a compatibility form may open up capitals, and a folding new marks
        folded = unicodedata.normalize("NFKD", folded.casefold())
    kept = unicodedata.normalize("NFC", _without_accents(folded))
    return " ".join(kept.split())


def words(text: str) -> list[str]:
    """The different words of the search form in their order, at most 40 of at most 40 letters."""
    unique = dict.fromkeys(word[:MAX_WORD] for word in normalise(text).split())
    return list(unique)[:MAX_WORDS]


def clean_name(text: str) -> str:
    """A name as the person meant it, in one line, fit to store and to print.

    Control characters and invisible ones that turn the writing direction around are taken
    out; every script, emoji, and the joiners inside Indian words and emoji stay.
    """
    kept: list[str] = []
    for character in text:
        if character in _JOINERS:
            if kept and _may_join(kept[-1]):
                kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) not in ("Cc", "Cf", "Cs") and character not in _BLANK_LETTERS:
            kept.append(character)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _plain(text: str) -> str:
    return "".join(character if character.isalnum() else " " for character in text)


def _without_accents(text: str) -> str:
    kept: list[str] = []
    after_latin = False
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "M":
            if not (after_latin or _is_dropped_mark(character)):
                kept.append(character)
        elif category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
            after_latin = True  # marks on a digit are decoration (keycap emoji)
        elif category[0] in "LN":
            kept.append(character)
            after_latin = _is_latin(character)
        elif category != "Cf" and character not in _BLANK_LETTERS:
            kept.append(" ")
            after_latin = True  # so is a mark with nothing to stand on
    return "".join(kept)


def _is_latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN")


def _is_dropped_mark(character: str) -> bool:
    invisible = "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0100"
    return invisible or unicodedata.combining(character) == _NUKTA_CLASS


def _may_join(before: str) -> bool:
    """A joiner has work to do after a letter or mark of a joining script, or after an emoji."""
    kind = unicodedata.category(before)
    return kind in ("Lo", "Mn", "Mc", "So", "Sk")
