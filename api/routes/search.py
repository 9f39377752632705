"""Passages for words."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.access import today_of
from api.results import search_result
from api.schemas import SearchRequest
from api.well_formed import well_formed

router = APIRouter(prefix="/api/search")


@router.get("")
def search_by_query(
    request: Request, q: Annotated[str, Query()], k: Annotated[int, Query(ge=1, le=200)] = 10
) -> dict[str, Any]:
    """Passages of documents and entries of the catalog, best first."""
    return search_result(request.app.state.home.search(well_formed(q), k, today_of(request)))


@router.post("")
def search_by_body(request: Request, body: SearchRequest) -> dict[str, Any]:
    """The same, for words that are better not in a URL."""
    return search_result(request.app.state.home.search(body.words, body.k, today_of(request)))
