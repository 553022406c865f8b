"""The pages everything stands in: no inline script or style, and sentences when something is refused."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import RequestFactory

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def page(name, **context):
    return get_template(name).render(context, RequestFactory().get("/"))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_no_template_holds_what_the_content_policy_forbids(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text), "inline script"
    assert not re.search(r"\s(style|on[a-z]+|hx-on[\w:-]*)=\"", text), "inline style or handler"
    assert "<style" not in text
    assert "|safe" not in text


def test_a_page_carries_language_token_and_one_main():
    shown = page("base.html")
    assert re.search(r'<html lang="en[\w-]*">', shown)
    assert re.search(r"hx-headers='{\"X-CSRFToken\": \"\w{64}\"}'", shown)
    assert shown.count("<main") == 1
    assert shown.count('aria-live="polite"') == 1


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html"])
def test_a_refusal_says_why_and_where_to_go(name):
    shown = page(name)
    assert len(re.findall("<h1>", shown)) == 1
    assert re.search(r'<a class="btn go" href="/">[^<]+</a>', shown)


def test_the_page_for_a_failure_needs_neither_request_nor_database():
    shown = get_template("500.html").render()
    assert "Something went wrong" in shown
    assert 'href="/"' in shown
