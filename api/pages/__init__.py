"""Pages: Jinja2 templates and the files they link to, served from this package."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def page_templates() -> Environment:
    """The templates; whatever is put into one is escaped, and a missing value is an error."""
    return Environment(loader=PackageLoader("api.pages"), autoescape=True, undefined=StrictUndefined)
