"""Looking through the catalog: hospitals, datasets, variables, search; and the export for data portals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from api.routes.reviews import Limit, Offset

router = APIRouter(prefix="/api/catalog")
Words = Annotated[str, Query(max_length=200)]


def _database(request: Request, version: str | None) -> Path:
    """The file of a version, or of the one in use. Raises CatalogMissing, NotFound."""
    versions = request.app.state.home.versions
    path: Path = (versions.require() if version is None else versions.version(version)).path
    return path


@router.get("/hospitals")
def hospitals(request: Request, version: str | None = None) -> dict[str, Any]:
    """Hospitals, each with its number of datasets."""
    from knowledge.catalog import browse

    return {"hospitals": browse.hospitals(_database(request, version))}


@router.get("/datasets")
def datasets(
    request: Request,
    hospital: str | None = None,
    q: Words = "",
    limit: Limit = 100,
    offset: Offset = 0,
    version: str | None = None,
) -> dict[str, Any]:
    """Datasets, of one hospital where named, that hold all of the words."""
    from knowledge.catalog import browse

    database = _database(request, version)
    return browse.datasets(database, hospital=hospital, words=q, limit=limit, offset=offset)


@router.get("/datasets/{dataset:path}")
def dataset(
    request: Request,
    dataset: str,
    table: str | None = None,
    q: Words = "",
    limit: Limit = 100,
    offset: Offset = 0,
    version: str | None = None,
) -> dict[str, Any]:
    """One dataset with its tables and a page of its variables."""
    from knowledge.catalog import browse

    database = _database(request, version)
    return browse.dataset(database, dataset, table=table, words=q, limit=limit, offset=offset)


@router.get("/variable")
def variable(
    request: Request, dataset: str, table: str, name: str, version: str | None = None
) -> dict[str, Any]:
    """One variable with its values and its concept."""
    from knowledge.catalog import browse

    return browse.variable(_database(request, version), dataset, table, name)


@router.get("/search")
def search(
    request: Request, q: Words, limit: Limit = 50, offset: Offset = 0, version: str | None = None
) -> dict[str, Any]:
    """Datasets, tables and variables whose name or title holds all of the words."""
    from knowledge.catalog import browse

    return browse.search(_database(request, version), q, limit=limit, offset=offset)


@router.get("/healthdcat")
def healthdcat(request: Request, dataset: str | None = None, version: str | None = None) -> StreamingResponse:
    """The catalog, or one dataset, as JSON-LD per HealthDCAT-AP; addresses are those of this server."""
    from knowledge.catalog.portal import export_catalog, read_facts
    from knowledge.catalog.portal.healthdcat import MEDIA_TYPE

    home = request.app.state.home
    export = export_catalog(
        _database(request, version),
        read_facts(home.portal_file),
        base=str(request.base_url),
        dataset=dataset,
    )
    text: Iterator[str] = export.text()
    return StreamingResponse(text, media_type=MEDIA_TYPE)
