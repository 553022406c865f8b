"""The Hindi catalogue: everything in it shows as meant, what is compiled is what was written, and finished parts stay finished."""

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext, ngettext

from smartkirana import translating
from smartkirana.translating import Sentence

# Files whose every sentence is in Hindi. Add yours when it is; a name that ends in / stands for all below it.
FINISHED = (
    "templates/inventory/takes/take_count.html",
    "templates/inventory/takes/_",
    "templates/_camera",
    "inventory/counting.py",
    "templates/print/",
    "templates/orders/_share.html",
    "templates/orders/counter",
    "templates/orders/counter/_printer.html",
    "templates/orders/counter/_printer_menu.html",
    "templates/orders/counter/_words_printer.html",
    "orders/public.py",
    "templates/orders/public_bill.html",
    "templates/_language.html",
    "templates/shops/counter.html",
    "orders/printing/",
    "orders/titles.py",
    "templates/account/",
    "templates/mfa/",
    "templates/usersessions/",
    "shops/codes.py",
    "shops/errors.py",
    "shops/passwords.py",
    "shops/second_step",
    "shops/views/account.py",
    "shops/views/codes.py",
)


@pytest.fixture
def po():
    return translating.opened(translating.catalogue())


def test_what_is_compiled_is_what_was_written(po):
    assert translating.catalogue().with_suffix(".mo").read_bytes() == translating.compiled(po), "run make messages"


def test_no_translation_loses_a_mark_or_is_unsure(po):
    assert translating.faults(po) == []


def test_finished_files_are_in_hindi_altogether(po):
    from django.conf import settings

    found = translating.in_house(settings.BASE_DIR)
    translating.update(po, {sentence: files for sentence, files in found.items() if any(file.startswith(FINISHED) for file in files)})
    assert translating.untranslated(po, FINISHED) == []
    assert {name for name in FINISHED if not any(file.startswith(name) for files in found.values() for file in files)} == set()


def test_django_reads_it():
    with translation.override("hi"):
        assert gettext("You saved") != "You saved"
        assert ngettext("%(count)s item", "%(count)s items", 2) % {"count": 2} == "2 सामान"
    assert gettext("You saved") == "You saved"


# --- finding --------------------------------------------------------------------------------------------------
def test_finds_all_kinds_of_sentences_in_a_template():
    source = """{% load i18n %}
        {% translate "Plain" %} {% translate 'Single "quoted"' as x %} {% translate "Bill" context "a verb" %}
        {% blocktranslate with name=x %}Hello {{ name }}{% endblocktranslate %}
        {% blocktranslate trimmed %}
          Two
          lines
        {% endblocktranslate %}
        {% blocktranslate count n=x %}{{ n }} item{% plural %}{{ n }} items{% endblocktranslate %}
        {{ word|default:_("None") }} {% translate word %} {# translate "Not this" #} {% translate "5 % off" %}"""
    assert translating.in_template(source) == {
        Sentence("Plain"), Sentence('Single "quoted"'), Sentence("Bill", context="a verb"), Sentence("Hello %(name)s"),
        Sentence("Two lines"), Sentence("%(n)s item", "%(n)s items"), Sentence("None"), Sentence("5 %% off"),
    }  # fmt: skip


def test_finds_all_kinds_of_sentences_in_python():
    source = """
from django.utils.translation import gettext as _, gettext_lazy, gettext_noop as marked, ngettext, pgettext
from somewhere import gettext_noop
_("One {price}").format(price=1)
gettext_lazy("Two " "parts")
x = [marked("Three")]
ngettext("{n} bag", "{n} bags", 3)
pgettext("month", "May")
_(x)
gettext_noop("Not Django's")
other("Not this")
"""
    assert translating.in_python(source) == {
        Sentence("One {price}"), Sentence("Two parts"), Sentence("Three"), Sentence("{n} bag", "{n} bags"),
        Sentence("May", context="month"),
    }  # fmt: skip


# --- keeping --------------------------------------------------------------------------------------------------
def test_what_is_no_longer_said_is_kept_aside_and_comes_back(tmp_path):
    path = tmp_path / "hi" / "LC_MESSAGES" / "django.po"
    po = translating.opened(path)
    translating.update(po, {Sentence("Salt"): ["a.html"], Sentence("Oil"): ["a.html"]})
    po.find("Salt").msgstr = "नमक"
    translating.update(po, {Sentence("Oil"): ["b.html"]})
    again = polib.pofile(str(po))
    assert [entry.msgid for entry in again.obsolete_entries()] == ["Salt"]
    assert again.find("Oil").occurrences == [("b.html", "")]
    translating.update(again, {Sentence("Oil"): ["b.html"], Sentence("Salt"): ["c.html"]})
    assert again.find("Salt").msgstr == "नमक"
    assert not again.obsolete_entries()


@pytest.mark.parametrize(
    ("english", "hindi"),
    [
        ("₹{price} is above MRP ₹{mrp}", "₹{price} MRP से ज़्यादा है"),
        ("Hello %(name)s", "नमस्ते %(नाम)s"),
        ("{left} left", "{बाकी} बाकी"),
        ("Total ", "कुल"),
    ],
)
def test_a_translation_that_would_show_wrongly_is_a_fault(english, hindi):
    po = polib.POFile()
    po.append(polib.POEntry(msgid=english, msgstr=hindi))
    assert len(translating.faults(po)) == 1


def test_every_form_of_a_plural_keeps_its_marks():
    po = polib.POFile()
    po.append(polib.POEntry(msgid="{n} bag", msgid_plural="{n} bags", msgstr_plural={0: "{n} थैला", 1: "थैले"}))
    assert translating.faults(po) == ["'{n} bags': its marks are not those of 'थैले'"]


# --- the command ----------------------------------------------------------------------------------------------
@pytest.fixture
def house(tmp_path, settings):
    """A small house with one page and no catalogue yet."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "locale" / "hi" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text('{% load i18n %}{% translate "Salt" %}')
    return tmp_path


def test_the_command_writes_both_files_and_then_finds_nothing_to_do(house, capsys):
    with pytest.raises(CommandError, match=r"django\.po and django\.mo: not what the sources say"):
        call_command("messages", check=True)
    call_command("messages")
    assert "0 translated, 1 still English" in capsys.readouterr().out
    call_command("messages", check=True)
    path = translating.catalogue()
    path.write_text(path.read_text().replace('msgid "Salt"\nmsgstr ""', 'msgid "Salt"\nmsgstr "नमक"'))
    with pytest.raises(CommandError, match=r"django\.mo"):
        call_command("messages", check=True)
    call_command("messages")
    assert polib.mofile(path.with_suffix(".mo")).find("Salt").msgstr == "नमक"


def test_the_command_refuses_what_would_show_wrongly(house):
    call_command("messages")
    path = translating.catalogue()
    path.write_text(path.read_text().replace('msgid "Salt"\nmsgstr ""', '#, fuzzy\nmsgid "Salt"\nmsgstr "तेल"'))
    with pytest.raises(CommandError, match="fuzzy"):
        call_command("messages")
