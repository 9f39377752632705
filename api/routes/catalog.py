"""What the catalog holds, and importing another version of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request

from api.access import require_token
from api.results import import_result
from api.schemas import CatalogImportRequest

router = APIRouter(prefix="/api/catalog")


@router.get("/info")
def info(request: Request) -> dict[str, Any]:
    """Version, as-of date, and each dataset with its counts."""
    return request.app.state.home.catalog_info()


@router.post("/import", dependencies=[Depends(require_token)])
def import_catalog(request: Request, body: CatalogImportRequest) -> dict[str, Any]:
    """Make a catalog folder of the server's machine the current version."""
    return import_result(request.app.state.home.import_catalog(Path(body.path)))
