"""Research plans: made, filled, checked, exported."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access import today_of
from api.plan_acts import plan_act
from api.schemas import PlanFillRequest, PlanRequest

router = APIRouter(prefix="/api/plans")
MOST = 500
Version = Annotated[int | None, Query(ge=1)]
MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "hwpx": "application/hwp+zip",
}


@router.get("")
def plans(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """Plans, the one changed last first."""
    return _act(request, "list", body={"limit": limit, "offset": offset})


@router.post("")
def new(request: Request, body: PlanRequest) -> dict[str, Any]:
    """A plan with nothing but its title."""
    return _act(request, "new", body=body.model_dump())


@router.get("/{id}")
def show(request: Request, id: str, version: Version = None) -> dict[str, Any]:
    """A version with its sections and its Markdown; the newest one where none is named."""
    return _act(request, "show", id, {"version": version})


@router.post("/{id}/fill")
def fill(request: Request, id: str, body: PlanFillRequest) -> dict[str, Any]:
    """Fill from the catalog and with what is given; makes the next version where something changed."""
    return _act(request, "fill", id, body.model_dump())


@router.get("/{id}/check")
@router.post("/{id}/check")
def check(request: Request, id: str, version: Version = None) -> dict[str, Any]:
    """What is missing or wrong, each with section, field, level and message in both languages."""
    return _act(request, "check", id, {"version": version})


@router.get("/{id}/versions")
def versions(request: Request, id: str) -> dict[str, Any]:
    """Every version, the first one first."""
    return _act(request, "versions", id)


@router.get("/{id}/export")
def export(
    request: Request, id: str, format: Literal["md", "docx", "hwpx"] = "docx", version: Version = None
) -> Response:
    """The plan as a file."""
    desk = request.app.state.home.plan_desk()
    content = desk.export(id, format, today_of(request), version)
    headers = {"Content-Disposition": f'attachment; filename="plan.{format}"'}
    return Response(content, media_type=MEDIA_TYPES[format], headers=headers)


def _act(request: Request, act: str, id: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
    return plan_act(act, request.app.state.home.plan_desk(), id, body or {}, today_of(request))
