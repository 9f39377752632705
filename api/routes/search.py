"""Passages for words."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.results import search_result
from api.schemas import SearchRequest

router = APIRouter(prefix="/api/search")


@router.get("")
def search_by_query(
    request: Request, q: Annotated[str, Query()], k: Annotated[int, Query(ge=1, le=200)] = 10
) -> dict[str, Any]:
    """Passages of documents and entries of the catalog, best first."""
    return search_result(request.app.state.home.index.search(q, k))


@router.post("")
def search_by_body(request: Request, body: SearchRequest) -> dict[str, Any]:
    """The same, for words that are better not in a URL."""
    return search_result(request.app.state.home.index.search(body.words, body.k))
