"""The house's sentences in other languages: found in the sources, kept in `.po` files, compiled to `.mo` by Python alone.

`manage.py messages` does the work. gettext's own tools are not needed, so that anybody can add a sentence on any machine.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

APPS = ("smartkirana", "ledger", "orders", "inventory", "catalog", "shops")
LEFT_OUT = {"migrations", "locale"}
# What each function's first arguments are: c(ontext), s(ingular), p(lural).
FUNCTIONS = {"gettext": "s", "pgettext": "cs", "ngettext": "sp", "npgettext": "csp"}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(npgettext|pgettext|ngettext|gettext|_)\(({LITERAL}(?:, ?{LITERAL})*)")
MARKS = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
HEADER = {
    "Project-Id-Version": "SmartKirana",
    "Language": "hi",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class Sentence(NamedTuple):
    """What is to be translated: the English words, the plural if there are two forms, and a context that tells like words apart."""

    words: str
    plural: str = ""
    context: str = ""


# --- finding --------------------------------------------------------------------------------------------------
def in_template(source: str) -> set[Sentence]:
    """The sentences of `{% translate %}`, `{% blocktranslate %}` and `_("…")` in a template."""
    calls = CALL.finditer(templatize(source))
    return {_sentence("gettext" if name == "_" else name, ast.literal_eval(f"({args},)")) for name, args in (c.groups() for c in calls)}


def in_python(source: str) -> set[Sentence]:
    """The sentences given to Django's translation functions, by whatever name they were imported."""
    tree = ast.parse(source)
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {one.asname or one.name: re.sub(r"_(lazy|noop)$", "", one.name) for one in node.names}
    return set(_calls(tree, {name: kind for name, kind in names.items() if kind in FUNCTIONS}))


def _calls(tree: ast.AST, names: dict[str, str]) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            kind = names[node.func.id]
            given = node.args[: len(FUNCTIONS[kind])]
            if all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in given):
                yield _sentence(kind, [one.value for one in given])


def _sentence(kind: str, given: Iterable[str]) -> Sentence:
    parts = dict(zip(FUNCTIONS[kind], given, strict=False))
    return Sentence(parts["s"], parts.get("p", ""), parts.get("c", ""))


def in_house(root: Path) -> dict[Sentence, list[str]]:
    """Every sentence of the sources, with the files it stands in."""
    found: dict[Sentence, list[str]] = {}
    templates = (path for kind in ("*.html", "*.txt") for path in root.glob(f"templates/**/{kind}"))
    modules = (path for app in APPS for path in root.glob(f"{app}/**/*.py") if not LEFT_OUT & set(path.parts))
    for path in sorted([*templates, *modules]):
        read = in_python if path.suffix == ".py" else in_template
        for sentence in read(path.read_text()):
            found.setdefault(sentence, []).append(path.relative_to(root).as_posix())
    return found


# --- keeping --------------------------------------------------------------------------------------------------
def catalogue(language: str = "hi") -> Path:
    """Where the language's sentences are kept."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def opened(path: Path) -> polib.POFile:
    """The catalogue, or an empty one; lines are not wrapped, so that a change is one line of a diff."""
    po = polib.pofile(path, wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)
    po.metadata = HEADER | {"Language": path.parts[-3]}
    return po


def update(po: polib.POFile, found: dict[Sentence, list[str]]) -> None:
    """Put the sources' sentences into the catalogue. What they no longer say is kept aside, and comes back when they say it again."""
    known = {_key(entry): entry for entry in po}
    for sentence, files in found.items():
        entry = known.pop(sentence, None) or _added(po, sentence)
        entry.obsolete = False
        entry.occurrences = [(file, "") for file in files]
        marked = any("%(" in words for words in (sentence.words, sentence.plural))
        entry.flags = [flag for flag in entry.flags if flag != "python-format"] + ["python-format"] * marked
    for entry in known.values():
        entry.obsolete, entry.occurrences = True, []
    po.sort(key=lambda entry: (entry.obsolete, entry.msgid.casefold(), entry.msgid, entry.msgctxt or ""))


def _added(po: polib.POFile, sentence: Sentence) -> polib.POEntry:
    plural = {"msgid_plural": sentence.plural, "msgstr_plural": {0: "", 1: ""}} if sentence.plural else {}
    entry = polib.POEntry(msgid=sentence.words, msgctxt=sentence.context or None, **plural)
    po.append(entry)
    return entry


def _key(entry: polib.POEntry) -> Sentence:
    return Sentence(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def compiled(po: polib.POFile) -> bytes:
    """What Django reads: the `.mo` file."""
    return po.to_binary()


# --- judging --------------------------------------------------------------------------------------------------
def faults(po: polib.POFile) -> list[str]:
    """What would show wrongly: a mark like `{price}` or `%(count)s` lost, added or misspelt; white space at an end; what is unsure."""
    found = []
    for entry in po.translated_entries():
        for english, words in _pairs(entry):
            if sorted(MARKS.findall(english)) != sorted(MARKS.findall(words)):
                found.append(f"{english!r}: its marks are not those of {words!r}")
            if (english[:1].isspace(), english[-1:].isspace()) != (words[:1].isspace(), words[-1:].isspace()):
                found.append(f"{english!r}: begins or ends with other white space than {words!r}")
    return found + [f"{entry.msgid!r}: fuzzy" for entry in po.fuzzy_entries()]


def _pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """(English, translation) of each form."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def untranslated(po: polib.POFile, files: Iterable[str]) -> list[str]:
    """The English words in these files that have no translation yet."""
    wanted = tuple(files)
    return [entry.msgid for entry in po.untranslated_entries() if any(file.startswith(wanted) for file, _ in entry.occurrences)]
