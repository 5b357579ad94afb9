"""The Content-Security-Policy of a page allows what the page has inside, to the letter, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.website.security import policy, with_policy

PAGE = '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>T</title>\n{}</head>\n<body>{}</body>\n</html>\n'
#: Text that can stand in a style or a script.
INLINE = st.text(st.characters(codec="utf-8", exclude_characters="<\r\x00"))


def source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def directives(html: str) -> dict[str, str]:
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    assert found is not None
    return dict((each.split(" ", 1)) for each in found[1].split("; "))


def test_a_page_may_show_pictures_of_its_site_and_no_more() -> None:
    assert directives(with_policy(PAGE.format("", ""))) == {
        "default-src": "'none'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_policy_stands_before_all_that_it_is_to_hold_for() -> None:
    html = with_policy(PAGE.format("<style>p{}</style>\n", "<script>x</script>"))
    assert '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy"' in html
    assert html.index("Security-Policy") < html.index("<style")


@given(st.lists(INLINE, max_size=3), st.lists(INLINE, max_size=3))
def test_every_inline_style_and_script_is_allowed_by_its_hash(styles: list[str], scripts: list[str]) -> None:
    head = "".join(f"<style>{each}</style>" for each in styles)
    body = "".join(f'<script type="module">{each}</script>' for each in scripts)
    html = with_policy(PAGE.format(head, body))
    for element, written in (("style", styles), ("script", scripts)):
        shown = re.findall(rf"<{element}[^>]*>(.*?)</{element}>", html, re.DOTALL)
        assert shown == [each.strip() for each in written]
        wanted = " ".join(dict.fromkeys(map(source, shown)))
        assert directives(html).get(f"{element}-src", "") == wanted


def test_ends_of_lines_are_counted_as_browsers_read_them() -> None:
    assert policy("<style>a{}\r\nb{}\rc{}</style>") == policy("<style>a{}\nb{}\nc{}</style>")


@given(INLINE)
def test_a_page_that_has_a_policy_keeps_it(style: str) -> None:
    once = with_policy(PAGE.format(f"<style>{style}</style>", ""))
    assert with_policy(once) == once


@pytest.mark.parametrize("html", ["", "<p>no head</p>"])
def test_what_has_no_head_gets_no_policy(html: str) -> None:
    assert with_policy(html) == html


def test_a_head_without_an_encoding_gets_one_all_the_same() -> None:
    assert with_policy("<html><head><title>T</title></head></html>").startswith("<html><head>\n<meta http-equiv=")


def test_nothing_is_allowed_by_name_or_wildcard() -> None:
    html = with_policy(PAGE.format("<style>p{}</style>", "<script>1</script>"))
    for value in directives(html).values():
        assert not set(value.split()) & {"*", "'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:"}
