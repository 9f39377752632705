"""A stored document, as it was when it was cited, with the quoted place marked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response

from api.pages.page import page
from knowledge.documents.quotes import quote_today
from knowledge.errors import NotFound

router = APIRouter()


@router.get("/documents/{document:path}")
def show(
    request: Request,
    document: str,
    version: Annotated[str | None, Query(max_length=64)] = None,
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The text as a page, or plain where the client does not ask for HTML. Offsets are code points."""
    index = request.app.state.home.index
    stored = index.document(document, version)
    if not start <= end <= len(stored.text):
        raise NotFound(
            f"{document} has no text from {start} to {end}.", hint=f"It has {len(stored.text)} characters."
        )
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(stored.text)
    return page(
        request,
        "document.html",
        "",
        document=stored,
        before=stored.text[:start],
        quote=stored.text[start:end],
        after=stored.text[end:],
        number=stored.page_at(start) if start < end else None,
        today=quote_today(stored, start, end, index),
    )
