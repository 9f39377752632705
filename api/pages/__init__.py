"""Pages: Jinja2 templates and the files they link to, served from this package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"


def page_templates() -> Environment:
    """The templates; whatever is put into one is escaped, and a missing value is an error."""
    templates = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    return templates


class PageFiles(StaticFiles):
    """Style sheet and modules. Browsers ask whether theirs is current: parts of two releases never mix."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response
