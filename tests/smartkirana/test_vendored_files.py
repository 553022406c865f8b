"""What lies under static/vendor/ is what package.json pins, unchanged, with its licence."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
HOMES = {
    "htmx.org": "htmx",
    "@fontsource/noto-sans": "fonts/noto-sans",
    "@fontsource/noto-sans-devanagari": "fonts/noto-sans-devanagari",
    "@zxing/browser": "zxing",
}
NOT_COPIED = {"CHECKSUMS.txt", "vendor.mjs"}


def pinned():
    return json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]


def checksums():
    lines = (VENDOR / "CHECKSUMS.txt").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def vendored():
    return {path.relative_to(VENDOR).as_posix(): path for path in VENDOR.rglob("*") if path.is_file() and path.name not in NOT_COPIED}


def test_every_vendored_file_has_its_checksum_and_no_other_is_listed():
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in vendored().items()} == checksums()


@pytest.mark.parametrize("package", sorted(HOMES))
def test_the_folder_holds_only_the_pinned_version(package):
    assert [folder.name for folder in (VENDOR / HOMES[package]).iterdir()] == [pinned()[package]]


def test_every_pinned_package_is_vendored_and_locked_at_the_same_version():
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert set(pinned()) == set(HOMES)
    assert {name: locked[f"node_modules/{name}"]["version"] for name in pinned()} == pinned()


@pytest.mark.parametrize(
    ("package", "licence", "words"),
    [
        ("htmx.org", "LICENSE", "Zero-Clause BSD"),
        ("@fontsource/noto-sans", "OFL.txt", "SIL OPEN FONT LICENSE"),
        ("@fontsource/noto-sans-devanagari", "OFL.txt", "SIL OPEN FONT LICENSE"),
        ("@zxing/browser", "LICENSE", "MIT License"),
        ("@zxing/browser", "LICENSE-zxing-library", "Apache License"),
    ],
)
def test_the_licence_stands_beside_the_files(package, licence, words):
    text = (VENDOR / HOMES[package] / pinned()[package] / licence).read_text(encoding="utf-8")
    assert words.lower() in text.lower()


def test_no_script_or_sheet_points_at_a_source_map():
    for folder in ("vendor", "js", "css"):
        for path in (ROOT / "static" / folder).rglob("*"):
            if path.suffix in {".js", ".css"}:
                assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path


def test_sheets_and_pages_name_only_vendored_files_that_exist():
    named = set()
    for path in [*(ROOT / "static" / "css").glob("*.css"), *(ROOT / "templates").rglob("*.html")]:
        named |= set(re.findall(r"vendor/([\w./-]+\.(?:js|woff2))", path.read_text(encoding="utf-8")))
    assert named
    assert named <= set(vendored())


def test_htmx_knows_every_setting_that_base_html_gives_it():
    page = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    settings = json.loads(re.search(r"name=\"htmx-config\" content='(.+?)'>", page)[1])
    source = (VENDOR / "htmx" / pinned()["htmx.org"] / "htmx.min.js").read_text(encoding="utf-8")
    assert [name for name in settings if f"{name}:" not in source] == []
    assert settings["allowEval"] is settings["allowScriptTags"] is settings["includeIndicatorStyles"] is False


def test_the_fonts_hold_the_rupee_sign_and_devanagari():
    fonttools = pytest.importorskip("fontTools.ttLib")
    for weight in ("400", "600"):
        letters = set()
        for path in (VENDOR / "fonts").rglob(f"*-{weight}-normal.woff2"):
            letters |= set(fonttools.TTFont(path).getBestCmap())
        assert {ord(c) for c in "₹1,23,456.50 कखगड़ é–−"} <= letters


def test_the_barcode_reader_needs_no_eval_and_no_web_assembly():
    """The content security policy forbids both; the page would find out only in a customer's shop."""
    source = (VENDOR / "zxing" / pinned()["@zxing/browser"] / "zxing-browser.min.js").read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|new Function\(|WebAssembly|new Worker\(|importScripts", source)
