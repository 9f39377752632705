"""One page as a response: its template, in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.language import COOKIE, LANGUAGES, YEAR_SECONDS, labels, page_language
from knowledge.text import Language

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Cookie, Accept"}


def language_of_page(request: Request) -> Language:
    """``?lang=``, else the cookie, else Accept-Language, else English."""
    return page_language(
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        request.headers.get("accept-language", ""),
    )


def page(
    request: Request,
    template: str,
    name: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """The template filled in. ``name`` is the page's place in the menu, "" for none.

    A language that is asked for with ``?lang=`` is remembered in a cookie.
    """
    language = language_of_page(request)
    links = {code: _link(request, code) for code in LANGUAGES}
    html = request.app.state.pages.get_template(template).render(
        page=name, language=language, labels=labels(language), language_links=links, **values
    )
    response = HTMLResponse(html, status, {**HEADERS, **(headers or {})})
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=YEAR_SECONDS, httponly=True, samesite="lax")
    return response


def _link(request: Request, language: str) -> str:
    """This page in a language, as a path with its query."""
    url = request.url.include_query_params(lang=language)
    return f"{url.path}?{url.query}"
