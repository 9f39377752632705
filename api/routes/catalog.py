"""What the catalog holds, and importing another version of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request

from api.access import require_token, today_of
from api.results import import_result
from api.schemas import CatalogImportRequest, CatalogUseRequest
from knowledge.catalog.compare import compare
from knowledge.catalog.import_catalog import ImportRequest
from knowledge.catalog.info import info as info_of
from knowledge.catalog.info import version_list

router = APIRouter(prefix="/api/catalog")


@router.get("/info")
def info(request: Request) -> dict[str, Any]:
    """Version, as-of date, and each dataset with its counts."""
    return info_of(request.app.state.home.versions.require().path)


@router.get("/versions")
def versions(request: Request) -> dict[str, Any]:
    """The stored versions, the one stored last first."""
    return version_list(request.app.state.home.versions)


@router.get("/diff")
def diff(request: Request, a: str, b: str = "current") -> dict[str, Any]:
    """What changed from one stored version to another; "current" is the one in use."""
    home = request.app.state.home
    for name in (a, b):
        if name != "current":
            home.versions.version(name)  # an id, never a folder of the server's machine
    return compare(a, b, home.versions)


@router.post("/import", dependencies=[Depends(require_token)])
def import_catalog(request: Request, body: CatalogImportRequest) -> dict[str, Any]:
    """Import a catalog folder or a data dictionary of the server's machine."""
    wanted = ImportRequest(
        Path(body.path),
        body.format,
        body.dataset,
        Path(body.mapping) if body.mapping else None,
        body.preset,
        today_of(request),
        body.strict,
    )
    return import_result(request.app.state.home.import_catalog(wanted))


@router.post("/use", dependencies=[Depends(require_token)])
def use(request: Request, body: CatalogUseRequest) -> dict[str, Any]:
    """Make a stored version the current one again."""
    home = request.app.state.home
    home.use_catalog(body.version)
    return version_list(home.versions)
