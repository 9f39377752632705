"""Adding and removing documents, for commands on the server's machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request

from api.access import require_token
from api.results import index_result
from api.schemas import IndexRequest

router = APIRouter(dependencies=[Depends(require_token)])


@router.post("/api/index")
def index(request: Request, body: IndexRequest) -> dict[str, Any]:
    """Add, refresh or remove documents; the paths are the server's machine's."""
    home = request.app.state.home
    paths = [Path(path) for path in body.paths]
    if body.remove:
        return index_result(home.remove_documents(paths, source=body.source))
    return index_result(home.add_documents(paths, source=body.source))
