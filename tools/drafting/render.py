"""A plan as Markdown, by sandboxed templates that refuse a name they do not know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from tools.drafting.facts import GuidanceQuote
from tools.drafting.form import Form
from tools.drafting.markdown_text import plain_text
from tools.drafting.plan import ResearchPlan
from tools.drafting.view import view_sections

TEMPLATES = Path(__file__).parent / "templates"
Quotes = Mapping[str, Sequence[GuidanceQuote]]


def render_plan(plan: ResearchPlan, form: Form, *, quotes: Quotes | None = None, mark: str = "") -> str:
    """The whole plan in its language. What is needed and empty is asked for, with the quotes that guide it.

    ``mark`` names the plan and its version under the title.
    """
    sections = view_sections(plan, form, quotes or {})
    template = _environment().get_template(f"{plan.language}/plan.md.j2")
    text = template.render(plan=plan, form=form, sections=sections, mark=mark)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_section(plan: ResearchPlan, form: Form, section: str, *, quotes: Quotes | None = None) -> str:
    """One section, as it stands in the whole."""
    view = next(v for v in view_sections(plan, form, quotes or {}) if v.id == section)
    template = _environment().get_template(f"{plan.language}/section.md.j2")
    text = template.render(plan=plan, form=form, section=view)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=plain_text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["listed"] = lambda names: ", ".join(dict.fromkeys(n for n in names if n))
    return environment
