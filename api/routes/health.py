"""Whether the server lives, whether it can answer, and what it has served."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api import metrics
from api.problems import Kind, Problem
from api.responses import problem_response

router = APIRouter()
NOT_READY = Kind("not-ready", "The home is not ready", 503, 3)


@router.get("/livez")
def live(request: Request) -> dict[str, Any]:
    """The process runs. ``instance`` names this run of it."""
    return {"status": "ok", "instance": request.app.state.instance}


@router.get("/readyz")
def ready(request: Request) -> Response:
    """200 when questions can be answered, else a problem that says what is missing and the command for it."""
    missing = request.app.state.home.missing()
    if missing:
        problem = Problem(
            NOT_READY,
            f"The home {request.app.state.home.root} has {'; '.join(missing)}.",
            "`giljabi init --sample` loads both from the sample programme.",
            {"missing": list(missing)},
        )
        return problem_response(request, problem)
    return JSONResponse({"status": "ready"})


@router.get("/metrics")
def read_metrics(request: Request) -> Response:
    """What was served, for Prometheus."""
    return PlainTextResponse(request.app.state.metrics.text(), media_type=metrics.MEDIA_TYPE)
