"""Markdown as HTML: what is drawn, what stays text, what never gets through."""

from __future__ import annotations

import re

import pytest

from api.pages.markdown import render


def test_marks_at_the_end_of_statements_become_buttons():
    html = render("The fee is 10. [1][2]\n\n- One. [2]\n- Two. [1]", ["1", "2"], "Show {id}")
    assert re.findall(r'data-citation="(\d)"', html) == ["1", "2", "2", "1"]
    assert 'aria-label="Show 2"' in html and "[1]" not in html


def test_marks_that_belong_to_the_quoted_text_stay_text():
    html = render("As shown in [1], the fee is 10.", ["1"])
    assert "<button" not in html and "[1]" in html
    assert "<button" not in render("The list ends with [7]", ["1"])


def test_marks_behind_a_table_are_kept():
    html = render("| a | b |\n|---|---|\n| 1 | 2 | [1][2]", ["1", "2"])
    assert html.count("<td>") == 2 and re.findall(r'data-citation="(\d)"', html) == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/x.png)",
        "[x](javascript:alert(1))",
        "<p style='position:fixed'>x</p>",
        "| a |\n|:-:|\n| <b onclick=alert(1)>x</b> |",
        "`<iframe src=//elsewhere.example>`",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text):
    html = render(text)
    tags = {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z0-9]+)", html)}
    assert not tags & {"script", "img", "iframe", "b"}
    for tag in re.findall(r"<[^>]+>", html):
        assert not re.search(r"\b(on\w+|style|src)\s*=|javascript:", tag, flags=re.IGNORECASE), tag


def test_a_label_cannot_break_out_of_its_attribute():
    html = render("x [1]", ["1"], 'a" onmouseover="b & {id}')
    assert re.findall(r"<button ([^>]*)>", html) and 'onmouseover="' not in html


def test_links_carry_no_referrer_of_the_page():
    assert 'rel="noopener noreferrer"' in render("[x](https://example.org)")
