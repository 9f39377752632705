"""Rendered Markdown against snapshots in both languages; what people type marks nothing up."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from tools.drafting import render
from tools.drafting.export.blocks import read_blocks
from tools.drafting.facts import GuidanceQuote
from tools.drafting.fill.change import set_field
from tools.drafting.fill.cohorts import add_cohorts
from tools.drafting.fill.counts import fill_counts
from tools.drafting.fill.datasets import add_datasets
from tools.drafting.fill.variables import add_variables
from tools.drafting.markdown_text import plain_text
from tools.drafting.plan import ResearchPlan
from tools.drafting.render import render_plan, render_section

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture
def begun(form, catalog, count):
    """A Korean plan that has just been filled from the catalog."""
    plan = ResearchPlan(form=form.id, language="ko")
    plan = set_field(plan, form, "summary.title_ko=녹내장 시야 악화 예측")
    plan = add_datasets(plan, catalog, ["nuri_glaucoma"])
    plan = add_variables(plan, catalog, ["md_index"])
    plan = add_cohorts(plan, catalog, ["glaucoma"])
    return fill_counts(plan, catalog, [count("nuri_glaucoma", language="ko")])


def _quotes():
    text = "5번 항목에는 변수마다 사유를 적습니다."
    return {"variables": (GuidanceQuote(text, "ko/guide.md", "abc", "안내서", "변수", 0, len(text)),)}


def test_korean_and_english_plans_read_as_they_did(begun, complete, form):
    """Set aside a snapshot and run again to write it anew; read what changed."""
    rendered = {
        "begun-ko.md": render_plan(begun, form, quotes=_quotes(), mark="p-1 v2"),
        "complete-en.md": render_plan(complete, form, quotes=_quotes(), mark="p-2 v1"),
    }
    for name, text in rendered.items():
        path = SNAPSHOTS / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            pytest.fail(f"{name} was written; look at it and run again")
        assert text == path.read_text(encoding="utf-8"), name


def test_counts_are_shown_as_bins_and_notes_with_them(begun, form):
    text = render_section(begun, form, "feasibility")
    count = begun.feasibility.counts[0]
    assert f"{count.low:,}~{count.high:,}명" in text
    assert count.query in text and "half-up-5" in text and "Counts are rounded to 5." in text


def test_guidance_stands_where_something_is_missing_and_goes_when_it_is_done(begun, complete, form):
    assert "안내서" in render_section(begun, form, "variables", quotes=_quotes())
    assert "안내서" not in render_section(complete, form, "variables", quotes=_quotes())


@pytest.mark.parametrize(
    "typed",
    [
        "| a | b |",
        "*bold* and _this_",
        "# heading",
        "- item",
        "1. item",
        "<script>alert(1)</script>",
        "[link](http://x)",
        "`code`",
        "{{ plan }} {% raw %}",
        "a & b &amp; c",
        "\\backslash\\",
        "~~gone~~",
        "> quoted",
        "snake_case <5 %",
        "===",
        "---",
    ],
)
def test_what_is_typed_reads_as_it_was_typed(typed, form):
    plan = ResearchPlan(form=form.id, language="en")
    plan = set_field(plan, form, f"summary.title_en={typed}")
    plan = set_field(plan, form, f"aim.need={typed}")
    blocks = read_blocks(render_plan(plan, form))
    said = ["".join(run.text for run in block.runs) for block in blocks]
    cells = ["".join(run.text for run in cell) for b in blocks for row in b.rows for cell in row]
    assert said[0] == plan.summary.title_en and plan.summary.title_en in cells
    assert (plan.aim.need, "paragraph") in {(text, b.kind) for text, b in zip(said, blocks, strict=True)}


def test_plain_words_are_left_alone():
    for text in ("nuri_glaucoma/field.md_index", "<5", "12.5", "a-b", "3 - 5", "FEV1/FVC < 0.70"):
        assert str(plain_text(text)) == text


def test_templates_are_strict_and_cannot_reach_out():
    environment = render._environment()
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing }}").render()
    with pytest.raises(SecurityError):
        environment.from_string("{{ ''.__class__.__mro__[1].__subclasses__() }}").render()
